"""Adding objects (§5.5): what is an envelope, and what became of it as a status resource (§4.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from shieldwall.errors import BadInput, TooLarge
from shieldwall.exchange import Outcome, Receipt, admit, shown_version, timestamp
from shieldwall.http import OBJECTS, Unprocessable, spend
from shieldwall.policy import Viewer
from shieldwall.stix import refuse_crowd
from shieldwall.taxii.answers import NothingUsable

_SUCCESSES, _FAILURES, _PENDINGS = "success", "failure", "pending"
_WORDS = {"admitted": _SUCCESSES, "present": _SUCCESSES, "refused": _FAILURES, "held": _PENDINGS}
_ENVELOPE = 'send an envelope: {"objects": [...]}'


class _Shell(msgspec.Struct):
    """An envelope from outside. A bundle passes too: the standard's own reference client library sends one."""

    type: str = ""
    objects: list[msgspec.Raw] = []


def add(viewer: Viewer, collection: str, raw: bytes) -> Receipt:
    """Admit the envelope `raw` into `collection`.

    Raises Unprocessable (422) for what is no envelope and where no object of it could be taken.
    """
    spend(viewer, OBJECTS, _count(raw))
    try:
        receipt = admit(viewer, raw, collection=collection)
    except TooLarge:
        raise
    except BadInput as problem:
        raise Unprocessable(problem.message, rule=problem.rule, where=problem.where, remedy=problem.remedy) from problem
    if receipt.outcomes and all(one.outcome == "refused" for one in receipt.outcomes):
        raise NothingUsable([_detail(receipt, one) for one in receipt.outcomes])
    return receipt


def _count(raw: bytes) -> int:
    refuse_crowd(raw)
    try:
        shell = msgspec.json.decode(raw, type=_Shell)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise Unprocessable(
            f"no envelope: {problem}", rule="TAXII 2.1 §3.7", where="body", remedy=_ENVELOPE
        ) from problem
    if shell.type not in {"", "bundle"}:
        raise Unprocessable("an object by itself", rule="TAXII 2.1 §3.7", where="body", remedy=_ENVELOPE)
    if not shell.objects:
        raise Unprocessable("an envelope without objects", rule="TAXII 2.1 §5.5", where="body", remedy=_ENVELOPE)
    return len(shell.objects)


def status(receipt: Receipt) -> dict[str, Any]:
    """The status resource of a receipt. Until the worker comes to it, it counts nothing (§4.3.1, total_count)."""
    heaps: dict[str, list[dict[str, str]]] = {_SUCCESSES: [], _FAILURES: [], _PENDINGS: []}
    for one in receipt.outcomes:
        heaps[_WORDS[one.outcome]].append(_detail(receipt, one))
    said: dict[str, Any] = {
        "id": receipt.id,
        "status": "pending" if receipt.state in {"pending", "held"} else "complete",
        "request_timestamp": timestamp(receipt.created),
        "total_count": len(receipt.outcomes),
    }
    for name, plural in ((_SUCCESSES, "successes"), (_FAILURES, "failures"), (_PENDINGS, "pendings")):
        said |= _heap(name, plural, heaps[name])
    return said | ({"x_shieldwall_advice": receipt.advice} if receipt.advice else {})


def _heap(name: str, plural: str, details: Sequence[dict[str, str]]) -> dict[str, Any]:
    return {f"{name}_count": len(details)} | ({plural: details} if details else {})


def _detail(receipt: Receipt, one: Outcome) -> dict[str, str]:
    """One status-details: its id and version are required, whatever was sent."""
    said = {"id": one.id or "unknown", "version": shown_version(one.version, receipt.created)}
    message = _message(one)
    return said | ({"message": message} if message else {})


def _message(one: Outcome) -> str:
    if one.error is None:
        return "; ".join(one.warnings)
    where = f"{one.error.where}: " if one.error.where else ""
    remedy = f"; {one.error.remedy}" if one.error.remedy else ""
    return f"{where}{one.error.message} [{one.error.rule}]{remedy}"
