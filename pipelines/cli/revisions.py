"""`ipw revisions` and `ipw diff`: what differs between two releases, record by record with the delivered row behind it.

Both print the same tables: the first those of the release in force, the second those of any two.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl

from pipelines.cli.marts import published
from pipelines.cli.naming import region_code
from pipelines.cli.output import Format, messages, show
from pipelines.errors import ConfigError
from pipelines.history import Entry, day_named, entries, find
from pipelines.intake.bronze import delivered_files
from pipelines.paths import Warehouse
from pipelines.release.display import SYNTHETIC
from pipelines.release.revisions import (
    Wanted,
    comparison,
    require_known,
    revised_records,
    revised_targets,
    revised_values,
)
from pipelines.settings import Settings

_VALUES = {
    "indicator_id": "指标 id", "title_zh": "指标", "region_code": "区划", "region_zh": "区划名称", "period": "期间",
    "old_value": "原值 old", "new_value": "现值 new", "difference": "差", "unit": "单位", "change_words": "变化 change",
    "records_in": "计入 in", "records_out": "剔除 out", "records_changed": "变更", "reason_words": "原因 reasons",
}  # fmt: skip
_RECORDS = {
    "indicator_id": "指标 id", "region_code": "区划", "record_type": "类型", "record_id": "记录 record",
    "change_words": "变化 change", "effective_date": "日期", "delta": "±", "amount": "数额",
    "reason_words": "原因 reason", "place": "文件:行 file:row", "delivered_on": "交付 delivered", "cause": "起因 cause",
    "cause_delivered_on": "起因交付 delivered",
}  # fmt: skip
_TARGETS = {
    "plan_id": "规划 plan", "target_id": "目标编号", "target_version": "版本", "title_zh": "目标 target",
    "indicator_id": "指标 id", "region_code": "区划", "year": "年度", "change_words": "变化 change",
    "old_target_value": "原目标", "new_target_value": "现目标", "old_actual_value": "原实际",
    "new_actual_value": "现实际", "old_status": "原状态", "new_status": "现状态",
    "decided_by": "决定 decided by", "reason_words": "原因 reasons",
}  # fmt: skip
_OFF_SCREEN = {
    "title_zh", "region_zh", "records_changed", "record_type", "amount", "delivered_on", "cause_delivered_on",
    "target_version", "decided_by",
}  # fmt: skip
"""What a terminal has no room for; it is in the other formats."""


def revisions(warehouse: Warehouse, form: Format, wanted: Wanted, *, records: bool, limit: int) -> None:
    """Print what differs from the release before the one in force.

    Raises ConfigError for an indicator, region or period that does not exist.
    """
    with published(warehouse) as connection:
        _show(connection, form, wanted, records=records, limit=limit)


def diff(settings: Settings, old: str, new: str, form: Format, wanted: Wanted, *, records: bool, limit: int) -> None:
    """Print what differs between two releases, each named by its id, the beginning of it, or a day.

    The one that knew less is the older. Raises ConfigError when a name means no release or both mean one, and for an
    indicator, region or period that does not exist.
    """
    from pipelines.release.difference import difference  # brings dbt along, which the other verbs need not wait for

    named = [find(settings.warehouse, old), find(settings.warehouse, new)]
    for text, entry in zip((old, new), named, strict=True):
        _say_what_is_missing(settings.warehouse, text, entry)
    older, newer = sorted(named, key=lambda entry: entry.order)
    if older == newer:
        only = "; there is no other yet" if len(entries(settings.warehouse)) == 1 else "; name two"
        raise ConfigError(f"{old} and {new} both mean release {older.release_id}{only}")
    if older != named[0]:
        messages.print(f"{older.release_id} knew less than {newer.release_id}: it is shown as the older one")
    with difference(settings, older, newer) as connection:
        _show(connection, form, wanted, records=records, limit=limit)


def _say_what_is_missing(warehouse: Warehouse, text: str, entry: Entry) -> None:
    """A release named by a day may be older than the last delivery of that day: then it is not what was known."""
    if (day := day_named(text)) is None:
        return
    arrived = pl.col("delivered_on").is_between(entry.known_at, day, closed="right") & (pl.col("status") == "loaded")
    if missing := delivered_files(warehouse).filter(arrived).height:
        messages.print(
            f"{entry.release_id} knows nothing of {missing} file(s) delivered after {entry.known_at} and by {day}; "
            f"`ipw run --known-at {day} --keep-current` makes the release that does"
        )


def _show(connection: duckdb.DuckDBPyConnection, form: Format, wanted: Wanted, *, records: bool, limit: int) -> None:
    """Everything in a table for people or in one JSON object; values alone, or records, in the formats of one table."""
    releases = comparison(connection)
    if wanted.region:
        wanted = replace(wanted, region=region_code(connection, wanted.region) or wanted.region)
    require_known(connection, wanted)
    ((is_synthetic,),) = connection.execute("select is_synthetic from marts.release").fetchall()
    messages.print(_heading(releases, is_synthetic=is_synthetic))
    values = revised_values(connection, wanted)
    targets = revised_targets(connection, wanted)
    moved = revised_records(connection, wanted) if records else []
    if form is Format.JSON:
        everything = {"comparison": releases, "values": values, "targets": targets} | (
            {"records": moved} if records else {}
        )
        sys.stdout.write(json.dumps(everything, ensure_ascii=False, indent=1, default=str) + "\n")
    elif form is Format.TABLE:
        _table(values, _VALUES, "修订的指标值 Revised values", limit)
        _table(targets, _TARGETS, "修订的目标 Revised targets", limit)
        if records:
            _table(moved, _RECORDS, "计入与剔除的记录 Records", limit)
    elif records:
        show(moved, _RECORDS, form, is_synthetic=is_synthetic)
    else:
        show(values, _VALUES, form, is_synthetic=is_synthetic)


def _heading(releases: dict[str, Any] | None, *, is_synthetic: bool) -> str:
    if releases is None:
        return "no release came before this one, so nothing is revised"
    sides = (
        f"{releases[f'{side}_release_id']} (as of {releases[f'{side}_as_of']}, known at {releases[f'{side}_known_at']})"
        for side in ("old", "new")
    )
    changed = [
        words
        for flag, words in {
            "is_code_changed": "代码已变 other code",
            "are_rules_changed": "规则已变 other rules",
        }.items()
        if releases[flag]
    ]
    synthetic = [SYNTHETIC] if is_synthetic else []
    return "\n".join([*synthetic, " · ".join([" → ".join(sides), *changed])])


def _table(lines: list[dict[str, Any]], columns: dict[str, str], title: str, limit: int) -> None:
    if not lines:
        messages.print(f"{title}: 无 none")
        return
    on_screen = {name: header for name, header in columns.items() if name not in _OFF_SCREEN}
    # a year is a name, not a quantity with a separator for its thousands
    shown = [line | {"year": str(line["year"])} if "year" in line else line for line in lines[:limit]]
    show(shown, on_screen, Format.TABLE, title=title)
    if len(lines) > limit:
        messages.print(f"{limit} of {len(lines)} shown; --limit shows more, --format csv all")
