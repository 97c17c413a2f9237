"""Marks as delivered: the bureau's list, an agency's export, workbooks, and WIPO's XML of both generations.

Takes states of marks from `trademarks` with names; which delivery comes in which format is below. No mark is drawn.
"""

from xml.sax.saxutils import escape

import polars as pl

from pipelines.sample import layout
from pipelines.sample.deliveries import label
from pipelines.sample.layout import Documents, Format, List, Place
from pipelines.sample.part import Part
from pipelines.sample.records import KEPT, OUTSIDE
from pipelines.sample.rights import damage
from pipelines.sample.rights.registers import Case, deliver_all, labelled, printed
from pipelines.sample.writers import archives, encodings, workbooks
from pipelines.sample.writers.documents import Row

SOURCE = "trademarks"
STATUS_WORDS = ("注册", "撤销", "宣告无效", "注销", "期满未续展", "申请中", "驳回")
CATEGORY_WORDS = ("普通商标", "集体商标", "证明商标")
AGENCIES = tuple(f"合成样例商标事务所有限公司{n:02d}号" for n in range(1, 16))
ST96_STATUSES = {0: "Registration published", 1: "Registration cancelled", 3: "Registration surrendered"}
ST66_STATUSES = {0: "Registered", 1: "Registration cancelled", 3: "Registration surrendered"}
"""States that the XML formats are used for here."""


def deliver(part: Part, states: pl.DataFrame) -> None:
    """Write all states of the marks of one part."""
    rows = labelled(_texts(states), _cases(), is_first=part.is_first)
    if part.is_first:
        rows = _deliver_xml(part, rows)
    deliver_all(part, SOURCE, rows, _stem, FORMATS, BUREAU)


def _stem(period: str) -> str:
    return f"合成_注册商标_{period}"


def _deliver_xml(part: Part, rows: pl.DataFrame) -> pl.DataFrame:
    """Write some marks of some deliveries as XML; returns the others."""
    by_day = {label(str(day)): day for day in rows["delivered_on"].unique().sort()}
    for period, (form, count) in XML.items():
        of_delivery = pl.col("delivered_on") == by_day[period]
        some = rows.filter(of_delivery & pl.col("is_for_xml")).head(count)
        layout.deliver(part.landing, SOURCE, _stem(period), str(by_day[period]), some, [(form, None)])
        rows = rows.filter(~(of_delivery & pl.col("mark").is_in(some["mark"].implode())))
    return rows


def _texts(states: pl.DataFrame) -> pl.DataFrame:
    """The states with their words, and whether XML can say all that is known of one."""
    agency = (pl.col("mark") % (len(AGENCIES) * 2)).replace_strict(
        dict(enumerate(AGENCIES)), default=None, return_dtype=pl.String
    )
    is_gi = pl.col("category") == 2
    foreign_number = pl.when("has_madrid").then(pl.format("G{}", pl.col("mark") - 8_000_000)).when("is_foreign")
    return states.with_columns(
        words=pl.col("mark_name") + pl.when(is_gi).then(pl.lit("（地理标志）")).otherwise(pl.lit("")),
        status_word=_word("status", STATUS_WORDS),
        category_word=_word("category", CATEGORY_WORDS),
        is_gi=is_gi,
        agency=agency,
        international_no=foreign_number.then("registration_no"),
        international_day=pl.when("has_madrid").then("madrid").when("is_foreign").then("known_registered"),
        printed_classes=pl.col("classes").cast(pl.List(pl.String)).list.join(";"),
        is_for_xml=pl.col("status").is_in(list(ST96_STATUSES))
        & pl.col("known_registered").is_not_null()
        & ~pl.col("has_madrid")
        & ~pl.col("is_foreign")
        & ~is_gi
        & pl.col("name").str.contains("公司"),
    )


def _word(column: str, words: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).replace_strict(list(range(len(words))), list(words), return_dtype=pl.String)


