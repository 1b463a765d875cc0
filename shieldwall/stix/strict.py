"""The strict JSON loader: one parser, and the limits that a parser alone does not keep (THREATS.md 6.1).

The quick path asks a few questions of the bytes and walks the parsed tree once. Only when an answer is doubtful does
the exact path parse again, slowly, to decide and to say where. Duplicate keys: every key token ends in a quote and a
colon, so the number of such endings bounds the number of keys written; if as many arrived, none was written twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

from shieldwall.errors import BadInput, TooLarge

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32
MAX_ARRAY = 10_000
MAX_KEY = 256
MAX_STRING = 64 * 1024
MAX_LONG_STRING = 256 * 1024
MAX_WHOLE = 2**53 - 1
MAX_VALUES = 100_000
_BYTES_A_VALUE = 16  # beyond MAX_VALUES, the least that each further value must weigh

# Properties that hold prose, rules or encoded content, and so may be long.
LONG_PROPERTIES = frozenset(
    {"description", "content", "pattern", "explanation", "abstract", "statement", "schema", "body", "command_line"}
    | {"additional_header_fields"}
)


def load(raw: bytes, *, cap: int = MAX_BYTES) -> object:
    """The JSON value in `raw`, if it keeps every limit of THREATS.md 6.1; else BadInput naming rule and place.

    `cap` is in bytes. Whole numbers written without fraction or exponent must lie within ±(2^53-1).
    """
    return survey(raw, cap=cap)[0]


def survey(raw: bytes, *, cap: int = MAX_BYTES) -> tuple[object, bool]:
    """What `load` gives, and whether it may hold a null, an empty list or an empty object anywhere."""
    if len(raw) > cap:
        raise too_large(len(raw), cap)
    refuse_crowd(raw)
    try:
        tree: object = orjson.loads(raw)
    except orjson.JSONDecodeError as e:
        raise _malformed(raw, e) from e
    if type(tree) is dict or type(tree) is list:
        keys, doubtful, hollow = _walk(tree)
    else:
        keys, doubtful, hollow = 0, True, False
    if doubtful or len(raw) > MAX_STRING or raw.count(b",") >= MAX_ARRAY or b"\\u0000" in raw:
        _find_excess(tree)
    if doubtful or _key_ends(raw) != keys:
        _find_in_text(raw)
    return tree, hollow or b"null" in raw


def too_large(size: int, cap: int) -> TooLarge:
    return TooLarge(f"{size:,} bytes, more than {cap:,}", rule="json-size", where="$", remedy="send less at once")


def refuse_crowd(raw: bytes) -> None:
    """Refuse very many very small values before any parser makes things of them: eighty bytes of each two.

    Raises TooLarge.
    """
    most = MAX_VALUES + len(raw) // _BYTES_A_VALUE
    if len(raw) > most and _marks(raw) > most and _marks_outside_strings(raw, most) > most:
        raise TooLarge(
            f"more than {most:,} values", rule="json-values", where="$", remedy="send less at once, or longer values"
        )


def _marks(raw: bytes) -> int:
    """How many values `raw` holds at most; commas and brackets in its strings count too."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _marks_outside_strings(raw: bytes, most: int) -> int:
    """The same without those in strings, of which there may be no more than `most` either; in constant memory."""
    marks = raw.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, _NO_MARKS).replace(b'""', b"")
    strings = marks.count(b'"') // 2
    if strings > most:
        return strings
    return _marks(marks) - sum(len(found[0]) - 2 for found in _QUOTED.finditer(marks))


_NO_MARKS = bytes(set(range(256)) - set(b'",[{'))
_QUOTED = re.compile(rb'"[^"]*"')


def _key_ends(raw: bytes) -> int:
    """How many keys `raw` writes at most: a quote and a colon, white space between them or not, may also be text."""
    return raw.translate(None, b" \t\r\n").count(b'":')


def _walk(tree: object) -> tuple[int, bool, bool]:
    """The number of keys in `tree`; whether a key or number calls for a closer look; whether a container is empty.

    Refuses what is too deep.
    """
    keys = 0
    depth = 0
    doubtful = hollow = False
    level: list[object] = [tree]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise BadInput(f"nested deeper than {MAX_DEPTH}", rule="json-depth", where=_deepest(tree))
        below: list[object] = []
        for container in level:
            if not container:
                hollow = True
            if type(container) is dict:
                keys += len(container)
                if len("".join(container)) > MAX_KEY:
                    doubtful = doubtful or max(map(len, container)) > MAX_KEY
                values = container.values()
            else:
                values = container  # type: ignore[assignment]
            for value in values:
                kind = type(value)
                if kind is str:
                    continue
                if kind is dict or kind is list:
                    below.append(value)
                elif (kind is int or kind is float) and not -MAX_WHOLE <= value <= MAX_WHOLE:
                    doubtful = True
        level = below
    return keys, doubtful, hollow


