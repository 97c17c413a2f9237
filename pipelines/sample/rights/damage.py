"""Damage done on purpose to delivered lists of rights: what must be refused, read all the same, or vanish.

As in `sample.damage`, refused rows describe rights that do not exist, and what is only written badly is a real row.
"""

import csv
import io
from collections.abc import Callable

import polars as pl

from pipelines.sample.damage import Row, Rows
from pipelines.sample.landing import Landing
from pipelines.sample.writers import encodings

_WIDE = str.maketrans("0123456789-.", "０１２３４５６７８９－．")
NOT_THERE = "不存在的权利"


def _mark(running: int) -> Row:
    """A sound row of the bureau's list of marks of 2017, for a mark that does not exist."""
    return {
        "序号": str(90_000 + running),
        "注册号": f"999990{running:02d}",
        "国际分类": "9",
        "商标名称": f"合成样例不存在{running}",
        "申请日期": "2016-05-12",
        "注册公告日期": "2017-08-14",
        "专用权期限开始": "2017-08-14",
        "专用权期限截止": "2027-08-13",
        "商标状态": "注册",
        "商标类型": "普通商标",
        "是否地理标志": "否",
        "申请人名称（中文）": "淄博合成样例新材料有限公司9999号",
        "申请人地址（中文）": "255000山东省淄博市张店区人民路1号",
    }


def marks_refused(table: pl.DataFrame) -> pl.DataFrame:
    """Marks that must be set aside, each for its own reason."""
    cases: list[tuple[str, str, Row]] = [
        ("mark_without_number", "required_missing", {"注册号": None}),
        ("mark_number_spoiled", "identifier_spoiled", {"注册号": "1.23E+07"}),
        ("mark_without_class", "required_missing", {"国际分类": None}),
        ("mark_class_46", "number_out_of_range", {"国际分类": "46"}),
        ("mark_class_in_words", "number_unparseable", {"国际分类": "样例类"}),
        ("mark_impossible_date", "date_unparseable", {"申请日期": "2016-02-30"}),
        ("mark_month_only", "date_unparseable", {"注册公告日期": "2017年7月"}),
        ("mark_in_future", "date_in_future", {"注册公告日期": "2091-08-14"}),
        ("mark_before_all_marks", "date_out_of_range", {"申请日期": "1880-05-12"}),
        ("mark_registered_before_filed", "date_order", {"申请日期": "2017-09-12"}),
        ("mark_ends_before_it_begins", "date_order", {"专用权期限截止": "2007-08-13"}),
        ("mark_unknown_status", "code_unknown", {"商标状态": "样例状态"}),
    ]
    rows = Rows(table)
    for running, (kind, reason, cells) in enumerate(cases, start=1):
        rows.insert(kind, f"quarantined:{reason}", NOT_THERE, _mark(running) | cells)
        rows.next += 2
    for owner in ("甲", "乙"):
        cells = {"申请人名称（中文）": f"淄博合成样例矛盾{owner}有限公司"}
        rows.insert("mark_conflict", "quarantined:key_conflict", "同号同类不同内容", _mark(50) | cells)
    return rows.table()


