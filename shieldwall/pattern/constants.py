"""Constants (STIX 2.1 §9.2): from their spelling to a value, or the reason why they have none."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Interface, ip_interface

from shieldwall.pattern.fault import Fault
from shieldwall.pattern.model import Constant, Timestamp

MAX_INTEGER = 2**53 - 1  # §2.10

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEX = re.compile(r"(?>(?:[0-9a-fA-F]{2})*)")
_TIMESTAMP = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]++))?Z", re.ASCII)
_PREFIX = re.compile(r"(?:[^/%]++)(?:/[0-9]{1,3})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def string(token: str) -> str:
    """'…' with its escapes resolved."""
    inner = token[1:-1]
    return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


def number(token: str) -> int | float:
    """An integer of 54 bits or a finite float."""
    if token[0] == "+":
        raise Fault("a positive number has no plus sign", "9.2", f"write {token[1:]}")
    if "." in token:
        value = float(token)
        if value in (float("inf"), float("-inf")):
            raise Fault("this number is beyond the range of a float", "2.6", "use at most 308 digits before the point")
        return value
    digits = token.lstrip("-")
    if digits[0] == "0" and len(digits) > 1:
        raise Fault("an integer does not begin with 0", "9.2", f"write {digits.lstrip('0') or '0'}, or a string '…'")
    if len(digits) > 16 or int(digits) > MAX_INTEGER:
        raise Fault("this integer is beyond 54 bits", "2.10", f"use -{MAX_INTEGER} to {MAX_INTEGER}, or a string")
    return int(token)


def marked(token: str) -> bytes | Timestamp:
    """b'…', h'…' or t'…'."""
    inner = token[2:-1]
    if token[0] == "b":
        return _base64(inner)
    return _hex(inner) if token[0] == "h" else timestamp(inner)


def timestamp(text: str) -> Timestamp:
    """A STIX timestamp (§2.16): RFC 3339, UTC with Z, a day that exists."""
    match = _TIMESTAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        leap = int((hour, minute, second) == (23, 59, 60))  # RFC 3339 §5.6 lets a minute end in second 60
        at = datetime(year, month, day, hour, minute, second - leap, tzinfo=UTC)
    except ValueError:
        raise Fault(
            "this is no timestamp", "9.2", "write t'YYYY-MM-DDTHH:MM:SS[.s]Z', in UTC, of a day that exists"
        ) from None
    return Timestamp(text, (at - _EPOCH) // _MICROSECOND + leap * 1_000_000 + int((match[7] or "")[:6].ljust(6, "0")))


def is_network(text: str, object_type: str) -> bool:
    """Whether `text` is an address or CIDR network, of the version that `object_type` names if it names one."""
    if not _PREFIX.fullmatch(text):
        return False
    try:
        found = ip_interface(text)
    except ValueError:
        return False
    wanted = {"ipv4-addr": True, "ipv6-addr": False}.get(object_type)
    return wanted is None or wanted == isinstance(found, IPv4Interface)


_KINDS: dict[type, str] = {
    bool: "boolean", int: "number", float: "number", str: "string", bytes: "binary", Timestamp: "timestamp"
}  # fmt: skip


def kind(value: Constant) -> str:
    """The data type of a constant, where IN asks for one alone. The numbers are one: JSON cannot tell 1 from 1.0."""
    return _KINDS[type(value)]


def _base64(text: str) -> bytes:
    try:
        return a2b_base64(text.replace("\r", "").replace("\n", ""), strict_mode=True)
    except (Error, ValueError):
        raise Fault("this is no base64", "9.2", "write b'…' with RFC 4648 base64, padding included") from None


def _hex(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise Fault("this is no hexadecimal", "9.2", "write h'…' with an even number of digits 0-9 a-f")
    return bytes.fromhex(text)
