"""Penalty decisions as files: the four official forms, and what is damaged in them. The decisions are in `penalties`.

`v2016` is the first standard (no amounts, identity columns that must vanish), `cf2018` the second with sums in 万元,
`chinese` the same with Chinese headers and the day of publication, `municipal` a city's own tables in yuan with
procedure, day of filing and transfer to the police. A fine in `municipal` is 10,000 times the number in `cf2018`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.files import Book, Cells
from pipelines.sample.protection.lines import Day, Line, Plant
from pipelines.sample.writers import encodings

SOURCE = "penalties"
IDENTITY_NUMBER = "370300190001010000"
"""No such number is given: it would be a person born in January 1900 in no district."""
PHONE = "13000000000"
WORDS = {"v2016": "双公示2016版", "cf2018": "双公示", "chinese": "双公示中文", "municipal": "处罚信息"}
PERSONS_TITLE = "自然人"


def _wan(yuan: int | None) -> str | None:
    """Yuan as 万元, without needless zeros."""
    if yuan is None:
        return None
    text = format(Decimal(yuan) / 10_000, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _slashes(day: Day | None) -> str | None:
    return f"{day.year}/{day.month}/{day.day}" if day else None


def _words(day: Day | None) -> str | None:
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def _timed(day: Day | None) -> str | None:
    return f"{day.year}-{day.month}-{day.day} 0:00:00" if day else None


def _is_person(values: dict[str, Any]) -> bool:
    return values["offender_credit_code"] is None and str(values["offender"]).startswith("样例人")


def v2016(line: Line) -> Cells:
    """The standard of 2016; a person's identity number stands in CF_XDR_SFZ, and no amount anywhere."""
    v = line.values
    person = _is_person(v)
    return {
        "CF_WSH": v["decision_no"],
        "CF_CFMC": f"{v['violation_type']}案",
        "CF_CFLB1": v["penalty_class"],
        "CF_CFLB2": None,
        "CF_SY": v["facts"],
        "CF_YJ": v["basis"],
        "CF_XDR_MC": v["offender"],
        "CF_XDR_SHXYM": v["offender_credit_code"],
        "CF_XDR_ZDM": None,
        "CF_XDR_GSDJ": None,
        "CF_XDR_SWDJ": None,
        "CF_XDR_SFZ": IDENTITY_NUMBER if person else None,
        "CF_FR": None if person else "样例人甲",
        "CF_JG": v["content"],
        "CF_JDRQ": _slashes(v["decision_date"]),
        "CF_XZJG": v["authority"],
        "CF_ZT": "0",
        "DFBM": "370300",
        "SJC": _slashes(line.delivered),
        "BZ": None,
    }


def cf2018(line: Line) -> Cells:
    """The standard of 2018: sums in 万元 by definition of the field."""
    v = line.values
    person = _is_person(v)
    return {
        "CF_XDR_MC": v["offender"],
        "CF_XDR_LB": "自然人" if person else "法人及非法人组织",
        "CF_XDR_SHXYM": "***" if person else v["offender_credit_code"],
        "CF_FRDB": None if person else "样例人甲",
        "CF_XDR_ZJLX": "身份证" if person else None,
        "CF_XDR_ZJHM": IDENTITY_NUMBER if person else None,
        "CF_WSH": v["decision_no"],
        "CF_WFXW": v["violation_type"],
        "CF_SY": v["facts"],
        "CF_YJ": v["basis"],
        "CF_CFLB": v["penalty_class"],
        "CF_NR": v["content"],
        "CF_NR_FK": _wan(v["fine"]),
        "CF_NR_WFFF": _wan(v["confiscated"]),
        "CF_JDRQ": str(v["decision_date"]),
        "CF_YXQ": "9999-9-9",
        "CF_GSJZQ": str(v["decision_date"].replace(day=1).replace(year=v["decision_date"].year + 1)),
        "CF_CFJG": v["authority"],
        "CF_SJLY": v["authority"],
        "BZ": "无",
    }


