"""One field's delivered text to its bronze values, whatever the file: one function per contract type.

Belongs here: applying a contract's declaration (units, lists, limits) to a column with the parsers of `codes`.
Does not belong here: rules over several fields (rules.py), and what happens to rows with problems (conform.py).
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.codes import (
    amounts,
    application_no,
    copyright_no,
    credit_code,
    dates,
    divisions,
    ipc,
    party_names,
    persons,
    publication_no,
)
from pipelines.codes import text as texts
from pipelines.contracts.model import SourceField
from pipelines.intake import damage, faults, periods, privacy

_REFERENCES = Path(__file__).parents[1] / "contracts" / "data"
_TRUE = ("true", "1", "是", "y", "yes", "t", "d", "delete", "删除", "撤回", "撤销")
_FALSE = ("false", "0", "否", "n", "no", "f", "i", "u", "insert", "update", "新增", "修改")
_ZONE_CODE = r"^(\d{4})(?:[A-Z]\d|ZZ)$"
_COUNTRY, _COUNTRY_NAMES = "100000", ("全国", "中国", "中华人民共和国")
_SPOILED = r"^[0-9](?:\.[0-9]+)?E\+[0-9]+$"  # a number that a spreadsheet took for a quantity
_YEAR_ONLY = r"^(\d{4}) ?年?度?末?$"


@dataclass(frozen=True)
class Context:
    """What is known about a column's values from elsewhere."""

    delivered_on: date | pl.Series
    """The day all values were delivered, or that of each."""
    earliest_date: date
    unit: str | None = None
    """Unit found in the field's header."""
    is_person: pl.Series | None = None
    """For an address: whether its party is a natural person."""
    planned_regions: frozenset[str] = frozenset()
    """Codes that the run's plans give to their regions, beside those of the table of divisions."""
    no_dates: frozenset[date] = frozenset()
    """Days that mean "no date"."""


@dataclass(frozen=True)
class Values:
    """A column read: value and parts as long as the text, problems null where there is none."""

    value: pl.Series
    problem: pl.Series
    """Reason code that rejects the row."""
    kept_problem: pl.Series | None = None
    """Reason code that is only reported."""
    parts: dict[str, pl.Series] = field(default_factory=dict)
    hints: dict[str, pl.Series] = field(default_factory=dict)
    """Facts for rules over several fields: what the number says about the patent type."""


def read(declared: SourceField, text: pl.Series, context: Context) -> Values:
    """Read one column of text (sentinels already null) as the contract declares it."""
    if text.null_count() < len(text):
        values = _read_distinct(declared, text, context)
        if declared.not_after_delivery:
            return _not_after(context.delivered_on, values, "date_in_future")
        if declared.years_ahead:
            return _not_after(_later(context.delivered_on, declared.years_ahead), values, "date_out_of_range")
        return values
    if declared.type not in _NOTHING:
        nowhere = replace(context, delivered_on=date.max, is_person=None)
        _NOTHING[declared.type] = _READERS[declared.type](declared, text.clear(1), nowhere)
    nothing = _NOTHING[declared.type]

    def repeated(series: dict[str, pl.Series]) -> dict[str, pl.Series]:
        return {name: one.new_from_index(0, len(text)) for name, one in series.items()}

    return Values(
        nothing.value.clear(len(text)), _no_problem(text), parts=repeated(nothing.parts), hints=repeated(nothing.hints)
    )


_QUANTITIES = ("amount", "boolean", "date", "integer", "number")


