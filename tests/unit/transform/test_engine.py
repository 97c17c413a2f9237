"""A node is run when its statement or something it reads changed, and then only what its content reaches."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from pipelines.transform import Node, nodes
from pipelines.transform.engine import RUN_PARAMETERS
from pipelines.transform.keys import content_of, dates_read
from pipelines.transform.nodes import Column
from tests.unit.transform.city import City


def _changed(city: City, name: str, **what: object) -> None:
    city.project[name] = replace(city.project[name], **what)  # type: ignore[arg-type]


def test_everything_is_made_once(city: City) -> None:
    assert city.made() == {"stg_plan__run_parameters", "stg_deals", "known", "positive", "sums", "dated"}
    assert city.made() == set()


def test_a_later_day_reaches_only_what_names_it(city: City) -> None:
    """The known rows are held against the last delivery among them, so that a later day says nothing about them."""
    city.build()
    city.asked_for(date(2021, 3, 1))
    assert city.made() == {"stg_plan__run_parameters", "dated"}


def test_an_earlier_knowledge_day_is_another_question(city: City) -> None:
    city.deliver("b", date(2021, 1, 20), 5)
    city.build()
    city.asked_for(date(2021, 1, 10))
    assert {"known", "sums"} <= city.made()


def test_a_delivery_that_changes_nothing_is_cut_off_by_content(city: City) -> None:
    city.build()
    city.deliver("b", date(2021, 3, 1), 7)  # delivered after the day asked for
    assert city.made() == {"stg_deals", "known"}


def test_a_delivery_reaches_what_reads_it(city: City) -> None:
    city.build()
    city.deliver("b", date(2021, 1, 6), 7)
    assert city.made() == {"stg_deals", "known", "positive", "sums", "dated"}


def test_another_statement_is_run_and_its_equal_result_cut_off(city: City) -> None:
    city.build()
    _changed(city, "sums", statement="select sum(amount + 0) as total from marts.known")
    assert city.made() == {"sums"}


def test_another_contract_is_run(city: City) -> None:
    city.build()
    _changed(city, "dated", contract=(Column("total", "hugeint", True), Column("as_of", "date", False)))
    assert city.made() == {"dated"}


def test_a_failed_test_is_asked_again_and_nothing_is_built_on_its_table(city: City) -> None:
    city.deliver("b", date(2021, 1, 6), -1)
    for _ in range(2):
        outcomes = city.build()
        assert outcomes["positive"].status == "fail" and not outcomes["positive"].reused
        assert "1 result" in outcomes["positive"].message
        assert {outcomes["sums"].status, outcomes["dated"].status} == {"skipped"}


def test_a_pass_on_other_content_is_no_pass(city: City) -> None:
    assert city.build()["positive"].passed
    city.deliver("b", date(2021, 1, 6), -1)
    assert not city.build()["positive"].passed


def test_a_broken_contract_names_the_column_and_leaves_the_table_before(city: City) -> None:
    city.build()
    _changed(city, "sums", contract=(Column("total", "date", False),))
    outcomes = city.build()
    assert outcomes["sums"].status == "error" and "total is HUGEINT, promised DATE" in outcomes["sums"].message
    assert outcomes["dated"].status == "skipped"
    _changed(city, "sums", contract=())
    assert city.made() == set()


def test_a_required_column_left_blank_fails(city: City) -> None:
    _changed(
        city,
        "sums",
        statement="select cast(null as bigint) as total from marts.known",
        contract=(Column("total", "bigint", True),),
    )
    assert "NOT NULL" in city.build()["sums"].message


def test_a_dropped_table_is_made_again(city: City) -> None:
    city.build()
    with duckdb.connect(str(city.settings.warehouse.build_database)) as connection:
        connection.execute("drop table marts.sums")
    assert city.made() == {"sums"}


def test_a_node_may_become_a_view_and_a_node_that_is_gone_leaves_no_table(city: City) -> None:
    city.build()
    _changed(city, "sums", materialized="view")
    assert "sums" in city.made()
    del city.project["dated"]
    city.build()
    with duckdb.connect(str(city.settings.warehouse.build_database), read_only=True) as connection:
        left = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    assert {name for (name,) in left} == {"known"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("values (1, 2), (3, 4)", "values (1, 4), (3, 2)"),
        ("values (1, null)", "values (null, 1)"),
        ("values (1, 2)", "values (1, 2), (1, 2)"),
        ("select 1 as a, 2 as b", "select 1 as b, 2 as a"),
        ("select 1 as a", "select 1::bigint as a"),
        ("select '1' as a", "select 1 as a"),
    ],
)
def test_contents_that_differ_are_told_apart(one: str, other: str) -> None:
    with duckdb.connect() as connection:
        assert content_of(connection, f"({one})") != content_of(connection, f"({other})")


def test_the_order_of_rows_is_no_content() -> None:
    with duckdb.connect() as connection:
        assert content_of(connection, "(values (1, 'a'), (2, 'b'))") == content_of(
            connection, "(values (2, 'b'), (1, 'a'))"
        )


def test_every_parameter_counts_where_a_statement_takes_them_all() -> None:
    run = {"as_of": date(2021, 1, 1), "known_at": date(2021, 1, 1)}
    assert len(dates_read("select run.* from run", run, None, is_dated=False)) == 2
    assert dates_read("select run.as_of from run", run, None, is_dated=False) == ["as_of=2021-01-01"]


def test_knowledge_days_are_only_held_against_delivery_days() -> None:
    """What makes it sound to cut a knowledge day at the last delivery: no statement over deliveries uses it otherwise."""
    project: Mapping[str, Node] = nodes()
    showing = {uid for uid, node in project.items() if node.schema in ("bronze", "quarantine")}
    run = next(uid for uid, node in project.items() if node.name == RUN_PARAMETERS)
    looked_at = 0
    for uid, node in project.items():
        over_deliveries = showing & {*node.parents}
        if over_deliveries and node.materialized == "view":
            showing.add(uid)
        if not over_deliveries or run not in node.parents:
            continue
        looked_at += 1
        statement = re.sub(r"--.*", "", node.statement)
        uses = len(re.findall(r"\b(?:population_)?known_at\b", statement))
        choice = "case when delivered.source = 'population' then run.population_known_at else run.known_at end"
        held = len(re.findall(r"delivered_on <= run\.(?:population_)?known_at\b", statement))
        assert uses == held + 2 * statement.count(f"delivered.delivered_on <= {choice}"), node.name
    assert looked_at > 20
