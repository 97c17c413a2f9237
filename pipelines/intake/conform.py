"""A table of delivered text to conformed rows, rejects and duplicates: the contract applied, vectorised.

Order: personal columns go first; sentinels become null; each field is read (fields.py); rules over several fields
(rules.py); exact duplicates; rows that share a key but contradict each other. Nothing is written here, and what a
share of rejects means for the file is decided in run.py.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.contracts import headers
from pipelines.contracts.model import Contract, SourceField
from pipelines.contracts.schema import content_columns
from pipelines.intake import fields, privacy, rules
from pipelines.intake.fields import Context, Values
from pipelines.intake.readers.base import ROW, RawTable
from pipelines.intake.readers.layout import MALFORMED
from pipelines.intake.rules import FIELD, HINT, REASON, VALUE

ROWS_AT_ONCE = 200_000
"""Rows read at a time, which bounds memory; duplicates and conflicts are still found over the whole file."""

_INDEX = "__index"
_KEY = "__key"


@dataclass(frozen=True)
class Conformed:
    """One file, conformed. `rows_in` = bronze + rejects + duplicates, always."""

    rows_in: int
    bronze: pl.DataFrame
    """Content columns of the contract, `source_row` and `extras`; in the order of the file."""
    rejects: pl.DataFrame
    """source_row, reason, field, value, raw: one row per rejected row."""
    duplicates: int
    match: headers.Match
    kept_problems: dict[str, dict[str, int]]
    """field → reason → rows that were kept with it."""
    field_problems: dict[str, int]
    """field → values with a problem, kept or not."""

    def rejects_by_reason(self) -> dict[str, int]:
        """Rejected rows by reason, most frequent first."""
        counts = self.rejects["reason"].value_counts().sort(["count", "reason"], descending=[True, False])
        return dict(counts.iter_rows())


def conform(table: RawTable, contract: Contract, delivered_on: date) -> Conformed:
    """Apply the contract to one file's table."""
    raw = table.frame.with_row_index(_INDEX)
    delivered = [name for name in table.frame.columns if name not in (ROW, MALFORMED)]
    match = headers.match(contract, delivered)
    raw = raw.drop(match.personal)
    raw = privacy.mask_unknown(raw, match.unknown, contract)
    pieces = [
        _conform_slice(piece, contract, match, delivered_on)
        for piece in (raw.iter_slices(ROWS_AT_ONCE) if raw.height else [raw])
    ]
    found = _Problems.sum([problems for _, problems in pieces])
    frame = pl.concat([piece for piece, _ in pieces])
    frame = _mark_repeats(frame, contract)
    accepted = frame.filter(pl.col(REASON).is_null())
    names = [column.name for column in content_columns(contract)]
    bronze = accepted.filter(~pl.col("__duplicate")).select(*names, source_row=ROW, extras="__extras")
    rejected = frame.filter(pl.col(REASON).is_not_null())
    return Conformed(
        rows_in=frame.height,
        bronze=bronze,
        rejects=_rejects(rejected, raw, contract, match),
        duplicates=accepted.height - bronze.height,
        match=match,
        kept_problems=found.kept,
        field_problems=found.by_field,
    )


@dataclass(frozen=True)
class _Problems:
    by_field: dict[str, int]
    kept: dict[str, dict[str, int]]

    @classmethod
    def sum(cls, pieces: list["_Problems"]) -> "_Problems":
        by_field: Counter[str] = Counter()
        kept: dict[str, Counter[str]] = {}
        for piece in pieces:
            by_field.update(piece.by_field)
            for field, reasons in piece.kept.items():
                kept.setdefault(field, Counter()).update(reasons)
        return cls(dict(by_field), {field: dict(reasons) for field, reasons in kept.items()})


def _conform_slice(
    raw: pl.DataFrame, contract: Contract, match: headers.Match, delivered_on: date
) -> tuple[pl.DataFrame, _Problems]:
    """Content columns with `__reason`, `__field`, `__value`, `__extras` for a slice of the file."""
    text = {field.name: _delivered_text(raw, field, match, contract) for field in contract.delivered_fields}
    read: dict[str, Values] = {}
    for field in sorted(contract.delivered_fields, key=lambda field: field.party is not None):
        party = read[field.party].hints["is_person"] if field.party else None
        context = Context(delivered_on, contract.earliest_date, match.units.get(field.name), party)
        read[field.name] = fields.read(field, text[field.name], context)
    columns = _columns(contract, read)
    marks = pl.lit(None, pl.String)
    frame = raw.select(_INDEX, ROW).with_columns(
        *columns, marks.alias(REASON), marks.alias(FIELD), marks.alias(VALUE), _extras(raw, match)
    )
    if MALFORMED in raw.columns:
        frame = frame.with_columns(raw[MALFORMED])
        frame = rules.reject(frame, pl.col(MALFORMED).is_not_null(), "row_malformed", "", pl.col(MALFORMED))
        frame = frame.with_columns(pl.when(pl.col(FIELD) != "").then(FIELD).alias(FIELD)).drop(MALFORMED)
    for field in contract.delivered_fields:
        problem = read[field.name].problem
        if problem.null_count() < len(problem):
            frame = frame.with_columns(problem.alias("__problem"), text[field.name].alias("__text"))
            frame = rules.reject(
                frame, pl.col("__problem").is_not_null(), pl.col("__problem"), field.name, pl.col("__text")
            ).drop("__problem", "__text")
    as_delivered = {group[0] for group in contract.at_least_one}
    hints = {
        f"{HINT}{name}": values.hints["type"]
        for name, values in read.items()
        if "type" in values.hints and name != "parent_application_no"
    }
    frame = frame.with_columns(
        *(text[name].alias(f"__as_delivered_{name}") for name in as_delivered),
        *(hint.alias(name) for name, hint in hints.items()),
    )
    frame = rules.check(rules.derive(frame, contract), contract)
    frame = frame.with_columns(pl.col("is_withdrawn").fill_null(False))  # a row retracts only where it says so
    frame = frame.drop(*hints, *(f"__as_delivered_{name}" for name in as_delivered))
    return frame, _problems(read)


