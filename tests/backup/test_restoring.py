"""What was taken back after the backup stays so after the restore; all else is as it was backed up."""

from __future__ import annotations

import pytest

from shieldwall import exchange, members
from shieldwall.errors import ShieldwallError, Unauthenticated
from shieldwall.store import READERS, node, node_facts, one, run, snapshot
from shieldwall.store.walk import log_findings
from tests.alliance import AMBER, GREEN, PASSWORD, Alliance, indicator
from tests.backup.conftest import Machines, manifest_of
from tests.exchange.doing import became, collection, ids, read, send, versions_of

HOSTILE, HARMLESS = indicator("198.51.100.7", GREEN), indicator("198.51.100.8", GREEN)


def everything() -> list[list[tuple[object, ...]]]:
    """Every entry of every log, with what it is hashed from."""
    with snapshot():
        return [
            [tuple(row) for row in run(READERS, "entries_between", low=row[0] << 40, high=(row[0] + 1) << 40)]
            for row in run(READERS, "all_collections")
        ]


def findings() -> list[object]:
    from shieldwall.exchange.rebuilding import projection_findings

    with snapshot():
        return [*log_findings(lambda _: None), *projection_findings(lambda _: None)]


def test_all_that_was_backed_up_is_there_again(machines: Machines, alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, HOSTILE, HARMLESS, to="group:energy")
    ada = alliance.person("acme", "ada", "analyst")
    send(ada, indicator("198.51.100.9"), to=ada.principal, default_marking="TLP:RED")
    exchange.follow_words()
    backup = machines.back_up()
    before = everything()
    done = machines.restore(backup)
    after = everything()
    assert (done.epoch, dict(done.replayed), done.unreadable) == (2, {}, 0)
    assert [log for log in after if log in before] == before[1:], "every log but the register's, which tells of it"
    assert after[0][: len(before[0])] == before[0]
    assert findings() == []
    assert set(ids(dansk)) == {HOSTILE["id"], HARMLESS["id"]}
    assert exchange.search(dansk, "address") and exchange.lookup(dansk, ["198.51.100.7"])[0].total == 1
    assert read(members.viewer_of_person(ada.principal.partition(":")[2]))[-1]["name"] == "Address 198.51.100.9"


def test_a_restored_node_goes_on(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, to="group:energy")
    backup = machines.back_up()
    machines.restore(backup)
    assert became(send(alliance.viewer("acme"), HARMLESS, to="group:energy")) == ["admitted"]
    alliance.key("fjord")
    members.create_group(alliance.hub, "fresh", "Fresh", owner="fjord", members=["dansk"])
    assert len(ids(alliance.viewer("dansk"))) == 2
    assert findings() == []


def test_what_was_withdrawn_since_is_withdrawn_again(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, to="group:energy")
    send(acme, HOSTILE, HARMLESS, to="nation:no")
    backup = machines.back_up()
    exchange.withdraw(acme, HOSTILE["id"], None, "should not have been shared")
    done = machines.restore(backup)
    assert done.replayed["withdrawn"] == 2, "one in each collection"
    no_cert = alliance.viewer("no-cert")
    assert ids(no_cert) == [HARMLESS["id"]] and versions_of_nothing(no_cert)
    told = exchange.withdrawals(no_cert)
    assert [one.reason for one in told] == ["should not have been shared"] * 2, "told in the new epoch, by its owner"
    assert findings() == []


def versions_of_nothing(viewer: members.Viewer) -> bool:  # type: ignore[name-defined]
    with pytest.raises(ShieldwallError):
        versions_of(viewer, HOSTILE["id"])
    return True


def test_a_single_version_that_was_withdrawn_leaves_the_others(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    newer = indicator("198.51.100.7", GREEN, minute=5)
    send(acme, HOSTILE, to="group:energy")
    send(acme, newer, to="nation:no")
    backup = machines.back_up()
    exchange.withdraw(acme, HOSTILE["id"], newer["modified"], "too early")
    machines.restore(backup)
    assert versions_of(alliance.viewer("dansk"), HOSTILE["id"]) == [HOSTILE["modified"]]
    assert ids(alliance.viewer("fjord")) == []


def test_what_was_revoked_since_is_revoked_again_by_the_same_bytes(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, to="group:energy")
    send(acme, HOSTILE, to="nation:no")
    backup = machines.back_up()
    over = indicator("198.51.100.7", GREEN, minute=9, revoked=True, description="a mistake of ours")
    send(acme, over, to="group:energy")
    done = machines.restore(backup)
    assert done.replayed["revoked"] >= 1
    for reader in ("dansk", "fjord"):
        assert read(alliance.viewer(reader)) == [over]
    again = send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN, minute=12), to="group:energy")
    assert became(again) == ["refused"], "revoking is permanent"
    assert findings() == []


def test_what_was_given_and_revoked_since_cannot_be_given_again(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HARMLESS, to="group:energy")
    backup = machines.back_up()
    send(acme, HOSTILE, to="group:energy")
    send(acme, indicator("198.51.100.7", GREEN, minute=9, revoked=True), to="group:energy")
    machines.restore(backup)
    assert read(alliance.viewer("dansk"), collection(alliance.viewer("dansk"), "group:energy"))[-1]["revoked"]
    assert became(send(alliance.viewer("acme"), indicator("198.51.100.7", GREEN, minute=12), to="group:energy")) == [
        "refused"
    ]


