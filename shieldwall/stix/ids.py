"""Deterministic ids of observables (§2.9, §3.4): UUIDv5 over the canonical JSON of what identifies them."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping

NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_NAMESPACE_BYTES = NAMESPACE.bytes

# The "ID Contributing Properties" of §6; a process has none.
CONTRIBUTING: dict[str, tuple[str, ...]] = {
    "artifact": ("hashes", "payload_bin"),
    "autonomous-system": ("number",),
    "directory": ("path",),
    "domain-name": ("value",),
    "email-addr": ("value",),
    "email-message": ("from_ref", "subject", "body"),
    "file": ("hashes", "name", "extensions", "parent_directory_ref"),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "mac-addr": ("value",),
    "mutex": ("name",),
    "network-traffic": ("start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"),
    "software": ("name", "cpe", "swid", "vendor", "version"),
    "url": ("value",),
    "user-account": ("account_type", "user_id", "account_login"),
    "windows-registry-key": ("key", "values"),
    "x509-certificate": ("hashes", "serial_number"),
}
_HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-512")


def observable_id(obj: Mapping[str, object]) -> str | None:
    """The deterministic id of an observable; None for other types and where nothing that identifies it is present."""
    kind = obj.get("type")
    if not isinstance(kind, str) or kind not in CONTRIBUTING:
        return None
    identifying = {name: obj[name] for name in CONTRIBUTING[kind] if name in obj}
    if "hashes" in identifying:
        identifying["hashes"] = _one_hash(identifying["hashes"])
    if not identifying:
        return None
    return f"{kind}--{uuid5(_NAMESPACE_BYTES, canonical(identifying))}"


def uuid5(namespace: bytes, name: bytes) -> str:
    """UUIDv5 of a name, as text."""
    digest = bytearray(hashlib.sha1(namespace + name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _one_hash(hashes: object) -> object:
    """Only one hash counts, the first of the preferred ones; of others the first in order of names."""
    if not isinstance(hashes, dict) or not hashes:
        return hashes
    name = next((name for name in _HASHES if name in hashes), None) or min(hashes)
    return {name: hashes[name]}


def canonical(value: object) -> bytes:
    """JSON by RFC 8785: keys by UTF-16 code units, shortest strings, numbers as ECMAScript writes them."""
    return _write(value).encode()


def _write(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{_write(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _number(value: float) -> str:
    """ECMAScript's Number::toString, from the shortest digits that Python finds as well."""
    if not math.isfinite(value):
        raise ValueError("no finite number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # The decimal point stands after `point` digits.
    point = len(whole.lstrip("0")) + int(exponent or 0) if whole.strip("0") else len(digits) - len(fraction)
    point = point if whole.strip("0") else point + int(exponent or 0)
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = f"e{point - 1:+d}"
    return f"{sign}{digits[0]}.{digits[1:]}{power}" if len(digits) > 1 else f"{sign}{digits}{power}"