def _delivered_text(raw: pl.DataFrame, field: SourceField, match: headers.Match, contract: Contract) -> pl.Series:
    """The field's column with everything that means "nothing" as null."""
    header = match.fields.get(field.name)
    if header is None:
        return pl.Series(field.name, dtype=pl.String).clear(raw.height)
    empty = [*contract.sentinels, *field.sentinels, *(contract.date_sentinels if field.type == "date" else [])]
    bare = pl.col(header).str.strip_chars()
    return raw.select(pl.when((bare != "") & ~bare.is_in(empty)).then(pl.col(header)).alias(field.name)).to_series()


def _columns(contract: Contract, read: dict[str, Values]) -> list[pl.Series]:
    """Content columns in the contract's order: a field's own value, else the part of another field."""
    parts: dict[str, list[pl.Series]] = {}
    for field in contract.delivered_fields:
        for part, name in field.also.items():
            parts.setdefault(name, []).append(read[field.name].parts[part])
    columns = []
    for column in content_columns(contract):
        own = read[column.name].value if column.name in read else None
        candidates = [series for series in (own, *parts.get(column.name, [])) if series is not None]
        filled = pl.DataFrame([s.cast(column.dtype).alias(str(i)) for i, s in enumerate(candidates)])
        columns.append(filled.select(pl.coalesce(filled.columns).alias(column.name)).to_series())
    return columns


def _extras(raw: pl.DataFrame, match: headers.Match) -> pl.Series:
    """Columns the contract does not know, as one JSON object with sorted keys; null where all are blank."""
    unknown = sorted(match.unknown)
    if not unknown:
        return pl.Series("__extras", dtype=pl.String).clear(raw.height)
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in unknown)
    packed = pl.when(filled).then(pl.struct(unknown).struct.json_encode())
    return raw.select(privacy.mask_numbers(packed).alias("__extras")).to_series()


def _problems(read: dict[str, Values]) -> _Problems:
    by_field: dict[str, int] = {}
    kept: dict[str, dict[str, int]] = {}
    for name, values in read.items():
        count = len(values.problem) - values.problem.null_count()
        if values.kept_problem is not None and values.kept_problem.null_count() < len(values.kept_problem):
            reasons = values.kept_problem.drop_nulls().value_counts()
            kept[name] = dict(reasons.iter_rows())
            count += sum(kept[name].values())
        by_field[name] = count
    return _Problems(by_field, kept)


def _mark_repeats(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Mark exact duplicates (`__duplicate`, the first is kept) and reject rows whose key contradicts another's."""
    names = [column.name for column in content_columns(contract)]
    frame = frame.with_columns(_key(contract).alias(_KEY), pl.lit(False).alias("__duplicate"))
    accepted = pl.col(REASON).is_null()
    repeated = frame.filter(accepted & pl.col(_KEY).is_duplicated().over(accepted)).select(_INDEX, _KEY, *names)
    if repeated.is_empty():
        return frame.drop(_KEY)
    first = repeated.unique(names, keep="first", maintain_order=True)
    conflicts = first.filter(pl.col(_KEY).is_duplicated())
    duplicates = repeated.join(first, on=_INDEX, how="anti")
    frame = frame.with_columns(
        pl.col(_INDEX).is_in(duplicates[_INDEX].implode()).alias("__duplicate"),
        pl.col(_INDEX).is_in(conflicts[_INDEX].implode()).alias("__conflict"),
    )
    key_field = contract.business_key[0][0]
    return rules.reject(frame, pl.col("__conflict"), "key_conflict", key_field, pl.col(_KEY)).drop(_KEY, "__conflict")


def _key(contract: Contract) -> pl.Expr:
    """The business key as one text: the first of the declared keys whose leading column has a value."""
    keys = []
    for columns in contract.business_key:
        parts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
        keys.append(pl.when(pl.col(columns[0]).is_not_null()).then(pl.concat_str(parts, separator=" ")))
    return pl.coalesce(keys)


def _rejects(rejected: pl.DataFrame, raw: pl.DataFrame, contract: Contract, match: headers.Match) -> pl.DataFrame:
    """Quarantine rows: the first problem of each row, and the row as delivered without personal data."""
    delivered = raw.join(rejected.select(_INDEX), on=_INDEX, how="semi", maintain_order="left")
    columns = [name for name in delivered.columns if name not in (_INDEX, ROW, MALFORMED)]
    delivered = privacy.mask_known(delivered, match, contract)
    packed = privacy.mask_numbers(pl.struct(columns).struct.json_encode()) if columns else pl.lit("{}")
    if MALFORMED in delivered.columns:
        packed = pl.when(pl.col(MALFORMED).is_null()).then(packed).otherwise(pl.lit("{}"))
    return rejected.select(source_row=ROW, reason=REASON, field=FIELD, value=VALUE).with_columns(
        delivered.select(packed.alias("raw")).to_series()
    )
