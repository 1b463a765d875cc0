"""What the demo keeps, gathers and says, part by part."""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import orjson
import pytest

from shieldwall.demo import corpora, keeping
from shieldwall.demo.announce import Cast, Circle, Client, Key, Someone, announcement, show_page
from shieldwall.errors import BadInput, Conflict, StoreError
from tests.alliance import bundle, indicator, observable

CAST = Cast(
    public_key="shieldwall+00000000+AAAA",
    people=(Someone("acme", "no", "company", "analyst", "kari", "a-long-password"),),
    keys=(Key("acme", "no", "company", ("energy",), ("read",), "swk_secret"),),
    groups=(Circle("energy", "Energy", ("acme",)),),
    clients=(Client("stahl", "kunde"),),
)
KEPT = keeping.Kept(1.0, CAST, "example.org")


def test_a_directory_that_is_no_demos_is_neither_loaded_into_nor_emptied(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_text("somebody's")
    for fresh in (False, True):
        with pytest.raises(Conflict):
            keeping.prepare(tmp_path, fresh=fresh, emptied_by_hand=False)
    assert [path.name for path in tmp_path.iterdir()] == ["log.db"]


def test_a_finished_demo_is_found_again(tmp_path: Path) -> None:
    assert keeping.prepare(tmp_path / "new", fresh=False, emptied_by_hand=False) is None
    keeping.keep(tmp_path / "new", KEPT)
    assert keeping.prepare(tmp_path / "new", fresh=False, emptied_by_hand=True) == KEPT


@pytest.mark.parametrize("finished", [True, False])
def test_what_was_never_finished_or_is_no_longer_wanted_is_removed(tmp_path: Path, finished: bool) -> None:
    keeping.prepare(tmp_path, fresh=False, emptied_by_hand=False)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "seal").write_text("old")
    if finished:
        keeping.keep(tmp_path, KEPT)
    assert keeping.prepare(tmp_path, fresh=finished, emptied_by_hand=False) is None
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


_HOLDS = """
import sys
from pathlib import Path
from shieldwall.demo.keeping import Claim
claim = Claim(Path(sys.argv[1]), fresh=False, step=lambda _: None)
for word in sys.stdin:
    claim.share()
"""


