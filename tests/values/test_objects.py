"""An observable, a pattern and a lookup of the same thing give the same Value."""

from __future__ import annotations

import pytest

from shieldwall.pattern import parse
from shieldwall.stix.values import Value, find_value, values_of

SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CPE = "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*"

# observable, pattern, what an analyst types, the one value
SAME_THING = [
    ({"type": "ipv4-addr", "value": "198.51.100.7"}, "[ipv4-addr:value = '198.51.100.7']", "198[.]51.100.7"),
    ({"type": "ipv6-addr", "value": "2001:DB8:0::1"}, "[ipv6-addr:value = '2001:db8::1']", "[2001:db8::1]:443"),
    ({"type": "ipv6-addr", "value": "::ffff:198.51.100.7"}, "[ipv4-addr:value = '198.51.100.7/32']", "198.51.100.7"),
    ({"type": "ipv4-addr", "value": "192.0.2.9/24"}, "[ipv4-addr:value ISSUBSET '192.0.2.0/24']", "192.0.2.0/24"),
    ({"type": "domain-name", "value": "Evil.example."}, "[domain-name:value = 'evil.example']", "evil[.]example"),
    (
        {"type": "domain-name", "value": "münchen.example"},
        "[domain-name:value='xn--mnchen-3ya.example']",
        "MÜNCHEN.example",
    ),
    (
        {"type": "url", "value": "HTTP://Evil.example:80/a/../b#c"},
        "[url:value = 'http://evil.example/b']",
        "hxxp://evil[.]example/b",
    ),
    (
        {"type": "email-addr", "value": "Bob@Evil.example"},
        "[email-addr:value = 'bob@EVIL.example']",
        "bob[@]evil.example",
    ),
    (
        {"type": "email-addr", "value": "bob@evil.example"},
        "[email-message:from_ref.value = 'bob@evil.example']",
        "Bob <bob@evil.example>",
    ),
    ({"type": "mac-addr", "value": "0a:1b:2c:3d:4e:5f"}, "[mac-addr:value = '0A-1B-2C-3D-4E-5F']", "0a1b.2c3d.4e5f"),
    ({"type": "autonomous-system", "number": 64500}, "[autonomous-system:number = 64500]", "as64500"),
    ({"type": "file", "hashes": {"SHA-256": SHA256}}, f"[file:hashes.'SHA-256' = '{SHA256.upper()}']", SHA256),
    ({"type": "file", "hashes": {"sha1": SHA1}}, f"[file:hashes.'SHA-1' = '{SHA1}']", f"SHA1: {SHA1}"),
    (
        {"type": "artifact", "hashes": {"SHA3-256": SHA256}},
        f"[artifact:hashes.'SHA3-256' = '{SHA256}']",
        f"sha3-256:{SHA256}",
    ),
    (
        {"type": "artifact", "url": "http://evil.example"},
        "[artifact:url = 'http://evil.example/']",
        "http://evil.example/",
    ),
    ({"type": "software", "name": "Log4j", "cpe": CPE}, f"[software:cpe = '{CPE}']", "cpe:/a:apache:log4j:2.14.1"),
    ({"type": "mutex", "name": "Global\\x"}, "[mutex:name = 'Global\\\\x']", "mutex:Global\\x"),
    (
        {"type": "x509-certificate", "serial_number": "36:F7:D4:32"},
        "[x509-certificate:serial_number = '36f7d432']",
        "serial: 36f7d432",
    ),
    (
        {"type": "email-message", "is_multipart": False, "message_id": "<a1@evil.example>"},
        "[email-message:message_id = '<a1@evil.example>']",
        "Message-ID: <a1@evil.example>",
    ),
    (
        {"type": "domain-name", "value": "198.51.100.7"},
        "[network-traffic:dst_ref.value = '198.51.100.7']",
        "198.51.100.7:80",
    ),
    (
        {"type": "domain-name", "value": "evil.example"},
        "[network-traffic:dst_ref.value = 'evil.example']",
        "evil.example:80",
    ),
    ({"type": "vulnerability", "name": "CVE-2021-44228"}, None, "cve-2021-44228"),
]