def chinese(line: Line) -> Cells:
    """The standard of 2018 under its Chinese headers, with the day of publication and of filing."""
    v = line.values
    return {
        "行政相对人名称": v["offender"],
        "统一社会信用代码": "***" if _is_person(v) else v["offender_credit_code"],
        "法定代表人": "样例人甲",
        "行政处罚决定书文号": v["decision_no"],
        "违法行为类型": v["violation_type"],
        "违法事实": v["facts"],
        "处罚依据": v["basis"],
        "处罚类别": v["penalty_class"],
        "处罚内容": v["content"],
        "罚款金额（万元）": _wan(v["fine"]),
        "没收违法所得、没收非法财物的金额（万元）": _wan(v["confiscated"]),
        "立案日期": _words(v["filed_on"]),
        "处罚决定日期": _words(v["decision_date"]),
        "公示日期": _words(v["published_on"]),
        "处罚机关": v["authority"],
        "备注": None,
        "撤回": "是" if line.withdrawn else None,
    }


def municipal(line: Line) -> Cells:
    """A city's own tables: sums in yuan, times of day behind dates, 暂无 for nothing, opt_type for what a row does."""
    v = line.values
    transferred = v["is_transferred"]
    return {
        "admin_punish_doc": v["decision_no"],
        "case_name": f"{v['violation_type']}案",
        "extend_1": v["violation_type"],
        "punish_rea": v["facts"],
        "law_basis": v["basis"],
        "punish_type": v["penalty_class"],
        "punish_content": v["content"],
        "punish_money": None if v["fine"] is None else f"{v['fine']:,}",
        "illegality_money": None if v["confiscated"] is None else str(v["confiscated"]),
        "行政相对人名称": v["offender"],
        "统一社会信用代码": v["offender_credit_code"].lower() if v["offender_credit_code"] else "暂无",
        "case_process_type": {"simple": "简易程序", "ordinary": "普通程序"}.get(v["procedure"] or "", "暂无"),
        "case_source_date": _timed(v["filed_on"]),
        "punish_decide_tm": _timed(v["decision_date"]),
        "punish_valid_dt": "无处罚期限",
        "public_deadline": "1900-1-1 0:00:00",
        "publicDate": _timed(v["published_on"]),
        "implement_institution": v["authority"],
        "is_deported": None if transferred is None else ("是" if transferred else "否"),
        "deport_time": _timed(v["transferred_on"]) or "1900-1-1 0:00:00",
        "opt_type": v.get("_opt", "i"),
    }


FORMS: dict[str, Callable[[Line], Cells]] = {
    "v2016": v2016,
    "cf2018": cf2018,
    "chinese": chinese,
    "municipal": municipal,
}


def write(landing: Landing, lines: list[Line], *, is_first: bool) -> None:
    """The files of one part; what is damaged is in those of the first."""
    lines = files.few_labels(lines)
    for delivered, rows in files.by_delivery(lines):
        for form, some in files.split(rows, lambda line: str(line.values["_form"])):
            _write_file(landing, delivered, form, some, is_first=is_first)
    if is_first:
        _write_trap(landing)


def _write_file(landing: Landing, delivered: Day, form: str, lines: list[Line], *, is_first: bool) -> None:
    name = f"{SOURCE}/{delivered}/合成_{WORDS[form]}_{delivered:%Y%m%d}"
    if not is_first:
        files.put_list(landing, f"{name}_扩充.csv", files.table(lines, FORMS[form]))
        return
    rows, plants = [FORMS[form](line) for line in lines], [line.plant for line in lines]
    for damage in DAMAGE.get((form, delivered), ()):
        damage(rows, plants, lines)
    table = files.labelled(rows, plants)
    if form == "chinese" and delivered.month == 7:
        files.put_book(landing, f"{name}.xlsx", table, Book(("合成样例：行政处罚公示信息",), remark="注：合成样例数据"))
        return
    encode = {"v2016": encodings.gb18030, "cf2018": encodings.gb18030, "chinese": encodings.utf8_with_mark}
    files.put_list(landing, f"{name}.csv", table, encode.get(form, encodings.utf8))


