"""Damage done on purpose to delivered lists: what a loader must survive, refuse or set right, each row labelled.

Rows that must be refused describe patents that do not exist, so that the exact figures stay. What is only written
badly is a real row of the ledger, and has to be read all the same.
"""

from collections.abc import Callable

import polars as pl

from pipelines.codes.application_no import check_digit

Row = dict[str, str | None]
INVENTED = {"A": 1, "U": 2}
"""First digit of a publication number by kind; 9999 follows where the publication does not exist."""
_REACH = 500
"""Only the first rows of a list are touched; the rest is passed on as it is."""


class Rows:
    """The first rows of a delivered list, with the label columns."""

    def __init__(self, table: pl.DataFrame) -> None:
        self.schema = table.schema
        self.head: list[Row] = table.head(_REACH).to_dicts()
        self.tail = table.slice(_REACH)
        self.next = 3

    def change(self, kind: str, note: str, edit: Callable[[Row], Row], expected: str = "recovered") -> None:
        """Rewrite cells of the next unlabelled row."""
        while self.head[self.next]["plant"] is not None:
            self.next += 1
        row = self.head[self.next]
        self.head[self.next] = row | edit(row) | {"plant": kind, "expected": expected, "note": note}
        self.next += 3

    def insert(self, kind: str, expected: str, note: str, row: Row) -> None:
        """Put in a row that is not in the ledger."""
        label: Row = {"plant": kind, "expected": expected, "note": note}
        self.head.insert(self.next, dict.fromkeys(self.schema) | row | label)
        self.next += 1

    def repeat(self, kind: str, note: str) -> None:
        """Deliver the next row a second time, as page fetches do."""
        row = self.head[self.next]
        self.head.insert(self.next + 1, row | {"plant": kind, "expected": "duplicate", "note": note})
        self.next += 3

    def table(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(self.head, schema=self.schema), self.tail])


def _invented(year: int, digit: int, running: int) -> str:
    """An application number with a right check digit that no patent of the sample has; written without the dot."""
    body = f"{year}{digit}{9_999_000 + running}"
    return body + check_digit(body)


def _gazette_row(running: int, *, digit: int = 2, kind: str = "U") -> Row:
    """A sound row of the list of the first quarter of 2019, for a patent that does not exist."""
    return {
        "item": str(90_000 + running),
        "name": f"【合成】不存在的样例第{running}例",
        "authorization_notice_id": f"CN{INVENTED[kind]}9999{running:04d}{kind}",
        "authorized_announcement_date": "2019.02.12",
        "filing_id": _invented(2018, digit, running),
        "filing_date": "2018.06.20",
        "patentee": "淄博合成样例新材料有限公司9999号",
        "designer": "样例人甲;",
        "address": "255000山东省淄博市张店区人民路1号",
        "Int.Cl.": "F16L55/00(2006.01)I",
    }


def refused(table: pl.DataFrame) -> pl.DataFrame:
    """Rows that must be set aside, each for its own reason."""
    rows = Rows(table)
    sound = _gazette_row(1)
    number = sound["filing_id"] or ""
    wrong = number[:12] + str((int(number[12].replace("X", "0")) + 1) % 10)
    cases: list[tuple[str, str, Row]] = [
        (
            "spoiled_without_publication",
            "application_no_spoiled",
            {"filing_id": "2.02E+12", "authorization_notice_id": None},
        ),
        ("bad_check_digit", "application_no_check_digit", {"filing_id": wrong}),
        ("malformed_number", "application_no_malformed", {"filing_id": "2018209990"}),
        ("malformed_publication", "publication_no_malformed", {"authorization_notice_id": "CN2A999U"}),
        ("no_number", "key_missing", {"filing_id": None, "authorization_notice_id": None}),
        ("impossible_date", "date_unparseable", {"filing_date": "2018.02.30"}),
        ("no_date", "date_unparseable", {"authorized_announcement_date": "二〇一九年春"}),
        ("future_date", "date_in_future", {"authorized_announcement_date": "2091.02.12"}),
        ("date_before_law", "date_out_of_range", {"filing_date": "1918.06.20"}),
        ("filed_after_publication", "date_order", {"filing_date": "2019.03.05"}),
        ("kind_against_number", "type_conflict", {"filing_id": _invented(2018, 1, 11)}),
        ("no_title", "required_missing", {"name": None}),
    ]
    for running, (kind, reason, cells) in enumerate(cases, start=1):
        fresh = _gazette_row(running)
        if kind == "bad_check_digit":
            fresh["filing_id"] = wrong
        rows.insert(kind, f"quarantined:{reason}", "不存在的专利", fresh | cells)
        rows.next += 2
    rows.insert("conflicting_rows", "quarantined:key_conflict", "同号不同内容", _gazette_row(20))
    rows.insert(
        "conflicting_rows", "quarantined:key_conflict", "同号不同内容", _gazette_row(20) | {"filing_date": "2018.06.21"}
    )
    return rows.table()


