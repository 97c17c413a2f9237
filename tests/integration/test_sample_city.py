"""The sample city from delivered files to the published board: the plan's figures, the planted damage, the promises."""

import csv
import hashlib
import json
import subprocess
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.codes.party_names import comparison_key
from pipelines.contracts.registry import contracts
from tests.support import ipw, query

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[1] / "golden"


def city_value(warehouse: Path, indicator: str, period_type: str, period_end: str) -> float:
    rows = query(
        warehouse,
        "select value from marts.fct_indicator_value where indicator_id = $indicator and region_code = '370300' "
        "and region_view = 'statutory' and period_type = $period_type and period_end = $period_end::date",
        indicator=indicator,
        period_type=period_type,
        period_end=period_end,
    )
    assert len(rows) == 1
    return rows[0][0]


def test_the_board_ends_the_run_and_says_that_the_data_are_synthetic(
    first_run: subprocess.CompletedProcess[str],
) -> None:
    assert "SYNTHETIC" in first_run.stdout and "T01" in first_run.stdout and "Y03" in first_run.stdout
    assert "targets.csv" in first_run.stderr and "marts.duckdb" in first_run.stderr


@pytest.mark.parametrize(
    ("indicator", "period_end", "expected"),
    [
        ("inv_applications", "2020-12-31", 24_500),  # B01
        ("inv_applications", "2015-12-31", 15_284),  # implied by the printed growth of 60.3%
        ("inv_grants", "2020-12-31", 5_422),  # B02
        ("inv_grants", "2015-12-31", 3_445),  # implied by 57.4%
    ],
)
def test_the_plans_five_year_totals_come_out_of_raw_records(
    published: Path, indicator: str, period_end: str, expected: int
) -> None:
    assert city_value(published, indicator, "plan", period_end) == expected


def test_the_plans_density_comes_out_of_raw_records(published: Path) -> None:
    """B03: 14.69 per 10,000 residents at the end of 2020."""
    assert city_value(published, "inv_valid", "year", "2020-12-31") == 6_910
    assert round(city_value(published, "inv_valid_per_10k", "year", "2020-12-31"), 2) == 14.69


def differences_from_truth(database: Path, landing: Path, known_at: str) -> tuple[int, pl.DataFrame]:
    """Rows of the generator's own count for a knowledge date, and those the marts do not show equally."""
    truth = pl.read_csv(landing / "truth" / "truth.csv", schema_overrides={"region_code": pl.String}).filter(
        pl.col("known_at") == known_at
    )
    with duckdb.connect(str(database.resolve()), read_only=True) as connection:
        rows = connection.execute(
            "select indicator_id, region_view, region_code, year(period_end) as year, value "
            "from marts.fct_indicator_value where period_type = 'year'"
        ).fetchall()
    keys = ["indicator_id", "region_view", "region_code", "year"]
    computed = pl.DataFrame(rows, schema=[*keys, "computed"], orient="row").with_columns(pl.col("year").cast(pl.Int64))
    both = truth.join(computed, on=keys, how="left")
    off = pl.col("computed").is_null() | ((pl.col("computed") - pl.col("value")).abs() > 1e-9)
    return truth.height, both.filter(off)


def test_every_value_equals_the_generators_own_count(published: Path) -> None:
    """Indicator by region, view and year, against the ledger the deliveries were drawn from."""
    (known_at,) = query(published, "select cast(known_at as varchar) from marts.release")[0]
    counted, wrong = differences_from_truth(published / "marts.duckdb", published / "landing", known_at)
    assert counted > 1_000
    assert wrong.is_empty(), wrong.head(20)


def test_the_generator_counts_every_indicator_of_the_catalogue(published: Path) -> None:
    """No indicator escapes the comparison above."""
    truth = pl.read_csv(published / "landing" / "truth" / "truth.csv", schema_overrides={"region_code": pl.String})
    ids = {indicator for (indicator,) in query(published, "select indicator_id from marts.dim_indicator")}
    assert ids == set(truth["indicator_id"])


def test_every_baseline_of_the_plan_comes_out_of_raw_records(published: Path) -> None:
    rows = query(published, "select baseline_id, agrees from marts.plan_baseline_status where plan_id = 'zibo_14fyp'")
    assert len(rows) == 27
    assert [baseline for baseline, agrees in rows if not agrees] == []


