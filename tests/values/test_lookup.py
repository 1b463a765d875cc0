"""What is taken for a value when nobody says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from shieldwall.stix.values import KINDS, Value, find_value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "[.]",
        "malware",
        "localhost",
        "Emotet",
        "invoice.doc",
        "invoice.pdf.exe",
        "kernel32.dll",
        "dc01.intranet",
        "com",
        "version 1.2",
        "1.2.3",
        "e.g.",
        "and/or",
        "text/html",
        "meet at noon",
        "meet at noon dot",
        "evil.example is bad",
        "C:\\Windows\\System32",
        "HKLM\\Software\\x",
        "@handle",
        "1234567890",
        "aabbccddeeff",
        "12:34:56",
        "see http://evil.example/",
        "d41d8cd98f00b204e9800998ecf8427",
        "d41d8cd9-8f00-b204-e980-0998ecf8427e",
        "indicator--d41d8cd9-8f00-4204-a980-0998ecf8427e",
        "TLP:AMBER",
        "64500",
        "http",
        "*.evil.example",
    ],
)
def test_words_files_and_sentences_are_no_values(text: str) -> None:
    assert find_value(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("evil.example", "domain"),
        ("printer.local", "domain"),
        ("duckdns.org", "domain"),
        ("abcdefabcdefabcd.onion", "domain"),
        ("setup.zip", "domain"),
        ("run.sh", "domain"),
        ("dc01[.]intranet", "domain"),
        ("invoice[.]doc", "domain"),
        ("evil.example/x", "url"),
        ("evil.example/", "domain"),
        ("dc01[.]intranet/x", "url"),
        ("192.0.2.1/x", "url"),
        ("192.0.2.1/24", "cidr"),
        ("user:pass@evil.example", "domain"),
        ("user@evil.example", "email"),
        ("aa:bb:cc:dd:ee:ff", "mac"),
        ("aa:bb:cc:dd:ee:ff:0:1", "ipv6"),
        ("abcd::1", "ipv6"),
        ("3::", "ipv6"),
        ("3:AXGBicFlgVNhBGcL6wCr:AXGHsNhx", "ssdeep"),
        ("A" * 56, "sha224"),
        ("A" * 96, "sha384"),
        ("A" * 128, "sha512"),
        ("sha3-512:" + "a" * 128, "sha3-512"),
        ("G0016", "attack-id"),
        ("TA0001", "attack-id"),
        ("mutex:Global\\x", "mutex"),
        ("certificate-serial:36f7", "certificate-serial"),
    ],
)
def test_what_looks_like_a_value_is_taken_for_the_likeliest_kind(text: str, kind: str) -> None:
    value = find_value(text)
    assert value is not None and value.kind == kind


def test_a_label_that_does_not_fit_is_not_overruled() -> None:
    assert find_value("md5: evil.example") is None
    assert find_value("sha256: " + "a" * 32) is None


def test_a_port_is_not_a_label() -> None:
    assert find_value("host.example:443") == Value("domain", "host.example")


def test_the_page_of_decisions_names_every_kind() -> None:
    page = (Path(__file__).parents[2] / "docs" / "values.md").read_text()
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []
