"""The profile of one conformed file: a row per contract field, for gates and drift. Limits are not judged here."""

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.conform import Conformed


def field_profile(conformed: Conformed, contract: Contract) -> pl.DataFrame:
    """One row per field that can reach bronze, counted over the rows that became bronze (`n_rows`).

    `n_rejected` counts values with a problem over all rows read, kept ones included. A field that has only parts (a
    period) is counted by its first part.
    """
    rows = conformed.bronze
    lines = []
    for field in contract.delivered_fields:
        column = field.name if field.name in rows.columns else next(iter(field.also.values()))
        values = rows[column]
        lines.append(
            {
                "field": field.name,
                "header_as_delivered": conformed.match.fields.get(field.name),
                "is_present": field.name in conformed.match.fields,
                "n_rows": rows.height,
                "n_null": values.null_count(),
                "n_distinct": values.drop_nulls().n_unique(),
                "min_text": _text(values.min()),
                "max_text": _text(values.max()),
                "n_rejected": conformed.field_problems.get(field.name, 0),
            }
        )
    return pl.DataFrame(
        lines, schema_overrides={"header_as_delivered": pl.String, "min_text": pl.String, "max_text": pl.String}
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
