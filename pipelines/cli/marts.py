"""Opening the published marts for the listing verbs, always read-only and always the release in force."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pipelines.errors import ConfigError
from pipelines.paths import Warehouse


@contextmanager
def published(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current release. Raises ConfigError when there is none yet."""
    if not warehouse.marts.exists():
        raise ConfigError(f"no release in {warehouse.root} yet; run `ipw run` first")
    with duckdb.connect(str(warehouse.marts.resolve()), read_only=True) as connection:
        yield connection
