"""A log is verified by whoever trusts only the key; each way of tampering is found, and the entry named."""

from __future__ import annotations

import shutil
import sqlite3
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shieldwall.merkle import leaf_hash, public_key_text
from tests.alliance import AMBER, indicator
from tests.remote.conftest import Desktop, Ran, Site
from tests.server import serve

# One audience, and so one log, for each way of tampering; none that dansk reads, who verifies all of hers.
AUDIENCES = iter(
    f"member:acme|member:{one}|member:{two}"
    for one in ("fjord", "stahl", "kunde")
    for two in ("centre", "hub", "no-cert", "dk-cert")
)


class Book:
    """A log of ten entries, and who verifies it."""

    def __init__(self, site: Site, desktop: Desktop) -> None:
        self.site, self.desktop = site, desktop
        self.audience = next(AUDIENCES)
        self.collection = self.add(range(10))

    def add(self, numbers: range) -> str:
        objects = [indicator(f"203.0.113.{n}", AMBER, name=f"{self.audience} {n}") for n in numbers]
        return self.site.give("acme", self.audience, *objects)

    def verify(self, *more: str, code: int = 0) -> Ran:
        return self.desktop.run(
            "verify", "--collection", self.collection, "--public-key", self.site.public_key, *more, code=code
        )

    def fault(self, *more: str) -> tuple[int | None, str]:
        """The first bad entry that is named, and what is said of it."""
        said = self.verify("--json", *more, code=1).json
        assert said["verified"] is False
        return said["collections"][0]["first_bad"], said["collections"][0]["fault"]

    @contextmanager
    def pried_open(self) -> Iterator[Callable[[str], None]]:
        """The store without its guards: runs statements in which {low} is the position before the first entry."""
        with closing(sqlite3.connect(self.site.data / "log.db", timeout=20)) as store:
            [(number,)] = store.execute("SELECT id FROM collection WHERE uuid = ?", (self.collection,))
            guards = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                store.execute(f"DROP TRIGGER {name}")
            yield lambda statement: store.execute(statement.format(low=number << 40, number=number)) and None
            for _, text in guards:
                store.execute(text)
            store.commit()


@pytest.fixture
def book(site: Site, acme: Desktop) -> Book:
    return Book(site, acme)


def test_a_log_that_holds_is_told_in_plain_words_and_kept(book: Book) -> None:
    said = book.verify("--kept", "kept")
    assert "holds: 10 entries" in said.out and "signed" in said.out
    book.add(range(10, 13))
    assert "the first 10 entries are those of your last verification" in book.verify("--kept", "kept").out


def test_every_log_one_may_read_is_verified_at_once(site: Site, dansk: Desktop) -> None:
    site.give("acme", "member:acme|member:dansk", indicator("203.0.113.200", AMBER))
    said = dansk.run("verify", "--public-key", site.public_key, "--json", "--kept", "kept").json
    assert said["verified"] and all(one["verified"] for one in said["collections"])


CHANGE = [
    "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '203.0.113.6', '203.0.113.9') AS BLOB)"
    " WHERE position = {low} + 7"
]
SWAP = [
    "UPDATE entry SET position = -1 WHERE position = {low} + 3",
    "UPDATE entry SET position = {low} + 3 WHERE position = {low} + 8",
    "UPDATE entry SET position = {low} + 8 WHERE position = -1",
]
CUT = ["DELETE FROM entry WHERE position > {low} + 6 AND position <= {low} + 1000"]
HOLE = ["DELETE FROM entry WHERE position = {low} + 4"]
APPEND = [
    "INSERT INTO entry SELECT {low} + 11, added + 1000, kind, owner, submitter, tlp, id, version, note, salt, body"
    " FROM entry WHERE position = {low} + 10",
    "UPDATE head SET number = 11 WHERE collection = {number}",
]


@pytest.mark.parametrize(
    ("statements", "entry", "says"),
    [
        (CHANGE, 7, "changed"),
        (SWAP, 3, "changed"),
        (CUT, 7, "missing"),
        (HOLE, 4, "missing"),
        (APPEND, 11, "no signed checkpoint"),
    ],
)
def test_tampering_is_found_and_the_first_bad_entry_named(
    book: Book, statements: list[str], entry: int, says: str
) -> None:
    with book.pried_open() as run:
        for statement in statements:
            run(statement)
    first_bad, fault = book.fault()
    assert first_bad == entry and says in fault
    assert book.verify(code=1).out.count(f"entry {entry}") >= 1


