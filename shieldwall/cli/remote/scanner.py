"""STIX objects out of a stream of any length, holding one object and one chunk of it at a time.

A stream is JSON values one behind the other: usually one bundle, or one object a line. A value of moderate size is
split whole, by the same strict splitter as at the node. A larger one must be a bundle, an envelope or a list, and its
objects are cut out as they pass by; what is left of it, the shell, goes to that splitter at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from shieldwall.errors import BadInput
from shieldwall.stix import MAX_BYTES, split

WHOLE_BYTES = 4 << 20  # a value up to here is split whole
_CHUNK = 1 << 20
_SPACES = re.compile(rb"[ \t\r\n]+")
# A string, possessively so that no text makes it slow; a lone quote is a string that goes on in the next chunk.
_TOKEN = re.compile(rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"|["{}\[\]]', re.DOTALL)
_WORD_END = re.compile(rb"[ \t\r\n,\]}]")
_COLON = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")
_OPEN, _CLOSE, _QUOTE = frozenset(b"{["), frozenset(b"}]"), ord('"')


class Piece(NamedTuple):
    """One object: where it begins in the stream (bytes), and its own bytes."""

    offset: int
    raw: bytes


def pieces(stream: BinaryIO, *, whole: int = WHOLE_BYTES) -> Iterator[Piece]:
    """The objects of `stream`, in order. Raises BadInput, with the byte at which it is wrong, for what is not JSON."""
    window = _Window(stream)
    if window.starts_with(b"\xef\xbb\xbf"):
        raise BadInput("begins with a byte order mark", rule="json", where="byte 1", remedy="send UTF-8 without it")
    while window.skip_space():
        end = _end_of_value(window, 0, whole)
        if end is not None:
            yield from _split_whole(window, end)
        else:
            yield from _Shell(window).pieces()


def _split_whole(window: _Window, end: int) -> Iterator[Piece]:
    at, raw = window.base, window.take(end)
    try:
        found = split(raw)
    except BadInput as error:
        raise _placed(error, at) from error
    place = 0
    for one in found:
        place = raw.index(one, place)
        yield Piece(at + place, one)
        place += len(one)


class _Window:
    """The part of a stream that is being looked at: `held` begins at byte `base`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.held = bytearray()
        self.base = 0
        self.ended = False

    def more(self) -> bool:
        """Read a further chunk; False at the end."""
        chunk = b"" if self.ended else self._stream.read(_CHUNK)
        self.ended = not chunk
        self.held += chunk
        return bool(chunk)

    def starts_with(self, text: bytes) -> bool:
        """Whether the window begins with `text`."""
        while len(self.held) < len(text) and self.more():
            pass
        return self.held.startswith(text)

    def skip_space(self) -> bool:
        """Drop leading white space; False where nothing follows."""
        while True:
            if space := _SPACES.match(self.held):
                self.drop(space.end())
            if self.held or not self.more():
                return bool(self.held)

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes."""
        del self.held[:count]
        self.base += count

    def take(self, count: int) -> bytes:
        """The first `count` bytes, forgotten with that."""
        taken = bytes(self.held[:count])
        self.drop(count)
        return taken


def _end_of_value(window: _Window, start: int, most: int) -> int | None:
    """Where the JSON value at `start` ends, reading on as needed; None where it is longer than `most` bytes.

    Whether it is well-formed is for the strict parser: only strings and brackets count here.
    """
    depth, at = 0, start
    while True:
        if bytes(window.held[start : start + 1]) not in (b"{", b"[", b'"', b""):
            return _end_of_word(window, start, most)
        for token in _TOKEN.finditer(window.held, at):
            at = token.start()
            kind = window.held[at]
            if kind == _QUOTE and token.end() == at + 1:
                break
            at = token.end()
            if at - start > most:
                return None
            depth += (kind in _OPEN) - (kind in _CLOSE)
            if depth <= 0:
                return at
        else:
            at = max(at, len(window.held))
        if len(window.held) - start > most:
            return None
        if not window.more():
            if at == start:
                raise BadInput("ends within a text", rule="json", where=f"byte {window.base + start + 1}")
            return len(window.held)  # cut short: the strict parser says where


def _end_of_word(window: _Window, start: int, most: int) -> int | None:
    """As `_end_of_value`, for what is no object, list or text: up to white space, comma or closing bracket."""
    while not (end := _WORD_END.search(window.held, start + 1)):
        if len(window.held) - start > most:
            return None
        if not window.more():
            return len(window.held)
    return end.start()


class _Shell:
    """A bundle, envelope or list too large to hold: its objects pass by, the rest of it is kept and judged."""

    def __init__(self, window: _Window) -> None:
        self._window = window
        self._begins = window.base
        self._rest = bytearray()  # the value without what is between the brackets of `objects`

    def pieces(self) -> Iterator[Piece]:
        """The objects, one by one."""
        if self._window.held[:1] == b"[":
            self._keep(1)
            yield from self._elements()
        elif self._window.held[:1] == b"{":
            self._keep(1)
            while self._member():
                yield from self._elements()
        else:
            raise self._wrong("neither an object nor a list")
        self._judge()

    def _member(self) -> bool:
        """Keep members up to the opening bracket of `objects` (True) or the end of the shell (False)."""
        while True:
            self._window.skip_space()
            first = self._window.held[:1]
            if first == b"}":
                self._keep(1)
                return False
            if first == b",":
                self._keep(1)
                continue
            if first != b'"':
                raise self._wrong("not JSON: a name in quotes was expected")
            name = self._kept_value()
            self._colon()
            if name == b'"objects"' and self._window.held[:1] == b"[":
                self._keep(1)
                return True
            self._kept_value()

    def _colon(self) -> None:
        while not (colon := _COLON.match(self._window.held)) or colon.end() == len(self._window.held):
            if not self._window.more():
                raise self._wrong("not JSON: ends within an object")
        self._keep(colon.end())

    def _kept_value(self) -> bytes:
        """The next value of the shell itself, which must be small: an object of 4 MiB and more is no shell."""
        end = _end_of_value(self._window, 0, WHOLE_BYTES)
        if end is None or len(self._rest) + end > WHOLE_BYTES:
            raise self._wrong(f"a single object larger than {WHOLE_BYTES:,} bytes, or no list of objects in it")
        value = bytes(self._window.held[:end])
        self._keep(end)
        return value

    def _elements(self) -> Iterator[Piece]:
        """The elements of the list whose bracket was just kept, up to and with its closing one."""
        expects_value, begun = True, False
        while True:
            if not self._window.skip_space():
                raise self._wrong("not JSON: ends within the list of objects")
            first = self._window.held[:1]
            if first == b"]" and not (expects_value and begun):
                self._keep(1)
                return
            if not expects_value:
                if first != b",":
                    raise self._wrong("not JSON: a comma was expected between objects")
                self._window.drop(1)
                expects_value = begun = True
                continue
            yield self._element()
            expects_value, begun = False, True

    def _element(self) -> Piece:
        at = self._window.base
        if bytes(self._window.held[:1]) not in (b"{", b"["):
            raise self._wrong("no object")
        end = _end_of_value(self._window, 0, MAX_BYTES)
        if end is None:
            raise self._wrong(f"an object larger than {MAX_BYTES:,} bytes", remedy="send large content as a reference")
        return Piece(at, self._window.take(end))

    def _keep(self, count: int) -> None:
        self._rest += self._window.take(count)

    def _judge(self) -> None:
        try:
            if split(bytes(self._rest)):
                raise BadInput("has a type of its own, and so is a single object that is too large", where="$.type")
        except BadInput as error:
            raise _placed(error, self._begins) from error

    def _wrong(self, message: str, remedy: str = "") -> BadInput:
        return BadInput(message, rule="json", where=f"byte {self._window.base + 1}", remedy=remedy)


def _placed(error: BadInput, at: int) -> BadInput:
    """The same error, in a value that begins at byte `at` of a stream."""
    where = f"byte {at + 1} {error.where}".rstrip() if at else error.where
    return BadInput(error.message, rule=error.rule, where=where, remedy=error.remedy)