def written_badly(table: pl.DataFrame) -> pl.DataFrame:
    """Sound records in the written forms that real deliveries have."""
    rows = Rows(table)
    wide = str.maketrans("0123456789X.", "０１２３４５６７８９Ｘ．")

    def number(written: Callable[[str], str]) -> Callable[[Row], Row]:
        return lambda row: {"filing_id": written(row["filing_id"] or "")}

    rows.change("full_width_digits", "全角申请号", number(lambda n: n.translate(wide)))
    rows.change("nbsp_after_number", "申请号后有不间断空格", number(lambda n: n + "\u00a0"))
    rows.change("html_nbsp", "申请号后有 &nbsp;", number(lambda n: n + "&nbsp;"))
    rows.change("zl_prefix", "ZL 前缀与空格", number(lambda n: f"ZL {n[:4]} {n[4]} {n[5:12]}.{n[12]}"))
    rows.change("cn_prefix", "CN 前缀", number(lambda n: f"CN{n[:12]}.{n[12]}"))
    rows.change("no_check_digit", "只有12位，缺校验位", number(lambda n: n[:12]))
    rows.change("full_width_dot", "全角句点", number(lambda n: f"{n[:12]}．{n[12]}"))
    rows.change("lower_case_x", "小写字母", number(str.lower))
    rows.change(
        "lost_separator",
        "分隔符变成 ??",
        lambda row: {"designer": "样例人甲;??样例人乙", "Int.Cl.": f"{row['Int.Cl.']};??F16B2/02(2006.01)I"},
    )
    rows.change("trailing_separator", "末尾多一个分号", lambda row: {"Int.Cl.": f"{row['Int.Cl.']};  "})
    rows.change(
        "date_with_dashes", "日期写法不同", lambda row: {"filing_date": (row["filing_date"] or "").replace(".", "-")}
    )
    rows.change("date_in_words", "日期带年月日", lambda row: {"filing_date": _in_words(row["filing_date"] or "")})
    rows.change("date_with_time", "日期带时间", lambda row: {"filing_date": _with_time(row["filing_date"] or "")})
    rows.change("broken_cell", "单元格内换行", lambda row: {"name": f"{row['name']}\r\n"})
    rows.change("sentinel_name", "空值写作“无”", lambda row: {"designer": "无"}, "kept")
    for _ in range(3):
        rows.repeat("repeated_row", "同一行出现两次")
    return rows.table()


def _in_words(day: str) -> str:
    year, month, date = day.split(".")
    return f"{year}年{int(month)}月{int(date)}日"


def _with_time(day: str) -> str:
    year, month, date = day.split(".")
    return f"{year}-{int(month)}-{int(date)} 0:00:00"


def extra_columns(table: pl.DataFrame) -> pl.DataFrame:
    """A column nobody asked for, which is kept as extra, and a telephone number, which must vanish."""
    rows = table.with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("样例备注")).alias("内部批注"),
        pl.lit("0533-0000000").alias("联系电话"),
    )
    marked = Rows(rows)
    marked.change("unknown_column", "未知列“内部批注”保留为附加信息", lambda row: {}, "kept")
    marked.change("personal_column", "“联系电话”列必须消失", lambda row: {}, "dropped_column")
    return marked.table()


