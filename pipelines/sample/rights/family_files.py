"""Family members as delivered: the bureau's list, and the answers of the EPO's open services in XML.

The XML names no address: what it brings comes again in the next list, which says where the applicant is.
"""

from xml.sax.saxutils import escape

import numpy as np
import polars as pl

from pipelines.sample import city, layout
from pipelines.sample.deliveries import label
from pipelines.sample.layout import Documents, Format, List, Place
from pipelines.sample.part import Part
from pipelines.sample.records import KEPT, LABEL_COLUMNS, OUTSIDE
from pipelines.sample.rights import damage
from pipelines.sample.rights.registers import Case, deliver_all, due, labelled, printed
from pipelines.sample.writers import archives, encodings, workbooks
from pipelines.sample.writers.documents import Row

SOURCE = "patent_families"
STATUS_WORDS = {"pending": "审查中", "granted": "授权", "ended": "失效"}
_SERIAL_BASE = {"US": 99_000_000, "EP": 9_000_000, "JP": 9_000_000, "KR": 9_900_000_000}
"""Numbers that the offices have not come to."""
XML_PERIODS = ("2017H1", "2018H2", "2020Q2", "2022Q4")
FAMILIES_AS_XML = 10


def deliver(part: Part, members: pl.DataFrame) -> None:
    """Write all members of one part."""
    rows = labelled(_numbered(members), _cases(), is_first=part.is_first)
    if part.is_first:
        rows = _deliver_xml(part, rows)
    deliver_all(part, SOURCE, rows, lambda period: f"合成_专利同族_{period}", FORMATS, LIST)


def _numbered(members: pl.DataFrame) -> pl.DataFrame:
    """With the numbers the offices give, per application and per publication; an international one keeps its own."""
    year = pl.col("published").dt.year()
    serial = pl.col("family").cast(pl.String).str.zfill(6)
    is_grant = pl.col("granted").is_not_null()
    base = pl.col("office").replace_strict(_SERIAL_BASE, default=0, return_dtype=pl.Int64)
    # an EP patent keeps the number of its application's publication, elsewhere a grant has one of its own
    keeps = pl.col("office") == "EP"
    national = (base + pl.col("family") * 2 + pl.when(is_grant & ~keeps).then(1).otherwise(0)).cast(pl.String)
    first_year = year.min().over("family", "office")
    is_international = pl.col("office") == "WO"
    return members.with_columns(
        publication_no=pl.when(is_international)
        .then(pl.format("WO{}{}", first_year, serial))
        .otherwise(pl.concat_str("office", national)),
        member_no=pl.when(is_international)
        .then(pl.format("PCT/CN{}/{}", pl.col("filed").dt.year(), serial))
        .otherwise(pl.format("{}{}{}", "office", pl.col("filed").dt.strftime("%y"), serial)),
        status_word=pl.col("status").replace_strict(STATUS_WORDS, return_dtype=pl.String),
        family_id=pl.format("9{}", serial),
    )


def _cases() -> list[Case]:
    is_grant, no_national = pl.col("granted").is_not_null(), pl.col("application_no").is_null()
    return [
        ("family_elsewhere", pl.col("cell") == city.OUTSIDE, OUTSIDE, "外市申请人的海外申请"),
        ("pct_without_national", no_national & (pl.col("office") == "WO"), KEPT, "PCT申请未写本国申请号"),
        ("grant_without_national", no_national & is_grant, KEPT, "海外授权未写本国申请号，不计高价值"),
        ("pct_published_again", pl.col("kind") == "A3", KEPT, "同一PCT申请的检索报告再次公布，只计一件"),
        ("ended_abroad", pl.col("status") == "ended", KEPT, "海外申请失效，从未授权"),
        ("late_member", pl.col("late"), KEPT, "晚一期才交付"),
        ("family_granted", is_grant, KEPT, "海外授权，自授权日起计高价值"),
    ]


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    """The bureau's list of members."""
    return rows.select(
        pl.col("application_no").alias("本国申请号"),
        pl.col("office").alias("受理局"),
        pl.col("member_no").alias("海外申请号"),
        pl.col("publication_no").alias("海外公开号"),
        pl.col("kind").alias("文献种类"),
        printed("filed").alias("海外申请日"),
        printed("published").alias("海外公开日"),
        printed("granted").alias("海外授权日"),
        pl.col("status_word").alias("状态"),
        pl.col("name").alias("申请人"),
        pl.col("address").alias("申请人地址"),
        pl.col("family_id").alias("同族编号"),
    )


