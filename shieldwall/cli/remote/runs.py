"""A submission's run: what was sent, what became of it. Kept in a file after each request, so that a killed run goes
on where it was: its batches are cut again the same way, and those already answered are not sent a second time.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from shieldwall.cli.remote.files import write_whole
from shieldwall.errors import BadInput

_OUTCOMES = ("admitted", "present", "refused", "held")


class Refusal(msgspec.Struct, frozen=True):
    """An object, or a whole file, that was refused: which, where from, and why."""

    id: str
    source: str
    rule: str
    where: str
    message: str
    remedy: str

    @property
    def text(self) -> str:
        """One line: what, where, how to mend it."""
        place = " ".join(part for part in (self.source, self.where or self.id) if part)
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{place}: {self.message}{rule}" + (f"; {self.remedy}" if self.remedy else "")


class Tally(msgspec.Struct):
    """What became of a run so far. `refusals` is how many bytes of the refusals' file are of answered requests."""

    run: str
    done: set[str] = set()
    counts: dict[str, int] = {}
    warnings: dict[str, int] = {}
    unmarked: int = 0
    advice: str = ""
    submissions: list[str] = []
    held: list[str] = []
    audience: dict[str, object] | None = None
    refusals: int = 0


class Run:
    """The tally with its file at `path`; beside it the refusals, one a line, so that a million fill no memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refused = path.with_name(path.name + ".refused")
        self.tally = self._read()
        self.resumed = bool(self.tally.done)
        self._trim()

    def record(self, key: str, tally: Tally, refused: Iterable[Refusal]) -> None:
        """Keep what a request's answer added. The refusals come first: the tally says how many of them count."""
        lines = b"".join(msgspec.json.encode(one) + b"\n" for one in refused)
        if lines:
            with self._refused.open("ab") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        tally.refusals += len(lines)
        tally.done.add(key)
        self.save()

    def save(self) -> None:
        """Write the tally."""
        write_whole(self._path, msgspec.json.encode(self.tally))

    def refusals(self) -> Iterator[Refusal]:
        """Every refusal of this run, in order."""
        if not self.tally.refusals:
            return
        with self._refused.open("rb") as file:
            for line in file:
                yield msgspec.json.decode(line, type=Refusal)

    def finish(self) -> None:
        """Remove the files: the run is over."""
        self._path.unlink(missing_ok=True)
        self._refused.unlink(missing_ok=True)

    def _read(self) -> Tally:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Tally)
        except FileNotFoundError:
            return Tally(run=secrets.token_hex(16), counts=dict.fromkeys(_OUTCOMES, 0))
        except (OSError, msgspec.DecodeError) as problem:
            raise BadInput(
                "this is no state of a run", rule="--state", where=str(self._path),
                remedy="remove it to begin anew, or name another",
            ) from problem  # fmt: skip

    def _trim(self) -> None:
        """Drop refusals that were written by a request whose answer was not kept."""
        if self._refused.exists():
            os.truncate(self._refused, self.tally.refusals)


def default_path(*facts: str) -> Path:
    """Where the state of a run with these facts (node, address, names of files …) lies, in the user's cache (XDG)."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shieldwall" / "submit"
    name = blake2b("\0".join(facts).encode(errors="surrogateescape"), digest_size=12).hexdigest()
    return base / f"{name}.json"
