"""What `ipw revisions` and revisions.csv show of a comparison, on a small synthetic published file."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.cli import revisions as verbs
from pipelines.cli.output import Format
from pipelines.errors import ConfigError
from pipelines.paths import Warehouse
from pipelines.release import revisions_csv
from pipelines.release.database import EVIDENCE
from pipelines.release.revisions import CHANGES, Wanted, period_name, reason_words
from pipelines.settings import DBT_PROJECT

COMPARED = ("indicator_revision", "revision_record", "target_revision")

# One patent of 张店 lapsed late, another moved to 临淄; the density follows; the census has a new vintage.
TABLES = """
create table release as select true as is_synthetic;
create table release_comparison as select '20210131-aaaa' as old_release_id, '20210331-bbbb' as new_release_id,
  date '2021-01-31' as old_as_of, date '2021-03-31' as new_as_of, date '2021-01-31' as old_known_at,
  date '2021-03-31' as new_known_at, true as is_code_changed, false as are_rules_changed;
create table dim_indicator (indicator_id varchar, title_zh varchar, title_en varchar, decimals integer, kind varchar,
  numerator_id varchar, denominator varchar, sort_order integer);
insert into dim_indicator values
  ('inv_valid', '有效发明', 'valid', 0, 'stock', null, null, 1),
  ('inv_valid_per_10k', '每万人', 'density', 2, 'ratio', 'inv_valid', 'population', 2),
  ('inv_grants', '授权', 'grants', 0, 'flow', null, null, 3);
create table dim_region as select * from (values
  ('370300', 'statutory', '淄博市', 'Zibo', 0), ('370300', 'management', '淄博市', 'Zibo', 0),
  ('370303', 'statutory', '张店区', 'Zhangdian', 1), ('3703A1', 'management', '高新区', 'Zone', 9)
) as t(region_code, region_view, name_zh, name_en, sort_order);
create table indicator_revision as select *, 1 as records_in, 2 as records_out, 3 as records_changed,
  '2020-11-01 a' as old_population_vintage, '2020-11-01 b' as new_population_vintage,
  '20210131-aaaa' as old_release_id, '20210331-bbbb' as new_release_id, 'A' as old_obs_status, 'A' as new_obs_status
from (values
  ('inv_valid', '370300', 'statutory', 'year', date '2020-12-31', 2.0, 1.0, -1.0, '件', 'revised', 'late_notice'),
  ('inv_valid', '370300', 'statutory', 'month', date '2020-12-31', 2.0, 1.0, -1.0, '件', 'revised', 'late_notice'),
  ('inv_valid', '370300', 'management', 'year', date '2020-12-31', 2.0, 1.0, -1.0, '件', 'revised', 'late_notice'),
  ('inv_valid', '3703A1', 'management', 'year', date '2020-12-31', 1.0, 0.0, -1.0, '件', 'revised', 'late_notice,relocation'),
  ('inv_valid_per_10k', '370300', 'statutory', 'year', date '2020-12-31', 0.2, 0.1, -0.1, '件', 'revised', 'late_notice'),
  ('inv_grants', '370303', 'statutory', 'plan', date '2020-12-31', null, 1.0, null, '=件', 'appeared', 'late_record')
) as t(indicator_id, region_code, region_view, period_type, period_end, old_value, new_value, difference, unit, change, reasons);
create table revision_record as select *, 'patent' as record_type, null::double as amount, 'late_notice' as reason,
  'patents/2021-01-10/a.csv' as source_path, 2 as source_row, 'x' as source_file_sha256, date '2021-01-10' as delivered_on,
  'patent_events/2021-03-10/b.csv' as cause_source_path, 3 as cause_source_row, 'y' as cause_source_file_sha256,
  date '2021-03-10' as cause_delivered_on