def _cases() -> list[Case]:
    is_change = pl.col("is_change")
    renewed = is_change & (pl.col("known_since") > pl.col("since")) & (pl.col("status") == 0)
    kept_after_end = pl.col("known_until") < pl.col("delivered_on")
    return [
        ("foreign_owner", pl.col("is_foreign"), OUTSIDE, "境外注册人，国际注册号G开头"),
        ("madrid_on_a_mark", is_change & pl.col("has_madrid"), KEPT, "已注册商标后来取得马德里国际注册"),
        ("gi_mark", pl.col("is_gi"), KEPT, "地理标志证明商标"),
        ("collective_mark", pl.col("category") == 1, KEPT, "集体商标"),
        ("mark_renewed", renewed, KEPT, "续展后专用权期限改印新一期，注册公告日不变"),
        ("mark_cancelled", pl.col("status") == 1, KEPT, "连续三年不使用撤销"),
        ("mark_invalidated", pl.col("status") == 2, KEPT, "宣告无效，自公告日起不计"),
        ("mark_surrendered", pl.col("status") == 3, KEPT, "注销"),
        ("mark_expired", pl.col("status") == 4, KEPT, "期满未续展"),
        ("mark_pending", pl.col("status") == 5, KEPT, "申请中，无注册公告日，不计"),
        ("mark_refused", pl.col("status") == 6, KEPT, "驳回，不计"),
        ("past_its_end", kept_after_end & (pl.col("status") == 0), KEPT, "期限已过，状态仍印注册：以期限为准"),
        ("opposed_mark", pl.col("known_since") < pl.col("known_registered"), KEPT, "异议后核准：专用权早于注册公告"),
        ("several_classes", pl.col("classes").list.len() > 1, KEPT, "一标多类，一行拆为多件"),
        ("renamed_owner", pl.col("name").str.contains("更名"), KEPT, "注册人已更名"),
        ("lower_case_code", pl.col("credit_code").str.contains("[a-z]"), KEPT, "信用代码小写"),
        ("person_as_owner", pl.col("name").str.starts_with("样例人"), KEPT, "自然人注册人：姓名隐去"),
        ("late_mark", pl.col("late") & ~is_change, KEPT, "晚一期才交付"),
    ]


def bureau(rows: pl.DataFrame) -> pl.DataFrame:
    """The bureau's list: Chinese headers, several classes in a cell, blanks where nothing is."""
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.col("registration_no").alias("注册号"),
        pl.col("printed_classes").alias("国际分类"),
        pl.col("words").alias("商标名称"),
        printed("applied").alias("申请日期"),
        printed("known_registered").alias("注册公告日期"),
        printed("known_since").alias("专用权期限开始"),
        printed("known_until").alias("专用权期限截止"),
        pl.col("status_word").alias("商标状态"),
        printed("status_day").alias("状态日期"),
        pl.col("category_word").alias("商标类型"),
        pl.when("is_gi").then(pl.lit("是")).otherwise(pl.lit("否")).alias("是否地理标志"),
        pl.col("international_no").alias("国际注册号"),
        printed("international_day").alias("国际注册日期"),
        pl.col("name").alias("申请人名称（中文）"),
        pl.col("credit_code").alias("统一社会信用代码"),
        pl.col("address").alias("申请人地址（中文）"),
        pl.col("agency").alias("代理机构"),
    )


def agency(rows: pl.DataFrame) -> pl.DataFrame:
    """An agency's export: field names of its interface, compact dates, classes of three digits."""
    day = "%Y%m%d"
    padded = pl.col("classes").cast(pl.List(pl.String)).list.eval(pl.element().str.zfill(3)).list.join(",")
    return rows.select(
        pl.col("registration_no").alias("regNo"),
        padded.alias("intCls"),
        pl.col("words").alias("tmName"),
        printed("applied", day).alias("appDate"),
        printed("known_registered", day).alias("regDate"),
        printed("known_since", day).alias("privateDateStart"),
        printed("known_until", day).alias("privateDateEnd"),
        pl.col("status_word").alias("flowStatus"),
        printed("status_day", day).fill_null("00000000").alias("status_date"),
        pl.col("category_word").alias("category"),
        pl.when("is_gi").then(pl.lit("1")).otherwise(pl.lit("0")).alias("isGI"),
        pl.col("international_no").alias("international_registration_no"),
        printed("international_day", day).alias("international_registration_date"),
        pl.col("name").alias("applicantCn"),
        pl.col("credit_code").alias("credit_code"),
        pl.col("address").alias("addressCn"),
        pl.col("agency").alias("agent"),
    )


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table, titles=("合成样例：注册商标清单", "单位：件"), total="合计")


