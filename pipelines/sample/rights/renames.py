"""Changes of name that the patent gazette announces (CP01): a holder's former and new name beside one of its patents.

They are delivered in lists of their own, change no count, and are what links the two names of a party.
"""

import polars as pl

from pipelines.sample import truth
from pipelines.sample.deliveries import label
from pipelines.sample.layout import List
from pipelines.sample.layout import deliver as deliver_files
from pipelines.sample.part import Delivered, Part
from pipelines.sample.records import KEPT, LABEL_COLUMNS
from pipelines.sample.rights.registers import due

SOURCE = "patent_events"
TITLE = "专利权人的姓名或者名称的变更"


def deliver(part: Part) -> Delivered:
    """Write the notices of one part."""
    renamed = part.people.with_row_index("row").filter(pl.col("renamed_on").is_not_null())
    held = part.inventions.filter(pl.col("granted").is_not_null()).select(
        pl.col("patentee").cast(pl.UInt32).alias("row"),
        "application_no",
        "grant_no",
        "grant_kind",
        "granted",
        "filing_date",
    )
    # the first patent the holder was granted is enough to announce it
    first = held.sort("granted", "application_no").unique("row", keep="first", maintain_order=True)
    notices = renamed.join(first, on="row", how="inner").sort("renamed_on", "row")
    days = pl.Series("delivered_on", due(notices["renamed_on"].to_numpy()))
    for column in ("applicant", "new_name"):
        part.parties.wrote(SOURCE, notices[column], None, notices["row"].cast(pl.Int64))
    marked = notices.with_columns(
        days,
        *(
            pl.lit(word if part.is_first else None, dtype=pl.String).alias(name)
            for name, word in zip(LABEL_COLUMNS, ("name_change", KEPT, "更名公告，前后名称为同一单位"), strict=True)
        ),
    )
    for (day,), some in marked.group_by("delivered_on", maintain_order=True):
        stem = f"合成_名称变更_{label(str(day))}"
        deliver_files(part.landing, SOURCE, stem, str(day), some, [(List(_list), None)])
    return Delivered(pl.DataFrame(schema=truth.SCHEMA))


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col("application_no").alias("申请号"),
        pl.concat_str("grant_no", "grant_kind").alias("公开（公告）号"),
        pl.lit("CP01").alias("法律状态代码"),
        pl.lit(TITLE).alias("法律状态"),
        pl.col("renamed_on").cast(pl.String).alias("法律状态公告日"),
        pl.col("applicant").alias("变更前权利人"),
        pl.col("new_name").alias("变更后权利人"),
        pl.col("filing_date").cast(pl.String).alias("申请日"),
        pl.col("granted").cast(pl.String).alias("授权公告日"),
    )
