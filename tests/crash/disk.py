"""A disk that fails when told: the functions by which SQLite writes, cuts and syncs files, wrapped in this process.

SQLite reaches files through a table of functions (sqlite3_vfs, sqlite3_io_methods); the table is changed here through
ctypes, in the very library that the product uses. Nothing is compiled and nothing of ours is replaced.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any, ClassVar

from pysqlite3 import _sqlite3

OK = 0
ENOSPC, EIO_WRITE, EIO_SYNC, EIO_CUT = 13, 778, 1034, 1546  # SQLITE_FULL, IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE

_Open = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p, c_int, POINTER(c_int))
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Cut = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    _fields_: ClassVar[list[Any]] = [
        ("version", c_int), ("file_size", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("own", c_void_p), ("open", c_void_p),
    ]  # fmt: skip


class _Methods(Structure):
    _fields_: ClassVar[list[Any]] = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("cut", c_void_p),
        ("sync", c_void_p), ("others", c_void_p * 13),
    ]  # fmt: skip


class _File(Structure):
    _fields_: ClassVar[list[Any]] = [("methods", POINTER(_Methods))]


class Disk:
    """Counts the calls that change files, and lets the n-th fail, once or from then on."""

    def __init__(self) -> None:
        self.calls = 0
        self.failed = 0
        self._fails_at = 0
        self._stays = False
        self._errors = (ENOSPC, EIO_SYNC, EIO_CUT)
        self._kept: list[Any] = []  # what C points at must not be collected
        self._wrapped: dict[int, Any] = {}

    def fail_at(self, call: int, *, full: bool, stays: bool = False) -> None:
        """Have the `call`-th call from now fail: for want of space, or with an I/O error; with `stays` all after it."""
        self.calls = self.failed = 0
        self._fails_at, self._stays = call, stays
        self._errors = (ENOSPC, ENOSPC, ENOSPC) if full else (EIO_WRITE, EIO_SYNC, EIO_CUT)

    def heal(self) -> None:
        """Nothing fails any more."""
        self._fails_at = 0

    def _fault(self) -> bool:
        self.calls += 1
        due = self.calls >= self._fails_at if self._stays else self.calls == self._fails_at
        if not self._fails_at or not due:
            return False
        self.failed += 1
        return True

    def wrap(self, address: int) -> Any:
        """The table of functions at `address`, with ours before those that change files."""
        if address not in self._wrapped:
            original = _Methods.from_address(address)
            wrapped = _Methods.from_buffer_copy(original)
            assert original.write and original.cut and original.sync
            write, cut, sync = _Write(original.write), _Cut(original.cut), _Sync(original.sync)

            def on_write(file: int, buffer: int, size: int, offset: int) -> int:
                if self._fault():
                    if size > 1:  # half of it went through, as on a real disk
                        write(file, buffer, size // 2, offset)
                    return self._errors[0]
                return int(write(file, buffer, size, offset))

            def on_cut(file: int, size: int) -> int:
                return self._errors[2] if self._fault() else int(cut(file, size))

            def on_sync(file: int, flags: int) -> int:
                return self._errors[1] if self._fault() else int(sync(file, flags))

            ours = [_Write(on_write), _Cut(on_cut), _Sync(on_sync)]
            wrapped.write, wrapped.cut, wrapped.sync = (ctypes.cast(one, c_void_p).value for one in ours)
            self._kept += [ours, write, cut, sync, wrapped]
            self._wrapped[address] = wrapped
        return self._wrapped[address]


@contextmanager
def failing_disk() -> Iterator[Disk]:
    """Every file that SQLite opens inside obeys the `Disk` that is given."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    disk, original = Disk(), vfs.open
    opened: Callable[..., int] = _Open(original)

    def on_open(vfs_at: int, path: bytes, file: int, flags: int, given: Any) -> int:
        result = int(opened(vfs_at, path, file, flags, given))
        if result == OK:
            at = ctypes.cast(_File.from_address(file).methods, c_void_p).value
            assert at is not None
            _File.from_address(file).methods = ctypes.pointer(disk.wrap(at))
        return result

    replaced = _Open(on_open)
    disk._kept.append(replaced)
    vfs.open = ctypes.cast(replaced, c_void_p).value
    try:
        yield disk
    finally:
        disk.heal()
        vfs.open = original
        _FOREVER.append(disk)  # files opened inside may be closed later


_FOREVER: list[Disk] = []
