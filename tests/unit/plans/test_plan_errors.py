"""Every fault of a plan or catalogue file is told in one line: file, place in the file, what is wrong, what to do."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ConfigError
from pipelines.plans import load_catalogue, load_plan

REMOVE = "<remove>"  # as in conftest
V = "targets[0].versions[0]"
DIRECTION_ONLY = {
    "version": 1,
    "valid_from": date(2026, 3, 1),
    "decided_by": "x",
    "method": "direction_only",
    "direction": "up",
    "year": 2030,
    "wording": "显著增长",
}

SHAPE = [
    # Nothing that decides a result has a default.
    ((f"{V}.comparator", REMOVE), f"{V}.comparator: missing; write it, nothing has a default here"),
    ((f"{V}.direction", REMOVE), f"{V}.direction: missing; write it, nothing has a default here"),
    ((f"{V}.value", REMOVE), f"{V}.value: missing; write it, nothing has a default here"),
    ((f"{V}.method", REMOVE), f"{V}.method: missing; write it, nothing has a default here"),
    (("targets[0].kind", REMOVE), "targets[0].kind: missing; write it, nothing has a default here"),
    (("targets[0].baseline", REMOVE), "targets[0].baseline: missing; write it, nothing has a default here"),
    (("targets[0].binding", REMOVE), "targets[0].binding: missing; write it, nothing has a default here"),
    (("tasks[0].strength", REMOVE), "tasks[0].strength: missing; write it, nothing has a default here"),
    (("population.rule", REMOVE), "population.rule: missing; write it, nothing has a default here"),
    (("is_current", REMOVE), "is_current: missing; write it, nothing has a default here"),
    ((f"{V}.value", None), f"{V}.value: null; write a value"),
    # A method takes its own fields and no other.
    (
        ("targets[1].versions[0].value", 5),
        "targets[1].versions[0].value: not a field here; remove it or correct its name",
    ),
    (
        ("targets[1].versions[0].comparator", "ge"),
        "targets[1].versions[0].comparator: not a field here; remove it or correct its name",
    ),
    (("targets[0].comparater", "ge"), "targets[0].comparater: not a field here; remove it or correct its name"),
    # Closed lists.
    ((f"{V}.comparator", "over"), f"{V}.comparator: 'over' is not allowed; use 'ge', 'gt', 'le' or 'lt'"),
    (
        (f"{V}.method", "best_effort"),
        f"{V}.method: 'best_effort' is not allowed; "
        "use one of 'level', 'per_year', 'once', 'direction_only', 'milestone', 'evidence'",
    ),
    (
        ("targets[1].versions[0].stages.done[0]", "withdrawn"),
        "targets[1].versions[0].stages.done[0]: 'withdrawn' is not allowed; use 'application', 'approval', 'issued', "
        "'accepted', 'operating', 'signed', 'held' or 'reported'",
    ),
    (
        ("targets[1].versions[0].stages.done", []),
        "targets[1].versions[0].stages.done: empty; write at least one entry",
    ),
    (("tasks[0].done.stages", []), "tasks[0].done.stages: empty; write at least one entry"),
    (
        ("baselines[0].growth.kind", "times"),
        "baselines[0].growth.kind: 'times' is not allowed; use 'rate' or 'difference'",
    ),
    (("actuals", "guessed"), "actuals: 'guessed' is not allowed; use 'records' or 'published'"),
    (("identities[0].parts[0].sign", 0), "identities[0].parts[0].sign: 0 is not allowed; use 1 or -1"),
    (
        ("assessment[0].id", "weather"),
        "assessment[0].id: 'weather' is not allowed; use 'targets', 'measures', 'enterprise_use' or 'public_awareness'",
    ),
    (("high_pledge_amount.yuan", 0), "high_pledge_amount.yuan: Input should be greater than 0; correct it"),
    # The new fields have no default either.
    (("actuals", REMOVE), "actuals: missing; write it, nothing has a default here"),
    (("high_pledge_amount", REMOVE), "high_pledge_amount: missing; write it, nothing has a default here"),
    (("baselines[1].milestone", REMOVE), "baselines[1].milestone: missing; write it, nothing has a default here"),
    (("tasks[0].done", REMOVE), "tasks[0].done: missing; write it, nothing has a default here"),
    (
        ("targets[1].versions[0].stages", REMOVE),
        "targets[1].versions[0].stages: missing; write it, nothing has a default here",
    ),
    (
        ("targets[2].versions[0].needs_indicators", REMOVE),
        "targets[2].versions[0].needs_indicators: missing; write it, nothing has a default here",
    ),
    (("identities", REMOVE), "identities: missing; write it, nothing has a default here"),
    (("assessment", REMOVE), "assessment: missing; write it, nothing has a default here"),
    (("baselines[0].kind", "X"), "baselines[0].kind: 'X' is not allowed; use 'L', 'F', 'C', 'R' or 'M'"),
    # Types are never converted.
    (("regions.city.code", 990100), "regions.city.code: 990100 is not text; put it in quotes"),
    (
        (f"{V}.value", "200件"),
        f"{V}.value: '200件' is not a number; write a plain number without unit, separator or quotes",
    ),
    ((f"{V}.value", float("nan")), f"{V}.value: nan is not a finite number; write a number, or null where allowed"),
    (
        ("years.end", "2030"),
        "years.end: '2030' is not a whole number; write a plain whole number without quotes",
    ),
    (("issued_on", "2026年3月"), "issued_on: '2026年3月' is not a date; write YYYY-MM-DD without quotes"),
    (("is_current", "yes!"), "is_current: 'yes!' is not true or false; write true or false"),
    (("tasks", "none"), "tasks: not a list; write [ ... ] or one `- ` per line"),
    (("population", "fixed"), "population: not a group of fields; write { name: value, ... }"),
    (("targets[0].versions", []), "targets[0].versions: empty; write at least one entry"),
    (
        ("regions.zones[0].code", "990199"),
        "regions.zones[0].code: '990199' has the wrong form; it must match ^[0-9]{4}[A-Z][A-Z0-9]$",
    ),
    (
        ("tasks[0].strength", "F"),
        "tasks[0].strength: 'F' has the wrong form; it must match ^[DSE](/[DSE]|×[2-9]| if used)?$",
    ),
    (("years.start", 20), "years.start: Input should be greater than or equal to 1949; correct it"),
]

RULES = [
    ((("years.start", 2031),), "years: 2031 is after 2030; write the first year as start"),
    (
        (("population.fixed_reference", None),),
        "population.fixed_reference: does not fit rule fixed; give a date with rule fixed, null with every other rule",
    ),
    # Where values come from.
    (
        (("regions.districts", []),),
        "regions.districts: empty in a plan computed from records; write it, or actuals: published",
    ),
    (
        (("regions.unallocated", None),),
        "regions.unallocated: empty in a plan computed from records; write it, or actuals: published",
    ),
    ((("population", None),), "population: empty in a plan computed from records; write it, or actuals: published"),
    ((("sei_version", None),), "sei_version: empty in a plan computed from records; write it, or actuals: published"),
    *(
        (
            (("actuals", "published"),),
            f"{field}: has no use with published actuals; write null, [] for a list, or actuals: records",
        )
        for field in (
            "population",
            "sei_version",
            "high_pledge_amount",
            "regions.districts",
            "regions.zones",
            "regions.unallocated",
            "region_patterns",
        )
    ),
    # Regions and patterns.
    (
        (("regions.districts[1].code", "990102"),),
        "regions.districts[1].code: 990102 is used twice; give every region its own code",
    ),
    (
        (("regions.unallocated.code", "9901A1"),),
        "regions.unallocated.code: 9901A1 is used twice; give every region its own code",
    ),
    (
        (("regions.zones[0].statutory_parent", "990199"),),
        "regions.zones[0].statutory_parent: 990199 is not a district of this plan; "
        "name the district the zone is counted in by statute",
    ),
    (
        (("region_patterns[0].region", "990102"),),
        "region_patterns[0].region: 990102 is not a zone of this plan; name a zone",
    ),
    (
        (("region_patterns[1].region", "9901A1"),),
        "region_patterns[1].region: 9901A1 is not a district of this plan; name a district",
    ),
    (
        (("region_patterns[0].within[1]", "370303"),),
        "region_patterns[0].within[1]: 370303 is not in this plan; name the city or a district",
    ),
    (
        (("region_patterns[1].within[0]", "990103"),),
        "region_patterns[1].within[0]: a street pattern is for addresses that name no district; write the city, 990100",
    ),
    (
        (("region_patterns[0].texts[1]", "科学城"),),
        "region_patterns[0].texts[1]: 科学城 is already at region_patterns[0].texts[0]; keep one of the two",
    ),
    # Baselines.
    (
        (("baselines[0].indicator", "inv_valid_per_10K"),),
        "baselines[0].indicator: no indicator inv_valid_per_10K; write an id of indicators.yaml exactly, or null",
    ),
    (
        (("baselines[0].unit", "万件"),),
        "baselines[0].unit: 万件, but inv_valid is in 件; convert the number to that unit",
    ),
    (
        (("baselines[0].precision", None),),
        "baselines[0].precision: does not fit value; write exact, floor or rounded with a value, null without",
    ),
    (
        (("baselines[0].indicator", None), ("baselines[0].unit", None)),
        "baselines[0].unit: missing for a value; write the unit",
    ),
    (
        (("baselines[0].period.start", date(2026, 6, 1)),),
        "baselines[0].period: starts after it ends; correct the dates",
    ),
    (
        (("baselines[0].previous.low", 52),),
        "baselines[0].previous: low is above high; write the smaller number as low",
    ),
    (
        (("baselines[0].growth.value", 98),),
        "baselines[0].growth: 98 does not follow from 50 and 100; correct it",
    ),
    (
        (("baselines[0].previous.high", 51),),
        "baselines[0].growth: 100 does not follow from 51 and 100; correct it",
    ),
    (
        (("baselines[0].growth", {"kind": "difference", "value": 49}),),
        "baselines[0].growth: 49 does not follow from 50 and 100; correct it",
    ),
    (
        (("baselines[0].previous", None),),
        "baselines[0].growth: has no two values; give value and previous, or write null",
    ),
    (
        (("baselines[1].milestone", None),),
        "baselines[1].milestone: does not fit kind; give it for kind M without an indicator, null for every other baseline",
    ),
    (
        (("baselines[0].milestone", {"state": "done", "same_as": "T02", "stages": None}),),
        "baselines[0].milestone: does not fit kind; give it for kind M without an indicator, null for every other baseline",
    ),
    (
        (("baselines[1].milestone.same_as", None),),
        "baselines[1].milestone.stages: does not fit same_as; give stages, or the target whose stages apply",
    ),
    (
        (("baselines[1].milestone.same_as", "T01"),),
        "baselines[1].milestone.same_as: no milestone target T01; correct the id or write null",
    ),
    (
        (
            (
                "baselines[1].milestone",
                {"state": "done", "same_as": None, "stages": {"done": ["held"], "under_way": ["held"]}},
            ),
        ),
        "baselines[1].milestone.stages.under_way[0]: held is under done too; keep one of the two",
    ),
    # Targets.
    ((("targets[1].id", "T01"),), "targets[1].id: T01 is used twice; give every entry its own id"),
    (
        (("targets[0].region", "370300"),),
        "targets[0].region: 370300 is not a region of this plan; use a code under regions",
    ),
    (
        (("targets[0].indicator", "有效发明专利量"),),
        "targets[0].indicator: '有效发明专利量' has the wrong form; it must match ^[A-Za-z0-9][A-Za-z0-9._-]*$",
    ),
    (
        (("targets[1].proxies[0]", "inv"),),
        "targets[1].proxies[0]: no indicator inv; write an id of indicators.yaml exactly, or null",
    ),
    ((("targets[0].kind", "flow"),), "targets[0].kind: flow, but inv_valid is a stock; write stock"),
    (
        (("targets[1].kind", "flow"),),
        "targets[1].indicator: missing for kind flow; name the indicator that measures it",
    ),
    (
        (("targets[0].indicator", None), ("targets[0].kind", "qualitative")),
        "targets[0].indicator: missing for method level; name the indicator to compare",
    ),
    (
        (("targets[0].baseline", None),),
        "targets[0].baseline: missing; write value and period, or value null with a note saying that none exists",
    ),
    (
        (("targets[0].baseline", {"value": None, "period": None, "note": None}), ("baselines", [])),
        "targets[0].baseline.note: missing for a baseline without value; say why there is none",
    ),
    (
        (("targets[0].baseline.period", None),),
        "targets[0].baseline.period: does not fit value; give both value and period, or neither",
    ),
    (
        (("targets[0].versions[1].version", 3),),
        "targets[0].versions[1].version: 3 at place 2; number versions 1, 2, 3 in order",
    ),
    (
        (("targets[0].versions[1].valid_from", date(2026, 3, 1)),),
        "targets[0].versions[1].valid_from: not later than the version before; correct the date or the order",
    ),
    (
        (("targets[0].versions[1].decided_on", date(2026, 2, 28)),),
        "targets[0].versions[1].decided_on: earlier than the version before; correct the date or the order",
    ),
    (
        (("targets[0].versions[0].year", 2035),),
        "targets[0].versions[0].year: 2035 is outside the plan's years; correct the target year",
    ),
    (
        (("targets[0].versions[0].comparator", "le"),),
        "targets[0].versions[0].direction: up contradicts comparator le; up goes with ge and gt, down with le and lt",
    ),
    (
        (("targets[1].versions[0]", DIRECTION_ONLY), ("targets[1].kind", "qualitative")),
        "targets[1].indicator: missing for method direction_only; name the indicator to compare",
    ),
    (
        (("targets[1].versions[0].stages.under_way[0]", "accepted"),),
        "targets[1].versions[0].stages.under_way[0]: accepted is under done too; keep one of the two",
    ),
    (
        (("targets[2].versions[0].needs_indicators[0]", "key_units_city"),),
        "targets[2].versions[0].needs_indicators[0]: no indicator key_units_city; "
        "write an id of indicators.yaml exactly, or null",
    ),
    # Identities and assessment.
    (
        (("identities[0].total", "inv_vaild"),),
        "identities[0].total: no indicator inv_vaild; correct the id",
    ),
    (
        (("identities[0].level", "baseline"),),
        "identities[0].parts[1].id: no baseline with a value tm_well_known_judicial; correct the id",
    ),
    (
        (("identities[0].parts[1].id", "inv_valid_per_10k"),),
        "identities[0].parts[1].id: inv_valid_per_10k is in 件/万人, the total in 件; add only what has one unit",
    ),
    (
        (("identities[0].parts[1].id", "tm_well_known"),),
        "identities[0].total: tm_well_known is one of its own parts; correct the id",
    ),
    (
        (("identities[0].parts[1].id", "tm_well_known_administrative"),),
        "identities[0].parts[1].id: tm_well_known_administrative is used twice; give every entry its own id",
    ),
    (
        (("assessment[1].id", "targets"),),
        "assessment[1].id: targets is used twice; give every entry its own id",
    ),
    (
        (("assessment[1].indicators", []),),
        "assessment[1].indicators: does not fit measure_kind indicator; name them for indicator, else []",
    ),
    (
        (("assessment[0].indicators", ["inv_valid"]),),
        "assessment[0].indicators: does not fit measure_kind targets; name them for indicator, else []",
    ),
    (
        (("assessment[1].indicators[0]", "awareness"),),
        "assessment[1].indicators[0]: no indicator awareness; write an id of indicators.yaml exactly, or null",
    ),
    # Tasks.
    (
        (("tasks[0].done", None),),
        "tasks[0].done: does not fit strength D; give it with a D in the strength, null without",
    ),
    (
        (("tasks[2].done", {"stages": ["held"], "items": []}),),
        "tasks[2].done: does not fit strength S; give it with a D in the strength, null without",
    ),
    ((("tasks[1].done.items[1]", REMOVE),), "tasks[1].done.items: 1 for strength D×2; name 2"),
    (
        (("tasks[1].done.items[1]", "质押"),),
        "tasks[1].done.items[1]: 质押 is used twice; give every entry its own id",
    ),
    (
        (("tasks[0].same_as", "T99"),),
        "tasks[0].same_as: no other target or task T99; correct the id or write null",
    ),
    (
        (("tasks[0].same_as", "3.1-a"),),
        "tasks[0].same_as: no other target or task 3.1-a; correct the id or write null",
    ),
    (
        (("tasks[0].proxies", ["valid inventions"]),),
        "tasks[0].proxies[0]: 'valid inventions' has the wrong form; it must match ^[A-Za-z0-9][A-Za-z0-9._-]*$",
    ),
]


def lines(load: Callable[..., Any], *arguments: Any) -> list[str]:
    """The refusal's lines without the file they all start with."""
    with pytest.raises(ConfigError) as refusal:
        load(*arguments)
    told = str(refusal.value).splitlines()
    files = {line.split(": ", 1)[0] for line in told}
    assert len(files) == 1 and files.pop().endswith(".yaml")
    return [line.split(": ", 1)[1] for line in told]


