"""How a parser written over a whole column becomes a polars expression and a scalar helper.

Belongs here: plumbing shared by the modules of this package. Does not belong here: any rule about a value.
"""

from collections.abc import Callable
from typing import Any

import polars as pl
from polars._typing import PolarsDataType

Column = str | pl.Expr


def column(source: Column) -> pl.Expr:
    """The expression for a column given by name or already as an expression."""
    return pl.col(source) if isinstance(source, str) else source


def per_column(
    source: Column, parse: Callable[[pl.Series], pl.Series], dtype: PolarsDataType, *, distinct: bool = True
) -> pl.Expr:
    """Apply `parse` (Series of text in, Series of `dtype` of the same length out) as an expression.

    `distinct` parses each different value once and spreads the answers: dates, addresses and names repeat so much
    that this is several times faster. Identifiers do not repeat, so they switch it off.
    """

    def run(values: pl.Series) -> pl.Series:
        values = values.cast(pl.String).alias("value")
        if not distinct:
            return parse(values)
        unique = values.unique()
        answers = pl.DataFrame([unique, parse(unique).alias("answer")])
        spread = values.to_frame().join(answers, on="value", how="left", nulls_equal=True, maintain_order="left")
        return spread["answer"]

    return column(source).map_batches(run, return_dtype=dtype)


def scalar(parser: Callable[..., pl.Expr], text: str | None, *arguments: Any, **options: Any) -> Any:
    """The answer of a column parser for one value, as a Python object (a struct becomes a dict, a list a list)."""
    frame = pl.DataFrame({"value": [text]}, schema={"value": pl.String})
    return frame.select(answer=parser("value", *arguments, **options))["answer"].to_list()[0]
