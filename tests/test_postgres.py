"""The tests' own PostgreSQL gives each test databases of its own."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.postgres import Cluster


def test_every_database_is_fresh(postgres_url_factory: Callable[..., str]) -> None:
    first, second = postgres_url_factory(), postgres_url_factory()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE seen (n int)")
    with psycopg.connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM seen")


def test_a_template_is_built_once_and_copied(
    postgres_cluster: Cluster, postgres_url_factory: Callable[..., str]
) -> None:
    builds = []

    def build(url: str) -> None:
        builds.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE seen (n int)")

    for _ in range(2):
        name = postgres_cluster.template("of_this_test", build)
        with psycopg.connect(postgres_url_factory(name)) as connection:
            assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    assert len(builds) == 1


def test_the_server_lets_nobody_in_without_its_password(postgres_cluster: Cluster) -> None:
    address = postgres_cluster.url("postgres")
    password = address.split(":")[2].partition("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.replace(password, "guess"))


def test_text_sorts_by_code_point_whatever_the_machine_speaks(postgres_url_factory: Callable[..., str]) -> None:
    with psycopg.connect(postgres_url_factory()) as connection:
        rows = connection.execute("SELECT w FROM (VALUES ('b'), ('B'), ('é'), ('a')) AS t(w) ORDER BY w").fetchall()
    assert "".join(row[0] for row in rows) == "Babé"
