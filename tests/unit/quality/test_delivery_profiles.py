"""Profiles judge a delivery against its contract and against earlier like deliveries, and only where rows are enough."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.registry import contract
from pipelines.intake.run import ingest, prepare
from pipelines.paths import Warehouse
from pipelines.quality.delivery_profiles import field_profile, file_profile, gate_store, validate_deliveries

PATENTS = contract("patents")
GOOD = (
    "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址\n"
    "201210424464.6,合成样例一,CN102889890A,2013.01.23,2012.10.30,淄博合成样例有限公司,山东省淄博市张店区样例路1号\n"
)
BAD = "201310699744.2,合成样例二,CN103699744A,2014.13.45,2013.12.18,淄博合成样例有限公司,山东省淄博市临淄区样例路2号\n"


def profiles(shares: list[float], rows: int = 1_000) -> tuple[pl.DataFrame, pl.DataFrame]:
    names = [f"{n}.csv" for n in range(len(shares))]
    keys = {"source": ["patents"] * len(names), "source_path": names, "source_file_sha256": names}
    files = pl.DataFrame(keys | {"header": ["same"] * len(names)})
    fields = pl.DataFrame(
        keys
        | {
            "field": ["address"] * len(names),
            "delivered_on": names,
            "n_rows": [rows] * len(names),
            "n_null": [int(share * rows) for share in shares],
        }
    )
    return fields, files


def test_a_field_gone_blank_is_seen_against_earlier_like_deliveries() -> None:
    profile = field_profile(*profiles([0.0, 0.1, 0.0, 1.0]), PATENTS)
    assert profile["rise_of_blanks"].to_list() == [None, None, None, 1.0]


def test_too_few_earlier_deliveries_say_nothing() -> None:
    assert field_profile(*profiles([0.0, 0.0, 1.0]), PATENTS)["rise_of_blanks"].null_count() == 3


def test_small_files_say_nothing() -> None:
    assert field_profile(*profiles([0.0, 0.0, 0.0, 1.0], rows=1), PATENTS)["rise_of_blanks"].null_count() == 4


@pytest.mark.parametrize(("rows", "share"), [(1_000, 0.1), (10, 0.0)])
def test_the_reject_share_counts_from_a_number_of_rows_on(rows: int, share: float) -> None:
    files = pl.DataFrame(
        {"rows_in": [rows], "rows_out": [rows * 9 // 10], "rows_quarantined": [rows // 10], "rows_duplicate": [0]}
    )
    profile = file_profile(files, PATENTS)
    assert profile["reject_share"].to_list() == [share]
    assert profile["rows_accounted"].to_list() == [rows]


def test_fields_that_may_rightly_be_blank_say_nothing() -> None:
    fields, files = profiles([0.0, 0.0, 0.0, 1.0])
    ipc = fields.with_columns(field=pl.lit("ipc"))
    assert field_profile(ipc, files, PATENTS)["rise_of_blanks"].null_count() == 4


def test_only_deliveries_up_to_the_knowledge_day_are_judged(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    for day, content in (("2024-01-31", GOOD), ("2024-02-29", GOOD + BAD)):
        file = warehouse.landing / "patents" / day / "合成.csv"
        file.parent.mkdir(parents=True)
        file.write_text(content, encoding="utf-8")
    assert not ingest(warehouse, "patents").rejected
    strict = PATENTS.model_copy(update={"min_rows_for_share": 1, "max_reject_share": 0.0})
    assert all(verdict.passed for verdict in validate_deliveries(warehouse, strict, until=date(2024, 1, 31)))
    assert not all(verdict.passed for verdict in validate_deliveries(warehouse, strict))
    assert validate_deliveries(warehouse, strict, until=date(2024, 1, 30)) == []


def test_a_source_that_was_never_delivered_is_not_judged(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    prepare(warehouse)
    assert validate_deliveries(warehouse, PATENTS) == []
    assert not gate_store(warehouse).exists()
