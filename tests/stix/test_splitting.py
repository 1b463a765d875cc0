"""From what arrives to the bytes of each object, none of them changed."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput, TooLarge
from shieldwall.stix import split
from tests.stix.samples import SAMPLES, identified

SPACES = st.text(" \t\r\n", max_size=3).map(str.encode)
OBJECTS = st.sampled_from(list(SAMPLES.values()))
SPELLINGS = st.sampled_from(
    [orjson.dumps, lambda o: json.dumps(o, indent=2).encode(), lambda o: json.dumps(o, sort_keys=True).encode()]
)
ITEMS = st.lists(st.tuples(OBJECTS, SPELLINGS).map(lambda pair: pair[1](pair[0])), max_size=6)
BUNDLE = f'"type":"bundle","id":"{identified("bundle")}"'.encode()


@given(ITEMS, SPACES, st.sampled_from(["bundle", "bundle, objects first", "envelope", "list"]))
def test_every_object_comes_out_as_it_was_sent(items: list[bytes], space: bytes, shell: str) -> None:
    array = b"[" + (space + b"," + space).join(items) + space + b"]"
    raw = {
        "bundle": b"{" + BUNDLE + b',"objects":' + space + array + b"}",
        "bundle, objects first": space + b'{"objects":' + array + b"," + BUNDLE + b"}",
        "envelope": b'{"more":false,"objects":' + array + b"}" + space,
        "list": space + array,
    }[shell]
    assert split(raw) == items


@given(OBJECTS, SPACES)
def test_a_single_object_stands_for_itself(obj: dict[str, Any], space: bytes) -> None:
    assert split(space + orjson.dumps(obj) + space) == [orjson.dumps(obj)]


@given(st.binary(max_size=100) | st.from_regex(rb'\s*[\[{]["\[\]{}:,a0 ]{0,40}', fullmatch=True))
def test_any_bytes_split_or_are_refused(raw: bytes) -> None:
    try:
        split(raw)
    except BadInput as refused:
        assert refused.rule and refused.where


def test_an_old_observed_data_object_is_no_envelope() -> None:
    raw = b'{"type":"observed-data","objects":{"0":{"type":"mutex","name":"a"}}}'
    assert split(raw) == [raw]


def test_one_bad_object_does_not_stop_the_others() -> None:
    assert split(b'[{"a":1,"a":2},{"b":"\xff"},{"type":"x"}]') == [b'{"a":1,"a":2}', b'{"b":"\xff"}', b'{"type":"x"}']


@pytest.mark.parametrize("raw", [b"{" + BUNDLE + b"}", b"{" + BUNDLE + b',"objects":[]}', b'{"objects":[]}', b"[]"])
def test_what_holds_nothing_gives_nothing(raw: bytes) -> None:
    assert split(raw) == []


@pytest.mark.parametrize(
    ("raw", "rule", "words"),
    [
        (b'{"type":"bundle","objects":[]}', "ST39", "no valid id"),
        (b'{"type":"bundle","id":"bundle--1","objects":[]}', "ST39", "no valid id"),
        (b"{" + BUNDLE + b',"objects":{}}', "STIX 2.1 §8.1", "no list"),
        (b"{" + BUNDLE + b',"objects":[],"objects":[{}]}', "json-duplicate", "'objects'"),
        (b"{" + BUNDLE + b',"x":1,"x":2,"objects":[]}', "json-duplicate", "'x'"),
        (b'{"response":[]}', "STIX 2.1 §3.2", "it has response"),
        (b"{}", "STIX 2.1 §3.2", "it has nothing"),
        (b'"text"', "STIX 2.1 §8", "neither"),
        (b'{"objects":[{]}', "json", "not JSON"),
        (b'{"objects":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json-depth", "deeper"),
    ],
)
def test_what_is_no_shell_is_refused_with_what_was_found(raw: bytes, rule: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        split(raw)
    assert refused.value.rule.startswith(rule) and words in refused.value.message


def test_ten_thousand_objects_are_no_too_long_list() -> None:
    assert len(split(b'{"objects":[' + b"{}," * 10_001 + b"{}]}")) == 10_002


def test_the_cap_is_the_callers() -> None:
    with pytest.raises(TooLarge):
        split(b'{"objects":[]}', cap=5)
