"""Of a partition-wise node only the rows of changed values are made again, and what comes of it is what a whole run makes."""

from collections.abc import Collection
from dataclasses import replace
from random import Random

import duckdb
import polars as pl
import pytest

from pipelines.transform import nodes
from pipelines.transform.engine import contents
from tests.unit.transform.city import City, node

KINDS = "abcdefgh"


@pytest.fixture
def kinds(city: City) -> City:
    """Rows of eight kinds; what is made of them kind by kind, and what all kinds together make."""
    wise = {"partition_by": "kind", "is_partition_wise": True}
    statements = {
        "counted": ('select kind, amount from "build"."marts"."rows"', ["rows"], wise),
        "sums": ('select kind, sum(amount) as total from "build"."marts"."counted" group by kind', ["counted"], wise),
        "total": ('select sum(total) as total from "build"."marts"."sums"', ["sums"], {}),
    }
    city.project = {name: city.project[name] for name in ("deals", "run_parameters", "stg_plan__run_parameters")}
    city.project["rows"] = node(
        "rows", 'select kind, amount from "build"."bronze"."deals"', "deals", partition_by="kind"
    )
    for name, (statement, parents, more) in statements.items():
        city.project[name] = node(name, statement, *parents, **more)
    city.project["positive"] = node(
        "positive", 'select * from "build"."marts"."counted" where amount < 0', "counted", kind="test", **wise
    )
    (city.settings.warehouse.bronze / "deals" / "a.parquet").unlink()
    for kind in KINDS:
        _deliver(city, kind, (kind, 1), (kind, 2))
    return city


def _deliver(city: City, name: str, *rows: tuple[str | None, int]) -> None:
    frame = pl.DataFrame(rows, schema={"kind": pl.String, "amount": pl.Int64}, orient="row")
    frame.write_parquet(city.settings.warehouse.bronze / "deals" / f"{name}.parquet")


def _tables(city: City, names: Collection[str] = ("rows", "counted", "sums", "total")) -> dict[str, list[tuple]]:
    with duckdb.connect(str(city.settings.warehouse.build_database), read_only=True) as connection:
        return {name: connection.execute(f"from marts.{name} order by all").fetchall() for name in names}


def _partitions(city: City) -> dict[str, str]:
    return {name: one.partitions for name, one in city.build().items() if one.partitions}


def test_only_changed_values_are_made_and_asked_again(kinds: City) -> None:
    assert _partitions(kinds) == {}
    _deliver(kinds, "c", ("c", 5))
    assert _partitions(kinds) == dict.fromkeys(("counted", "sums", "positive"), "1 of 8 values of kind")
    assert ("c", 5) in _tables(kinds)["sums"]


def test_a_value_that_is_gone_leaves_no_row_and_a_new_one_comes(kinds: City) -> None:
    kinds.build()
    _deliver(kinds, "c", ("new'", 5))
    assert _partitions(kinds)["sums"] == "2 of 8 values of kind"
    sums = dict(_tables(kinds)["sums"])
    assert "c" not in sums and sums["new'"] == 5


def test_most_values_changed_is_a_table_made_anew(kinds: City) -> None:
    kinds.build()
    for kind in KINDS[:5]:
        _deliver(kinds, kind, (kind, 7))
    assert _partitions(kinds) == {}


def test_another_statement_makes_every_value_again(kinds: City) -> None:
    kinds.build()
    kinds.project["sums"] = replace(kinds.project["sums"], statement=kinds.project["sums"].statement + " having true")
    assert not kinds.build()["sums"].partitions


def test_rows_without_a_value_are_read_whole(kinds: City) -> None:
    kinds.build()
    _deliver(kinds, "c", (None, 5))
    assert _partitions(kinds) == {}
    assert (None, 5) in _tables(kinds)["sums"]
    _deliver(kinds, "c", ("c", 6))
    assert _partitions(kinds) == {} and dict(_tables(kinds)["sums"])["c"] == 6
    _deliver(kinds, "c", ("c", 7))
    assert _partitions(kinds)["sums"] == "1 of 8 values of kind" and dict(_tables(kinds)["sums"])["c"] == 7


