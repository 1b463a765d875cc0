"""The commands `shieldwall demo` and `shieldwall demo corpora`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATA = "var/demo"
DEFAULT_CORPORA = Path("var/corpora")
Step = Callable[[str], None]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(rich_markup_mode=None)
    group.callback(invoke_without_command=True)(demo)
    group.command()(corpora)
    app.add_typer(group, name="demo")


def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Where to listen on this machine; 0 takes any free port.")] = 8000,
    as_json: Annotated[bool, typer.Option("--json", help="Say who and where in one line of JSON, then serve.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove the demo that is there, and start anew.")] = False,
    load: Annotated[
        Path | None,
        typer.Option(help="Add the STIX bundles in this folder.", exists=True, file_okay=False, show_default=False),
    ] = None,
    scale: Annotated[float, typer.Option(help="How much was shared in the year; 1 is 33,000 objects.", min=0.02)] = 1.0,
) -> None:
    """Serve an alliance to try. Members, people, keys and a year of reports, until it is stopped."""
    if context.invoked_subcommand is not None:
        return
    from shieldwall.demo import serving

    port = serving.usable_port(port)
    url = f"http://{serving.HOST}:{port}"
    data = _choose_node(url, f"{serving.HOST}:{port}")
    with suppress(serving.Stopped), serving.stopping_on_signals():
        _run(data, url, scale=scale, fresh=fresh, folder=load, as_json=as_json)


def corpora(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, such as a checkout you have, or URLs of git repositories.", show_default=False),
    ] = None,
    into: Annotated[Path, typer.Option(help="The folder to fill.")] = DEFAULT_CORPORA,
) -> None:
    """Gather public STIX bundles into a folder. For `shieldwall demo --load`; without SOURCES, the best known ones."""
    from shieldwall.demo.corpora import gather

    made = gather(sources or [], into, lambda source: print(f"from {source}", file=sys.stderr))
    print(f"{len(made)} bundles in {into}; now: shieldwall demo --load {into}")


def _choose_node(url: str, bind: str) -> Path:
    """Settle, for this process and its children, which node is meant, before any setting is read."""
    os.environ.setdefault("SHIELDWALL_DATA", DEFAULT_DATA)
    os.environ |= {"SHIELDWALL_URL": url, "SHIELDWALL_BIND": bind, "DJANGO_SETTINGS_MODULE": "shieldwall.settings"}
    return Path(os.environ["SHIELDWALL_DATA"]).expanduser().absolute()


def _run(data: Path, url: str, *, scale: float, fresh: bool, folder: Path | None, as_json: bool) -> None:
    from shieldwall.demo import keeping, making, serving
    from shieldwall.demo.announce import announcement, show_page

    with _progress() as step:
        claim = keeping.Claim(data, fresh=fresh, step=step)
        kept = making.open_demo(data, fresh=fresh, step=step) or making.make_demo(data, scale, step)
        claim.share()
    _tell_scale(kept.scale, scale)
    with serving.serving() as server:
        with _progress() as step:
            counts = making.add_bundles(folder, kept.cast, step) if folder else {}
            making.finish(step)
            step("starting")
            server.await_answer(url)
        for outcome, count in counts.items():
            print(f"{folder}: {count} {outcome}", file=sys.stderr)
        said = announcement(kept.cast, url=url, mail=_mail(data))
        if as_json:
            print(said.line, flush=True)
        else:
            show_page(said, data=str(data), value=kept.value)
        server.wait()


def _tell_scale(there: float, wanted: float) -> None:
    if there != wanted:
        print(f"the demo that is here has scale {there:g}; --fresh makes another", file=sys.stderr)


def _mail(data: Path) -> str:
    folder = data / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


@contextmanager
def _progress() -> Iterator[Step]:
    """What is being done, on stderr: one line that changes, or nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update