def test_the_unbroken_plan_loads(load_edited: Callable[..., Any]) -> None:
    assert load_edited().plan_id == "lakeside_15fyp"


@pytest.mark.parametrize(("edit", "told"), SHAPE, ids=[told for _, told in SHAPE])
def test_a_fault_of_shape(load_edited: Callable[..., Any], edit: tuple[str, Any], told: str) -> None:
    assert told in lines(load_edited, edit)


@pytest.mark.parametrize(("edits", "told"), RULES, ids=[told for _, told in RULES])
def test_a_broken_rule(load_edited: Callable[..., Any], edits: tuple[tuple[str, Any], ...], told: str) -> None:
    assert told in lines(load_edited, *edits)


def test_all_faults_are_told_at_once(load_edited: Callable[..., Any]) -> None:
    told = lines(load_edited, ("targets[0].region", "370300"), ("tasks[0].same_as", "T99"))
    assert [line.split(":")[0] for line in told] == ["targets[0].region", "tasks[0].same_as"]


def test_a_target_and_a_contradicting_baseline_may_not_share_an_indicator(load_edited: Callable[..., Any]) -> None:
    """The trap of the seed plan: the density of all inventions looks like the start of the high-value target."""
    edit = ("targets[0].baseline", {"value": None, "period": None, "note": {"zh": "无", "en": "none"}})
    assert lines(load_edited, edit) == [
        "targets[0].indicator: inv_valid is also baseline B01 with value 100.0, here None; "
        "give different things different indicator ids, or write the same baseline"
    ]


