"""What an operator does at the shell: set up, look after, administer."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.alliance import PASSWORD
from tests.cli.conftest import Operator


def test_setting_up_makes_a_closed_data_directory_and_tells_the_key_and_what_is_next(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    operator = Operator(tmp_path / "new" / "node")
    done = operator.run("setup", "--name", "Hub", "--slug", "hub", "--admin", "boss", "--password-file", str(secret))
    assert done.returncode == 0, done.stderr
    assert "shieldwall+" in done.stdout and "shieldwall serve" in done.stdout and PASSWORD not in done.stdout
    for path in (operator.data, operator.data / "keys", *(operator.data / "keys").iterdir(), operator.data / "log.db"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_node_is_set_up_once(operator: Operator) -> None:
    done = operator.run("setup", "--name", "Other", "--slug", "other", "--admin", "eve", SHIELDWALL_PASSWORD=PASSWORD)
    assert done.returncode == 6
    assert done.stderr.count("\n") == 1 and "set up already" in done.stderr


def test_setting_up_without_terminal_or_password_says_what_to_give_and_leaves_no_register(tmp_path: Path) -> None:
    operator = Operator(tmp_path / "node")
    done = operator.run("setup", "--name", "Hub", "--slug", "hub", "--admin", "boss")
    assert done.returncode == 3 and "--password-file" in done.stderr
    done = operator.run("setup", "--name", "Hub", "--slug", "hub", "--admin", "boss", SHIELDWALL_PASSWORD="short")
    assert done.returncode == 3 and "password" in done.stderr
    operator.set_up()


def test_a_register_is_filled_and_listed_at_the_shell(operator: Operator) -> None:
    operator.json("group", "add", "energy", "Energy", "--owner", "no-cert", "--member", "acme")
    assert operator.json("member", "list")[0] | {"created_us": 0} == {
        "slug": "acme", "name": "Acme, Power", "kind": "company", "nation": "no", "sector": "", "size": "",
        "status": "active", "hub": False, "widest": "public", "created_us": 0,
    }  # fmt: skip
    assert operator.json("group", "list")[0]["members"] == ["acme", "no-cert"]
    shown = operator.run("member", "list").stdout
    assert "Acme, Power" in shown and "no-cert" in shown


def test_a_key_shows_its_secret_once(operator: Operator) -> None:
    made = operator.json("key", "add", "acme", "sensor", "--scope", "read", "--scope", "submit")
    assert made["secret"].startswith(f"swk_{made['key']}_") and made["scopes"] == ["read", "submit"]
    listed = operator.run("key", "list", "--json").stdout
    assert made["key"] in listed and made["secret"] not in listed
    successor = operator.json("key", "rotate", made["key"], "--overlap", "0")
    operator.json("key", "revoke", successor["key"])
    assert operator.run("key", "rotate", successor["key"]).returncode == 6


def test_whoever_acts_by_name_has_that_persons_rights(operator: Operator) -> None:
    refused = operator.run("nation", "--as", "boss", "add", "se", "Sweden", SHIELDWALL_PASSWORD="a wrong password")
    assert refused.returncode == 7
    done = operator.run("nation", "--as", "boss", "add", "se", "Sweden", SHIELDWALL_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    added = operator.run("person", "add", "acme", "ada", "Ada", "--role", "administrator", SHIELDWALL_PASSWORD=PASSWORD)
    assert added.returncode == 0, added.stderr
    refused = operator.run("nation", "--as", "ada", "add", "dk", "Denmark", SHIELDWALL_PASSWORD=PASSWORD)
    assert refused.returncode == 4 and "only an administrator of the hub" in refused.stderr


def test_people_change_roles_and_end(operator: Operator) -> None:
    operator.json("person", "add", "hub", "ida", "Ida", "--no-password")
    operator.json("person", "roles", "ida", "auditor", "analyst")
    operator.json("person", "deactivate", "ida")
    ida = next(one for one in operator.json("person", "list", "--member", "hub") if one["username"] == "ida")
    assert ida["roles"] == ["analyst", "auditor"] and not ida["active"]
    assert operator.run("person", "deactivate", "boss").returncode == 6


def test_identities_clients_and_caps_are_kept_at_the_shell(operator: Operator) -> None:
    identity = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
    operator.json("identity", "bind", "acme", identity)
    operator.json("identity", "confirm", "acme", identity)
    assert operator.json("identity", "list")[0]["confirmed_us"]
    operator.json("client", "add", "acme", "no-cert")
    assert [one["client"] for one in operator.json("client", "list")] == ["no-cert"]
    operator.json("client", "remove", "acme", "no-cert")
    operator.json("cap", "set", "key", "group")
    assert operator.json("cap", "list") == [{"holder": "key", "widest": "group"}]


def test_a_csv_with_a_wrong_column_names_it(operator: Operator, tmp_path: Path) -> None:
    table = tmp_path / "members.csv"
    table.write_text("slug,title,kind\nacme,Acme,company\n")
    done = operator.run("member", "import", str(table))
    assert done.returncode == 3 and "unknown title; missing name" in done.stderr and "line 1" in done.stderr


def test_nothing_is_made_where_nothing_is_set_up(tmp_path: Path) -> None:
    operator = Operator(tmp_path / "nowhere")
    for command in (["serve"], ["worker"], ["check"], ["rebuild", "all"], ["member", "list"]):
        done = operator.run(*command)
        assert done.returncode == 9 and "shieldwall setup" in done.stderr, command
    assert not operator.data.exists()


def test_nothing_is_made_beside_a_demo(tmp_path: Path) -> None:
    (tmp_path / "var" / "demo" / "keys").mkdir(parents=True)
    done = Operator(tmp_path / "var").run("member", "list")
    assert done.returncode == 9 and "SHIELDWALL_DATA (a demo's is var/demo)" in done.stderr
    assert [one.name for one in (tmp_path / "var").iterdir()] == ["demo"]


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    operator = Operator(tmp_path / "file" / "node")
    done = operator.run("setup", "--name", "Hub", "--slug", "hub", "--admin", "boss", SHIELDWALL_PASSWORD=PASSWORD)
    assert done.returncode == 9 and done.stderr.count("\n") == 1
    assert str(operator.data) in done.stderr and "yours to read and write" in done.stderr


def test_a_setting_that_cannot_be_used_is_named(operator: Operator) -> None:
    done = operator.run("member", "list", SHIELDWALL_WORKERS="many")
    assert done.returncode == 3 and "SHIELDWALL_WORKERS" in done.stderr
    done = operator.run("check", "--quick", SHIELDWALL_WORKERS="many", SHIELDWALL_WROKERS="2")
    assert done.returncode == 1 and "SHIELDWALL_WORKERS" in done.stdout and "SHIELDWALL_WROKERS" in done.stdout


def test_check_and_rebuild_say_by_exit_code_what_they_found(operator: Operator) -> None:
    from pysqlite3 import dbapi2

    assert operator.json("check") == []
    assert operator.run("check").stdout == "everything holds\n"
    with dbapi2.connect(operator.data / "log.db") as connection:
        connection.execute("INSERT INTO hidden VALUES (7, 2)")
        connection.execute("INSERT INTO withdrawal VALUES (7)")
    connection.close()
    done = operator.run("check")
    assert done.returncode == 1 and "index withdrawal" in done.stdout and "shieldwall rebuild values" in done.stdout
    assert operator.run("check", "--quick").returncode == 0
    assert operator.json("rebuild", "all")["hidden"] == 1
    assert operator.run("check").returncode == 0


def test_migrate_has_nothing_to_do_twice(operator: Operator) -> None:
    assert operator.json("migrate") == {"migrated": []}


def test_the_commands_start_without_what_only_some_of_them_need() -> None:
    heavy = ["django", "httpx", "rich.console", "orjson", "jsonschema_rs", "granian", "cryptography", "argon2"]
    program = f"import sys; import shieldwall.cli.main; print(*[one for one in {heavy!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    "group", ["", "demo", "nation", "member", "person", "key", "group", "identity", "client", "cap"]
)
def test_no_line_of_help_is_cut_short_in_a_terminal_of_eighty_columns(tmp_path: Path, group: str) -> None:
    told = Operator(tmp_path).run(*group.split(), "--help", COLUMNS="80").stdout
    lines = told.partition("Commands:\n")[2].splitlines()
    assert lines and not [line for line in lines if line.endswith("...") or not line.startswith("  ")]


def test_the_reference_of_the_command_line_is_current() -> None:
    root = Path(__file__).resolve().parents[2]
    command, environment = (
        [sys.executable, "scripts/cli_reference.py", "--check"],
        {**os.environ, "PYTHONPATH": str(root)},
    )
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_operator_on_postgresql_sets_up_checks_and_rebuilds(tmp_path: Path, postgres_url_factory) -> None:
    operator = Operator(tmp_path / "node", SHIELDWALL_DATABASE=postgres_url_factory())
    operator.set_up()
    operator.json("nation", "add", "no", "Norway")
    found = operator.run("check").stdout  # the tests' server writes without care for crashes, and check says so
    assert "fsync is off" in found and "index" not in found and "schema" not in found and "collection" not in found
    assert operator.run("rebuild", "all").returncode == 0
