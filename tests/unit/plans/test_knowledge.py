"""A plan as it was known on a day: amendments from the day they were decided, everything else as it stands."""

from datetime import date

import pytest

from pipelines.plans import as_known, load_plan
from pipelines.plans.model import Plan

FIRST = date(2021, 12, 10)


@pytest.fixture
def amended() -> Plan:
    """The Zibo plan with a target amended twice: with effect from earlier, then ahead of its effect."""
    plan = load_plan("zibo_14fyp")
    target = next(target for target in plan.targets if target.id == "T02")
    first = target.versions[0]
    retroactive = {"version": 2, "valid_from": date(2023, 1, 1), "decided_on": date(2023, 6, 20), "decided_by": "合成"}
    ahead = {"version": 3, "valid_from": date(2025, 1, 1), "decided_on": date(2024, 11, 5), "decided_by": "合成"}
    versions = [first, first.model_copy(update=retroactive), first.model_copy(update=ahead)]
    targets = [t.model_copy(update={"versions": versions}) if t.id == "T02" else t for t in plan.targets]
    return plan.model_copy(update={"targets": targets})


def known_versions(plan: Plan, day: date) -> list[int]:
    return [v.version for target in as_known(plan, day).targets if target.id == "T02" for v in target.versions]


@pytest.mark.parametrize(
    ("day", "versions"),
    [
        (date(2010, 1, 1), [1]),  # the plan asked about is known, also before its publication
        (date(2023, 6, 19), [1]),  # in force since January, by a decision nobody knows yet
        (date(2023, 6, 20), [1, 2]),
        (date(2024, 11, 5), [1, 2, 3]),  # decided, and in force only from January
    ],
)
def test_an_amendment_is_known_from_its_decision_not_from_its_effect(
    amended: Plan, day: date, versions: list[int]
) -> None:
    assert known_versions(amended, day) == versions


def test_a_decision_without_a_day_of_its_own_is_known_when_it_holds(amended: Plan) -> None:
    second = next(t for t in amended.targets if t.id == "T02").versions[1]
    assert second.model_copy(update={"decided_on": None}).known_on == date(2023, 1, 1)


def test_an_unknown_amendment_leaves_no_trace(amended: Plan) -> None:
    """What a release id is made of: the plan as known, whatever was written into its file since."""
    before = as_known(load_plan("zibo_14fyp"), FIRST).model_dump_json()
    assert as_known(amended, date(2023, 6, 19)).model_dump_json() == before
    assert as_known(amended, date(2023, 6, 20)).model_dump_json() != before
