"""The language, rule by rule: what each pattern says, and why others are refused."""

from __future__ import annotations

import pytest

from shieldwall.errors import BadInput, TooLarge
from shieldwall.pattern import (
    EVERY,
    Comparison,
    Compound,
    Junction,
    Observation,
    Pattern,
    Qualified,
    Repeats,
    StartStop,
    Timestamp,
    Within,
    parse,
)


def only(text: str) -> Comparison:
    (comparison,) = parse(f"[{text}]").comparisons
    return comparison


def shape(tree: object) -> object:
    """A tree in brief: the last step of each comparison's path, operators as tuples."""
    if isinstance(tree, Pattern):
        return shape(tree.expression)
    if isinstance(tree, Observation):
        return [shape(tree.condition)]
    if isinstance(tree, Comparison):
        return tree.path[-1]
    if isinstance(tree, Qualified):
        return (shape(tree.expression), *tree.qualifiers)
    assert isinstance(tree, Compound | Junction)
    return (tree.operator, *(shape(operand) for operand in tree.operands))


@pytest.mark.parametrize(
    ("text", "operator", "negated", "value"),
    [
        ("file:size = 1", "=", False, 1),
        ("file:size != 1", "!=", False, 1),
        ("file:size > 1", ">", False, 1),
        ("file:size<1", "<", False, 1),
        ("file:size >= -1", ">=", False, -1),
        ("file:size <=1", "<=", False, 1),
        ("file:size NOT = 1", "=", True, 1),
        ("file:size NOT > 1.5", ">", True, 1.5),
        ("file:size IN (1, 2.5 ,3)", "IN", False, (1, 2.5, 3)),
        ("file:name NOT IN ('a','b')", "IN", True, ("a", "b")),
        ("file:name LIKE 'a%_'", "LIKE", False, "a%_"),
        ("file:name NOT LIKE ''", "LIKE", True, ""),
        ("file:name MATCHES '(a+)+$'", "MATCHES", False, "(a+)+$"),
        ("file:name MATCHES '('", "MATCHES", False, "("),
        ("ipv4-addr:value ISSUBSET '198.51.100.0/24'", "ISSUBSET", False, "198.51.100.0/24"),
        ("ipv4-addr:value ISSUBSET '198.51.100.7/24'", "ISSUBSET", False, "198.51.100.7/24"),
        ("ipv6-addr:value NOT ISSUPERSET '2001:db8::1'", "ISSUPERSET", True, "2001:db8::1"),
        ("network-traffic:dst_ref.value ISSUBSET '2001:db8::/32'", "ISSUBSET", False, "2001:db8::/32"),
        ("EXISTS file:size", "EXISTS", False, None),
        ("NOT EXISTS file:size", "EXISTS", True, None),
    ],
)
def test_every_operator_is_read(text: str, operator: str, negated: bool, value: object) -> None:
    comparison = only(text)
    assert (comparison.operator, comparison.negated, comparison.value) == (operator, negated, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("''", ""),
        ("'plain'", "plain"),
        (r"'C:\\Windows\\x'", r"C:\Windows\x"),
        (r"'it\'s'", "it's"),
        (r"'\\\''", "\\'"),
        ("'two\nlines ✓ 🛡'", "two\nlines ✓ 🛡"),
        ("0", 0),
        ("-0", 0),
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", -(2**53) + 1),
        ("7.0", 7.0),
        (".5", 0.5),
        ("-0.25", -0.25),
        ("true", True),
        ("false", False),
        ("b''", b""),
        ("b'ABI='", b"\x00\x12"),
        ("b'dGhp\r\ncyBp\ncyE='", b"this is!"),
        ("h''", b""),
        ("h'ffc3'", b"\xff\xc3"),
        ("h'FFc3'", b"\xff\xc3"),
        ("t'1970-01-01T00:00:01Z'", Timestamp("1970-01-01T00:00:01Z", 1_000_000)),
        ("t'2014-01-13T07:03:17.5Z'", Timestamp("2014-01-13T07:03:17.5Z", 1_389_596_597_500_000)),
        ("t'1969-12-31T23:59:59.9999999Z'", Timestamp("1969-12-31T23:59:59.9999999Z", -1)),
        ("t'2024-02-29T00:00:00Z'", Timestamp("2024-02-29T00:00:00Z", 1_709_164_800_000_000)),
        ("t'2016-12-31T23:59:60Z'", Timestamp("2016-12-31T23:59:60Z", 1_483_228_800_000_000)),
    ],
)
def test_every_kind_of_constant_is_read(text: str, value: object) -> None:
    found = only(f"x-a:bcd = {text}").value
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "object_type", "path"),
    [
        ("file:size", "file", ("size",)),
        ("file:hashes.MD5", "file", ("hashes", "MD5")),
        ("file:hashes.'SHA-256'", "file", ("hashes", "SHA-256")),
        ("file:'hashes'.'MD5'", "file", ("hashes", "MD5")),
        (
            "file:extensions.'windows-pebinary-ext'.sections[*].entropy",
            "file",
            ("extensions", "windows-pebinary-ext", "sections", EVERY, "entropy"),
        ),
        ("network-traffic:protocols[0]", "network-traffic", ("protocols", 0)),
        ("a:b[12][*]", "a", ("b", 12, EVERY)),
        ("email-message:from_ref.value", "email-message", ("from_ref", "value")),
        ("directory:contains_refs[*].name", "directory", ("contains_refs", EVERY, "name")),
        ("x_type:'a.b'.'-1'", "x_type", ("a.b", "-1")),
        (r"a:'it\'s'", "a", ("it's",)),
        ("a:'*'", "a", ("*",)),
        ("a:'0'.1", "a", ("0", "1")),
        ("a : b . c [ 3 ]", "a", ("b", "c", 3)),
    ],
)
def test_object_paths_are_read_step_by_step(text: str, object_type: str, path: tuple[object, ...]) -> None:
    for comparison in (only(f"{text} = 1"), only(f"EXISTS {text}")):
        assert (comparison.object_type, comparison.path) == (object_type, path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[f:a=1 OR f:b=1 AND f:c=1]", [("OR", "a", ("AND", "b", "c"))]),
        ("[f:a=1 AND f:b=1 OR f:c=1 AND f:d=1]", [("OR", ("AND", "a", "b"), ("AND", "c", "d"))]),
        ("[(f:a=1 OR f:b=1) AND f:c=1]", [("AND", ("OR", "a", "b"), "c")]),
        ("[f:a=1 AND (f:b=1 AND f:c=1)]", [("AND", "a", ("AND", "b", "c"))]),
        ("[((f:a=1))]", ["a"]),
        ("([f:a=1])", ["a"]),
        ("[f:a=1] AND [f:b=1] AND [f:c=1]", ("AND", ["a"], ["b"], ["c"])),
        ("[f:a=1] OR [f:b=1] AND [f:c=1]", ("OR", ["a"], ("AND", ["b"], ["c"]))),
        ("[f:a=1] FOLLOWEDBY [f:b=1] OR [f:c=1]", ("FOLLOWEDBY", ["a"], ("OR", ["b"], ["c"]))),
        ("[f:a=1] AND [f:b=1] FOLLOWEDBY [f:c=1]", ("FOLLOWEDBY", ("AND", ["a"], ["b"]), ["c"])),
        (
            "[f:a=1] FOLLOWEDBY [f:b=1] AND [f:c=1] OR [f:d=1] FOLLOWEDBY [f:e=1]",
            ("FOLLOWEDBY", ["a"], ("OR", ("AND", ["b"], ["c"]), ["d"]), ["e"]),
        ),
        ("([f:a=1] FOLLOWEDBY [f:b=1]) AND [f:c=1]", ("AND", ("FOLLOWEDBY", ["a"], ["b"]), ["c"])),
        ("[f:a=1] FOLLOWEDBY [f:b=1] REPEATS 5 TIMES", ("FOLLOWEDBY", ["a"], (["b"], Repeats(5)))),
        ("([f:a=1] FOLLOWEDBY [f:b=1]) REPEATS 5 TIMES", (("FOLLOWEDBY", ["a"], ["b"]), Repeats(5))),
        ("[f:a=1] REPEATS 5 TIMES WITHIN 1.5 SECONDS", (["a"], Repeats(5), Within(1.5))),
        ("([f:a=1] WITHIN 1 SECONDS) WITHIN 9 SECONDS", ((["a"], Within(1)), Within(9))),
        ("[f:a=1]AND[f:b=1]", ("AND", ["a"], ["b"])),
    ],
)
def test_precedence_is_that_of_the_standard(text: str, expected: object) -> None:
    assert shape(parse(text)) == expected


