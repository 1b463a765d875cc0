"""Proofs: what holds is accepted, and nothing else. Refereed by pymerkle."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from shieldwall.merkle import EMPTY_ROOT, Tree, node_hash, verify_consistency, verify_inclusion
from tests.merkle.reference import Log, defined_consistency, defined_inclusion, made_leaves

FEW = 64
CHANCE = random.Random(9162)
MANY = made_leaves(70_000)


def flipped(value: bytes) -> Iterator[bytes]:
    """`value` with each of its bytes changed, one at a time."""
    for at in range(len(value)):
        yield value[:at] + bytes([value[at] ^ (1 << at % 8)]) + value[at + 1 :]


def spoiled(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Every proof that differs from `proof` in one byte, one step or one place."""
    for at, step in enumerate(proof):
        yield from ([*proof[:at], wrong, *proof[at + 1 :]] for wrong in flipped(step))
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], step[:31], *proof[at + 1 :]]
        yield [*proof[:at], step, *proof[at:]]
    yield [*proof, bytes(32)]


@pytest.fixture(scope="module")
def tree(log_of_a_thousand: Log) -> Tree:
    return log_of_a_thousand.tree()


@pytest.mark.parametrize("size", range(1, FEW + 1))
def test_every_leaf_of_every_small_tree_is_proved_at_its_place_alone(
    tree: Tree, thousand: list[bytes], size: int
) -> None:
    root = tree.root(size)
    for index in range(size):
        proof = tree.inclusion(index, size)
        for place in range(size):
            assert verify_inclusion(thousand[index], place, size, proof, root) == (place == index)


def test_sampled_leaves_of_every_tree_to_a_thousand_are_proved(tree: Tree, thousand: list[bytes]) -> None:
    for size in range(1, 1001):
        root = tree.root(size)
        for index in {0, size - 1, size // 2, *(CHANCE.randrange(size) for _ in range(3))}:
            assert verify_inclusion(thousand[index], index, size, tree.inclusion(index, size), root)


def test_every_pair_of_small_trees_is_proved_consistent(tree: Tree) -> None:
    roots = [tree.root(size) for size in range(FEW + 1)]
    for new in range(FEW + 1):
        for old in range(new + 1):
            proof = tree.consistency(old, new)
            assert verify_consistency(old, roots[old], new, roots[new], proof)
            assert not verify_consistency(old, roots[old - 1], new, roots[new], proof)
            assert old in (0, new) or not verify_consistency(old, roots[old], new, roots[new - 1], proof)


def test_sampled_pairs_of_trees_to_a_thousand_are_proved_consistent(tree: Tree) -> None:
    roots = [tree.root(size) for size in range(1001)]
    for new in range(1, 1001):
        for old in {1, new - 1 or 1, new // 2 or 1, *(CHANCE.randint(1, new) for _ in range(3))}:
            assert verify_consistency(old, roots[old], new, roots[new], tree.consistency(old, new))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (1, 3), (6, 7), (63, 64), (700, 1000), (999, 1000)])
def test_an_inclusion_proof_with_any_byte_flipped_is_refused(
    tree: Tree, thousand: list[bytes], index: int, size: int
) -> None:
    leaf, root, proof = thousand[index], tree.root(size), tree.inclusion(index, size)
    assert verify_inclusion(leaf, index, size, proof, root)
    assert not any(verify_inclusion(wrong, index, size, proof, root) for wrong in flipped(leaf))
    assert not any(verify_inclusion(leaf, index, size, proof, wrong) for wrong in flipped(root))
    assert not any(verify_inclusion(leaf, index, size, wrong, root) for wrong in spoiled(proof))


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (32, 64), (255, 1000), (512, 1000)])
def test_a_consistency_proof_with_any_byte_flipped_is_refused(tree: Tree, old: int, new: int) -> None:
    was, now, proof = tree.root(old), tree.root(new), tree.consistency(old, new)
    assert verify_consistency(old, was, new, now, proof)
    assert not any(verify_consistency(old, wrong, new, now, proof) for wrong in flipped(was))
    assert not any(verify_consistency(old, was, new, wrong, proof) for wrong in flipped(now))
    assert not any(verify_consistency(old, was, new, now, wrong) for wrong in spoiled(proof))


def test_proofs_are_those_that_rfc_9162_defines(tree: Tree, thousand: list[bytes]) -> None:
    for new in (*range(1, FEW + 1), 100, 257):
        for old in range(1, new + 1):
            assert tree.inclusion(old - 1, new) == defined_inclusion(old - 1, thousand[:new])
            assert tree.consistency(old, new) == defined_consistency(old, thousand[:new])


def test_a_rewritten_log_cannot_prove_that_it_only_grew(thousand: list[bytes]) -> None:
    honest, rewritten = Log(), Log()
    honest.append(thousand[:500])
    rewritten.append([*thousand[:123], bytes(32), *thousand[124:]])
    proof = rewritten.tree().consistency(500, 1000)
    assert not verify_consistency(500, honest.frontier.root(), 1000, rewritten.frontier.root(), proof)