def _deliver_xml(part: Part, rows: pl.DataFrame) -> pl.DataFrame:
    """Some families of some deliveries as XML, and again in the list of the next delivery; returns all list rows."""
    by_day = {label(str(day)): day for day in rows["delivered_on"].unique().sort()}
    plain = pl.col("application_no").is_not_null() & pl.col("name").str.contains("公司")
    for period in XML_PERIODS:
        day = by_day[period]
        of_delivery = pl.col("delivered_on") == day
        families = rows.filter(of_delivery & plain)["family"].unique().sort().head(FAMILIES_AS_XML)
        is_chosen = of_delivery & pl.col("family").is_in(families.implode())
        some = rows.filter(is_chosen)
        layout.deliver(part.landing, SOURCE, f"合成_同族查询_{period}", str(day), some, [(OPS, None)])
        later = due(np.array([day], dtype="datetime64[D]"), months=6)[0].item()
        rows = rows.with_columns(
            pl.when(is_chosen).then(pl.lit(later)).otherwise("delivered_on").alias("delivered_on"),
            *(pl.when(is_chosen).then(None).otherwise(name).alias(name) for name in LABEL_COLUMNS),
        )
        path = f"{SOURCE}/{later}/合成_专利同族_{label(str(later))}.csv"
        part.landing.plant(path, 0, "family_again", KEPT, "上一期以XML交付的同族在清单中再次出现，并带地址")
    return rows.sort("delivered_on", "family", "office", "kind")


def _member(row: Row) -> str:
    """One member with its document inside, as the family service answers."""
    office, number = row["office"], row["publication_no"][2:]
    kind_of_application = "W" if office == "WO" else "A"
    applied = row["member_no"][4:].replace("/", "") if office == "WO" else row["member_no"][2:]
    country = "CN" if office == "WO" else office
    national = row["application_no"].split(".")[0]
    reference = (
        '<publication-reference><document-id document-id-type="docdb">'
        f"<country>{office}</country><doc-number>{number}</doc-number><kind>{row['kind']}</kind>"
        f"<date>{row['published']:%Y%m%d}</date></document-id></publication-reference>"
    )
    application = (
        '<application-reference><document-id document-id-type="docdb">'
        f"<country>{country}</country><doc-number>{applied}</doc-number><kind>{kind_of_application}</kind>"
        f"<date>{row['filed']:%Y%m%d}</date></document-id></application-reference>"
    )
    priority = (
        '<priority-claim sequence="1" kind="national"><document-id document-id-type="docdb"><country>CN</country>'
        f"<doc-number>{national}</doc-number><kind>A</kind></document-id></priority-claim>"
    )
    return (
        f'<ops:family-member family-id="{row["family_id"]}">{reference}{application}{priority}'
        f'<exchange-document system="synthetic" family-id="{row["family_id"]}" country="{office}" '
        f'doc-number="{number}" kind="{row["kind"]}"><bibliographic-data>{reference}{application}'
        f"<priority-claims>{priority}</priority-claims><parties><applicants>"
        '<applicant sequence="1" data-format="original"><applicant-name>'
        f"<name>{escape(row['name'])}</name></applicant-name></applicant></applicants></parties>"
        "</bibliographic-data></exchange-document></ops:family-member>"
    )


def _ops(rows: pl.DataFrame) -> tuple[bytes, list[Place]]:
    """An answer of the family service for every family."""
    members: list[tuple[str, bytes]] = []
    places: list[Place] = []
    for (family,), some in rows.group_by("family_id", maintain_order=True):
        found = [_member(row) for row in some.to_dicts()]
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<ops:world-patent-data xmlns="http://www.epo.org/exchange" '
            'xmlns:ops="http://ops.epo.org">\n'
            f'<ops:patent-family legal="false" total-result-count="{len(found)}">{"".join(found)}'
            "</ops:patent-family></ops:world-patent-data>\n"
        )
        members.append((f"family_{family}_synthetic.xml", text.encode()))
        places += [(members[-1][0], n) for n in range(1, len(found) + 1)]
    return archives.archive(members), places


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table, titles=("合成样例：海外同族清单",), total="合计")


OPS = Documents("_ops.zip", _ops)
LIST = List(_list)
FORMATS: dict[str, list[tuple[Format, int | None]]] = {
    "2016H2": [(List(_list, _workbook, ".xlsx", rows_before=2, is_whole=True), None)],
    "2019Q4": [(List(_list, damage=damage.families), None)],
    "2021Q2": [(List(_list, encodings.utf8_with_mark), None)],
}
