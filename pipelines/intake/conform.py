"""Tables of delivered text to conformed rows, rejects and duplicates: the contract applied, vectorised.

Order: placeholders for names and personal columns go first; other sentinels become null; each field is read
(fields.py); rules over several fields (rules.py); values far from the others of their file (plausible.py); exact
duplicates; rows that share a key but contradict each other. Nothing is written here, and what a share of rejects means
for a file is decided in batch.py.

Files of one shape (the same columns) are conformed together, whatever day they came: an office's ZIP holds thousands
of one-record documents, and a monthly list has the same columns for years.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import polars as pl

from pipelines.codes import dates, persons
from pipelines.contracts import headers
from pipelines.contracts.model import Contract, SourceField
from pipelines.contracts.schema import content_columns
from pipelines.intake import faults, fields, placeholders, plausible, privacy, rules
from pipelines.intake.corrections import delivered_columns
from pipelines.intake.fields import Context, Values
from pipelines.intake.readers.base import MALFORMED, ROW
from pipelines.intake.rules import FIELD, FILE, HINT, INDEX, KEPT, REASON, VALUE

ROWS_AT_ONCE = 200_000
"""Rows read at a time, which bounds memory; duplicates and conflicts are still found over whole files."""

_KEY = "__key"
_PROBLEMS = {FILE: pl.Int64(), "field": pl.String(), "reason": pl.String(), "is_kept": pl.Boolean()}


@dataclass(frozen=True)
class Conformed:
    """Files of one shape, conformed. Every frame has FILE; per file, rows_in = out + quarantined + duplicate."""

    match: headers.Match
    bronze: pl.DataFrame
    """Content columns of the contract, `source_row` and `extras`; in the order of the files."""
    rejects: pl.DataFrame
    """source_row, reason, field, value, raw: one row per rejected row."""
    counts: pl.DataFrame
    """rows_in, rows_out, rows_quarantined, rows_duplicate: one row per file."""
    problems: pl.DataFrame
    """field, reason, is_kept, n: values with a problem, per file; `is_kept` where it does not reject the row."""
    notes: pl.DataFrame
    """note: what is unusual in a file, by row."""
    values: pl.DataFrame
    """The numbers of which the contract knows the ordinary size (`plausible.VALUES`)."""


def conform(
    frames: Sequence[pl.DataFrame],
    contract: Contract,
    delivered_on: date | Sequence[date],
    planned_regions: frozenset[str] = frozenset(),
) -> Conformed:
    """Apply the contract to tables with the same columns (`RawTable.frame`), all of one day or each of its own."""
    day = delivered_on if isinstance(delivered_on, date) else pl.Series(delivered_on, dtype=pl.Date)
    context = Context(day, contract.earliest_date, planned_regions=planned_regions, no_dates=_no_dates(contract))
    columns = delivered_columns(frames[0])
    match = headers.match(contract, columns)
    position = pl.lit(0, pl.Int64).alias(FILE)
    raw = pl.concat([frame.with_columns(position + number) for number, frame in enumerate(frames)])
    raw = faults.set_apart(placeholders.without_nobody(raw, match, contract))
    raw = privacy.mask_free_text(raw, match, contract).drop(match.personal).with_row_index(INDEX)
    raw = privacy.mask_unknown(raw, match.unknown, contract)
    slices = list(raw.iter_slices(ROWS_AT_ONCE)) if raw.height else [raw]
    pieces = [_conform_slice(piece, contract, match, context) for piece in slices]
    judged = plausible.judge(pl.concat([piece for piece, _ in pieces]), raw, contract, match)
    frame = _mark_repeats(judged.frame, contract)
    rejected, duplicate = pl.col(REASON).is_not_null(), pl.col("__duplicate")
    names = [column.name for column in content_columns(contract)]
    counts = frame.group_by(FILE).agg(
        rows_in=pl.len(),
        rows_out=(~rejected & ~duplicate).sum(),
        rows_quarantined=rejected.sum(),
        rows_duplicate=(~rejected & duplicate).sum(),
    )
    every = pl.DataFrame({FILE: range(len(frames))}, schema={FILE: pl.Int64})
    return Conformed(
        match=match,
        bronze=frame.filter(~rejected & ~duplicate).select(FILE, *names, source_row=ROW, extras="__extras"),
        rejects=_rejects(frame.filter(rejected), raw, contract, match),
        counts=every.join(counts, on=FILE, how="left", maintain_order="left").fill_null(0).cast(pl.Int64),
        problems=pl.concat([*(problems for _, problems in pieces), judged.problems])
        .group_by(list(_PROBLEMS))
        .agg(n=pl.len().cast(pl.Int64)),
        notes=judged.notes,
        values=judged.values,
    )


def _conform_slice(
    raw: pl.DataFrame, contract: Contract, match: headers.Match, context: Context
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Content columns with `__reason`, `__field`, `__value`, `__extras` for some rows, and their problems.

    Where `context` has a delivery day for each file, it becomes one for each row.
    """
    if isinstance(context.delivered_on, pl.Series):
        context = replace(context, delivered_on=context.delivered_on.gather(raw[FILE]))
    text = {field.name: _delivered_text(raw, field, match, contract) for field in contract.delivered_fields}
    read: dict[str, Values] = {}
    for field in sorted(contract.delivered_fields, key=lambda field: field.party is not None):
        party = read[field.party].hints["is_person"] if field.party else None
        said = replace(context, unit=match.units.get(field.name), is_person=party)
        values = fields.read(field, text[field.name], said)
        if (at_fault := faults.column_of(match.fields.get(field.name, ""))) in raw.columns:
            values = fields.with_faults(field, values, raw[at_fault])
            text[field.name] = _first_of(text[field.name], raw[match.fields[field.name]])
        read[field.name] = plausible.waived(values, raw, field)
    columns = _columns(contract, read)
    nothing = [pl.lit(None, pl.String).alias(name) for name in (REASON, FIELD, VALUE)]
    frame = raw.select(INDEX, FILE, ROW).with_columns(*columns, *nothing, _extras(raw, match))
    if MALFORMED in raw.columns:
        frame = frame.with_columns(raw[MALFORMED])
        frame = rules.reject(frame, pl.col(MALFORMED).is_not_null(), "row_malformed", None, pl.col(MALFORMED))
        frame = frame.drop(MALFORMED)
    for field in contract.delivered_fields:
        problem = read[field.name].problem
        if problem.null_count() < len(problem):
            shown = _shown(text[field.name], problem, raw, field, match, contract)
            found = frame.with_columns(problem.alias("__problem"), shown.alias("__text"))
            reason, value = pl.col("__problem"), pl.col("__text")
            frame = rules.reject(found, reason.is_not_null(), reason, field.name, value).drop("__problem", "__text")
    helpers = {f"{rules.AS_DELIVERED}{group[0]}": text[group[0]] for group in contract.at_least_one}
    helpers |= {
        f"{HINT}{name}": values.hints["type"]
        for name, values in read.items()
        if "type" in values.hints and (contract.field(name).type == "publication_no" or contract.field(name).also)
    }
    frame = frame.with_columns(series.alias(name) for name, series in helpers.items())
    frame = rules.check(rules.derive(frame, contract), contract)
    frame = frame.with_columns(pl.col("is_withdrawn").fill_null(False))  # a row retracts only where it says so
    reported = [name for name in frame.columns if name.startswith(KEPT)]
    problems = [
        *((name, values.problem, False) for name, values in read.items()),
        *((name, values.kept_problem, True) for name, values in read.items()),
        *((name.removeprefix(KEPT), frame[name], True) for name in reported),
    ]
    return frame.drop(*helpers, *reported), _problems(raw[FILE], problems)


