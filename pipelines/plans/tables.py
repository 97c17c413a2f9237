"""Plans, catalogue and run parameters as the Parquet tables dbt reads: their grain and columns, and no other rule.

Where words exist in two languages and a table names one column for them, that column holds the Chinese words and
`<column>_en` beside it the English ones.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import ConfigError
from pipelines.plans.model import (
    Baseline,
    Catalogue,
    DirectionOnly,
    Evidence,
    Milestone,
    Numeric,
    Once,
    Plan,
    RatioIndicator,
    Stages,
    Zone,
)
from pipelines.plans.working_days import working_days

CONTRACTS = Path(__file__).parents[1] / "contracts"

SCHEMAS: dict[str, dict[str, Any]] = {
    "run_parameters": {
        "as_of": pl.Date,
        "known_at": pl.Date,
        "targets_known_at": pl.Date,
        "population_known_at": pl.Date,
        "code_version": pl.String,
        "rules_fingerprint": pl.String,
        "input_fingerprint": pl.String,
        "is_synthetic": pl.Boolean,
    },
    "plans": {
        "plan_id": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "document_no": pl.String,
        "issuer": pl.String,
        "issued_on": pl.Date,
        "city_code": pl.String,
        "period_start": pl.Int32,
        "period_end": pl.Int32,
        "population_rule": pl.String,
        "population_fixed_reference": pl.Date,
        "sei_version": pl.String,
        "is_current": pl.Boolean,
        "source": pl.String,
        "actuals": pl.String,
        "high_pledge_amount": pl.Float64,
        "high_pledge_note": pl.String,
        "high_pledge_note_en": pl.String,
        "province_zh": pl.String,
        "province_en": pl.String,
    },
    "plan_regions": {
        "plan_id": pl.String,
        "region_code": pl.String,
        "region_view": pl.String,
        "name_zh": pl.String,
        "name_en": pl.String,
        "level": pl.String,
        "is_statutory": pl.Boolean,
        "statutory_parent": pl.String,
        "sort_order": pl.Int32,
    },
    "plan_region_patterns": {
        "plan_id": pl.String,
        "region_code": pl.String,
        "kind": pl.String,
        "within_division": pl.String,
        "pattern": pl.String,
        "match": pl.String,
        "priority": pl.Int32,
    },
    "plan_targets": {
        "plan_id": pl.String,
        "target_id": pl.String,
        "target_version": pl.Int32,
        "valid_from": pl.Date,
        "decided_on": pl.Date,
        "decided_by": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "section": pl.String,
        "indicator_id": pl.String,
        "region_code": pl.String,
        "method": pl.String,
        "comparator": pl.String,
        "direction": pl.String,
        "unit": pl.String,
        "baseline_value": pl.Float64,
        "baseline_period": pl.String,
        "baseline_note": pl.String,
        "baseline_note_en": pl.String,
        "target_value": pl.Float64,
        "target_year": pl.Int32,
        "kind": pl.String,
        "precision_flag": pl.String,
        "binding": pl.String,
        "no_target_thresholds_are_ours": pl.Boolean,
        "wording": pl.String,
        "proxy_indicators": pl.String,
        "note": pl.String,
        "note_en": pl.String,
        "needs_indicators": pl.String,
        "done_stages": pl.String,
        "under_way_stages": pl.String,
    },
    "plan_baselines": {
        "plan_id": pl.String,
        "baseline_id": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "section": pl.String,
        "indicator_id": pl.String,
        "value": pl.Float64,
        "value_text": pl.String,
        "unit": pl.String,
        "precision_flag": pl.String,
        "kind": pl.String,
        "period_type": pl.String,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "previous_value_low": pl.Float64,
        "previous_value_high": pl.Float64,
        "growth_text": pl.String,
        "growth_kind": pl.String,
        "growth_value": pl.Float64,
        "milestone_state": pl.String,
        "same_as": pl.String,
        "done_stages": pl.String,
        "under_way_stages": pl.String,
    },
    "plan_tasks": {
        "plan_id": pl.String,
        "task_id": pl.String,
        "section": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "strength": pl.String,
        "evidence": pl.String,
        "evidence_en": pl.String,
        "data_kind": pl.String,
        "same_as": pl.String,
        "proxy_indicators": pl.String,
        "needed_items": pl.Int32,
        "item_names": pl.String,
        "done_stages": pl.String,
    },
    "plan_identities": {
        "plan_id": pl.String,
        "identity_id": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "total": pl.String,
        "parts": pl.String,
        "level": pl.String,
        "tolerance": pl.Float64,
    },
    "plan_assessment": {
        "plan_id": pl.String,
        "object_id": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "measure_kind": pl.String,
        "indicator_id": pl.String,
        "sort_order": pl.Int32,
    },
    "working_days": {
        "day": pl.Date,
        "is_working_day": pl.Boolean,
        "working_day_no": pl.Int32,
        "source": pl.String,
    },
    "indicators": {
        "indicator_id": pl.String,
        "family": pl.String,
        "title_zh": pl.String,
        "title_en": pl.String,
        "definition_zh": pl.String,
        "definition_en": pl.String,
        "formula": pl.String,
        "unit_zh": pl.String,
        "unit_en": pl.String,
        "unit_multiplier": pl.Float64,
        "kind": pl.String,
        "direction": pl.String,
        "attributing_date": pl.String,
        "sources": pl.String,
        "partial_sources": pl.String,
        "source_ready": pl.Boolean,
        "numerator_id": pl.String,
        "denominator": pl.String,
        "ratio_multiplier": pl.Float64,
        "decimals": pl.Int32,
        "plan_section": pl.String,
        "sort_order": pl.Int32,
    },
}

Row = dict[str, object]


@dataclass(frozen=True)
class RunParameters:
    """What one run is computed for, the reference and the knowledge days, and what it is computed from."""

    as_of: date
    known_at: date
    """Deliveries up to this day count; population and targets have knowledge days of their own."""
    targets_known_at: date
    population_known_at: date
    code_version: str
    rules_fingerprint: str
    """Hash over the plans without their targets: regions, population rule, tasks and what else decides a figure."""
    input_fingerprint: str
    is_synthetic: bool


def write_inputs(folder: Path, plans: Sequence[Plan], catalogue: Catalogue, *, parameters: RunParameters) -> None:
    """Write every table of SCHEMAS to `folder` as `<name>.parquet`, each by rename; same input, same bytes.

    Plans are written in the order of their ids. Raises ConfigError when two plans share an id, or when two plans
    of one city both claim to be current.
    """
    _refuse_conflicts(plans)
    ordered = sorted(plans, key=lambda plan: plan.plan_id)
    rows: dict[str, list[Row]] = {
        "run_parameters": [asdict(parameters)],
        "plans": [_plan(plan) for plan in ordered],
        "plan_regions": [row for plan in ordered for row in _regions(plan)],
        "plan_region_patterns": [row for plan in ordered for row in _patterns(plan)],
        "plan_targets": [row for plan in ordered for row in _targets(plan)],
        "plan_baselines": [row for plan in ordered for row in _baselines(plan)],
        "plan_tasks": [row for plan in ordered for row in _tasks(plan)],
        "plan_identities": [row for plan in ordered for row in _identities(plan)],
        "plan_assessment": [row for plan in ordered for row in _assessment(plan)],
        "working_days": list(working_days()),
        "indicators": list(indicator_rows(catalogue, contracted_sources())),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in SCHEMAS.items():
        _write(folder / f"{name}.parquet", pl.DataFrame(rows[name], schema=schema, strict=True))


def contracted_sources() -> set[str]:
    """Names of the sources that have a contract, so that their deliveries can be read."""
    return {path.stem for path in CONTRACTS.glob("*.yaml")}


def indicator_rows(catalogue: Catalogue, contracted: Collection[str]) -> Iterator[Row]:
    """One row per id; `source_ready` when every source it needs has a contract."""
    for n, indicator in enumerate(catalogue.indicators, start=1):
        ratio = indicator.ratio if isinstance(indicator, RatioIndicator) else None
        yield {
            "indicator_id": indicator.id,
            "family": indicator.family,
            "title_zh": indicator.title.zh,
            "title_en": indicator.title.en,
            "definition_zh": indicator.definition.zh,
            "definition_en": indicator.definition.en,
            "formula": indicator.formula,
            "unit_zh": indicator.unit.zh,
            "unit_en": indicator.unit.en,
            "unit_multiplier": indicator.unit.divisor,
            "kind": indicator.kind,
            "direction": indicator.direction,
            "attributing_date": indicator.attributing_date,
            "sources": _json(indicator.sources),
            "partial_sources": _json(indicator.partial_sources),
            "source_ready": all(source in contracted for source in indicator.sources),
            "numerator_id": ratio and ratio.numerator,
            "denominator": ratio and ratio.denominator,
            "ratio_multiplier": ratio and ratio.multiplier,
            "decimals": indicator.unit.decimals,
            "plan_section": indicator.plan_section,
            "sort_order": n,
        }


def _refuse_conflicts(plans: Sequence[Plan]) -> None:
    by_id: dict[str, Plan] = {}
    current: dict[str, Plan] = {}
    for plan in plans:
        if plan.plan_id in by_id:
            raise ConfigError(f"plan_id {plan.plan_id} is used by two plans; give each plan file its own plan_id")
        by_id[plan.plan_id] = plan
        city = plan.regions.city.code
        if plan.is_current and city in current:
            raise ConfigError(
                f"plans {current[city].plan_id} and {plan.plan_id} are both current for {city}; "
                "write is_current: false in one"
            )
        if plan.is_current:
            current[city] = plan


def _plan(plan: Plan) -> Row:
    return {
        "plan_id": plan.plan_id,
        "title_zh": plan.title.zh,
        "title_en": plan.title.en,
        "document_no": plan.document_no,
        "issuer": plan.issuer,
        "issued_on": plan.issued_on,
        "city_code": plan.regions.city.code,
        "period_start": plan.years.start,
        "period_end": plan.years.end,
        "population_rule": plan.population and plan.population.rule,
        "population_fixed_reference": plan.population and plan.population.fixed_reference,
        "sei_version": plan.sei_version,
        "is_current": plan.is_current,
        "source": plan.source,
        "actuals": plan.actuals,
        "high_pledge_amount": plan.high_pledge_amount and plan.high_pledge_amount.yuan,
        "high_pledge_note": plan.high_pledge_amount and plan.high_pledge_amount.note.zh,
        "high_pledge_note_en": plan.high_pledge_amount and plan.high_pledge_amount.note.en,
        "province_zh": plan.regions.province and plan.regions.province.zh,
        "province_en": plan.regions.province and plan.regions.province.en,
    }


def _regions(plan: Plan) -> Iterator[Row]:
    """One row per view and region; the zones are in the management view only."""
    levels = {plan.regions.city.code: "city"}
    if plan.regions.unallocated:
        levels[plan.regions.unallocated.code] = "unallocated"
    for view in ("statutory", "management"):
        for n, region in enumerate(plan.regions.ordered()):
            zone = region if isinstance(region, Zone) else None
            if zone and view == "statutory":
                continue
            level = "zone" if zone else levels.get(region.code, "district")
            yield {
                "plan_id": plan.plan_id,
                "region_code": region.code,
                "region_view": view,
                "name_zh": region.zh,
                "name_en": region.en,
                "level": level,
                "is_statutory": level in ("city", "district"),
                "statutory_parent": zone and zone.statutory_parent,
                "sort_order": n,
            }


def _patterns(plan: Plan) -> Iterator[Row]:
    """One row per division and text; priority is the order written, so that the first in the file wins."""
    priority = 0
    for pattern in plan.region_patterns:
        for within in pattern.within:
            for text in pattern.texts:
                priority += 1
                yield {
                    "plan_id": plan.plan_id,
                    "region_code": pattern.region,
                    "kind": pattern.kind,
                    "within_division": within,
                    "pattern": text,
                    "match": pattern.match,
                    "priority": priority,
                }


def _targets(plan: Plan) -> Iterator[Row]:
    for target in plan.targets:
        baseline = target.baseline
        for version in target.versions:
            number = version if isinstance(version, Numeric | Once) else None
            directed = version if isinstance(version, Numeric | Once | DirectionOnly | Evidence) else None
            yield {
                "plan_id": plan.plan_id,
                "target_id": target.id,
                "target_version": version.version,
                "valid_from": version.valid_from,
                "decided_on": version.known_on,
                "decided_by": version.decided_by,
                "title_zh": target.title.zh,
                "title_en": target.title.en,
                "section": target.section,
                "indicator_id": target.indicator,
                "region_code": target.region,
                "method": version.method,
                "comparator": number and number.comparator,
                "direction": directed and directed.direction,
                "unit": target.unit,
                "baseline_value": baseline and baseline.value,
                "baseline_period": baseline and baseline.period,
                "baseline_note": baseline and baseline.note and baseline.note.zh,
                "baseline_note_en": baseline and baseline.note and baseline.note.en,
                "target_value": number and number.value,
                "target_year": version.year,
                "kind": target.kind,
                "precision_flag": number and number.precision,
                "binding": target.binding,
                # The plan gives no number for a marked increase, so any threshold used is this project's.
                "no_target_thresholds_are_ours": version.method == "direction_only",
                "wording": version.wording,
                "proxy_indicators": _json(target.proxies),
                "note": target.note and target.note.zh,
                "note_en": target.note and target.note.en,
                "needs_indicators": _json(version.needs_indicators if isinstance(version, Once) else []),
                **_stages(version.stages if isinstance(version, Milestone) else None),
            }


def _baselines(plan: Plan) -> Iterator[Row]:
    for baseline in plan.baselines:
        yield {
            "plan_id": plan.plan_id,
            "baseline_id": baseline.id,
            "title_zh": baseline.title.zh,
            "title_en": baseline.title.en,
            "section": baseline.section,
            "indicator_id": baseline.indicator,
            "value": baseline.value,
            "value_text": baseline.value_text,
            "unit": baseline.unit,
            "precision_flag": baseline.precision,
            "kind": baseline.kind,
            "period_type": baseline.period.type,
            "period_start": baseline.period.start,
            "period_end": baseline.period.end,
            "previous_value_low": baseline.previous and baseline.previous.low,
            "previous_value_high": baseline.previous and baseline.previous.high,
            "growth_text": _growth_text(baseline),
            "growth_kind": baseline.growth and baseline.growth.kind,
            "growth_value": baseline.growth and baseline.growth.value,
            "milestone_state": baseline.milestone and baseline.milestone.state,
            "same_as": baseline.milestone and baseline.milestone.same_as,
            **_stages(_milestone_stages(plan, baseline)),
        }


def _growth_text(baseline: Baseline) -> str | None:
    """As the plan prints it: `+60.3%`, `+207项`."""
    if baseline.growth is None:
        return None
    unit = "%" if baseline.growth.kind == "rate" else baseline.unit
    return f"{baseline.growth.value:+.15g}{unit}"


def _milestone_stages(plan: Plan, baseline: Baseline) -> Stages | None:
    """A milestone's own stages, or those of the target it opens in its newest version."""
    if baseline.milestone is None:
        return None
    for target in plan.targets:
        newest = target.versions[-1]
        if target.id == baseline.milestone.same_as and isinstance(newest, Milestone):
            return newest.stages
    return baseline.milestone.stages