def marks_written_badly(table: pl.DataFrame) -> pl.DataFrame:
    """Sound marks in the written forms that real deliveries have."""
    number, classes, applied = "注册号", "国际分类", "申请日期"
    rows = Rows(table)
    rows.change("mark_full_width", "全角注册号", lambda row: {number: (row[number] or "").translate(_WIDE)})
    rows.change("mark_nbsp", "注册号后有不间断空格", lambda row: {number: f"{row[number]}\u00a0"})
    rows.change("mark_html_nbsp", "注册号后有 &nbsp;", lambda row: {number: f"{row[number]}&nbsp;"})
    rows.change("mark_class_padded", "类别补零", lambda row: {classes: _padded(row[classes] or "")})
    rows.change("mark_class_in_full", "类别写作“第9类”", lambda row: {classes: _in_full(row[classes] or "")})
    rows.change("mark_trailing_separator", "类别末尾多一个分号", lambda row: {classes: f"{row[classes]};"})
    _seek(rows, lambda row: ";" in (row[classes] or ""))
    rows.change("mark_wide_separator", "类别以全角分号分隔", lambda row: {classes: _wide_separator(row[classes] or "")})
    rows.change("mark_date_in_words", "日期带年月日", lambda row: {applied: _in_words(row[applied] or "")})
    rows.change("mark_date_with_time", "日期带时间", lambda row: {applied: f"{row[applied]} 0:00:00"})
    rows.change("mark_date_full_width", "全角日期", lambda row: {applied: (row[applied] or "").translate(_WIDE)})
    rows.change("mark_excel_serial", "日期成为电子表格序列值", lambda row: {applied: _serial(row[applied] or "")})
    rows.change("mark_no_status_day", "状态日期写作 9999-9-9", lambda row: {"状态日期": "9999-9-9"}, "kept")
    rows.change("mark_masked_code", "信用代码以星号遮盖", lambda row: {"统一社会信用代码": "***"}, "kept")
    rows.change("mark_wrong_code", "信用代码校验位错，代码不采信", lambda row: {"统一社会信用代码": WRONG_CODE}, "kept")
    rows.change("mark_broken_cell", "单元格内换行", lambda row: {"商标名称": f"{row['商标名称']}\r\n"})
    rows.change("mark_no_agency", "空值写作“暂无”", lambda row: {"代理机构": "暂无"}, "kept")
    for _ in range(3):
        rows.repeat("repeated_mark", "同一行出现两次")
    return rows.table()


def _seek(rows: Rows, condition: Callable[[Row], bool]) -> None:
    """Move on to the next row that is not labelled and meets the condition."""
    while rows.head[rows.next]["plant"] is not None or not condition(rows.head[rows.next]):
        rows.next += 1


def _in_full(classes: str) -> str:
    return "、".join(f"第{one}类" for one in classes.split(";"))


def _wide_separator(values: str) -> str:
    return values.replace(";", "； ")


WRONG_CODE = "91370300MA00000000"
"""Well formed, with a wrong check character."""


def _copyright(running: int) -> Row:
    """A sound row of the list of software of 2018, for a registration that does not exist."""
    return {
        "序号": str(90_000 + running),
        "登记号": f"2018SR99990{running:02d}",
        "证书号": f"软著登字第99990{running:02d}号",
        "软件名称": f"合成样例不存在软件{running}",
        "登记类型": "计算机软件",
        "著作权人": "淄博合成样例新材料有限公司9999号",
        "著作权人地址": "255000山东省淄博市张店区人民路1号",
        "登记日期": "2018-08-14",
    }


def copyrights(table: pl.DataFrame) -> pl.DataFrame:
    """Refused and badly written registrations of software."""
    rows = Rows(table)
    cases: list[tuple[str, str, Row]] = [
        ("certificate_as_number", "registration_no_malformed", {"登记号": "软著登字第0671096号"}),
        ("copyright_without_number", "required_missing", {"登记号": None}),
        ("copyright_spoiled", "registration_no_malformed", {"登记号": "2.02E+11"}),
        ("copyright_without_date", "required_missing", {"登记日期": None}),
        ("copyright_month_only", "date_unparseable", {"登记日期": "2018年7月"}),
        ("copyright_in_future", "date_in_future", {"登记日期": "2081-08-14"}),
        ("copyright_unknown_kind", "code_unknown", {"登记类型": "样例类型"}),
    ]
    for running, (kind, reason, cells) in enumerate(cases, start=1):
        rows.insert(kind, f"quarantined:{reason}", NOT_THERE, _copyright(running) | cells)
        rows.next += 2
    for title in ("甲", "乙"):
        rows.insert(
            "copyright_conflict", "quarantined:key_conflict", "同号不同内容", _copyright(50) | {"软件名称": title}
        )
    rows.change(
        "number_in_certificate", "证书号写法中夹着登记号", lambda row: {"登记号": f"软著登字第{row['登记号']}号"}
    )
    rows.change(
        "copyright_full_width", "全角登记号", lambda row: {"登记号": (row["登记号"] or "").translate(_WIDE_LETTERS)}
    )
    rows.change("copyright_lower_case", "登记号小写", lambda row: {"登记号": (row["登记号"] or "").lower()})
    rows.change("copyright_masked_code", "信用代码遮盖", lambda row: {"统一社会信用代码": "91************000X"}, "kept")
    rows.change("copyright_broken_cell", "单元格内换行", lambda row: {"软件名称": f"合成样例\r\n{row['软件名称']}"})
    rows.change(
        DECLARED,
        "登记日期早写十年，由更正声明（表格）改正",
        lambda row: {"登记日期": f"{int((row['登记日期'] or '')[:4]) - 10}{(row['登记日期'] or '')[4:]}"},
        "corrected",
    )
    rows.repeat("repeated_copyright", "同一行出现两次")
    return rows.table()


