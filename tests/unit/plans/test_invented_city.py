"""A city nobody has heard of: its plan is found by path, checked like Zibo's and written beside it."""

import ast
import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigError
from pipelines.plans import Plan, RunParameters, load_catalogue, load_plan, write_inputs
from pipelines.settings import REPO, Settings

FIXTURE = Path(__file__).parents[2] / "fixtures" / "plans" / "jianglan_14fyp.yaml"
PARAMETERS = RunParameters(*[date(2025, 1, 1)] * 4, "test", "test", "test", is_synthetic=True)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan in a folder of its own, named in IPW_PLANS after a shipped one, as a user names it."""
    path = tmp_path / "my plans" / "jianglan.yaml"
    path.parent.mkdir()
    shutil.copy(FIXTURE, path)
    monkeypatch.setenv("IPW_PLANS", f"zibo_14fyp,{path}")
    return path


def test_the_settings_find_it_by_path(elsewhere: Path) -> None:
    plans = [load_plan(name) for name in Settings.from_environment().plans]
    assert [plan.plan_id for plan in plans] == ["zibo_14fyp", "jianglan_14fyp"]


def test_a_broken_plan_outside_the_package_is_told_with_its_path(elsewhere: Path) -> None:
    elsewhere.write_text(elsewhere.read_text(encoding="utf-8").replace("comparator: ge", "comparator: over", 1))
    with pytest.raises(ConfigError, match=r"jianglan\.yaml: targets\[0\]\.versions\[0\]\.comparator"):
        [load_plan(name) for name in Settings.from_environment().plans]


@pytest.fixture
def tables(elsewhere: Path, tmp_path: Path) -> dict[str, pl.DataFrame]:
    plans = [load_plan(name) for name in Settings.from_environment().plans]
    write_inputs(tmp_path / "inputs", plans, load_catalogue(), parameters=PARAMETERS)
    frames = {path.stem: pl.read_parquet(path) for path in (tmp_path / "inputs").glob("*.parquet")}
    return {
        n: f.filter(pl.col("plan_id") == "jianglan_14fyp") if "plan_id" in f.columns else f for n, f in frames.items()
    }


def test_its_regions_and_names_are_its_own(tables: dict[str, pl.DataFrame]) -> None:
    regions = tables["plan_regions"].filter(pl.col("region_view") == "management")
    assert regions.select("region_code", "name_zh", "level", "statutory_parent").rows() == [
        ("990100", "江澜市", "city", None),
        ("990102", "澜中区", "district", None),
        ("990103", "澜东区", "district", None),
        ("990121", "青堰县", "district", None),
        ("9901A1", "澜湾新区", "zone", "990103"),
        ("9901ZZ", "未能划分到区县", "unallocated", None),
    ]
    assert "9901A1" not in set(tables["plan_regions"].filter(pl.col("region_view") == "statutory")["region_code"])
    plan = tables["plans"].row(0, named=True)
    assert (plan["city_code"], plan["province_zh"], plan["actuals"]) == ("990100", "云泽省", "records")
    assert plan["high_pledge_amount"] is None


def test_its_patterns_are_numbered_from_one(tables: dict[str, pl.DataFrame]) -> None:
    patterns = tables["plan_region_patterns"]
    assert patterns["priority"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert set(patterns["within_division"]) == {"990100", "990103"}


def test_every_method_reaches_the_inputs(tables: dict[str, pl.DataFrame]) -> None:
    targets = tables["plan_targets"].select("target_id", "method", "target_value", "needs_indicators", "done_stages")
    assert targets.rows() == [
        ("G1", "level", 3.0, "[]", "[]"),
        ("G2", "level", 30.0, "[]", "[]"),
        ("G3", "level", 1000.0, "[]", "[]"),
        ("G4", "direction_only", None, "[]", "[]"),
        ("G5", "per_year", 1.0, "[]", "[]"),
        ("G6", "once", 5.0, '["key_units_city"]', "[]"),
        ("G7", "milestone", None, "[]", '["operating"]'),
        ("G8", "evidence", None, "[]", "[]"),
    ]
    hall = tables["plan_baselines"].row(by_predicate=pl.col("baseline_id") == "A2", named=True)
    # Its documents are those of the target it opens, and so are the stages that count.
    assert (hall["milestone_state"], hall["same_as"]) == ("in_progress", "G7")
    assert json.loads(hall["done_stages"]) == ["operating"] and json.loads(hall["under_way_stages"]) == ["approval"]


def test_no_code_and_no_model_knows_the_shipped_plan() -> None:
    """Its codes, its numbers and its document are data: a literal of them in code or SQL would work for one city only."""
    zibo = load_plan("zibo_14fyp")
    known: set[object] = {zibo.document_no, zibo.regions.city.zh, "14.69", 14.69, 85_000, 24_500}
    known |= {region.code for region in zibo.regions.ordered()}
    literals = {
        f"{path.relative_to(REPO)}: {node.value!r}"
        for path in (REPO / "pipelines").rglob("*.py")
        # The sample city is Zibo, and says so; the command line prefills the default plan's city as a region.
        if not {"sample", "cli"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in known
    }
    models = [*(REPO / "dbt_project" / "models").rglob("*.sql"), *(REPO / "dbt_project" / "macros").rglob("*.sql")]
    for path in models:
        text = path.read_text(encoding="utf-8")
        literals |= {f"{path.relative_to(REPO)}: {word}" for word in known if f"'{word}'" in text}
    assert models and literals == set()


def test_no_invented_name_is_a_real_division() -> None:
    plan: Plan = load_plan(FIXTURE)
    divisions = (REPO / "pipelines" / "codes" / "data" / "divisions.csv").read_text(encoding="utf-8")
    names = [r.zh for r in plan.regions.ordered()[:-1]] + [plan.regions.province.zh if plan.regions.province else ""]
    assert [n for n in names if not n or n in divisions] == []
    assert [r.code for r in plan.regions.ordered() if r.code in divisions] == []
