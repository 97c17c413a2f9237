"""What every delivery's profile must satisfy, made from the source's contract. Row rules are not here: intake runs them."""

from pathlib import Path

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.bronze import delivered_fields, delivered_files
from pipelines.paths import Warehouse
from pipelines.quality.expectations import Verdict, validate


def validate_files(warehouse: Warehouse, contract: Contract, store: Path) -> Verdict:
    """Validate one row per delivered file of the source: accounting, reject share, no file left outside."""
    files = delivered_files(warehouse).filter(pl.col("source") == contract.source)
    frame = files.with_columns(
        accounted=pl.col("rows_out") + pl.col("rows_quarantined") + pl.col("rows_duplicate"),
        reject_share=_share(pl.col("rows_quarantined"), pl.col("rows_in")),
        newest_first=pl.lit(None),
    ).drop("newest_first")
    return validate(f"{contract.source}_files", frame.to_pandas(), _file_expectations(contract), store)


def validate_fields(warehouse: Warehouse, contract: Contract, store: Path) -> Verdict:
    """Validate one row per loaded file and contract field: presence of required fields, share of rejected values."""
    fields = delivered_fields(warehouse).filter(pl.col("source") == contract.source)
    frame = fields.with_columns(rejected_share=_share(pl.col("n_rejected"), pl.col("n_rows")))
    return validate(f"{contract.source}_fields", frame.to_pandas(), _field_expectations(contract), store)


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole).otherwise(0.0)