Rows = list[Cells]
Plants = list[Plant | None]


def _relabel(rows: Rows, plants: Plants, at: int, plant: Plant, **cells: str | None) -> None:
    """Rewrite cells of the next row from `at` on that has no label."""
    while plants[at] is not None:
        at += 1
    rows[at] = rows[at] | cells
    plants[at] = plant


def _insert(rows: Rows, plants: Plants, at: int, plant: Plant, cells: Cells) -> None:
    rows.insert(at, cells)
    plants.insert(at, plant)


def _refused_2018(rows: Rows, plants: Plants, _: list[Line]) -> None:
    """Rows that must be set aside; they are of decisions that do not exist."""
    sound = rows[0] | {"CF_WSH": "合成不存在〔2019〕1号", "CF_XDR_MC": "淄博合成样例新材料有限公司9999号"}
    sound |= {"CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": None, "CF_XDR_ZJHM": None, "CF_XDR_ZJLX": None}
    cases: list[tuple[str, str, Cells]] = [
        ("penalty_without_number", "required_missing", {"CF_WSH": "无"}),
        ("penalty_impossible_date", "date_unparseable", {"CF_JDRQ": "2019-02-30"}),
        ("penalty_without_date", "required_missing", {"CF_JDRQ": "1900-1-1"}),
        ("penalty_in_future", "date_in_future", {"CF_JDRQ": "2091-03-04"}),
        ("penalty_fine_in_words", "number_unparseable", {"CF_NR_FK": "壹万圆"}),
        ("penalty_without_authority", "required_missing", {"CF_CFJG": None}),
    ]
    for n, (kind, reason, cells) in enumerate(cases, start=1):
        row = sound | {"CF_WSH": f"合成不存在〔2019〕{n}号"} | cells
        _insert(rows, plants, 4 * n, (kind, f"quarantined:{reason}", "不存在的决定"), row)
    for n, fine in enumerate(("0.5", "0.8")):
        row = sound | {"CF_WSH": "合成不存在〔2019〕90号", "CF_NR_FK": fine}
        plant = ("penalty_conflicting_rows", "quarantined:key_conflict", "同号同人，罚款不同")
        _insert(rows, plants, 40 + n, plant, row)


def _written_badly_2018(rows: Rows, plants: Plants, lines: list[Line]) -> None:
    """Sound decisions in the written forms that real deliveries have."""
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    at = next(i for i, row in enumerate(rows) if row["CF_NR_FK"] and plants[i] is None and i > 5)
    number = rows[at]["CF_NR_FK"] or ""
    _relabel(rows, plants, at, ("full_width_fine", "recovered", "全角数字"), CF_NR_FK=number.translate(wide))
    facts = rows[at + 3]["CF_SY"] or ""
    note = ("broken_cell", "recovered", "单元格内换行")
    _relabel(rows, plants, at + 3, note, CF_SY=f"{facts}，\r\n上述事实有笔录为证")
    text = f"{facts}，联系电话{PHONE}，身份证号{IDENTITY_NUMBER}"
    _relabel(
        rows, plants, at + 6, ("personal_number_in_text", "recovered", "正文内的身份证号、手机号须隐去"), CF_SY=text
    )
    for n, row in enumerate(rows):
        if n > at + 9 and plants[n] is None and not row["CF_XDR_SHXYM"]:
            spoiled = ("bad_credit_code", "kept", "信用代码校验位错误：代码不入库，行保留")
            _relabel(rows, plants, n, spoiled, CF_XDR_SHXYM="91110000600037341N")
            break
    fine = next(i for i, row in enumerate(rows) if row["CF_NR_FK"] == "0.5" and plants[i] is None)
    _relabel(rows, plants, fine, ("unit_in_cell", "recovered", "单元格内写明单位：5000元"), CF_NR_FK="5000元")
    copy = next(i for i in range(at + 9, len(rows)) if plants[i] is None)
    _insert(rows, plants, copy + 1, ("repeated_row", "duplicate", "同一行出现两次"), dict(rows[copy]))


