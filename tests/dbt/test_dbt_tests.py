"""The dbt project's own tests: all unit tests pass, and the reconciliation tests do fail when figures are wrong."""

import gc
import os
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from pipelines.contracts.registry import contracts
from pipelines.settings import DBT_PROJECT
from pipelines.transform.project import manifest_file
from tests.dbt.world import World

FACTS = "marts.fct_indicator_value"
BREAKAGES = {
    "city_is_the_sum_of_its_districts": f"update {FACTS} set value = value + 1 "
    "where region_code = '370303' and indicator_id = 'inv_valid'",
    "views_sum_to_the_same_city": f"update {FACTS} set value = value + 1 "
    "where region_code = '370300' and region_view = 'management' and indicator_id = 'inv_grants'",
    "months_sum_to_longer_periods": f"update {FACTS} set value = value + 1 "
    "where indicator_id = 'inv_grants' and period_type = 'month' and period_end = date '2013-05-31'",
    "contributions_give_the_values": "delete from marts.fct_contribution where record_id = '201010000009.9'",
    "ratios_are_their_two_sides": "update marts.fct_population set persons = persons + 1 where region_code = '370303'",
    "published_values_stand_as_published": f"update {FACTS} set value = 3872 where indicator_id = 'royalties_trade'",
    "stocks_are_never_negative": f"update {FACTS} set value = -1 "
    "where indicator_id = 'inv_valid' and region_code = '370322'",
    "one_record_in_one_region_at_a_time": "insert into marts.fct_contribution "
    "select * replace ('370306' as region_code) from marts.fct_contribution where indicator_id = 'inv_valid'",
    "union_of_categories_not_their_sum": f"update {FACTS} set value = 99 where indicator_id = 'inv_high_value'",
    "rows_are_accounted_for": "drop view staging.stg_deliveries__files; create table staging.stg_deliveries__files as "
    "select 'patents' as source, 'a.csv' as source_path, 'a' as source_file_sha256, 'loaded' as status, "
    "date '2022-01-10' as delivered_on, "
    "3 as rows_in, 2 as rows_out, 0 as rows_quarantined, 0 as rows_duplicate",
    "plans_share_one_sei_edition": "drop view staging.stg_plan__plans; "
    "create table staging.stg_plan__plans as select '1999' as sei_version",
}


@pytest.mark.slow
def test_every_dbt_unit_test_passes(city: World, tmp_path: Path) -> None:
    """In a build that has every table, for dbt asks the database which columns the given rows may have."""
    with city.altered(tmp_path / "city") as own:  # dbt wants the file to itself
        outcome = run_unit_tests(own, tmp_path / "dbt")
    assert len(outcome) > 40
    assert {name: status for name, status in outcome.items() if status != "pass"} == {}


def run_unit_tests(world: World, folder: Path) -> dict[str, str]:
    """Run dbt in this process with the project as it was parsed for the pipeline. Returns what ran: name -> status."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    parsed = Manifest.from_msgpack((manifest_file().parent / "partial_parse.msgpack").read_bytes())
    parsed.build_flat_graph()
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    places += ["--target-path", str(folder), "--log-path", str(folder)]
    try:
        with patch.dict(os.environ, world.environment()):
            outcome = dbtRunner(parsed).invoke(["--quiet", "test", "--select", "test_type:unit", *places])
    finally:
        DuckDBConnectionManager.close_all_connections()
        gc.collect()
    if outcome.exception:
        raise outcome.exception
    # What opens the delivered files before a run is no part of it.
    ran = [each for each in outcome.result.results if each.node.resource_type != "operation"]  # type: ignore[union-attr]
    return {each.node.name: str(each.status) for each in ran}


def test_reconciliation_tests_notice_wrong_figures(city: World, tmp_path: Path) -> None:
    """Each test is given a build that is wrong in its way and must fail; the build the other tests ask is untouched."""
    for name, statement in BREAKAGES.items():
        with city.altered(tmp_path / "broken", statement) as broken:
            assert broken.ask(name) == "fail", name


def test_every_contracted_source_is_known_to_dbt() -> None:
    """A source with a contract that the macro does not list would be missing from health and coverage."""
    macro = (DBT_PROJECT / "macros" / "sources.sql").read_text(encoding="utf-8")
    listed = macro.split("return([")[1].split("])")[0]
    assert {name.strip(" '\n") for name in listed.split(",")} == set(contracts())


def test_every_predecessor_existed_in_the_scheme_of_2019(shared_data: Path) -> None:
    with (shared_data / "ipc-tables" / "all_ipc.csv").open(encoding="utf-8") as lines:
        scheme = {line.split("\t")[0] for line in lines if line.startswith("H01L")}
    seed = pl.read_csv(DBT_PROJECT / "seeds" / "ipc_2021_predecessors.csv", infer_schema=False)
    assert seed.height > 10
    for symbol in seed["predecessor"]:
        group, subgroup = symbol[4:].split("/")
        assert f"H01L{int(group):04d}{subgroup:<06}" in scheme, symbol


def test_every_model_states_its_grain_first() -> None:
    for model in sorted((DBT_PROJECT / "models").rglob("*.sql")):
        assert model.read_text(encoding="utf-8").startswith("-- "), f"{model.name} does not state its grain"
        assert model.with_suffix(".yml").exists(), f"{model.name} is not documented"
