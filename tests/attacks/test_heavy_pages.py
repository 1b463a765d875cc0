"""A member fills what others read with the heaviest objects there may be, so that their pages take the node down."""

from __future__ import annotations

import pytest

from shieldwall import exchange
from shieldwall.policy import Viewer
from tests.alliance import GREEN, Alliance, stix_id
from tests.exchange.doing import collection, pages, rules, send, virtual

COUNT = 30
MOST_MIB = 20


def heavy(number: int, pieces: int = 3) -> dict[str, object]:
    """A note of some 250 KiB for each of its pieces."""
    return {
        "type": "note", "spec_version": "2.1", "id": stix_id("note", f"heavy {number}"), "content": "x",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "object_refs": [stix_id("note", "light")], "object_marking_refs": [GREEN],
        **{f"x_{piece}_bin": "a" * 250 * 1024 for piece in range(pieces)},
    }  # fmt: skip


@pytest.fixture
def reader(alliance: Alliance) -> Viewer:
    """Dansk, to whom Acme sent heavy objects among the community."""
    for start in range(0, COUNT, 10):
        send(alliance.viewer("acme"), *map(heavy, range(start, start + 10)), to="community")
    return alliance.viewer("dansk")


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("everything", [True, False])
def test_a_page_holds_only_so_many_megabytes_and_the_rest_follows(
    reader: Viewer, everything: bool, bodies: bool
) -> None:
    where = virtual(reader) if everything else collection(reader, "community")
    found = list(pages(reader, where, bodies=bodies))
    assert [key.id for page in found for key in page.keys] == [stix_id("note", f"heavy {n}") for n in range(COUNT)]
    assert max(len(page.joined) for page in found) < MOST_MIB << 20
    assert len(found) == (2 if bodies else 1)


def test_objects_asked_for_by_id_come_in_such_pages_too(reader: Viewer) -> None:
    wanted = exchange.Wanted(ids=frozenset(stix_id("note", f"heavy {n}") for n in range(COUNT)))
    found = list(pages(reader, wanted=wanted))
    assert sum(len(page.keys) for page in found) == COUNT
    assert max(len(page.joined) for page in found) < MOST_MIB << 20


def test_the_log_itself_is_given_in_such_parts_too(reader: Viewer) -> None:
    where, numbers = collection(reader, "community"), []
    while True:
        logged, size = exchange.walk(reader, where, door="api", after=numbers[-1] if numbers else 0)
        assert sum(len(one.body or b"") for one in logged) < MOST_MIB << 20
        numbers += [one.number for one in logged]
        if numbers[-1] == size:
            break
    assert numbers == list(range(1, COUNT + 1))


def test_no_object_weighs_more_than_a_megabyte(alliance: Alliance) -> None:
    assert rules(send(alliance.viewer("acme"), heavy(0, pieces=5), to="community")) == ["json-size"]