def test_start_and_stop_are_instants() -> None:
    pattern = parse("[a:bcd = 1] START t'1970-01-01T00:00:00Z' STOP t'1970-01-01T00:00:01Z'")
    assert isinstance(pattern.expression, Qualified)
    assert pattern.expression.qualifiers == (
        StartStop(Timestamp("1970-01-01T00:00:00Z", 0), Timestamp("1970-01-01T00:00:01Z", 1_000_000)),
    )


@pytest.mark.parametrize("blank", list("\t\n\v\f\r \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"))
def test_every_unicode_blank_parts_words(blank: str) -> None:
    spaced = "[ file:name NOT = 'a' AND EXISTS file:size ] WITHIN 5 SECONDS".replace(" ", blank * 2)
    assert parse(spaced) == parse(spaced.replace(blank * 2, " "))


@pytest.mark.parametrize("character", ["\x00", "\x1c", "\u180e", "\u200b", "\ufeff", "é"])
def test_other_characters_do_not(character: str) -> None:
    with pytest.raises(BadInput):
        parse(f"[file:name{character}= 'a']")


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("[url:value = 'a']", True),
        ("([url:value = 'a'])", True),
        ("[url:value = 'a' OR ipv4-addr:value IN ('b', 'c')]", True),
        ("[(url:value = 'a' OR url:value = 'b') OR file:size = 1]", True),
        ("[url:value = 'a' AND url:value = 'b']", False),
        ("[url:value NOT = 'a']", False),
        ("[url:value != 'a']", False),
        ("[url:value LIKE 'a%']", False),
        ("[EXISTS url:value]", False),
        ("[url:value = 'a'] WITHIN 5 SECONDS", False),
        ("[url:value = 'a'] OR [url:value = 'b']", False),
    ],
)
def test_a_pattern_is_simple_where_any_one_value_is_a_match(text: str, simple: bool) -> None:
    assert parse(text).simple is simple