def _first_of(text: pl.Series, shown: pl.Series) -> pl.Series:
    """The text, or what the cell shows where that was taken for nothing (#N/A)."""
    return pl.DataFrame([text.alias("text"), shown.alias("shown")]).select(pl.coalesce("text", "shown")).to_series()


def _shown(
    text: pl.Series, problem: pl.Series, raw: pl.DataFrame, field: SourceField, match: headers.Match, contract: Contract
) -> pl.Series:
    """The values to be named with their problem; damaged names and addresses, of which any type may be, masked."""
    header = match.fields.get(field.name)
    if header is None or not (problem == "encoding_damaged").any():
        return text
    return privacy.mask_known(raw, match, contract)[header]


def _delivered_text(raw: pl.DataFrame, field: SourceField, match: headers.Match, contract: Contract) -> pl.Series:
    """The field's column with everything that means "nothing" as null."""
    header = match.fields.get(field.name)
    if header is None:
        return pl.Series(field.name, dtype=pl.String).clear(raw.height)
    return placeholders.entered(raw[header], contract, field).alias(field.name)


@cache
def _no_dates(contract: Contract) -> frozenset[date]:
    """The contract's days that mean "no date", in whatever notation they come."""
    written = pl.DataFrame({"day": contract.date_sentinels}, schema={"day": pl.String})
    return frozenset(written.select(dates.parse("day").struct.field("date").drop_nulls()).to_series())


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
        # A number too large for its column is out of the contract's range as well: its row is refused.
        filled = pl.DataFrame([s.cast(column.dtype, strict=False).alias(str(i)) for i, s in enumerate(candidates)])
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


