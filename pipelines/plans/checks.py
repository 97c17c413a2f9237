"""Rules of a plan and of the catalogue that no single field can show, each told with its place and remedy."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.plans.model import (
    Catalogue,
    DirectionOnly,
    Numeric,
    Plan,
    RatioIndicator,
    Target,
)

POPULATION = "population"


class Problem(NamedTuple):
    """One fault: where in the file (`targets[3].comparator`), what is wrong, what to do."""

    path: str
    what: str
    do: str


def catalogue_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Faults of the catalogue in itself: repeated ids, unknown sources, ratios that do not close."""
    yield from _repeated("indicators", [i.id for i in catalogue.indicators])
    yield from _repeated("sources", catalogue.sources, field="")
    yield from _repeated("built", catalogue.built, field="")
    known = catalogue.by_id()
    for n, identifier in enumerate(catalogue.built):
        if identifier not in known:
            yield Problem(f"built[{n}]", f"no indicator {identifier}", "correct the id or add the indicator")
    for n, indicator in enumerate(catalogue.indicators):
        for m, source in enumerate(indicator.sources):
            if source not in catalogue.sources:
                yield Problem(
                    f"indicators[{n}].sources[{m}]",
                    f"unknown source {source}",
                    "use a name listed under sources",
                )
        if isinstance(indicator, RatioIndicator):
            yield from _ratio_problems(f"indicators[{n}]", indicator, catalogue)


