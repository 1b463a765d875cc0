"""Objects are cut out of streams exactly as the node's own splitter cuts them, however large the stream."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.cli.remote.scanner import pieces
from shieldwall.errors import BadInput
from shieldwall.stix import split

ID = "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d"
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(alphabet='a"\\{}[],: é\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='k"}', max_size=3), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(["type", "id", "x", "objects"]), values, max_size=4)


def raws(stream: bytes, whole: int) -> list[bytes]:
    return [piece.raw for piece in pieces(io.BytesIO(stream), whole=whole)]


@given(st.lists(objects, min_size=1, max_size=6), st.sampled_from([None, 1]), st.integers(0, 60))
def test_a_large_bundle_is_cut_like_a_small_one(every: list[object], indent: int | None, whole: int) -> None:
    bundle = {"type": "bundle", "id": ID, "x_of_its_own": {"objects": [1]}, "objects": every}
    stream = json.dumps(bundle, indent=indent).encode()
    assert raws(stream, whole) == split(stream)


@given(st.lists(objects, min_size=1, max_size=4), st.integers(0, 60))
def test_lists_and_envelopes_are_cut_alike_with_the_rest_behind(every: list[object], whole: int) -> None:
    for stream in (json.dumps(every).encode(), json.dumps({"objects": every, "more": False}).encode()):
        assert raws(b" " + stream + b"\n", whole) == split(stream)


@given(
    st.lists(st.just({"type": "x"}) | st.just({"type": "y", "t": '}{"'}), max_size=5), st.sampled_from(["\n", " ", ""])
)
def test_objects_one_a_line_come_one_by_one_with_their_place(every: list[object], between: str) -> None:
    stream = between.join(json.dumps(one) for one in every).encode()
    found = list(pieces(io.BytesIO(stream)))
    assert [json.loads(piece.raw) for piece in found] == every
    assert all(stream[piece.offset :].startswith(piece.raw) for piece in found)


@pytest.mark.parametrize("whole", [0, 1 << 20])
@pytest.mark.parametrize(
    "stream",
    [
        b"{", b"[", b'{"type', b'[{"type":"x"}', b'{"objects":[{}', b'{"objects":[{},]}', b'{"objects":[{} {}]}',
        b'{"objects":[],"objects":[]}', b'{"type":"bundle","objects":[]}', b"nonsense", b"\xef\xbb\xbf{}", b'"text"',
        b"7", b'{"objects":[{}]}}', b'{"name":"neither type nor objects"}', b'{"objects" [{}]}', b"]",
    ],
)  # fmt: skip
def test_what_is_no_stix_is_refused_with_its_place(stream: bytes, whole: int) -> None:
    with pytest.raises(BadInput) as caught:
        raws(stream, whole)
    assert caught.value.where


class Endless(io.RawIOBase):
    """A bundle of `count` objects that is made while it is read."""

    def __init__(self, count: int) -> None:
        self._parts: Iterator[bytes] = iter(
            [b'{"type":"bundle","id":"%s","objects":[' % ID.encode()]
            + [b'{"type":"x","v":"' + b"v" * 1000 + b'"},'] * count
            + [b'{"type":"x"}]}']
        )
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._held) < size and (part := next(self._parts, b"")):
            self._held += part
        taken, self._held = self._held[:size], self._held[size:]
        return taken


def test_memory_stays_flat_whatever_the_length() -> None:
    tracemalloc.start()
    try:
        assert sum(1 for _ in pieces(Endless(20_000))) == 20_001
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