def test_an_inner_node_is_no_leaf(thousand: list[bytes], tree: Tree) -> None:
    node = node_hash(thousand[0], thousand[1])
    assert not verify_inclusion(node, 0, 4, tree.inclusion(0, 4)[1:], tree.root(4))


def test_between_equal_sizes_only_equal_roots_and_no_proof_will_do(thousand: list[bytes]) -> None:
    root, other = thousand[0], thousand[1]
    assert verify_consistency(5, root, 5, root, [])
    assert not verify_consistency(5, root, 5, other, [])
    assert not verify_consistency(5, root, 5, root, [other])
    assert verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not verify_consistency(0, root, 0, root, [])


def test_from_the_empty_tree_every_tree_grows(thousand: list[bytes]) -> None:
    assert verify_consistency(0, EMPTY_ROOT, 5, thousand[0], [])
    assert not verify_consistency(0, thousand[1], 5, thousand[0], [])
    assert not verify_consistency(0, EMPTY_ROOT, 5, thousand[0], [thousand[1]])


def test_a_proof_that_leads_on_past_the_root_of_its_size_is_refused(thousand: list[bytes]) -> None:
    a, b, c, d = thousand[:4]
    assert not verify_inclusion(a, 0, 1, [b], node_hash(b, a))
    was, now = node_hash(a, b), node_hash(a, node_hash(b, c))
    assert verify_consistency(3, was, 4, now, [b, c, a])
    assert not verify_consistency(3, node_hash(d, was), 4, node_hash(d, now), [b, c, a, d])


def test_a_proof_that_ends_before_the_root_of_its_size_is_refused(thousand: list[bytes]) -> None:
    a, b = thousand[:2]
    assert not verify_inclusion(a, 0, 4, [b], node_hash(a, b))
    assert not verify_consistency(1, a, 4, node_hash(a, b), [b])


def test_bytes_moved_between_a_leaf_and_its_sibling_are_noticed(thousand: list[bytes]) -> None:
    a, b = thousand[:2]
    assert not verify_inclusion(a[:31], 0, 2, [a[31:] + b], node_hash(a, b))
    assert not verify_consistency(1, a[:31], 2, node_hash(a, b), [a[31:] + b])


def test_no_proof_at_all_proves_no_growth(tree: Tree) -> None:
    for new in range(2, FEW):
        for old in range(1, new):
            assert not verify_consistency(old, tree.root(old), new, tree.root(new), [])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (0, -1)])
def test_impossible_sizes_prove_nothing(old: int, new: int) -> None:
    assert not verify_consistency(old, EMPTY_ROOT, new, EMPTY_ROOT, [])


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (5, 3)])
def test_impossible_places_prove_nothing(index: int, size: int) -> None:
    assert not verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


@given(st.binary(max_size=40), st.integers(-2, 70), st.integers(-2, 70), st.lists(st.binary(max_size=33), max_size=9))
def test_noise_proves_nothing_and_breaks_nothing(noise: bytes, first: int, second: int, proof: list[bytes]) -> None:
    root = made_leaves(1)[0]
    assert not verify_inclusion(noise, first, second, proof, root)
    assert not verify_consistency(first, noise, second, root, proof) or (first == 0 and noise == EMPTY_ROOT)


@given(st.integers(1, 70_000), st.data())
def test_proofs_hold_in_trees_of_any_size(big: Log, size: int, data: st.DataObject) -> None:
    tree, index = big.tree(), data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index, size)
    assert len(proof) <= (size - 1).bit_length()
    assert verify_inclusion(MANY[index], index, size, proof, tree.root(size))
    assert verify_consistency(index, tree.root(index), size, tree.root(size), tree.consistency(index, size))


@pytest.fixture(scope="module")
def big() -> Log:
    log = Log()
    log.append(MANY)
    return log


class Referee(InmemoryTree):  # type: ignore[misc]
    """pymerkle's tree over leaf hashes that are given, not computed."""

    def hash_buff(self, data: bytes) -> bytes:
        return data


@pytest.fixture(scope="module")
def referee(thousand: list[bytes]) -> Referee:
    return Referee.init_from_entries(thousand)


def test_pymerkle_finds_the_same_roots(tree: Tree, referee: Referee) -> None:
    assert [tree.root(size) for size in range(1001)] == [referee.get_root(size) for size in range(1001)]


def test_pymerkle_gives_the_same_inclusion_proofs(tree: Tree, referee: Referee) -> None:
    for size in (*range(1, 34), 255, 256, 257, 511, 777, 1000):
        for index in {0, size - 1, *(CHANCE.randrange(size) for _ in range(8))}:
            theirs = referee.prove_inclusion(index + 1, size)
            assert theirs.path[1:] == tree.inclusion(index, size)


def test_pymerkle_proves_our_roots_consistent(tree: Tree, referee: Referee) -> None:
    # Where the old tree ends at a split, pymerkle walks another path than the standard's: compared are roots.
    for new in (*range(2, 34), 255, 256, 257, 511, 777, 1000):
        for old in {1, new - 1, *(CHANCE.randrange(1, new) for _ in range(8))}:
            referee.prove_consistency(old, new).verify(tree.root(old), tree.root(new), old, new)