def with_faults(declared: SourceField, values: Values, reasons: pl.Series) -> Values:
    """The same column where cells are at fault (faults.py): `reasons` says why, null where they are not.

    A number of too many digits is one all the same where a quantity is meant. Of a credit code the row needs no more
    than to know that it is none.
    """
    frame = pl.DataFrame([values.value.alias("value"), values.problem.alias("problem"), reasons.alias("fault")])
    is_spoiled = pl.col("fault") == faults.IDENTIFIER_SPOILED
    other = pl.when(~is_spoiled).then("fault")
    if declared.type in _QUANTITIES:
        return replace(values, problem=frame.select(pl.coalesce("problem", other).alias("problem")).to_series())
    value = frame.select(pl.when(pl.col("fault").is_null()).then("value").alias(values.value.name)).to_series()
    if declared.type == "credit_code":
        kept = frame.with_columns((values.kept_problem if values.kept_problem is not None else reasons).alias("kept"))
        malformed = pl.when(is_spoiled).then(pl.lit(credit_code.MALFORMED)).otherwise("kept")
        problem = frame.select(pl.coalesce(other, "problem").alias("problem")).to_series()
        return replace(values, value=value, problem=problem, kept_problem=kept.select(malformed).to_series())
    problem = frame.select(
        pl.when(is_spoiled).then("fault").otherwise(pl.coalesce("problem", "fault")).alias("problem")
    ).to_series()
    return replace(values, value=value, problem=problem)


def _read_distinct(declared: SourceField, text: pl.Series, context: Context) -> Values:
    """Read each different text once where texts repeat: dates, names and addresses do, numbers of rights do not."""
    asked = text.alias("text").to_frame()
    if context.is_person is not None:
        asked = asked.with_columns(context.is_person.alias("is_person"))
    if len(text) < _WORTH_LOOKING:
        return _read_intact(declared, text, context)
    different = asked.unique(maintain_order=True)
    if different.height > _REPEATS * len(text):
        return _read_intact(declared, text, context)
    if context.is_person is not None:
        context = replace(context, is_person=different["is_person"])
    values = _read_intact(declared, different["text"].alias(text.name), context)
    numbered = different.with_row_index("number")
    at = asked.join(numbered, on=asked.columns, how="left", nulls_equal=True, maintain_order="left")["number"]
    return Values(
        values.value.gather(at),
        values.problem.gather(at),
        None if values.kept_problem is None else values.kept_problem.gather(at),
        parts={name: part.gather(at) for name, part in values.parts.items()},
        hints={name: hint.gather(at) for name, hint in values.hints.items()},
    )


def _read_intact(declared: SourceField, text: pl.Series, context: Context) -> Values:
    """Read a column without a spreadsheet's text marks; damaged text has no value but a problem, whatever its type,
    unless it is prose."""
    bare = _without_text_mark(declared, text)
    damaged = damage.find(text, is_name=declared.type in ("party_name", "party_list"))
    if damaged is None:
        return _READERS[declared.type](declared, bare, context)
    if declared.prose:
        told = damaged.to_frame("damaged").select(pl.when("damaged").then(pl.lit("text_damaged"))).to_series()
        return replace(_READERS[declared.type](declared, bare, context), kept_problem=told)
    frame = pl.DataFrame([bare.alias("text"), damaged.alias("damaged")])
    intact = frame.select(pl.when(~pl.col("damaged")).then("text").alias(text.name)).to_series()
    values = _READERS[declared.type](declared, intact, context)
    found = frame.select(problem=pl.when("damaged").then(pl.lit("encoding_damaged")))
    return replace(values, problem=found.select(pl.coalesce("problem", values.problem)).to_series())


_TEXT_MARKS = "'`’‘＇｀´′"
"""What is typed before a number so that a spreadsheet takes it for text."""
_MARKED_CODE = rf"^[{_TEXT_MARKS}]([A-Za-z]{{0,4}}[0-9][0-9A-Za-z./-]{{4,}})$"


def _without_text_mark(declared: SourceField, text: pl.Series) -> pl.Series:
    """Codes, dates, numbers and postcodes without a mark before them; of titles only what is a number all the same
    ('47 and ’Round are names)."""
    if declared.type in ("party_name", "party_list"):
        return text
    if declared.type == "address":
        return text.str.replace(rf"^[{_TEXT_MARKS}]([0-9])", "$1")
    if declared.type == "text" and not declared.identifier:
        return text.str.replace(_MARKED_CODE, "$1")
    return text.str.strip_chars_start(f"{_TEXT_MARKS} ")


