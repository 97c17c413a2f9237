"""What a model says of itself when it is declared partition-wise, held against the sample city's whole tables."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipelines.transform import nodes
from pipelines.transform.engine import narrowed
from pipelines.transform.keys import content_of


@pytest.fixture
def build(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's build, to be read."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published / 'build' / 'build.duckdb'}' as build (read_only)")
        connection.execute("use build")
        yield connection


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_some_values_come_from_rows_of_these_values(build: duckdb.DuckDBPyConnection, seed: int) -> None:
    wise = [node for node in nodes().values() if node.is_partition_wise and node.kind == "model"]
    assert len(wise) > 10
    for node in wise:
        parents = [nodes()[uid] for uid in node.parents if nodes()[uid].partition_by == node.partition_by]
        by = node.partition_by
        read = " union ".join(f"select {by} as value from {one.relation}" for one in [*parents, node])
        values = [value for (value,) in build.execute(f"from ({read}) order by all").fetchall()]
        some = Random(seed).sample(values, 1 + len(values) // 4)
        build.execute("create or replace temp table some_values as select unnest(?) as value", [some])
        chosen = f"where {by} in (from some_values)"
        alone = content_of(build, f"(select * from ({narrowed(build, node, parents, some)}\n) {chosen})")
        assert alone == content_of(build, f"(select * from {node.relation} {chosen})"), node.name
