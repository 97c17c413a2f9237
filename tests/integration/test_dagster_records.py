"""What Dagster keeps of the sample city's run for the people who look at its UI: tags to find it by, numbers to draw."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.support import query

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(published: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(published / "dagster")) as opened:
        yield opened


def newest(instance: dg.DagsterInstance, *path: str) -> dg.AssetMaterialization:
    event = instance.get_latest_materialization_event(dg.AssetKey(path))
    assert event is not None and event.asset_materialization is not None
    return event.asset_materialization


def test_a_run_is_found_by_its_release_its_days_and_its_deliveries(
    published: Path, instance: dg.DagsterInstance
) -> None:
    (release,) = query(published, "select release_id, as_of::varchar, known_at::varchar from marts.release")
    runs = instance.get_run_records(dg.RunsFilter(tags={"ipw/release_id": release[0]}))
    assert runs
    tags = runs[-1].dagster_run.tags
    assert (tags["ipw/as_of"], tags["ipw/known_at"]) == release[1:]
    deliveries = query(published, "select source, last_delivery::varchar from marts.source_health where files > 0")
    assert {source: tags.get(f"ipw/delivered_{source}") for source, _ in deliveries} == dict(deliveries)


def test_tables_have_their_row_counts(published: Path, instance: dg.DagsterInstance) -> None:
    for mart in ("fct_patent", "target_vs_actual"):
        ((rows,),) = query(published, f"select count(*) from marts.{mart}")
        assert newest(instance, "marts", mart).metadata["dagster/row_count"].value == rows


def test_the_release_shows_its_board_and_counts_its_statuses(published: Path, instance: dg.DagsterInstance) -> None:
    metadata = newest(instance, "release", "current").metadata
    board = str(metadata["board"].value)
    assert "SYNTHETIC" in board and "每万人口高价值发明专利拥有量" in board
    statuses = [value.value for name, value in metadata.items() if name.startswith("targets_")]
    assert sum(statuses) == board.count("\n| ") - 1
