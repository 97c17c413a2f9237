"""What is kept comes back as it was, though most of it is kept as a difference and the releases are gone."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import BrokenInput
from pipelines.history import Entry, append, differing, entries, keeping, write_tables
from pipelines.paths import Warehouse
from tests.unit.history.releases import contributions, enter, lay_out, row, same_rows, values

NAME = "fct_contribution"
DAYS = [date(2024, month, 1) for month in range(1, 13)]


def restored(entry: Entry, folder: Path, name: str = NAME) -> pl.DataFrame:
    return pl.read_parquet(write_tables(entry, folder, [name])[name])


def chain(warehouse: Warehouse, tables: list[pl.DataFrame]) -> list[Entry]:
    """Releases one after the other, each compared with the one before."""
    found: list[Entry] = []
    for n, table in enumerate(tables):
        previous = found[-1].release_id if found else None
        found.append(enter(warehouse, f"2024{n:04d}-x", DAYS[n], previous=previous, tables={NAME: table}))
    return found


record = st.sampled_from([None, "a", "b", "c", "d", "e"])
table = st.lists(record, max_size=8).map(lambda records: contributions(*records))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.lists(table, min_size=2, max_size=5))
def test_every_release_comes_back_from_the_chain(
    tables: list[pl.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rows that are there twice, rows with nulls, empty tables, rows that leave and come again."""
    warehouse = Warehouse(tmp_path_factory.mktemp("chain"))
    made = chain(warehouse, tables)
    shutil.rmtree(warehouse.releases)
    for entry, expected in zip(made, tables, strict=True):
        assert same_rows(restored(entry, warehouse.root / "restored"), expected)


def test_a_release_is_kept_as_what_entered_and_left(warehouse: Warehouse) -> None:
    first, second = chain(warehouse, [contributions("a", "b", "c"), contributions("b", "c", "d")])
    assert first.base is None and second.base == first.release_id
    assert not first.files[NAME]["is_difference"] and second.files[NAME]["is_difference"]
    kept = pl.read_parquet(second.folder / f"{NAME}.parquet")
    assert sorted(kept.select("record_id", "n").rows()) == [("a", -1), ("d", 1)]
    assert second.files[NAME]["rows"] == 3


def test_small_tables_are_kept_as_they_are(warehouse: Warehouse) -> None:
    tables = {"fct_indicator_value": values(1, 2), NAME: contributions("a"), "fct_patent": contributions("not kept")}
    entry = enter(warehouse, "20240101-x", DAYS[0], tables=tables)
    published = warehouse.releases / entry.release_id / "parquet"
    for name in ("release", "fct_indicator_value", NAME):
        assert (entry.folder / f"{name}.parquet").read_bytes() == (published / f"{name}.parquet").read_bytes()
    assert set(entry.files) == {"release", "fct_indicator_value", NAME}


def test_a_table_with_other_columns_is_kept_whole(warehouse: Warehouse) -> None:
    """Made by other code: a difference to columns that do not exist there would say nothing."""
    wider = contributions("a", "b").with_columns(pl.lit("new").alias("added"))
    first, second = chain(warehouse, [contributions("a", "b"), wider])
    assert second.base is None and not second.files[NAME]["is_difference"]
    shutil.rmtree(warehouse.releases)
    assert same_rows(restored(second, warehouse.root / "r"), wider)
    assert same_rows(restored(first, warehouse.root / "r"), contributions("a", "b"))


def test_a_table_with_nothing_in_common_is_kept_whole(warehouse: Warehouse) -> None:
    _, second = chain(warehouse, [contributions("a", "b"), contributions("c", "d")])
    assert not second.files[NAME]["is_difference"]


def test_without_a_release_before_the_first_ever_is_the_base(warehouse: Warehouse) -> None:
    first = enter(warehouse, "20240601-x", DAYS[5], tables={NAME: contributions("a", "b", "c")})
    past = enter(warehouse, "20240101-x", DAYS[0], tables={NAME: contributions("a", "b")})
    assert past.previous is None and past.base == first.release_id
    shutil.rmtree(warehouse.releases)
    assert same_rows(restored(past, warehouse.root / "r"), contributions("a", "b"))