@pytest.mark.parametrize(("observable", "pattern", "typed"), SAME_THING)
def test_observable_pattern_and_lookup_of_one_thing_are_one_value(
    observable: dict[str, object], pattern: str | None, typed: str
) -> None:
    (value,) = values_of(observable)
    assert find_value(typed) == value
    if pattern is not None:
        indicator = {"type": "indicator", "pattern_type": "stix", "pattern": pattern}
        assert values_of(indicator) == values_of(indicator, parse(pattern).comparisons) == [value]


@pytest.mark.parametrize(
    ("pattern", "normals"),
    [
        ("[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", ["192.0.2.1", "192.0.2.2"]),
        (
            "[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [url:value = 'http://a.example/']",
            ["192.0.2.1", "http://a.example/"],
        ),
        ("[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.1']", ["192.0.2.1"]),
        ("[domain-name:resolves_to_refs[*].value = '192.0.2.1']", ["192.0.2.1"]),
        (f"[email-message:body_multipart[*].body_raw_ref.hashes.'SHA-256' = '{SHA256}']", [SHA256]),
        ("[domain-name:value LIKE 'evil.example']", ["evil.example"]),
        ("[domain-name:value LIKE '%.example']", []),
        ("[domain-name:value MATCHES 'evil.example']", []),
        ("[domain-name:value != 'evil.example']", []),
        ("[domain-name:value NOT = 'evil.example']", []),
        ("[ipv4-addr:value NOT IN ('192.0.2.1')]", []),
        ("[ipv4-addr:value = '010.8.8.8']", []),
        ("[file:name = 'invoice.exe']", []),
        ("[file:size = 25536]", []),
        ("[process:command_line = 'evil.example']", []),
        (f"[file:hashes.'imphash' = '{SHA256[:32]}']", []),
        ("[file:hashes.MD5 = 'short']", []),
        ("not a pattern", []),
        ("", []),
    ],
)
def test_a_pattern_has_the_values_it_looks_for_and_no_others(pattern: str, normals: list[str]) -> None:
    found = values_of({"type": "indicator", "pattern_type": "stix", "pattern": pattern})
    assert [value.normal for value in found] == normals


def test_patterns_of_other_languages_are_not_read_as_stix() -> None:
    assert values_of({"type": "indicator", "pattern_type": "sigma", "pattern": "[ipv4-addr:value = '192.0.2.1']"}) == []


def test_every_digest_of_a_file_and_of_its_sections_is_a_value() -> None:
    file = {
        "type": "file",
        "hashes": {"MD5": "D" * 32, "SHA-1": SHA1, "SSDEEP": "3:abcde:fg", "imphash": "a" * 32},
        "extensions": {
            "windows-pebinary-ext": {"sections": [{"name": ".text", "hashes": {"SHA-256": SHA256}}, {"name": ".data"}]},
            "ntfs-ext": {"alternate_data_streams": [{"name": "x", "hashes": {"MD5": "e" * 32}}]},
        },
    }
    assert values_of(file) == [
        Value("md5", "d" * 32),
        Value("md5", "e" * 32),
        Value("sha1", SHA1),
        Value("sha256", SHA256),
        Value("ssdeep", "3:abcde:fg"),
    ]


def test_a_digest_of_the_wrong_length_for_its_name_is_not_reinterpreted() -> None:
    assert values_of({"type": "file", "hashes": {"MD5": SHA256, "SHA-256": SHA1}}) == []


def test_a_certificate_has_its_fingerprints_and_its_serial_number() -> None:
    certificate = {"type": "x509-certificate", "hashes": {"SHA-1": SHA1.upper()}, "serial_number": "0A:01"}
    assert values_of(certificate) == [Value("certificate-serial", "a01"), Value("sha1", SHA1)]


