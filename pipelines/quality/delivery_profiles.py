"""What every delivery's profile must satisfy, made from the source's contract. Row rules run in intake."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.bronze import delivered_fields, delivered_files
from pipelines.paths import Warehouse
from pipelines.quality import kept
from pipelines.quality.expectations import Expectation, Suite, Verdict, validate_suites

FILES_BEFORE_DRIFT_COUNTS = 3
"""Deliveries with the same header needed before a field's usual share of blanks is known well enough to judge by."""
TOLERATED_RISE_OF_BLANKS = 0.5
DECIDING_TYPES = ("date", "address")
"""Fields that place a record in a period and a region. Others may rightly be blank in one list and filled in the next:
a list of designs has no IPC symbols, a spreadsheet may have spoiled every number."""


def gate_store(warehouse: Warehouse) -> Path:
    """Where this build's validation results are kept until they become the release's Data Docs."""
    return warehouse.build / "gates"


def validate_all_deliveries(
    warehouse: Warehouse, contracts: Iterable[Contract], *, until: Callable[[str], date | None] = lambda source: None
) -> dict[str, Sequence[Verdict]]:
    """Source → verdicts on its deliveries up to a day (`until` says which of a source, None: so far): one suite over
    its files, one over its fields. One pass, with the ledger read once.

    No verdict on a source without any delivery: whether it is needed is the plan's business, not the gate's.
    """
    files, fields = delivered_files(warehouse), delivered_fields(warehouse)
    suites: dict[str, list[Suite]] = {}
    for contract in contracts:
        known = (pl.col("source") == contract.source) & (pl.col("delivered_on") <= (until(contract.source) or date.max))
        suites[contract.source] = list(_suites(contract, files.filter(known), fields.filter(known)))
    verdicts = validate_suites((suite for ours in suites.values() for suite in ours), gate_store(warehouse))
    return {source: [verdicts[suite.name] for suite in ours] for source, ours in suites.items()}


def validate_deliveries(warehouse: Warehouse, contract: Contract, *, until: date | None = None) -> Sequence[Verdict]:
    """Verdicts on one source alone, as `validate_all_deliveries` gives them."""
    return validate_all_deliveries(warehouse, [contract], until=lambda source: until)[contract.source]


def file_profile(files: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """One row per delivered file: the ledger's counts, rows accounted for, and the share rejected.

    Adds `rows_accounted` (rows) and `reject_share` (0 to 1; 0 for files too small to judge).
    """
    judged = pl.col("rows_in") >= contract.min_rows_for_share
    return files.with_columns(
        rows_accounted=pl.col("rows_out") + pl.col("rows_quarantined") + pl.col("rows_duplicate"),
        reject_share=pl.when(judged).then(pl.col("rows_quarantined") / pl.col("rows_in")).otherwise(0.0),
    )


def field_profile(fields: pl.DataFrame, files: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """One row per loaded file and contract field, with the rise of its blanks over earlier like deliveries.

    Like deliveries have the same header; `rise_of_blanks` is null until enough of them came before, for files too small
    to judge, and for fields that do not decide where a record counts.
    """
    keys = ["source", "source_path", "source_file_sha256"]
    deciding = [one.name for one in contract.fields if one.type in DECIDING_TYPES and not one.may_stay_blank]
    judged = (pl.col("n_rows") >= contract.min_rows_for_share) & pl.col("field").is_in(deciding)
    share = pl.when(judged).then(pl.col("n_null") / pl.col("n_rows"))
    order = ["header", "field", "delivered_on", "source_path"]
    profile = fields.join(files.select(*keys, "header"), on=keys, how="left", maintain_order="left").sort(order)
    earlier = share.shift(1).rolling_median(window_size=1000, min_samples=FILES_BEFORE_DRIFT_COUNTS)
    return profile.with_columns(rise_of_blanks=(share - earlier).over("header", "field"))


def _suites(contract: Contract, files: pl.DataFrame, fields: pl.DataFrame) -> Iterator[Suite]:
    if files.is_empty():
        return
    yield _suite(f"{contract.source}_files", file_profile(files, contract), _file_expectations(contract))
    yield _suite(f"{contract.source}_fields", field_profile(fields, files, contract), _field_expectations(contract))


def _suite(name: str, profile: pl.DataFrame, expectations: Sequence[Expectation]) -> Suite:
    """A profile's content is its rows as text, which is the same wherever the same was delivered."""
    content = kept.digest(repr(profile.schema), profile.write_ndjson())
    return Suite(name, expectations, content, profile.to_pandas)


def _file_expectations(contract: Contract) -> list[Expectation]:
    return [
        Expectation(
            "ExpectColumnPairValuesToBeEqual",
            {"column_A": "rows_in", "column_B": "rows_accounted"},
            "rows in = rows out + quarantined + duplicates",
        ),
        Expectation(
            "ExpectColumnValuesToBeBetween",
            {"column": "reject_share", "max_value": contract.max_reject_share},
            f"at most {contract.max_reject_share:.0%} of a file's rows may be rejected",
        ),
        Expectation(
            "ExpectColumnValuesToBeInSet",
            {"column": "status", "value_set": ["loaded", "duplicate_content", "no_data"]},
            "only loaded files, repeated contents and files without data stand in the ledger",
        ),
        Expectation(
            "ExpectColumnValuesToMatchRegex",
            {"column": "source_file_sha256", "regex": "^[0-9a-f]{64}$"},
            "each file is known by its content",
        ),
    ]


def _field_expectations(contract: Contract) -> list[Expectation]:
    required = [field.name for field in contract.delivered_fields if field.required]
    return [
        Expectation(
            "ExpectColumnValuesToBeInSet",
            {"column": "field", "value_set": [field.name for field in contract.delivered_fields]},
            "every profiled field is declared in the contract",
        ),
        Expectation(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "n_rows", "column_B": "n_null", "or_equal": True},
            "no field has more blanks than rows",
        ),
        Expectation(
            "ExpectColumnValuesToBeBetween",
            {"column": "rise_of_blanks", "max_value": TOLERATED_RISE_OF_BLANKS},
            "a field that was filled in like deliveries before has not suddenly gone blank",
        ),
        *[
            Expectation(
                "ExpectColumnValuesToBeBetween",
                {
                    "column": "n_null",
                    "max_value": 0,
                    "row_condition": f'field == "{name}"',
                    "condition_parser": "pandas",
                },
                f"{name} is required and never blank",
            )
            for name in required
        ],
    ]
