"""What the strict loader takes, and what it refuses where (THREATS.md 6.1, T26)."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shieldwall.errors import BadInput, TooLarge
from shieldwall.stix import load

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
LEAVES = st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


def refusal(raw: bytes) -> BadInput:
    with pytest.raises(BadInput) as refused:
        load(raw)
    return refused.value


@given(TREES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_sound_json_of_any_spacing_loads_as_python_reads_it(tree: Any, indent: Any, ascii_only: bool) -> None:
    raw = json.dumps(tree, indent=indent, ensure_ascii=ascii_only).encode()
    assert load(raw) == json.loads(raw)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'"\\ud800"')
@example(b"1" * 5000)
@example(b"-")
def test_any_bytes_load_or_are_refused_with_rule_and_place(raw: bytes) -> None:
    try:
        load(raw)
    except BadInput as refused:
        assert refused.rule.startswith("json") and refused.where


@given(TREES, st.data())
def test_a_key_written_twice_is_found_wherever_it_stands(tree: Any, data: st.DataObject) -> None:
    objects = [node for node in nodes(tree) if isinstance(node, dict) and node]
    assume(objects)
    twice = data.draw(st.sampled_from(objects))
    key = data.draw(st.sampled_from(sorted(twice)))
    gap = data.draw(st.sampled_from(["", " ", "\n\t"]))
    raw = write(tree, twice, key, gap).encode()
    assert refusal(raw).rule == "json-duplicate"


def nodes(tree: Any) -> list[Any]:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [tree, *(node for part in inner for node in nodes(part))]


def write(tree: Any, twice: Any, key: str, gap: str) -> str:
    """JSON text in which the object `twice` has `key` two times."""
    if isinstance(tree, list):
        return "[" + ",".join(write(item, twice, key, gap) for item in tree) + "]"
    if not isinstance(tree, dict):
        return json.dumps(tree)
    pairs = [(name, value) for name, value in tree.items()]
    if tree is twice:
        pairs.append((key, 1))
    return "{" + ",".join(f"{json.dumps(name)}{gap}:{write(value, twice, key, gap)}" for name, value in pairs) + "}"


@pytest.mark.parametrize(
    ("raw", "rule", "where"),
    [
        (b'{"a":{"b":1,"b":2}}', "json-duplicate", "$.a.b"),
        (b'{"a":1,"\\u0061":2}', "json-duplicate", "$.a"),
        (b'{"a":1,"a" :2,"x":"\\":"}', "json-duplicate", "$.a"),
        (b'{"a\\\\":1,"a\\\\":2}', "json-duplicate", "$.a\\"),
        (b'[{"a":NaN}]', "json-number", "line 1 column 7"),
        (b"[-Infinity]", "json-number", "line 1 column 3"),
        (b"[1e400]", "json-number", "line 1 column 2"),
        (b'{"a":[0,9007199254740992]}', "json-number", "$.a[1]"),
        (b'{"a":-9007199254740992}', "json-number", "$.a"),
        (b'{"a":123456789012345678901234567890}', "json-number", "$.a"),
        (b'["\\ud800"]', "json-surrogate", "line 1 column 3"),
        (b'{"a":"x\\u0000y"}', "json-nul", "$.a"),
        (b'{"a\\u0000":1}', "json-nul", "$.a\\u0000"),
        (b'["\xff"]', "json-utf8", "byte 3"),
        (b"\xef\xbb\xbf{}", "json", "byte 1"),
        (b'{"a":1,}', "json", "line 1 column 7"),
        (b"", "json", "line 1 column 1"),
        (b"[" * 33 + b"]" * 33, "json-depth", "$" + "[0]" * 32),
        (b'{"name":"' + b"x" * 65_537 + b'"}', "json-string", "$.name"),
        (b'{"name":"' + "é".encode() * 32_769 + b'"}', "json-string", "$.name"),
        (b'{"description":"' + b"x" * 262_145 + b'"}', "json-string", "$.description"),
        (b'{"' + b"k" * 257 + b'":1}', "json-key", "$." + "k" * 32 + "…"),
        (b'{"a":[' + b"1," * 10_000 + b"1]}", "json-array", "$.a"),
    ],
)
def test_what_is_refused_and_where(raw: bytes, rule: str, where: str) -> None:
    refused = refusal(raw)
    assert (refused.rule, refused.where) == (rule, where)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"objects":[' + b"1," * 10_000 + b"1]}",
        b"[" + b"1," * 10_000 + b"1]",
        b'{"description":"' + b"x" * 262_144 + b'"}',
        b'{"payload_bin":"' + b"x" * 262_144 + b'"}',
        b"[" * 32 + b"]" * 32,
        b'{"text":"\\\\u0000 \\"a\\": \\"a\\" :"}',
        b'{"a":9007199254740991,"b":1e17}',
        b'{"' + b"k" * 256 + b'":1}',
    ],
)
def test_what_lies_just_within_the_limits_passes(raw: bytes) -> None:
    assert load(raw) == json.loads(raw)


def test_more_bytes_than_the_cap_are_not_even_parsed() -> None:
    with pytest.raises(TooLarge):
        load(b"not json", cap=7)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_only_finite_numbers_pass(number: float) -> None:
    raw = json.dumps(number).encode()
    if math.isfinite(number):
        assert load(raw) == number
    else:
        assert refusal(raw).rule == "json-number"
