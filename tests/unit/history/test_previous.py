"""The release before as dbt reads it: always every table, in the declared columns."""

import shutil
from datetime import date

import polars as pl

from pipelines.files import sha256
from pipelines.history import PREVIOUS, write_previous
from pipelines.paths import Warehouse
from tests.unit.history.releases import contributions, enter, same_rows, values

DAY = date(2024, 1, 31)


def inputs(warehouse: Warehouse) -> dict[str, pl.DataFrame]:
    return {file.stem: pl.read_parquet(file) for file in warehouse.inputs.glob("*.parquet")}


def test_without_a_release_before_every_table_is_empty(warehouse: Warehouse) -> None:
    write_previous(warehouse, None)
    assert {name: dict(frame.schema) for name, frame in inputs(warehouse).items()} == PREVIOUS
    assert not any(frame.height for frame in inputs(warehouse).values())


def test_the_release_before_is_there_in_the_declared_columns(warehouse: Warehouse) -> None:
    tables = {"fct_contribution": contributions("a", "b"), "fct_indicator_value": values(1, 2).drop("n_records")}
    entry = enter(warehouse, "20240131-aaaaaaaaaaaa", DAY, tables=tables)
    for _ in range(2):
        write_previous(warehouse, entry)
        found = inputs(warehouse)
        assert found["previous_release"]["release_id"].to_list() == ["20240131-aaaaaaaaaaaa"]
        assert same_rows(found["previous_contribution"], contributions("a", "b"))
        assert same_rows(found["previous_indicator_value"], values(1, 2))  # a column older code did not make is null
        assert found["previous_population"].is_empty()
        assert {name: [*frame.columns] for name, frame in found.items()} == {
            name: [*columns] if name != "previous_release" else [*found["previous_release"].columns]
            for name, columns in PREVIOUS.items()
        }
        shutil.rmtree(warehouse.releases, ignore_errors=True)  # the second time from the history alone


def test_writing_the_inputs_anew_leaves_the_release_alone(warehouse: Warehouse) -> None:
    """The large table is a link to the release's own file, so it must be replaced and never written into."""
    entry = enter(warehouse, "20240131-aaaaaaaaaaaa", DAY, tables={"fct_contribution": contributions("a", "b")})
    published = warehouse.releases / entry.release_id / "parquet" / "fct_contribution.parquet"
    before = sha256(published)
    write_previous(warehouse, entry)
    assert published.samefile(warehouse.inputs / "previous_contribution.parquet")
    write_previous(warehouse, None)
    assert sha256(published) == before
    assert inputs(warehouse)["previous_contribution"].is_empty()
    assert not (warehouse.inputs / ".previous").exists()
