"""Copyright registration numbers and certificate numbers (domain C.10).

Belongs here: the written forms of both and telling them apart. Does not belong here: which of several rows for one
work counts (SQL).

Normal forms: software `2014SR001852`; works `国作登字-2020-F-00123456`, of a province `鲁作登字-2021-F-00012345`;
certificate `软著登字第0671096号`. A certificate number never becomes a registration number, while the hybrid
`软著登字第2016SR172900号` holds one.
"""

import polars as pl

from pipelines.codes import text
from pipelines.codes._vector import Column, per_column, scalar

MALFORMED = "registration_no_malformed"

DTYPE = pl.Struct({"registration_no": pl.String, "certificate_no": pl.String, "kind": pl.String, "problem": pl.String})

_SOFTWARE = r"^(?:软著(?:登|变|转)?字)?第?((?:19|20)[0-9]{2}SR[0-9]{6,7})号?$"
_WORK = r"^(?:登记号:?)?(\p{Han}{1,2}作登字)-?(?:[0-9]{2}-)?-?((?:19|20)[0-9]{2})-?([A-L])-?([0-9]{5,8})号?$"
_CERTIFICATE = r"^软著(?:登|变|转)字第?([0-9]{6,8})号?$"


def _parse(values: pl.Series) -> pl.Series:
    number = pl.col("number")
    work = number.str.extract_groups(_WORK).struct
    works = pl.concat_str(work.field("1"), work.field("2"), work.field("3"), work.field("4"), separator="-")
    certificate = number.str.extract(_CERTIFICATE, 1)
    software = number.str.extract(_SOFTWARE, 1)
    registration = pl.coalesce(software, works)
    kind = pl.when(software.is_not_null() | certificate.is_not_null()).then(pl.lit("software"))
    return (
        values.to_frame("raw")
        .lazy()
        .select(number=text.fold("raw"))
        .select(
            answer=pl.struct(
                registration_no=registration,
                certificate_no=pl.when(certificate.is_not_null()).then(
                    number.str.extract(r"^(软著.字)", 1) + "第" + certificate + "号"
                ),
                kind=kind.when(works.is_not_null()).then(pl.lit("works")),
                problem=pl.when(number.is_not_null() & registration.is_null()).then(pl.lit(MALFORMED)),
            )
        )
        .collect()
        .to_series()
    )


def parse(source: Column) -> pl.Expr:
    """Struct{registration_no, certificate_no, kind, problem} of a column of numbers written as registration numbers.

    kind: `software` or `works`, as the number's form says. problem: `registration_no_malformed` for anything that is no
    registration number; a certificate number has this problem and stands in `certificate_no`. Null gives nulls.
    """
    return per_column(source, _parse, DTYPE, distinct=False)


def normalise(written: str | None) -> str:
    """The normal form of one registration number; ValueError with the reason code where there is none."""
    answer = scalar(parse, written)
    if answer["registration_no"] is None:
        raise ValueError(answer["problem"] or "required_missing")
    return str(answer["registration_no"])
