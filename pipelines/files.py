"""Files a reader sees whole, old or new. Nothing here knows what is in them."""

import hashlib
import os
from pathlib import Path


def sha256(file: Path) -> str:
    """Hex digest of a file, read in blocks."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Flush every file below a folder, and its directories, to disk, so that a rename after it survives a power cut."""
    for path in [*sorted(folder.rglob("*")), folder]:
        sync_one(path)


def sync_one(path: Path) -> None:
    """Flush one file, or which names a directory holds, to disk: after a rename, the directory it happened in."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(link: Path, target: Path) -> None:
    """Make `link` a symbolic link to `target` (kept relative) in one atomic step, whatever it pointed to before."""
    temporary = link.with_name(f".{link.name}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.path.relpath(target, link.parent))
    os.replace(temporary, link)
