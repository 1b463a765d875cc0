"""What the demo says of itself: one line for programs, a page for people. docs/reference/demo.md is its contract."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from rich.table import Table

_NARROWEST = 110  # columns


class Someone(msgspec.Struct, frozen=True):
    """A person who can sign in. `totp` is a base-32 secret, None where a password is enough."""

    member: str
    nation: str
    kind: str
    role: str
    username: str
    password: str
    totp: str | None = None


class Key(msgspec.Struct, frozen=True):
    """A service key, with the groups of its member."""

    member: str
    nation: str
    kind: str
    groups: tuple[str, ...]
    scopes: tuple[str, ...]
    key: str


class Circle(msgspec.Struct, frozen=True):
    """A group and its members."""

    id: str
    name: str
    members: tuple[str, ...]


class Client(msgspec.Struct, frozen=True):
    """`client` is a client of `member`."""

    member: str
    client: str


class Cast(msgspec.Struct, frozen=True):
    """Who takes part: what does not depend on where the demo is served."""

    public_key: str
    people: tuple[Someone, ...]
    keys: tuple[Key, ...]
    groups: tuple[Circle, ...]
    clients: tuple[Client, ...]


class Announcement(msgspec.Struct, frozen=True):
    """The first line, field for field in its order."""

    url: str
    taxii: str
    api: str
    mail: str
    public_key: str
    people: tuple[Someone, ...]
    keys: tuple[Key, ...]
    groups: tuple[Circle, ...]
    clients: tuple[Client, ...]

    @property
    def line(self) -> str:
        """The announcement as JSON, in one line."""
        return msgspec.json.encode(self).decode()


def announcement(cast: Cast, *, url: str, mail: str) -> Announcement:
    """The announcement of a demo that answers at `url` and lays its mails in the folder `mail`."""
    return Announcement(
        url=url, taxii=f"{url}/taxii2/", api=f"{url}/api/v1", mail=mail, public_key=cast.public_key,
        people=cast.people, keys=cast.keys, groups=cast.groups, clients=cast.clients,
    )  # fmt: skip


def show_page(said: Announcement, *, data: str, value: str) -> None:
    """The friendly page, on stdout: where to look, whom to sign in as, what to try first."""
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False)
    console.width = max(console.width, _NARROWEST)  # a password cut short opens nothing
    console.print("\n[bold]Shieldwall is up.[/bold] An invented alliance with a year behind it.\n")
    places = {"node": said.url, "JSON API": said.api, "TAXII 2.1": said.taxii, "mail": said.mail, "data": data}
    for name, where in places.items():
        console.print(f"  {name:<14}{where}", soft_wrap=True)
    console.print("\n[bold]Its public key[/bold], the line that verifies its logs\n")
    console.print(f"  {said.public_key}", soft_wrap=True, markup=False)
    console.print("\n[bold]Sign in as[/bold] (shieldwall sign-in NAME)\n")
    console.print(Padding(_table(_one_of_each(said.people)), (0, 0, 0, 2), expand=False))
    key = _first_key(said.keys)
    console.print(f"\n[bold]Try[/bold] in another terminal, as {key.member} (in {', '.join(key.groups)})\n")
    for command in _first_steps(said, key.key, value):
        console.print(f"  {command}", soft_wrap=True, markup=False)
    console.print("\nAll people, keys and groups, for programs too: ", end="", soft_wrap=True)
    console.print(f"{data}/demo.json", soft_wrap=True, markup=False, end="")
    console.print(". Ctrl-C stops it.\n")


def _one_of_each(people: Sequence[Someone]) -> list[Someone]:
    """The first of every kind and role."""
    return list({(person.kind, person.role): person for person in reversed(people)}.values())[::-1]


def _table(people: Sequence[Someone]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("user name", "password", "role", "member"):
        table.add_column(name, no_wrap=True)
    for person in people:
        table.add_row(person.username, person.password, person.role, person.member)
    return table


def _first_key(keys: Sequence[Key]) -> Key:
    """That of a company in a group."""
    return next(key for key in keys if key.kind == "company" and key.groups)


def _first_steps(said: Announcement, key: str, value: str) -> tuple[str, ...]:
    """Commands that show something, after the lines that say which program, where and who."""
    return (
        f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"',
        f"export SHIELDWALL_URL={said.url} SHIELDWALL_KEY={key}",
        f"shieldwall lookup {shlex.quote(value)}",
        "shieldwall search ransomware",
        f"shieldwall verify --kept kept.checkpoints --public-key {shlex.quote(said.public_key)}",
        "curl -su any:$SHIELDWALL_KEY -H 'Accept: application/taxii+json;version=2.1' $SHIELDWALL_URL/taxii2/",
    )
