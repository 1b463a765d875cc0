"""The laws of normal forms, for anything anyone may write."""

from __future__ import annotations

import time

import idna
import pytest
from ada_url import URL
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from shieldwall.stix.values import KINDS, Value, find_value, normalise, values_of, words_in, words_of
from shieldwall.stix.values.domains import is_plain_name, name_of
from shieldwall.stix.values.hashes import DIGITS
from shieldwall.stix.values.urls import _PLAIN, _normal

# Text in the alphabet of values and of what is done to them, so that it often nearly is one.
PIECES = """a b F 0 1 9 . : / \\ @ [ ] ( ) { } < > % ? # = & - _ ~ | ^ ' " ; , ! * + é ü ß ı İ Å １ 。 ． ｡ ： ／ ＠ « “
    [.] (dot) ::ffff: http:// hxxp:// https: ftp:// ssh:// data: mailto: evil .example .com .. xn-- %41 %2e %zz %25
    198.51.100.7 2001:db8::1 /24 :80 bob@ 0x7f 010 md5: AS 中文 ❤ مثال"""
INVISIBLE = (" ", "\t", "\n", "\x00", "\u00ad", "\u0308", "\u200b", "\u200d", "\ud800")
pieces = st.sampled_from((*PIECES.split(), *INVISIBLE))
soup = st.lists(pieces, max_size=12).map("".join)
texts = soup | st.text(max_size=40)
labels = st.from_regex(r"[a-z0-9_][a-z0-9_-]{0,10}", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join)
pages = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", "hxxp", "ssh"]),
    hosts | st.ip_addresses(v=4).map(str) | soup,
    st.sampled_from(["", "", ":80", ":443", ":8080"]),
    soup,
    st.just("") | soup.map("?{}".format),
)


@given(st.sampled_from(KINDS), texts | pages)
@settings(max_examples=300)
def test_a_normal_form_is_a_fixed_point(kind: str, text: str) -> None:
    value = normalise(kind, text)
    if value is not None:
        assert normalise(value.kind, value.normal) == value
        assert value.kind in KINDS


REGULAR = {
    **{kind: rf"(0x)?[0-9a-fA-F]{{{digits}}}" for kind, digits in DIGITS.items()},
    "ssdeep": r"(3|6|12|768):[A-Za-z0-9+/]{0,64}:[A-Za-z0-9+/]{0,64}(,\"[a-z.]{1,9}\")?",
    "tlsh": r"([tT]1)?[0-9a-fA-F]{70}",
    "mac": r"([0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}|([0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}",
    "cidr": r"(1?[1-9][0-9]\.){3}[1-9]/([12]?[0-9]|30)|[1-9a-f]{4}(:[0-9a-f]{1,4}){1,2}::/[1-9][0-9]",
    "asn": r"(AS|asn? ?)?[0-9]{1,9}|AS[0-9]{1,4}\.[0-9]{1,4}",
    "cve": r"(CVE|cve)[- _][0-9]{4}-[0-9]{4,19}",
    "attack-id": r"[Tt][0-9]{4}([./][0-9]{3})?|[gsGS][0-9]{4}",
    "cpe": r"cpe:2\.3:[aoh](:([A-Za-z0-9._*-]|\\[!-~]){0,9}){1,10}|cpe:/[aoh](:[A-Za-z0-9._~%-]{0,9}){1,6}",
    "certificate-serial": r"(0x)?([0-9a-fA-F]{2}[: ]?){1,20}",
}


@pytest.mark.parametrize("kind", REGULAR)
@given(data=st.data())
@settings(max_examples=40)
def test_what_is_of_regular_form_has_a_value_and_it_is_a_fixed_point(kind: str, data: st.DataObject) -> None:
    value = normalise(kind, data.draw(st.from_regex(REGULAR[kind], fullmatch=True)))
    assert value is not None
    assert value.kind == kind
    assert normalise(kind, value.normal) == value


@given(pages)
@settings(max_examples=250)
@example("http://evil.example/%4%31")
@example("http://evil.example/a((.).)b")
@example("http://a((dot)dot)b/")
@example("ssh://%41%2e/x")
def test_a_url_in_normal_form_is_a_fixed_point(text: str) -> None:
    value = normalise("url", text)
    assert value is None or normalise("url", value.normal) == value == find_value(value.normal)


# What only a label can tell: without it, the same text is nothing or something else.
LABELLED = ("mutex", "message-id", "certificate-serial", "sha3-224", "sha3-256", "sha3-384", "sha3-512")