def test_rights_that_ended_since_stay_ended(machines: Machines, alliance: Alliance) -> None:
    secret, hub = alliance.key("acme"), alliance.hub
    old = alliance.key("fjord")
    for name, role in (("ada", "analyst"), ("ole", "analyst"), ("eva", "administrator")):
        alliance.person("acme", name, role)
    session = members.sign_in("eva", PASSWORD)
    backup = machines.back_up()
    members.revoke_key(hub, members.authenticate(secret).principal.partition(":")[2])
    members.rotate_key(hub, members.authenticate(old).principal.partition(":")[2], overlap_us=1)
    members.deactivate_person(hub, "ada")
    members.set_password(hub, "ole", "another shield covers it")
    members.set_roles(hub, "eva", ["reader"])
    members.suspend_member(hub, "dansk")
    members.depart_member(hub, "centre")
    members.leave_group(hub, "quiet", "fjord")
    members.close_group(hub, "energy")
    members.remove_client(hub, "stahl", "kunde")
    members.set_cap(hub, "key", "nation")
    lost = alliance.key("no-cert")
    done = machines.restore(backup)
    assert set(done.replayed) == {
        "key-revoked", "key-rotated", "person-deactivated", "password-kept", "roles-set", "member-suspended",
        "member-departed", "group-left", "group-closed", "client-removed", "cap-set",
    }  # fmt: skip
    for refused in (secret, old, lost, session):
        with pytest.raises(Unauthenticated):
            members.authenticate(refused)
    for username, password in (("ada", PASSWORD), ("ole", PASSWORD)):
        with pytest.raises(Unauthenticated):
            members.sign_in(username, password)
    assert members.sign_in("ole", "another shield covers it")
    assert members.authenticate(members.sign_in("eva", PASSWORD)).roles == {"reader"}
    assert "group:quiet#1" not in alliance.viewer("fjord").tokens and alliance.viewer("acme").widest == "nation"


def test_what_was_held_and_taken_back_since_is_not_released(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    unwanted = send(acme, HOSTILE, to="group:energy", hold_us=7_200_000_000)
    released = send(acme, HARMLESS, to="group:energy", hold_us=7_200_000_000)
    backup = machines.back_up()
    exchange.take_back(acme, unwanted.id)
    exchange.send_now(acme, released.id)
    exchange.withdraw(acme, HARMLESS["id"], None, "a mistake")
    machines.restore(backup)
    machines.clock.advance(hours=5)
    while exchange.release_due():
        pass
    acme = alliance.viewer("acme")
    assert ids(alliance.viewer("dansk")) == []
    assert [exchange.submission(acme, one.id).state for one in (unwanted, released)] == ["void", "void"]


def test_a_second_restore_of_one_backup_begins_yet_another_epoch(machines: Machines, alliance: Alliance) -> None:
    acme, dansk = alliance.viewer("acme"), alliance.viewer("dansk")
    send(acme, HOSTILE, HARMLESS, to="group:energy")
    backup = machines.back_up()
    exchange.withdraw(acme, HOSTILE["id"], None, "a mistake")
    assert machines.restore(backup).epoch == 2
    members.revoke_key(alliance.hub, dansk.principal.partition(":")[2])
    done = machines.restore(backup)
    assert done.epoch == 3 and done.replayed["withdrawn"] == 1 and done.replayed["key-revoked"] == 1
    with pytest.raises(Unauthenticated):
        alliance.viewer("dansk")
    assert ids(alliance.viewer("no-cert")) == [HARMLESS["id"]]


def test_stamps_rise_above_every_one_that_was_given(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, to="group:energy")
    backup = machines.back_up()
    send(acme, HARMLESS, to="group:energy")
    newest = node_facts(READERS).stamp
    machines.restore(backup)
    assert one(READERS, "node_state")[0] > newest  # type: ignore[index]
    assert manifest_of(backup).stamp < newest


def test_a_torn_line_of_the_journal_spoils_no_other(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, HARMLESS, to="group:energy")
    backup = machines.back_up()
    exchange.withdraw(acme, HOSTILE["id"], None, "a mistake")
    journal = machines.data / "journal" / "records"
    journal.write_bytes(journal.read_bytes() + journal.read_bytes()[:40])
    exchange.withdraw(acme, HARMLESS["id"], None, "another")
    done = machines.restore(backup)
    assert (done.unreadable, done.replayed["withdrawn"]) == (1, 2)
    assert ids(alliance.viewer("dansk")) == []


def test_a_journal_from_elsewhere_is_replayed_and_kept(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, to="group:energy")
    backup = machines.back_up()
    exchange.withdraw(acme, HOSTILE["id"], None, "a mistake")
    elsewhere = machines.data / "journal" / "records"
    machines.move(journal=False)
    assert exchange.restore(backup, journals=[elsewhere]).replayed == {"withdrawn": 1}
    kept = (node().config.data / "journal" / "records").read_bytes()
    assert kept.startswith(elsewhere.read_bytes())


def test_nothing_that_was_shared_can_be_read_from_the_journal(machines: Machines, alliance: Alliance) -> None:
    acme = alliance.viewer("acme")
    send(acme, HOSTILE, indicator("198.51.100.9", AMBER, minute=2, revoked=True), to="group:energy")
    exchange.withdraw(acme, HOSTILE["id"], None, "a canary sings")
    text = (machines.data / "journal" / "records").read_bytes()
    assert text.count(b"\n") >= 2
    assert not any(word in text for word in (b"canary", b"198.51", HOSTILE["id"].encode(), b"indicator"))
