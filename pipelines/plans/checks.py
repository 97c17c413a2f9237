"""Rules of a plan and of the catalogue that no single field can show, each told with its place and remedy."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.plans.model import (
    Baseline,
    Catalogue,
    DirectionOnly,
    Identity,
    Milestone,
    Numeric,
    Once,
    Plan,
    RatioIndicator,
    Stages,
    Target,
    Task,
)

POPULATION, REGIONS = "population", "regions"


class Problem(NamedTuple):
    """One fault: where in the file (`targets[3].comparator`), what is wrong, what to do."""

    path: str
    what: str
    do: str


def catalogue_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Faults of the catalogue in itself: repeated ids, unknown sources, ratios that do not close."""
    yield from _repeated("indicators", [i.id for i in catalogue.indicators])
    yield from _repeated("sources", catalogue.sources, field="")
    for n, indicator in enumerate(catalogue.indicators):
        for field, sources in (("sources", indicator.sources), ("partial_sources", indicator.partial_sources)):
            for m, source in enumerate(sources):
                if source not in catalogue.sources:
                    path = f"indicators[{n}].{field}[{m}]"
                    yield Problem(path, f"unknown source {source}", "use a name listed under sources")
        for m, source in enumerate(indicator.partial_sources):
            if source in indicator.sources:
                path = f"indicators[{n}].partial_sources[{m}]"
                yield Problem(
                    path, f"{source} is under sources too", "a source limits the value or widens it; keep one"
                )
        if isinstance(indicator, RatioIndicator):
            yield from _ratio_problems(f"indicators[{n}]", indicator, catalogue)


def _ratio_problems(path: str, indicator: RatioIndicator, catalogue: Catalogue) -> Iterator[Problem]:
    known = catalogue.by_id()
    needed = {POPULATION} if indicator.ratio.denominator == POPULATION else set()
    widening: set[str] = set()
    parts = {"numerator": indicator.ratio.numerator, "denominator": indicator.ratio.denominator}
    for name, part in parts.items():
        if name == "denominator" and part in (POPULATION, REGIONS):
            continue
        if part not in known or known[part].kind not in ("flow", "stock"):
            yield Problem(f"{path}.ratio.{name}", f"{part} is not a flow or stock of the catalogue", "correct the id")
            continue
        needed |= set(known[part].sources)
        widening |= set(known[part].partial_sources)
    if missing := sorted(needed - set(indicator.sources)):
        yield Problem(f"{path}.sources", f"lacks {', '.join(missing)}, which its parts need", "add them")
    if missing := sorted(widening - set(indicator.sources) - set(indicator.partial_sources)):
        yield Problem(f"{path}.partial_sources", f"lacks {', '.join(missing)}, which widen its parts", "add them")


def plan_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    """Faults of a plan in itself and against the catalogue."""
    if plan.years.start > plan.years.end:
        yield Problem("years", f"{plan.years.start} is after {plan.years.end}", "write the first year as start")
    population = plan.population
    if population and (population.rule == "fixed") != (population.fixed_reference is not None):
        yield Problem(
            "population.fixed_reference",
            f"does not fit rule {population.rule}",
            "give a date with rule fixed, null with every other rule",
        )
    yield from _actuals_problems(plan)
    yield from _region_problems(plan)
    yield from _pattern_problems(plan)
    yield from _repeated("baselines", [b.id for b in plan.baselines])
    yield from _repeated("targets", [t.id for t in plan.targets])
    yield from _repeated("tasks", [t.id for t in plan.tasks])
    yield from _repeated("identities", [i.id for i in plan.identities])
    yield from _repeated("assessment", [o.id for o in plan.assessment])
    for n, baseline in enumerate(plan.baselines):
        yield from _baseline_problems(f"baselines[{n}]", baseline, catalogue)
        yield from _growth_problems(f"baselines[{n}]", baseline)
        yield from _milestone_problems(f"baselines[{n}].milestone", baseline, plan)
    for n, target in enumerate(plan.targets):
        yield from _target_problems(f"targets[{n}]", target, plan, catalogue)
    yield from _task_problems(plan, catalogue)
    for n, identity in enumerate(plan.identities):
        yield from _identity_problems(f"identities[{n}]", identity, plan, catalogue)
    yield from _assessment_problems(plan, catalogue)


def _actuals_problems(plan: Plan) -> Iterator[Problem]:
    """Records need somewhere to be placed and something to be divided by; published figures are of the area alone."""
    from_records: dict[str, object] = {
        "population": plan.population,
        "sei_version": plan.sei_version,
        "regions.districts": plan.regions.districts,
        "regions.unallocated": plan.regions.unallocated,
    }
    only_records = from_records | {
        "high_pledge_amount": plan.high_pledge_amount,
        "regions.zones": plan.regions.zones,
        "region_patterns": plan.region_patterns,
    }
    if plan.actuals == "records":
        for path, value in from_records.items():
            if not value:
                yield Problem(path, "empty in a plan computed from records", "write it, or actuals: published")
        return
    for path, value in only_records.items():
        if value:
            yield Problem(path, "has no use with published actuals", "write null, [] for a list, or actuals: records")


