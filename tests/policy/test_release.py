"""May this viewer read it? Against the reference over a whole small universe, against SQL, and by its laws."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given

from shieldwall.policy import ANONYMOUS, Audience, Viewer, derivation, may_read, scope_terms, since
from tests.policy.reference import Tree, holds, trees, written
from tests.policy.worlds import TOKENS, VIEWERS, at_rest, audiences, viewer, viewers

SCOPE = """
SELECT c.id FROM collection c
 WHERE c.needs = (SELECT count(DISTINCT t.conjunct) FROM term t JOIN held h ON h.token = t.token
                   WHERE t.collection = c.id AND NOT t.excluded)
   AND NOT EXISTS (SELECT 1 FROM term t JOIN held h ON h.token = t.token WHERE t.collection = c.id AND t.excluded)
"""


def small_universe() -> Iterator[tuple[Tree, Audience]]:
    """Every address of up to three tokens, alone and with a nation excluded."""
    tokens = tuple(t for t in TOKENS if t != "group:energy#2")
    for tree in chain(trees(tokens, 1), trees(tokens, 2), trees(tokens, 3)):
        yield tree, at_rest(written(tree))
    for tree in chain(trees(tokens[1:2] + tokens[4:], 1), trees(tokens[1:2] + tokens[4:], 2)):
        excluding: Tree = ("&", tree, "!nation:tr")
        yield excluding, at_rest(written(excluding))


def test_every_viewer_of_a_small_universe_reads_what_the_reference_says() -> None:
    cases = 0
    for tree, audience in small_universe():
        for one in VIEWERS:
            expected = holds(frozenset(one.tokens), tree)
            assert bool(may_read(one, audience)) is expected, (one.tokens, written(tree))
            cases += 1
    assert cases > 100_000


def test_scope_terms_let_sql_find_the_very_collections_that_may_be_read() -> None:
    every = list({audience.key: audience for _, audience in small_universe()}.values())
    database = sqlite3.connect(":memory:")
    database.executescript(
        "CREATE TABLE collection (id, needs); CREATE TABLE term (collection, conjunct, token, excluded)"
    )
    database.execute("CREATE TABLE held (token)")
    for number, audience in enumerate(every):
        rows = scope_terms(audience)
        needs = len({conjunct for conjunct, _, excluded in rows if not excluded})
        database.execute("INSERT INTO collection VALUES (?, ?)", (number, needs))
        database.executemany("INSERT INTO term VALUES (?, ?, ?, ?)", [(number, *row) for row in rows])
    database.execute("CREATE INDEX term_of ON term (collection, token)")
    for one in VIEWERS[::7]:
        database.execute("DELETE FROM held")
        database.executemany("INSERT INTO held VALUES (?)", [(token,) for token in one.tokens])
        found = {row[0] for row in database.execute(SCOPE)}
        assert found == {number for number, audience in enumerate(every) if may_read(one, audience)}


@given(viewers(), audiences(), audiences())
def test_narrowing_never_lets_anyone_in(one: Viewer, a: Audience, b: Audience) -> None:
    assert bool(may_read(one, a.narrowed_by(b))) is (bool(may_read(one, a)) and bool(may_read(one, b)))


@given(viewers(), audiences())
def test_losing_a_token_never_lets_anyone_in_where_no_nation_is_excluded(one: Viewer, audience: Audience) -> None:
    for token in one.tokens:
        rest = viewer(*(held for held in one.tokens if held != token))
        assert may_read(one, audience) or not may_read(rest, audience)


@given(viewers(), audiences())
def test_the_derivation_says_what_the_verdict_decides(one: Viewer, audience: Audience) -> None:
    verdict = may_read(one, audience)
    lines = derivation(one, audience)
    assert verdict.reasons == tuple(lines)
    assert len(lines) == len(audience.conjuncts)
    assert bool(verdict) is not any(line.startswith(("lacking", "kept out")) for line in lines)


def test_a_refusal_tells_which_condition_was_lacking() -> None:
    verdict = may_read(viewer("public", "nation:no"), at_rest("nation:no&(group:energy#1|group:water#4)"))
    assert verdict.lacking == {"group:energy#1", "group:water#4"}
    assert verdict.reasons == ("lacking: group:energy or group:water", "held: nation:no")


def test_the_anonymous_read_what_is_public_and_nothing_else() -> None:
    assert may_read(ANONYMOUS, at_rest("public"))
    assert not may_read(ANONYMOUS, at_rest("community"))
    assert may_read(ANONYMOUS, at_rest("public|group:energy#1"))


def test_an_excluded_nation_is_kept_out_of_what_it_would_read() -> None:
    audience = at_rest("community&!nation:tr")
    assert may_read(viewer("public", "community", "nation:no"), audience)
    assert may_read(viewer("public", "community"), audience), "an alliance body is of no nation"
    refusal = may_read(viewer("public", "community", "nation:tr"), audience)
    assert not refusal and refusal.reasons == ("held: community", "kept out: nation:tr")


def test_a_company_reads_what_its_nation_is_sent_but_not_what_the_national_cert_is() -> None:
    company = viewer("public", "community", "nation:no", "member:fjordkraft", member="fjordkraft")
    assert may_read(company, at_rest("nation:no"))
    assert not may_read(company, at_rest("member:norcert"))


def test_an_old_volume_does_not_open_the_new_one_nor_the_new_the_old() -> None:
    assert not may_read(viewer("group:energy#2"), at_rest("group:energy#1"))
    assert not may_read(viewer("group:energy#1"), at_rest("group:energy#2"))


def test_a_right_begins_when_its_last_condition_was_met() -> None:
    one = Viewer("key:1", "acme", "no", {"public": 0, "nation:no": 5, "group:a#1": 90, "group:b#1": 40}, frozenset())
    assert since(one, at_rest("nation:no")) == 5
    assert since(one, at_rest("nation:no&(group:a#1|group:b#1)")) == 40
    assert since(one, at_rest("nation:no&group:a#1")) == 90
    with pytest.raises(ValueError):
        since(one, at_rest("group:c#1"))


def test_a_verdict_in_a_log_names_no_viewer() -> None:
    verdict = may_read(viewer("person:kari"), at_rest("group:energy#1"))
    assert "kari" not in repr(verdict) and "kari" not in str(verdict)
