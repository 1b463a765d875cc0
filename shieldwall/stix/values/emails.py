"""E-mail addresses: the domain as domains are, the local part in lower case.

RFC 5321 lets a server tell `Bob@` from `bob@`; none does, and analysts write both. Dots and `+tags` stay: what
they mean differs from server to server.
"""

from __future__ import annotations

import re
import unicodedata

from shieldwall.stix.values.addresses import strict_address
from shieldwall.stix.values.domains import MAX_NAME, PLAIN_NAME, name_of
from shieldwall.stix.values.spelling import spelled_out, unwrapped
from shieldwall.stix.values.value import Value

_PLAIN = re.compile(rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@({PLAIN_NAME})")
_LOCAL = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]\s]{1,64}")
_QUOTED = re.compile(r"\"([^\x00-\x1f\x7f\"\\<>@]{1,62})\"")
_DISPLAYED = re.compile(r"[^<>]{0,400}<([^<>]{3,400})>")
_MAILTO = re.compile(r"(?:mailto|smtp|sip|xmpp):(?://)?", re.IGNORECASE)


def read_email(text: str) -> Value | None:
    """An e-mail address, with or without `mailto:`, display name and angle brackets."""
    plain_form = _PLAIN.fullmatch(text)
    if plain_form and "xn--" not in text and len(plain_form[1]) <= MAX_NAME:
        return Value("email", text)
    plain = spelled_out(text)
    if displayed := _DISPLAYED.fullmatch(plain):
        plain = unwrapped(displayed[1])
    if scheme := _MAILTO.match(plain):
        plain = plain[scheme.end() :].partition("?")[0]
    local, at, host = plain.rpartition("@")
    local = _local(local)
    domain = _literal(host) if host.startswith("[") else name_of(host)
    return Value("email", f"{local}@{domain}") if at and local and domain else None


def _local(local: str) -> str:
    if quoted := _QUOTED.fullmatch(local):
        return _folded(quoted[1] if _LOCAL.fullmatch(quoted[1]) else local)
    return _folded(local) if _LOCAL.fullmatch(local) else ""


def _folded(local: str) -> str:
    """Lower case; where there are other scripts, Unicode's caseless compatibility form (R4 of its section 3.13)."""
    if local.isascii():
        return local.lower()
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", local).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def _literal(host: str) -> str:
    """`[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3)."""
    address = strict_address(host.strip("[]").lower().removeprefix("ipv6:"))
    if address is None or address.kind == "cidr":
        return ""
    return f"[{address.normal}]" if address.kind == "ipv4" else f"[ipv6:{address.normal}]"