def _region_problems(plan: Plan) -> Iterator[Problem]:
    regions = plan.regions
    districts = {d.code for d in regions.districts}
    seen: set[str] = set()
    paths = [
        "regions.city",
        *(f"regions.districts[{n}]" for n in range(len(regions.districts))),
        *(f"regions.zones[{n}]" for n in range(len(regions.zones))),
        *(["regions.unallocated"] if regions.unallocated else []),
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


def _baseline_problems(path: str, baseline: Baseline, catalogue: Catalogue) -> Iterator[Problem]:
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


def _growth_problems(path: str, baseline: Baseline) -> Iterator[Problem]:
    """The printed growth has to follow from the value and from both ends of what came before."""
    growth, previous, value = baseline.growth, baseline.previous, baseline.value
    if growth is None:
        return
    if previous is None or value is None:
        yield Problem(f"{path}.growth", "has no two values", "give value and previous, or write null")
        return
    for end in (previous.low, previous.high):
        # Rates are printed to a tenth of a point; differences as exactly as the figures themselves.
        if growth.kind == "rate":
            fits = end > 0 and round((value / end - 1) * 100, 1) == growth.value
        else:
            fits = abs(value - end - growth.value) < 1e-9
        if not fits:
            yield Problem(
                f"{path}.growth", f"{growth.value:g} does not follow from {end:g} and {value:g}", "correct it"
            )


def _milestone_problems(path: str, baseline: Baseline, plan: Plan) -> Iterator[Problem]:
    milestone = baseline.milestone
    if (milestone is not None) != (baseline.kind == "M" and baseline.indicator is None):
        yield Problem(
            path, "does not fit kind", "give it for kind M without an indicator, null for every other baseline"
        )
    if milestone is None:
        return
    if (milestone.same_as is None) == (milestone.stages is None):
        yield Problem(f"{path}.stages", "does not fit same_as", "give stages, or the target whose stages apply")
    opened = [t for t in plan.targets if t.id == milestone.same_as and isinstance(t.versions[-1], Milestone)]
    if milestone.same_as is not None and not opened:
        yield Problem(f"{path}.same_as", f"no milestone target {milestone.same_as}", "correct the id or write null")
    if milestone.stages:
        yield from _stage_problems(f"{path}.stages", milestone.stages)


def _stage_problems(path: str, stages: Stages) -> Iterator[Problem]:
    for n, stage in enumerate(stages.under_way):
        if stage in stages.done:
            yield Problem(f"{path}.under_way[{n}]", f"{stage} is under done too", "keep one of the two")


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
        if n and version.known_on < target.versions[n - 1].known_on:
            yield Problem(f"{here}.decided_on", "earlier than the version before", "correct the date or the order")
        if not plan.years.start <= version.year <= plan.years.end:
            yield Problem(f"{here}.year", f"{version.year} is outside the plan's years", "correct the target year")
        if isinstance(version, Numeric | Once | DirectionOnly) and target.indicator is None:
            yield Problem(f"{path}.indicator", f"missing for method {version.method}", "name the indicator to compare")
        if isinstance(version, Once):
            yield from _unknown_ids(f"{here}.needs_indicators", version.needs_indicators, catalogue)
        if isinstance(version, Milestone):
            yield from _stage_problems(f"{here}.stages", version.stages)
        if isinstance(version, Numeric | Once):
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
        yield from _done_problems(f"tasks[{n}].done", task)


def _done_problems(path: str, task: Task) -> Iterator[Problem]:
    if (task.done is not None) != ("D" in task.strength):
        yield Problem(path, f"does not fit strength {task.strength}", "give it with a D in the strength, null without")
    if task.done is None:
        return
    yield from _repeated(f"{path}.items", task.done.items, field="")
    _, _, several = task.strength.partition("×")
    if several and len(task.done.items) != int(several):
        yield Problem(f"{path}.items", f"{len(task.done.items)} for strength {task.strength}", f"name {several}")


def _identity_problems(path: str, identity: Identity, plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    units: dict[str, str | None] = {i.id: i.unit.zh for i in catalogue.indicators}
    if identity.level == "baseline":
        units = {b.id: b.unit for b in plan.baselines if b.value is not None}
    named = {"total": identity.total} | {f"parts[{n}].id": part.id for n, part in enumerate(identity.parts)}
    for place, identifier in named.items():
        if identifier not in units:
            wanted = "baseline with a value" if identity.level == "baseline" else "indicator"
            yield Problem(f"{path}.{place}", f"no {wanted} {identifier}", "correct the id")
        elif identity.total in units and units[identifier] != units[identity.total]:
            what = f"{identifier} is in {units[identifier]}, the total in {units[identity.total]}"
            yield Problem(f"{path}.{place}", what, "add only what has one unit")
    parts = [part.id for part in identity.parts]
    yield from _repeated(f"{path}.parts", parts)
    if identity.total in parts:
        yield Problem(f"{path}.total", f"{identity.total} is one of its own parts", "correct the id")


def _assessment_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    for n, item in enumerate(plan.assessment):
        path = f"assessment[{n}].indicators"
        if (item.measure_kind == "indicator") != bool(item.indicators):
            yield Problem(path, f"does not fit measure_kind {item.measure_kind}", "name them for indicator, else []")
        yield from _unknown_ids(path, item.indicators, catalogue)


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
