"""Judging what was sent, object by object, before any turn at writing is taken.

The verdict depends only on the submission, the target and what the submitter may read. A marking is judged for each
object, never for the bundle; an address is refused rather than coerced; what is unmarked stays home unless a default
was given.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import orjson

from shieldwall.errors import BadInput, Refused, ShieldwallError
from shieldwall.exchange.receipts import REFUSED, Outcome, Refusal
from shieldwall.members import check_group_rules, identity_owners
from shieldwall.members.wards import clients_of
from shieldwall.policy import (
    TLP,
    UNMARKED,
    Audience,
    Marking,
    Verdict,
    Viewer,
    home_audience,
    marking_of,
    may_append,
    might_spill,
    spillage,
    within_ceiling,
)  # fmt: skip
from shieldwall.stix import Checked, check, cut
from shieldwall.store import READERS, Scope, id_key, node, opened, run


class Ready(msgspec.Struct, frozen=True):
    """An object that may be placed: where, under whose name, with which marking and note."""

    index: int
    checked: Checked
    body: bytes
    audience: Audience
    owner: str
    tlp: int
    note: str
    warnings: tuple[str, ...]
    stayed_home: bool


class Submission(msgspec.Struct, frozen=True):
    """What all objects of one submission share. `audience` has its volumes resolved; `default` may be unmarked."""

    viewer: Viewer
    audience: Audience
    default: Marking
    scope: Scope


class Judged(msgspec.Struct, frozen=True):
    """The two heaps: what may be placed, what was refused (by index)."""

    ready: tuple[Ready, ...]
    refused: Mapping[int, Outcome]


def judge(submission: Submission, raws: Sequence[bytes], *, first_extra: int) -> Judged:
    """Sort what was sent into what may be placed and what is refused. Call inside a snapshot.

    What is made of an object by a granular marking gets an index of its own, from `first_extra` on.
    """
    refused: dict[int, Outcome] = {}
    sound: list[tuple[int, Checked]] = []
    now = node().clock()
    for index, raw in enumerate(raws):
        try:
            sound.append((index, _sound(raw, now)))
        except ShieldwallError as error:
            refused[index] = _refusal(raw, error)
    bench = _Bench(submission, sound)
    ready: list[Ready] = []
    for index, checked in sound:
        try:
            first, *made = bench.placed(index, checked)
            ready.append(first)
            for one in made:
                ready.append(msgspec.structs.replace(one, index=first_extra))
                first_extra += 1
        except ShieldwallError as error:
            refused[index] = Outcome(
                checked.id, checked.version, REFUSED, None, None, checked.warnings, Refusal.of(error)
            )
    return Judged(tuple(ready), refused)


def _sound(raw: bytes, now: int) -> Checked:
    checked = check(raw, now=now)
    spill = spillage(checked.object) if might_spill(raw) else None
    if spill is not None:
        raise Refused(spill.message, rule=spill.rule, where=f"{checked.id} {spill.where}", remedy=spill.remedy)
    return checked


class _Header(msgspec.Struct):
    id: str = ""
    modified: str = ""


def _refusal(raw: bytes, error: ShieldwallError) -> Outcome:
    try:
        header = msgspec.json.decode(raw, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        header = _Header()
    return Outcome(header.id[:300], header.modified[:60], REFUSED, error=Refusal.of(error))


class _Bench:
    """What judging one submission needs to know beforehand, read once for all its objects."""

    def __init__(self, submission: Submission, sound: Sequence[tuple[int, Checked]]) -> None:
        self._of = submission
        self._member = submission.viewer.member
        self._home = home_audience(self._member)
        self._definitions = _definitions(submission.scope, [checked for _, checked in sound])
        self._owners = identity_owners({checked.created_by for _, checked in sound if checked.created_by})
        self._clients = clients_of(self._member)
        self._gone_out = _known_bodies(submission.scope, self._foreign(checked for _, checked in sound))
        self._group_refusal = _group_refusal(submission)
        self._markings: dict[tuple[str, ...], tuple[Marking, str]] = {}
        self._verdicts: dict[tuple[Audience, Marking], Verdict] = {}

    def _foreign(self, every: Any) -> list[Checked]:
        return [one for one in every if self._owners.get(one.created_by, self._member) != self._member]

    def placed(self, index: int, checked: Checked) -> list[Ready]:
        """Where `checked` goes; and what is made of it, where only parts of it may go there.

        Raises Refused or BadInput.
        """
        marking, note = self._marking(checked)
        owner = self._owners.get(checked.created_by, self._member)
        body = checked.body if owner == self._member else self._passed_on(checked, owner)
        whole = Ready(
            index=index, checked=checked, body=body, audience=self._of.audience, owner=owner,
            tlp=-1 if marking.ceiling is None else int(marking.ceiling), note=note,
            warnings=checked.warnings, stayed_home=False,
        )  # fmt: skip
        if marking.tlp is None:
            return [self._stay_home(whole)]
        if owner != self._member:
            self._judge_onward(checked, marking)
        elif checked.granular and not within_ceiling(self._of.audience, marking):
            return self._divided(whole)
        return [self._address(whole, marking)]

    def _divided(self, whole: Ready) -> list[Ready]:
        """The whole at home; what the wider audience may have as an object of its own, whose origin only home knows."""
        checked = whole.checked
        unmet = frozenset(
            one.marking_ref for one in checked.granular
            if not within_ceiling(self._of.audience, marking_of([one.marking_ref], self._definitions))
        )  # fmt: skip
        made = cut(checked.object, unmet, namespace=_cut_namespace(), now=node().clock())
        part = self._address(self._made_of(whole, made.derived, self._of.audience), self._marking(made.derived)[0])
        home = self._made_of(whole, checked, self._home)
        verdict = self._verdict(self._home, self._marking(checked)[0])
        if not verdict:
            raise Refused(verdict.message, rule=verdict.rule, where=checked.id, remedy=verdict.remedy)
        tie = [self._made_of(whole, made.relationship, self._home)] if made.relationship else []
        return [home, part, *tie]

    def _made_of(self, whole: Ready, checked: Checked, audience: Audience) -> Ready:
        marking, _ = self._marking(checked)
        tlp = -1 if marking.ceiling is None else int(marking.ceiling)
        return msgspec.structs.replace(
            whole, checked=checked, body=checked.body, audience=audience, tlp=tlp, warnings=checked.warnings
        )

    def _marking(self, checked: Checked) -> tuple[Marking, str]:
        """All markings of the object together; the default where it has no TLP, which the entry then records."""
        refs = checked.marking_refs
        if checked.granular:
            refs = (*refs, *(one.marking_ref for one in checked.granular))
        if checked.type == "marking-definition":
            return self._of_definition(refs), ""
        known = self._markings.get(refs)
        if known is None:
            known = self._markings[refs] = self._of_refs(refs)
        return known

    def _of_refs(self, refs: tuple[str, ...]) -> tuple[Marking, str]:
        own, default = marking_of(refs, self._definitions), self._of.default
        if own.tlp is not None or own.unknown or default.tlp is None:
            return own, ""
        return own.or_default(default), f"default marking {default.label}"

    def _of_definition(self, refs: tuple[str, ...]) -> Marking:
        """A marking definition without marking travels with what it marks: it says how to treat it."""
        own = marking_of(refs, self._definitions)
        return own if own.tlp is not None or own.unknown else Marking(tlp=TLP.CLEAR)

    def _verdict(self, audience: Audience, marking: Marking) -> Verdict:
        known = self._verdicts.get((audience, marking))
        if known is None:
            known = self._verdicts[audience, marking] = may_append(self._of.viewer, audience, marking)
        return known

    def _stay_home(self, whole: Ready) -> Ready:
        verdict = self._verdict(self._home, UNMARKED)
        if not verdict:
            raise Refused(verdict.message, rule=verdict.rule, remedy=verdict.remedy)
        stays = self._of.audience != self._home
        return msgspec.structs.replace(whole, audience=self._home, stayed_home=stays)

    def _address(self, whole: Ready, marking: Marking) -> Ready:
        verdict = self._verdict(whole.audience, marking)
        if not verdict:
            raise Refused(verdict.message, rule=verdict.rule, where=whole.checked.id, remedy=verdict.remedy)
        if self._group_refusal is not None:
            raise self._group_refusal
        return whole

    def _passed_on(self, checked: Checked, owner: str) -> bytes:
        """The bytes as the owner published them; only a version that the submitter may read is passed on."""
        known = self._gone_out.get((checked.id, owner, checked.digest))
        if known is None:
            raise Refused(
                "its creator is bound to another member, and this is no version that you were given",
                rule="STIX 2.1 §3.6: only the object creator makes versions",
                where=f"{checked.id} $.created_by_ref",
                remedy="pass it on byte for byte, or publish your own object with a derived-from relationship",
            )
        return known

    def _judge_onward(self, checked: Checked, marking: Marking) -> None:
        """What a recipient may pass on: its organisation and its clients under AMBER, not beyond (TLP 2.0)."""
        ceiling = marking.ceiling or TLP.RED
        if ceiling < TLP.AMBER or self._of.audience == self._home:
            return
        tokens = self._of.audience.tokens()
        clients = {f"member:{one}" for one in self._clients}
        if ceiling is TLP.AMBER and tokens <= clients | self._home.tokens():
            return
        raise Refused(
            f"{ceiling.label} given to you may not be passed on to {self._of.audience.plain().text}",
            rule="tlp-onward",
            where=checked.id,
            remedy="ask its owner to widen it"
            if ceiling > TLP.AMBER
            else "pass it to a named client, or ask its owner",
        )


def _cut_namespace() -> uuid.UUID:
    """A secret: whoever knows it could confirm a guess of the whole's id from a part."""
    return uuid.UUID(bytes=node().secret("cuts")[:16])