COMMON_SHAPES = [
    "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e' AND file:name = 'invoice.pdf.exe' AND file:size = 0]",
    "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.7']",
    "[network-traffic:dst_ref.value = '203.0.113.7' AND network-traffic:dst_port = 8080]",
    "[domain-name:value = 'c2.example' AND domain-name:resolves_to_refs[*].value = '203.0.113.7']",
    "[email-message:sender_ref.value = 'a@mail.example'] OR [email-message:from_ref.value = 'a@mail.example']",
    "[email-message:body_multipart[0].body_raw_ref.name = 'x' AND "
    "email-message:body_multipart[0].content_disposition = 'attachment']",
    r"[windows-registry-key:key = 'HKLM\\Software\\Run' AND windows-registry-key:values[0].data = 'C:\\x.exe']",
    "[x509-certificate:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
    "[autonomous-system:number = 64496]",
    "[(mutex:name = 'Global\\\\m1') OR (mutex:name = 'Global\\\\m2')] REPEATS 2 TIMES",
]


@pytest.mark.parametrize("text", COMMON_SHAPES)
def test_shapes_that_platforms_export_are_read_without_warning(text: str) -> None:
    assert parse(text).warnings == ()


# Refusals: the text, the clause, where, and a word of the message.
REFUSED = [
    ("", "9.5", "1:1", "observation"),
    ("   ", "9.5", "1:4", "observation"),
    ("[]", "9.7", "1:2", "path"),
    ("[file:size = 1", "9.6", "1:15", "the end"),
    ("[file:size = 1]]", "9.5", "1:16", "should stand here"),
    ("[file:size = 1] [file:size = 2]", "9.5", "1:17", "AND, OR"),
    ("([file:size = 1]", "9.5", "1:1", "not closed"),
    ("[file:size = 1])", "9.5", "1:16", "should stand"),
    ("[(file:size = 1]", "9.6", "1:2", "not closed"),
    ("[file:size = 1)]", "9.6", "1:15", "AND, OR or ]"),
    ("([file:size = 1)]", "9.6", "1:16", "AND, OR or ]"),
    ("file:size = 1", "9.5", "1:1", "observation"),
    ("[file:size = 1] AND", "9.5", "1:20", "the end"),
    ("AND [file:size = 1]", "9.5", "1:1", "AND"),
    ("[file:size = 1 AND]", "9.7", "1:19", "path"),
    ("[file:size = 1 FOLLOWEDBY file:size = 2]", "9.6", "1:16", "FOLLOWEDBY"),
    ("[file:size = 1] and [file:size = 2]", "9.5", "1:17", "and"),
    ("[file:size = 1]\n  AND [file:size ~ 2]", "9.4", "2:18", "'~'"),
    ("[file:size\r\n\r\n= ]", "9.6.1", "3:3", "constant"),
    # §9.2 constants
    ("[a:b = +1]", "9.2", "1:8", "plus"),
    ("[a:b = +1.5]", "9.2", "1:8", "plus"),
    ("[a:b = 007]", "9.2", "1:8", "begin with 0"),
    ("[a:b = 9007199254740992]", "2.10", "1:8", "54 bits"),
    ("[a:b = -9007199254740992]", "2.10", "1:8", "54 bits"),
    (f"[a:b = {'9' * 400}.0]", "2.6", "1:8", "range"),
    ("[a:b = 1.]", "9.7", "1:9", "'.'"),
    ("[a:b = 1e5]", "9.6", "1:9", "e5"),
    ("[a:b = TRUE]", "9.6.1", "1:8", "constant"),
    ("[a:b = 'open]", "9.2", "1:8", "no end"),
    (r"[a:b = 'C:\Windows']", "9.2", "1:11", "backslash"),
    (r"[a:b = 'C:\']", "9.2", "1:8", "no end"),
    ('[a:b = "x"]', "9.2", "1:8", "apostrophes"),
    ("[a:b = h'abc']", "9.2", "1:8", "hexadecimal"),
    ("[a:b = h'zz']", "9.2", "1:8", "hexadecimal"),
    ("[a:b = b'====']", "9.2", "1:8", "base64"),
    ("[a:b = b'AAA']", "9.2", "1:8", "base64"),
    ("[a:b = b'AA-_']", "9.2", "1:8", "base64"),
    ("[a:b = t'2020-01-01']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2020-01-01T00:00:00']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2020-01-01T00:00:00+00:00']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2020-01-01T00:00:00.Z']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2020-01-01T24:00:00Z']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2023-02-29T00:00:00Z']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'2020-01-01T00:00:60Z']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'0000-01-01T00:00:00Z']", "9.2", "1:8", "timestamp"),
    ("[a:b = t'٢020-01-01T00:00:00Z']", "9.2", "1:8", "timestamp"),
    # §9.5: one object
    ("[a:b = 1 AND c:d = 2]", "9.5", "1:14", "no single object"),
    ("[a:b = 1 OR a:c = 1 AND c:d = 2]", "9.5", "1:25", "no single object"),
    ("[(a:b = 1 OR c:d = 2) AND e:f = 1]", "9.5", "1:27", "no single object"),
    ("[a:b = 1 AND (c:d = 2 OR e:f = 1)]", "9.5", "1:14", "no single object"),
    ("[(a:b = 1 OR c:d = 2) AND a:b = 1 AND c:d = 1]", "9.5", "1:39", "no single object"),
    # §9.5.1 qualifiers
    ("[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS", "9.5.1", "1:28", "one WITHIN"),
    ("[a:b = 1] REPEATS 5 TIMES WITHIN 1 SECONDS REPEATS 5 TIMES", "9.5.1", "1:44", "one REPEATS"),
    ("([a:b = 1]) WITHIN 5 SECONDS WITHIN 6 SECONDS", "9.5.1", "1:30", "one WITHIN"),
    ("[a:b = 1] WITHIN 0 SECONDS", "9.5.1", "1:18", "positive"),
    ("[a:b = 1] WITHIN -5 SECONDS", "9.5.1", "1:18", "positive"),
    ("[a:b = 1] WITHIN 007 SECONDS", "9.2", "1:18", "begin with 0"),
    ("[a:b = 1] WITHIN 5 HOURS", "9.5.1", "1:20", "SECONDS"),
    ("[a:b = 1] WITHIN SECONDS", "9.5.1", "1:18", "positive"),
    ("[a:b = 1] within 5 SECONDS", "9.5", "1:11", "within"),
    ("[a:b = 1] REPEATS 0 TIMES", "9.5.1", "1:19", "positive"),
    ("[a:b = 1] REPEATS 1.5 TIMES", "9.5.1", "1:19", "integer"),
    ("[a:b = 1] REPEATS 5", "9.5.1", "1:20", "TIMES"),
    ("[a:b = 1] START '2020-01-01T00:00:00Z' STOP t'2020-01-01T00:00:00Z'", "9.5.1", "1:17", "timestamp"),
    ("[a:b = 1] START h'00' STOP t'2020-01-01T00:00:00Z'", "9.5.1", "1:17", "timestamp"),
    ("[a:b = 1] START t'2020-01-01T00:00:00Z'", "9.5.1", "1:40", "STOP"),
    ("[a:b = 1 WITHIN 5 SECONDS]", "9.6", "1:10", "WITHIN"),
    # §9.6.1 operators
    ("[a:b 1]", "9.6.1", "1:6", "operator"),
    ("[a:b]", "9.6.1", "1:5", "operator"),
    ("[a:b = ]", "9.6.1", "1:8", "constant"),
    ("[a:b = c:d]", "9.6.1", "1:8", "constant"),
    ("[a:b = c0ffee]", "9.6.1", "1:8", "constant"),
    ("[1 = a:b]", "9.7", "1:2", "path"),
    ("[a:b =! 1]", "9.4", "1:7", "'!'"),
    ("[a:b NOT NOT = 1]", "9.6.1", "1:10", "operator"),
    ("[NOT a:b = 1]", "9.7", "1:2", "path"),
    ("[EXISTS 'a']", "9.7", "1:9", "path"),
    ("[EXISTS a:b = 1]", "9.6", "1:13", "AND, OR"),
    ("[a:b EXISTS]", "9.6.1", "1:6", "operator"),
    ("[a:b > true]", "9.6.1", "1:8", "order"),
    ("[a:b LIKE 5]", "9.6.1", "1:11", "string"),
    ("[a:b MATCHES h'00']", "9.6.1", "1:14", "string"),
    ("[a:b MATCHES /x/]", "9.4", "1:14", "'/'"),
    ("[a:b IN 'x']", "9.6.1", "1:9", "set"),
    ("[a:b IN ('x',)]", "9.6.1", "1:14", "constant"),
    ("[a:b IN ('x' 'y')]", "9.6.1", "1:14", ", or )"),
    ("[a:b IN ('x', 1)]", "9.6.1", "1:15", "one type"),
    ("[a:b IN (1, true)]", "9.6.1", "1:13", "one type"),
    ("[a:b IN (('x'))]", "9.6.1", "1:10", "constant"),
    ("[a:b = ('x')]", "9.6.1", "1:8", "constant"),
    ("[ipv4-addr:value ISSUBSET 5]", "9.6.1", "1:27", "string"),
    ("[ipv4-addr:value ISSUBSET '198.51.100.0/33']", "9.6.1", "1:27", "network"),
    ("[ipv4-addr:value ISSUBSET '198.51.100.0/255.255.255.0']", "9.6.1", "1:27", "network"),
    ("[ipv4-addr:value ISSUBSET '2001:db8::/32']", "9.6.1", "1:27", "ipv4"),
    ("[ipv6-addr:value ISSUPERSET '198.51.100.0/24']", "9.6.1", "1:29", "ipv6"),
    ("[ipv6-addr:value ISSUPERSET 'fe80::1%eth0']", "9.6.1", "1:29", "network"),
    ("[network-traffic:dst_ref.value ISSUBSET 'example.com']", "9.6.1", "1:41", "network"),
    # §9.7 object paths
    ("[file.size = 1]", "9.7", "1:6", "path"),
    ("[file = 1]", "9.7", "1:2", "path"),
    ("[file: = 1]", "9.7", "1:6", "path"),
    ("[:size = 1]", "9.7", "1:2", "path"),
    ("[file:hashes.SHA-256 = 'x']", "9.7", "1:17", "apostrophes"),
    ("[file:hashes.windows-x = 'x']", "9.7", "1:21", "apostrophes"),
    ("[file:size = -x]", "9.4", "1:14", "no meaning"),
    ("[file:hashes. = 'x']", "9.7", "1:13", "path"),
    ("[file:a..b = 'x']", "9.7", "1:8", "path"),
    ("[file:'' = 1]", "9.7", "1:7", "name"),
    ("[file:a[01] = 1]", "9.7.2", "1:8", "index"),
    ("[file:a[99999999999999999999] = 1]", "9.7.2", "1:8", "index"),
    ("[file:a[-1] = 1]", "9.6.1", "1:8", "operator"),
    ("[file:a[] = 1]", "9.6.1", "1:8", "operator"),
    ("[file:a['b'] = 1]", "9.6.1", "1:8", "operator"),
    ("[file:[0] = 1]", "9.7", "1:6", "path"),
    ("[1file:size = 1]", "9.7", "1:2", "path"),
    ("[file:größe = 1]", "9.4", "1:9", "ö"),
    # §9.4: the language has no comments
    ("[a:b = 1] /* no */", "9.4", "1:11", "'/'"),
]