def _elsewhere(rows: Rows, plants: Plants, _: list[Line]) -> None:
    """Decisions of another city's authority in a provincial list: kept, and never counted."""
    for n in range(3):
        row = rows[n] | {"处罚机关": "济南市历下区市场监督管理局", "行政处罚决定书文号": f"合成外监罚〔2021〕{n + 1}号"}
        _insert(rows, plants, 3 * n + 2, ("penalty_elsewhere", "outside_area", "外市机关的决定"), row)


def _labels_of_forms(form: str) -> Callable[[Rows, Plants, list[Line]], None]:
    """Labels on rows that a form itself makes hard to read."""

    def label(rows: Rows, plants: Plants, lines: list[Line]) -> None:
        cases: list[tuple[str, str, Callable[[Line], bool]]] = []
        if form == "v2016":
            cases.append(("personal_column", "CF_FR、CF_XDR_SFZ 两列必须消失", lambda line: True))
            cases.append(("penalty_of_person", "自然人：姓名隐去，无信用代码", lambda line: _is_person(line.values)))
        elif form == "cf2018":
            cases.append(("masked_credit_code", "信用代码为 ***", lambda line: _is_person(line.values)))
            cases.append(("law_decides", "违法行为类型未说明，由处罚依据判定", _is_told_by_law))
        else:
            cases.append(("lower_case_code", "信用代码小写", lambda line: bool(line.values["offender_credit_code"])))
            cases.append(("thousands_separator", "罚款以元计，带千分位", lambda line: (line.values["fine"] or 0) > 999))
            cases.append(("sentinel_date", "1900-1-1 0:00:00 为空", lambda line: True))
        cases.append(("several_offenders", "一份决定书处罚多人", lambda line: _count_of(lines, line) > 1))
        for kind, note, holds in cases:
            found = [i for i, line in enumerate(lines) if plants[i] is None and holds(line)]
            for i in found[:3]:
                plants[i] = (kind, "kept", note)

    return label


def _is_told_by_law(line: Line) -> bool:
    return bool(line.values["violation_type"] == "其他违法行为")


def _count_of(lines: list[Line], line: Line) -> int:
    return sum(other.values["decision_no"] == line.values["decision_no"] for other in lines)


DAMAGE: dict[tuple[str, Day], tuple[Callable[[Rows, Plants, list[Line]], None], ...]] = {
    ("v2016", Day(2016, 1, 25)): (_labels_of_forms("v2016"),),
    # labels come first, for they go by the place of the line
    ("cf2018", Day(2019, 7, 15)): (_labels_of_forms("cf2018"), _written_badly_2018, _refused_2018),
    ("chinese", Day(2022, 1, 20)): (_elsewhere,),
    ("municipal", Day(2022, 7, 15)): (_labels_of_forms("municipal"),),
}


def _write_trap(landing: Landing) -> None:
    """Fines under a bare header: 万元 by the standard, yuan by the city's custom, and nothing that says which."""
    rows: Rows = []
    plants: Plants = []
    for n in range(1, 9):
        fine = str(500 * n) if n % 4 else None
        rows.append(
            {
                "行政相对人名称": f"淄博合成样例机械制造有限公司99{n:02d}号",
                "行政处罚决定书文号": f"合成不存在〔2023〕{n}号",
                "违法行为类型": "未明码标价",
                "违法事实": "当事人销售样例配件未按规定明码标价",
                "处罚依据": "《中华人民共和国价格法》第四十二条",
                "处罚类别": "罚款" if fine else "警告",
                "罚款金额": fine,
                "处罚决定日期": f"2023-05-{n + 8:02d}",
                "处罚机关": "淄博市张店区市场监督管理局",
            }
        )
        trap: Plant = ("fine_without_unit", "quarantined:unit_unknown", "罚款金额未注明单位：元或万元相差一万倍")
        plants.append(trap if fine else ("fine_without_unit", "kept", "没有金额的行不受影响"))
    name = f"{SOURCE}/2024-01-20/合成_处罚信息_无单位.csv"
    files.put_list(landing, name, files.labelled(rows, plants), encodings.utf8)
