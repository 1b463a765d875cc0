"""Public bundles: gathered into a folder by a command of the user's, and given to everyone by the hub.

The server never fetches anything. `gather` copies STIX bundles out of folders that are there, or out of git
repositories that it clones on request; `admit_folder` gives what lies in a folder to the community.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from shieldwall import stix
from shieldwall.errors import BadInput, StoreError

# (repository, which of its files): the present state of each, without the earlier releases that lie beside it.
PUBLIC: tuple[tuple[str, str], ...] = (
    ("https://github.com/mitre-attack/attack-stix-data", "*/*-attack.json"),
    ("https://github.com/mitre/cti", "capec/2.1/*.json"),
)
AUDIENCE, DEFAULT_MARKING = "community", "TLP:CLEAR"
_MOST_OBJECTS = 2_500
_MOST_BYTES = 8_000_000
_FIRST = ("marking-definition", "identity")  # what the rest leans on: markings must be known to be judged


class _Shell(msgspec.Struct):
    type: str = ""


def bundles(folder: Path, pattern: str = "**/*.json") -> list[Path]:
    """The STIX bundles among the files of `folder` that match `pattern`; other JSON is left alone."""
    return [path for path in sorted(folder.glob(pattern)) if path.is_file() and _is_bundle(path)]


def gather(sources: Sequence[str], into: Path, told: Callable[[str], None]) -> list[Path]:
    """Copy the bundles of `sources` (folders, or URLs of git repositories; by default `PUBLIC`) into `into`.

    Raises BadInput for a source that is neither; StoreError where git cannot clone it.
    """
    wanted = [(source, "**/*.json") for source in sources] or list(PUBLIC)
    made = []
    for source, pattern in wanted:
        told(source)
        if Path(source).is_dir():
            made += _copy(Path(source), pattern, into)
        elif "://" in source:
            with tempfile.TemporaryDirectory(prefix="shieldwall-corpora-") as place:
                made += _copy(_clone(source, pattern, Path(place)), pattern, into)
        else:
            raise BadInput("neither a folder nor a URL", where=source, remedy="name a checkout, or a git repository")
    return made


def admit_folder(folder: Path, admit: Callable[[bytes], Counter[str]], told: Callable[[Path], None]) -> Counter[str]:
    """Give every bundle below `folder` to `admit`, in pieces; counts outcomes. Raises BadInput where there is none."""
    found = bundles(folder)
    if not found:
        raise BadInput("no STIX bundle lies there", where=str(folder), remedy="fill it by `shieldwall demo corpora`")
    counts: Counter[str] = Counter()
    for path in found:
        told(path)
        for piece in _pieces(path.read_bytes()):
            counts += admit(piece)
    return counts


def _is_bundle(path: Path) -> bool:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Shell).type == "bundle"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _copy(source: Path, pattern: str, into: Path) -> list[Path]:
    found = bundles(source, pattern)
    made = []
    for path in found:
        copy = into / source.resolve().name / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        made.append(Path(shutil.copyfile(path, copy)))
    return made


def _clone(url: str, pattern: str, place: Path) -> Path:
    """A checkout of only those files of `url` that match `pattern`, without history."""
    checkout = place / url.rstrip("/").rpartition("/")[2].removesuffix(".git")
    _git("clone", "--quiet", "--depth=1", "--filter=blob:none", "--no-checkout", "--", url, str(checkout))
    anchored = "*.json" if pattern.startswith("**") else f"/{pattern}"
    _git("-C", str(checkout), "sparse-checkout", "set", "--no-cone", anchored)
    _git("-C", str(checkout), "checkout", "--quiet")
    return checkout


def _git(*arguments: str) -> None:
    try:
        subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError as problem:
        raise StoreError("git is not installed", remedy="install it, or name a folder of bundles") from problem
    except subprocess.CalledProcessError as problem:
        raise StoreError(f"git: {problem.stderr.strip()[-300:]}", remedy="check the address and the net") from problem


def _pieces(raw: bytes) -> Iterator[bytes]:
    """The objects of a bundle in envelopes small enough to be admitted at once, markings and identities first."""
    objects = stix.split(raw, cap=len(raw))
    objects.sort(key=lambda one: msgspec.json.decode(one, type=_Shell).type not in _FIRST)
    rest = iter(objects)
    while some := list(islice(rest, _MOST_OBJECTS)):
        yield from _envelopes(some)


def _envelopes(objects: list[bytes]) -> Iterator[bytes]:
    if len(objects) > 1 and sum(map(len, objects)) > _MOST_BYTES:
        middle = len(objects) // 2
        yield from _envelopes(objects[:middle])
        yield from _envelopes(objects[middle:])
    else:
        yield b'{"objects":[' + b",".join(objects) + b"]}"