def test_nothing_in_the_plan_lacks_a_source_and_each_status_is_shown(published: Path) -> None:
    rows = query(published, "select distinct status from marts.target_vs_actual where plan_id = 'zibo_14fyp'")
    shown = {status for (status,) in rows}
    assert shown == {
        "achieved", "on_track", "moderate", "limited", "deteriorating", "missed", "in_progress",
        "not_computable", "no_data", "reported",
    }  # fmt: skip
    tasks = query(published, "select strength, status from marts.task_status where plan_id = 'zibo_14fyp'")
    assert len(tasks) == 114
    assert {status for strength, status in tasks if strength == "E"} == {"reported", "no_evidence"}
    assert {"done", "in_progress", "no_evidence"} <= {status for strength, status in tasks if strength.startswith("D")}
    assert {"active", "declining"} <= {status for strength, status in tasks if strength == "S"}


def test_the_national_board_is_the_published_one(published: Path) -> None:
    """domain F.5, for the years whose figures were out when the sample's last delivery was made."""
    with (GOLDEN / "national_targets.csv").open(encoding="utf-8", newline="") as stream:
        expected = {(row["indicator_id"], int(row["year"])): row for row in csv.DictReader(stream)}
    rows = query(
        published,
        "select indicator_id, year, actual_value, progress_ratio, status from marts.target_vs_actual "
        "where plan_id = 'china_14fyp' and actual_value is not null",
    )
    compared = 0
    for indicator, year, actual, ratio, status in rows:
        row = expected.get((indicator, year))
        if row is None or float(row["actual"]) != actual:  # a year the table leaves out, or an earlier vintage
            continue
        compared += 1
        assert status == row["status"]
        if row["progress_ratio"]:
            assert f"{ratio:.3f}" == row["progress_ratio"]
    assert compared >= 10


def test_a_revised_figure_keeps_its_earlier_publication(published: Path) -> None:
    rows = query(
        published,
        "select value, round(revised_by, 2), is_in_force from marts.fct_official_figure "
        "where indicator_id = 'patent_intensive_gdp_share' and period_end = date '2022-12-31' order by revision_no",
    )
    assert rows == [(12.71, None, False), (12.60, -0.11, True)]


def test_sums_that_must_hold_hold(published: Path) -> None:
    rows = query(published, "select identity_id, holds, count(*) from marts.identity_check group by all order by all")
    assert {holds for _, holds, _ in rows} == {True}
    assert {identity for identity, _, _ in rows} >= {"I01", "I02", "I03"}


def test_names_are_resolved_to_parties_with_measured_precision_and_recall(published: Path) -> None:
    """Pairs of written names of the labelled set; a name whose party was not found counts as a miss."""
    labelled = pl.read_csv(published / "landing" / "truth" / "parties.csv", infer_schema=False).select(
        "entity",
        name_key=comparison_key("name"),
        credit_code=pl.col("credit_code").str.to_uppercase().fill_null(""),
    )
    sql = "select distinct name_key, coalesce(credit_code, ''), party_id from marts.party_name"
    found = pl.DataFrame(query(published, sql), schema=["name_key", "credit_code", "party_id"], orient="row")
    pairs = labelled.unique(maintain_order=True).join(found, on=["name_key", "credit_code"], how="left")
    pairs = pairs.with_row_index().with_columns(party_id=pl.coalesce("party_id", pl.col("index").cast(pl.String)))
    together, right, said = (n_pairs(pairs, *by) for by in (("entity", "party_id"), ("entity",), ("party_id",)))
    precision, recall = together / said, together / right
    print(f"parties: {right} pairs, precision {precision:.4f}, recall {recall:.4f}")
    assert right > 400
    assert precision >= 0.99 and recall >= 0.97


