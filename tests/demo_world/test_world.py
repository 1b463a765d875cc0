"""What the made-up world knows and what happens in it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import orjson
import pytest
from stix2validator import ValidationOptions, validate_instance

from shieldwall.demo.world import SOURCES, Act, Roster, Submission, knowledge, life, roster
from shieldwall.demo.world.desks import TLP_1
from shieldwall.policy import TLP, marking_of, parse_audience, parse_label, spillage, within_ceiling
from shieldwall.stix import check, observable_id, split
from tests.demo_world.conftest import NOW, SEED

Thing = dict[str, Any]

_DIGEST = """
import hashlib
from shieldwall.demo.world import knowledge, life, roster
digest = hashlib.sha256()
alliance = roster("s")
digest.update(repr(alliance).encode())
for submission in knowledge(NOW, ("warning-lists", "taxonomies", "practice")): digest.update(submission.objects)
for act in life(alliance, "s", NOW, 0.2): digest.update(repr(act).encode())
print(digest.hexdigest())
""".replace("NOW", str(NOW))


def _digest(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-c", _DIGEST], env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_the_same_seed_and_time_give_the_same_bytes_in_another_process() -> None:
    assert _digest("1") == _digest("2")


def test_the_whole_is_of_the_size_of_attack_and_made_in_seconds() -> None:
    began = time.perf_counter()
    alliance = roster("speed")
    count = sum(act.count for act in life(alliance, "speed", NOW)) + sum(s.count for s in knowledge(NOW))
    assert 28_000 <= count <= 40_000
    assert time.perf_counter() - began < 5


def test_few_large_bundles_carry_it(year: list[Act], known: list[Submission]) -> None:
    assert len(year) + len(known) <= 400
    for bundle, count in [(a.objects, a.count) for a in year if a.objects] + [(s.objects, s.count) for s in known]:
        assert len(bundle) < 10 * 2**20
        assert len(split(bundle)) == count <= 2500


def test_scale_makes_more_of_the_same_not_more_acts(alliance: Roster, year: list[Act]) -> None:
    double = list(life(alliance, SEED, NOW, 2.0))
    assert sum(act.count for act in double) > 1.7 * sum(act.count for act in year)
    assert len(double) < 450


def test_every_object_is_valid_and_none_is_dated_ahead(year: list[Act], known: list[Submission]) -> None:
    told = [raw for act in year if act.objects for raw in split(act.objects)]
    learned = [raw for submission in known for raw in split(submission.objects)]
    for raw in told + learned[::5]:  # of what packages carry, every fifth: it does not depend on the seed
        checked = check(raw, now=NOW)
        assert checked.modified_us <= NOW
        assert spillage(checked.object) is None


def test_the_referee_finds_no_fault_in_a_sample(told: list[Thing], learned: list[Thing]) -> None:
    by_type: dict[str, list[Thing]] = {}
    for thing in told + learned:
        by_type.setdefault(thing["type"], []).append(thing)
    chance, options = random.Random(7), ValidationOptions(version="2.1")
    for things in by_type.values():
        for thing in chance.sample(things, min(len(things), 12)):
            assert validate_instance(thing, options).is_valid, thing["id"]


def test_observables_bear_the_id_that_follows_from_their_content(told: list[Thing]) -> None:
    observables = [thing for thing in told if "created" not in thing and thing["type"] != "process"]
    assert len({thing["type"] for thing in observables}) >= 14
    assert all(thing["id"] == observable_id(thing) for thing in observables)


def test_everything_an_analyst_writes_is_there(told: list[Thing]) -> None:
    kinds = Counter(thing["type"] for thing in told)
    for kind in (
        "report",
        "indicator",
        "sighting",
        "note",
        "opinion",
        "vulnerability",
        "campaign",
        "malware",
        "incident",
        "intrusion-set",
        "infrastructure",
        "course-of-action",
        "observed-data",
        "relationship",
        "location",
    ):
        assert kinds[kind] >= 20, kind
    languages = Counter(thing["pattern_type"] for thing in told if thing["type"] == "indicator")
    assert all(languages[language] for language in ("stix", "yara", "sigma", "suricata", "snort"))
    labels = Counter(label for thing in told for label in thing.get("labels", ()))
    assert labels["lesson"] > 20 and labels["question"] > 50 and labels["answer"] > 50


def test_every_level_of_both_editions_and_none_is_in_use(told: list[Thing]) -> None:
    refs = Counter(ref for thing in told for ref in thing.get("object_marking_refs", ()))
    assert all(refs[level.id] for level in TLP)
    assert all(refs[old] for old in TLP_1.values())
    assert any(marking_of(thing["object_marking_refs"], {}).pap for thing in told if "object_marking_refs" in thing)
    assert sum("object_marking_refs" not in thing for thing in told) > 500


@pytest.mark.parametrize("level", list(TLP_1), ids=lambda level: level.label)
def test_the_old_ids_mean_the_level_they_stand_for(level: TLP) -> None:
    assert marking_of([TLP_1[level]], {}).tlp is level


def test_every_kind_of_audience_is_addressed_in_words_that_parse(year: list[Act]) -> None:
    audiences = {act.audience for act in year}
    for audience in audiences - {""}:
        parse_audience(audience)
    assert {"", "community", "public", "group:energy", "nation:no"} <= audiences
    assert any("person:" in a for a in audiences) and any("member:" in a for a in audiences)
    assert any("&" in a for a in audiences) and any("|" in a for a in audiences)


def test_what_should_be_admitted_is_within_the_ceiling_of_its_marking(year: list[Act]) -> None:
    for act in year:
        assert act.outcome != "admitted" or _fits(act), act.audience


def test_some_send_what_is_too_strict_for_the_audience(year: list[Act]) -> None:
    assert sum(not _fits(act) for act in year if act.outcome == "refused") >= 4


def _fits(act: Act) -> bool:
    """Whether every marking allows the audience; home is no question, nor is a withdrawal."""
    if not act.audience or not act.objects:
        return True
    audience = parse_audience(act.audience)
    return all(within_ceiling(audience, marking) for marking in _markings(act))


def _markings(act: Act) -> list[Any]:
    refs = [thing.get("object_marking_refs", ()) for thing in orjson.loads(act.objects)["objects"]]
    default = [parse_label(act.default_marking)] if act.default_marking and not all(refs) else []
    return [marking_of(ref, {}) for ref in refs if ref] + default


def test_nobody_addresses_a_group_it_is_not_in(alliance: Roster, year: list[Act]) -> None:
    groups = {group.id: group.members for group in alliance.groups}
    for act in year:
        tokens = [token for conjunct in parse_audience(act.audience or "community").conjuncts for token in conjunct]
        for token in tokens:
            kind, _, name = token.partition(":")
            assert kind != "group" or act.member in groups[name], act.audience


def test_only_people_write_to_the_public_and_to_named_people(alliance: Roster, year: list[Act]) -> None:
    works_for = {person.id: person.member for person in alliance.people}
    for act in year:
        if act.audience == "public" or "person:" in act.audience:
            assert works_for[act.person] == act.member


def test_members_speak_for_themselves_except_where_they_pass_on_or_pretend(alliance: Roster, year: list[Act]) -> None:
    owner = {member.identity_id: member.id for member in alliance.members}
    pretending = 0
    for act in (act for act in year if act.objects):
        things = orjson.loads(act.objects)["objects"]
        foreign = {owner[thing["created_by_ref"]] for thing in things if "created_by_ref" in thing} - {act.member}
        pretending += bool(foreign) and act.outcome == "refused"
        assert not foreign or act.kind == "relay" or act.outcome == "refused"
        assert foreign or act.kind != "relay"
    assert pretending >= 1


def test_what_is_passed_on_is_equal_byte_for_byte(year: list[Act]) -> None:
    given = {raw for act in year if act.kind == "submit" for raw in split(act.objects)}
    relays = [act for act in year if act.kind == "relay"]
    assert len(relays) >= 8
    assert all(raw in given for act in relays for raw in split(act.objects))


def test_later_acts_speak_of_what_their_member_gave_before(year: list[Act]) -> None:
    kinds = Counter(act.kind for act in year)
    assert kinds["update"] >= 20 and kinds["revoke"] >= 10 and kinds["withdraw"] >= 6
    newest: dict[tuple[str, str, str], str] = {}
    for act in year:
        things = orjson.loads(act.objects)["objects"] if act.objects else [{"id": act.target}]
        for thing in (thing for thing in things if act.outcome != "refused"):
            key = (act.member, act.audience, thing["id"])
            if act.kind in ("update", "revoke"):
                assert thing["modified"] > newest[key] and thing.get("revoked", False) == (act.kind == "revoke")
            if act.kind == "withdraw":
                assert key in newest and act.reason
            newest[key] = thing.get("modified", "")


def test_references_lead_somewhere(told: list[Thing], learned: list[Thing], alliance: Roster) -> None:
    here = {thing["id"] for thing in told + learned} | {member.identity_id for member in alliance.members}
    refs = [ref for thing in told for ref in _refs(thing)]
    lost = [ref for ref in refs if ref not in here]
    assert len(refs) > 20_000 and len(lost) < len(refs) / 200


def _refs(thing: Thing) -> list[str]:
    single = [value for name, value in thing.items() if name.endswith("_ref")]
    return single + [
        ref
        for name, value in thing.items()
        if name.endswith("_refs") and name != "object_marking_refs"
        for ref in value
    ]


def test_one_value_is_told_of_by_several_members(told: list[Thing]) -> None:
    authors: dict[str, set[str]] = {}
    for thing in told:
        if thing["type"] == "indicator":
            authors.setdefault(thing["pattern"], set()).add(thing["created_by_ref"])
    assert sum(len(who) > 1 for who in authors.values()) > 300


def test_the_year_is_told_throughout(told: list[Thing]) -> None:
    months = Counter(thing["created"][:7] for thing in told if thing["type"] == "report")
    assert len(months) >= 12 and max(months.values()) < len(told) / 4


def test_reports_name_techniques_that_attack_knows(told: list[Thing], learned: list[Thing]) -> None:
    techniques = {thing["id"] for thing in learned if thing["type"] == "attack-pattern"}
    reports = [thing for thing in told if thing["type"] == "report"]
    assert all(techniques & set(report["object_refs"]) for report in reports)
    assert len({report["description"] for report in reports}) >= len({report["id"] for report in reports})


def test_no_text_leaves_a_slot_open(told: list[Thing]) -> None:
    for thing in told:
        for field in ("name", "description", "content", "abstract", "explanation"):
            assert not set("{}") & set(thing.get(field, ""))


def test_knowledge_brings_each_source_once_and_the_whole_holds_more(known: list[Submission]) -> None:
    assert {submission.source for submission in known} < set(SOURCES)
    whole = list(knowledge(NOW, SOURCES))
    assert sum(s.count for s in whole) > 25_000
    ids = [thing["id"] for s in whole for thing in orjson.loads(s.objects)["objects"]]
    assert len(ids) == len(set(ids))


def test_knowledge_is_dated_before_now_and_open_to_all(known: list[Submission]) -> None:
    assert {(s.member, s.audience, s.default_marking) for s in known} == {("hub", "community", "TLP:CLEAR")}


def test_attack_keeps_its_own_ids(learned: list[Thing]) -> None:
    by_code = {
        ref["external_id"]: thing
        for thing in learned
        for ref in thing.get("external_references", ())
        if ref["source_name"] == "mitre-attack"
    }
    assert by_code["T1566.002"]["name"] == "Spearphishing Link"
    assert by_code["G0016"]["type"] == "intrusion-set"
    uses = [t for t in learned if t["type"] == "relationship" and t["source_ref"] == by_code["G0016"]["id"]]
    assert len(uses) > 20
