"""`ipw preview`: what intake makes of a file, for people and programs. What is found is the preview package's."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.cli.naming import nearest
from pipelines.cli.output import Format, console, say_json, show
from pipelines.contracts.headers import split_unit
from pipelines.contracts.reasons import REASONS
from pipelines.contracts.registry import contract, contracts
from pipelines.errors import BrokenInput, ConfigError
from pipelines.intake import corrections
from pipelines.intake.readers.base import FoundTable
from pipelines.plans import planned_regions
from pipelines.preview.file import Held, Preview, preview
from pipelines.preview.marked import marked
from pipelines.settings import Settings


def show_preview(settings: Settings, file: Path, form: Format, *, source: str | None, limit: int) -> None:
    """Print what would land, what not, and why; with `--format xlsx` the copy for the sender goes to standard output.

    Raises ConfigError for an unknown source or form, BrokenInput where the file would be refused as a whole.
    """
    if source and source not in contracts():
        raise ConfigError(f"no source {source}{nearest(source, contracts())}; there are {', '.join(contracts())}")
    if form in (Format.CSV, Format.MD):
        raise ConfigError("a preview has several tables: --format table, json or xlsx")
    found = preview(file, source, today=date.today(), held=_held(settings))
    if form is Format.JSON:
        say_json([_document(one, limit) for one in found])
    elif form is Format.XLSX:
        _write_marked(found)
    else:
        if len(found) > 1:
            show([_summary(one) for one in found[:_LISTED]], _SUMMARY, Format.TABLE, title=f"{len(found)} 件 files")
        for one in [one for one in found if one.reader][:_DETAILED]:
            _print(one, limit)
    if refused := [one.refused for one in found if one.refused]:
        raise BrokenInput(refused[0] + (f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""))


_DETAILED, _LISTED = 3, 50
"""Of an archive's files: how many are shown in full, and how many with their counts."""
_SUMMARY = {
    "path": "文件 file", "reader": "读作 read as", "rows_in": "行数 rows", "rows_out": "可入库 would land",
    "rows_quarantined": "退回 set aside", "said": "说明",
}  # fmt: skip


def _summary(one: Preview) -> dict[str, Any]:
    said = one.refused or ("" if one.reader else "; ".join(one.remarks))
    return {"path": one.path, "reader": one.reader or "", **one.counts, "said": said}


def _held(settings: Settings) -> Held:
    """What a run of these settings would hold the file against; there may be no warehouse yet."""
    return Held(
        corrections.load(settings.landing),
        planned_regions(settings.plans),
        settings.warehouse if settings.warehouse.root.is_dir() else None,
    )


def _print(one: Preview, limit: int) -> None:
    title = contract(one.source).title
    console.print(f"{one.path} · {title.zh} {title.en} ({one.source})")
    if one.reader is None:
        return
    counts = one.counts
    console.print(
        f"read as {one.reader}{f', {one.encoding}' if one.encoding else ''}: {counts['rows_in']} rows, "
        f"{counts['rows_out']} would land, {counts['rows_quarantined']} set aside, {counts['rows_duplicate']} repeated"
    )
    if one.tables:
        show([_place(table) for table in one.tables], _PLACES, Format.TABLE, title="表 Tables found")
    show([vars(column) for column in one.columns], _COLUMNS, Format.TABLE, title="列 Columns")
    _lines("说明 Set aside, kept all the same, or unusual", one.remarks)
    _lines("电子表格所见不同 What a spreadsheet shows otherwise", one.screen)
    if one.landed.height:
        landed = one.landed.select(
            name for name in one.landed.columns if one.landed[name].null_count() < one.landed.height
        )
        show(landed.head(limit).to_dicts(), {name: name for name in landed.columns}, Format.TABLE,
             title=f"入库样貌 As they would land, {min(limit, landed.height)} of {landed.height}")  # fmt: skip
    if one.rejects.height:
        reasons = one.rejects.group_by("reason", "field").agg(n=pl.len(), first=pl.col("source_row").min())
        named = [row | {"why": _wording(row["reason"])} for row in reasons.sort("n", descending=True).to_dicts()]
        show(named, _REASONS, Format.TABLE, title="退回原因 Rejected by reason")
        show(one.rejects.head(limit).to_dicts(), _REJECTS, Format.TABLE,
             title=f"退回的行 Rejected rows, {min(limit, one.rejects.height)} of {one.rejects.height}")  # fmt: skip


_PLACES = {
    "sheet": "工作表 sheet", "header": "表头行 header row", "rows": "行数 rows", "units": "单位 units in its header",
}  # fmt: skip
_COLUMNS = {
    "header": "列名 header", "field": "字段 field", "title": "含义 meaning", "unit": "单位 unit", "why": "依据 why",
}  # fmt: skip
_REASONS = {"reason": "原因 reason", "field": "字段 field", "n": "行数 rows", "first": "首行 first row", "why": "说明"}
_REJECTS = {"source_row": "行 row", "reason": "原因 reason", "field": "字段 field", "value": "值 value"}


def _place(table: FoundTable) -> dict[str, Any]:
    first, last = table.first_header_row, table.last_header_row
    units = "、".join(name for name in table.columns if split_unit(name)[1])
    header = str(last) if first == last else f"{first}–{last}"
    return {"sheet": table.sheet, "header": header, "rows": table.rows, "units": units}


def _wording(code: str) -> str:
    return REASONS[code].text.zh if code in REASONS else ""


def _lines(title: str, lines: tuple[str, ...]) -> None:
    if lines:
        console.print(title)
        for line in lines:
            console.print(f"  · {line}")


def _document(one: Preview, limit: int) -> dict[str, Any]:
    return {
        "path": one.path,
        "source": one.source,
        "refused": one.refused,
        "reader": one.reader,
        "encoding": one.encoding,
        "counts": one.counts,
        "tables": [vars(table) for table in one.tables],
        "columns": [vars(column) for column in one.columns],
        "remarks": one.remarks,
        "screen": one.screen,
        "landed": one.landed.head(limit).to_dicts(),
        "rejects": one.rejects.head(limit).to_dicts(),
    }


def _write_marked(found: list[Preview]) -> None:
    if sys.stdout.isatty():
        raise ConfigError("a workbook cannot be shown here; send it to a file: --format xlsx > marked.xlsx")
    sys.stdout.buffer.write(marked(found))