def _problems(file: pl.Series, found: Iterable[tuple[str, pl.Series | None, bool]]) -> pl.DataFrame:
    """One row per value with a problem: file, field, reason, and whether the row is kept all the same."""
    frames = [pl.DataFrame(schema=_PROBLEMS)]
    for name, reasons, is_kept in found:
        if reasons is not None and reasons.null_count() < len(reasons):
            frame = pl.DataFrame([file, reasons.alias("reason")]).drop_nulls("reason")
            frame = frame.with_columns(field=pl.lit(name), is_kept=pl.lit(is_kept))
            frames.append(frame.select(list(_PROBLEMS)))
    return pl.concat(frames)


def _mark_repeats(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Mark exact duplicates (`__duplicate`, the first is kept) and reject rows whose key contradicts another's.

    Both within one file only: a later file that says something else about a key is a later version of it. Natural
    persons in the key are no contradiction: their masked names do not tell two of them apart.
    """
    names = [column.name for column in content_columns(contract)]
    frame = frame.with_columns(_key(contract).alias(_KEY), pl.lit(False).alias("__duplicate"))
    accepted = frame.filter(pl.col(REASON).is_null())
    repeated = accepted.filter(pl.struct(FILE, _KEY).is_duplicated()).select(INDEX, FILE, _KEY, *names)
    if repeated.is_empty():
        return frame.drop(_KEY)
    first = repeated.unique([FILE, *names], keep="first", maintain_order=True)
    conflicts = first.filter(pl.struct(FILE, _KEY).is_duplicated() & ~_anonymous(contract))
    duplicates = repeated.join(first, on=INDEX, how="anti")
    frame = frame.with_columns(
        pl.col(INDEX).is_in(duplicates[INDEX].implode()).alias("__duplicate"),
        pl.col(INDEX).is_in(conflicts[INDEX].implode()).alias("__conflict"),
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


def _anonymous(contract: Contract) -> pl.Expr:
    """Whether a party that is part of the business key is a natural person."""
    keys = {name for key in contract.business_key for name in key}
    kinds = [
        field.also["kind"]
        for field in contract.delivered_fields
        if field.also.get("key") in keys and "kind" in field.also
    ]
    return pl.any_horizontal(pl.lit(False), *((pl.col(kind) == persons.PERSON).fill_null(False) for kind in kinds))


def _rejects(rejected: pl.DataFrame, raw: pl.DataFrame, contract: Contract, match: headers.Match) -> pl.DataFrame:
    """Quarantine rows: the first problem of each row, and the row as delivered without personal data."""
    if rejected.is_empty():
        return rejected.select(FILE, source_row=ROW, reason=REASON, field=FIELD, value=VALUE, raw=VALUE)
    delivered = raw.join(rejected.select(INDEX), on=INDEX, how="semi", maintain_order="left")
    columns = [name for name in delivered_columns(delivered) if name not in (INDEX, FILE)]
    delivered = privacy.mask_known(delivered, match, contract)
    packed = privacy.mask_numbers(pl.struct(columns).struct.json_encode()) if columns else pl.lit("{}")
    if MALFORMED in delivered.columns:
        packed = pl.when(pl.col(MALFORMED).is_null()).then(packed).otherwise(pl.lit("{}"))
    value = privacy.mask_numbers(pl.col(VALUE))
    return rejected.select(FILE, source_row=ROW, reason=REASON, field=FIELD, value=value).with_columns(
        delivered.select(packed.alias("raw")).to_series()
    )
