"""One writer at a time per warehouse. The lock is the operating system's: it goes when the process ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from pipelines.errors import ConfigError
from pipelines.paths import Warehouse


@contextmanager
def one_writer(warehouse: Warehouse, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the warehouse's write lock; re-entrant inside one process.

    Raises ConfigError when another process still holds it after `wait_seconds`.
    """
    warehouse.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse.lock, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise ConfigError(
            f"another run is writing {warehouse.root}; wait until it has finished, then start again"
        ) from None
    try:
        yield
    finally:
        lock.release()
