"""Which releases stay in `releases/`. What they said stays in the history in any case, which nothing here touches.

A release that someone reads is never removed: DuckDB's readers hold a POSIX lock on `marts.duckdb`, and readers of the
Parquet files are seen in /proc where the system has it.
"""

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigError
from pipelines.files import sync_one
from pipelines.history import entries
from pipelines.lock import one_writer
from pipelines.paths import Warehouse

_REMOVING = ".removing-"
FileId = tuple[int, int]
"""Device and inode: a file has one, by whatever path it was opened."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one folder in `releases/`, and why."""

    name: str
    is_kept: bool
    reason: str
    size: int
    """Bytes of its files."""


def collect(warehouse: Warehouse, *, keep: int, is_dry_run: bool = False) -> list[Verdict]:
    """Remove all but the `keep` newest releases and what killed runs left behind; returns a verdict on each, newest
    first. A dry run only says what would be removed.

    The release in force, one that is being read and one that the history does not know stay whatever their age.
    Raises ConfigError when another process is writing the warehouse, BrokenInput when the history is damaged.
    """
    with one_writer(warehouse):
        verdicts = [*_releases(warehouse, keep), *_leftovers(warehouse)]
        if not is_dry_run:
            for verdict in verdicts:
                if not verdict.is_kept:
                    _remove(warehouse.releases / verdict.name)
        return verdicts


def _releases(warehouse: Warehouse, keep: int) -> list[Verdict]:
    folders = [folder for folder in warehouse.releases.glob("[!.]*") if folder.is_dir()]
    sequence = {entry.release_id: entry.sequence for entry in entries(warehouse)}
    newest = sorted((name.name for name in folders if name.name in sequence), key=lambda name: -sequence[name])
    in_force = warehouse.current.resolve().name if warehouse.current.is_symlink() else None
    readers = _open_files()

    def verdict(folder: Path) -> Verdict:
        name = folder.name
        if name == in_force:
            return _verdict(folder, "the release in force")
        if name not in sequence:
            return _verdict(folder, "not in the history, so its figures are nowhere else")
        if name in newest[:keep]:
            return _verdict(folder, f"one of the {keep} newest")
        if reason := _reading(folder, readers):
            return _verdict(folder, reason)
        return _verdict(folder, f"older than the {keep} newest; its figures stay in the history", is_kept=False)

    return [verdict(folder) for folder in sorted(folders, key=lambda folder: -sequence.get(folder.name, 0))]


def _leftovers(warehouse: Warehouse) -> list[Verdict]:
    """Folders without a public name: half of a release, made or removed by a run that was killed."""
    return [
        _verdict(folder, "left behind by a killed run", is_kept=False)
        for folder in sorted(warehouse.releases.glob(".*"))
        if folder.is_dir()
    ]


def _verdict(folder: Path, reason: str, *, is_kept: bool = True) -> Verdict:
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Verdict(folder.name, is_kept, reason, size)


def _remove(folder: Path) -> None:
    """Take a release away in one rename, then delete it: nobody finds half of one, and a killed removal is resumed."""
    hidden = folder.with_name(f"{_REMOVING}{folder.name.removeprefix(_REMOVING)}")
    try:
        folder.rename(hidden)
        sync_one(folder.parent)
        shutil.rmtree(hidden)
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be removed ({error}); mend its permissions and run `ipw gc` again"
        ) from None


def _reading(folder: Path, readers: dict[FileId, int] | None) -> str | None:
    """Why a folder must be taken for one that is being read; None when nobody reads it."""
    locked = _is_locked(folder / "marts.duckdb")
    if locked:
        return "marts.duckdb is being read"
    if readers is None:
        return "whether it is being read cannot be told here" if locked is None else None
    for file in folder.rglob("*"):
        status = file.stat()
        if process := readers.get((status.st_dev, status.st_ino)):
            return f"{file.relative_to(folder)} is being read by process {process}"
    return None


def _is_locked(database: Path) -> bool | None:
    """True while another process has the database open; None where the file system or its permissions do not tell."""
    try:
        stream = database.open("r+b")
    except FileNotFoundError:
        return False
    except OSError:
        return None
    with stream:
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # released when the stream closes
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            return None
    return False


def _open_files() -> dict[FileId, int] | None:
    """Files that processes have open or mapped, with one such process; None where the system has no /proc.

    Processes of other users cannot be looked into; their DuckDB readers are known by the lock all the same.
    """
    proc = Path("/proc")
    if not (proc / "self" / "fd").exists():
        return None
    found: dict[FileId, int] = {}
    for process in proc.glob("[0-9]*"):
        for look in (_open_descriptors, _mapped_files):
            try:
                found |= dict.fromkeys(look(process), int(process.name))
            except OSError:  # it has ended, or is another user's
                continue
    return found


def _open_descriptors(process: Path) -> set[FileId]:
    found = set()
    for descriptor in (process / "fd").iterdir():
        try:
            status = descriptor.stat()
        except OSError:  # closed in the meantime
            continue
        found.add((status.st_dev, status.st_ino))
    return found


def _mapped_files(process: Path) -> set[FileId]:
    """From lines such as `7f0-7f1 r--s 00000000 fe:01 123 /path`."""
    found = set()
    for line in (process / "maps").read_text(errors="replace").splitlines():
        _, _, _, device, inode, *_ = line.split(maxsplit=5)
        if inode != "0":
            major, minor = device.split(":")
            found.add((os.makedev(int(major, 16), int(minor, 16)), int(inode)))
    return found
