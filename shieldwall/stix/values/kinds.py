"""How each kind of value is read, by the name of the kind; what a field, a pattern or a user's prefix says it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shieldwall.stix.values import addresses, domains, emails, hashes, names, urls
from shieldwall.stix.values.value import Value

Reader = Callable[[str], Value | None]

READERS: dict[str, Reader] = {
    "ipv4": addresses.read_address,
    "ipv6": addresses.read_address,
    "cidr": addresses.read_address,
    "domain": domains.read_domain,
    "url": urls.read_url,
    "email": emails.read_email,
    "mac": addresses.read_mac,
    "asn": addresses.read_asn,
    "cve": names.read_cve,
    "attack-id": names.read_attack_id,
    "cpe": names.read_cpe,
    "certificate-serial": names.read_serial,
    "mutex": names.read_mutex,
    "message-id": names.read_message_id,
    **{kind: partial(hashes.read_hash, kind) for kind in (*hashes.DIGITS, "ssdeep", "tlsh")},
}


def normalise(kind: str, text: str) -> Value | None:
    """`text`, said to be of `kind`, in normal form; None where it is no such thing.

    Addresses answer with what they are: an IPv4-mapped `ipv6` is `ipv4`, a `/32` an address, a `domain` of four numbers
    an address. Never raises; `normalise(value.kind, value.normal) == value`.
    """
    return READERS[kind](text)


def endpoint(text: str) -> Value | None:
    """What a network reference points at: an address, a MAC address or a name."""
    return addresses.read_address(text) or addresses.read_mac(text) or domains.read_domain(text)
