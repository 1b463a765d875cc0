"""Talking to a node's JSON API: time limits, patience where a node asks for it, errors of the one tree.

A request that the node may have carried out is repeated only where repeating cannot do harm: reads, and writes that
carry an idempotency key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
import orjson

from shieldwall import __version__
from shieldwall.cli.remote.connection import Connection
from shieldwall.errors import (
    Absent,
    BadInput,
    Conflict,
    Refused,
    ShieldwallError,
    StoreError,
    TooLarge,
    TooMany,
    Unauthenticated,
)  # fmt: skip

PATIENCE = 120.0  # seconds that a node's Retry-After may ask of us
_TRIES = 7
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_UNWELL = frozenset({502, 503, 504})
_BY_STATUS: Mapping[int, type[ShieldwallError]] = {
    400: BadInput, 401: Unauthenticated, 403: Refused, 404: Absent, 405: BadInput, 406: BadInput, 409: Conflict,
    410: Absent, 413: TooLarge, 415: BadInput, 422: BadInput,
}  # fmt: skip


class Client:
    """One node's API, as one principal. A context manager."""

    def __init__(self, connection: Connection) -> None:
        self.url = connection.url
        headers = {"User-Agent": f"shieldwall/{__version__}", "Accept": "application/json"}
        if connection.secret:
            headers["Authorization"] = f"Bearer {connection.secret}"
        self._http = httpx.Client(
            base_url=f"{connection.url}/api/v1", headers=headers, timeout=_TIMEOUT, follow_redirects=False,
            trust_env=not connection.is_local,
        )  # fmt: skip
        self._answered = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: object) -> Any:
        """The JSON at `path`. Parameters that are None are left out."""
        return _parsed(self._request("GET", path, params=params, safe=True))

    def text(self, path: str, **params: object) -> bytes:
        """The bytes at `path`."""
        return self._request("GET", path, params=params, safe=True).content

    def post(self, path: str, body: object = None, *, safe: bool = False, **params: object) -> Any:
        """Post `body` as JSON. `safe` where doing it twice is the same as once."""
        content = b"" if body is None else orjson.dumps(body)
        return _parsed(self._request("POST", path, content=content, params=params, safe=safe))

    def submit(self, content: bytes, idempotency: str, **params: object) -> Any:
        """Post STIX to /objects under an idempotency key, which makes it safe to repeat."""
        headers = {"Idempotency-Key": idempotency}
        return _parsed(self._request("POST", "/objects", content=content, params=params, safe=True, headers=headers))

    def delete(self, path: str) -> Any:
        """Delete what is at `path`."""
        return _parsed(self._request("DELETE", path, params={}, safe=False))

    def _request(
        self, method: str, path: str, *, params: Mapping[str, object], safe: bool, content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:  # fmt: skip
        given = {name: str(value) for name, value in params.items() if value not in (None, "")}
        sent = (
            {"Content-Type": "application/json"} | dict(headers or {}) if content is not None else dict(headers or {})
        )
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                answer = self._http.request(method, path, params=given, content=content, headers=sent)
            except httpx.TransportError as problem:
                if last or not self._may_repeat(problem, safe):
                    raise self._unreachable(problem) from problem
                time.sleep(_backoff(attempt))
                continue
            self._answered = True
            wait = _wait(answer, attempt, safe)
            if wait is None or last or wait > PATIENCE:
                return _judged(answer)
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _may_repeat(self, problem: httpx.TransportError, safe: bool) -> bool:
        """A node that has answered before is waited for; one that never did is not there."""
        never_sent = isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        return self._answered and (safe or never_sent)

    def _unreachable(self, problem: httpx.TransportError) -> StoreError:
        return StoreError(
            f"no answer: {problem or type(problem).__name__}", rule="connection", where=self.url,
            remedy="check --url or SHIELDWALL_URL, and whether the node is up",
        )  # fmt: skip


def _wait(answer: httpx.Response, attempt: int, safe: bool) -> float | None:
    """Seconds until the same request may be made again; None where this answer stands."""
    if answer.status_code == 429 or (answer.status_code in _UNWELL and safe):
        return _retry_after(answer) or _backoff(attempt)
    return None


def _retry_after(answer: httpx.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _backoff(attempt: int) -> float:
    return min(8.0, 0.25 * 2.0**attempt) * random.uniform(0.75, 1.25)


def _parsed(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError as problem:
        raise StoreError(
            "the answer is no JSON", rule="connection", where=str(answer.url.copy_with(query=None)),
            remedy="check that --url is a Shieldwall node and not a page in front of it",
        ) from problem  # fmt: skip


class _Said(msgspec.Struct):
    """What a node says of an error; all of it is text to show, nothing to act on."""

    message: str = ""
    rule: str = ""
    where: str = ""
    remedy: str = ""


class _Answer(msgspec.Struct):
    error: _Said = msgspec.field(default_factory=_Said)


def _judged(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        said = msgspec.json.decode(answer.content, type=_Answer).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = _Said()
    message = said.message or f"the node answered {answer.status_code}"
    if answer.status_code == 429:
        wait = int(_retry_after(answer) or 60)
        remedy = f"try again in {wait} seconds"
        raise TooMany(message, rule=said.rule, where=said.where, remedy=remedy, retry_after=wait)
    kind = _BY_STATUS.get(answer.status_code, StoreError)
    raise kind(message, rule=said.rule, where=said.where, remedy=said.remedy)