_WORTH_LOOKING = 200
"""Rows below which finding the different texts costs as much as reading them all."""
_REPEATS = 0.7
"""Share of different texts above which a column does not repeat."""


def _not_after(latest: date | pl.Series, values: Values, reason: str) -> Values:
    """The same dates, with a problem where one lies after the latest day there can be."""
    frame = pl.DataFrame([values.value.alias("day"), values.problem.alias("problem")])
    too_late = pl.when(pl.col("day") > pl.lit(latest)).then(pl.lit(reason))
    return replace(values, problem=frame.select(pl.coalesce("problem", too_late)).to_series())


def _later(day: date | pl.Series, years: int) -> date | pl.Series:
    return (day if isinstance(day, pl.Series) else pl.Series([day])).dt.offset_by(f"{years}y")


_NOTHING: dict[str, Values] = {}
"""By type: one empty cell read, which says what every cell of an absent column is; saves the work for such columns."""


def _no_problem(text: pl.Series) -> pl.Series:
    return pl.Series(dtype=pl.String).clear(len(text))


def _select(text: pl.Series, **expressions: pl.Expr) -> pl.DataFrame:
    return text.to_frame("text").select(**expressions)


def _text(declared: SourceField, text: pl.Series, _: Context) -> Values:
    if not declared.identifier:
        return Values(text.to_frame("text").select(texts.clean("text")).to_series(), _no_problem(text))
    frame = _select(text, value=texts.fold("text"))
    spoiled = pl.col("value").str.contains(_SPOILED)
    frame = frame.select(
        value=pl.when(~spoiled).then("value"), problem=pl.when(spoiled).then(pl.lit("identifier_spoiled"))
    )
    return Values(frame["value"], frame["problem"])


def _date(declared: SourceField, text: pl.Series, context: Context) -> Values:
    frame = text.to_frame("text")
    if declared.year_means == "year_end" or "year" in declared.last_day_of:
        year = texts.narrow("text").str.extract(_YEAR_ONLY, 1)
        frame = frame.with_columns(text=pl.coalesce(year + "-12-31", "text"))
    frame = frame.select(dates.parse("text", month_end="month" in declared.last_day_of).alias("answer"))
    frame = frame.unnest("answer")
    day = pl.when(~pl.col("date").is_in(list(context.no_dates))).then("date")
    problem = pl.coalesce(
        "problem",
        pl.when(day < context.earliest_date).then(pl.lit("date_out_of_range")),
    )
    frame = frame.select(date=day, problem=problem)
    imprecise = _imprecise(text, frame["date"]) if declared.last_day_of else None
    return Values(frame["date"], frame["problem"], kept_problem=imprecise)


def _imprecise(text: pl.Series, day: pl.Series) -> pl.Series:
    """`date_imprecise` where a day was read from a year or month only."""
    frame = pl.DataFrame([text.alias("text"), day.alias("day")])
    exact = dates.parse("text").struct.field("date")
    was_read = pl.col("day").is_not_null() & exact.is_null()
    return frame.select(pl.when(was_read).then(pl.lit("date_imprecise"))).to_series()


