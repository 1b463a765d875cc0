"""Requests that no honest client sends: refused with a reason, in time, and never by a fault of the node."""

from __future__ import annotations

import time

import pytest

from tests.attacks.conftest import Served

JSON = "Content-Type: application/json"
QUESTION = b'{"audience":"community"}'


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/taxii+json; version*=utf-8''2.1", 200),
        ("application/taxii+json; q*0*=nope''2.1; q*1=3", 200),
        ('application/taxii+json; version="2.1"; q="0.5"', 200),
        ('application/taxii+json;version="2.0"', 406),
        ("\xff\xfe", 200),
        (";;;=;,=,;", 200),
        ("application/taxii+json;version=", 406),
    ],
)
def test_what_a_client_accepts_may_be_spelled_strangely(served: Served, accept: str, status: int) -> None:
    assert served.ask("GET", "/taxii2/", f"Accept: {accept}", member="dansk")[0] == status


@pytest.mark.parametrize("accept", ['a/b;x="' + ";" * 60_000, "a/b;c;d," * 40_000, ";" * 300_000, '"\\' * 150_000])
def test_a_vast_header_takes_no_time(served: Served, accept: str) -> None:
    begun = time.perf_counter()
    status, _ = served.ask("GET", "/taxii2/", f"Accept: {accept}", member="dansk")
    assert status in (200, 406, 431)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "statuses"),
    [
        ("GET", "http://evil.example/api/v1/health", (), b"", {200}),
        ("GET", "/api/v1/objects/%ed%a0%80", (), b"", {404}),
        ("GET", "/api/v1/objects/..%2f..%2fme", (), b"", {404}),
        ("GET", "/api/v1/..%2f..%2f..%2fetc/passwd", (), b"", {404}),
        ("GET", "/%ed%a0%80%00%ff/..%2f", (), b"", {404}),
        ("GET", "/taxii2/root/status/%00/", (), b"", {404}),
        ("GET", "/taxii2/root/collections/%0d%0aX:%20y/", (), b"", {404}),
        ("GET", "/api/v1/search?q=%00", (), b"", {400}),
        ("GET", "/api/v1/search?q=" + "a" * 12_000, (), b"", {400}),
        ("GET", "/api/v1/search?q=a&q=b", (), b"", {400}),
        ("GET", "/api/v1/search?q=%ff", (), b"", {400}),
        ("GET", "/taxii2/root/collections/?" + "&".join(f"match[id]={n}" for n in range(200)), (), b"", {200, 400}),
        ("TRACE", "/api/v1/me", (), b"", {405}),
        ("PROPFIND", "/taxii2/", (), b"", {405}),
        ("GET", "/api/v1/me", ("Authorization: Bearer x",), b"", {401}),
        ("GET", "/api/v1/me", ("X-HTTP-Method-Override: DELETE",), b"", {200}),
        ("POST", "/api/v1/audience", (JSON, "Content-Encoding: gzip"), b"\x1f\x8b", {415}),
        ("POST", "/api/v1/audience", (JSON, "Content-Encoding: identity, gzip"), b"\x1f\x8b", {415}),
        ("POST", "/api/v1/audience", (JSON, "Content-Length: 5"), QUESTION, {400}),
        ("POST", "/api/v1/audience", (JSON, "Content-Length: -1"), b"", {400}),
        ("POST", "/api/v1/audience", (JSON, "Transfer-Encoding: xchunked"), b"", {400}),
        ("POST", "/api/v1/audience", (JSON,), b'{"audience":"community","audience":"public"}', {400}),
        ("POST", "/api/v1/audience", (JSON,), b'{"audience":"\\ud800"}', {400}),
        ("POST", "/api/v1/audience", (JSON,), b'{"audience":"nation:no\\u0000"}', {400}),
        ("POST", "/api/v1/audience", (JSON,), b"[" * 60_000, {400}),
        ("POST", "/api/v1/audience", (JSON,), QUESTION.decode().encode("utf-16"), {400}),
        ("POST", "/api/v1/lookup", (JSON,), b'{"values":["' + b"\\ud800" + b'"]}', {400}),
        ("POST", "/api/v1/lookup", (JSON,), b'{"values":["\xed\xa0\x80"]}', {400}),
        ("POST", "/api/v1/objects?audience=group:quiet%231", (JSON,), b"[]", {400}),
        ("POST", "/api/v1/objects?audience=community&collection=x", (JSON,), b"[]", {400}),
        ("POST", "/api/v1/objects?hold=P99999D", (JSON,), b"[]", {400}),
        ("POST", "/api/v1/objects", (JSON,), b"\xef\xbb\xbf[]", {400}),
        ("POST", "/api/v1/objects", ("Content-Type: multipart/form-data",), b"--x", {415}),
    ],
)
def test_what_is_strange_is_refused_with_a_reason(
    served: Served, method: str, path: str, headers: tuple[str, ...], body: bytes, statuses: set[int]
) -> None:
    status, answer = served.ask(method, path, *headers, member="dansk", body=body)
    assert status in statuses, answer
    assert b"Traceback" not in answer
    assert served.ask("GET", "/api/v1/health")[0] == 200
