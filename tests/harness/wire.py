"""The node as a client sees it: a request in, the raw bytes of the answer out, through the WSGI application itself."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from tests.harness.base import Base


class Request(msgspec.Struct, frozen=True):
    """`principal` is '' for nobody; `basic` sends the key as a password."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    principal: str = ""
    basic: bool = False

    def text(self) -> str:
        """All that this request itself says, to tell an echo from a leak."""
        return f"{self.path} {self.query} {self.body!r} {self.headers}"


@cache
def application() -> Any:
    """What granian serves."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def ask(base: Base, request: Request) -> bytes:
    """Status line, every header and the body, as they come."""
    said: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        said.append(f"{status}\r\n".encode())
        said.extend(f"{name}: {value}\r\n".encode("latin-1") for name, value in headers)

    chunks = application()(_environ(base, request), start)
    try:
        return b"".join([*said, b"\r\n", *chunks])
    finally:
        chunks.close()


def status_of(answer: bytes) -> int:
    """The status of a raw answer."""
    return int(answer[:3])


def _environ(base: Base, request: Request) -> dict[str, Any]:
    environ = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": urlencode(request.query, quote_via=quote), "SERVER_NAME": "node", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_LENGTH": str(len(request.body)), "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(request.body), "wsgi.errors": BytesIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    if request.principal:
        environ["HTTP_AUTHORIZATION"] = _credential(base.credentials[request.principal], request.basic)
    return environ


def _credential(secret: str, basic: bool) -> str:
    if basic:
        return "Basic " + base64.b64encode(f"anybody:{secret}".encode()).decode()
    return f"Bearer {secret}"