from (values
  ('inv_valid', 'statutory', '370300', '合成甲', 'entered', date '2019-10-30', -1),
  ('inv_valid', 'statutory', '370300', '合成乙', 'left', date '2021-01-30', 1),
  ('inv_grants', 'statutory', '370303', '合成甲', 'entered', date '2019-10-30', 1)
) as t(indicator_id, region_view, region_code, record_id, change, effective_date, delta);
create table dim_plan_target as select 'p' as plan_id, 't1' as target_id, 1 as target_version,
  'inv_valid' as indicator_id, '发明' as title_zh, '件' as unit;
create table target_revision as select 'p' as plan_id, 't1' as target_id, 1 as target_version, 'inv_valid' as indicator_id,
  '370300' as region_code, 2020 as year, 'actual_changed' as change, 9.0 as old_target_value, 9.0 as new_target_value,
  2.0 as old_actual_value, 1.0 as new_actual_value, 'on_track' as old_status, 'limited' as new_status,
  '合成文件' as decided_by, 'late_notice' as reasons;
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with nothing but a published comparison."""
    warehouse = Warehouse(tmp_path)
    with duckdb.connect(str(warehouse.marts)) as connection:
        connection.execute(TABLES)
        connection.execute(EVIDENCE.read_text(encoding="utf-8").split(";\n")[0])  # the macro that reads a period
    return warehouse


def shown(warehouse: Warehouse, capsys: pytest.CaptureFixture[str], **wanted: str) -> dict[str, list[dict[str, str]]]:
    verbs.revisions(warehouse, Format.JSON, Wanted(**wanted), records=True, limit=50)
    return json.loads(capsys.readouterr().out)


def test_years_of_the_statutory_view_and_the_zones(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    values = shown(warehouse, capsys)["values"]
    assert [(row["indicator_id"], row["region_code"], row["region_view"], row["period"]) for row in values] == [
        ("inv_valid", "370300", "statutory", "2020"),
        ("inv_valid", "3703A1", "management", "2020"),
        ("inv_valid_per_10k", "370300", "statutory", "2020"),
    ]
    assert values[1]["reason_words"] == "迟到公告 late notice；区域变更 relocation"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"period": "2020-12"}, [("inv_valid", "370300", "2020-12")]),
        ({"period": "2016-2020"}, [("inv_grants", "370303", "2016-2020")]),
        ({"period": "2019"}, []),
        ({"view": "management", "region": "370300"}, [("inv_valid", "370300", "2020")]),
        ({"indicator": "inv_valid_per_10k"}, [("inv_valid_per_10k", "370300", "2020")]),
    ],
)
def test_what_is_asked_for(
    warehouse: Warehouse,
    capsys: pytest.CaptureFixture[str],
    wanted: dict[str, str],
    found: list[tuple[str, str, str]],
) -> None:
    values = shown(warehouse, capsys, **wanted)["values"]
    assert [(row["indicator_id"], row["region_code"], row["period"]) for row in values] == found


def test_records_of_a_stock_are_all_up_to_the_end_and_those_of_a_ratio_are_its_sides(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    of_ratio = shown(warehouse, capsys, indicator="inv_valid_per_10k", period="2020")["records"]
    assert [(row["record_id"], row["change"]) for row in of_ratio] == [("合成甲", "entered")]
    assert of_ratio[0]["place"] == "patents/2021-01-10/a.csv:2"
    assert of_ratio[0]["cause"] == "patent_events/2021-03-10/b.csv:3"
    assert shown(warehouse, capsys, indicator="inv_grants", period="2020")["records"] == []  # a flow of 2019
    assert len(shown(warehouse, capsys)["records"]) == 3


def test_a_target_whose_actual_moved(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    (target,) = shown(warehouse, capsys, indicator="inv_valid", period="2020")["targets"]
    assert (target["old_status"], target["new_status"], target["decided_by"]) == ("on_track", "limited", "合成文件")
    assert shown(warehouse, capsys, indicator="inv_valid", period="2019")["targets"] == []


def test_the_heading_says_which_releases_and_what_else_changed(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    verbs.revisions(warehouse, Format.TABLE, Wanted(), records=True, limit=1)
    said = capsys.readouterr()
    assert "20210131-aaaa (as of 2021-01-31, known at 2021-01-31) → 20210331-bbbb" in said.err
    assert "SYNTHETIC" in said.err and "other code" in said.err and "other rules" not in said.err
    assert "1 of 3 shown" in said.err
    assert "Revised targets" in said.out and "合成乙" in said.out and "2,020" not in said.out


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"indicator": "inv_walid"}, "no indicator inv_walid"),
        ({"region": "999999"}, "no region 999999"),
        ({"period": "2020-13"}, "no period: 2020-13; write 2020"),
    ],
)
def test_what_does_not_exist_is_one_clear_line(warehouse: Warehouse, wanted: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        verbs.revisions(warehouse, Format.TABLE, Wanted(**wanted), records=False, limit=50)


def test_a_first_release_has_nothing_before_it(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(warehouse.marts)) as connection:
        for table in ("release_comparison", "indicator_revision", "revision_record", "target_revision"):
            connection.execute(f"delete from {table}")
    assert shown(warehouse, capsys) == {"comparison": None, "values": [], "targets": [], "records": []}
    revisions_csv.write(warehouse.root / "revisions.csv", warehouse.marts)
    assert len((warehouse.root / "revisions.csv").read_text("utf-8-sig").splitlines()) == 1


def test_a_release_of_an_older_version_is_one_clear_line(warehouse: Warehouse) -> None:
    with duckdb.connect(str(warehouse.marts)) as connection:
        connection.execute("drop table release_comparison")
    with pytest.raises(ConfigError, match="published by a version that compared none; run `ipw run`"):
        verbs.revisions(warehouse, Format.TABLE, Wanted(), records=False, limit=50)


def test_the_spreadsheet_has_every_revised_value_in_words(warehouse: Warehouse) -> None:
    file = warehouse.root / "revisions.csv"
    revisions_csv.write(file, warehouse.marts)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    headers, *lines = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert len(lines) == 6
    first, last = (dict(zip(headers, line, strict=True)) for line in (lines[0], lines[-1]))
    assert first["数据性质 data"] == "合成 SYNTHETIC"
    assert first["上一版本 earlier release"] == "20210131-aaaa" and first["本版本已知至 known at"] == "2021-03-31"
    assert last["期间 period"] == "2016-2020" and last["原值 earlier value"] == ""
    assert last["变化 change"] == "新增 appeared" and last["原因 reasons"] == "迟到记录 late record"
    assert last["单位 unit"] == "'=件"  # no formula


@pytest.mark.parametrize(
    ("kind", "end", "name"),
    [
        ("month", "2020-06-30", "2020-06"),
        ("quarter", "2020-06-30", "2020-Q2"),
        ("half", "2020-06-30", "2020-S1"),
        ("half", "2020-12-31", "2020-S2"),
        ("year", "2020-12-31", "2020"),
        ("plan", "2020-12-31", "2016-2020"),
    ],
)
def test_a_period_has_the_name_that_evidence_reads(warehouse: Warehouse, kind: str, end: str, name: str) -> None:
    with duckdb.connect(str(warehouse.marts), read_only=True) as connection:
        ((read, _, last),) = connection.execute("from evidence_period(?)", [name]).fetchall()
    assert (read, str(last)) == (kind, end)
    assert period_name(kind, last) == name


def test_every_reason_and_every_change_of_the_models_has_words() -> None:
    assert len(reason_words()) == 14 and all(len(words) > 3 for words in reason_words().values())
    marts = DBT_PROJECT / "models" / "marts"
    models = [yaml.safe_load((marts / f"{name}.yml").read_text("utf-8"))["models"][0] for name in COMPARED]
    changes = [column for model in models for column in model["columns"] if column["name"] == "change"]
    accepted = [test["accepted_values"]["arguments"]["values"] for one in changes for test in one["data_tests"]]
    assert len(accepted) == len(COMPARED)
    assert {change for values in accepted for change in values} == set(CHANGES)
