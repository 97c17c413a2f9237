"""Cells that hold several values where the contract wants one row each: a trademark in classes 9 and 35 is two rows.

Belongs here: taking such a cell apart. Does not belong here: whether a value is valid (fields.py).
"""

import polars as pl

from pipelines.contracts.headers import Match
from pipelines.contracts.model import Contract

_NO_VALUE = r"[第类;；,，、/|\s]+"  # 第9类、第35类


def one_row_per_value(frame: pl.DataFrame, match: Match, contract: Contract) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table with one row per value of the contract's `one_row_per` field, and a note where rows became more.

    The rows of one record keep its row number; a value that a cell repeats counts once; a blank cell stays one row.
    """
    header = match.fields.get(contract.one_row_per or "")
    if header is None:
        return frame, ()
    # a cell of separators only stays as delivered, to be refused by its own rule
    parts = pl.col(header).str.replace_all(_NO_VALUE, ";").str.strip_chars(";")
    values = pl.when(parts != "").then(parts).otherwise(header).str.split(";").list.unique(maintain_order=True)
    lists = frame.with_columns(values.alias(header))
    longer = lists.explode(header)
    several = int((lists[header].list.len() > 1).sum())
    if not several:
        return longer, ()
    more = longer.height - frame.height
    return longer, (f"{several} records with several {contract.one_row_per} read as {more} more rows",)