DECLARED = "declared_copyright_error"


def declare_copyright_error(landing: Landing) -> None:
    """The declaration, as a table, that sets right the date `copyrights` put ten years too early."""
    path, row = next((path, row) for _, path, row, kind, *_ in landing.planted if kind == DECLARED)
    text = (landing.folder / path).read_bytes().decode("gb18030")
    records = list(csv.reader(io.StringIO(text, newline="")))  # a cell of the list has a line break in it
    found = dict(zip(records[0], records[row - 1], strict=True))
    wrong = found["登记日期"]
    table = pl.DataFrame(
        {
            "来源": ["版权登记"],
            "文件": [path],
            "动作": ["改值"],
            "字段": ["登记日期"],
            "主键": [f"登记号={found['登记号']}"],
            "错误值": [wrong],
            "应为": [f"{int(wrong[:4]) + 10}{wrong[4:]}"],
            "理由": ["合成样例：登记日期早写十年，已向来源单位确认"],
        }
    )
    landing.put("corrections/2019-07-15/合成_更正声明.csv", encodings.gb18030(table), 1)


def works(table: pl.DataFrame) -> pl.DataFrame:
    """Works with columns of persons, which must vanish, and one nobody asked for."""
    rows = Rows(
        table.with_columns(
            pl.lit("0533-0000000").alias("联系电话"),
            pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("样例")).alias("内部批注"),
        )
    )
    rows.change("author_column", "“作者姓名”“联系电话”列必须消失", lambda row: {}, "dropped_column")
    rows.change("unknown_column_of_works", "未知列“内部批注”保留为附加信息", lambda row: {}, "kept")
    rows.change(
        "work_number_unhyphenated",
        "登记号缺连字符",
        lambda row: {"作品登记号": (row["作品登记号"] or "").replace("-", "")},
    )
    rows.change("work_date_compact", "日期连写", lambda row: {"登记日期": (row["登记日期"] or "").replace(".", "")})
    rows.change("work_no_date", "首次发表日期写作 1900-1-1", lambda row: {"首次发表日期": "1900-1-1"}, "kept")
    return rows.table()


def copyright_to_be_withdrawn(table: pl.DataFrame) -> pl.DataFrame:
    """Registrations that never were; taken back half a year later."""
    rows = Rows(table)
    for running in (31, 32):
        row = _copyright(running) | {"登记号": f"2021SR99990{running}", "登记日期": "2021-11-14"}
        rows.insert("copyright_withdrawn_later", "withdrawn", "下一期撤回", row)
        rows.next += 4
    return rows.table()


def take_back_copyright(landing: Landing) -> None:
    """The bureau takes back what `copyright_to_be_withdrawn` put in."""
    rows = [_copyright(running) | {"登记号": f"2021SR99990{running}", "登记日期": "2021-11-14"} for running in (31, 32)]
    name = "copyrights/2022-07-15/合成_软件著作权_撤回.csv"
    landing.put(name, encodings.gb18030(pl.DataFrame(rows).with_columns(pl.lit("是").alias("撤回"))), len(rows))
    for row in (2, 3):
        landing.plant(name, row, "copyright_withdrawal", "withdrawn", "撤回上一期误报的登记")


def families(table: pl.DataFrame) -> pl.DataFrame:
    """Members that must be set aside, and sound ones badly written."""
    rows = Rows(table)
    sound: Row = {
        "受理局": "US",
        "海外公开号": "US99999901",
        "文献种类": "A1",
        "海外申请日": "2018-05-06",
        "海外公开日": "2019-11-06",
        "状态": "审查中",
    }
    cases: list[tuple[str, str, Row]] = [
        ("member_without_publication", "required_missing", {"海外公开号": None}),
        ("member_unknown_office", "code_unknown", {"受理局": "样例局"}),
        ("member_bad_national", "application_no_check_digit", {"本国申请号": "201810000001.1"}),
        ("member_filed_after_publication", "date_order", {"海外申请日": "2019-12-06"}),
        ("member_in_future", "date_in_future", {"海外授权日": "2091-12-06"}),
    ]
    for kind, reason, cells in cases:
        rows.insert(kind, f"quarantined:{reason}", NOT_THERE, sound | cells)
        rows.next += 2
    rows.change("member_office_in_words", "受理局写中文", lambda row: {"受理局": _OFFICES[row["受理局"] or ""]})
    rows.change(
        "member_number_lower_case", "海外公开号小写加空格", lambda row: {"海外公开号": _spaced(row["海外公开号"] or "")}
    )
    rows.change("member_national_zl", "本国申请号带 CN 前缀", lambda row: {"本国申请号": f"CN{row['本国申请号']}"})
    rows.repeat("repeated_member", "同一行出现两次")
    return rows.table()


