"""A private PostgreSQL for the tests: found, started when first asked for, shared by all workers, gone at the end.

`python -m tests.postgres` prints where its programs are, or fails where there is none of version 15 or newer.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

OLDEST = 15
FOLDERS = "shieldwall-postgres-"
# Speed before safety: what these databases hold is thrown away a minute later.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
}


def find_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest there is; None where none is new enough."""
    on_path = shutil.which("initdb")
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    folders += [Path(on_path).resolve().parent] if on_path else []
    found = [(major(folder), folder) for folder in folders]
    return max(found)[1] if found and max(found)[0] >= OLDEST else None


def major(folder: Path) -> int:
    """The version of the programs in `folder`: 15 for 15.6."""
    text = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"\d+", text)
    return int(match[0]) if match else 0


def new_folder() -> Path:
    """Where this run's cluster will live, should a test ask for it. Removes what killed runs left."""
    user = _other_user()
    ours = {os.getuid(), user.pw_uid if user else os.getuid()}
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        owner = int(left.name.removeprefix(FOLDERS).partition("-")[0])
        if left.stat().st_uid in ours and not Path(f"/proc/{owner}").exists():
            Cluster(left).stop()
    return Path(tempfile.mkdtemp(prefix=f"{FOLDERS}{os.getpid()}-"))


class Cluster:
    """One server in one folder. Every worker of a run has its own `Cluster` value for the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.state = folder / "state.json"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One worker at a time."""
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start(self) -> None:
        """Start the server unless a worker of this run has done so already."""
        with self.locked():
            if not self.state.exists():
                self._make()

    def stop(self) -> None:
        """Stop it if it runs, and remove its folder."""
        if self.data.exists():
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "immediate", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of `database` on this server."""
        known = json.loads(self.state.read_text())
        return f"postgresql://shieldwall:{known['password']}@127.0.0.1:{known['port']}/{database}"

    def create(self, template: str = "template0") -> str:
        """Make a fresh database, a copy of `template`; returns its name."""
        name = f"t_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """A database made once in a run by `build(url)`, for `create` to copy; returns `name`.

        `build` must leave no connection open: PostgreSQL copies only what nobody uses.
        """
        with self.locked():
            built = self.folder / f"template-{name}"
            if not built.exists():
                self.drop(name)
                self._execute("CREATE DATABASE {} TEMPLATE {}", name, "template0")
                build(self.url(name))
                built.touch()
        return name

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _make(self) -> None:
        password = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        key = self.folder / "password"
        key.write_text(password)
        if user := _other_user():
            for path in (self.folder, key):
                os.chown(path, user.pw_uid, user.pw_gid)
        self._run(
            *("initdb", "-D", self.data, "-U", "shieldwall", "--pwfile", key, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(self.folder)}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(lines)
        self._run("pg_ctl", "start", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60")
        self.state.write_text(json.dumps({"password": password, "port": port}))

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        folder = find_programs()
        assert folder, "no PostgreSQL here; ask `find_programs` first"
        user = _other_user()
        done = subprocess.run(
            [folder / program, *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        if check and done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program} failed: {done.stdout or (log.read_text() if log.exists() else '')}")


def _other_user() -> pwd.struct_passwd | None:
    """Who runs the server where we may not: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


if __name__ == "__main__":
    programs = find_programs()
    print(programs or f"no PostgreSQL {OLDEST} or newer")
    sys.exit(programs is None)
