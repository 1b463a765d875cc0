"""`withdraw`, `withdrawals`, `status`, `send-now`, `take-back`: what was given, and should not have been, or waits."""

from __future__ import annotations

import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer

from shieldwall.cli.remote.desk import Desk
from shieldwall.cli.remote.wording import counted
from shieldwall.errors import Refused

Submission = Annotated[str, typer.Argument(metavar="SUBMISSION", help="The id in its receipt.")]


def withdraw(
    desk: Desk,
    stix_id: Annotated[str, typer.Argument(metavar="ID", help="The STIX id of your own object.")],
    reason: Annotated[str, typer.Option(help="Why; its readers are told.", show_default=False)],
    version: Annotated[str, typer.Option(help="Only this version (its `modified`).", show_default=False)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Withdraw what should not have been shared. It vanishes from every collection; who had it is shown first."""
    had = desk.client.get(f"/objects/{quote(stix_id, safe='')}/sent", version=version)
    _show_sent(desk, had)
    if stix_id.startswith("indicator--"):
        _offer_revocation(desk)
    if not yes:
        _ask(stix_id)
    body = {"id": stix_id, "version": version or None, "reason": reason}
    done = desk.client.post("/withdrawals", body)
    desk.answer(done)
    desk.say(f"withdrawn: {counted(len(done['withdrawn']), 'entry', 'entries')}")
    for one in done["withdrawn"]:
        desk.say(f"  {one['id']} {one['version']} in {one['collection']}, entry {one['number']}")


def _show_sent(desk: Desk, had: dict[str, Any]) -> None:
    rows = [
        [one["member"], one["principal"], one["door"], one["at"], "yes" if one["can_be_told"] else "no"]
        for one in had["sent_to"]
    ]
    desk.say("It was given to:" if rows else "It was given to nobody you may see by name.")
    desk.table("member", "principal", "door", "at", "can be told", rows=rows)
    if had["others"]:
        desk.say(f"and to {counted(had['others'], 'other')}")


def _offer_revocation(desk: Desk) -> None:
    desk.say(
        "This is an indicator. Clients that came by TAXII cannot be told of a withdrawal and keep it. If it is wrong"
        " rather than secret, revoke it instead, which reaches every reader: send a new version of it with"
        ' "revoked": true and a later "modified", by `shieldwall submit` to the same address.'
    )


def _ask(stix_id: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(
            "a withdrawal must be confirmed, and there is no terminal to ask on", rule="confirmation", where=stix_id,
            remedy="repeat with --yes",
        )  # fmt: skip
    typer.confirm(f"Withdraw {stix_id}?", abort=True, err=True)


def withdrawals(
    desk: Desk, since: Annotated[str, typer.Option(help="Only later than this time.", show_default=False)] = ""
) -> None:
    """List the withdrawals of what you could read. Whatever you copied of it should go too."""
    found = desk.client.get("/withdrawals", since=since)
    desk.answer(found)
    lines = (
        f"{one['added']}  {one['id']} ({one['version'] or 'all versions'}) by {one['owner']}: {one['reason']}"
        for one in found["withdrawals"]
    )
    desk.say(*dict.fromkeys(lines))  # one withdrawal stands in the log of each audience
    if not found["withdrawals"]:
        desk.say("none")


def status(desk: Desk, submission: Submission) -> None:
    """Show what became of a submission."""
    _show_receipt(desk, desk.client.get(f"/submissions/{quote(submission, safe='')}"))


def send_now(desk: Desk, submission: Submission) -> None:
    """Send what is held, now."""
    _show_receipt(desk, desk.client.post(f"/submissions/{quote(submission, safe='')}/send"))


def take_back(desk: Desk, submission: Submission) -> None:
    """Take back what is held, unread by anybody."""
    _show_receipt(desk, desk.client.delete(f"/submissions/{quote(submission, safe='')}"))


def _show_receipt(desk: Desk, receipt: dict[str, Any]) -> None:
    desk.answer(receipt)
    due = f", goes out {receipt['due']}" if receipt["state"] == "held" else ""
    desk.say(f"{receipt['id']}: {receipt['state']}{due}")
    desk.table("outcome", "objects", rows=[[word, str(count)] for word, count in receipt["counts"].items()])
    for outcome in receipt["outcomes"]:
        error = outcome.get("error")
        if error:
            desk.say(f"refused: {error['where'] or outcome['id']}: {error['message']}; {error['remedy']}".rstrip("; "))
    if receipt["advice"]:
        desk.say(receipt["advice"])
    if receipt["state"] == "complete" and receipt["counts"].get("refused"):
        raise typer.Exit(1)
