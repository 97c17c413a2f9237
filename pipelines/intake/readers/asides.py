"""Which rows of a table are no records: blank ones, totals, remarks, signatures.

A total is told by the word in a label and by what else the row holds: a row with an identifier is a record whatever
it is called, and one that may be either is kept as damaged. Repeated headers and titles are tables.py's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from pipelines.contracts.headers import Match, match
from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import MALFORMED, ROW, cell_columns, listed

Aside = tuple[int, str, str]
"""Row number, kind and text of a row that is no record."""

_NUMBERING = r"(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]?[、.．:：,，])?"
_SCOPE = r"(?:本页|本表|本期|本月|本季度?|本年度?|全年|年度|全部|全市|全区|全县|各项|以上|上述|上页|总|共)*"
_WORD = r"(?:[小合总累共]计|总数|总额|(?:grand|sub|over-?all)?-?totals?)"
_COUNT = r"(?:[\d,.]+[件项个人次家户笔万亿元]{0,3})?"
_AFTER = rf"(?:数|额|值|金额|件数|人数|人次)?[:：]?(?:[(（][^()（）]*[)）])?[:：]?{_COUNT}[:：。]?"
_BARE = rf"(?i)^{_NUMBERING}(?:{_SCOPE}{_WORD}{_AFTER}|其中[:：].*|其中|承前页|过次页|承上页|转下页)$"
_NAMED = rf"(?i)^.{{1,30}}{_WORD}{_AFTER}$"
_MAY_BE_TOTAL = r"(?i)[计总]|total|其\s*中|次页|前页|上页|下页"
_REMARK = r"^(?:注|备注|说明|附注|数据来源|资料来源|来源)\s*\d*\s*[:：.、]"
_PAGE = r"^(?:第?\s*\d+\s*页|第\s*\d+\s*页?\s*[,，/、]?\s*共\s*\d+\s*页|-\s*\d+\s*-|page\s*\d+.*)$"
_SIGNATURE = r"^(?:填表人?|制表人?|审核人?|复核人?|经办人?|填报人?|填报单位|制表单位|单位负责人|统计负责人)\s*[:：]"
_IDENTIFIER = r"\d{5}|[A-Za-z]\d|\d[A-Za-z]|\d{4}\D*\d"
_IDENTIFIERS = {"application_no", "publication_no", "copyright_no", "credit_code", "region"}
_NUMBERS = {"integer", "number", "amount"}
_PLACES = {"region", "address"}

_DOUBT = "looks like a total ({}), but no rows above add up to it; take the total out, or correct the label"


def is_aside(line: str) -> bool:
    """Whether a line of one cell is a remark, signature or total rather than a damaged record."""
    line = line.strip(' ,;\t"')
    return any(re.match(pattern, line) for pattern in (_REMARK, _SIGNATURE, _BARE, _PAGE))


def set_aside(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[Aside]]:
    """The records of a table, and the rows that are none.

    `frame` is named as delivered, blank cells null. A row that may be a total gets its reason in MALFORMED.
    """
    cells = cell_columns(frame)
    if not cells or frame.is_empty():
        return frame, []
    frame, totals = _without_totals(frame, cells, contract)
    first = pl.coalesce(cells)
    line = first.str.replace_all(r"\s", "").str.to_lowercase()
    alone = pl.sum_horizontal(pl.col(name).is_not_null() for name in cells) <= max(1, min(2, len(cells) - 1))
    kind: pl.Expr = (
        pl.when(first.is_null())
        .then(pl.lit("blank"))
        .when(alone & line.str.contains(_REMARK))
        .then(pl.lit("remark"))
        .when(alone & line.str.contains(_SIGNATURE))
        .then(pl.lit("signature"))
    )
    if MALFORMED in frame.columns:  # one without cells is no blank row
        kind = pl.when(first.is_not_null() | pl.col(MALFORMED).is_null()).then(kind)
    marked = frame.with_columns(kind.alias("__kind"), first.alias("__first"))
    found = marked.filter(pl.col("__kind").is_not_null()).select(ROW, "__kind", "__first")
    if found.height:
        frame = marked.filter(pl.col("__kind").is_null()).drop("__kind", "__first")
    return frame, [*totals, *found.rows()]


def notes(aside: Sequence[Aside]) -> Iterator[str]:
    """One line per kind: how many rows of it, and which."""
    kinds = list(dict.fromkeys(kind for _, kind, _ in aside))
    for kind, group in groupby(sorted(aside, key=lambda one: (kinds.index(one[1]), one[0])), key=lambda one: one[1]):
        found = list(group)
        shown = listed([row for row, _, _ in found])
        says = f" ({found[0][2][:60]})" if kind == "remark" else ""
        yield f"{len(found)} {kind} row{'s' * (len(found) > 1)} set aside: {shown}{says}"


@dataclass(frozen=True)
class _Columns:
    """Headers of a table by what a total would write in them."""

    labels: list[str]
    """All in which words may stand."""
    leading: list[str]
    """The labels a total is written in: the first column, running numbers, keys and places."""
    identifiers: list[str]
    required: list[list[str]]
    """Groups of which a record fills one."""
    numbers: list[str]


def _columns(cells: list[str], contract: Contract) -> _Columns:
    found: Match = match(contract, cells)
    types = {header: contract.field(field) for field, header in found.fields.items()}
    wanted = [[field.name] for field in contract.fields if field.required] + contract.at_least_one
    groups = [[found.fields[name] for name in group if name in found.fields] for group in wanted]
    keys = {found.fields[name] for key in contract.business_key for name in key if name in found.fields}
    leading = {cells[0], *found.ordinals, *keys, *(header for group in groups for header in group)}
    return _Columns(
        labels=[name for name in cells if name not in types or types[name].type not in _NUMBERS],
        leading=[n for n in cells if n in leading or (n in types and types[n].type in _PLACES)],
        identifiers=[name for name, field in types.items() if field.identifier or field.type in _IDENTIFIERS],
        required=[group for group in groups if group],
        numbers=[name for name, field in types.items() if field.type in _NUMBERS],
    )


def _without_totals(frame: pl.DataFrame, cells: list[str], contract: Contract) -> tuple[pl.DataFrame, list[Aside]]:
    columns = _columns(cells, contract)
    indexed = frame.with_row_index("__at")
    suspects = indexed
    if columns.identifiers:
        is_record = pl.any_horizontal(_is_identifier(pl.col(name)) for name in columns.identifiers)
        suspects = indexed.filter(~is_record.fill_null(False))
    suspects = suspects.filter(
        pl.any_horizontal(pl.col(name).str.contains(_MAY_BE_TOTAL) for name in columns.labels).fill_null(False)
    )
    judged: dict[int, tuple[str, bool]] = {}
    sums = _Sums(frame, columns) if suspects.height else None
    for row in suspects.iter_rows(named=True):
        if sums and (label := _total_label(row, columns)):
            certain = _is_total(row, label, columns)
            if certain is None:
                continue
            judged[row["__at"]] = label[1], certain or sums.agree(row["__at"], label[1])
            sums.close(row["__at"])
    return _judged(frame, cells, judged)


def _judged(
    frame: pl.DataFrame, cells: list[str], judged: dict[int, tuple[str, bool]]
) -> tuple[pl.DataFrame, list[Aside]]:
    if not judged:
        return frame, []
    certain = [at for at, (_, is_certain) in judged.items() if is_certain]
    doubtful = {at: _DOUBT.format(label) for at, (label, is_certain) in judged.items() if not is_certain}
    aside = [(int(frame[ROW][at]), "total", judged[at][0]) for at in certain]
    if doubtful:
        known = pl.col(MALFORMED) if MALFORMED in frame.columns else pl.lit(None, pl.String)
        at = pl.int_range(pl.len())
        told = at.replace_strict(list(doubtful), list(doubtful.values()), default=None, return_dtype=pl.String)
        frame = frame.with_columns(pl.coalesce(known, told).alias(MALFORMED))
    return frame.filter(~pl.int_range(pl.len()).is_in(certain)), aside


def _is_identifier(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(_IDENTIFIER) & ~cell.str.contains(r"计|(?i)total")


def _total_label(row: dict[str, str | None], columns: _Columns) -> tuple[str, str] | None:
    """Column and text of the label that says total; the bare word before one with a name."""
    texts = [(name, re.sub(r"\s", "", row[name] or "")) for name in columns.labels]
    for pattern in (_BARE, _NAMED):
        for name, label in texts:
            if label and re.match(pattern, label):
                return name, label
    return None


def _is_total(row: dict[str, str | None], label: tuple[str, str], columns: _Columns) -> bool | None:
    """True for a total whatever its numbers are, False for what may be one, None for a record."""
    column, said = label
    others = [name for name in columns.labels if name != column]
    lacking = any(all(row[name] is None for name in group) for group in columns.required)
    sparse = sum(row[name] is not None for name in others) <= max(1, len(others) // 2)
    if lacking and sparse:
        return True
    return bool(re.match(_BARE, said)) if column in columns.leading else None


class _Sums:
    """Sums of a table's number columns over the rows above a row, totals left out."""

    def __init__(self, frame: pl.DataFrame, columns: _Columns) -> None:
        self._frame = frame
        self._columns = columns
        self._totals: list[int] = []
        figure = [
            pl.col(name).str.replace_all(r"[,，\s]", "").cast(pl.Float64, strict=False) for name in columns.numbers
        ]
        self._figures = frame.select(figure)

    def close(self, at: int) -> None:
        """Take this row as a total: a later one does not count it, and a subtotal begins below it."""
        self._totals.append(at)

    def agree(self, at: int, label: str) -> bool:
        """Whether a number of the row is the sum since the last total, of all rows above, or of those it names."""
        since = self._totals[-1] + 1 if self._totals else 0
        above = pl.int_range(pl.len())
        records = self._figures.with_columns(above.alias("__at")).filter(
            (pl.col("__at") < at) & ~pl.col("__at").is_in(self._totals)
        )
        name = re.sub(rf"(?i){_WORD}{_AFTER}$", "", label)
        labels = self._frame.select(self._columns.labels).iter_rows()
        of_name = pl.Series([bool(name) and name in row for row in labels], dtype=pl.Boolean)
        for piece in (
            records.filter(pl.col("__at") >= since),
            records,
            records.filter(of_name.gather(records["__at"])),
        ):
            for column in self._columns.numbers:
                figure, total = self._figures[column][at], piece[column].sum()
                if piece.height and figure and abs(total - figure) <= max(0.01, 1e-6 * abs(figure)):
                    return True
        return False
