"""The room's door, its schema, and that a whole alliance enters fast."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from shieldwall import members
from tests.members.alliance import Alliance


def test_the_door_opens_to_what_it_names_and_to_nothing_else(alliance: Alliance) -> None:
    tree = ast.parse(Path(members.__file__).read_text(encoding="utf-8"))
    [typing_only] = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {name.name for node in typing_only.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert imported | {"ANONYMOUS"} == set(members.__all__)
    assert all(getattr(members, name) is not None for name in members.__all__)
    with pytest.raises(AttributeError):
        members.acting  # noqa: B018  # asking is the test


def test_the_migrations_say_what_the_models_say(alliance: Alliance) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "members", check_changes=True, dry_run=True, verbosity=0)


@pytest.mark.heavy
def test_a_whole_alliance_enters_in_three_seconds(alliance: Alliance) -> None:
    began = time.perf_counter()
    members.create_members(
        alliance.hub,
        [members.NewMember(slug=f"m{i}", name=f"Member {i}", kind="company", nation="no") for i in range(1_500)],
    )
    members.create_people(
        alliance.hub,
        [members.NewPerson(member=f"m{i % 1_500}", username=f"p{i}", name=f"Person {i}") for i in range(10_000)],
    )
    members.create_groups(
        alliance.hub,
        [
            members.NewGroup(
                slug=f"g{i}", name=f"Group {i}", owner=f"m{i}", members=tuple(f"m{i + k}" for k in range(40))
            )
            for i in range(60)
        ],
    )
    assert time.perf_counter() - began < 3
