"""Judging what was sent, object by object, before any turn at writing is taken.

The verdict depends only on the submission, the target and what the submitter may read. A marking is judged for each
object, never for the bundle; an address is refused rather than coerced; what is unmarked stays home unless a default
was given.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

import msgspec

from shieldwall.errors import BadInput, Refused, ShieldwallError
from shieldwall.exchange.ends import with_missing_ends
from shieldwall.exchange.known import Definitions, Given, Known
from shieldwall.exchange.ready import Ready
from shieldwall.exchange.receipts import REFUSED, Outcome, Refusal
from shieldwall.gate import give_way
from shieldwall.members import check_group_rules, clients_of, identity_owners
from shieldwall.policy import (
    TLP,
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
from shieldwall.store import Scope, node

_GIVES_WAY = 100


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
        if not index % _GIVES_WAY:
            give_way()
        try:
            sound.append((index, _sound(raw, now)))
        except ShieldwallError as error:
            refused[index] = refusal_of(raw, error)
    bench = _Bench(submission, sound)
    ready: list[Ready] = []
    for place, (index, checked) in enumerate(sound):
        if not place % _GIVES_WAY:
            give_way()
        try:
            first, *made = bench.placed(index, checked)
            ready.append(first.prepared())
            for one in made:
                ready.append(msgspec.structs.replace(one, index=first_extra, made_of=checked))
                first_extra += 1
        except ShieldwallError as error:
            refused[index] = Outcome(
                checked.id, checked.version, REFUSED, None, None, checked.warnings, Refusal.of(error)
            )
    return Judged(tuple(with_missing_ends(submission.scope, ready)), refused)


def _sound(raw: bytes, now: int) -> Checked:
    checked = check(raw, now=now)
    spill = spillage(checked.object) if might_spill(raw) else None
    if spill is not None:
        raise Refused(spill.message, rule=spill.rule, where=f"{checked.id} {spill.where}", remedy=spill.remedy)
    return checked


class _Header(msgspec.Struct):
    id: str = ""
    modified: str = ""


def header_of(raw: bytes) -> tuple[str, str]:
    """Id and `modified` as far as they can be made out in what may be no object at all."""
    try:
        header = msgspec.json.decode(raw, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        header = _Header()
    return header.id[:300], header.modified[:60]


def refusal_of(raw: bytes, error: ShieldwallError) -> Outcome:
    """The outcome of what was refused before it was understood."""
    return Outcome(*header_of(raw), REFUSED, error=Refusal.of(error))


class _Marks(msgspec.Struct, frozen=True):
    """The marking of the object as such, of it with all its parts, and what the entry notes about it."""

    own: Marking
    whole: Marking
    note: str


class _Bench:
    """What judging one submission needs to know beforehand, read once for all its objects."""

    def __init__(self, submission: Submission, sound: Sequence[tuple[int, Checked]]) -> None:
        self._of = submission
        self._member = submission.viewer.member
        self._home = home_audience(self._member)
        every = [checked for _, checked in sound]
        self._definitions = Definitions(submission.scope, self._member, every)
        self._owners = identity_owners({checked.created_by for checked in every if checked.created_by})
        self._clients = clients_of(self._member)
        self._given = Given(submission.scope, {one.id for one in every if self._owner(one) != self._member})
        self._group_refusal = _group_refusal(submission)
        self._markings: dict[tuple[tuple[str, ...], str], Marking] = {}
        self._verdicts: dict[tuple[Audience, Marking], Verdict] = {}

    def _owner(self, checked: Checked) -> str:
        return self._owners.get(checked.created_by, self._member)

    def placed(self, index: int, checked: Checked) -> list[Ready]:
        """Where `checked` goes; and what is made of it, where only parts of it may go there.

        Raises Refused or BadInput.
        """
        owner = self._owner(checked)
        given = None if owner == self._member else self._passed_on(checked, owner)
        marks = self._marks(checked, owner, given)
        body = checked.body if given is None else given.body
        whole = Ready(
            index=index, checked=checked, body=body, audience=self._of.audience, owner=owner,
            tlp=_level(marks.whole), note=marks.note, warnings=checked.warnings, stayed_home=False,
        )  # fmt: skip
        if marks.own.tlp is None:
            return [self._stay_home(whole, marks)]
        if owner != self._member:
            self._judge_onward(checked, marks.whole)
        elif checked.granular and not within_ceiling(self._of.audience, marks.whole):
            return self._divided(whole, marks)
        return [self._address(whole, marks.whole)]

    def _divided(self, whole: Ready, marks: _Marks) -> list[Ready]:
        """The whole at home; what the wider audience may have as an object of its own, whose origin only home knows."""
        checked = whole.checked
        self._address(whole, marks.own)  # where the whole object is marked too strictly, no part may go there either
        unmet = frozenset(
            one.marking_ref for one in checked.granular
            if not within_ceiling(
                self._of.audience, marks.own.combined(self._of_refs((one.marking_ref,), self._member))
            )
        )  # fmt: skip
        made = cut(checked.object, unmet, namespace=_cut_namespace(), now=node().clock())
        derived = self._marks(made.derived, self._member).whole
        part = self._address(_made_of(whole, made.derived, self._of.audience, derived), derived)
        home = _made_of(whole, checked, self._home, marks.whole)
        self._require(self._home, marks.whole, checked)
        if made.relationship is None:
            return [home, part]
        tie = self._marks(made.relationship, self._member).whole
        return [home, part, _made_of(whole, made.relationship, self._home, tie)]

    def _marks(self, checked: Checked, owner: str, given: Known | None = None) -> _Marks:
        """The markings of the object: its own, with the default where it has no TLP, and those of its parts too.

        The default for what is passed on is what its owner gave it under, never the submitter's.
        """
        own, note = self._of_refs(checked.marking_refs, owner), ""
        if own.tlp is None and not own.unknown:
            if checked.type == "marking-definition":
                # Without a marking it travels with what it marks: it says how to treat it.
                own = own.or_default(Marking(tlp=TLP.CLEAR))
            elif given is not None:
                own, note = own.or_default(Marking(tlp=given.ceiling)), given.note
            elif self._of.default.tlp is not None:
                own, note = own.or_default(self._of.default), f"default marking {self._of.default.label}"
        if not checked.granular:
            return _Marks(own, own, note)
        parts = self._of_refs(tuple(one.marking_ref for one in checked.granular), owner)
        return _Marks(own, own.combined(parts), note)

    def _of_refs(self, refs: tuple[str, ...], owner: str) -> Marking:
        known = self._markings.get((refs, owner))
        if known is None:
            known = self._markings[refs, owner] = marking_of(refs, self._definitions.known_to(owner))
        return known

    def _verdict(self, audience: Audience, marking: Marking) -> Verdict:
        known = self._verdicts.get((audience, marking))
        if known is None:
            known = self._verdicts[audience, marking] = may_append(self._of.viewer, audience, marking)
        return known

    def _require(self, audience: Audience, marking: Marking, checked: Checked) -> None:
        verdict = self._verdict(audience, marking)
        if not verdict:
            raise Refused(verdict.message, rule=verdict.rule, where=checked.id, remedy=verdict.remedy)

    def _stay_home(self, whole: Ready, marks: _Marks) -> Ready:
        self._require(self._home, marks.whole, whole.checked)
        stays = self._of.audience != self._home
        unread = (_unread(marks.own.unknown[0]),) if stays and marks.own.unknown else ()
        return msgspec.structs.replace(
            whole, audience=self._home, stayed_home=stays and not unread, warnings=(*whole.warnings, *unread)
        )

    def _address(self, whole: Ready, marking: Marking) -> Ready:
        self._require(whole.audience, marking, whole.checked)
        if self._group_refusal is not None:
            raise self._group_refusal
        return whole

    def _passed_on(self, checked: Checked, owner: str) -> Known:
        """The version as its owner published it; only one that the submitter may read is passed on."""
        known = self._given.version(checked, owner)
        if known is not None and self._given.is_revoked(checked, owner):
            raise Refused(
                "its owner has revoked it",
                rule="STIX 2.1 §3.6: revoking is permanent",
                where=f"{checked.id} $.revoked",
                remedy="pass the revocation on instead",
            )
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


def _made_of(whole: Ready, checked: Checked, audience: Audience, marking: Marking) -> Ready:
    return msgspec.structs.replace(
        whole, checked=checked, body=checked.body, audience=audience, tlp=_level(marking), warnings=checked.warnings
    )


def _level(marking: Marking) -> int:
    return -1 if marking.ceiling is None else int(marking.ceiling)


def _unread(ref: str) -> str:
    return f"{ref} is a marking whose terms are unknown here, so it stays at home; send its marking definition along"


def _cut_namespace() -> uuid.UUID:
    """A secret: whoever knows it could confirm a guess of the whole's id from a part."""
    return uuid.UUID(bytes=node().secret("cuts")[:16])


def _group_refusal(submission: Submission) -> Refused | None:
    try:
        check_group_rules(submission.viewer, submission.audience)
    except Refused as refusal:
        return refusal
    return None


def single_audience(audience: str | None, collection: str | None) -> None:
    """One release field, never two that must agree (P44, P49). Raises BadInput where both are given."""
    if audience and collection:
        raise BadInput(
            "an audience and a collection are two ways to say the same",
            rule="one release field",
            where="audience, collection",
            remedy="give one of them",
        )
