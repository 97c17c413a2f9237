"""`ipw explain`: one value in words, with its workings, its rows and its past.

What belongs to a value is in `release.evidence`; here it is only gathered and worded.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

import duckdb

from pipelines.cli.listings import planned_city, say_if_synthetic
from pipelines.cli.marts import published
from pipelines.cli.naming import indicator_named, region_named
from pipelines.cli.output import Format, console, messages, show
from pipelines.errors import ConfigError, GateFailed
from pipelines.paths import Warehouse
from pipelines.release.board import COMPARATOR_WORDS, OBS_STATUS_WORDS
from pipelines.release.display import rounded
from pipelines.release.evidence import (
    Asked,
    agrees,
    given_by,
    newest_rows,
    sides_of,
    standing_of,
    targets_of,
    value_of,
)
from pipelines.release.revisions import Wanted, revised_values
from pipelines.release.rows import rows

Row = dict[str, Any]

_SIDE_WORDS = {"value": "记录 records", "numerator": "分子 numerator", "denominator": "分母 denominator"}
_POPULATION_RULES = {
    "latest_reference": "期末前最近时点的常住人口 the latest reference date not after the period's end",
    "previous_year_end": "上年末常住人口 the last reference date before the year of the period's end",
    "fixed": "规划固定时点的常住人口 the one reference date that the plan fixes",
}
_ROWS = {
    "record_type": "类型 type", "record_id": "记录 record", "region_code": "区划", "effective_date": "日期 date",
    "delta": "±", "amount": "数额", "source_path": "文件 file", "source_row": "行 row",
    "delivered_on": "交付 delivered",
}  # fmt: skip
_SHORT = {name: title for name, title in _ROWS.items() if name != "record_type"}


def explain(
    warehouse: Warehouse,
    indicator: str,
    form: Format,
    *,
    region: str | None,
    period: str | None,
    view: str | None,
    limit: int,
) -> None:
    """Print one value and all that defends it; json is one object, csv and md are its rows.

    Without a region it is the city's, without a period that of the release's own year. Raises ConfigError when there
    is no such value, and GateFailed when its rows do not give it, which the gates of a release rule out.
    """
    with published(warehouse) as connection:
        is_synthetic = say_if_synthetic(connection)
        try:
            (release,) = rows(connection, "select release_id, as_of, known_at, is_synthetic from release")
            period = str(release["as_of"].year) if period is None else period
            place = region_named(connection, region) if region else planned_city(connection)
            asked = Asked(indicator_named(connection, indicator), place, period, view)
            told = {"release": release, **_gathered(connection, asked, limit)}
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise ConfigError(
                f"the release in {warehouse.current} lacks what this version of ipw asks for "
                f"({str(error).splitlines()[0]}); run `ipw run`"
            ) from None
    standing = standing_of(warehouse, release["release_id"], told["value"])
    told["standing"] = asdict(standing) if standing else None
    if form is Format.JSON:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n")
    elif form is Format.TABLE:
        _print(told)
    else:
        every = [row for side in told["sides"] for row in side["rows"]]
        columns = {"side": "side", "indicator_id": "indicator_id", **_ROWS, "source_file_sha256": "sha256"}
        show(every, columns, form, is_synthetic=is_synthetic)
    if not told["evidence"]["agrees"]:
        raise GateFailed(
            f"the rows of {indicator} give {told['evidence']['value']}, the release says {told['value']['value']}: was "
            f"{warehouse.marts.resolve()} changed after it was published? If not, please report this"
        )


def _gathered(connection: duckdb.DuckDBPyConnection, asked: Asked, limit: int) -> Row:
    """Everything that the release says about the value, as json prints it."""
    value = value_of(connection, asked)
    sides = sides_of(connection, asked)
    given = given_by(value, sides)
    wanted = Wanted(asked.indicator, asked.region, value["region_view"], asked.period)
    return {
        "period": asked.period,
        "value": value,
        "evidence": {"value": given, "agrees": agrees(value, given), "workings": _workings(value, sides)},
        "sides": [side | {"rows": newest_rows(connection, asked, side["side"], limit=limit)} for side in sides],
        "targets": targets_of(connection, value),
        "revisions": revised_values(connection, wanted),
    }


def _workings(value: Row, sides: list[Row]) -> str:
    """The formula with the numbers of the rows put in, unrounded."""
    by_side = {side["side"]: side for side in sides}
    own = by_side.get("value", {"n_records": 0, "total": 0.0, "median_amount": None})
    result = f"{_exact(value['value'])} {value['unit']}"
    if value["n_records"] is None:
        return f"公布值 as published: {result}"
    if value["kind"] == "ratio":
        numerator = by_side.get("numerator", {"total": 0.0})["total"]
        if "denominator" not in by_side:
            return f"{_exact(numerator)} ÷ {_missing_denominator(value)}"
        steps = f"{_exact(numerator)} ÷ {_exact(by_side['denominator']['total'])}"
        if value["ratio_multiplier"] != 1:
            steps += f" × {_exact(value['ratio_multiplier'])}"
    elif value["kind"] == "distribution":
        steps = f"{own['n_records']:,} 个数的中位数 median of the amounts {_exact(own['median_amount'])}"
    else:
        steps = f"{own['n_records']:,} 条之和 sum of the rows {_exact(own['total'])}"
    if value["unit_multiplier"] != 1:
        steps += f" ÷ {_exact(value['unit_multiplier'])}"
    return f"{steps} = {result}"


def _missing_denominator(value: Row) -> str:
    if value["denominator"] == 0:
        return "0: 分母为零,无从计算 nothing to divide by"
    if value["denominator_id"] == "population":
        return f"无常住人口 no residents are known: deliver `population` for {value['region_code']}"
    return "无分母 no denominator is known"


def _print(told: Row) -> None:
    value = told["value"]
    for line in _head(told):
        console.print(line)
    for target in told["targets"]:
        console.print(_target(target))
    for line in _past(told):
        console.print(line)
    for side in told["sides"]:
        console.print(
            f"{_SIDE_WORDS[side['side']]} {side['indicator_id']}: {side['n_records']:,} 行 rows, "
            f"合计 sum {_exact(side['total'])}"
        )
        show(side["rows"], _SHORT, Format.TABLE)
        if side["n_records"] > len(side["rows"]):
            messages.print(f"the newest {len(side['rows'])} of {side['n_records']:,}; --limit shows more")
    if told["evidence"]["agrees"]:
        console.print(f"合计 sum: {_figure(value)} = 值 value")


def _head(told: Row) -> list[str]:
    value = told["value"]
    status = OBS_STATUS_WORDS.get(value["obs_status"], value["obs_status"])
    name = f"{value['region_code']} {value['region_zh'] or ''} {value['region_en'] or ''}".strip()
    title = f"{value['title_zh']} {value['title_en']} ({value['indicator_id']})"
    lines = [
        f"{title} · {name} · {value['region_view']} · {told['period']}",
        f"值 value: {_figure(value)}  [{value['obs_status']} {status}]",
        f"定义 definition: {value['definition_zh']} {value['definition_en']}",
        f"计算 formula: {value['formula']}",
        f"演算 workings: {told['evidence']['workings']}",
    ]
    if value["population_vintage"]:
        rule = _POPULATION_RULES.get(value["population_rule"], "")
        lines.append(f"人口 population: {value['population_vintage']}; 规则 rule: {rule}")
    running = "，期间未结束 the period is still running" if value["observed_until"] < value["period_end"] else ""
    lines.append(f"数据截至 observed until: {value['observed_until']}{running}")
    return lines


def _figure(value: Row) -> str:
    shown = rounded(value["value"], value["decimals"])
    return f"{shown} {value['unit']}" if shown else "无值 none"


def _target(target: Row) -> str:
    wanted = "" if target["target_value"] is None else _exact(target["target_value"])
    return (
        f"目标 target {target['plan_id']}/{target['target_id']} v{target['target_version']}: {target['title_zh']} "
        f"{COMPARATOR_WORDS.get(target['comparator'], '')} {wanted} {target['unit'] or ''} ({target['target_year']}) · "
        f"{target['status_zh']} {target['status_en']}: {target['reason_zh']} {target['reason_en']}"
    )


def _past(told: Row) -> list[str]:
    lines = []
    if standing := told["standing"]:
        before = "最早的发布 the first release with it"
        if standing["before"]:
            before = f"此前 before that {standing['before']}: {_exact(standing['value_before']) or '无值 no value'}"
        lines.append(
            f"自发布起不变 stands since {standing['since']} (已知 known at {standing['known_at']}), "
            f"连续 {standing['releases']} 次发布 releases in a row; {before}"
        )
    lines += [
        f"修订 revised since {row['old_release_id']}: {_exact(row['old_value'])} → {_exact(row['new_value'])}, "
        f"{row['change_words']}: {row['reason_words']}; 记录见 records: `ipw revisions {row['indicator_id']} --records`"
        for row in told["revisions"]
    ]
    return lines


def _exact(number: float | None) -> str:
    """A number with all its digits; whole numbers without a point, nothing where there is none."""
    if number is None:
        return ""
    return f"{int(number):,}" if number == int(number) else f"{number:,}"