def _number(declared: SourceField, text: pl.Series, context: Context) -> Values:
    """Numbers in the contract's unit; the unit of the cell goes before the header's, and none is guessed."""
    factors = declared.unit.factors if declared.unit else {}
    written = pl.col("written")
    suffix = written.str.extract(r"([^\d.,+\- ]+)$", 1)
    has_factor = suffix.is_in(list(factors))
    bare_scale = suffix.is_in(["万", "亿"])
    header_factor = factors.get(context.unit or "", None)
    if declared.unit and not declared.unit.required and header_factor is None:
        header_factor = 1.0
    factor = (
        pl.when(has_factor)
        .then(suffix.replace_strict(factors, default=None, return_dtype=pl.Float64))
        .when(bare_scale if declared.unit else False)
        .then(1.0)
        .otherwise(pl.lit(header_factor if declared.unit else 1.0, pl.Float64))
    )
    figure = pl.when(has_factor).then(written.str.replace(r" ?[^\d.,+\- ]+$", "")).otherwise(written)
    whole = declared.type == "integer"
    scaled = pl.col("value") * pl.col("factor")
    value = scaled.round(0) if whole else scaled
    low, high = pl.lit(declared.minimum, pl.Float64), pl.lit(declared.maximum, pl.Float64)
    frame = (
        _select(text, written=texts.narrow("text"))
        .select(figure=figure, factor=factor)
        .select(amounts.parse_number("figure").alias("answer"), "factor")
        .unnest("answer")
        .with_columns(scaled=scaled)
        .select(
            value=value.cast(pl.Int64 if whole else pl.Float64, strict=False),
            decimals=pl.max_horizontal("decimals", 0),
            problem=pl.when(pl.col("problem").is_not_null())
            .then("problem")
            .when(pl.col("value").is_not_null() & pl.col("factor").is_null())
            .then(pl.lit("unit_unknown"))
            .when((scaled - scaled.round(0)).abs() > 1e-6 * scaled.abs().clip(1) if whole else False)
            .then(pl.lit("number_unparseable"))
            .when((value < low).fill_null(False) | (value > high).fill_null(False))
            .then(pl.lit("number_out_of_range")),
        )
    )
    return Values(frame["value"], frame["problem"], parts={"decimals": frame["decimals"].cast(pl.Int32)})


def _amount(declared: SourceField, text: pl.Series, context: Context) -> Values:
    assert declared.unit is not None
    unit = context.unit or (None if declared.unit.required else declared.unit.to)
    frame = _select(text, answer=amounts.parse_money("text", unit)).unnest("answer")
    low, high = pl.lit(declared.minimum, pl.Float64), pl.lit(declared.maximum, pl.Float64)
    outside = (pl.col("yuan") < low).fill_null(False) | (pl.col("yuan") > high).fill_null(False)
    frame = frame.with_columns(problem=pl.coalesce("problem", pl.when(outside).then(pl.lit("number_out_of_range"))))
    return Values(frame["yuan"], frame["problem"])


def _spelling(expression: pl.Expr) -> pl.Expr:
    """Spellings are compared by their letters and characters only."""
    return expression.str.normalize("NFKC").str.replace_all(r"[\W_]+", "").str.to_lowercase()