def st96(row: Row) -> bytes:
    """One mark in ST.96 version 6."""
    classes = "".join(
        "<tmk:GoodsServices><tmk:GoodsServicesClassificationBag><tmk:GoodsServicesClassification>"
        "<tmk:ClassificationKindCode>Nice</tmk:ClassificationKindCode>"
        f"<tmk:ClassNumber>{number:03d}</tmk:ClassNumber></tmk:GoodsServicesClassification>"
        "</tmk:GoodsServicesClassificationBag></tmk:GoodsServices>"
        for number in row["classes"]
    )
    agent = ""
    if row["agency"]:
        agent = (
            "<tmk:RepresentativeBag><tmk:Representative><com:Contact><com:Name><com:OrganizationName>"
            f"<com:OrganizationStandardName>{escape(row['agency'])}</com:OrganizationStandardName>"
            "</com:OrganizationName></com:Name></com:Contact></tmk:Representative></tmk:RepresentativeBag>"
        )
    identifier = f"<com:PartyIdentifier>{row['credit_code']}</com:PartyIdentifier>" if row["credit_code"] else ""
    space = "http://www.wipo.int/standards/XMLSchema/ST96"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<tmk:TrademarkApplication xmlns:tmk="{space}/Trademark" xmlns:com="{space}/Common" com:st96Version="V6_0">
<tmk:TrademarkBag><tmk:Trademark>
<com:RegistrationOfficeCode>CN</com:RegistrationOfficeCode>
<com:ApplicationNumber><com:IPOfficeCode>CN</com:IPOfficeCode>\
<com:ApplicationNumberText>{row["registration_no"]}</com:ApplicationNumberText></com:ApplicationNumber>
<com:RegistrationNumber>{row["registration_no"]}</com:RegistrationNumber>
<com:ApplicationDate>{row["applied"]}</com:ApplicationDate>
<com:RegistrationDate>{row["known_registered"]}</com:RegistrationDate>
<com:ExpiryDate>{row["known_until"]}</com:ExpiryDate>
<tmk:MarkCurrentStatusCode>{ST96_STATUSES[row["status"]]}</tmk:MarkCurrentStatusCode>
<tmk:MarkCurrentStatusDate>{row["status_day"] or row["known_registered"]}</tmk:MarkCurrentStatusDate>
<tmk:MarkCategory>Trademark</tmk:MarkCategory>
<tmk:MarkRepresentation><tmk:MarkReproduction><tmk:WordMarkSpecification>\
<tmk:MarkVerbalElementText>{row["words"]}</tmk:MarkVerbalElementText></tmk:WordMarkSpecification>\
</tmk:MarkReproduction></tmk:MarkRepresentation>
<tmk:GoodsServicesBag>{classes}</tmk:GoodsServicesBag>
<tmk:ApplicantBag><tmk:Applicant com:sequenceNumber="1">{identifier}<com:Contact><com:Name><com:OrganizationName>\
<com:OrganizationStandardName>{escape(row["name"])}</com:OrganizationStandardName></com:OrganizationName></com:Name>\
<com:PostalAddressBag><com:PostalAddress><com:PostalStructuredAddress>\
<com:AddressLineText>{row["address"]}</com:AddressLineText></com:PostalStructuredAddress></com:PostalAddress>\
</com:PostalAddressBag></com:Contact></tmk:Applicant></tmk:ApplicantBag>
{agent}</tmk:Trademark></tmk:TrademarkBag>
</tmk:TrademarkApplication>
""".encode()


def _st66_mark(row: Row) -> str:
    classes = "".join(
        f"<ClassDescription><ClassNumber>{number:03d}</ClassNumber></ClassDescription>" for number in row["classes"]
    )
    identifier = f"<ApplicantIdentifier>{row['credit_code']}</ApplicantIdentifier>" if row["credit_code"] else ""
    return (
        "<TradeMark><RegistrationOfficeCode>CN</RegistrationOfficeCode>"
        f"<ApplicationNumber>{row['registration_no']}</ApplicationNumber><ApplicationDate>{row['applied']}</ApplicationDate>"
        f"<RegistrationNumber>{row['registration_no']}</RegistrationNumber>"
        f"<RegistrationDate>{row['known_registered']}+08:00</RegistrationDate>"
        f"<ExpiryDate>{row['known_until']}</ExpiryDate>"
        f"<MarkCurrentStatusCode>{ST66_STATUSES[row['status']]}</MarkCurrentStatusCode>"
        f"<MarkCurrentStatusDate>{row['status_day'] or row['known_registered']}</MarkCurrentStatusDate>"
        f"<KindMark>Individual</KindMark><WordMarkSpecification><MarkVerbalElementText>{row['words']}"
        "</MarkVerbalElementText></WordMarkSpecification><GoodsServicesDetails><GoodsServices>"
        f"<ClassDescriptionDetails>{classes}</ClassDescriptionDetails></GoodsServices></GoodsServicesDetails>"
        f"<ApplicantDetails><Applicant>{identifier}<ApplicantAddressBook><FormattedNameAddress><Name><FreeFormatName>"
        f"<FreeFormatNameDetails><FreeFormatNameLine>{escape(row['name'])}</FreeFormatNameLine>"
        "</FreeFormatNameDetails></FreeFormatName></Name><Address><FreeFormatAddress><FreeFormatAddressLine>"
        f"{row['address']}</FreeFormatAddressLine></FreeFormatAddress></Address></FormattedNameAddress>"
        "</ApplicantAddressBook></Applicant></ApplicantDetails></TradeMark>"
    )


def st66(rows: pl.DataFrame) -> bytes:
    """A transaction of ST.66 with many marks."""
    marks = "".join(_st66_mark(row) for row in rows.to_dicts())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Transaction xmlns="http://www.wipo.int/standards/XMLSchema/trademarks"><TradeMarkTransactionBody>\
<TransactionContentDetails><TransactionCode>合成样例 synthetic</TransactionCode><TransactionData><TradeMarkDetails>\
{marks}</TradeMarkDetails></TransactionData></TransactionContentDetails></TradeMarkTransactionBody></Transaction>
""".encode()


