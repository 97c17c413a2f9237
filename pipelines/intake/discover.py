"""What lies in landing: files of a source with their delivery date, content hash and mark. Nothing is read or judged.

`landing/<source>/<YYYY-MM-DD>/<name>`, or `landing/<source>/<name>` with the date the file was first seen. A marker
file SYNTHETIC (any ending) in landing, a source folder or a date folder marks everything below as synthetic.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from pipelines.contracts.registry import contracts
from pipelines.errors import ConfigError
from pipelines.intake.readers.archive import members
from pipelines.intake.readers.base import Member, UnreadableFile

CORRECTIONS = "corrections"
MARKER = "SYNTHETIC"

BESIDE_SOURCES = {"truth", "PLANTED.csv", "story"}
"""What the sample city writes beside its deliveries to be compared with, or to be delivered later."""

_IGNORED = re.compile(
    r"^[.~]|^(?:Thumbs\.db|desktop\.ini|__MACOSX)$|\.(?:tmp|part|partial|crdownload|swp|bak)$|^README(?:\.|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Delivered:
    """One thing to read: a plain file or a member of an archive, or an archive that cannot be opened."""

    source: str
    source_path: str
    """Relative to landing; members as `outer.zip!inner/name.csv`."""
    delivered_on: date
    is_synthetic: bool
    sha256: str
    size_bytes: int
    member: Member | None
    problem: str | None = None
    """Why it cannot be opened; `member` is None then."""

    @property
    def is_packed(self) -> bool:
        """Whether it came in an archive."""
        return self.member is not None and bool(self.member.path_in_archive)

    @property
    def file(self) -> str:
        """The file that lies in landing, relative to it: the thing itself, or the archive it came in."""
        return self.source_path.removesuffix(f"!{self.member.path_in_archive}") if self.member else self.source_path


def check_folders(landing: Path) -> None:
    """Raise ConfigError for folders and files in landing that belong to no source."""
    known = [*contracts(), CORRECTIONS]
    for entry in _entries(landing):
        if entry.name in BESIDE_SOURCES or entry.name in known:
            continue
        if entry.is_dir():
            raise ConfigError(f"{entry}: no source of this name; known sources: {', '.join(known)}")
        raise ConfigError(f"{entry}: a delivery belongs in landing/<source>/<YYYY-MM-DD>/; move it there")


def files(landing: Path, source: str) -> Iterator[tuple[Path, date | None]]:
    """Every delivered file of a source with the date of its folder, in path order; None for files beside the folders.

    Raises ConfigError for a folder that is no date.
    """
    for entry in _entries(landing / source):
        if entry.is_dir():
            delivered_on = _date_of(entry)
            yield from ((file, delivered_on) for file in _below(entry))
        else:
            yield entry, None


def deliveries(
    landing: Path, source: str, first_seen: Mapping[tuple[str, str], date], today: date
) -> Iterator[Delivered]:
    """Everything of a source that can be read, archives opened, in path order.

    `first_seen` remembers by path and hash the date of files without a date folder; others of them take `today`.
    """
    marked = cache(partial(_is_below_marker, landing, cache(_holds_marker)))
    for file, dated in files(landing, source):
        path = file.relative_to(landing).as_posix()
        synthetic = marked(file.parent)
        try:
            found = list(members(file))
        except UnreadableFile as error:
            sha256, size = _hash(file)
            delivered_on = dated or first_seen.get((path, sha256), today)
            yield Delivered(source, path, delivered_on, synthetic, sha256, size, None, str(error))
            continue
        for member in found:
            whole = f"{path}!{member.path_in_archive}" if member.path_in_archive else path
            delivered_on = dated or first_seen.get((whole, member.sha256), today)
            yield Delivered(source, whole, delivered_on, synthetic, member.sha256, member.size_bytes, member)


def is_synthetic(landing: Path, folder: Path) -> bool:
    """Whether a marker stands in a folder of landing or in any folder above it, up to landing itself."""
    return _is_below_marker(landing, _holds_marker, folder)


def _is_below_marker(landing: Path, holds_marker: Callable[[Path], bool], folder: Path) -> bool:
    folders = [each for each in (folder, *folder.parents) if each == landing or landing in each.parents]
    return any(holds_marker(each) for each in folders)


def _holds_marker(folder: Path) -> bool:
    return any(_is_marker(entry) for entry in folder.iterdir())


def _is_marker(entry: Path) -> bool:
    return entry.name.split(".")[0] == MARKER and entry.is_file()


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    kept = (entry for entry in folder.iterdir() if not _IGNORED.search(entry.name) and not _is_marker(entry))
    return sorted(kept, key=lambda entry: entry.name)


def _below(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_dir():
            yield from _below(entry)
        else:
            yield entry


def _date_of(folder: Path) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", folder.name):
        try:
            return date.fromisoformat(folder.name)
        except ValueError:
            pass
    raise ConfigError(f"{folder}: not a delivery date; name the folder YYYY-MM-DD, the day the files were delivered")


def correction_files(landing: Path) -> list[Path]:
    """The declared corrections, in path order."""
    return [file for file, _ in files(landing, CORRECTIONS)]


def _hash(file: Path) -> tuple[str, int]:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), file.stat().st_size
