"""Archives: which readable things a delivered file holds. Refuses hostile or damaged archives whole.

Only zip is unpacked. What the members contain is not this module's business, except that a member which is
itself a zip is opened too, and that a workbook (also a zip) is not taken apart.
"""

import hashlib
import re
import stat
import struct
import tempfile
import threading
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, ClassVar

from pipelines.intake.readers.base import Member, UnreadableFile
from pipelines.intake.readers.kinds import is_package

MAX_DEPTH = 4
"""Archives inside archives; the patent office nests two deep (domain D.3)."""
MAX_TOTAL_BYTES = 20 * 2**30
"""Unpacked size of one delivered file, all nested archives together."""
MAX_MEMBER_BYTES = 4 * 2**30
"""Unpacked size of one member, which a reader holds in memory."""
MAX_RATIO = 200
"""Unpacked over packed size. Patent XML reaches 10 to 30, repetitive tables 100; bombs 1,000 and more."""
RATIO_FREE_BYTES = 10 * 2**20
"""Below this unpacked size a ratio does no harm and says nothing."""
MAX_MEMBERS = 500_000

KEEP_OPEN = 4
"""Archives held open at a time; the others are opened again when a member is read."""
SPOOL_BYTES = 64 * 2**20
"""A nested archive above this size is unpacked to a temporary file instead of memory."""
PIECE = 1 << 20

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
DRIVE = re.compile("[A-Za-z]:")
UTF8_NAME = 0x800
ENCRYPTED = 0x1
UNICODE_PATH = 0x7075
"""Extra field with the name in UTF-8, by WinRAR and 7-Zip, and the check sum of the name it stands for."""


def members(path: Path) -> Iterator[Member]:
    """The readable things in `path`: the file itself, or all files in a zip and in zips inside it, by name.

    Everything is unpacked and hashed once before the first member is handed over, so a damaged archive gives
    none rather than some; workbooks pass the same examination. Raises UnreadableFile for names that leave the
    archive, symbolic links, encryption, more than this module's limits, and damage.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(ZIP_STARTS):
        archive = _Zip(lambda: path.open("rb"), path.name)
        found = list(_inside(archive, "", 1, _Budget()))
        if not archive.is_document():
            if not found:
                raise UnreadableFile(f"{path.name} holds no files; ask the sender for the archive again")
            return iter(found)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return iter([Member("", digest, path.stat().st_size, path.read_bytes)])


class _Budget:
    """What one delivered file may still unpack to."""

    def __init__(self) -> None:
        self.bytes_left = MAX_TOTAL_BYTES
        self.members_left = MAX_MEMBERS

    def spend(self, size: int, where: str) -> None:
        self.bytes_left -= size
        self.members_left -= 1
        if self.bytes_left < 0:
            raise UnreadableFile(
                f"{where} unpacks to more than {MAX_TOTAL_BYTES:,} bytes; deliver it in smaller archives"
            )
        if self.members_left < 0:
            raise UnreadableFile(f"{where} holds more than {MAX_MEMBERS:,} files; deliver smaller archives")


class _Zip:
    """One zip, opened when needed; of all zips only the few used last stay open.

    Any number of members can thus be listed without running out of file handles or memory, and reading them
    in order opens each archive once.
    """

    _opened: ClassVar["_Opened"]

    def __init__(self, source: Callable[[], IO[bytes]], name: str) -> None:
        self.name = name
        self._source = source
        self._file: IO[bytes] | None = None
        self._zip: zipfile.ZipFile | None = None

    def _handle(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._file = self._source()
            try:
                self._zip = zipfile.ZipFile(self._file)
            except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
                self._file.close()
                raise UnreadableFile(
                    f"{self.name} breaks off or is damaged ({error}); ask the sender for the file again"
                ) from error
        opened = self._opened.archives
        opened.pop(id(self), None)
        while len(opened) >= KEEP_OPEN:
            next(iter(opened.values())).close()  # the one not used for longest
        opened[id(self)] = self
        return self._zip

    def close(self) -> None:
        """Give the file back; the next use opens it again."""
        if self._zip is not None and self._file is not None:
            self._zip.close()
            self._file.close()
            self._zip = self._file = None
        self._opened.archives.pop(id(self), None)

    def is_document(self) -> bool:
        """Whether this zip is an office document rather than an archive of files."""
        return is_package(self._handle().namelist())

    def entries(self) -> list[tuple[str, zipfile.ZipInfo]]:
        """Name and entry of every file, in name order, without folders; refuses bad entries."""
        entries: dict[str, zipfile.ZipInfo] = {}
        for info in self._handle().infolist():
            name = _decoded_name(info)
            _refuse_unsafe(self.name, name, info)
            if name.endswith("/"):
                continue
            if name in entries:
                raise UnreadableFile(f"{self.name} holds two files named {name}; rename one and pack again")
            entries[name] = info
        return sorted(entries.items())

    def pieces(self, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
        """The unpacked content of one entry, piece by piece; its check sum is verified at the end."""
        try:
            with self._handle().open(info) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise UnreadableFile(
                f"{name} in {self.name} cannot be unpacked ({error}); ask the sender for the archive again"
            ) from error

    def content(self, info: zipfile.ZipInfo, name: str) -> bytes:
        """One entry unpacked."""
        return b"".join(self.pieces(info, name))

    def spool(self, info: zipfile.ZipInfo, name: str) -> IO[bytes]:
        """One entry unpacked to memory or, when large, to a temporary file."""
        file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
        for piece in self.pieces(info, name):
            file.write(piece)
        file.seek(0)
        return file


class _Opened(threading.local):
    """The archives a thread holds open: one thread must not close what another is reading."""

    def __init__(self) -> None:
        self.archives: weakref.WeakValueDictionary[int, _Zip] = weakref.WeakValueDictionary()


_Zip._opened = _Opened()


def _inside(archive: _Zip, prefix: str, depth: int, budget: _Budget) -> Iterator[Member]:
    """Members of one archive; `prefix` is its path in the delivered file, `depth` 1 for the outermost."""
    entries = archive.entries()
    for _, info in entries:
        budget.spend(info.file_size, archive.name)
    for name, info in entries:
        digest, start = hashlib.sha256(), b""
        for piece in archive.pieces(info, name):
            digest.update(piece)
            start = start or piece[:4]
        if start.startswith(ZIP_STARTS):
            nested = _Zip(partial(archive.spool, info, name), f"{archive.name}!{name}")
            if depth == MAX_DEPTH and not nested.is_document():
                raise UnreadableFile(f"{nested.name} is nested more than {MAX_DEPTH} deep; unpack it once")
            found = list(_inside(nested, f"{prefix}{name}!", depth + 1, budget))
            if not nested.is_document():
                yield from found
                continue
        yield Member(
            path_in_archive=prefix + name,
            sha256=digest.hexdigest(),
            size_bytes=info.file_size,
            read=partial(archive.content, info, name),
        )


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The entry's name. Without the UTF-8 flag: what the Unicode field says, else UTF-8 where the bytes plainly are
    (macOS), else GB18030 (Windows in Chinese).

    zipfile has read unflagged names as cp437, which keeps every byte and so can be undone.
    """
    if info.flag_bits & UTF8_NAME:
        return info.orig_filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437")
    text = _unicode_path(info.extra, raw) or _plain_utf8(raw) or raw.decode("gb18030", errors="replace")
    # Backslashes are turned only now: in GB18030 the same byte is the second half of some characters.
    return text.replace("\\", "/")


