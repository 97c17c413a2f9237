"""Rules over several fields of one row. Which of them a source uses, and with which fields, its contract says.

Each rule takes the conformed frame and gives it back with `__reason`, `__field` and `__value` set on rows that break
it, unless an earlier rule already rejected them.
"""

from functools import cache
from pathlib import Path

import polars as pl

from pipelines.codes import application_no, publication_no
from pipelines.contracts.model import Contract
from pipelines.contracts.schema import content_columns
from pipelines.intake.fields import region_of_name

FILE, INDEX = "__file", "__index"
"""Int64: position of a row's file in the list that was conformed. UInt32: of the row among all of them."""
REASON, FIELD, VALUE = "__reason", "__field", "__value"
HINT, AS_DELIVERED = "__hint_", "__as_delivered_"
"""Prefixes of helper columns: what a number says about the type, and a value as delivered. Neither reaches bronze."""
KEPT = "__kept_"
"""Prefix of columns in which a rule reports a problem of the field of that name and keeps the row."""

_TITLES = Path(__file__).parent / "readers" / "event_titles.csv"


def reject(
    frame: pl.DataFrame, broken: pl.Expr, reason: str | pl.Expr, field: str | None, value: pl.Expr
) -> pl.DataFrame:
    """Mark the rows where `broken` holds and nothing was found before."""
    new = broken.fill_null(False) & pl.col(REASON).is_null()
    code = pl.lit(reason) if isinstance(reason, str) else reason
    return frame.with_columns(
        pl.when(new).then(code).otherwise(REASON).alias(REASON),
        pl.when(new).then(pl.lit(field, pl.String)).otherwise(FIELD).alias(FIELD),
        pl.when(new).then(value.cast(pl.String)).otherwise(VALUE).alias(VALUE),
    )


def derive(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Fill what follows from other fields (patent type, event code, region code, application number)."""
    for rule in contract.rules:
        frame = _DERIVATIONS[rule](frame)
    return frame


def check(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Required values, identification and order of dates. Run after `derive`."""
    columns = {column.name for column in content_columns(contract)}
    for group in contract.at_least_one:
        none = pl.all_horizontal(pl.col(name).is_null() for name in group)
        reason = pl.lit("key_missing")
        if "application_no_quality" in columns and "application_no" in group:
            spoiled = pl.col("application_no_quality") == "spoiled"
            reason = pl.when(spoiled).then(pl.lit("application_no_spoiled")).otherwise(reason)
        frame = reject(frame, none, reason, group[0], pl.col(AS_DELIVERED + group[0]))
    for field in contract.fields:
        if field.required and field.name in columns:
            blank = pl.lit(None, pl.String)
            frame = reject(frame, pl.col(field.name).is_null(), "required_missing", field.name, blank)
    for earlier, later in contract.date_order:
        broken = pl.col(earlier) > pl.col(later)
        both = pl.concat_str(pl.col(earlier), pl.lit(" > "), pl.col(later))
        frame = reject(frame, broken, "date_order", earlier, both)
    return frame


def _patent_type(frame: pl.DataFrame) -> pl.DataFrame:
    """Kind letter, else the numbers' type digit, else the words; any two that disagree reject the row."""
    none = pl.lit(None, pl.String)
    kind = pl.col("publication_kind") if "publication_kind" in frame.columns else none
    by_kind = kind.str.slice(0, 1).replace_strict(publication_no.TYPE_OF_KIND, default=None, return_dtype=pl.String)
    by_number = [pl.col(name) for name in frame.columns if name.startswith(HINT)]
    said = [by_kind, *by_number, pl.col("patent_type")]
    first = pl.coalesce(said)
    conflict = pl.any_horizontal((one != first).fill_null(False) for one in said)
    words = pl.concat_str([one.fill_null("-") for one in said], separator=" / ")
    frame = reject(frame, conflict, "type_conflict", "patent_type", words)
    return frame.with_columns(patent_type=first)


def _event_code_from_title(frame: pl.DataFrame) -> pl.DataFrame:
    """The code of a notice that carries only its title, where the title stands for one code only."""
    title = pl.col("event_title").str.normalize("NFKC").str.replace_all(r"[\s【】\[\]《》.。]", "")
    found = title.replace_strict(_codes_of_titles(), default=None, return_dtype=pl.String)
    return frame.with_columns(event_code=pl.coalesce("event_code", found))


@cache
def _codes_of_titles() -> dict[str, str]:
    titles = pl.read_csv(_TITLES, infer_schema=False)
    single = titles.filter(pl.col("event_code").n_unique().over("title") == 1)
    folded = single.select(
        pl.col("title").str.normalize("NFKC").str.replace_all(r"[\s【】\[\]《》.。]", ""), "event_code"
    )
    return dict(folded.unique(maintain_order=True).iter_rows())


def _region_code_from_name(frame: pl.DataFrame) -> pl.DataFrame:
    """The code of a region given by name only; a name that is no division rejects the row."""
    frame = frame.with_columns(region_code=pl.coalesce("region_code", region_of_name("region_name")))
    unknown = pl.col("region_code").is_null() & pl.col("region_name").is_not_null()
    return reject(frame, unknown, "region_unknown", "region_name", pl.col("region_name"))


def _application_no_of_right(frame: pl.DataFrame) -> pl.DataFrame:
    """The application number of a pledged patent, whose number it is."""
    return _application_no_from(frame, "right_no", pl.col("right_type") == "patent")


def _application_no_of_award(frame: pl.DataFrame) -> pl.DataFrame:
    """The application number of a patent that won an award."""
    return _application_no_from(frame, "item_no", pl.col("list_type") == "national_patent_award")


def _application_no_from(frame: pl.DataFrame, number: str, is_patent: pl.Expr) -> pl.DataFrame:
    """Fill application_no from a number that is a patent's; one that is none is reported, and the row kept."""
    wanted = (is_patent & pl.col("application_no").is_null() & pl.col(number).is_not_null()).fill_null(False)
    found = application_no.parse(pl.when(wanted).then(number)).struct.field("application_no")
    frame = frame.with_columns(found.alias("__found"))
    unknown = wanted & pl.col("__found").is_null()
    return frame.with_columns(
        pl.coalesce("application_no", "__found").alias("application_no"),
        pl.when(unknown).then(pl.lit("application_no_not_found")).alias(KEPT + number),
    ).drop("__found")


_DERIVATIONS = {
    "patent_type": _patent_type,
    "event_code_from_title": _event_code_from_title,
    "region_code_from_name": _region_code_from_name,
    "application_no_of_right": _application_no_of_right,
    "application_no_of_award": _application_no_of_award,
}
