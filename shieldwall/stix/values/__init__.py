"""Observable values and their normal forms: twenty spellings, one value (DOMAIN.md R7).

    kind                normal form                        read from
    ipv4                192.0.2.1                          addresses, mapped IPv6, /32, names of four numbers
    ipv6                2001:db8::1 (RFC 5952)             addresses, /128; the zone goes
    cidr                192.0.2.0/24, 2001:db8::/32        blocks; host bits masked
    domain              xn--mnchen-3ya.example             names, any script; A-labels, lower case, no closing dot
    url                 https://evil.example/a?b=c         URLs; no fragment, no user name, no default port
    email               bob@evil.example                   addresses; all lower case
    mac                 aa:bb:cc:dd:ee:ff                  48-bit hardware addresses
    asn                 AS64500                            numbers, AS…, asdot
    md5 sha1 sha224 sha256 sha384 sha512                   hexadecimal, lower case
    sha3-224 sha3-256 sha3-384 sha3-512                    the same, only where named so
    ssdeep              3:AXGBicFlgVNhBGcL6wCr:AXGHsNhx    as printed, without the file name
    tlsh                T1 and 70 digits, upper case       with or without T1
    cve                 CVE-2021-44228                     names of vulnerabilities, external references
    attack-id           T1059.001                          external references of ATT&CK, attack patterns
    cpe                 cpe:2.3:a:vendor:product:1.0:*:…   2.3 and URI form; lower case, all eleven fields
    certificate-serial  36f7d432f4ab70                     hexadecimal without separators and leading zeros
    mutex               exactly the name
    message-id          without angle brackets, case kept

The law of the room: normal forms are fixed points, kinds never collide, and an observable, a pattern and a lookup of
the same thing give the same Value. `docs/values.md` has the decisions.
"""

from __future__ import annotations

from shieldwall.stix.values.kinds import normalise
from shieldwall.stix.values.lookup import find_value
from shieldwall.stix.values.objects import values_of
from shieldwall.stix.values.value import KINDS, Value
from shieldwall.stix.values.words import words_in, words_of

__all__ = ["KINDS", "Value", "find_value", "normalise", "values_of", "words_in", "words_of"]