def wrong_district(table: pl.DataFrame) -> pl.DataFrame:
    """Addresses that a later delivery puts right."""
    rows = Rows(table)
    for _ in range(5):
        rows.change(
            "corrected_later",
            "地址误作青岛，下一期更正",
            lambda row: {"地址": "266000 山东省青岛市市南区文化路1号"},
            "corrected",
        )
    return rows.table()


def to_be_withdrawn(table: pl.DataFrame) -> pl.DataFrame:
    """Publications that never were; the office takes them back one quarter later."""
    rows = Rows(table)
    for running in range(31, 34):
        row = _gazette_row(running, digit=1, kind="A")
        row |= {"filing_id": _invented(2021, 1, running), "filing_date": "2021.09.01"}
        rows.insert("withdrawn_later", "withdrawn", "下一期撤回", row | {"authorized_announcement_date": "2022.03.01"})
        rows.next += 4
    return rows.table()


def wrong_decade(table: pl.DataFrame) -> pl.DataFrame:
    """A filing date ten years too early, which a declared correction sets right."""
    rows = Rows(table)
    rows.change(
        "declared_error",
        "申请日早写十年，由更正声明改正",
        lambda row: {"filing_date": _shifted(row["filing_date"] or "", -10)},
        "corrected",
    )
    return rows.table()


def _shifted(day: str, years: int) -> str:
    return f"{int(day[:4]) + years}{day[4:]}".replace(".02.29", ".02.28")


def swapped_header(table: pl.DataFrame) -> pl.DataFrame:
    """The header says address, designer; the values stand the other way round, as on 2019-07-09."""
    rows = Rows(table.rename({"designer": "address", "address": "designer"}))
    rows.change("swapped_header", "表头 address 与 designer 互换，由更正声明还原", lambda row: {}, "corrected")
    return rows.table()


def spoiled_numbers(table: pl.DataFrame) -> pl.DataFrame:
    """Label some of the numbers a spreadsheet destroyed; the next delivery brings the list intact."""
    rows = Rows(table)
    for _ in range(3):
        rows.change("spoiled_number", "申请号被破坏，凭公开号找回", lambda row: {})
    return rows.table()


def event_list(table: pl.DataFrame) -> pl.DataFrame:
    """Bad and badly written rows of a flat list of events."""
    rows = Rows(table)
    sound: Row = {
        "申请号": f"{(n := _invented(2015, 1, 51))[:12]}.{n[12]}",
        "法律状态代码": "CF01",
        "法律状态": "未缴年费专利权终止",
        "法律状态公告日": "2020-02-04",
        "生效日": "2019-05-06",
    }
    cases: list[tuple[str, str, Row]] = [
        ("unknown_event_code", "event_code_unknown", {"法律状态代码": "ZZ99", "法律状态": "样例事务"}),
        ("event_without_date", "required_missing", {"法律状态公告日": None}),
        ("event_in_future", "date_in_future", {"法律状态公告日": "2091-02-04"}),
        ("event_spoiled_number", "application_no_spoiled", {"申请号": "2.02E+12"}),
        (
            "event_bad_check_digit",
            "application_no_check_digit",
            {"申请号": "201510999051." + ("1" if n[12] != "1" else "2")},
        ),
        ("event_without_number", "key_missing", {"申请号": None}),
        ("event_bad_date", "date_unparseable", {"生效日": "2019-02-30"}),
    ]
    for kind, reason, cells in cases:
        rows.insert(kind, f"quarantined:{reason}", "不存在的专利", sound | cells)
        rows.next += 2
    rows.change("event_zl_number", "ZL 前缀", lambda row: {"申请号": f"ZL{row['申请号']}"})
    rows.change(
        "event_full_width",
        "全角日期",
        lambda row: {
            "法律状态公告日": (row["法律状态公告日"] or "")
            .replace("-", "．")
            .translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        },
    )
    rows.repeat("repeated_event", "同一事件出现两次")
    return rows.table()
