"""The gazette list of the public pages: GB18030, English headers, postcode glued to the address."""

import polars as pl

HEADER = (
    "item",
    "name",
    "authorization_notice_id",
    "authorized_announcement_date",
    "filing_id",
    "filing_date",
    "patentee",
    "designer",
    "address",
    "Int.Cl.",
)


def rows(publications: pl.DataFrame) -> pl.DataFrame:
    """One row per publication, all text, in the column order of the real lists."""
    dotted = "%Y.%m.%d"
    return publications.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("item"),
        pl.col("title").alias("name"),
        pl.concat_str("publication_no", "publication_kind").alias("authorization_notice_id"),
        pl.col("publication_date").dt.strftime(dotted).alias("authorized_announcement_date"),
        pl.col("application_no").str.replace(".", "", literal=True).alias("filing_id"),
        pl.col("filing_date").dt.strftime(dotted).alias("filing_date"),
        pl.col("applicants").alias("patentee"),
        pl.col("inventors").alias("designer"),
        pl.col("address"),
        pl.when(pl.col("patent_type") == "design")
        .then(pl.concat_str("ipc", pl.lit(" (12)")))
        .otherwise(pl.col("ipc").str.replace_all(";", "(2006.01)I;").add("(2006.01)I"))
        .alias("Int.Cl."),
    )


def encode(table: pl.DataFrame) -> bytes:
    """The rows as GB18030 text with line feeds."""
    return table.write_csv().encode("gb18030")
