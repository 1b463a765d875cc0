"""The tree: its hashes, its growth, its tiles, against the standard's definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.errors import BadInput, StoreError
from shieldwall.merkle import EMPTY, EMPTY_ROOT, Frontier, Tree, grow, leaf_hash, node_hash
from tests.merkle.reference import Log, defined_root, made_leaves

MANY = made_leaves(70_000)


def test_a_leaf_is_hashed_as_the_design_says() -> None:
    salt, header, body = bytes(range(32)), b"header", b"body"
    assert leaf_hash(salt, header, body) == sha256(b"\x00" + salt + b"\x00\x00\x00\x06headerbody").digest()


def test_a_node_is_hashed_as_rfc_9162_says() -> None:
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_the_empty_tree_has_the_root_that_rfc_9162_gives() -> None:
    assert EMPTY.root() == EMPTY_ROOT == sha256(b"").digest()
    assert Tree(0, lambda level, index: b"").root(0) == EMPTY_ROOT


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="salt"):
        leaf_hash(b"s" * length, b"", b"")


@given(st.binary(max_size=40), st.binary(max_size=40), st.integers(0, 40))
def test_a_byte_moved_between_header_and_body_changes_the_leaf(header: bytes, body: bytes, at: int) -> None:
    whole, salt = header + body, bytes(32)
    moved = leaf_hash(salt, whole[:at], whole[at:])
    assert (moved == leaf_hash(salt, header, body)) == (len(whole[:at]) == len(header))


def test_every_root_up_to_a_thousand_is_the_one_defined(thousand: list[bytes], log_of_a_thousand: Log) -> None:
    frontier, tree = EMPTY, log_of_a_thousand.tree()
    for size in range(1001):
        expected = defined_root(thousand[:size])
        assert frontier.size == size
        assert frontier.root() == tree.root(size) == expected
        frontier = frontier.extended(thousand[size : size + 1])


@given(st.lists(st.integers(0, 600), max_size=8))
def test_batches_in_any_cut_give_one_tree(sizes: list[int]) -> None:
    at_once, by_batches, total = Log(), Log(), sum(sizes)
    at_once.append(MANY[:total])
    start = 0
    for size in sizes:
        by_batches.append(MANY[start : start + size])
        start += size
    assert by_batches.frontier == at_once.frontier == EMPTY.extended(MANY[:total])
    assert by_batches.tiles == at_once.tiles


def test_a_tree_of_three_levels_of_tiles_has_the_defined_root() -> None:
    log = Log()
    log.append(MANY[:65_000])
    log.append(MANY[65_000:])
    assert (2, 0) in log.tiles
    assert log.tree().root(70_000) == log.frontier.root() == defined_root(MANY)


def test_tiles_hold_the_leaves_and_above_them_the_roots_of_full_tiles(thousand: list[bytes]) -> None:
    log = Log()
    log.append(thousand)
    assert {place: len(hashes) // 32 for place, hashes in log.tiles.items()} == {
        (0, 0): 256, (0, 1): 256, (0, 2): 256, (0, 3): 232, (1, 0): 3,
    }  # fmt: skip
    assert b"".join(log.tiles[0, index] for index in range(4)) == b"".join(thousand)
    assert log.tiles[1, 0] == b"".join(defined_root(thousand[at : at + 256]) for at in (0, 256, 512))


@pytest.mark.parametrize(
    ("size", "more", "written", "read"),
    [
        (0, 0, [], []),
        (0, 1, [(0, 0)], []),
        (255, 1, [(0, 0), (1, 0)], [(0, 0)]),
        (256, 1, [(0, 1)], []),
        (257, 0, [], []),
        (300, 10, [(0, 1)], [(0, 1)]),
        (512, 256, [(0, 2), (1, 0)], [(1, 0)]),
        (65_535, 1, [(0, 255), (1, 0), (2, 0)], [(0, 255), (1, 0)]),
        (65_536, 2, [(0, 256)], []),
    ],
)
def test_an_append_reads_unfinished_tiles_and_writes_changed_ones_only(
    size: int, more: int, written: list[tuple[int, int]], read: list[tuple[int, int]]
) -> None:
    log = Log()
    log.append(MANY[:size])
    log.reads.clear()
    assert log.append(MANY[size : size + more]) == written
    assert log.reads == read


def test_a_lost_tail_of_a_tile_is_noticed_and_not_built_upon(thousand: list[bytes]) -> None:
    log = Log()
    log.append(thousand[:300])
    log.tiles[0, 1] = log.tiles[0, 1][:-32]
    with pytest.raises(StoreError, match="tile 0/1 should hold 44 hashes but holds 43"):
        log.append(thousand[300:310])
    with pytest.raises(StoreError, match="tile 0/1"):
        log.tree().root(300)


def test_a_longer_tile_than_the_tree_knows_is_read_up_to_its_size(thousand: list[bytes]) -> None:
    log = Log()
    log.append(thousand)
    assert Tree(300, log.read_tile).root(300) == defined_root(thousand[:300])
    again = grow(EMPTY.extended(thousand[:300]), thousand[300:400], log.read_tile)
    assert again.tiles == [(0, 1, b"".join(thousand[256:400]))]


@given(st.integers(0, 3000))
def test_a_frontier_survives_storing(size: int) -> None:
    frontier = EMPTY.extended(MANY[:size])
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b + b"x" * 32, lambda b: b"", lambda b: b"\0" + b[:-1]])
def test_a_damaged_frontier_is_noticed(damage, thousand: list[bytes]) -> None:  # type: ignore[no-untyped-def]
    stored = EMPTY.extended(thousand).to_bytes()
    with pytest.raises(StoreError, match="frontier"):
        Frontier.from_bytes(damage(stored))


def test_what_the_tree_does_not_have_cannot_be_asked(log_of_a_thousand: Log) -> None:
    tree = log_of_a_thousand.tree()
    for impossible in (
        lambda: tree.root(1001),
        lambda: tree.root(-1),
        lambda: tree.inclusion(10, 10),
        lambda: tree.inclusion(-1, 10),
        lambda: tree.inclusion(0, 0),
        lambda: tree.inclusion(5, 1001),
        lambda: tree.consistency(5, 4),
        lambda: tree.consistency(-1, 4),
        lambda: tree.consistency(5, 1001),
    ):
        with pytest.raises(BadInput):
            impossible()


def test_proofs_in_a_large_tree_read_each_tile_once() -> None:
    log = Log()
    log.append(MANY)
    log.reads.clear()
    tree = log.tree()
    tree.inclusion(12_345, 70_000)
    tree.inclusion(12_346, 70_000)
    tree.consistency(12_345, 70_000)
    assert len(log.reads) == len(set(log.reads)) <= 6
