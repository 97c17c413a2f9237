"""The board shows the newest year that has begun, in words, and says of synthetic data that they are synthetic."""

import duckdb
import pytest

from pipelines.release.board import BOARD_COLUMNS, board

TARGET = "'p' as plan_id, 'T02' as target_id, 1 as target_version, 'tm_valid' as indicator_id"
YEARS = "(values (2023, 'missed'), (2024, 'in_progress'), (2025, 'not_due')) as years(year, status)"


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute("create table marts.release as select true as is_synthetic")
    connection.execute(
        f"create table marts.dim_plan_target as select {TARGET}, '商标' as title_zh, 'marks' as title_en, "
        "'二(三)1' as section, '超过8.5万件' as wording, 'plan' as decided_by"
    )
    connection.execute(
        f"create table marts.target_vs_actual as select {TARGET}, '370300' as region_code, year, 'gt' as comparator, "
        "85000.0 as target_value, 85000.0 as actual_value, '件' as unit, 0.0 as gap, 1.0 as completion_rate, "
        "null as progress_rate, 0.6 as time_progress, null as needed_annual_growth, 'P' as obs_status, status, "
        "'状态' as status_zh, status as status_en, '因' as reason_zh, 'because' as reason_en "
        f"from {YEARS}"
    )
    return connection


def test_the_newest_year_that_has_begun_is_shown(marts: duckdb.DuckDBPyConnection) -> None:
    (row,) = board(marts)
    assert row["year"] == "2024"
    assert row["comparator"] == ">"
    assert row["status"] == "状态 in_progress"
    assert row["data_kind"] == "合成 SYNTHETIC"
    assert row["obs_status"] == "初步 provisional"


def test_every_year_on_demand(marts: duckdb.DuckDBPyConnection) -> None:
    assert [row["year"] for row in board(marts, every_year=True)] == ["2023", "2024", "2025"]


def test_every_column_of_the_board_is_filled_from_the_marts(marts: duckdb.DuckDBPyConnection) -> None:
    assert {column.name for column in BOARD_COLUMNS} <= set(board(marts)[0])