@pytest.mark.parametrize(("text", "clause", "where", "word"), REFUSED)
def test_what_breaks_a_rule_is_refused_with_clause_place_and_remedy(
    text: str, clause: str, where: str, word: str
) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    error = refused.value
    assert (error.rule, error.where) == (f"STIX 2.1 §{clause}", where)
    assert word in error.message
    assert error.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[a:b = 1] within 5 SECONDS", "WITHIN"),
        ("[NOT a:b = 1]", "NOT = 1"),
        ("[file:hashes.SHA-256 = 'x']", "'SHA-256'"),
        (r"[a:b = 'C:\x']", r"C:\\Windows"),
        ("[a:b = 1 AND c:d = 2]", "] AND ["),
    ],
)
def test_the_remedy_says_what_to_write(text: str, remedy: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    ("fits", "beyond", "cap"),
    [
        (f"[a:b = '{'x' * 16_374}']", f"[a:b = '{'x' * 16_375}']", "16 KiB"),
        (f"[a:b = '{'é' * 8_187}']", f"[a:b = '{'é' * 8_188}']", "16 KiB"),
        (f"[{'a:b=1 OR ' * 255}a:b=1]", f"[{'a:b=1 OR ' * 256}a:b=1]", "256 comparisons"),
        (f"[{'a:b=1 ] OR [ ' * 255}a:b=1]", f"[{'a:b=1 ] OR [' * 256}a:b=1]", "256 comparisons"),
        (f"{'(' * 16}[a:b=1]{')' * 16}", f"{'(' * 17}[a:b=1]{')' * 17}", "16 deep"),
        (f"[{'(' * 16}a:b=1{')' * 16}]", f"[{'(' * 17}a:b=1{')' * 17}]", "16 deep"),
        (f"{'(' * 8}[{'(' * 8}a:b=1{')' * 8}]{')' * 8}", f"{'(' * 8}[{'(' * 9}a:b=1{')' * 9}]{')' * 8}", "16 deep"),
    ],
    ids=["bytes", "bytes of UTF-8", "alternatives", "observations", "around", "within", "both"],
)
def test_each_cap_is_named_where_it_is_passed(fits: str, beyond: str, cap: str) -> None:
    assert parse(fits).comparisons
    with pytest.raises(TooLarge, match=cap):
        parse(beyond)