def _plain_utf8(raw: bytes) -> str | None:
    """The name as UTF-8; None where GB18030 is as likely: two bytes are é in the one and 茅 in the other."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isascii() or any(character >= "\u0800" for character in text) else None


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name an extra field gives in UTF-8; None without one, or where it belongs to another name."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == UNICODE_PATH and field[:5] == b"\x01" + struct.pack("<I", zlib.crc32(raw)):
            return field[5:].decode("utf-8", errors="replace")
    return None


def _refuse_unsafe(archive: str, name: str, info: zipfile.ZipInfo) -> None:
    """Raise UnreadableFile for an entry that is dangerous to unpack."""
    if name.startswith("/") or DRIVE.match(name) or ".." in name.split("/") or "\0" in name + info.orig_filename:
        raise UnreadableFile(f"{archive} holds a file that would leave the archive ({name!r}); it is refused")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableFile(f"{archive} holds a symbolic link ({name}); pack the file itself")
    if info.flag_bits & ENCRYPTED:
        raise UnreadableFile(f"{archive} is protected by a password ({name}); deliver it without one")
    if info.compress_type not in METHODS:
        method = "Deflate64" if info.compress_type == 9 else f"method {info.compress_type}"
        raise UnreadableFile(
            f"{name} in {archive} is packed by {method}, which is not read; pack it as an ordinary zip"
        )
    if info.file_size > MAX_MEMBER_BYTES:
        raise UnreadableFile(
            f"{name} in {archive} unpacks to {info.file_size:,} bytes, above {MAX_MEMBER_BYTES:,}; split it"
        )
    if info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise UnreadableFile(
            f"{name} in {archive} unpacks to more than {MAX_RATIO} times its size, as zip bombs do; "
            "deliver it unpacked if it is genuine"
        )