def _group_refusal(submission: Submission) -> Refused | None:
    try:
        check_group_rules(submission.viewer, submission.audience)
    except Refused as refusal:
        return refusal
    return None


def _definitions(scope: Scope, every: Sequence[Checked]) -> dict[str, dict[str, Any]]:
    """The marking definitions at hand: those sent along, and those that the submitter may read."""
    sent = {one.id: one.object for one in every if one.type == "marking-definition"}
    asked = {ref for one in every for ref in (*one.marking_refs, *(g.marking_ref for g in one.granular))} - sent.keys()
    found = {one: orjson.loads(body) for (one, _, _), body in _bodies(scope, asked).items()}
    return found | sent


def _known_bodies(scope: Scope, foreign: Sequence[Checked]) -> dict[tuple[str, str, bytes], bytes]:
    """By (id, owner, digest), the stored bytes of what the submitter may read of these objects."""
    return _bodies(scope, {one.id for one in foreign})


def _bodies(scope: Scope, ids: set[str]) -> dict[tuple[str, str, bytes], bytes]:
    if not ids:
        return {}
    by_key = {id_key(one): one for one in ids}
    keys = orjson.dumps([key.hex() for key in by_key]).decode()
    rows = run(READERS, "objects_in_scope", keys=keys, collections=scope.ids())
    positions = orjson.dumps([row[1] for row in rows]).decode()
    bodies = {row[0]: row[3] for row in run(READERS, "bodies_at", positions=positions)}
    found = {}
    for key, place, owner, _, _, digest in rows:
        body = opened(scope.readable[place >> 40].collection, place, bodies[place])
        if body is not None:
            found[by_key[bytes(key)], owner, bytes(digest)] = body
    return found


def single_audience(audience: str | None, collection: str | None) -> None:
    """One release field, never two that must agree (P44, P49). Raises BadInput where both are given."""
    if audience and collection:
        raise BadInput(
            "an audience and a collection are two ways to say the same",
            rule="one release field",
            where="audience, collection",
            remedy="give one of them",
        )
