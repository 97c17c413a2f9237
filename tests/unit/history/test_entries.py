"""Which release another is compared with, and which one a user means."""

import json
from datetime import date

import pytest

from pipelines.errors import BrokenInput, ConfigError
from pipelines.history import entries, find, previous_release
from pipelines.paths import Warehouse
from tests.unit.history.releases import enter, parameters

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)
ZIBO = ["zibo_14fyp"]


def test_entries_are_numbered_in_the_order_of_publication(warehouse: Warehouse) -> None:
    assert entries(warehouse) == []
    enter(warehouse, "20240331-cccccccccccc", MARCH)
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    assert [entry.folder.name for entry in entries(warehouse)] == [
        "000001-20240331-cccccccccccc",
        "000002-20240131-aaaaaaaaaaaa",
    ]
    assert [entry.known_at for entry in entries(warehouse)] == [MARCH, JANUARY]


def test_a_release_is_entered_once(warehouse: Warehouse) -> None:
    first = enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    content = (first.folder / "entry.json").read_bytes()
    (warehouse.releases / "20240131-aaaaaaaaaaaa").rename(warehouse.root / "aside")
    again = enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY, previous="20230101-000000000000")
    assert again == first and len(entries(warehouse)) == 1
    assert (first.folder / "entry.json").read_bytes() == content


def test_the_release_before_knew_less_not_more(warehouse: Warehouse) -> None:
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    enter(warehouse, "20240331-cccccccccccc", MARCH)
    enter(warehouse, "20240229-bbbbbbbbbbbb", FEBRUARY)

    def before(day: date, as_of: date | None = None) -> str | None:
        entry = previous_release(warehouse, parameters(day, "f" * 64, as_of=as_of), ZIBO)
        return entry and entry.release_id

    assert before(MARCH) == "20240331-cccccccccccc"  # the same days under other code
    assert before(date(2024, 3, 30)) == "20240229-bbbbbbbbbbbb"
    assert before(FEBRUARY, as_of=date(2023, 12, 31)) == "20240131-aaaaaaaaaaaa"
    assert before(date(2024, 1, 30)) is None


def test_of_releases_of_the_same_days_the_last_published_counts(warehouse: Warehouse) -> None:
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    enter(warehouse, "20240131-000000000000", JANUARY)
    found = previous_release(warehouse, parameters(FEBRUARY, "f" * 64), ZIBO)
    assert found and found.release_id == "20240131-000000000000"


def test_only_releases_of_the_same_plans_are_compared(warehouse: Warehouse) -> None:
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY, plans="shandong_14fyp,zibo_14fyp")
    assert previous_release(warehouse, parameters(FEBRUARY, "f" * 64), ZIBO) is None
    both = previous_release(warehouse, parameters(FEBRUARY, "f" * 64), ["zibo_14fyp", "shandong_14fyp"])
    assert both and both.release_id == "20240131-aaaaaaaaaaaa"


def test_a_release_made_again_is_compared_with_the_same_one(warehouse: Warehouse) -> None:
    """Whatever was entered since: otherwise the same inputs would give other comparison tables."""
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    enter(warehouse, "20240331-cccccccccccc", MARCH, previous="20240131-aaaaaaaaaaaa")
    enter(warehouse, "20240229-bbbbbbbbbbbb", FEBRUARY, previous="20240131-aaaaaaaaaaaa")
    again = previous_release(warehouse, parameters(MARCH, "c" * 64), ZIBO)
    assert again and again.release_id == "20240131-aaaaaaaaaaaa"
    assert previous_release(warehouse, parameters(JANUARY, "a" * 64), ZIBO) is None


@pytest.mark.parametrize(
    ("text", "sequence"),
    [
        ("20240131-aaaaaaaaaaaa", 1),
        ("20240229", 2),
        ("20240131-b", 3),
        ("2024-02-28", 3),
        ("2024-02-29", 2),
        ("2030-01-01", 2),
    ],
)
def test_a_release_is_named_by_id_beginning_or_day(warehouse: Warehouse, text: str, sequence: int) -> None:
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    enter(warehouse, "20240229-cccccccccccc", FEBRUARY)
    enter(warehouse, "20240131-bbbbbbbbbbbb", JANUARY)
    assert find(warehouse, text).sequence == sequence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20240131", "begins the ids of 2 releases"),
        ("2024-01-30", "the earliest is 20240131-aaaaaaaaaaaa, known at 2024-01-31"),
        ("2024-13-01", "no release 2024-13-01 in the history"),
        ("", "no release  in the history"),
    ],
)
def test_a_name_that_means_none_or_several_is_refused(warehouse: Warehouse, text: str, said: str) -> None:
    enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    enter(warehouse, "20240131-bbbbbbbbbbbb", JANUARY)
    with pytest.raises(ConfigError, match=said):
        find(warehouse, text)


def test_without_history_the_user_is_told_to_run(warehouse: Warehouse) -> None:
    with pytest.raises(ConfigError, match="ipw run"):
        find(warehouse, "2024-01-31")


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"as_of": "soon"})])
def test_a_damaged_entry_is_named(warehouse: Warehouse, content: str) -> None:
    entry = enter(warehouse, "20240131-aaaaaaaaaaaa", JANUARY)
    (entry.folder / "entry.json").write_text(content)
    with pytest.raises(BrokenInput, match=r"000001-20240131-aaaaaaaaaaaa/entry\.json is damaged"):
        entries(warehouse)
