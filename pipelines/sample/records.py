"""The ledger as records to be delivered: publications and events with names and addresses, and labels on rare cases.

A label says that a record is there on purpose, for `PLANTED.csv`. How a record is written is the writers' business.
"""

import numpy as np
import polars as pl

from pipelines.sample import city
from pipelines.sample.deliveries import delivered_on
from pipelines.sample.events import ATTRIBUTION_BREAK

LABELS_PER_KIND = 6
LABEL_COLUMNS = ("plant", "expected", "note")
KEPT, OUTSIDE = "kept", "outside_area"
_ZONE_IN_DISTRICT = "张店区高新区|张店区经济开发区|周村区文昌湖|北郊镇淄博经济开发区"
_BREAK = pl.lit(ATTRIBUTION_BREAK.item())


def with_deliveries(ledger: pl.DataFrame) -> pl.DataFrame:
    """The ledger with the days on which publication and grant are delivered."""
    return ledger.with_columns(
        pl.Series("published_on_delivery", _delivered(ledger["published"])),
        pl.Series("granted_on_delivery", _delivered(ledger["granted"])),
    )


def with_cells(events: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Events with the cells of the parties before and after; OUTSIDE where there is none."""
    cells = pl.Series([*people["cell"].to_list(), city.OUTSIDE], dtype=pl.Int64)
    return events.with_columns(
        cells.gather(events["before"] % len(cells)).alias("before_cell"),
        cells.gather(events["after"] % len(cells)).alias("after_cell"),
    )


def publications(ledger: pl.DataFrame, people: pl.DataFrame, *, label: bool) -> pl.DataFrame:
    """One row per publication or grant of the ledger, with names and addresses, in order of publication."""
    shared = ["number", "patent_type", "application_no", "parent_application_no", "filing_date", "title", "ipc"]
    shared += ["agency", "applicant_count", "is_divisional", "is_keyword_only"]
    first = ledger.filter(pl.col("published").is_not_null()).select(
        *shared,
        "publication_no",
        pl.lit("A").alias("publication_kind"),
        pl.col("published").alias("publication_date"),
        pl.col("applicant").alias("party"),
        pl.col("cell").alias("cell"),
        pl.lit(False).alias("changed_hands"),
        pl.col("granted").is_null().alias("is_only"),
        pl.col("published_on_delivery").alias("delivered_on"),
    )
    second = ledger.filter(pl.col("granted").is_not_null()).select(
        *shared,
        pl.col("grant_no").alias("publication_no"),
        pl.col("grant_kind").alias("publication_kind"),
        pl.col("granted").alias("publication_date"),
        pl.col("patentee").alias("party"),
        pl.col("patentee_cell").alias("cell"),
        (pl.col("applicant") != pl.col("patentee")).alias("changed_hands"),
        pl.col("published").is_null().alias("is_only"),
        pl.col("granted_on_delivery").alias("delivered_on"),
    )
    both = pl.concat([first, second])
    names = people.select("applicant", "applicant_kind", "address")[both["party"]]
    partner = (
        pl.when(pl.col("applicant_count") > 1).then(pl.lit("; 合成样例合作单位有限公司0001号")).otherwise(pl.lit(""))
    )
    stem = (pl.col("number") % len(city.STEMS)).replace_strict(
        list(range(len(city.STEMS))), list(city.STEMS), return_dtype=pl.String
    )
    rows = pl.concat([both, names], how="horizontal").with_columns(
        pl.concat_str("applicant", partner).alias("applicants"),
        pl.concat_str(pl.lit("样例人"), stem).alias("inventors"),
    )
    rows = rows.sort("publication_date", "publication_no", "publication_kind")
    return rows.with_columns(*(_labels(rows, _publication_cases(), rows["cell"]) if label else _no_labels()))


def events(happened: pl.DataFrame, people: pl.DataFrame, *, label: bool) -> pl.DataFrame:
    """Events with the names and addresses of the parties before and after."""

    def party(side: str, column: str) -> pl.Series:
        values = pl.concat([people[column], pl.Series([None], dtype=pl.String)])
        return values.gather(happened[side] % len(values)).alias(f"{side}_{column}")

    rows = happened.with_columns(
        *(party(side, column) for side in ("before", "after") for column in ("applicant", "address")),
        pl.when(pl.col("event_code") == "RR01").then("decision_date").alias("original_date"),
        pl.when(pl.col("event_code") != "RR01").then("decision_date").alias("decision_date"),
        pl.Series("due_on", delivered_on(happened["event_date"].to_numpy())),
        pl.when(pl.col("event_code") == "RR01").then("event_date").max().over("row").alias("restored_on"),
    )
    return rows.with_columns(*(_labels(rows, _event_cases(), rows["before_cell"]) if label else _no_labels()))


def _delivered(days: pl.Series) -> np.ndarray:
    array = days.to_numpy()
    known = ~np.isnat(array)
    result = np.full(len(array), np.datetime64("NaT", "D"))
    result[known] = delivered_on(array[known])
    return result


def _publication_cases() -> list[tuple[str, pl.Expr, str, str]]:
    """Kind, condition, expectation, and what is special; the first that holds labels the record."""
    address, is_grant = pl.col("address"), pl.col("publication_kind") != "A"
    inside = pl.col("cell") != city.OUTSIDE
    return [
        ("divisional", pl.col("is_divisional"), KEPT, "分案：号码年份晚于申请日"),
        ("keyword_only_class", pl.col("is_keyword_only") & is_grant, KEPT, "分类号仅在带关键词条件的规则内，不计战新"),
        ("changed_hands", pl.col("changed_hands") & is_grant & inside, KEPT, "申请与授权分属不同申请人"),
        ("old_number", pl.col("application_no").str.len_chars() == 10, KEPT, "2003年10月前的8位申请号"),
        ("foreign_address", address.str.contains("^[美日]"), OUTSIDE, "境外地址"),
        ("road_named_zibo", address.str.contains("东营市东营区淄博路"), OUTSIDE, "东营的淄博路"),
        ("district_zone", address.str.contains("周村区经济开发区"), KEPT, "周村自己的经济开发区，不是3703A2"),
        ("zone_in_district", address.str.contains(_ZONE_IN_DISTRICT), KEPT, "功能区写在区县之后"),
        ("zone_by_street", address.str.contains("四宝山|中埠镇|萌水镇|商家镇"), KEPT, "由街道、镇判定功能区"),
        ("town_without_district", address.str.contains("淄博市南定镇"), KEPT, "只写镇，未写区县"),
        ("no_district", pl.col("cell") == len(city.CELLS) - 1, KEPT, "地址未写区县"),
        ("natural_person", pl.col("applicant_kind") == "natural_person", KEPT, "自然人申请人：姓名隐去，地址截至区县"),
        ("elsewhere", ~inside, OUTSIDE, "外市地址"),
    ]


def _event_cases() -> list[tuple[str, pl.Expr, str, str]]:
    code = pl.col("event_code")
    lapse, transfer = code == "CF01", code == "TR01"
    undated = pl.col("effective_date").is_null()
    before, after = pl.col("before_cell") != city.OUTSIDE, pl.col("after_cell") != city.OUTSIDE
    old = pl.col("granted") <= _BREAK
    earlier = pl.col("effective_date").dt.year() < pl.col("event_date").dt.year()
    return [
        ("lapse_restored", lapse & (pl.col("restored_on") > pl.col("event_date")), KEPT, "终止后恢复，终止作废"),
        ("restoration", code == "RR01", KEPT, "权利恢复"),
        ("lapse_after_restoration", lapse & pl.col("restored_on").is_not_null(), KEPT, "恢复后再次终止，有效"),
        ("undated_lapse", lapse & undated, KEPT, "公告未写终止日，以公告日计"),
        ("full_invalidation", code == "IW01", KEPT, "全部无效，自始不计"),
        ("partial_invalidation", code == "IP01", KEPT, "部分无效，不影响有效"),
        ("surrender", code == "AV01", KEPT, "主动放弃"),
        ("term_end", code == "CX01", KEPT, "期满终止"),
        ("move_out", transfer & old & before & ~after, KEPT, "2020年及以前授权，迁出本市"),
        ("move_in", transfer & old & ~before & after, KEPT, "2020年及以前授权，迁入本市"),
        ("sale_after_break", transfer & ~old & before & ~after, KEPT, "2021年起授权，转出不改变归属"),
        ("address_change", code == "CP02", KEPT, "地址变更"),
        ("late_notice", pl.col("delivered_on") > pl.col("due_on"), KEPT, "公告晚一期才交付"),
        ("lapse_before_notice", lapse & earlier, KEPT, "终止日在公告的上一年"),
    ]


def _labels(rows: pl.DataFrame, cases: list[tuple[str, pl.Expr, str, str]], cells: pl.Series) -> list[pl.Series]:
    """The label columns: the first records of every case."""
    kind = pl.lit(None, dtype=pl.String)
    for name, condition, _, _ in reversed(cases):
        kind = pl.when(condition).then(pl.lit(name)).otherwise(kind)
    first = pl.int_range(pl.len()).over("plant") < LABELS_PER_KIND
    named = rows.select(plant=kind).select(plant=pl.when(first).then("plant"))["plant"]
    expected = {name: expectation for name, _, expectation, _ in cases}
    notes = {name: note for name, _, _, note in cases}
    regions = [f"{c.statutory}/{c.management}" for c in city.CELLS] + ["外"]
    where = pl.Series(regions).gather(cells.cast(pl.Int64) % len(regions))
    return [
        named,
        named.replace_strict(expected, default=None, return_dtype=pl.String).alias("expected"),
        (named.replace_strict(notes, default=None, return_dtype=pl.String) + "；" + where).alias("note"),
    ]


def _no_labels() -> list[pl.Expr]:
    return [pl.lit(None, dtype=pl.String).alias(name) for name in LABEL_COLUMNS]
