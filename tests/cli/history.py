"""A busy history on the alliance of this process: versions, copies, revocations, withdrawals, what is sealed."""

from __future__ import annotations

from tests.alliance import AMBER, CLEAR, GREEN, RED, Alliance, envelope, indicator, observable

PROJECTIONS = {
    "object_key": "id_key, position, owner, modified, revoked, digest",
    "posting": "value_key, position",
    "word_posting": "word_key, position",
    "hidden": "position, reason",
    "twin": "position, other, newer, other_added",
    "withdrawal": "position",
    "followed": "projection, collection, number",
}


def live_through(alliance: Alliance) -> None:
    """Many things happen, and the worker follows half-way."""
    from shieldwall import exchange

    acme, dansk, stahl = (alliance.viewer(one) for one in ("acme", "dansk", "stahl"))

    def send(viewer, audience, *objects):
        exchange.admit(viewer, envelope(*objects), audience=audience)

    send(acme, "community", *(indicator(f"198.51.100.{n}", GREEN, name=f"relay {n}") for n in range(1, 40)))
    send(acme, "group:energy", *(indicator(f"198.51.100.{n}", GREEN, name=f"relay {n}") for n in range(1, 20)))
    send(acme, "group:energy", *(indicator(f"203.0.113.{n}", GREEN, name=f"relay {n}", minute=5) for n in range(5, 15)))
    send(acme, "community", indicator("203.0.113.7", GREEN, name="relay 7", minute=9))
    send(acme, "community", indicator("203.0.113.8", GREEN, name="relay 8", minute=3))  # late: older than the group's
    send(stahl, "community", *(observable(f"198.51.100.{n}", GREEN) for n in range(1, 30)))
    send(dansk, "community", *(observable(f"198.51.100.{n}", GREEN) for n in range(10, 20)))
    exchange.follow_words()
    send(dansk, "nation:dk", *(indicator(f"192.0.2.{n}", AMBER, name=f"ours {n}") for n in range(1, 300)))
    send(acme, "community", indicator("203.0.113.9", GREEN, name="relay 9", minute=20, revoked=True))
    boss = alliance.person("acme", "ada", "release")
    send(boss, "person:ada", indicator("192.0.2.200", RED, name="sealed"))
    send(boss, "public", indicator("192.0.2.201", CLEAR, name="open to all"))
    exchange.withdraw(acme, indicator(name="relay 5")["id"], None, "all of it, everywhere")
    exchange.withdraw(acme, indicator(name="relay 6")["id"], "2026-01-01T00:05:00.000Z", "the newer one, in the group")
    exchange.withdraw(acme, indicator(name="relay 10")["id"], "2026-01-01T00:00:00.000Z", "the older one, twice")
    exchange.withdraw(stahl, observable("198.51.100.12")["id"], None, "ours; the other's stays")
    send(acme, "community", indicator("203.0.113.6", GREEN, name="relay 30", minute=6))
    exchange.withdraw(acme, indicator(name="relay 30")["id"], "2026-01-01T00:06:00.000Z", "covers the older one")
    send(acme, "community", indicator("203.0.113.6", GREEN, name="relay 30", minute=8))
    for audience in ("community", "group:energy"):  # covered here by a withdrawal, and there not
        send(acme, audience, indicator("203.0.113.40", GREEN, name="relay 40", minute=1))
    send(acme, "group:energy", indicator("203.0.113.40", GREEN, name="relay 40", minute=2))
    exchange.withdraw(acme, indicator(name="relay 40")["id"], "2026-01-01T00:02:00.000Z", "covers one of two")
    send(acme, "group:energy", indicator("203.0.113.40", GREEN, name="relay 40", minute=3))
    send(acme, "community", indicator("198.51.100.5", GREEN, name="relay 5", minute=30))
    send(acme, "group:energy", indicator("198.51.100.5", GREEN, name="relay 5", minute=30))


def projections() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every index, in order, as bytes and numbers."""
    from shieldwall.store import WRITER
    from shieldwall.store.connector import fetch

    return {
        table: [
            tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
            for row in fetch(WRITER, f"SELECT {columns} FROM {table} ORDER BY {columns}", {})
        ]
        for table, columns in PROJECTIONS.items()
    }