@given(texts | pages | st.text())
@settings(max_examples=250)
def test_whatever_is_typed_is_found_again_by_what_was_found(text: str) -> None:
    value = find_value(text)
    if value is not None:
        assert normalise(value.kind, value.normal) == value
        again = find_value(value.normal)
        assert again == value or again is None or value.kind in LABELLED


FIELDS = ("type", "value", "name", "hashes", "pattern", "cpe", "number")


@given(st.dictionaries(st.sampled_from(FIELDS), st.none() | texts))
def test_no_object_however_wrong_makes_it_stumble(obj: dict[str, object]) -> None:
    values_of(obj)
    words_of(obj)
    for type_ in ("file", "url", "indicator", "observed-data", "vulnerability", "autonomous-system", "software"):
        wrong = {"external_references": [obj, 3], "objects": {"0": obj}, "pattern_type": "stix"}
        values_of({**obj, **wrong, "type": type_})


@given(st.text() | texts)
def test_no_text_however_wild_makes_it_stumble(text: str) -> None:
    find_value(text)
    words_in(text)
    for kind in KINDS:
        normalise(kind, text)


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_and_its_mapped_form_are_one(address: object) -> None:
    assert normalise("ipv6", f"::ffff:{address}") == find_value(str(address)) == Value("ipv4", str(address))


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_is_one_value_short_or_long(address: object) -> None:
    long = address.exploded.upper()  # type: ignore[attr-defined]
    assert find_value(str(address)) == find_value(long) == normalise("ipv6", f"[{long}]:443")
    assert find_value(long) is not None


@given(hosts | soup)
@settings(max_examples=150)
def test_the_short_way_for_names_leads_where_the_long_one_does(name: str) -> None:
    if is_plain_name(name):
        assert name_of(name) == name


@given(pages)
@settings(max_examples=150)
def test_the_short_way_for_urls_leads_where_the_long_one_does(text: str) -> None:
    if _PLAIN.fullmatch(text) and "/." not in text:
        assert _normal(text) == Value("url", text)


@given(hosts)
@settings(max_examples=150)
def test_the_host_of_a_url_is_the_domain(name: str) -> None:
    domain = normalise("domain", name)
    page = normalise("url", f"http://{name}/")
    if domain is not None and domain.kind == "domain" and page is not None:
        assert URL(page.normal).hostname == domain.normal


@given(st.lists(st.text("aäöüßéñøłžşğıçαβγдежкצשمل中文", min_size=1, max_size=8), min_size=1, max_size=3).map(".".join))
@settings(max_examples=150)
def test_names_of_other_scripts_agree_with_the_idna_package(name: str) -> None:
    try:
        expected = idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        assume(False)
    assert normalise("domain", name) == Value("domain", expected)


def test_a_letter_of_any_script_gives_field_and_lookup_the_same_name() -> None:
    different = []
    for code in (*range(0x80, 0x30000, 37), *map(ord, "ϲς𝛓𝜍𝝇𝞁𝞻ẞßİ")):
        name = f"a{chr(code)}b.example"
        field = normalise("domain", name)
        if field is not None and find_value(name) != field:
            different.append(hex(code))
    assert different == []


HOSTILE = {
    "one letter": "a",
    "dots": "a.",
    "dots only": ".",
    "blanks": " ",
    "blanks and a word": " dot",
    "brackets": "[",
    "defanged dots": "[.]",
    "half dots": "[.",
    "percent": "%",
    "nested escapes": "%2%35",
    "at": "@",
    "at words": " at ",
    "colons": ":",
    "slashes": "/",
    "digits": "1",
    "hex": "ab",
    "pairs": "ab:",
    "quotes": '"',
    "angle": "<a",
    "backslashes": "\\",
    "ligatures": "ﷺ",
    "marks": "\u0308",
    "question": "?",
    "cpe": "cpe:2.3:",
    "cve": "CVE-2021-",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_64_kib_of_anything_take_a_moment(unit: str) -> None:
    for size in (4_000, 65_500):
        for head in ("", "http://", "hxxp://", "http://evil.example/", "bob@", "cpe:2.3:a:", '"'):
            text = (head + unit * size)[:size]
            started = time.process_time()
            find_value(text)
            for kind in KINDS:
                normalise(kind, text)
            assert time.process_time() - started < 0.25, head
    started = time.process_time()
    words_in(text)
    words_of({"type": "report", "description": text})
    values_of({"type": "vulnerability", "name": text})
    assert time.process_time() - started < 0.5
