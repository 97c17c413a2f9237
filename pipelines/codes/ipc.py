"""Classification symbols: IPC of inventions and utility models, Locarno of designs (domain C.7).

Belongs here: printed symbols to one normal form. Does not belong here: which industries a symbol belongs to, and where
it stood in an earlier edition (both are seeds of the transformation).

Normal forms: IPC `G09G3/3208` (edition, level and office marks dropped), Locarno `01-01` (edition dropped);
several are joined by `;` in printed order, each once.
"""

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

MALFORMED = "ipc_malformed"

IPC_DTYPE = pl.Struct({"ipc": pl.String, "main_ipc": pl.String, "invalid": pl.String, "problem": pl.String})
LOCARNO_DTYPE = pl.Struct({"locarno": pl.String, "invalid": pl.String, "problem": pl.String})

# Section, class, subclass, main group / subgroup; then maybe an edition `(2016.01)` or the date of a fixed-width
# office record (`20060101AFI20091204BHCN`), and letters for level and first or later position.
_SYMBOL = (
    r"^([A-H]) *([0-9]{2}) *([A-Z]) *0*([1-9][0-9]{0,3}) */ *([0-9]{2,6})"
    r" *(?:\([0-9]{4}\.[0-9]{1,2}\)|[0-9]{4}\.[0-9]{1,2}|[0-9]{8}[A-Z0-9]*)? *[A-Z]{0,4}$"
)
# Class 01-32, subclass, maybe the edition in brackets or before the class: `01-01 (12)`, `LOC(12)CL.06-04`.
_LOCARNO = r"^(?:LOC *\([0-9]{1,2}\) *(?:CL\.? *)?)?(0?[1-9]|[12][0-9]|3[0-2])-([0-9]{1,2})(?: *\([0-9]{1,2}\))?$"


def _normal_ipc(symbol: pl.Expr) -> pl.Expr:
    return pl.when(symbol.str.contains(_SYMBOL)).then(symbol.str.replace(_SYMBOL, "$1$2$3$4/$5"))


def _normal_locarno(symbol: pl.Expr) -> pl.Expr:
    part = symbol.str.extract_groups(_LOCARNO).struct
    return part.field("1").str.zfill(2) + "-" + part.field("2").str.zfill(2)


def _normalise_list(values: pl.Series, valid: pl.Expr, dtype: pl.Struct) -> pl.Series:
    """Split, normalise with `valid` (null for what is no symbol), and join what is valid and what is not."""
    symbols, invalid = pl.col("symbols"), pl.col("invalid")

    def joined(lists: pl.Expr) -> pl.Expr:
        return pl.when(lists.list.len() > 0).then(lists.list.join(";"))

    upper = pl.col("raw").str.normalize("NFKC").str.to_uppercase()
    names = [field.name for field in dtype.fields]
    return (
        values.to_frame("raw")
        .lazy()
        .select(printed=text.split_multi(upper, comma=True))
        .select(
            symbols=pl.col("printed").list.eval(valid.drop_nulls().unique(maintain_order=True)),
            invalid=pl.col("printed").list.eval(pl.element().filter(valid.is_null())),
        )
        .with_columns(main_ipc=symbols.list.first(), invalid=joined(invalid))
        .with_columns(
            joined(symbols).alias(names[0]),
            problem=pl.when(invalid.is_not_null()).then(pl.lit(MALFORMED)),
        )
        .select(answer=pl.struct(names))
        .collect()
        .to_series()
    )


def normalise_list(source: Column) -> pl.Expr:
    """Struct{ipc, main_ipc, invalid, problem} of a column of printed IPC symbols, one or several in a cell.

    ipc: normal forms joined by `;`; main_ipc: the first of them; invalid: what is no full symbol, as printed and
    joined by `;`, with problem `ipc_malformed`. The valid symbols of a cell are given whether or not others are
    invalid. Null and blank give nulls.
    """
    valid = _normal_ipc(pl.element())
    return per_column(source, lambda values: _normalise_list(values, valid, IPC_DTYPE), IPC_DTYPE)


def normalise_locarno(source: Column) -> pl.Expr:
    """Struct{locarno, invalid, problem} of a column of printed Locarno classes; otherwise as `normalise_list`."""
    valid = _normal_locarno(pl.element())
    return per_column(source, lambda values: _normalise_list(values, valid, LOCARNO_DTYPE), LOCARNO_DTYPE)


def parse(printed: str) -> str:
    """The normal form of one printed IPC symbol; ValueError with the reason code where it is none."""
    answer = scalar(normalise_list, printed)
    if answer["problem"] or answer["ipc"] is None or ";" in answer["ipc"]:
        raise ValueError(MALFORMED)
    return str(answer["ipc"])
