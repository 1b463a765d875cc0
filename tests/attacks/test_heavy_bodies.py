"""Bodies of ten megabytes that are meant to become hundreds in memory, or seconds of work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.server import ROOT

SIZE = 10 * 1024 * 1024 - 200
MOST_MIB = 256


def listed(item: bytes, most: int = SIZE) -> bytes:
    """As many of `item` as fit, in lists of no more than a list may hold, in one object."""
    inner = b"[" + (item + b",") * 9_999 + b"0]"
    return b'{"type":"x-a","id":"x-a--1","a":[' + b",".join([inner] * max(1, most // len(inner))) + b"]}"


BODIES: dict[str, Callable[[], bytes]] = {
    "million tiny objects": lambda: b"[" + b"{}," * (SIZE // 3) + b"{}]",
    "millions of numbers": lambda: b"[" + b"1," * (SIZE // 2) + b"1]",
    "one vast list": lambda: b'{"type":"x-a","id":"x-a--1","a":[' + b"[]," * (SIZE // 3 - 20) + b"[]]}",
    "ten thousand times ten thousand": lambda: listed(b"[]"),
    "tiny dicts": lambda: listed(b'{"":0}'),
    "keys twice": lambda: listed(b'{"":0,"":0}'),
    "strings of commas": lambda: listed(b'","'),
    "escaped quotes": lambda: listed(b'"\\",\\""'),
    "as dense as may be": lambda: listed(b'{"aaaaaaaaaaaaaaaaaaaaaaaaa":0}'),
    "whole numbers beyond": lambda: listed(b"9007199254740993"),
    "one string": lambda: b'{"type":"note","content":"' + b"a" * SIZE + b'"}',
    "one escaped string": lambda: b'{"type":"note","content":"' + b"\\u00e9" * (SIZE // 6) + b'"}',
    "deep": lambda: b'{"type":"x-a","a":' + b"[" * (SIZE // 2) + b"]" * (SIZE // 2 - 30) + b"}",
}


@pytest.fixture(scope="module")
def peaks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """For each body the most memory (MiB) of a process that was given it, and what it answered."""
    folder = tmp_path_factory.mktemp("heavy")
    for name, make in BODIES.items():
        (folder / f"{name}.json").write_bytes(make())
    command = [sys.executable, "-c", _SUBMIT, str(folder)]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (line.split("|", 2) for line in lines)
    return {name: (int(peak), said) for name, peak, said in found}


@pytest.mark.parametrize("body", sorted(BODIES))
def test_no_body_of_ten_megabytes_takes_a_quarter_of_a_gigabyte(body: str, peaks: dict[str, tuple[int, str]]) -> None:
    peak, said = peaks[body]
    assert peak < MOST_MIB, said
    assert said.startswith(("Refusal(", "TooLarge(", "BadInput(")), said


_SUBMIT = """
import os, resource, sys
from pathlib import Path
from tests.node import fresh_node
folder = Path(sys.argv[1])
fresh_node(folder / "data")
from tests.alliance import Alliance
from shieldwall import exchange
from shieldwall.errors import ShieldwallError
from shieldwall.store import node
acme = Alliance().viewer("acme")
node().close()
for body in sorted(folder.glob("*.json")):
    if not os.fork():
        try:
            receipt = exchange.admit(acme, body.read_bytes(), audience="community")
            said = receipt.outcomes[0].error if receipt.counts else receipt.state
        except ShieldwallError as error:
            said = error
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(body.stem, peak, repr(said)[:200], sep="|", flush=True)
        os._exit(0)
    os.wait()
"""
