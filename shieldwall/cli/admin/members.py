"""`shieldwall member`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from shieldwall.cli.local import acting_viewer
from shieldwall.cli.output import Json, show, tell_done
from shieldwall.errors import BadInput

if TYPE_CHECKING:
    from shieldwall.members import NewMember
    from shieldwall.policy import Viewer

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The member's short name.")]
_COLUMNS = ("slug", "name", "kind", "nation", "sector", "size")


@app.command()
def add(
    slug: Annotated[str, typer.Argument(help="Its short name for ever: a-z, 0-9 and -.")],
    name: Annotated[str, typer.Argument(help="Its name, as people read it.")],
    kind: Annotated[str, typer.Option(help="cert, company, body or academic.")] = "company",
    nation: Annotated[str, typer.Option(help="Its nation's code; none for a body of the alliance.")] = "",
    sector: Annotated[str, typer.Option(help="What it does.")] = "",
    size: Annotated[str, typer.Option(help="micro, small, medium or large.")] = "",
    as_json: Json = False,
) -> None:
    """Enter a member."""
    with acting_viewer() as actor:
        from shieldwall import members

        members.create_member(actor, slug, name, kind=kind, nation=nation, sector=sector, size=size)
    tell_done(f"{name} is in the register as member:{slug}", {"slug": slug, "name": name}, as_json=as_json)


@app.command("list")
def list_them(as_json: Json = False) -> None:
    """List the members."""
    with acting_viewer() as actor:
        from shieldwall.members import overview

        show([msgspec.to_builtins(one) for one in overview.all_members(actor)], as_json=as_json)


@app.command("import")
def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV with the columns slug, name, kind, nation, sector, size.")],
    as_json: Json = False,
) -> None:
    """Enter members from a CSV file, all or none."""
    with acting_viewer() as actor:
        from shieldwall import members

        made = members.create_members(actor, _rows(file))
    slugs = [one.slug for one in made]
    tell_done(f"entered: {', '.join(slugs) or 'none'}", {"members": slugs}, as_json=as_json)


def _rows(file: Path) -> list[NewMember]:
    from shieldwall.members import NewMember

    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines, strict=True)
            unknown = set(reader.fieldnames or ()) - set(_COLUMNS)
            missing = {"slug", "name", "kind"} - set(reader.fieldnames or ())
            rows: list[dict[str, Any]] = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadInput(f"cannot be read: {problem}", where=str(file), remedy="give a CSV file in UTF-8") from problem
    if unknown or missing:
        told = "; ".join(
            f"{what} {', '.join(sorted(names))}"
            for what, names in (("unknown", unknown), ("missing", missing))
            if names
        )
        raise BadInput(f"columns do not fit: {told}", where=f"{file} line 1", remedy=f"use {', '.join(_COLUMNS)}")
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise BadInput(
                "too few or too many fields", where=f"{file} line {number}", remedy="quote what holds commas"
            )
    return [NewMember(**row) for row in rows]


@app.command()
def suspend(slug: Slug, as_json: Json = False) -> None:
    """Pause a member. None of its people and keys is known from the next request on."""
    _change(slug, "suspend_member", "is suspended", as_json)


@app.command()
def restore(slug: Slug, as_json: Json = False) -> None:
    """End a suspension."""
    _change(slug, "restore_member", "is active again", as_json)


@app.command()
def depart(slug: Slug, as_json: Json = False) -> None:
    """End a member's rights for good. What it gave stays under its name."""
    _change(slug, "depart_member", "has departed", as_json)


def _change(slug: str, service: str, outcome: str, as_json: bool) -> None:
    with acting_viewer() as actor:
        from shieldwall import members

        act: Callable[[Viewer, str], None] = getattr(members, service)
        act(actor, slug)
    tell_done(f"member:{slug} {outcome}", {"slug": slug, "outcome": outcome}, as_json=as_json)
