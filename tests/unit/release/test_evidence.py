"""What defends one value: periods as they are written, sides, workings, targets, revisions, and since when it stands.

That evidence gives the values of whole cities is tested where those are built (tests/dbt) and in dbt itself.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.cli.explain import explain
from pipelines.cli.output import Format
from pipelines.errors import ConfigError, GateFailed
from pipelines.paths import Warehouse
from pipelines.release.database import EVIDENCE

RELEASE = "20230630-bbbbbbbbbbbb"
TABLES = {
    "release": f"select '{RELEASE}' as release_id, date '2023-06-30' as as_of, date '2023-06-30' as known_at, "
    "true as is_synthetic",
    "dim_region": """
      from (values ('370300', 'statutory', '370300', 'city'), ('370300', 'management', '370300', 'city'),
        ('370303', 'statutory', '370300', 'district'), ('370303', 'management', '370300', 'district'),
        ('3703A1', 'management', '370300', 'zone'))
        as t (region_code, region_view, city_code, level)
      select *, '合成' || region_code as name_zh, 'Synthetic ' || region_code as name_en,
        1 as sort_order, 'latest_reference' as population_rule, null::date as population_fixed_reference
    """,
    "dim_indicator": """
      from (values ('held', 'stock', null, null, null), ('paid', 'flow', null, null, null),
        ('held_per_10k', 'ratio', 'held', 'population', 10000.0), ('asked', 'observed', null, null, null))
        as t (indicator_id, kind, numerator_id, denominator, ratio_multiplier)
      select * replace (ratio_multiplier::double as ratio_multiplier), '合成指标' as title_zh, 'Synthetic' as title_en, '定义' as definition_zh, 'Definition.' as definition_en,
        'formula of ' || indicator_id as formula, '件' as unit_zh, 'items' as unit_en, 2 as decimals, 1 as sort_order,
        case when indicator_id = 'paid' then 10000::double else 1 end as unit_multiplier
    """,
    "fct_contribution": """
      from (values ('held', '370303', 'R1', date '2021-03-01', 1, null), ('held', '370303', 'R2', date '2022-05-01', 1, null),
        ('held', '370303', 'R1', date '2022-08-01', -1, null), ('held', '370303', 'R3', date '2023-02-01', 1, null),
        ('paid', '370303', 'P1', date '2022-04-01', 1, 30000.0), ('paid', '370303', 'P2', date '2022-07-01', 1, 12500.5))
        as t (indicator_id, region_code, record_id, effective_date, delta, amount)
      select * replace (amount::double as amount), 'statutory' as region_view, 'record' as record_type, 'source/2023-01-01/合成.csv' as source_path,
        2::bigint as source_row, 'ab' as source_file_sha256, date '2023-01-01' as delivered_on
      union all by name
      select 'held' as indicator_id, '3703A1' as region_code, 'R2' as record_id, date '2022-05-01' as effective_date, 1 as delta,
        null as amount, 'management' as region_view, 'record' as record_type, 'source/2023-01-01/合成.csv' as source_path,
        2::bigint as source_row, 'ab' as source_file_sha256, date '2023-01-01' as delivered_on
    """,
    "fct_population": """
      select '370300' as region_code, date '2020-11-01' as reference_date, 20000::bigint as persons, '2020-11-01 census'
        as population_vintage, 'population/2021-06-01/合成.csv' as source_path, 3::bigint as source_row,
        'cd' as source_file_sha256, date '2021-06-01' as delivered_on
    """,
    "fct_published_value": """
      select 'asked' as indicator_id, '370300' as region_code, 'year' as period_type, date '2022-01-01' as period_start,
        date '2022-12-31' as period_end, 81.123456::double as value, '合成公报' as document, 'surveys/2023-01-05/合成.csv' as source_path,
        4::bigint as source_row, 'ef' as source_file_sha256, date '2023-01-05' as delivered_on
    """,
    "fct_indicator_value": """
      from (values ('held', '370300', 'statutory', 'year', '2022-12-31', 1.0, null, null, null, 3),
        ('held', '370300', 'statutory', 'quarter', '2022-06-30', 2.0, null, null, null, 2),
        ('held', '3703A1', 'management', 'year', '2022-12-31', 1.0, null, null, null, 1),
        ('held', '370300', 'statutory', 'year', '2023-12-31', 2.0, null, null, null, 4),
        ('paid', '370300', 'statutory', 'plan', '2025-12-31', 4.25005, null, null, null, 2),
        ('held_per_10k', '370300', 'statutory', 'year', '2022-12-31', 0.5, 1.0, 20000.0, '2020-11-01 census', 3),
        ('asked', '370300', 'statutory', 'year', '2022-12-31', 81.123456, null, null, null, null))
        as t (indicator_id, region_code, region_view, period_type, ends, value, numerator, denominator,
          population_vintage, n_records)
      select * exclude (ends) replace (value::double as value, numerator::double as numerator, denominator::double as denominator),
        ends::date as period_end, '件' as unit, 'A' as obs_status,
        least(ends::date, date '2023-06-30') as observed_until
    """,
    "dim_plan_target": """
      select 'p' as plan_id, 'T01' as target_id, 1 as target_version, 'held_per_10k' as indicator_id, '合成目标' as title_zh,
        'Synthetic target' as title_en
    """,
    "target_vs_actual": """
      select 'p' as plan_id, 'T01' as target_id, 1 as target_version, 'held_per_10k' as indicator_id, '370300' as region_code,
        'statutory' as region_view, 2022 as year, 'ge' as comparator, 0.75::double as target_value, 2025 as target_year,
        0.5 as actual_value, '件' as unit, 'limited' as status, '进度迟缓' as status_zh, 'limited' as status_en,
        '因' as reason_zh, 'because' as reason_en
    """,
    "indicator_revision": """
      select 'held' as indicator_id, '370300' as region_code, 'statutory' as region_view, 'year' as period_type,
        date '2022-12-31' as period_end, 2::double as old_value, 1::double as new_value, -1::double as difference, '件' as unit,
        'revised' as change, 'late_notice' as reasons, '20230101-aaaaaaaaaaaa' as old_release_id
    """,
}  # fmt: skip


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A release of a few synthetic records in force, without history."""
    folder = tmp_path / "releases" / RELEASE
    folder.mkdir(parents=True)
    (tmp_path / "current").symlink_to(f"releases/{RELEASE}")
    (tmp_path / "marts.duckdb").symlink_to("current/marts.duckdb")
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for name, query in TABLES.items():
            connection.execute(f"create table {name} as {query}")
        connection.execute(EVIDENCE.read_text(encoding="utf-8"))
    return Warehouse(tmp_path)


