"""OLE compound files, the container of .xls, .doc, .wps, .et, Thumbs.db and protected workbooks: what stands in one.

Belongs here: the names at the root of the container and the first bytes below a name. What they mean is kinds.py's,
and reading a workbook is workbook.py's.
"""

import struct
from collections.abc import Iterator
from itertools import islice

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_ENTRY = 128
_IN_HEADER = 109
"""Sectors of the allocation table that the header names itself."""
_NONE = 0xFFFFFFFA
"""Sector numbers from here on are marks, and so are names that are none."""
_MAX_ENTRIES = 100_000


def root_entries(content: bytes) -> dict[str, bytes]:
    """Name of every stream and folder at the container's root with its first sector, empty for small streams.

    Embedded documents lie in folders further down and do not count. A damaged container gives what can be found.
    """
    try:
        return dict(_root(content))
    except (struct.error, ValueError, IndexError):
        return {}


def _root(content: bytes) -> Iterator[tuple[str, bytes]]:
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        return
    small_below = struct.unpack_from("<I", content, 56)[0]
    entries = list(islice(_entries(content, size), _MAX_ENTRIES))
    waiting, seen = [_links(entries[0])[2]] if entries else [], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        left, right, _ = _links(entry)
        waiting += [left, right]
        length = struct.unpack_from("<H", entry, 64)[0]
        first, stored = struct.unpack_from("<II", entry, 116)
        is_apart = entry[66] == 2 and stored >= small_below and first < _NONE
        yield (
            entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace"),
            _sector(content, size, first) if is_apart else b"",
        )


def _entries(content: bytes, size: int) -> Iterator[bytes]:
    """The directory, entry by entry."""
    table = [number for number in struct.unpack_from(f"<{_IN_HEADER}I", content, 76) if number < _NONE]
    sector = struct.unpack_from("<I", content, 48)[0]
    per_sector = size // 4
    passed = set[int]()
    while sector < _NONE and sector not in passed:
        passed.add(sector)
        piece = _sector(content, size, sector)
        yield from (piece[at : at + _ENTRY] for at in range(0, len(piece) - _ENTRY + 1, _ENTRY))
        # A directory whose chain runs on behind the first 109 sectors of the table (7 MB and more) ends here.
        if sector // per_sector >= len(table):
            return
        allocation = _sector(content, size, table[sector // per_sector])
        sector = struct.unpack_from("<I", allocation, sector % per_sector * 4)[0]


def _sector(content: bytes, size: int, number: int) -> bytes:
    start = max(size, _HEADER) + number * size
    return content[start : start + size]


def _links(entry: bytes) -> tuple[int, int, int]:
    """Numbers of the entries beside and below one."""
    left, right, child = struct.unpack_from("<III", entry, 68)
    return left, right, child