def copied(data: Path, to: Path) -> Path:
    """The node in `data` as it is now, as a backup would hold it."""
    to.mkdir()
    shutil.copytree(data / "keys", to / "keys")
    for name in ("log.db", "side.db"):
        with closing(sqlite3.connect(data / name)) as store, closing(sqlite3.connect(to / name)) as copy:
            store.backup(copy)
    return to


def test_a_past_signed_anew_with_the_right_key_is_told_by_what_was_kept(
    site: Site, acme: Desktop, tmp_path: Path
) -> None:
    """Whoever runs the node can put an old backup back and go on from it; only what a reader kept shows it."""
    kept = str(tmp_path / "kept")
    with serve(copied(site.data, tmp_path / "node")) as url:
        book = Book(msgspec.structs.replace(site, url=url), acme)
        backup = copied(tmp_path / "node", tmp_path / "backup")
        book.add(range(10, 14))
        book.verify("--url", url, "--kept", kept)
    with serve(backup) as url:
        book.site = msgspec.structs.replace(site, url=url, data=backup)
        first_bad, fault = book.fault("--url", url, "--kept", kept)
        assert first_bad == 11 and "shrank from 14 to 10" in fault
        book.add(range(20, 30))
        first_bad, fault = book.fault("--url", url, "--kept", kept)
        assert first_bad == 11 and "not what it was" in fault
        assert "holds: 20 entries" in book.verify("--url", url).out, "without what was kept nothing shows"
        with book.pried_open() as run:  # pretending that it was a restore explains what is gone, and nothing else
            run("UPDATE node SET epoch = 2")
        book.add(range(40, 41))
        first_bad, fault = book.fault("--url", url, "--kept", kept)
        assert first_bad in (None, 11) and "epoch 2" in fault


def test_an_entry_changed_together_with_its_hash_is_named_by_what_was_kept(site: Site, book: Book) -> None:
    book.verify("--kept", "kept")
    path = f"/collections/{book.collection}/entries"
    entry = site.ask("acme", "GET", path, params={"after": 4, "limit": 1})["entries"][0]
    salt, header = (b64decode(entry[name]) for name in ("salt", "header"))
    body = b64decode(entry["body"]).replace(b"203.0.113.4", b"203.0.113.9")
    forged = leaf_hash(salt, header, body).hex()
    with book.pried_open() as run:
        run(f"UPDATE entry SET body = x'{body.hex()}' WHERE position = {{low}} + 5")
        run(
            f"UPDATE tile SET hashes = CAST(substr(hashes, 1, 128) || x'{forged}' || substr(hashes, 161) AS BLOB)"
            " WHERE collection = {number} AND level = 0"
        )
    assert book.fault() == (
        None,
        "its entries do not make up the root that was signed; which one was changed cannot be told",
    )
    first_bad, fault = book.fault("--kept", "kept")
    assert first_bad == 5 and "entry 5 is not what it was" in fault


def test_of_what_was_withdrawn_the_hash_still_holds(site: Site, book: Book) -> None:
    mine = indicator("203.0.113.3", AMBER, name=f"{book.audience} 3")
    site.ask("acme", "POST", "/withdrawals", json={"id": mine["id"], "reason": "a mistake"})
    said = book.verify().out
    assert "holds: 11 entries" in said and "1 withdrawn" in said


def test_one_entry_is_proved_by_itself(book: Book) -> None:
    assert "entry 4 is in the log of 10 entries" in book.verify("--entry", "4").out
    book.verify("--entry", "11", code=5)
    with book.pried_open() as run:
        run("UPDATE entry SET note = 'added later' WHERE position = {low} + 4")
    assert "DOES NOT HOLD" in book.verify("--entry", "4", code=1).out
    assert book.verify("--entry", "5").code == 0


def test_another_key_is_not_trusted(book: Book) -> None:
    name, _, _ = book.site.public_key.split("+", 2)
    other = public_key_text(Ed25519PrivateKey.generate().public_key(), name)
    said = book.desktop.run("verify", "--collection", book.collection, "--public-key", other, code=1)
    assert "not signed by" in said.out
    assert book.desktop.run("verify", "--collection", book.collection, code=2).err.count("public-key") >= 1
