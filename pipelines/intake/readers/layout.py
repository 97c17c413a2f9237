"""From a grid of text cells to the rows of a table: what lies below the header and is no record is set aside.

Shared by delimited text and workbooks. Set aside, each with a note: blank rows, repeated headers, totals (合计),
remarks (注:, 数据来源:). Where the header is, is header.py's business; what a value means, conform.py's.
"""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from pipelines.contracts.headers import match
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import ROW
from pipelines.intake.readers.header import Header, title_unit, year_columns

MALFORMED = "__malformed"
"""Column of a grid: what is wrong with the row's shape, else null. Such a row has no values."""

_TOTAL = r"^(?:合计|总计|小计|共计|累计|总合计|本页合计|合计数|total)[:：]?$"
_REMARK = r"^(?:注|备注|说明|附注|数据来源|资料来源|来源)\s*\d*\s*[:：.、]"
_SIGNATURE = r"^(?:填表人?|制表人?|审核人?|复核人?|经办人?|填报人?|填报单位|制表单位|单位负责人|统计负责人)\s*[:：]"
# Marks doubled once more where a formula was quoted and the cell was not.
_TEXT_FORMULA = r'^=\s*(?:T\s*\(\s*)?"{1,2}((?:[^"]|"")*?)"{1,2}\s*\)?$'
_FORMULA_SIGN = r"^\s*="
_OUTER_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u200c\u200d\u2060\ufeff"
_LISTED = 5


def table(grid: pl.DataFrame, header: Header, contract: Contract) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The records of a grid and the notes on what was set aside.

    `grid` has one String column per column of the sheet, in order, `ROW`, and may have `MALFORMED`; rows up to the
    header's last are skipped. The result is named as delivered and keeps `ROW` (and `MALFORMED` if given).
    """
    kept = [name for name in (ROW, MALFORMED) if name in grid.columns]
    cells = [name for name in grid.columns if name not in kept]
    names = dict(zip(cells, header.names, strict=True))
    frame = grid.filter(pl.col(ROW) > header.last + 1).rename(names)
    frame = _bare_cells(frame, header.names)
    frame = _without_unnamed(frame, header)
    frame, notes = _set_aside(frame, [name for name in frame.columns if name not in kept], contract)
    notes = [*header.notes, *notes]
    if contract.wide_years and (years := year_columns(header.names)):
        frame, more = _year_rows(frame, years, header, contract)
        notes += more
    return frame, tuple(notes)


def is_remark(text: str) -> bool:
    """Whether a line that does not fit the table is a remark or signature below it, not a damaged record."""
    text = text.strip(' ,;\t"')
    return bool(re.match(_REMARK, text) or re.match(_SIGNATURE, text) or re.match(_TOTAL, text))


def _bare_cells(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Text without outer blanks, also those of no width, blank as null, and `="00123"` or `=T("00123")`, a
    spreadsheet's ways to say text, as 00123."""
    has_formula = frame.select(pl.col(names).str.contains(_FORMULA_SIGN).any()).row(0, named=True)
    cells = []
    for name in names:
        text = pl.col(name).str.strip_chars(_OUTER_BLANKS)
        if has_formula[name]:
            inside = text.str.extract(_TEXT_FORMULA, 1)
            text = pl.coalesce(inside.str.replace_all('""', '"').str.strip_chars(_OUTER_BLANKS), text)
        cells.append(pl.when(text != "").then(text).alias(name))
    return frame.with_columns(cells)


def _without_unnamed(frame: pl.DataFrame, header: Header) -> pl.DataFrame:
    """Drop columns without a header in which nothing stands."""
    unnamed = [name for name in header.names if re.fullmatch(r"column_\d+", name)]
    empty = [name for name in unnamed if frame[name].null_count() == frame.height]
    return frame.drop(empty) if empty else frame


def _set_aside(frame: pl.DataFrame, cells: list[str], contract: Contract) -> tuple[pl.DataFrame, list[str]]:
    fields = match(contract, cells).fields
    compared = [header for header in fields.values() if header in cells]
    first = pl.coalesce(cells) if cells else pl.lit(None, pl.String)
    damaged = pl.col(MALFORMED).is_not_null() if MALFORMED in frame.columns else pl.lit(False)
    text = first.str.replace_all(r"\s", "").str.to_lowercase()
    repeated = pl.sum_horizontal(pl.col(name).eq_missing(name) for name in compared) > len(compared) // 2
    alone = pl.sum_horizontal(pl.col(name).is_not_null() for name in cells) <= max(1, min(2, len(cells) - 1))
    kind = (
        pl.when(damaged)
        .then(None)
        .when(first.is_null())
        .then(pl.lit("blank"))
        .when(text.str.contains(_TOTAL))
        .then(pl.lit("total"))
        .when(alone & text.str.contains(_REMARK))
        .then(pl.lit("remark"))
        .when(alone & text.str.contains(_SIGNATURE))
        .then(pl.lit("signature"))
        .when(repeated & pl.lit(len(compared) > 1))
        .then(pl.lit("repeated header"))
    )
    marked = frame.with_columns(kind.alias("__kind"), first.alias("__first"))
    aside = marked.filter(pl.col("__kind").is_not_null()).select(ROW, "__kind", "__first")
    if aside.is_empty():
        return frame, []
    frame = marked.filter(pl.col("__kind").is_null()).drop("__kind", "__first")
    return frame, list(_notes(aside.iter_rows()))


def _notes(aside: Iterable[tuple[int, str, str]]) -> Iterable[str]:
    rows: dict[str, list[tuple[int, str]]] = {}
    for row, kind, text in aside:
        rows.setdefault(kind, []).append((row, text))
    for kind, found in rows.items():
        shown = ", ".join(str(row) for row, _ in found[:_LISTED]) + (" …" if len(found) > _LISTED else "")
        says = f" ({found[0][1][:60]})" if kind == "remark" else ""
        yield f"{len(found)} {kind} row{'s' * (len(found) > 1)} set aside: {shown}{says}"


def _year_rows(
    frame: pl.DataFrame, years: dict[str, int], header: Header, contract: Contract
) -> tuple[pl.DataFrame, list[str]]:
    """One row per year column; the title says the unit and what is counted. A blank cell is no figure, not a zero."""
    wide = contract.wide_years
    assert wide is not None
    unit = title_unit(header.titles)
    value = f"{wide.value}({unit})" if unit else wide.value
    kept = [name for name in frame.columns if name not in years]
    long = frame.unpivot(list(years), index=kept, variable_name=wide.date, value_name=value)
    blank = long[value].null_count()
    long = long.filter(pl.col(value).is_not_null()).with_columns(
        pl.col(wide.date).replace_strict({name: str(year) for name, year in years.items()})
    )
    said = " ".join(header.titles)
    for field, codes in wide.from_title.items():
        found = [code for code, words in codes.items() if any(word in said for word in words)]
        if len(found) == 1:
            long = long.with_columns(pl.lit(found[0]).alias(field))
    notes = [f"{len(years)} year columns read as rows of {wide.date}"]
    return long.sort(ROW, maintain_order=True), notes + [f"{blank} blank cells are no figures"] * (blank > 0)
