"""What a member's analyst or engineer runs on their own machine, against a node's JSON API.

connection sessions client    where the node is, who we are, how to ask it
scanner sources batches       objects out of files of any size, into requests
runs submitting submit        giving, and going on after a kill
shelves pulling pull          keeping a copy, and going on after a kill
finding recalling signing     looking things up, taking things back, sessions
kept verifying verify         does the log hold, trusting only the public key
"""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    from shieldwall.cli.remote import finding, pull, recalling, signing, submit, verify
    from shieldwall.cli.remote.desk import at_node

    for work in (
        submit.submit, pull.pull, pull.collections, finding.lookup, finding.search, finding.explain,
        finding.audience, recalling.withdraw, recalling.withdrawals, recalling.status, recalling.send_now,
        recalling.take_back, verify.verify, finding.whoami,
    ):  # fmt: skip
        app.command(work.__name__.replace("_", "-"))(at_node(work))
    app.command("sign-in")(signing.sign_in)
    app.command("sign-out")(signing.sign_out)