def told(warehouse: Warehouse, capsys: pytest.CaptureFixture[str], indicator: str, **asked: Any) -> dict[str, Any]:
    """What `ipw explain --format json` says."""
    asked = {"region": "370300", "period": "2022", "view": None, "limit": 20} | asked
    explain(warehouse, indicator, Format.JSON, **asked)
    return json.loads(capsys.readouterr().out)


def enter(warehouse: Warehouse, sequence: int, release: str, previous: str | None, value: float | None) -> None:
    """A history entry that holds one value of `held` (none at all for None)."""
    folder = warehouse.history / f"{sequence:06d}-{release}"
    folder.mkdir(parents=True)
    day = f"{release[:4]}-{release[4:6]}-{release[6:8]}"
    content = {
        "sequence": sequence, "release_id": release, "as_of": day, "known_at": day, "plans": "p", "previous": previous,
        "base": None, "files": {"fct_indicator_value": {"file": "values.parquet"}},
    }  # fmt: skip
    (folder / "entry.json").write_text(json.dumps(content))
    query = (
        "select 'held' as indicator_id, '370300' as region_code, 'statutory' as region_view, 'year' as period_type, "
        "date '2022-12-31' as period_end, $value::double as value where $value is not null"
    )
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{folder / 'values.parquet'}' (format parquet)", {"value": value})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", ("year", date(2020, 1, 1), date(2020, 12, 31))),
        (date(2020, 12, 31), ("year", date(2020, 1, 1), date(2020, 12, 31))),
        ("2020-12-31", ("year", date(2020, 1, 1), date(2020, 12, 31))),
        ("2020-02-29", ("year", date(2020, 1, 1), date(2020, 2, 29))),
        ("2020-02", ("month", date(2020, 2, 1), date(2020, 2, 29))),
        ("2020-12", ("month", date(2020, 12, 1), date(2020, 12, 31))),
        ("2020-Q4", ("quarter", date(2020, 10, 1), date(2020, 12, 31))),
        ("2020-S1", ("half", date(2020, 1, 1), date(2020, 6, 30))),
        ("2016-2020", ("plan", date(2016, 1, 1), date(2020, 12, 31))),
    ],
)
def test_a_period_is_read_as_it_is_written(warehouse: Warehouse, text: object, expected: tuple[Any, ...]) -> None:
    with duckdb.connect(str(warehouse.marts), read_only=True) as connection:
        assert connection.execute("from evidence_period($1)", [text]).fetchall() == [expected]


@pytest.mark.parametrize(
    "text", ["", "20", "2020-13", "2020-00", "2020-Q5", "2020-S3", "2015-2019", "2016-2025", "2020-02-30"]
)
def test_what_is_no_period_says_what_to_write(warehouse: Warehouse, text: str) -> None:
    with pytest.raises(ConfigError, match=f"no period: {text}; write 2020, 2020-S1"):
        explain(warehouse, "held", Format.JSON, region="370300", period=text, view=None, limit=1)