def test_a_test_that_fails_on_a_changed_value_fails_until_it_is_right(kinds: City) -> None:
    kinds.build()
    _deliver(kinds, "c", ("c", -1))
    for _ in range(2):
        assert kinds.build()["positive"].status == "fail"
    _deliver(kinds, "c", ("c", 1))
    assert kinds.build()["positive"].passed


def test_a_table_of_many_removed_rows_is_made_anew(kinds: City) -> None:
    for kind in KINDS:
        _deliver(kinds, kind, *((kind, n) for n in range(2000)))
    kinds.build()
    parts = []
    for n in range(12):
        _deliver(kinds, "c", *(("c", m + n) for m in range(2000)))
        parts.append(_partitions(kinds).get("counted"))
    assert None in parts and parts.count("1 of 8 values of kind") > 3
    with duckdb.connect(str(kinds.settings.warehouse.build_database), read_only=True) as connection:
        ((rows, last),) = connection.execute("select count(*), max(rowid) from marts.counted").fetchall()
    assert rows == 16_000 and last < 1.5 * 16_000 + 2000


def test_contents_are_told_by_value_only_where_sorted_rows_lie_together_by_it(kinds: City) -> None:
    kinds.build()
    assert contents(kinds.settings.warehouse.build_database)["sums"].partitions == {}  # no contract: no column is first


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_changes_ends_where_a_whole_run_does(kinds: City, seed: int) -> None:
    random = Random(seed)
    for _ in range(8):
        for _ in range(random.randint(1, 3)):
            kind = random.choice([*KINDS, "i", "j"])
            _deliver(kinds, kind, *((kind, random.randint(0, 5)) for _ in range(random.randint(0, 3))))
        kinds.build()
    in_part = (
        _tables(kinds),
        {name: one.content for name, one in contents(kinds.settings.warehouse.build_database).items()},
    )
    kinds.settings.warehouse.build_database.unlink()
    kinds.build()
    whole = (
        _tables(kinds),
        {name: one.content for name, one in contents(kinds.settings.warehouse.build_database).items()},
    )
    assert in_part == whole


def test_published_tables_that_are_partitioned_begin_with_that_column() -> None:
    """Sorted rows then lie together by partition, and a release takes over what lies between changed values."""
    published = [one for one in nodes().values() if one.schema == "marts" and one.partition_by and one.kind == "model"]
    assert {one.name for one in published} >= {"fct_contribution", "fct_indicator_value"}
    assert all(one.lies_by_partition for one in published)


def test_partition_wise_nodes_read_something_partitioned() -> None:
    known = nodes()
    wise = [one for one in known.values() if one.is_partition_wise]
    assert len(wise) > 10
    for one in wise:
        assert any(known[parent].partition_by == one.partition_by for parent in one.parents), one.name


def test_what_tells_a_difference_is_not_asked_where_both_sides_hold_the_same(kinds: City) -> None:
    """Seen on rows that it would tell if it were asked: it is told to compare what is not there to compare."""
    kinds.project["before"] = node(
        "before", 'select kind, amount from "build"."marts"."rows" where kind != \'b\' or amount != 2', "rows",
        partition_by="kind",
    )  # fmt: skip
    kinds.project["differences"] = node(
        "differences",
        'select kind, amount from "build"."marts"."counted" union all select kind, -amount from "build"."marts"."before"',
        "counted", "before", partition_by="kind", is_partition_wise=True, tells_difference=True,
    )  # fmt: skip
    kinds.build()
    assert {kind for kind, _ in _tables(kinds, ["differences"])["differences"]} == {"b"}
    _deliver(kinds, "c", ("c", 5))
    assert kinds.build()["differences"].partitions == "1 of 8 values of kind"


def test_that_a_value_has_no_rows_is_known(kinds: City) -> None:
    kinds.project["few"] = node(
        "few", 'select kind, amount from "build"."marts"."counted" where kind = \'a\'', "counted",
        partition_by="kind", is_partition_wise=True,
    )  # fmt: skip
    kinds.build()
    _deliver(kinds, "c", ("c", 5))
    assert kinds.build()["few"].partitions == "1 of 8 values of kind"