def _find_excess(tree: object) -> None:
    """Refuse the first string, key or array of `tree` beyond its limit, or with a NUL in it."""
    for path, name, value in _places(tree):
        if type(value) is str:
            _judge_string(value, path, MAX_LONG_STRING if _may_be_long(name) else MAX_STRING)
        elif type(value) is list:
            outermost = path == "$" or path == "$.objects"
            if len(value) > MAX_ARRAY and not outermost:
                raise BadInput(f"a list of {len(value):,}, more than {MAX_ARRAY:,}", rule="json-array", where=path)
        elif type(value) is dict:
            for key in value:
                if len(key) > MAX_KEY:
                    raise BadInput(f"a key longer than {MAX_KEY}", rule="json-key", where=f"{path}.{key[:32]}…")
                _judge_string(key, f"{path}.{key}", MAX_STRING)


def _may_be_long(name: str) -> bool:
    return name in LONG_PROPERTIES or name.endswith("_bin")


def _judge_string(text: str, path: str, limit: int) -> None:
    if "\x00" in text:
        raise BadInput("a NUL character", rule="json-nul", where=path.replace("\x00", "\\u0000"), remedy="remove it")
    if len(text) > limit or (len(text) * 4 > limit and len(text.encode()) > limit):
        raise BadInput(f"a string longer than {limit // 1024} KiB", rule="json-string", where=path)


def _places(tree: object) -> Iterator[tuple[str, str, object]]:
    """Every value of `tree` with its path and the property it belongs to, outer before inner."""
    todo: list[tuple[str, str, object]] = [("$", "", tree)]
    while todo:
        path, name, value = todo.pop()
        yield path, name, value
        if type(value) is dict:
            todo.extend((f"{path}.{key}", key, inner) for key, inner in reversed(value.items()))
        elif type(value) is list:
            todo.extend((f"{path}[{n}]", name, inner) for n, inner in reversed(list(enumerate(value))))


def _deepest(tree: object) -> str:
    """The path of the first container that lies too deep."""
    return next(path for path, _, _ in _places(tree) if path.count(".") + path.count("[") >= MAX_DEPTH)


class _Twice(dict[str, object]):
    """An object in which `key` was written more than once."""

    key = ""


class _Vast:
    """A whole number beyond ±(2^53-1)."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    twice = _Twice(found)
    twice.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return twice


def _whole(digits: str) -> object:
    return _Vast() if len(digits) > 17 or abs(int(digits)) > MAX_WHOLE else int(digits)


_EXACT = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_whole)


def _find_in_text(raw: bytes) -> None:
    """Refuse duplicate keys and vast whole numbers. Called only on text that parses and is shallow."""
    for path, _, value in _places_exact(_EXACT.decode(raw.decode())):
        if isinstance(value, _Twice):
            message = f"the key {value.key[:80]!r} is written twice"
            raise BadInput(message, rule="json-duplicate", where=f"{path}.{value.key[:80]}", remedy="keep one")
        if isinstance(value, _Vast):
            raise BadInput("a whole number beyond ±(2^53-1)", rule="json-number", where=path, remedy="send it as text")


def _places_exact(tree: object) -> Iterator[tuple[str, str, object]]:
    todo: list[tuple[str, str, object]] = [("$", "", tree)]
    while todo:
        path, name, value = todo.pop()
        yield path, name, value
        if isinstance(value, dict):
            todo.extend((f"{path}.{key}", key, inner) for key, inner in value.items())
        elif isinstance(value, list):
            todo.extend((f"{path}[{n}]", name, inner) for n, inner in enumerate(value))


def _malformed(raw: bytes, error: orjson.JSONDecodeError) -> BadInput:
    """Say what is wrong with text that does not parse, and where by line and column."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return BadInput("begins with a byte order mark", rule="json", where="byte 1", remedy="send UTF-8 without it")
    try:
        raw.decode()
    except UnicodeDecodeError as e:
        return BadInput("not UTF-8", rule="json-utf8", where=f"byte {e.start + 1}", remedy="encode the text as UTF-8")
    where = f"line {error.lineno} column {error.colno}"
    if "depth" in error.msg:
        return BadInput(f"nested deeper than {MAX_DEPTH}", rule="json-depth", where=where)
    if "surrogate" in error.msg:
        return BadInput("half of a surrogate pair", rule="json-surrogate", where=where, remedy="send whole characters")
    if "infinity" in error.msg or _NOT_FINITE.match(raw[max(0, _offset(raw, error) - 1) :]):
        return BadInput("a number that is not finite", rule="json-number", where=where, remedy="send it as text")
    return BadInput(f"not JSON: {error.msg}", rule="json", where=where)


_NOT_FINITE = re.compile(rb".?(?:NaN|Infinity)", re.DOTALL)


def _offset(raw: bytes, error: orjson.JSONDecodeError) -> int:
    return len(raw.decode()[: error.pos].encode())
