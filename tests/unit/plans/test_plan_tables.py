"""The Parquet tables dbt reads: columns and types, what survives the round trip, the same bytes every time."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.plans import Plan, RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.plans.tables import SCHEMAS, indicator_rows

PARAMETERS = RunParameters(
    as_of=date(2025, 6, 30),
    known_at=date(2025, 7, 8),
    targets_known_at=date(2025, 7, 9),
    population_known_at=date(2025, 7, 10),
    code_version="0.1.0+abc",
    rules_fingerprint="e" * 64,
    input_fingerprint="f" * 64,
    is_synthetic=True,
)


def written(folder: Path, *plans: Plan) -> dict[str, pl.DataFrame]:
    write_inputs(folder, plans, load_catalogue(), parameters=PARAMETERS)
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def zibo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    return written(tmp_path_factory.mktemp("zibo"), load_plan("zibo_14fyp"))


def test_every_table_has_its_schema(zibo: dict[str, pl.DataFrame]) -> None:
    assert {name: dict(frame.schema) for name, frame in zibo.items()} == SCHEMAS


def test_rows_of_the_zibo_plan(zibo: dict[str, pl.DataFrame]) -> None:
    heights = {
        name: frame.height for name, frame in zibo.items() if name not in ("plan_region_patterns", "working_days")
    }
    assert heights == {
        "run_parameters": 1,
        "plans": 1,
        "plan_regions": 10 + 13,
        "plan_targets": 22,
        "plan_baselines": 27,
        "plan_tasks": 114,
        "plan_identities": 3,
        "plan_assessment": 10,
        "indicators": 120,
    }


def test_keys_are_unique(zibo: dict[str, pl.DataFrame]) -> None:
    keys = {
        "plan_regions": ["plan_id", "region_view", "region_code"],
        "plan_region_patterns": ["plan_id", "priority"],
        "plan_targets": ["plan_id", "target_id", "target_version"],
        "plan_baselines": ["plan_id", "baseline_id"],
        "plan_tasks": ["plan_id", "task_id"],
        "plan_identities": ["plan_id", "identity_id"],
        "plan_assessment": ["plan_id", "sort_order"],
        "working_days": ["day"],
        "indicators": ["indicator_id"],
    }
    for name, key in keys.items():
        assert not zibo[name].select(key).is_duplicated().any(), name


def test_both_views_share_what_is_statutory(zibo: dict[str, pl.DataFrame]) -> None:
    views = {
        view: frame.drop("region_view")
        for (view,), frame in zibo["plan_regions"].partition_by("region_view", as_dict=True).items()
    }
    only_management = views["management"].join(views["statutory"], on="region_code", how="anti")
    assert only_management.select("region_code", "level", "is_statutory", "statutory_parent").rows() == [
        ("3703A1", "zone", False, "370303"),
        ("3703A2", "zone", False, "370303"),
        ("3703A3", "zone", False, "370306"),
    ]
    unplaced = views["statutory"].filter(pl.col("region_code") == "3703ZZ")
    assert unplaced.select("level", "is_statutory", "statutory_parent").row(0) == ("unallocated", False, None)
    assert views["management"]["sort_order"].to_list() == list(range(13))


def test_a_target_row(zibo: dict[str, pl.DataFrame]) -> None:
    row = zibo["plan_targets"].row(by_predicate=pl.col("target_id") == "T02", named=True)
    assert row | {"baseline_note": "", "baseline_note_en": ""} == {
        "plan_id": "zibo_14fyp",
        "target_id": "T02",
        "target_version": 1,
        "valid_from": date(2021, 12, 10),
        "decided_on": date(2021, 12, 10),
        "decided_by": "淄政办字〔2021〕104号",
        "title_zh": "有效注册商标总量",
        "title_en": "Valid registered trademarks",
        "section": "二(三)1",
        "indicator_id": "tm_valid",
        "region_code": "370300",
        "method": "level",
        "comparator": "gt",
        "direction": "up",
        "unit": "件",
        "baseline_value": None,
        "baseline_period": None,
        "baseline_note": "",
        "baseline_note_en": "",
        "target_value": 85_000.0,
        "target_year": 2025,
        "kind": "stock",
        "precision_flag": "exact",
        "binding": None,
        "no_target_thresholds_are_ours": False,
        "wording": "超过8.5万件",
        "proxy_indicators": "[]",
        "note": None,
        "note_en": None,
        "needs_indicators": "[]",
        "done_stages": "[]",
        "under_way_stages": "[]",
    }


def test_only_numeric_targets_have_numbers(zibo: dict[str, pl.DataFrame]) -> None:
    targets = zibo["plan_targets"]
    numeric = pl.col("method").is_in(["level", "per_year", "once"])
    for column in ("comparator", "target_value", "precision_flag"):
        assert targets.filter(pl.col(column).is_not_null() != numeric).is_empty(), column
    ours = targets.filter("no_target_thresholds_are_ours")
    assert ours["target_id"].to_list() == ["T04a", "T04b", "T05a", "T05b", "T06a", "T06b"]


def test_a_baseline_row(zibo: dict[str, pl.DataFrame]) -> None:
    row = zibo["plan_baselines"].row(by_predicate=pl.col("baseline_id") == "B02", named=True)
    assert (row["value"], row["previous_value_low"], row["previous_value_high"]) == (5422.0, 3444.0, 3445.0)
    assert (row["period_type"], row["period_start"], row["period_end"]) == (
        "plan",
        date(2016, 1, 1),
        date(2020, 12, 31),
    )
    running = zibo["plan_baselines"].row(by_predicate=pl.col("baseline_id") == "B13", named=True)
    assert running["period_start"] is None


def test_lists_are_json(zibo: dict[str, pl.DataFrame]) -> None:
    task = zibo["plan_tasks"].row(by_predicate=pl.col("task_id") == "3.3.3-c", named=True)
    assert json.loads(task["proxy_indicators"]) == ["patent_transfers", "patent_licences"]
    known = set(zibo["indicators"]["indicator_id"])
    for name in ("plan_tasks", "plan_targets"):
        for text in zibo[name]["proxy_indicators"]:
            assert set(json.loads(text)) <= known


def test_run_parameters(zibo: dict[str, pl.DataFrame]) -> None:
    assert zibo["run_parameters"].row(0, named=True) == {
        "as_of": date(2025, 6, 30),
        "known_at": date(2025, 7, 8),
        "targets_known_at": date(2025, 7, 9),
        "population_known_at": date(2025, 7, 10),
        "code_version": "0.1.0+abc",
        "rules_fingerprint": "e" * 64,
        "input_fingerprint": "f" * 64,
        "is_synthetic": True,
    }


def test_patterns_are_numbered_as_written(zibo: dict[str, pl.DataFrame]) -> None:
    patterns = zibo["plan_region_patterns"]
    assert patterns["priority"].to_list() == list(range(1, patterns.height + 1))
    assert patterns.row(0, named=True) == {
        "plan_id": "zibo_14fyp",
        "region_code": "3703A1",
        "kind": "zone",
        "within_division": "370300",
        "pattern": "高新区",
        "match": "starts",
        "priority": 1,
    }


def test_ready_needs_the_contract_of_every_source(tmp_path: Path) -> None:
    """A plan may name an indicator whose source nobody can deliver yet: it is not ready, and nothing is computed."""
    catalogue = load_catalogue()

    def ready(*contracted: str) -> set[str]:
        return {str(r["indicator_id"]) for r in indicator_rows(catalogue, contracted) if r["source_ready"]}

    assert ready() == set()
    assert ready("patents") == {
        f"{kind}_{counted}" for kind in ("inv", "um", "design") for counted in ("applications", "grants")
    }
    assert "inv_valid" in ready("patents", "patent_events")
    assert "inv_valid_per_10k" not in ready("patents", "patent_events")
    # Sources that only widen a count do not hold it back.
    assert "inv_high_value_per_10k" in ready("patents", "patent_events", "population")
    assert "inv_hv_pledged" not in ready("patents", "patent_events", "population")
    assert ready(*catalogue.sources) == set(catalogue.by_id())


def test_ratios_name_their_parts(zibo: dict[str, pl.DataFrame]) -> None:
    parts = zibo["indicators"].filter(pl.col("kind") == "ratio")
    assert parts.select("indicator_id", "numerator_id", "denominator", "ratio_multiplier").rows() == [
        ("inv_valid_per_10k", "inv_valid", "population", 10_000.0),
        ("inv_high_value_per_10k", "inv_high_value", "population", 10_000.0),
        ("enf_repeat_offender_share", "enf_repeat_decisions", "enf_identified_decisions", 100.0),
        ("enf_published_7wd_share", "enf_published_7wd", "enf_published", 100.0),
        ("pledge_average", "pledge_amount", "pledge_projects", 1.0),
        ("pledge_sme_share", "pledge_projects_sme", "pledge_projects_sized", 100.0),
        ("mediation_coverage", "mediation_districts", "regions", 100.0),
    ]
    others = zibo["indicators"].filter(pl.col("kind") != "ratio")
    assert others["numerator_id"].is_null().all() and others["denominator"].is_null().all()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, load_edited: Callable[..., Any]) -> None:
    zibo, lakeside = load_plan("zibo_14fyp"), load_edited()
    written(tmp_path / "one", zibo, lakeside)
    written(tmp_path / "two", lakeside, zibo)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert set(one) == {f"{name}.parquet" for name in SCHEMAS}


def test_a_second_writing_replaces_the_first(tmp_path: Path) -> None:
    plan = load_plan("zibo_14fyp")
    written(tmp_path, plan)
    write_inputs(tmp_path, [plan], load_catalogue(), parameters=replace(PARAMETERS, is_synthetic=False))
    assert pl.read_parquet(tmp_path / "run_parameters.parquet")["is_synthetic"].to_list() == [False]


def test_a_plan_of_another_city(tmp_path: Path, plan_file: Callable[..., Path]) -> None:
    """A plan outside the package, against the shipped catalogue, beside Zibo's."""
    plan = load_plan(str(plan_file()))
    tables = written(tmp_path / "inputs", load_plan("zibo_14fyp"), plan)
    assert tables["plans"].select("plan_id", "city_code", "population_fixed_reference").rows() == [
        ("lakeside_15fyp", "990100", date(2020, 11, 1)),
        ("zibo_14fyp", "370300", None),
    ]
    own = {name: frame.filter(pl.col("plan_id") == plan.plan_id) for name, frame in tables.items() if "plan_" in name}
    assert own["plan_regions"].filter(pl.col("region_view") == "management")["region_code"].to_list() == [
        "990100",
        "990102",
        "990103",
        "9901A1",
        "9901ZZ",
    ]
    assert own["plan_region_patterns"].select("within_division", "pattern", "priority").rows() == [
        ("990100", "科学城", 1),
        ("990100", "科技城", 2),
        ("990102", "科学城", 3),
        ("990102", "科技城", 4),
        ("990100", "西湖街道", 5),
    ]
    versions = own["plan_targets"].select("target_id", "target_version", "comparator", "target_value")
    assert versions.rows() == [
        ("T01", 1, "ge", 200.0),
        ("T01", 2, "gt", 250.0),
        ("T02", 1, None, None),
        ("T03", 1, "ge", 120.0),
    ]


def test_an_empty_part_keeps_its_schema(tmp_path: Path, load_edited: Callable[..., Any]) -> None:
    empty = ("regions.zones", "region_patterns", "baselines", "tasks", "identities", "assessment")
    tables = written(tmp_path, load_edited(*((field, []) for field in empty)))
    for name in ("plan_region_patterns", "plan_baselines", "plan_tasks", "plan_identities", "plan_assessment"):
        assert tables[name].is_empty() and dict(tables[name].schema) == SCHEMAS[name]


def test_plans_that_contradict_each_other(tmp_path: Path, load_edited: Callable[..., Any]) -> None:
    plan, other = load_edited(), load_edited(("plan_id", "lakeside_14fyp"))
    with pytest.raises(ConfigError, match="plan_id lakeside_15fyp is used by two plans"):
        written(tmp_path, plan, plan)
    with pytest.raises(ConfigError, match="lakeside_15fyp and lakeside_14fyp are both current for 990100"):
        written(tmp_path, plan, other)
    past = load_edited(("plan_id", "lakeside_14fyp"), ("is_current", False))
    assert written(tmp_path, plan, past)["plans"]["is_current"].to_list() == [False, True]
