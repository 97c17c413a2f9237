"""Damage done on purpose to delivered lists of rights: what must be refused, read all the same, or vanish.

As in `sample.damage`, refused rows describe rights that do not exist, and what is only written badly is a real row.
"""

import polars as pl

from pipelines.sample.damage import Row, Rows

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
        ("mark_without_number", "key_missing", {"注册号": None}),
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
    rows.change("mark_trailing_separator", "类别末尾多一个分号", lambda row: {classes: f"{row[classes]};"})
    rows.change("mark_lost_separator", "分隔符后的空格变成 ??", lambda row: {classes: f"{row[classes]};??"})
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


WRONG_CODE = "91370300MA00000000"
"""Well formed, with a wrong check character."""


def _padded(classes: str) -> str:
    return ";".join(one.zfill(3) for one in classes.split(";"))


def _in_words(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def _serial(day: str) -> str:
    """Days since 1899-12-30, as spreadsheets count."""
    return str(pl.select((pl.lit(day).str.to_date() - pl.date(1899, 12, 30)).dt.total_days()).item())