def test_observed_data_speaks_of_the_observables_within_it() -> None:
    observed = {
        "type": "observed-data",
        "objects": {
            "0": {"type": "ipv4-addr", "value": "192.0.2.1"},
            "1": {"type": "network-traffic", "dst_ref": "0"},
            "2": {"type": "domain-name", "value": "evil.example"},
            "3": {"type": "observed-data", "objects": {"0": {"type": "ipv4-addr", "value": "192.0.2.2"}}},
        },
    }
    assert values_of(observed) == [Value("domain", "evil.example"), Value("ipv4", "192.0.2.1")]


def test_vulnerabilities_are_found_by_the_cves_they_name_and_cite() -> None:
    vulnerability = {
        "type": "vulnerability",
        "name": "ProxyShell (CVE-2021-34473, cve-2021-34523)",
        "external_references": [
            {"source_name": "cve", "external_id": "CVE-2021-31207"},
            {"source_name": "blog", "url": "u"},
        ],
    }
    assert [value.normal for value in values_of(vulnerability)] == [
        "CVE-2021-31207",
        "CVE-2021-34473",
        "CVE-2021-34523",
    ]


@pytest.mark.parametrize(
    ("type_", "source", "external_id", "found"),
    [
        ("attack-pattern", "mitre-attack", "T1059.001", ["T1059.001"]),
        ("attack-pattern", "mitre-ics-attack", "T0803", ["T0803"]),
        ("attack-pattern", "our-copy", "T1059", ["T1059"]),
        ("attack-pattern", "capec", "CAPEC-66", []),
        ("malware", "mitre-attack", "S0154", ["S0154"]),
        ("tool", "mitre-attack", "S0002", ["S0002"]),
        ("intrusion-set", "mitre-attack", "G0016", ["G0016"]),
        ("intrusion-set", "vendor", "G0016", []),
        ("campaign", "mitre-attack", "C0024", ["C0024"]),
        ("report", "cve", "CVE-2021-44228", ["CVE-2021-44228"]),
        ("sighting", "tickets", "T1059", []),
    ],
)
def test_ids_of_registers_are_values_where_their_register_is_named(
    type_: str, source: str, external_id: str, found: list[str]
) -> None:
    obj = {"type": type_, "external_references": [{"source_name": source, "external_id": external_id}]}
    assert [value.normal for value in values_of(obj)] == found


@pytest.mark.parametrize(
    "type_", ["network-traffic", "process", "directory", "user-account", "windows-registry-key", "x-ours"]
)
def test_observables_without_a_value_of_their_own_have_none(type_: str) -> None:
    assert values_of({"type": type_, "name": "evil.example", "value": "192.0.2.1", "dst_ref": "ipv4-addr--0"}) == []


def test_the_order_of_values_is_that_of_kind_and_form_whatever_the_order_of_keys() -> None:
    hashes = {"SHA-256": SHA256, "MD5": "d" * 32, "SHA-1": SHA1}
    backwards = dict(reversed(hashes.items()))
    assert values_of({"type": "file", "hashes": hashes}) == values_of({"type": "file", "hashes": backwards})


@pytest.mark.parametrize(
    "obj",
    [
        {},
        {"type": None},
        {"type": ["ipv4-addr"]},
        {"type": "ipv4-addr"},
        {"type": "ipv4-addr", "value": 5},
        {"type": "file", "hashes": [SHA256]},
        {"type": "file", "hashes": {"MD5": None}},
        {"type": "file", "extensions": {"windows-pebinary-ext": {"sections": 3}}},
        {"type": "autonomous-system", "number": True},
        {"type": "autonomous-system", "number": -1},
        {"type": "observed-data", "objects": ["x"]},
        {"type": "malware", "external_references": {"0": 1}},
        {"type": "malware", "external_references": [None, {"external_id": 7}]},
    ],
)
def test_a_broken_object_has_no_values_and_raises_nothing(obj: dict[str, object]) -> None:
    assert values_of(obj) == []
