"""The policy again, from tables and truth values only: what the real one is compared with.

Nothing of `shieldwall.policy` is imported. An address is a tree, ("&", left, right), ("|", left, right) or a token,
read by its truth value for a set of tokens; markings and caps are letters in a grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

Tree = str | tuple[str, "Tree", "Tree"]


def written(tree: Tree) -> str:
    return tree if isinstance(tree, str) else f"({written(tree[1])}{tree[0]}{written(tree[2])})"


def holds(tokens: frozenset[str], tree: Tree) -> bool:
    if isinstance(tree, str):
        return tree[1:] not in tokens if tree[0] == "!" else tree in tokens
    left, right = holds(tokens, tree[1]), holds(tokens, tree[2])
    return left and right if tree[0] == "&" else left or right


def trees(tokens: tuple[str, ...], leaves: int) -> Iterator[Tree]:
    """Every tree with so many leaves."""
    if leaves == 1:
        yield from tokens
        return
    for split in range(1, leaves):
        yield from product("&|", trees(tokens, split), trees(tokens, leaves - split))


def token_sets(free: tuple[str, ...], one_of: tuple[tuple[str, ...], ...] = ()) -> list[frozenset[str]]:
    """Every set of the free tokens, with at most one from each of the groups of exclusive ones."""
    sets = [frozenset[str]()]
    for token in free:
        sets += [held | {token} for held in sets]
    for exclusive in one_of:
        sets += [held | {token} for held in sets for token in exclusive]
    return sets


# Which kinds may make up the one conjunct that keeps a marking's promise.
CEILING = """
              public community nation group member case seat person
CLEAR         yes    yes       yes    yes   yes    yes  yes  yes
GREEN         no     yes       yes    yes   yes    yes  yes  yes
AMBER         no     no        yes    yes   yes    yes  yes  yes
AMBER_STRICT  no     no        yes    yes   yes    yes  yes  yes
RED           no     no        no     no    no     no   no   yes
"""

# Who may put a token into an address: anyone, whoever holds it, or people only.
ADDRESSING = """
              public community nation group member case seat person
              people holders   anyone holders anyone holders holders anyone
"""

REACH = """
              public community nation group member case seat person
              5      4         3      2     1      2    2    1
"""

CAPS = ("own", "named", "group", "nation", "community", "public")


def _grid(text: str) -> dict[str, dict[str, str]]:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return {row[0] if len(row) > len(head) else "": dict(zip(head, row[-len(head) :], strict=True)) for row in rows}


_CEILING, _ADDRESSING, _REACH = _grid(CEILING), _grid(ADDRESSING)[""], _grid(REACH)[""]


def kind_of(token: str) -> str:
    return token.split(":")[0]


def refusal_of_append(
    *,
    is_person: bool,
    may_submit: bool,
    member: str,
    tokens: frozenset[str],
    cap: str,
    clauses: tuple[tuple[str, ...], ...],
    tlp: str | None,
    unknown: bool,
) -> str:
    """The name of the first rule that refuses, '' if none does. `clauses` are all to be met, by any of their tokens."""
    if not may_submit:
        return "scope"
    for clause in clauses:
        for token in sorted(clause):
            rule = _ADDRESSING[kind_of(token)]
            if rule == "people" and not is_person:
                return "address-public"
            if rule == "holders" and token not in tokens:
                return "address"
    reaches = [max(0 if t == f"member:{member}" else int(_REACH[kind_of(t)]) for t in clause) for clause in clauses]
    if min(reaches) > CAPS.index(cap):
        return "cap"
    return _refusal_of_marking(clauses, tlp, unknown)


def _refusal_of_marking(clauses: tuple[tuple[str, ...], ...], tlp: str | None, unknown: bool) -> str:
    if tlp is None:
        return ""
    raised = unknown and tlp in ("CLEAR", "GREEN", "AMBER")
    row = _CEILING["AMBER_STRICT" if raised else tlp]
    if any(all(row[kind_of(token)] == "yes" for token in clause) for clause in clauses):
        return ""
    return "marking-unknown" if raised else "tlp-ceiling"