def test_parentheses_side_by_side_are_not_deep() -> None:
    assert len(parse(f"[{' OR '.join(['((a:b = 1))'] * 100)}]").comparisons) == 100


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("[ipv4addr:value = 'x']", "ipv4addr is not an object type"),
        ("[x-usb:serial = 'x']", "x-usb is not an object type"),
        ("[file:file_name = 'x']", "file has no property 'file_name'"),
        ("[EXISTS process:name]", "process has no property 'name'"),
        ("[file:hashes.SHA256 = 'x']", "'SHA256' is not in the hash-algorithm-ov of STIX 2.1 §10.7; 'SHA-256' is"),
        ("[file:hashes.imphash = 'x']", "'imphash' is not in the hash-algorithm-ov"),
        ("[file:hashes.MD5 = 'f00']", "'f00' is no MD5 hash of 32 hex digits"),
        (f"[file:hashes.MD5 = '{'g' * 32}']", "is no MD5 hash"),
        (f"[file:hashes.'SHA-256' IN ('{'a' * 64}', 'b')]", "'b' is no SHA-256 hash"),
        ("[file:hashes.MD5 = 5]", "'5' is no MD5 hash"),
        ("[file:size == 1]", "== is not in STIX"),
        ("[file:size <> 1]", "<> is not in STIX"),
        ("[file:size IN ()]", "nothing matches"),
        ("[ipv4-addr:x_a ISSUBSET '198.51.100.0/24']", "ISSUBSET applies to"),
        ("[url:value = 'a'] START t'2020-01-01T00:00:00Z' STOP t'2020-01-01T00:00:00Z'", "is empty"),
    ],
)
def test_what_probably_matches_nothing_is_warned_about_once(text: str, warning: str) -> None:
    warnings = parse(text).warnings
    assert len([told for told in warnings if warning in told]) == 1


def test_the_same_warning_is_not_repeated() -> None:
    assert parse("[foo:bar = 'x' OR foo:bar = 'y'] OR [foo:bar > 1]").warnings == (
        "foo is not an object type of STIX 2.1 §6",
    )


def test_spellings_of_equality_outside_the_standard_mean_the_same() -> None:
    assert (only("file:size == 1").operator, only("file:size <> 1").operator) == ("=", "!=")
