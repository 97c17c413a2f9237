"""Which release is in force, and whether one has been published. Nothing is built or moved here.

Apart from publishing, so that a command that only asks does not load what writes pages and workbooks.
"""

from pipelines.history.entries import entry_of
from pipelines.paths import Warehouse


def current_release_id(warehouse: Warehouse) -> str | None:
    """Id of the release in force, or None before the first one."""
    return warehouse.current.resolve().name if warehouse.current.exists() else None


def is_published(warehouse: Warehouse, release: str) -> bool:
    """Whether a release lies in `releases/` whole and in the history, be it in force or not."""
    return (warehouse.releases / release).exists() and entry_of(warehouse, release) is not None
