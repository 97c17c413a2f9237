"""What Dagster loads is frozen here, so that a change of the graph shows in review; and publishing knows every gate."""

from collections import Counter
from pathlib import Path

import dagster as dg
import pytest

from pipelines.contracts.registry import contracts
from pipelines.quality.marts import MART_EXPECTATIONS


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> dg.RepositoryDefinition:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPW_WAREHOUSE", str(tmp_path_factory.mktemp("warehouse")))
        from pipelines.definitions import defs

        return defs().get_repository_def()


def test_every_source_has_bronze_quarantine_and_its_gates(repository: dg.RepositoryDefinition) -> None:
    graph = repository.asset_graph
    for source in contracts():
        assert {dg.AssetKey(["bronze", source]), dg.AssetKey(["quarantine", source])} <= set(graph.get_all_asset_keys())
        names = {key.name for key in graph.asset_check_keys if key.asset_key == dg.AssetKey(["bronze", source])}
        assert {"files_accepted", "rows_accounted_for", "delivery_profile"} <= names


def test_every_mart_with_expectations_is_checked(repository: dg.RepositoryDefinition) -> None:
    checked = {key.asset_key.path[-1] for key in repository.asset_graph.asset_check_keys if key.name == "expectations"}
    assert checked == set(MART_EXPECTATIONS)


def test_every_dbt_test_is_part_of_one_check_of_the_graph(repository: dg.RepositoryDefinition) -> None:
    from pipelines.defs.transform import TESTS, checks_by_test, dbt_models
    from pipelines.transform import manifest

    tests = {uid for uid, node in manifest()["nodes"].items() if node["resource_type"] == "test"}
    assert len(tests) > 100
    assert checks_by_test().keys() == tests
    asked = [test for spec in dbt_models.check_specs for test in spec.metadata[TESTS]]
    assert sorted(asked) == sorted(tests)
    assert {*checks_by_test().values()} <= repository.asset_graph.asset_check_keys


def test_publishing_asks_for_every_check_and_every_check_blocks(repository: dg.RepositoryDefinition) -> None:
    from pipelines.defs.release import GATES

    graph = repository.asset_graph
    assert graph.asset_check_keys == GATES
    assert not [key.to_user_string() for key in graph.asset_check_keys if not graph.get(key).blocking]


def test_publishing_depends_on_every_table_dbt_makes(repository: dg.RepositoryDefinition) -> None:
    from pipelines.defs.transform import dbt_models

    release = repository.asset_graph.get(dg.AssetKey(["release", "current"]))
    assert set(dbt_models.keys) <= release.parent_keys


def test_every_asset_is_described_and_grouped(repository: dg.RepositoryDefinition) -> None:
    graph = repository.asset_graph
    groups = Counter(graph.get(key).group_name for key in graph.materializable_asset_keys)
    assert set(groups) == {
        "bronze", "inputs", "seeds", "staging", "intermediate", "contributions", "marts", "release",
        "past",
    }  # fmt: skip
    assert not [key.to_user_string() for key in graph.materializable_asset_keys if not graph.get(key).description]


def test_the_job_the_schedule_and_the_sensor(repository: dg.RepositoryDefinition) -> None:
    assert repository.has_job("refresh")
    assert [schedule.name for schedule in repository.schedule_defs] == ["every_morning"]
    assert [sensor.name for sensor in repository.sensor_defs] == ["new_deliveries"]
    job = repository.get_job("refresh")
    past = {dg.AssetKey(["release", "by_month"]), dg.AssetKey(["release", "by_year"])}
    assert set(job.asset_layer.selected_asset_keys) == set(repository.asset_graph.materializable_asset_keys) - past


def test_the_sensor_asks_once_for_the_same_files(
    repository: dg.RepositoryDefinition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPW_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("IPW_LANDING", str(tmp_path / "landing"))
    sensor = repository.get_sensor_def("new_deliveries")
    with dg.instance_for_test() as instance:

        def keys() -> list[str | None]:
            context = dg.build_sensor_context(instance=instance, repository_def=repository)
            return [request.run_key for request in sensor.evaluate_tick(context).run_requests or []]

        (tmp_path / "landing").mkdir()
        assert keys() == []
        file = tmp_path / "landing" / "patents" / "2021-01-10" / "a.csv"
        file.parent.mkdir(parents=True)
        file.write_text("申请号\n")
        first = keys()
        assert len(first) == 1 and keys() == first
        file.write_text("申请号,名称\n")
        assert keys() != first


def test_every_asset_says_what_it_is_where_it_belongs_and_whom_to_ask(repository: dg.RepositoryDefinition) -> None:
    graph = repository.asset_graph
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        if not node.is_materializable:
            continue
        assert node.group_name and node.group_name != "default", key
        assert node.owners, key
        assert (node.description or "").strip(), key