def _ratio_problems(path: str, indicator: RatioIndicator, catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.by_id()
    needed = {"population"} if indicator.ratio.denominator == POPULATION else set()
    parts = {"numerator": indicator.ratio.numerator, "denominator": indicator.ratio.denominator}
    for name, part in parts.items():
        if name == "denominator" and part == POPULATION:
            continue
        if part not in known or known[part].kind not in ("flow", "stock"):
            yield Problem(f"{path}.ratio.{name}", f"{part} is not a flow or stock of the catalogue", "correct the id")
            continue
        needed |= set(known[part].sources)
        if indicator.id in catalogue.built and part not in catalogue.built:
            yield Problem(f"{path}.ratio.{name}", f"{part} is not built but {indicator.id} is", "list both under built")
    if missing := sorted(needed - set(indicator.sources)):
        yield Problem(f"{path}.sources", f"lacks {', '.join(missing)}, which its parts need", "add them")


def plan_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    """Faults of a plan in itself and against the catalogue."""
    if plan.years.start > plan.years.end:
        yield Problem("years", f"{plan.years.start} is after {plan.years.end}", "write the first year as start")
    if (plan.population.rule == "fixed") != (plan.population.fixed_reference is not None):
        yield Problem(
            "population.fixed_reference",
            f"does not fit rule {plan.population.rule}",
            "give a date with rule fixed, null with every other rule",
        )
    yield from _region_problems(plan)
    yield from _pattern_problems(plan)
    yield from _repeated("baselines", [b.id for b in plan.baselines])
    yield from _repeated("targets", [t.id for t in plan.targets])
    yield from _repeated("tasks", [t.id for t in plan.tasks])
    yield from _baseline_problems(plan, catalogue)
    for n, target in enumerate(plan.targets):
        yield from _target_problems(f"targets[{n}]", target, plan, catalogue)
    yield from _task_problems(plan, catalogue)


def _region_problems(plan: Plan) -> Iterator[Problem]:
    regions = plan.regions
    districts = {d.code for d in regions.districts}
    seen: set[str] = set()
    paths = [
        "regions.city",
        *(f"regions.districts[{n}]" for n in range(len(regions.districts))),
        *(f"regions.zones[{n}]" for n in range(len(regions.zones))),
        "regions.unallocated",
    ]
    for path, region in zip(paths, regions.ordered(), strict=True):
        if region.code in seen:
            yield Problem(f"{path}.code", f"{region.code} is used twice", "give every region its own code")
        seen.add(region.code)
    for n, zone in enumerate(regions.zones):
        if zone.statutory_parent not in districts:
            yield Problem(
                f"regions.zones[{n}].statutory_parent",
                f"{zone.statutory_parent} is not a district of this plan",
                "name the district the zone is counted in by statute",
            )


def _pattern_problems(plan: Plan) -> Iterator[Problem]:
    regions = plan.regions
    city, districts = regions.city.code, {d.code for d in regions.districts}
    allowed = {"zone": {z.code for z in regions.zones}, "street": districts}
    seen: dict[tuple[str, str, str, str], str] = {}
    for n, pattern in enumerate(plan.region_patterns):
        path = f"region_patterns[{n}]"
        if pattern.region not in allowed[pattern.kind]:
            wanted = "zone" if pattern.kind == "zone" else "district"
            yield Problem(f"{path}.region", f"{pattern.region} is not a {wanted} of this plan", f"name a {wanted}")
        for m, within in enumerate(pattern.within):
            if pattern.kind == "street" and within != city:
                yield Problem(
                    f"{path}.within[{m}]",
                    "a street pattern is for addresses that name no district",
                    f"write the city, {city}",
                )
            elif within != city and within not in districts:
                yield Problem(f"{path}.within[{m}]", f"{within} is not in this plan", "name the city or a district")
            for k, text in enumerate(pattern.texts):
                key = (pattern.kind, within, pattern.match, text)
                if key in seen:
                    yield Problem(f"{path}.texts[{k}]", f"{text} is already at {seen[key]}", "keep one of the two")
                seen[key] = f"{path}.texts[{k}]"


def _baseline_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    for n, baseline in enumerate(plan.baselines):
        path = f"baselines[{n}]"
        yield from _indicator_problems(path, baseline.indicator, baseline.unit, catalogue)
        if (baseline.value is None) != (baseline.precision is None):
            yield Problem(
                f"{path}.precision",
                "does not fit value",
                "write exact, floor or rounded with a value, null without",
            )
        if baseline.value is not None and baseline.unit is None:
            yield Problem(f"{path}.unit", "missing for a value", "write the unit")
        if baseline.period.start is not None and baseline.period.start > baseline.period.end:
            yield Problem(f"{path}.period", "starts after it ends", "correct the dates")
        if baseline.previous is not None and baseline.previous.low > baseline.previous.high:
            yield Problem(f"{path}.previous", "low is above high", "write the smaller number as low")


def _target_problems(path: str, target: Target, plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    if target.region not in {region.code for region in plan.regions.ordered()}:
        yield Problem(f"{path}.region", f"{target.region} is not a region of this plan", "use a code under regions")
    yield from _indicator_problems(path, target.indicator, target.unit, catalogue)
    yield from _unknown_ids(f"{path}.proxies", target.proxies, catalogue)
    indicator = catalogue.by_id().get(target.indicator or "")
    if indicator and target.kind != indicator.kind:
        yield Problem(
            f"{path}.kind",
            f"{target.kind}, but {indicator.id} is a {indicator.kind}",
            f"write {indicator.kind}",
        )
    if target.indicator is None and target.kind not in ("milestone", "qualitative"):
        yield Problem(f"{path}.indicator", f"missing for kind {target.kind}", "name the indicator that measures it")
    yield from _target_baseline_problems(path, target, plan)
    for n, version in enumerate(target.versions):
        here = f"{path}.versions[{n}]"
        if version.version != n + 1:
            yield Problem(f"{here}.version", f"{version.version} at place {n + 1}", "number versions 1, 2, 3 in order")
        if n and version.valid_from <= target.versions[n - 1].valid_from:
            yield Problem(f"{here}.valid_from", "not later than the version before", "correct the date or the order")
        if not plan.years.start <= version.year <= plan.years.end:
            yield Problem(f"{here}.year", f"{version.year} is outside the plan's years", "correct the target year")
        if isinstance(version, Numeric | DirectionOnly) and target.indicator is None:
            yield Problem(f"{path}.indicator", f"missing for method {version.method}", "name the indicator to compare")
        if isinstance(version, Numeric):
            upward = version.comparator in ("ge", "gt")
            if upward != (version.direction == "up"):
                yield Problem(
                    f"{here}.direction",
                    f"{version.direction} contradicts comparator {version.comparator}",
                    "up goes with ge and gt, down with le and lt",
                )


def _target_baseline_problems(path: str, target: Target, plan: Plan) -> Iterator[Problem]:
    needs_start = any(v.method in ("level", "direction_only") for v in target.versions)
    if target.baseline is None:
        if needs_start:
            yield Problem(
                f"{path}.baseline",
                "missing",
                "write value and period, or value null with a note saying that none exists",
            )
        return
    value = target.baseline.value
    if value is None and target.baseline.note is None:
        yield Problem(f"{path}.baseline.note", "missing for a baseline without value", "say why there is none")
    if (value is None) != (target.baseline.period is None):
        yield Problem(f"{path}.baseline.period", "does not fit value", "give both value and period, or neither")
    # A stated baseline of the same indicator that the target contradicts means that two things share an id: the
    # density of all inventions is not the baseline of the density of high-value ones (domain A.0).
    for stated in plan.baselines:
        if target.indicator and stated.indicator == target.indicator and stated.value != value:
            yield Problem(
                f"{path}.indicator",
                f"{target.indicator} is also baseline {stated.id} with value {stated.value}, here {value}",
                "give different things different indicator ids, or write the same baseline",
            )


def _task_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    others = {t.id for t in plan.targets} | {t.id for t in plan.tasks}
    for n, task in enumerate(plan.tasks):
        yield from _unknown_ids(f"tasks[{n}].proxies", task.proxies, catalogue)
        if task.same_as is not None and (task.same_as == task.id or task.same_as not in others):
            yield Problem(
                f"tasks[{n}].same_as",
                f"no other target or task {task.same_as}",
                "correct the id or write null",
            )


def _indicator_problems(path: str, identifier: str | None, unit: str | None, catalogue: Catalogue) -> Iterator[Problem]:
    if identifier is None:
        return
    indicator = catalogue.by_id().get(identifier)
    if indicator is None:
        yield _unknown(f"{path}.indicator", identifier)
    elif unit != indicator.unit.zh:
        yield Problem(
            f"{path}.unit",
            f"{unit}, but {identifier} is in {indicator.unit.zh}",
            "convert the number to that unit",
        )


def _unknown_ids(path: str, identifiers: list[str], catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.by_id()
    for n, identifier in enumerate(identifiers):
        if identifier not in known:
            yield _unknown(f"{path}[{n}]", identifier)


def _unknown(path: str, identifier: str) -> Problem:
    return Problem(path, f"no indicator {identifier}", "write an id of indicators.yaml exactly, or null")


def _repeated(path: str, identifiers: Iterable[str], field: str = ".id") -> Iterator[Problem]:
    seen: set[str] = set()
    for n, identifier in enumerate(identifiers):
        if identifier in seen:
            yield Problem(f"{path}[{n}]{field}", f"{identifier} is used twice", "give every entry its own id")
        seen.add(identifier)
