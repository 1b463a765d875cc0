"""What an analyst types or pastes, taken for the value it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from shieldwall.stix.values.addresses import IPV4, host_address, host_in, read_asn, read_mac, strict_address
from shieldwall.stix.values.domains import is_plain_name, is_registrable, name_of
from shieldwall.stix.values.emails import read_email
from shieldwall.stix.values.hashes import find_digest, find_hash, hash_kind
from shieldwall.stix.values.kinds import READERS
from shieldwall.stix.values.names import read_attack_id, read_cpe, read_cve
from shieldwall.stix.values.spelling import is_defanged, spelled_out
from shieldwall.stix.values.urls import read_url, schemeless, url_with_scheme
from shieldwall.stix.values.value import MAX_CHARACTERS, MAX_URL_CHARACTERS, Value

_LABELLED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]{1,20})\s?[:=]\s?(?!//)(.+)", re.DOTALL)
_LABELS = {
    **{name: name for name in ("ipv4", "ipv6", "cidr", "domain", "url", "email", "mac", "cve", "mutex", "message-id")},
    "ip": "ipv4",
    "host": "domain",
    "serial": "certificate-serial",
    "certificate-serial": "certificate-serial",
}


def find_value(text: str) -> Value | None:
    """The value that `text` as a whole is, defanged or not, or None: a word, a sentence, a file name is no value.

    A label says what cannot be seen: `sha3-256:…`, `mutex:…`, `message-id:…`, `serial:…`; `md5: …`, `ip=…` are
    understood too. A bare name has to end as real names do (`is_registrable`), unless it is defanged, which says that
    a name is meant. Never raises.
    """
    if not text or len(text) > MAX_URL_CHARACTERS:
        return None
    if found := _undecorated(text):
        return found
    if labelled := _LABELLED.match(text) if len(text) <= MAX_CHARACTERS else None:
        label = labelled[1].lower()
        if kind := _LABELS.get(label) or hash_kind(label):
            return READERS[kind](labelled[2])
    if found := url_with_scheme(text):
        return found
    plain = spelled_out(text)
    for probe in _PROBES:
        if found := probe(plain):
            return found
    return _name_or_page(text, plain)


def _undecorated(text: str) -> Value | None:
    """What most bulk look-ups hold: addresses, digests and names in normal form."""
    if IPV4.fullmatch(text):
        return Value("ipv4", text)
    if text.isalnum():
        return find_digest(text)
    return Value("domain", text) if is_plain_name(text) and is_registrable(text) else None


def _asn(plain: str) -> Value | None:
    return read_asn(plain) if plain[:2].lower() == "as" else None


def _mac(plain: str) -> Value | None:
    """Twelve bare digits could be anything."""
    return None if plain.isalnum() else read_mac(plain)


def _email(plain: str) -> Value | None:
    return read_email(plain) if "@" in plain else None


_PROBES: tuple[Callable[[str], Value | None], ...] = (
    find_hash,
    strict_address,
    _mac,
    _email,
    read_cve,
    read_attack_id,
    _asn,
    read_cpe,
    host_address,
)


def _name_or_page(text: str, plain: str) -> Value | None:
    if name := name_of(host_in(plain)):
        return Value("domain", name) if _is_meant(name, text) else None
    page = schemeless(text)
    if page is None:
        return None
    host = page[0]
    name = name_of(host)
    return read_url(text) if (name and _is_meant(name, text)) or strict_address(host.strip("[]")) else None


def _is_meant(name: str, text: str) -> bool:
    return is_registrable(name) or ("." in name and is_defanged(text))
