"""Domain names: lower case, A-labels (punycode), no closing dot, at most 253 characters.

Names go through the very code that reads the host of a URL (UTS 46, non-transitional), so that `http://NAME/` and NAME
never disagree. Underscores, leading hyphens and emoji stay, since resolvers answer for them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ada_url import idna_to_ascii
from publicsuffixlist import PublicSuffixList

from shieldwall.stix.values.addresses import IPV4, host_in, strict_address
from shieldwall.stix.values.spelling import spelled_out
from shieldwall.stix.values.value import Value

MAX_NAME = 253
_MAX_SPELLED = 1_024  # in letters that may yet vanish or fold
# A name already in normal form: the last label starts with a letter, so it is no number; `xn--` is looked at closely.
PLAIN_NAME = r"(?:[a-z0-9_][a-z0-9_-]{0,62}\.)*[a-z][a-z0-9-]{0,62}"
_PLAIN = re.compile(PLAIN_NAME)
_NEVER_IN_A_NAME = re.compile(r"[\x00-\x2c/:-@\[-^`{-\x7f]")
_LABELS = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # of these a URL parser makes IPv4, or nothing

# Endings that no registry sells but that reports, laboratories and malware use (RFC 2606, 6762, 9476; I2P, Namecoin).
_UNREGISTERED = frozenset(
    ("alt", "bit", "corp", "example", "home", "i2p", "internal", "invalid", "lan", "local", "localhost", "test")
)


def read_domain(text: str) -> Value | None:
    """A domain name, or the address where `text` is one; a single label or an unknown ending is accepted."""
    if is_plain_name(text):
        return Value("domain", text)
    if IPV4.fullmatch(text):
        return Value("ipv4", text)
    # A quotation mark may well be part of a name in other scripts; where one stands outside, it is taken off first.
    if text[:1].isalnum() and text[-1:].isalnum() and (name := name_of(text)):
        return Value("domain", name)
    plain = spelled_out(text)
    if address := strict_address(plain):
        return address
    host = host_in(plain)
    if address := strict_address(host):
        return address
    name = name_of(host)
    return Value("domain", name) if name else None


def is_plain_name(text: str) -> bool:
    """Whether `text` is a name in normal form already, as nearly all are."""
    return _PLAIN.fullmatch(text) is not None and "xn--" not in text and len(text) <= MAX_NAME


def name_of(text: str) -> str:
    """The normal form of a name that is written without decoration; '' where it is none."""
    if len(text) > _MAX_SPELLED or _NEVER_IN_A_NAME.search(text):
        return ""
    try:
        name = idna_to_ascii(text).decode("ascii").lower().removesuffix(".")
    except ValueError:  # a lone surrogate
        return ""
    if len(name) > MAX_NAME or not _LABELS.fullmatch(name) or _ENDS_IN_NUMBER.fullmatch(name):
        return ""
    return name


def is_registrable(name: str) -> bool:
    """Whether a name in normal form ends as real names do: tells `evil.example.com` from `invoice.doc` and `malware`.

    What the Public Suffix List knows counts, so `setup.zip` and `run.sh` are names: those endings are sold.
    """
    head, dot, last = name.rpartition(".")
    if not dot or not head:
        return False
    return last in _UNREGISTERED or _is_suffix(last) or _suffixes().publicsuffix(name) is not None


@lru_cache(4_096)
def _is_suffix(label: str) -> bool:
    """Whether one label is a public suffix by itself, as all but a few are: spares the walk through the list."""
    return _suffixes().publicsuffix(label) is not None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)