def test_the_history_survives_the_releases_and_the_build(warehouse: Warehouse) -> None:
    """Deleting both does not keep a later release from being entered as a difference."""
    made = chain(warehouse, [contributions("a", "b"), contributions("a", "b", "c")])
    warehouse.build.mkdir()
    shutil.rmtree(warehouse.releases)
    shutil.rmtree(warehouse.build)
    third = enter(
        warehouse, "20240301-x", DAYS[2], previous=made[-1].release_id, tables={NAME: contributions("b", "c")}
    )
    assert third.files[NAME]["is_difference"]
    shutil.rmtree(warehouse.releases)
    assert same_rows(restored(third, warehouse.root / "r"), contributions("b", "c"))
    assert sorted(path.name for path in third.folder.iterdir()) == ["entry.json", f"{NAME}.parquet", "release.parquet"]


def test_tables_of_a_release_that_is_there_are_links(warehouse: Warehouse) -> None:
    (entry,) = chain(warehouse, [contributions("a")])
    file = write_tables(entry, warehouse.root / "r", [NAME])[NAME]
    assert file.samefile(warehouse.releases / entry.release_id / "parquet" / f"{NAME}.parquet")


def test_where_links_are_not_possible_files_are_copied(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError("links not supported")

    (entry,) = chain(warehouse, [contributions("a")])
    monkeypatch.setattr("os.link", refuse)
    assert same_rows(restored(entry, warehouse.root / "r"), contributions("a"))


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_damage_is_found_and_named(warehouse: Warehouse, damage: str) -> None:
    first, second = chain(warehouse, [contributions("a", "b"), contributions("a", "b", "c")])
    file = first.folder / f"{NAME}.parquet"
    shutil.rmtree(warehouse.releases)
    if damage == "missing":
        file.unlink()
    else:
        contributions("a", "x").write_parquet(file)
    with pytest.raises(BrokenInput, match=rf"000001-{first.release_id}/{NAME}\.parquet is missing or damaged"):
        restored(second, warehouse.root / "r")


def test_a_missing_base_is_named(warehouse: Warehouse) -> None:
    first, second = chain(warehouse, [contributions("a", "b"), contributions("a", "b", "c")])
    shutil.rmtree(warehouse.releases)
    shutil.rmtree(first.folder)
    with pytest.raises(BrokenInput, match=f"difference to release {first.release_id}, which is missing"):
        restored(second, warehouse.root / "r")


def test_an_entry_counts_whole_or_not_at_all(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    release = row("20240101-x", DAYS[0])
    folder = lay_out(warehouse, release, {NAME: contributions("a")})
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(keeping, "sync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt()))
        append(warehouse, folder, release=release, previous=None)
    assert entries(warehouse) == [] and list(warehouse.history.glob(".*"))
    append(warehouse, folder, release=release, previous=None)
    assert [entry.sequence for entry in entries(warehouse)] == [1]
    assert not list(warehouse.history.glob(".*"))


def test_a_release_made_again_is_held_against_its_entry(warehouse: Warehouse) -> None:
    """By rows where bytes differ, and though the release itself is gone."""
    _, second = chain(warehouse, [contributions("a", "b"), contributions("b", "c", "a")])
    shutil.rmtree(warehouse.releases)
    release = row(second.release_id, DAYS[1])
    same = lay_out(warehouse, release, {NAME: contributions("c", "b", "a")})
    assert differing(second, same) == []
    assert not (same / ".kept").exists()
    shutil.rmtree(same)
    assert differing(second, lay_out(warehouse, release, {NAME: contributions("c", "b", "x")})) == [NAME]
    (same / "parquet" / f"{NAME}.parquet").unlink()
    assert differing(second, same) == [NAME]


def test_a_release_that_was_written_into_is_not_believed(warehouse: Warehouse) -> None:
    (entry,) = chain(warehouse, [contributions("a", "b")])
    published = warehouse.releases / entry.release_id / "parquet" / f"{NAME}.parquet"
    contributions("a", "x").write_parquet(published)
    assert same_rows(restored(entry, warehouse.root / "r"), contributions("a", "b"))
