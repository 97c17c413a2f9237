"""Declared source errors: applied at intake, recorded, refused when the error is gone."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.intake.bronze import delivered_files, rejected_files
from pipelines.intake.news import bronze_fingerprint
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import ROWS, Deliver, patents

SWAPPED = (Path(__file__).parents[2] / "fixtures" / "bad_files" / "patents" / "swapped_columns.csv").read_bytes()
SWAP = """
- source: patents
  file: list.csv
  action: swap_columns
  columns: [地址, 发明（设计）人]
  reason: the header names them the other way round
  reported_to: 样例局
"""
VALUE = """
source: patents
file: list.csv
action: set_value
field: filing_date
key: {publication_no: CN103699744A}
expected: 2013.12.18
use: 2013-12-17
reason: printed wrongly
"""
WHERE = "corrections/2024-02-01/declared.yaml"


def landed(warehouse: Warehouse) -> pl.DataFrame:
    return pl.read_parquet(warehouse.bronze / "patents" / "*.parquet").sort("source_row")


def test_swapped_columns_are_refused_until_the_error_is_declared(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/list.csv", SWAPPED)
    (rejected,) = ingest(warehouse, "patents").rejected
    assert "action: swap_columns, columns: [地址, 发明（设计）人]" in rejected.message and not rejected.is_unreadable
    deliver(WHERE, SWAP)
    result = ingest(warehouse, "patents")
    assert result.rejected == () and rejected_files(warehouse).is_empty()
    assert landed(warehouse)["division_code"].to_list() == ["370303", "370305", "370306", "370321", "370322"]
    assert "样例甲" not in landed(warehouse).write_json()
    (applied,) = json.loads(delivered_files(warehouse)["corrections_applied"].item())
    assert (applied["declared_in"], applied["action"], applied["rows"]) == (WHERE, "swap_columns", 5)
    assert applied["reason"] and applied["reported_to"] == "样例局"


def test_a_swap_of_columns_that_are_right_refuses_the_file(warehouse: Warehouse, deliver: Deliver) -> None:
    right = SWAPPED.decode().replace("地址,发明（设计）人", "发明（设计）人,地址")
    deliver(WHERE, SWAP)
    deliver("patents/2024-02-29/list.csv", right)
    (rejected,) = ingest(warehouse, "patents").rejected
    assert rejected.message.startswith("patents/2024-02-29/list.csv: " + WHERE)
    assert "hold what their headers say; the declared error is gone: remove the correction" in rejected.message


def test_a_value_is_replaced_in_the_rows_of_its_key(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(WHERE, VALUE)
    deliver("patents/2024-01-31/list.csv", patents())
    deliver("patents/2024-01-31/other.csv", patents(ROWS[1]))
    assert ingest(warehouse, "patents").rejected == ()
    found = landed(warehouse).filter(pl.col("publication_no") == "CN103699744").sort("source_path")
    assert [str(day) for day in found["filing_date"]] == ["2013-12-17", "2013-12-18"]
    applied = dict(delivered_files(warehouse).select("source_path", "corrections_applied").iter_rows())
    assert json.loads(applied["patents/2024-01-31/list.csv"])[0]["rows"] == 1
    assert applied["patents/2024-01-31/other.csv"] == "[]"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (ROWS[0], ROWS[1].replace("2013.12.18", "2013.12.17")),
            "no row with publication_no CN103699744A has filing_date",
        ),
        ((ROWS[0],), "no row with publication_no CN103699744A"),
    ],
)
def test_a_value_that_is_not_there_refuses_the_file(
    warehouse: Warehouse, deliver: Deliver, rows: tuple[str, ...], said: str
) -> None:
    deliver(WHERE, VALUE)
    deliver("patents/2024-01-31/list.csv", patents(*rows))
    (rejected,) = ingest(warehouse, "patents").rejected
    assert said in rejected.message and "list.csv" in rejected.message


def test_a_blank_can_be_declared_and_a_value_blanked(warehouse: Warehouse, deliver: Deliver) -> None:
    entry = {"source": "patents", "file": "list.csv", "action": "set_value", "reason": "sample"}
    fill = entry | {"field": "application_no", "key": {"publication_no": "CN102889890A"}, "use": "201210424464.6"}
    blank = entry | {"field": "filing_date", "key": {"publication_no": "CN103699744A"}, "expected": "2013.12.18"}
    deliver(WHERE, json.dumps([fill, blank]))  # JSON is YAML
    deliver("patents/2024-01-31/list.csv", patents(ROWS[0].replace("201210424464.6", ""), ROWS[1]))
    assert ingest(warehouse, "patents").rejected == ()
    assert landed(warehouse)["application_no"].to_list() == ["201210424464.6", "201310699744.2"]
    assert landed(warehouse)["filing_date"].null_count() == 1


def test_corrections_as_a_table(warehouse: Warehouse, deliver: Deliver) -> None:
    header = "source,file,action,columns,field,key,expected,use,reason\n"
    deliver(
        "corrections/2024-02-01/table.csv",
        (
            header + "patents,list.csv,set_value,,filing_date,publication_no=CN103699744A,2013.12.18,2013-12-17,误印\n"
        ).encode("gb18030"),
    )
    deliver("patents/2024-01-31/list.csv", patents())
    assert ingest(warehouse, "patents").rejected == ()
    assert str(landed(warehouse)["filing_date"][1]) == "2013-12-17"


CHINESE = "来源,文件,动作,字段,主键,错误值,应为,理由\n"


@pytest.mark.parametrize(
    "line",
    [
        "patents,list.csv,改值,申请日,公开号=CN103699744A,2013.12.18,2013-12-17,误印\n",
        "专利公开与授权,list.csv,set_value,filing_date,公开（公告）号＝CN103699744A；名称=一种样例纤维,2013.12.18,2013-12-17,误印\n",
    ],
)
def test_corrections_as_a_table_in_chinese(warehouse: Warehouse, deliver: Deliver, line: str) -> None:
    deliver("corrections/2024-02-01/更正.csv", b"\xef\xbb\xbf" + (CHINESE + line).encode())
    deliver("patents/2024-01-31/list.csv", patents())
    assert ingest(warehouse, "patents").rejected == ()
    assert str(landed(warehouse)["filing_date"][1]) == "2013-12-17"


def test_a_swap_as_a_table_in_chinese_has_the_same_guard(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(
        "corrections/2024-02-01/更正.csv", CHINESE + "patents,list.csv,列互换,地址;发明（设计）人,,,,表头次序有误\n"
    )
    deliver("patents/2024-01-31/list.csv", SWAPPED)
    assert ingest(warehouse, "patents").rejected == ()
    deliver("patents/2024-02-29/list.csv", patents())
    (rejected,) = ingest(warehouse, "patents").rejected
    assert "the file has no column 发明（设计）人" in rejected.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHINESE + "patents,list.csv,改值,申请日,公开号=CN1,甲,乙\n", "reason"),
        (CHINESE + "patents,list.csv,改值,申请日,公开号=CN1,甲,乙,误印,又\n", "line 2 has more cells than the header"),
        ("附注," + CHINESE + "x,patents,list.csv,改值,申请日,公开号=CN1,甲,乙,误印\n", "附注"),
        (CHINESE + "patents,list.csv,删行,申请日,公开号=CN1,甲,乙,误印\n", "action"),
    ],
)
def test_a_table_of_corrections_that_is_wrong_is_refused(
    warehouse: Warehouse, deliver: Deliver, text: str, said: str
) -> None:
    deliver("corrections/2024-02-01/更正.csv", text)
    deliver("patents/2024-01-31/list.csv", patents())
    with pytest.raises(ConfigError, match=said):
        ingest(warehouse, "patents")


def test_a_file_can_be_named_by_its_content(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/list.csv", SWAPPED)
    (rejected,) = ingest(warehouse, "patents").rejected
    deliver(WHERE, SWAP.replace("file: list.csv", f"sha256: {rejected.delivered.sha256}"))
    assert ingest(warehouse, "patents").rejected == ()


def test_a_correction_of_what_has_landed_is_refused(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("patents/2024-01-31/list.csv", patents())
    ingest(warehouse, "patents")
    before = bronze_fingerprint(warehouse, known_at=date.max, population_known_at=date.max)
    deliver(WHERE, VALUE)
    with pytest.raises(ConfigError, match=r"patents/2024-01-31/list\.csv has landed without this correction"):
        ingest(warehouse, "patents")
    assert bronze_fingerprint(warehouse, known_at=date.max, population_known_at=date.max) == before


def test_a_correction_that_was_applied_may_stay(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(WHERE, VALUE)
    deliver("patents/2024-01-31/list.csv", patents())
    ingest(warehouse, "patents")
    deliver(WHERE, VALUE.replace("printed wrongly", "printed wrongly, says the office"))
    assert ingest(warehouse, "patents").batches == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "- source: patents\n  action: swap_columns\n  reason: x\n  columns: [a, b]",
            "entry 1: a correction names its file",
        ),
        ("- source: patents\n  file: a\n  action: swap_columns\n  reason: x", "swap_columns needs two columns"),
        ("- source: patents\n  file: a\n  action: rename\n  reason: x", "entry 1: action"),
        (
            "- source: patents\n  file: a\n  action: set_value\n  field: title\n  key: {title: a}\n  reason: x",
            "by itself",
        ),
        (SWAP.replace("reason:", "cause:"), "entry 1: "),
        ("- source: [", "cannot be read"),
        ("just words", "expected a list of corrections"),
    ],
)
def test_a_mistake_in_a_declaration_is_named(warehouse: Warehouse, deliver: Deliver, text: str, said: str) -> None:
    file = deliver(WHERE, text)
    with pytest.raises(ConfigError) as refused:
        ingest(warehouse, "patents")
    assert said in str(refused.value) and str(file) in str(refused.value) and "\n" not in str(refused.value)


def test_an_unknown_field_is_named(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(WHERE, VALUE.replace("field: filing_date", "field: filed"))
    deliver("patents/2024-01-31/list.csv", patents())
    with pytest.raises(ConfigError, match="patents has no field filed"):
        ingest(warehouse, "patents")
