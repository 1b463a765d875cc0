"""Real STIX, as installed packages carry it, is admitted whole. `docs/stix-conformance.md` has the larger corpora."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from shieldwall.errors import BadInput
from shieldwall.stix import check, split
from tests.stix.samples import NOW


def package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


EXAMPLES = sorted((package("stix2validator") / "schemas-2.1" / "examples").rglob("*.json"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_oasis_is_admitted_byte_for_byte(example: Path) -> None:
    objects = split(example.read_bytes())
    assert objects and [check(raw, now=NOW).body for raw in objects] == objects


def test_stix_2_0_is_refused_with_the_way_out() -> None:
    old = package("stix2validator") / "schemas-2.0" / "examples" / "indicator-for-c2-ip-address.json"
    for raw in split(old.read_bytes()):
        with pytest.raises(BadInput) as refused:
            check(raw, now=NOW)
        assert refused.value.rule.startswith("ST7") and "2.1" in refused.value.remedy