_OFFICES = {"WO": "PCT", "US": "美国", "EP": "欧洲专利局", "JP": "日本", "KR": "韩国"}


def _spaced(number: str) -> str:
    return f"{number[:2].lower()} {number[2:]}"


def varieties(table: pl.DataFrame) -> pl.DataFrame:
    """Varieties that must be set aside, and sound ones badly written."""
    rows = Rows(table)
    rows.next = 1
    sound: Row = {"申请号": "CNA2019999901", "品种名称": "合成样例不存在", "登记机关": "农业", "申请日": "2019-05-06"}
    rows.insert("variety_without_register", "quarantined:required_missing", NOT_THERE, sound | {"登记机关": None})
    rows.insert("variety_in_future", "quarantined:date_in_future", NOT_THERE, sound | {"申请日": "2091-05-06"})
    rows.change(
        "variety_full_width", "全角申请号", lambda row: {"申请号": (row["申请号"] or "").translate(_WIDE_LETTERS)}
    )
    rows.change("variety_register_in_full", "登记机关写全称", lambda row: {"登记机关": "农业农村部"})
    rows.repeat("repeated_variety", "同一行出现两次")
    return rows.table()


def layouts(table: pl.DataFrame) -> pl.DataFrame:
    """Layouts that must be set aside, and sound ones badly written."""
    rows = Rows(table)
    rows.next = 1
    sound: Row = {"布图设计登记号": "BS.20999901", "布图设计名称": "合成样例不存在", "申请日": "2020年05月06日"}
    rows.insert("layout_without_number", "quarantined:required_missing", NOT_THERE, sound | {"布图设计登记号": None})
    before = sound | {"颁证日": "2020年04月06日"}
    rows.insert("layout_before_application", "quarantined:date_order", NOT_THERE, before)
    rows.change(
        "layout_full_width", "全角登记号与句点", lambda row: {"布图设计登记号": _wide_dot(row["布图设计登记号"])}
    )
    rows.repeat("repeated_layout", "同一行出现两次")
    return rows.table()


def indications(table: pl.DataFrame) -> pl.DataFrame:
    """Indications that must be set aside, and sound ones badly written."""
    rows = Rows(table)
    rows.next = 1
    sound: Row = {
        "登记类别": "农产品地理标志",
        "记录类型": "地理标志",
        "编号": "AG999901",
        "地理标志名称": "合成样例不存在",
        "登记日期": "2020-05-06",
        "区县": "张店区",
    }
    cases: list[tuple[str, str, Row]] = [
        ("indication_unknown_register", "code_unknown", {"登记类别": "样例类别"}),
        ("indication_without_name", "required_missing", {"地理标志名称": None}),
        ("indication_ends_before_it_begins", "date_order", {"注销日期": "2019-05-06"}),
    ]
    for kind, reason, cells in cases:
        rows.insert(kind, f"quarantined:{reason}", NOT_THERE, sound | cells)
    rows.change("indication_full_width", "全角编号", lambda row: {"编号": (row["编号"] or "").translate(_WIDE_LETTERS)})
    rows.repeat("repeated_indication", "同一行出现两次")
    return rows.table()


_WIDE_LETTERS = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _wide_dot(number: str | None) -> str:
    return (number or "").translate(_WIDE_LETTERS)


def _padded(classes: str) -> str:
    return ";".join(one.zfill(3) for one in classes.split(";"))


def _in_words(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def _serial(day: str) -> str:
    """Days since 1899-12-30, as spreadsheets count."""
    return str(pl.select((pl.lit(day).str.to_date() - pl.date(1899, 12, 30)).dt.total_days()).item())