def _st96_archive(rows: pl.DataFrame) -> tuple[bytes, list[Place]]:
    members = [(f"CN{row['registration_no']}_synthetic.xml", st96(row)) for row in rows.to_dicts()]
    return archives.archive(members), [(name, 1) for name, _ in members]


def _st66_file(rows: pl.DataFrame) -> tuple[bytes, None]:
    return st66(rows), None


BUREAU = List(bureau)
AGENCY = List(agency, encodings.utf8, "_代理导出.csv")
TABS = List(bureau, encodings.utf16_tabs, "_制表.txt", is_whole=True)
WORKBOOK = List(bureau, _workbook, ".xlsx", rows_before=3, is_whole=True)
ST96 = Documents("_st96.zip", _st96_archive)
# the marks of a transaction are one record, as intake counts records
ST66 = Documents("_st66.xml", _st66_file, is_labelled=False)

FORMATS: dict[str, list[tuple[Format, int | None]]] = {
    "2016H1": [(WORKBOOK, 400)],
    "2016H2": [(AGENCY, 600)],
    "2017H1": [(TABS, 500)],
    "2017H2": [(List(bureau, damage=damage.marks_refused), None)],
    "2018H1": [(List(bureau, damage=damage.marks_written_badly), None)],
    "2019Q2": [(AGENCY, 500)],
    "2020Q4": [(WORKBOOK, 300)],
    "2021Q3": [(AGENCY, 500)],
    "2023Q1": [(WORKBOOK, 300)],
}
XML: dict[str, tuple[Documents, int]] = {
    "2016H1": (ST66, 20),
    "2018H2": (ST66, 30),
    "2019Q3": (ST96, 12),
    "2020Q2": (ST96, 12),
    "2022Q3": (ST96, 12),
    "2024Q1": (ST96, 12),
}