@contextmanager
def held_by_another(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that makes a demo in `data`, and serves it from the line that it reads."""
    data.mkdir()
    other = subprocess.Popen([sys.executable, "-c", _HOLDS, str(data)], stdin=subprocess.PIPE, text=True)
    try:
        while not _is_held(data):
            assert other.poll() is None
        yield other
    finally:
        other.kill()
        other.communicate()


def _is_held(data: Path) -> bool:
    try:
        keeping.Claim(data, fresh=True, step=lambda _: None).release()
    except Conflict:
        return True
    return False


@contextmanager
def claimed_after_waiting(data: Path) -> Iterator[Future[keeping.Claim]]:
    """A second process's claim, once it has said that it waits."""
    said: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(keeping.Claim, data, fresh=False, step=said.append)
        while not said:
            assert not second.done()
        yield second
        second.result().release()


def test_a_demo_that_another_process_makes_is_waited_for_and_then_served_by_both(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held_by_another(data) as other, claimed_after_waiting(data) as second:
        assert not second.done()
        keeping.keep(data, KEPT)
        assert other.stdin is not None
        other.stdin.write("made\n")
        other.stdin.flush()
        assert second.result(20)
        with pytest.raises(Conflict, match="stop it first"):
            keeping.Claim(data, fresh=True, step=lambda _: None)


def test_a_demo_that_another_process_never_finishes_is_made_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held_by_another(data) as other, claimed_after_waiting(data) as second:
        other.kill()
        assert second.result(20)
        with pytest.raises(Conflict):
            keeping.Claim(data, fresh=True, step=lambda _: None)
    assert not _is_held(data)


def test_no_demo_is_removed_whose_log_lies_in_postgresql(tmp_path: Path) -> None:
    keeping.prepare(tmp_path, fresh=False, emptied_by_hand=True)
    keeping.keep(tmp_path, KEPT)
    with pytest.raises(Conflict):
        keeping.prepare(tmp_path, fresh=True, emptied_by_hand=True)
    assert keeping.prepare(tmp_path, fresh=False, emptied_by_hand=True) == KEPT


def test_the_page_says_where_to_look_whom_to_be_and_what_to_try() -> None:
    said = announcement(CAST, url="http://127.0.0.1:8000", mail="var/demo/mail")
    with redirect_stdout(io.StringIO()) as page:
        show_page(said, data="var/demo", value="evil.example")
    for expected in (
        "http://127.0.0.1:8000/taxii2/", "var/demo/mail", "kari", "a-long-password", "analyst",
        "shieldwall lookup evil.example", "curl", "swk_secret", "--public-key shieldwall+00000000+AAAA",
        f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:", "var/demo/demo.json",
    ):  # fmt: skip
        assert expected in page.getvalue()


def test_no_password_is_cut_short_in_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said = announcement(CAST, url="http://127.0.0.1:8000", mail="var/demo/mail")
    with redirect_stdout(io.StringIO()) as page:
        show_page(said, data="var/demo", value="evil.example")
    assert "a-long-password" in page.getvalue() and "…" not in page.getvalue()


def test_bundles_are_gathered_from_folders_and_other_json_is_not(tmp_path: Path) -> None:
    source = tmp_path / "checkout"
    (source / "enterprise").mkdir(parents=True)
    (source / "enterprise" / "small.json").write_bytes(bundle(indicator()))
    (source / "package.json").write_text('{"name": "something"}')
    (source / "broken.json").write_bytes(b"{\xff")
    made = corpora.gather([str(source)], tmp_path / "into", lambda _: None)
    assert [path.relative_to(tmp_path).as_posix() for path in made] == ["into/checkout/enterprise/small.json"]
    assert corpora.bundles(tmp_path / "into") == made


def test_bundles_are_gathered_out_of_a_git_repository(tmp_path: Path) -> None:
    source = tmp_path / "public-data"
    source.mkdir()
    (source / "small.json").write_bytes(bundle(indicator()))
    git = ("git", "-C", str(source), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "Add")):
        subprocess.run([*git, *arguments], check=True)
    made = corpora.gather([source.as_uri()], tmp_path / "into", lambda _: None)
    assert [path.relative_to(tmp_path / "into").as_posix() for path in made] == ["public-data/small.json"]


def test_a_source_that_is_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        corpora.gather([str(tmp_path / "nowhere")], tmp_path / "into", lambda _: None)
    with pytest.raises(StoreError):
        corpora.gather([(tmp_path / "nowhere").as_uri()], tmp_path / "into", lambda _: None)


def test_a_large_bundle_goes_in_by_pieces_with_what_the_rest_leans_on_first(tmp_path: Path) -> None:
    things = [observable(f"198.51.{number // 250}.{number % 250}") for number in range(5_200)]
    statement = {"type": "marking-definition", "id": "marking-definition--0b2c1f3e-3f4d-4f7e-8a51-3f1b0c2d4e5f"}
    (tmp_path / "large.json").write_bytes(bundle(*things, statement))
    pieces: list[list[str]] = []

    def admit(raw: bytes) -> Counter[str]:
        pieces.append([one["id"] for one in orjson.loads(raw)["objects"]])
        return Counter(admitted=len(pieces[-1]))

    assert corpora.admit_folder(tmp_path, admit, lambda _: None) == Counter(admitted=5_201)
    assert pieces[0][0] == statement["id"]
    assert max(map(len, pieces)) <= 2_500
    assert sorted(one for piece in pieces for one in piece) == sorted([statement["id"], *(one["id"] for one in things)])


def test_a_folder_without_bundles_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no STIX bundle"):
        corpora.admit_folder(tmp_path, lambda _: Counter(), lambda _: None)
