"""Rows of a release's tables as dictionaries, for those who put them into words. Which rows is theirs to say."""

from collections.abc import Mapping
from typing import Any

import duckdb

Row = dict[str, Any]


def rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """Result of a query, one dictionary by column name per row."""
    result = connection.execute(query, dict(parameters or {}))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