def n_pairs(frame: pl.DataFrame, *by: str) -> int:
    size = pl.col("len").cast(pl.Int64)
    return frame.group_by(by).len().select((size * (size - 1) // 2).sum()).item()


def test_every_file_is_accounted_for(published: Path) -> None:
    files = pl.read_parquet(published / "bronze" / "delivered_files" / "*.parquet")
    assert files.height > 10
    off = files.filter(pl.col("rows_in") != pl.sum_horizontal("rows_out", "rows_quarantined", "rows_duplicate"))
    assert off.is_empty()


def test_each_planted_damage_ended_where_it_was_meant_to(published: Path) -> None:
    with (published / "landing" / "PLANTED.csv").open(encoding="utf-8-sig", newline="") as stream:
        planted = list(csv.DictReader(stream))
    quarantined = {
        (row["source_path"], row["source_row"]): row["reason"]
        for file in (published / "quarantine").glob("*/*.parquet")
        if file.parent.name != "rejected_files"
        for row in pl.read_parquet(file).iter_rows(named=True)
    }
    kept = {
        (path, row)
        for source in contracts()
        for path, row in pl.read_parquet(
            published / "bronze" / source / "*.parquet", columns=["source_path", "source_row"]
        ).iter_rows()
    }
    files = pl.read_parquet(published / "bronze" / "delivered_files" / "*.parquet")
    statuses = set(files.select("source_path", "status").iter_rows())
    expectations = {row["expected"].split(":")[0] for row in planted}
    assert {"quarantined", "duplicate", "kept"} <= expectations
    for row in planted:
        if row["expected"] == "duplicate_file":
            assert (row["source_path"], "duplicate_content") in statuses
        if row["source_row"] == "0":  # about the file as a whole
            continue
        where = (row["source_path"], int(row["source_row"]))
        outcome, _, reason = row["expected"].partition(":")
        if outcome == "quarantined":
            assert quarantined.get(where) == reason, row
        elif outcome == "duplicate":
            assert where not in kept and where not in quarantined, row
        else:
            assert where in kept, row
    assert len(quarantined) == sum(row["expected"].startswith("quarantined") for row in planted)


@pytest.mark.parametrize("personal", ["0533-0000000", "样例人"])
def test_no_personal_data_reaches_bronze_quarantine_or_marts(published: Path, personal: str) -> None:
    """The telephone numbers and the names of inventors and natural applicants that were delivered are in no table."""
    delivered = "".join(file.read_text("utf-8", "ignore") for file in (published / "landing").rglob("*.csv"))
    assert personal in delivered, "nothing was planted, so nothing is tested"
    for place in ("bronze", "quarantine", "releases"):
        for file in (published / place).rglob("*.parquet"):
            found = pl.read_parquet(file).select(pl.selectors.string().str.contains(personal, literal=True).any())
            assert not any(found.row(0) if found.height else ()), file


def test_a_second_run_with_nothing_new_does_no_work_and_says_so(published: Path, tmp_path: Path) -> None:
    """In a copy that costs no room: a run has its warehouse to itself, and other tests look at this one."""
    warehouse = tmp_path / "warehouse"
    subprocess.run(["cp", "--archive", "--link", str(published), str(warehouse)], check=True)
    before = sorted(path.name for path in (warehouse / "releases").iterdir())
    outcome = ipw(warehouse, "run")
    assert outcome.returncode == 0
    assert "nothing new" in outcome.stderr
    assert sorted(path.name for path in (warehouse / "releases").iterdir()) == before


def test_every_asset_and_every_check_of_the_graph_ran_in_the_run_that_released(published: Path) -> None:
    from dagster import AssetKey, DagsterEventType, DagsterInstance, EventRecordsFilter

    from pipelines.definitions import defs
    from pipelines.defs.past import GROUP as PAST

    graph = defs().get_repository_def().asset_graph
    with DagsterInstance.from_config(str(published / "dagster")) as instance:
        made = instance.get_event_records(EventRecordsFilter(DagsterEventType.ASSET_MATERIALIZATION))
        evaluated = instance.get_event_records(EventRecordsFilter(DagsterEventType.ASSET_CHECK_EVALUATION))
    materialised = {record.asset_key for record in made}
    assert materialised == {key for key in graph.materializable_asset_keys if graph.get(key).group_name != PAST}
    checks = [record.event_log_entry.dagster_event.asset_check_evaluation_data for record in evaluated]
    ran = {(AssetKey(c.asset_key.path), c.check_name) for c in checks}
    assert ran == {(key.asset_key, key.name) for key in graph.asset_check_keys}
    assert all(c.passed for c in checks)
    (release,) = query(published, "select gates_passed from marts.release")
    assert release == (len(graph.asset_check_keys),)


def test_the_datapackage_describes_every_table_with_its_hash(published: Path) -> None:
    folder = published / "current"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    named = {resource["name"]: resource for resource in package["resources"]}
    assert {"fct_indicator_value", "target_vs_actual", "reconciliation", "source_health", "targets"} <= set(named)
    for resource in named.values():
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)


def test_the_target_table_opens_in_a_spreadsheet(published: Path) -> None:
    content = (published / "current" / "targets.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0][0] == "数据性质 data" and len(rows) > 50
    assert {row[0] for row in rows[1:]} == {"合成 SYNTHETIC"}
