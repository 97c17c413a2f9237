"""Which applicants are natural persons, and what of them may be kept (design 4, 5).

Belongs here: the rule for names and the cut of addresses. Does not belong here: which columns hold names (contracts).

The rule errs on the side of privacy: a name not recognised as an organisation's is a person's. An organisation taken
for a person loses its name and street, nothing else; its patents still count where its address says.
"""

import polars as pl

from pipelines.codes import divisions, text
from pipelines.codes._vector import Column, column, per_column, scalar

NATURAL_PERSON = "自然人"  # what stands in place of a name

ORGANISATION = "organisation"
PERSON = "natural_person"

# Words that make a name an organisation's wherever they stand, in a name of four characters or more.
_WORDS = (
    "公司|集团|株式会社|会社|合伙|企业|商行|商社|实业|工业|科技|制造|贸易|化工|机械|电子|"
    "大学|学院|学校|中学|小学|高中|幼儿园|职专|技校|党校|医院|卫生院|诊所|药房|保健院|"
    "研究院|研究所|研究中心|设计院|科学院|工程院|勘察院|试验站|检测站|实验室|重点实验|中心|"
    "合作社|联合社|供销社|出版社|报社|事务所|工作室|经营部|门市部|服务部|加工部|营业部|分部|总部|"
    "工厂|工场|农场|林场|牧场|养殖场|种植场|电厂|银行|商店|酒店|饭店|超市|商场|家具城|"
    "委员会|协会|学会|基金会|联合会|理事会|财团|法人|机构|政府|公安|部队|支队|大队|消防|"
    "管理局|供电局|监督局|气象局|水利局|联盟|俱乐部|博物馆|图书馆|动物园|植物园|个体|组织|山庄|农庄"
)
_LATIN_WORDS = (
    r"(?i)\b(?:CO|LTD|LIMITED|INC|CORP|CORPORATION|COMPANY|GMBH|AG|KG|SE|LLC|LLP|LP|PLC|SA|SAS|SPA|SRL|BV|NV|AB|OY|"
    r"AS|KK|PTY|UNIVERSITY|INSTITUTE|COLLEGE|HOSPITAL|GROUP|HOLDINGS?|FOUNDATION|TECHNOLOG(?:Y|IES)|SYSTEMS?|"
    r"INDUSTRIES|INTERNATIONAL)\b"
)
# Single characters that end an organisation's name but also given names: only from five characters on.
_ENDINGS = "厂局院所社店行部馆站队室园场厅会处矿校铺坊库团城吧屋"


def _is_natural_person(values: pl.Series) -> pl.Series:
    name, core = pl.col("name"), pl.col("core")
    length = core.str.len_chars()
    is_organisation = (
        core.str.ends_with("公司")
        | (core.str.contains(_WORDS) & (length >= 4))
        | name.str.replace_all(".", "", literal=True).str.contains(_LATIN_WORDS)
        # a dot between name parts marks a transcribed foreign name
        | (core.str.contains(rf"[{_ENDINGS}]$") & (length >= 5) & ~name.str.contains(r"[·•・.]"))
    )
    return (
        values.to_frame("name")
        .lazy()
        .select(name=text.narrow("name"))
        # brackets are left out, what stands in them is not: （有限合伙） makes an organisation
        .with_columns(core=name.str.replace_all(r"[ ()]", ""))
        .select(answer=~is_organisation)
        .collect()
        .to_series()
    )


def is_natural_person(source: Column) -> pl.Expr:
    """Whether a column of single names holds natural persons; null for null and blank."""
    return per_column(source, _is_natural_person, pl.Boolean)


def kind(source: Column) -> pl.Expr:
    """`natural_person` or `organisation` for a column of single names; null for null and blank."""
    kinds = {True: PERSON, False: ORGANISATION}
    return is_natural_person(source).replace_strict(kinds, default=None, return_dtype=pl.String)


def mask(source: Column) -> pl.Expr:
    """A column of single names, cleaned, with every natural person replaced by the literal `自然人`."""
    person = is_natural_person(source)
    return pl.when(~person).then(text.clean(source)).when(person).then(pl.lit(NATURAL_PERSON))


# A functional zone right after the district is an administrative area, not a home, and the management view of the
# plan's regions is attributed by it: 高新区, 淄博高新区, 高新技术产业开发区, 经济开发区, 文昌湖旅游度假区.
_ZONE = (
    r"^((?:\p{Han}{2})?(?:国家级?|省级)?"
    r"(?:高新技术产业开发区|高新技术开发区|高新区技术产业开发区|高新技术产业园区|高新开发区|高新区|"
    r"经济技术开发区|经济开发区|经开区|"
    r"文昌湖(?:生态)?(?:省级)?(?:旅游度假区|区)|文昌湖))"
)


def truncate_after_district(source: Column) -> pl.Expr:
    """Struct{address, address_rest} of a column of home addresses, cut after the district (and a zone named next).

    Keeps postcode, province, city, district and functional zone: `255000山东省淄博市张店区`. address_rest is the zone
    or null, so that regions are read from a cut address as from a whole one. Both are null where no division is
    recognised (foreign addresses): without one there is no telling where the home begins.
    """
    return column(source).pipe(divisions.resolve).pipe(truncate_resolved)


def truncate_resolved(resolved: pl.Expr) -> pl.Expr:
    """`truncate_after_district` for an address that `divisions.resolve` has already taken apart."""
    part = resolved.struct.field
    zone = part("address_rest").str.extract(_ZONE, 1)
    kept = pl.concat_str(part("postcode"), part("division_text"), zone, ignore_nulls=True)
    known = part("division_code").is_not_null()
    return pl.struct(address=pl.when(known).then(kept), address_rest=pl.when(known).then(zone))


def is_person(name: str | None) -> bool | None:
    """`is_natural_person` for one name."""
    answer: bool | None = scalar(is_natural_person, name)
    return answer
