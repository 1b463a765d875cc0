"""Network addresses: IPv4, IPv6, CIDR, MAC, autonomous systems.

An IPv4 address is four decimal numbers without leading zeros. `010.8.8.8`, `0x7f.1` and `2130706433` are read one way
by a C library and another way by everybody else; such text is no address here, whoever says so (THREATS.md 6.4).
"""

from __future__ import annotations

import ipaddress
import re

from shieldwall.stix.values.spelling import HYPHENS, spelled_out
from shieldwall.stix.values.value import Value

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}")
_LENGTH = re.compile(r"[1-9]?[0-9]|1[0-2][0-9]")
_BRACKETED = re.compile(r"\[([^\[\]]{2,100})\](?::[0-9]{1,5})?/?")
_HOST = re.compile(r"(?:[^\s@/:]*:[^\s@/]*@)?([^\s@/:]+)(?::[0-9]{1,5})?/?")
_MAC = re.compile(
    r"[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}|[0-9a-f]{4}(?:[.:-][0-9a-f]{4}){2}|[0-9a-f]{12}", re.IGNORECASE
)
_MAC_NORMAL = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_ASN = re.compile(r"(?:asn?[\s#:_-]{0,2})?(?:([0-9]{1,10})|([0-9]{1,5})\.([0-9]{1,5}))", re.IGNORECASE)

_MAPPED_BITS = 96
_LONGEST_ADDRESS = 100  # with a zone


def read_address(text: str) -> Value | None:
    """An IPv4 or IPv6 address or a CIDR block, however spelled; ports, brackets and zones are dropped."""
    if IPV4.fullmatch(text):
        return Value("ipv4", text)
    return strict_address(text) or host_address(spelled_out(text))


def host_address(plain: str) -> Value | None:
    """The address in `1.2.3.4:80`, `user:pass@1.2.3.4`, `[::1]:443`, or in nothing but an address."""
    return strict_address(plain) or strict_address(host_in(plain))


def strict_address(text: str) -> Value | None:
    """The address that `text` is and nothing else."""
    if IPV4.fullmatch(text):
        return Value("ipv4", text)
    if len(text) > _LONGEST_ADDRESS:
        return None
    address, slash, length = text.partition("/")
    if slash:
        return _block(address, length)
    return _ipv6(text) if ":" in text else None


def host_in(plain: str) -> str:
    """The host of `user:pass@host:port/`, without brackets; '' where there is none."""
    if found := _BRACKETED.fullmatch(plain):
        return found[1]
    found = _HOST.fullmatch(plain)
    return found[1] if found else ""


def read_mac(text: str) -> Value | None:
    """A 48-bit hardware address as six pairs, three fours or twelve digits; normal `aa:bb:cc:dd:ee:ff`."""
    if _MAC_NORMAL.fullmatch(text):
        return Value("mac", text)
    plain = spelled_out(text).translate(HYPHENS)
    if not _MAC.fullmatch(plain):
        return None
    pairs = plain.lower().replace("-", ":").split(":")
    digits = "".join(pair.zfill(2) for pair in pairs) if len(pairs) == 6 else "".join(pairs).replace(".", "")
    return Value("mac", ":".join(digits[i : i + 2] for i in range(0, 12, 2)))


def read_asn(text: str) -> Value | None:
    """An autonomous system: `64500`, `AS64500`, `asn 64500`, `AS1.10` (asdot, RFC 5396); normal `AS64500`."""
    found = _ASN.fullmatch(spelled_out(text))
    if not found:
        return None
    high, low = int(found[2] or 0), int(found[3] or found[1])
    if found[2] and max(high, low) > 0xFFFF:
        return None
    return asn(high << 16 | low)


def asn(number: int) -> Value | None:
    """The autonomous system of this number."""
    return Value("asn", f"AS{number}") if 0 <= number <= 0xFFFF_FFFF else None


def _ipv6(text: str) -> Value | None:
    try:
        address = ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped
    return Value("ipv4", str(mapped)) if mapped else Value("ipv6", str(address))


def _block(address: str, length: str) -> Value | None:
    base = strict_address(address)
    if base is None or base.kind == "cidr":
        return None
    bits = _prefix_bits(length)
    if bits is None or bits > (128 if ":" in address else 32):
        return None
    start = base.normal
    if base.kind == "ipv4" and ":" in address:  # ::ffff:192.0.2.0/120 is 192.0.2.0/24
        start, bits = (start, bits - _MAPPED_BITS) if bits >= _MAPPED_BITS else (f"::ffff:{start}", bits)
    network = ipaddress.ip_network(f"{start}/{bits}", strict=False)
    return base if network.prefixlen == network.max_prefixlen else Value("cidr", str(network))


def _prefix_bits(length: str) -> int | None:
    if _LENGTH.fullmatch(length):
        return int(length)
    if not IPV4.fullmatch(length):
        return None
    mask = int(ipaddress.IPv4Address(length))  # 255.255.255.0
    bits = mask.bit_count()
    return bits if mask == (0xFFFF_FFFF << (32 - bits)) & 0xFFFF_FFFF else None
