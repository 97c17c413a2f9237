"""Finding and opening the published marts for the verbs, always read-only and always the release in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import ConfigError
from pipelines.paths import Warehouse


@contextmanager
def published(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current release. Raises ConfigError when there is none yet."""
    with duckdb.connect(str(published_file(warehouse)), read_only=True) as connection:
        yield connection


def published_file(warehouse: Warehouse) -> Path:
    """The current release's `marts.duckdb`, in its own folder. Raises ConfigError when there is none yet."""
    if not warehouse.marts.exists():
        raise ConfigError(f"no release in {warehouse.root} yet; run `ipw run` first")
    return warehouse.marts.resolve()