CATALOGUE_FAULTS = [
    (("sources[1]", "patents"), "sources[1]: patents is used twice; give every entry its own id"),
    (("indicators[1].id", "inv_valid"), "indicators[1].id: inv_valid is used twice; give every entry its own id"),
    (
        ("indicators[0].sources[1]", "events"),
        "indicators[0].sources[1]: unknown source events; use a name listed under sources",
    ),
    (
        ("indicators[1].ratio.numerator", "inv_high_value"),
        "indicators[1].ratio.numerator: inv_high_value is not a flow or stock of the catalogue; correct the id",
    ),
    (
        ("indicators[1].ratio.denominator", "inv_valid_per_10k"),
        "indicators[1].ratio.denominator: inv_valid_per_10k is not a flow or stock of the catalogue; correct the id",
    ),
    (
        ("indicators[1].sources", ["patents"]),
        "indicators[1].sources: lacks patent_events, population, which its parts need; add them",
    ),
    (
        ("indicators[0].partial_sources[0]", "loans"),
        "indicators[0].partial_sources[0]: unknown source loans; use a name listed under sources",
    ),
    (
        ("indicators[0].partial_sources[0]", "patents"),
        "indicators[0].partial_sources[0]: patents is under sources too; a source limits the value or widens it; keep one",
    ),
    (
        ("indicators[1].partial_sources", REMOVE),
        "indicators[1].partial_sources: lacks pledges, which widen its parts; add them",
    ),
    (
        ("indicators[1].ratio.numerator", "regions"),
        "indicators[1].ratio.numerator: regions is not a flow or stock of the catalogue; correct the id",
    ),
    (("indicators[1].ratio", REMOVE), "indicators[1].ratio: missing; write it, nothing has a default here"),
    (
        ("indicators[0].kind", "level"),
        "indicators[0].kind: 'level' is not allowed; use one of 'flow', 'stock', 'distribution', 'observed', 'ratio'",
    ),
    (("indicators[0].kind", REMOVE), "indicators[0].kind: missing; write it, nothing has a default here"),
    (("indicators[0].direction", REMOVE), "indicators[0].direction: missing; write it, nothing has a default here"),
    (
        ("indicators[0].unit.divisor", 0),
        "indicators[0].unit.divisor: Input should be greater than 0; correct it",
    ),
]