def _tasks(plan: Plan) -> Iterator[Row]:
    for task in plan.tasks:
        yield {
            "plan_id": plan.plan_id,
            "task_id": task.id,
            "section": task.section,
            "title_zh": task.title.zh,
            "title_en": task.title.en,
            "strength": task.strength,
            "evidence": task.evidence.zh,
            "evidence_en": task.evidence.en,
            "data_kind": task.data_kind,
            "same_as": task.same_as,
            "proxy_indicators": _json(task.proxies),
            # Without named items any one document is enough.
            "needed_items": task.done and max(1, len(task.done.items)),
            "item_names": _json(task.done.items if task.done else []),
            "done_stages": _json(task.done.stages if task.done else []),
        }


def _identities(plan: Plan) -> Iterator[Row]:
    for identity in plan.identities:
        yield {
            "plan_id": plan.plan_id,
            "identity_id": identity.id,
            "title_zh": identity.title.zh,
            "title_en": identity.title.en,
            "total": identity.total,
            "parts": json.dumps([part.model_dump() for part in identity.parts], ensure_ascii=False),
            "level": identity.level,
            "tolerance": identity.tolerance,
        }


def _assessment(plan: Plan) -> Iterator[Row]:
    """One row per object and, where it is measured by indicators, per indicator."""
    measures = [(item, i) for item in plan.assessment for i in item.indicators or (None,)]
    for n, (item, indicator) in enumerate(measures, start=1):
        yield {
            "plan_id": plan.plan_id,
            "object_id": item.id,
            "title_zh": item.title.zh,
            "title_en": item.title.en,
            "measure_kind": item.measure_kind,
            "indicator_id": indicator,
            "sort_order": n,
        }


def _stages(stages: Stages | None) -> Row:
    return {
        "done_stages": _json(stages.done if stages else []),
        "under_way_stages": _json(stages.under_way if stages else []),
    }


def _json(values: Sequence[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _write(path: Path, frame: pl.DataFrame) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    frame.write_parquet(draft)
    os.replace(draft, path)
