"""The profile of conformed files: one row per file and contract field, for gates and drift. Judges nothing."""

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.conform import Conformed
from pipelines.intake.rules import FILE


def field_profile(conformed: Conformed, contract: Contract) -> pl.DataFrame:
    """One row per file and field that can reach bronze, counted over the rows that became bronze (`n_rows`).

    `n_rejected` counts values with a problem over all rows read, kept ones included. A field that has only parts (a
    period) is counted by its first part.
    """
    rows = conformed.bronze
    columns = {
        field.name: field.name if field.name in rows.columns else next(iter(field.also.values()))
        for field in contract.delivered_fields
    }
    stats = rows.group_by(FILE).agg(
        pl.struct(
            n_null=pl.col(column).null_count().cast(pl.Int64),
            n_distinct=pl.col(column).drop_nulls().n_unique().cast(pl.Int64),
            min_text=_ordered(rows, column).min().cast(pl.String),
            max_text=_ordered(rows, column).max().cast(pl.String),
        ).alias(field)
        for field, column in columns.items()
    )
    long = stats.unpivot(index=FILE, variable_name="field", value_name="stats").unnest("stats")
    problems = conformed.problems.group_by(FILE, "field").agg(n_rejected=pl.col("n").sum())
    found = conformed.match.fields
    fields = pl.DataFrame(
        {
            "field": list(columns),
            "header_as_delivered": [found.get(field) for field in columns],
            "is_present": [field in found for field in columns],
        },
        schema_overrides={"header_as_delivered": pl.String},
    )
    return (
        conformed.counts.select(FILE, n_rows="rows_out")
        .join(fields, how="cross")
        .join(long, on=[FILE, "field"], how="left", maintain_order="left")
        .join(problems, on=[FILE, "field"], how="left", maintain_order="left")
        .with_columns(pl.col("n_null", "n_distinct", "n_rejected").fill_null(0))
    )


def _ordered(rows: pl.DataFrame, column: str) -> pl.Expr:
    values = pl.col(column)
    return values.cast(pl.String) if rows.schema[column] == pl.Boolean else values