def test_a_ratio_shows_both_sides_with_the_population_row(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(warehouse, capsys, "held_per_10k")
    assert found["evidence"] == {"value": 0.5, "agrees": True, "workings": "1 ÷ 20,000 × 10,000 = 0.5 件"}
    assert [(side["side"], side["indicator_id"], side["n_records"], side["total"]) for side in found["sides"]] == [
        ("numerator", "held", 3, 1.0),
        ("denominator", "population", 1, 20000.0),
    ]
    (population,) = found["sides"][1]["rows"]
    assert (population["record_id"], population["source_path"], population["source_row"]) == (
        "370300 2020-11-01",
        "population/2021-06-01/合成.csv",
        3,
    )
    assert [(target["target_id"], target["status"]) for target in found["targets"]] == [("T01", "limited")]


def test_the_unit_is_part_of_the_workings(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(warehouse, capsys, "paid", period="2021-2025")
    assert found["evidence"]["workings"] == "2 条之和 sum of the rows 42,500.5 ÷ 10,000 = 4.25005 件"


def test_a_published_figure_is_its_own_evidence(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(warehouse, capsys, "asked")
    assert found["evidence"]["agrees"]
    assert [(row["record_id"], row["source_row"]) for row in found["sides"][0]["rows"]] == [("合成公报", 4)]


def test_a_zone_is_looked_up_in_the_view_that_has_it(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(warehouse, capsys, "held", region="3703A1")
    assert (found["value"]["region_view"], found["evidence"]["value"]) == ("management", 1.0)


def test_rows_are_the_newest_and_no_more_than_asked(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    (side,) = told(warehouse, capsys, "held", limit=2)["sides"]
    assert side["n_records"] == 3
    assert [(row["record_id"], row["delta"]) for row in side["rows"]] == [("R1", -1), ("R2", 1)]


def test_a_person_reads_all_of_it(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    explain(warehouse, "held", Format.TABLE, region="370300", period=None, view=None, limit=20)
    running = capsys.readouterr().out
    assert "2 件" in running
    assert "the period is still running" in running
    explain(warehouse, "held", Format.TABLE, region="370300", period="2022-12-31", view=None, limit=20)
    ended = "".join(capsys.readouterr().out.split())
    for words in ("20230101-aaaaaaaaaaaa:2→1", "迟到公告latenotice", "sum:1件=值value", "定义Definition.", "R1"):
        assert words in ended
    assert "R3" not in ended
    explain(warehouse, "held", Format.CSV, region="370300", period="2022-Q2", view=None, limit=20)
    assert capsys.readouterr().out.splitlines()[1] == (
        "value,held,record,R2,370303,2022-05-01,1,,source/2023-01-01/合成.csv,2,2023-01-01,ab"
    )


def test_rows_that_do_not_give_the_value_are_no_defence(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(warehouse.marts.resolve())) as connection:
        connection.execute("update fct_indicator_value set value = 3 where indicator_id = 'held'")
    with pytest.raises(
        GateFailed, match=r"the rows of held give 1.0, the release says 3.0: was .*marts.duckdb changed"
    ):
        told(warehouse, capsys, "held")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"indicator": "no"}, "no indicator no in this release"),
        ({"indicator": "held", "region": "1"}, "no region 1 in this release; it has 370300"),
        ({"indicator": "held", "view": "management"}, "no value of held for 370300 in the management view in 2022"),
    ],
)
def test_what_is_not_there_is_said(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str], asked: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        told(warehouse, capsys, **asked)


def test_a_release_of_older_code_is_said_to_be_one(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(warehouse.marts.resolve())) as connection:
        connection.execute("drop macro table evidence; drop macro table evidence_period")
    with pytest.raises(ConfigError, match=r"lacks what this version of ipw asks for .*run `ipw run`"):
        told(warehouse, capsys, "held")


def test_a_value_stands_since_the_first_of_the_releases_that_agree(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(warehouse, capsys, "held")["standing"] is None
    first, other, second = "20230101-aaaaaaaaaaaa", "20230201-cccccccccccc", "20230301-dddddddddddd"
    enter(warehouse, 1, first, None, 2.0)
    enter(warehouse, 2, other, first, 1.0)
    enter(warehouse, 3, second, other, 1.0)
    enter(warehouse, 4, RELEASE, second, 1.0)
    assert told(warehouse, capsys, "held")["standing"] == {
        "since": other, "known_at": "2023-02-01", "releases": 3, "before": first, "value_before": 2.0,
    }  # fmt: skip


def test_a_value_that_no_release_had_before_is_new(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    enter(warehouse, 1, "20230101-aaaaaaaaaaaa", None, None)
    enter(warehouse, 2, RELEASE, "20230101-aaaaaaaaaaaa", 1.0)
    standing = told(warehouse, capsys, "held")["standing"]
    assert (standing["since"], standing["before"], standing["value_before"]) == (RELEASE, "20230101-aaaaaaaaaaaa", None)


def test_the_verb_takes_what_it_documents(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPW_WAREHOUSE", str(warehouse.root))
    asked = ["--region", "370300", "--period", "2022-Q2", "--view", "statutory", "--limit", "1", "--format", "json"]
    outcome = CliRunner().invoke(app, ["explain", "held", *asked])
    assert (outcome.exit_code, json.loads(outcome.stdout)["evidence"]["value"]) == (0, 2.0)
    assert CliRunner().invoke(app, ["explain", "held", "--period", "Q2"]).exit_code == 2