def _spelled(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", word) if c.isalnum()).lower()


def _boolean(_: SourceField, text: pl.Series, __: Context) -> Values:
    meaning = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    value = _spelling(pl.col("text")).replace_strict(meaning, default=None, return_dtype=pl.Boolean)
    return _known_or(text, value, "code_unknown")


def _code(declared: SourceField, text: pl.Series, _: Context) -> Values:
    """A spelling of a value goes before a code of the reference list, this before what only has the pattern."""
    found = []
    if declared.values:
        spellings = {_spelled(word): code for code, words in declared.values.items() for word in [code, *words]}
        found.append(_spelling(pl.col("text")).replace_strict(spellings, default=None, return_dtype=pl.String))
    if declared.reference:
        codes = sorted(_reference(declared.reference))
        found.append(pl.when(texts.fold("text").is_in(codes)).then(texts.fold("text")))
    if declared.pattern:
        found.append(pl.when(pl.col("text").str.contains(f"^(?:{declared.pattern})$")).then(pl.col("text")))
    return _known_or(text, pl.coalesce(found), declared.reason or "code_unknown")


def _known_or(text: pl.Series, value: pl.Expr, reason: str) -> Values:
    unknown = pl.col("text").is_not_null() & pl.col("value").is_null()
    frame = text.to_frame("text").with_columns(value=value)
    frame = frame.with_columns(problem=pl.when(unknown).then(pl.lit(reason)))
    return Values(frame["value"], frame["problem"])


@cache
def _reference(name: str) -> frozenset[str]:
    return frozenset(pl.read_csv(_REFERENCES / f"{name}.csv", infer_schema=False, comment_prefix="#")["code"])


def _application_no(declared: SourceField, text: pl.Series, _: Context) -> Values:
    frame = _select(text, answer=application_no.parse("text")).unnest("answer")
    spoiled = frame.select(pl.when(pl.col("quality") == "spoiled").then(pl.lit(application_no.SPOILED)))
    return Values(
        frame["application_no"],
        frame["problem"],
        kept_problem=spoiled.to_series(),
        parts={"quality": frame["quality"]},
        hints={"type": frame["type"]},
    )


def _publication_no(_: SourceField, text: pl.Series, __: Context) -> Values:
    frame = _select(text, answer=publication_no.parse("text")).unnest("answer")
    hints = {"type": frame["type"]}
    return Values(frame["publication_no"], frame["problem"], parts={"kind": frame["kind"]}, hints=hints)


def _publication_kind(_: SourceField, text: pl.Series, __: Context) -> Values:
    kinds = list(publication_no.TYPE_OF_KIND)
    kind = texts.fold("text")
    known = kind.str.contains(r"^[A-Z]\d?$") & kind.str.slice(0, 1).is_in(kinds)
    return _known_or(text, pl.when(known).then(kind), "code_unknown")


def _ipc_list(_: SourceField, text: pl.Series, __: Context) -> Values:
    """A column of symbols; design lists print Locarno classes under the same header, recognised by their digits."""
    is_locarno = pl.col("text").str.contains(r"^\s*(?:LOC|\d)")
    frame = _select(
        text,
        ipc=ipc.normalise_list(pl.when(~is_locarno).then("text")),
        locarno=ipc.normalise_locarno(pl.when(is_locarno).then("text")),
    ).select(
        ipc=pl.col("ipc").struct.field("ipc"),
        first=pl.col("ipc").struct.field("main_ipc"),
        locarno=pl.col("locarno").struct.field("locarno"),
        problem=pl.coalesce(pl.col("ipc").struct.field("problem"), pl.col("locarno").struct.field("problem")),
    )
    parts = {"first": frame["first"], "locarno": frame["locarno"]}
    return Values(frame["ipc"], _no_problem(text), kept_problem=frame["problem"], parts=parts)


def _locarno(_: SourceField, text: pl.Series, __: Context) -> Values:
    frame = _select(text, answer=ipc.normalise_locarno("text")).unnest("answer")
    return Values(frame["locarno"], _no_problem(text), kept_problem=frame["problem"])


def _credit_code(_: SourceField, text: pl.Series, __: Context) -> Values:
    """A code that fails its check is no code, but the row says more than its code. A person's number never passes."""
    frame = _select(text, answer=credit_code.parse("text"), is_person=privacy.has_identity_number("text"))
    frame = frame.unnest("answer").select(
        value=pl.when(~pl.col("is_person")).then("credit_code"),
        problem=pl.when("is_person").then(pl.lit(credit_code.MALFORMED)).otherwise("problem"),
    )
    return Values(frame["value"], _no_problem(text), kept_problem=frame["problem"])


def _copyright_no(_: SourceField, text: pl.Series, __: Context) -> Values:
    frame = _select(text, answer=copyright_no.parse("text")).unnest("answer")
    parts = {"certificate": frame["certificate_no"], "kind": frame["kind"]}
    return Values(frame["registration_no"], frame["problem"], parts=parts)


def _address(_: SourceField, text: pl.Series, context: Context) -> Values:
    """A natural person's address is kept to the district and the zone named next to it."""
    frame = _select(text, address=texts.clean("text"), resolved=divisions.resolve("text"))
    frame = frame.with_columns(
        code=pl.col("resolved").struct.field("division_code"), rest=pl.col("resolved").struct.field("address_rest")
    )
    if context.is_person is not None:
        cut = persons.truncate_resolved(pl.col("resolved")).struct
        is_person = pl.lit(context.is_person)
        frame = frame.with_columns(
            address=pl.when(is_person).then(cut.field("address")).otherwise("address"),
            rest=pl.when(is_person).then(cut.field("address_rest")).otherwise("rest"),
        )
    parts = {"division_code": frame["code"], "rest": frame["rest"]}
    return Values(frame["address"], _no_problem(text), parts=parts)


def _party_name(declared: SourceField, text: pl.Series, _: Context) -> Values:
    """The first named party; a natural person's name never leaves this function."""
    frame = _select(text, names=texts.split_multi("text"))
    frame = frame.select(
        name=pl.col("names").list.first(), count=pl.col("names").list.len().cast(pl.Int32)
    ).with_columns(kind=persons.kind("name"), **_key(declared, pl.col("name")))
    is_person = (pl.col("kind") == persons.PERSON).fill_null(False)
    masked = pl.when(is_person & pl.lit(declared.personal == "mask")).then(pl.lit(persons.NATURAL_PERSON))
    frame = frame.with_columns(name=masked.otherwise("name"), is_person=is_person)
    parts = {"kind": frame["kind"], "count": frame["count"], "key": frame["key"]}
    return Values(frame["name"], _no_problem(text), parts=parts, hints={"is_person": frame["is_person"]})


def _key(declared: SourceField, name: pl.Expr) -> dict[str, pl.Expr]:
    """The comparison key, where the contract asks for it."""
    return {"key": party_names.comparison_key(name) if "key" in declared.also else pl.lit(None, pl.String)}


def _party_list(declared: SourceField, text: pl.Series, _: Context) -> Values:
    """All parties, joined by `;`, each natural person masked."""
    names = texts.split_multi("text")
    frame = _select(
        text,
        names=names.list.join(";"),
        is_person=persons.is_natural_person(names.list.first()).fill_null(False),
        **_key(declared, names.list.first()),
    )
    shown = privacy.masked_names(text) if declared.personal else frame["names"]
    return Values(shown, _no_problem(text), parts={"key": frame["key"]}, hints={"is_person": frame["is_person"]})


def _region(_: SourceField, text: pl.Series, context: Context) -> Values:
    code = texts.fold("text").str.replace(r"^(\d{6})0{6}$", "$1")
    of_zone = code.str.extract(_ZONE_CODE, 1) + "00"
    value = (
        pl.when((code == _COUNTRY) | code.is_in(sorted(context.planned_regions)))
        .then(code)
        .when(code.str.contains(_ZONE_CODE) & divisions.is_code(of_zone))
        .then(code)
        .otherwise(pl.coalesce(divisions.code_of_today(code), region_of_name("text")))
    )
    return _known_or(text, value, "region_unknown")


def region_of_name(column: str) -> pl.Expr:
    """Code of a column of names (全国, 淄博市, 淄博市张店区); null where the name is not wholly a division, or is that
    of a former one whose area is no division today."""
    answer = divisions.resolve(column).struct
    return (
        pl.when(texts.fold(column).is_in(_COUNTRY_NAMES))
        .then(pl.lit(_COUNTRY))
        .when(answer.field("address_rest").is_null() & answer.field("is_whole"))
        .then(answer.field("division_code"))
    )


def _period(_: SourceField, text: pl.Series, __: Context) -> Values:
    frame = _select(text, answer=periods.parse("text")).unnest("answer")
    parts = {"type": frame["type"], "start": frame["start"], "end": frame["end"]}
    return Values(frame["type"], frame["problem"], parts=parts)


_READERS: dict[str, Callable[[SourceField, pl.Series, Context], Values]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "integer": _number,
    "number": _number,
    "amount": _amount,
    "boolean": _boolean,
    "application_no": _application_no,
    "publication_no": _publication_no,
    "publication_kind": _publication_kind,
    "ipc_list": _ipc_list,
    "locarno": _locarno,
    "credit_code": _credit_code,
    "address": _address,
    "copyright_no": _copyright_no,
    "party_name": _party_name,
    "party_list": _party_list,
    "region": _region,
    "period": _period,
}
