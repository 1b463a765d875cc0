"""Passwords: argon2id, and the same work whoever asks."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from shieldwall.errors import BadInput
from shieldwall.store import node

FEWEST, MOST = 12, 256
# The OWASP cheat sheet's first choice for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
# Of a password nobody has: who asks with an unknown user name waits as long as with a wrong password.
_NOBODY = _HASHER.hash(b"\xff nobody", salt=b"shieldwall nobody")


def check_password(password: str, username: str) -> str:
    """A password of sufficient length that is not the user name. Raises BadInput, which never repeats it."""
    if not FEWEST <= len(password) <= MOST or password.lower() == username:
        raise BadInput(
            "this password cannot be used",
            rule="password",
            where="password",
            remedy=f"use {FEWEST} to {MOST} characters, and not the user name",
        )
    return password


def hash_password(password: str, username: str) -> str:
    """What is kept of a password. Takes some 20 ms: never call it inside a turn."""
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"), salt=node().random(16, f"password {username}"))


def verify_password(password: str, kept: str) -> bool:
    """True where `password` is the one; the same work where nothing is `kept`."""
    try:
        return _HASHER.verify(kept or _NOBODY, password[: 4 * MOST].encode("utf-8", "surrogatepass")) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False
