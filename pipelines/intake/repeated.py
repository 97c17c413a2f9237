"""Cells that hold several values where the contract wants one row each: a trademark in classes 9 and 35 is two rows.

Belongs here: taking such a cell apart. Does not belong here: whether a value is valid (fields.py).
"""

import polars as pl

from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract

_SEPARATOR = r"[;；,，、/|\s]+"
_WORDS = r"^第|类$"


def one_row_per_value(frame: pl.DataFrame, match: Match, contract: Contract) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table with one row per value of the contract's `one_row_per` field, and a note where rows became more.

    The rows of one record keep its row number; a value that a cell repeats counts once; a blank cell stays one row.
    """
    header = match.fields.get(contract.one_row_per or "")
    if header is None:
        return frame, ()
    several = frame[header].str.contains(_SEPARATOR).sum()
    values = pl.col(header).str.replace_all(_SEPARATOR, ";").str.strip_chars(";").str.split(";")
    values = values.list.eval(pl.element().str.replace_all(_WORDS, "")).list.unique(maintain_order=True)
    longer = frame.with_columns(values.alias(header)).explode(header)
    if longer.height == frame.height:
        return longer, ()
    return longer, (
        f"{several} records with several {contract.one_row_per} read as {longer.height - frame.height} more rows",
    )