@pytest.mark.parametrize(("edit", "told"), CATALOGUE_FAULTS, ids=[told for _, told in CATALOGUE_FAULTS])
def test_a_fault_of_the_catalogue(catalogue_file: Callable[..., Path], edit: tuple[str, Any], told: str) -> None:
    assert told in lines(load_catalogue, catalogue_file(edit))


FILES = [
    (b"plan_id: a\nplan_id: b\n", "line 2, column 1: plan_id is written twice; keep one"),
    (b"a: [1, 2\nb: 3\n", "line 2, column 2: did not find expected ',' or ']'; correct the YAML there"),
    ("plan_id: 淄博".encode("gb18030"), "not UTF-8; save the file as UTF-8"),
    (b"[a, b]: 1\n", "line 1, column 1: a field name must be a plain word; correct it"),
    (b"", "holds no fields; write one `name: value` per line"),
    (b"- a\n", "holds no fields; write one `name: value` per line"),
    (b"a: !!python/object:os.system {}\n", "could not determine a constructor for the tag"),
]


@pytest.mark.parametrize(("content", "told"), FILES, ids=[told for _, told in FILES])
def test_a_file_that_is_no_plan(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refusal:
        load_plan(path)
    assert str(refusal.value).startswith(f"{path}: ") and told in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_plan_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ConfigError) as refusal:
        load_plan("zibo_15fyp")
    assert str(refusal.value) == (
        "no plan zibo_15fyp: give the path of a plan file or one of china_14fyp, shandong_14fyp, zibo_14fyp"
    )
