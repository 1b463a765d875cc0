"""URLs by the WHATWG standard, then reduced to what is asked of the server.

Beyond the standard: the fragment and the user name and password go (neither reaches the resource, and
`http://bank.example@evil.example/` is a way to hide `evil.example`), an escaped unreserved character is written plainly
and other escapes in upper case (RFC 3986 §6.2.2), a stray `%` becomes `%25`, an empty query and the host's closing dot
go, an IPv4-mapped host becomes IPv4. `evil.example/gate.php` without a scheme is read as http.
"""

from __future__ import annotations

import re
import unicodedata

from ada_url import URL

from shieldwall.stix.values.addresses import IPV4, strict_address
from shieldwall.stix.values.domains import PLAIN_NAME
from shieldwall.stix.values.emails import read_email
from shieldwall.stix.values.spelling import undefanged, unwrapped
from shieldwall.stix.values.value import MAX_URL_CHARACTERS, Value

# Already in normal form, as most URLs are; no escapes, no `/.` (tested apart), a name or an IPv4 address as host.
_PLAIN = re.compile(
    rf"https?://(?:{PLAIN_NAME}|{IPV4.pattern})/[A-Za-z0-9._~!$&'()*+,;=:@/-]*(?:\?[A-Za-z0-9._~!$&()*+,;=:@/?-]+)?"
)
_AUTHORITY = re.compile(r"\s*(?:(?:https?|ftp|wss?|file):[/\\]*|[a-z][a-z0-9+.-]{0,30}://)([^/\\?#]*)", re.IGNORECASE)
_DEFANGED_SCHEME = re.compile(
    r"\s*(?:(hxxp|hxtp|htxp|hxp|htp|h\*\*p|h\*tp|ht\*p|http|meow)|(fxp|f\*p|ftp))(s?)\s?:\s?[/\\]{2}\s?", re.IGNORECASE
)
_DEFANGED_SCHEME_NAME = re.compile(r"\s*(?:hx[xt]ps?|htxps?|meows?|fxps?)\b", re.IGNORECASE)
_OPAQUE = re.compile(
    r"\s*(about|bitcoin|blob|data|javascript|magnet|mailto|sms|tel|urn|vbscript):\S+\s*", re.IGNORECASE
)
_SCHEMELESS = re.compile(
    r"(?://)?([^\s/\\?#@:\[\]]+|\[[0-9a-f:.]{2,45}\])((?::[0-9]{1,5})?(?:[/\\?#].*)?)", re.IGNORECASE | re.DOTALL
)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?]*)(.*)", re.DOTALL)
_NEVER_IN_A_HOST = re.compile(r"[(){}<>]|\.\.|^\.")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_LONGEST_SCHEME = 32
_LONGEST_AUTHORITY = 2_048  # a host's 253 characters, spelled lavishly, and a user name
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_MEANT = {f"{n:02x}": chr(n) if n in _UNRESERVED else f"%{n:02X}" for n in range(256)}


def read_url(text: str) -> Value | None:
    """A URL, defanged or not; without a scheme, http is meant."""
    if found := url_with_scheme(text):
        return found
    parts = schemeless(text)
    if parts is None:
        return None
    host, rest = parts
    return _normal(f"http://{host}{rest}") if "." in host or host[0] == "[" or host.lower() == "localhost" else None


def url_with_scheme(text: str) -> Value | None:
    """A URL that says so itself, by `scheme://` or by the name of a scheme that does without."""
    if len(text) > MAX_URL_CHARACTERS:
        return None
    if _PLAIN.fullmatch(text) and "/." not in text:
        return Value("url", text)
    authority = _AUTHORITY.match(text)
    if authority and len(authority[1]) > _LONGEST_AUTHORITY:
        return None
    # Square brackets are at home in a path: nothing is undone where scheme and host are written as they should be.
    if authority and not _DEFANGED_SCHEME_NAME.match(text) and undefanged(authority[1]) == authority[1]:
        return _normal(text)
    if opaque := _OPAQUE.fullmatch(text):
        return (read_email(text) if opaque[1].lower() == "mailto" else None) or _normal(text)
    plain = _undecorated(text)
    scheme = _DEFANGED_SCHEME.match(plain)
    if scheme:
        plain = f"{'http' if scheme[1] else 'ftp'}{scheme[3].lower()}://{plain[scheme.end() :]}"
    authority = _AUTHORITY.match(plain)
    return _normal(plain) if authority and len(authority[1]) <= _LONGEST_AUTHORITY else None


def schemeless(text: str) -> tuple[str, str] | None:
    """Host and rest of `evil.example:8080/gate.php`, undecorated."""
    if len(text) > MAX_URL_CHARACTERS:
        return None
    parts = _SCHEMELESS.fullmatch(_undecorated(text))
    return (parts[1], parts[2]) if parts and len(parts[1]) <= _LONGEST_AUTHORITY else None


def _undecorated(text: str) -> str:
    plain = unwrapped(undefanged(unwrapped(text)))
    if plain.isascii() or _AUTHORITY.match(plain):
        return plain
    return unicodedata.normalize("NFKC", plain[:_LONGEST_SCHEME]) + plain[_LONGEST_SCHEME:]  # the host ada folds itself


def _normal(text: str) -> Value | None:
    try:
        href = URL(text).href
    except ValueError:
        return None
    href = href.partition("#")[0]
    if len(href) > MAX_URL_CHARACTERS:
        return None
    parts = _PARTS.fullmatch(href)
    if parts is None:
        return _value(_unescaped(href))
    scheme, authority, rest = parts.groups()
    host = _host(authority.rpartition("@")[2])
    if host is None or (not host and scheme != "file"):
        return None
    return _value(f"{scheme}://{host}{_unescaped(rest)}")


def _host(host: str) -> str | None:
    if host.startswith("["):
        address, _, port = host[1:].partition("]")
        found = strict_address(address)
        if found is None:
            return None
        return (found.normal if found.kind == "ipv4" else f"[{found.normal}]") + port
    name, colon, port = _unescaped(host).lower().partition(":")
    if _NEVER_IN_A_HOST.search(name) or (colon and not name):
        return None
    return name.removesuffix(".") + colon + port


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_meant, text) if "%" in text else text


def _meant(escape: re.Match[str]) -> str:
    return _MEANT[escape[1].lower()] if escape[1] else "%25"


def _value(normal: str) -> Value | None:
    if normal.find("?") == len(normal) - 1:
        normal = normal[:-1]
    is_empty = normal.find(":") == len(normal) - 1
    return Value("url", normal) if not is_empty and len(normal) <= MAX_URL_CHARACTERS else None
