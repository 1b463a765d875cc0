"""Names out of registers (CVE, ATT&CK, CPE, certificate serial numbers) and out of programs (mutexes, message ids)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from shieldwall.stix.values.spelling import HYPHENS, spelled_out
from shieldwall.stix.values.value import MAX_CHARACTERS, Value

_CVE = re.compile(r"CVE[-_\s:]?([0-9]{4})[-_\s]([0-9]{4,19})", re.IGNORECASE)
_CVE_IN_TEXT = re.compile(r"(?<![A-Za-z0-9])CVE-([0-9]{4})-([0-9]{4,19})(?![0-9])", re.IGNORECASE)
_ATTACK_ID = re.compile(r"T[0-9]{4}(?:[./][0-9]{3})?|TA[0-9]{4}|(?:DS|DC|[GSCM])[0-9]{4}|A00[0-9]{2}", re.IGNORECASE)
_SERIAL = re.compile(r"(?:0x)?([0-9a-f]{1,64})", re.IGNORECASE)
_SERIAL_SEPARATORS = re.compile(r"[:\s-]")
_MESSAGE_ID = re.compile(r"<?([^\s<>]+@[^\s<>]+)>?")

_CPE_PARTS = 11
_CPE_TOKEN = re.compile(r"\\.|:|[^:\\]+|\\", re.DOTALL)
_NEEDLESS_ESCAPE = re.compile(r"\\[A-Za-z0-9._-]")
_NEEDS_ESCAPE = re.compile(r"([^A-Za-z0-9._\-])")
_URI_WILDCARDS = {"%01": "?", "%02": "*"}
_URI_TOKEN = re.compile(r"%0[12]|%[0-9a-f]{2}|[^%]|%", re.IGNORECASE)
_MAX_CPE = 1_024


def read_cve(text: str) -> Value | None:
    """A CVE id, with whatever dash a word processor made of it; normal `CVE-2021-44228`."""
    found = _CVE.fullmatch(spelled_out(text).translate(HYPHENS))
    return _cve(found) if found else None


def cves_in(text: str) -> list[Value]:
    """The CVE ids named in a title such as `CVE-2021-44228 (Log4Shell)`."""
    return [_cve(found) for found in _CVE_IN_TEXT.finditer(text[:MAX_CHARACTERS])]


def _cve(found: re.Match[str]) -> Value:
    return Value("cve", f"CVE-{found[1]}-{int(found[2]):04d}")


def read_attack_id(text: str) -> Value | None:
    """An id of MITRE ATT&CK: technique, tactic, group, software, campaign, mitigation, data source, asset."""
    plain = spelled_out(text)
    return Value("attack-id", plain.upper().replace("/", ".")) if _ATTACK_ID.fullmatch(plain) else None


def read_serial(text: str) -> Value | None:
    """A certificate's serial number in hexadecimal: lower case, no separators, no leading zeros."""
    found = _SERIAL.fullmatch(_SERIAL_SEPARATORS.sub("", spelled_out(text)))
    return Value("certificate-serial", found[1].lower().lstrip("0") or "0") if found else None


def read_mutex(text: str) -> Value | None:
    """A mutex's name, exactly: case and blanks inside mean something to the kernel."""
    name = text.strip()
    return Value("mutex", name) if 0 < len(name) <= MAX_CHARACTERS else None


def read_message_id(text: str) -> Value | None:
    """A Message-ID without its angle brackets; case stays (RFC 5322 §3.6.4)."""
    found = _MESSAGE_ID.fullmatch(text.strip()) if len(text) <= MAX_CHARACTERS else None
    return Value("message-id", found[1]) if found else None


def read_cpe(text: str) -> Value | None:
    """A CPE name, 2.3 or the older URI form; normal: the 2.3 string in lower case, nothing escaped needlessly."""
    plain = text.strip().lower()
    if len(plain) > _MAX_CPE:
        return None
    if plain.startswith("cpe:2.3:"):
        return _cpe(_fields(plain[8:]))
    if plain.startswith("cpe:/"):
        return _cpe(_uri_fields(plain[5:]))
    return None


def _cpe(fields: list[str]) -> Value | None:
    if not 1 <= len(fields) <= _CPE_PARTS or fields[0] not in ("a", "o", "h", "*", "-"):
        return None
    fields = [field or "*" for field in fields] + ["*"] * (_CPE_PARTS - len(fields))
    return Value("cpe", "cpe:2.3:" + ":".join(fields))


def _fields(text: str) -> list[str]:
    """Parted at colons that no backslash protects; nothing where a backslash protects nothing."""
    fields = [""]
    for token in _CPE_TOKEN.findall(text):
        if token == ":":
            fields.append("")
        elif token == "\\":
            return []
        else:
            fields[-1] += token[1:] if _NEEDLESS_ESCAPE.fullmatch(token) else token
    return fields


def _uri_fields(text: str) -> list[str]:
    """Seven fields, the sixth of which can pack the edition, software edition, target software, hardware and other."""
    fields = [*text.split(":"), *[""] * 7][:7] if text.count(":") < 7 else []
    if not fields:
        return []
    packed = fields[5].split("~")
    edition, *extended = packed[1:6] if len(packed) == 6 else [fields[5], "", "", "", ""]
    ordered = [*fields[:5], edition, fields[6], *extended]
    return [_from_uri(field) for field in ordered]


def _from_uri(field: str) -> str:
    if field in ("", "-"):
        return field or "*"
    return "".join(_URI_WILDCARDS.get(token) or _escaped(unquote(token)) for token in _URI_TOKEN.findall(field))


def _escaped(character: str) -> str:
    return _NEEDS_ESCAPE.sub(r"\\\1", character.lower())
