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


# What older editions and other systems print around and between symbols, and what stands there today.
_REWRITTEN = (
    # Int. Cl.5, (51)Int.Cl⁷, IPC7:
    (
        r"(?:[\[(]51[\])] *)?(?:\bINT\.? *CL\.?|\bIPC) *(?:\([0-9.]{7}\)|[\[(^]?[1-9][\])]?)? *:? *([A-H][0-9]{2})",
        ";$1",
    ),
    (r"//", ";"),  # indexing codes of editions 4 to 7
    (r"\(([A-H][0-9]{2}[A-Z])", "$1"),  # linked codes, (C08F4/64,210:02)
    (r"([0-9]) *: *([0-9])", "$1/$2"),  # the former stroke of indexing codes, C12R1:01
    (r"/ *([0-9]{2,6}) *\)", "/$1"),
    # the form of the classification's own tables, C04B0035000000
    (r"\b([A-H][0-9]{2}[A-Z])([0-9]{4})([0-9]{6})\b", "$1$2/$3~"),
    (r"/([0-9]{2}[0-9]{0,4}?)0{0,4}~", "/$1"),
    # blanks alone between symbols, or nothing
    (r"([0-9)]|[A-Z][\s\p{Z}])[\s\p{Z}]*([A-H][0-9]{2}[A-Z] *[0-9]{1,4} */)", "$1;$2"),
)
_ABBREVIATED = r"^[0-9]{1,4} */ *[0-9]{2,6}$"  # B01J23/00,23/40: of the subclass before


def _normal_ipc(symbol: pl.Expr) -> pl.Expr:
    return pl.when(symbol.str.contains(_SYMBOL)).then(symbol.str.replace(_SYMBOL, "$1$2$3$4/$5"))


def _normal_old_ipc(symbol: pl.Expr) -> pl.Expr:
    """As `_normal_ipc`, for the symbols of one cell in their order."""
    subclass = symbol.str.extract(r"^([A-H] *[0-9]{2} *[A-Z]) *[0-9]").forward_fill()
    return _normal_ipc(pl.when(symbol.str.contains(_ABBREVIATED)).then(subclass + symbol).otherwise(symbol))


def _rewritten(cell: pl.Expr) -> pl.Expr:
    for pattern, value in _REWRITTEN:
        cell = cell.str.replace_all(pattern, value)
    return cell


def _normalise_ipc(values: pl.Series) -> pl.Series:
    """Cells as printed today; only what is no symbol then is looked at as older editions print it."""
    answer = _normalise_list(values, _normal_ipc(pl.element()), IPC_DTYPE)
    left = answer.struct.field("problem").is_not_null().arg_true()
    if left.is_empty():
        return answer
    older = values.gather(left).to_frame("raw").select(_rewritten(_upper("raw"))).to_series()
    again = _normalise_list(older, _normal_old_ipc(pl.element()), IPC_DTYPE)
    place = pl.Series(range(len(values)), dtype=pl.UInt32).scatter(left, range(len(values), len(values) + len(left)))
    return pl.concat([answer, again]).gather(place)


def _upper(column: str) -> pl.Expr:
    return pl.col(column).str.normalize("NFKC").str.to_uppercase()


def _normal_locarno(symbol: pl.Expr) -> pl.Expr:
    part = symbol.str.extract_groups(_LOCARNO).struct
    return part.field("1").str.zfill(2) + "-" + part.field("2").str.zfill(2)


def _normalise_list(values: pl.Series, valid: pl.Expr, dtype: pl.Struct) -> pl.Series:
    """Split, normalise with `valid` (null for what is no symbol), and join what is valid and what is not."""
    symbols, invalid = pl.col("symbols"), pl.col("invalid")

    def joined(lists: pl.Expr) -> pl.Expr:
        return pl.when(lists.list.len() > 0).then(lists.list.join(";"))

    names = [field.name for field in dtype.fields]
    return (
        values.to_frame("raw")
        .lazy()
        .select(printed=text.split_multi(_upper("raw"), comma=True))
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

    Editions 1 to 7 are read too: `Int. Cl.5 C04B 35/00`, indexing codes behind `//`, `C12R 1:01`, `B01J23/00,23/40`.
    ipc: normal forms joined by `;`; main_ipc: the first of them; invalid: what is no full symbol, as printed and
    joined by `;`, with problem `ipc_malformed`. The valid symbols of a cell are given whether or not others are
    invalid. Null and blank give nulls.
    """
    return per_column(source, _normalise_ipc, IPC_DTYPE)


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
