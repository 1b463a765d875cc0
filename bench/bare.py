"""The limit for pages: a bare ASGI application that joins stored bodies of the same SQLite file, nothing else."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from pysqlite3 import dbapi2

_connection = dbapi2.connect(os.environ["BENCH_LOG"], check_same_thread=False)
_connection.execute("PRAGMA query_only=ON")
_connection.execute("PRAGMA cache_size=-65536")
_PAGE = "SELECT body FROM entry WHERE position > ? ORDER BY position LIMIT ?"

Message = dict[str, Any]


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer any path with a page of `limit` bodies behind `position`."""
    asked = parse_qs(scope["query_string"].decode())
    rows = _connection.execute(_PAGE, (int(asked["position"][0]), int(asked["limit"][0]))).fetchall()
    body = b'{"more":true,"objects":[' + b",".join([row[0] for row in rows]) + b"]}"
    headers = [(b"content-type", b"application/taxii+json;version=2.1"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
