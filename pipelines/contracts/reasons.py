"""The closed list of reasons why a row is set aside. Only codes and words; the rules that find them are in intake."""

from dataclasses import dataclass

from pipelines.contracts.model import Bilingual


@dataclass(frozen=True)
class Reason:
    """One reason code with its wording; `keeps_row` marks what is only reported."""

    code: str
    text: Bilingual
    keeps_row: bool = False


def _reason(code: str, zh: str, en: str, *, keeps_row: bool = False) -> Reason:
    return Reason(code, Bilingual(zh=zh, en=en), keeps_row)


REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        _reason("row_malformed", "该行与表头不符、表头不明或疑为合计", "the row does not fit its table"),
        _reason("key_missing", "缺少标识该行的编号", "nothing identifies the row"),
        _reason("required_missing", "必填字段为空", "a required field is empty"),
        _reason(
            "application_no_spoiled",
            "申请号被电子表格破坏(如 2.01E+12),且无公开号可供找回",
            "the application number was spoiled by a spreadsheet and there is no publication number",
        ),
        _reason("application_no_check_digit", "申请号校验位错误", "the application number's check digit is wrong"),
        _reason("application_no_malformed", "申请号格式错误", "not an application number"),
        _reason("publication_no_malformed", "公开(公告)号格式错误", "not a publication number"),
        _reason(
            "identifier_spoiled",
            "编号被电子表格破坏(如 1.23E+07,或数值单元格存放的 16 位以上编号)",
            "the number was spoiled by a spreadsheet (such as 1.23E+07, or a number cell of 16 digits and more)",
        ),
        _reason(
            "cell_error",
            "单元格为错误值(如 #REF!、#N/A)",
            "the cell shows an error of the spreadsheet (#REF!, #N/A …)",
        ),
        _reason(
            "formula_uncalculated",
            "单元格只有公式、没有计算结果(请用电子表格打开并保存后重新交付)",
            "the cell holds a formula without its result (open the file in a spreadsheet, save it, deliver it again)",
        ),
        _reason("registration_no_malformed", "不是登记号(如误填证书号)", "not a registration number"),
        _reason(
            "credit_code_malformed",
            "统一社会信用代码格式错误(代码不采信,行保留)",
            "not a credit code (left out, row kept)",
            keeps_row=True,
        ),
        _reason(
            "credit_code_check_character",
            "统一社会信用代码校验位错误(代码不采信,行保留)",
            "the credit code's check character is wrong (left out, row kept)",
            keeps_row=True,
        ),
        _reason(
            "application_no_not_found",
            "权利号不是有效的专利申请号(行保留)",
            "the patent's number is no application number (row kept)",
            keeps_row=True,
        ),
        _reason(
            "date_imprecise",
            "日期只有年份或年月,取其最后一日(行保留)",
            "a year or month only, read as its last day (row kept)",
            keeps_row=True,
        ),
        _reason("type_conflict", "专利类型与号码矛盾", "patent type, number and kind code contradict each other"),
        _reason("date_unparseable", "日期无法识别", "not a date"),
        _reason("date_out_of_range", "日期超出该来源可能的范围", "the date is before or after any the source can have"),
        _reason("date_in_future", "日期晚于交付日期", "the date is after the delivery"),
        _reason("date_order", "日期先后矛盾", "a date is before the one it must follow"),
        _reason("number_unparseable", "数值无法识别", "not a number"),
        _reason("number_out_of_range", "数值超出允许范围", "the number is outside its permitted range"),
        _reason(
            "value_implausible",
            "数值与同一字段其他数值相差悬殊(如万元栏中填了元),未予采信",
            "the value is out of all proportion to the others of its field (such as yuan among 万元)",
        ),
        _reason(
            "value_unusual",
            "数值、日期或间隔不同寻常,请核对(行保留)",
            "a value, date or span that is unusual; to be looked at (row kept)",
            keeps_row=True,
        ),
        _reason("unit_unknown", "计量单位缺失或未知", "the unit is missing or unknown"),
        _reason("code_unknown", "代码不在清单内", "the code is not on its list"),
        _reason(
            "region_unknown",
            "行政区划无法识别，或原区划今无范围相同者",
            "no such division, nor a former one whose area is a division today",
        ),
        _reason("ipc_malformed", "分类号无法识别(行保留)", "not a classification symbol (row kept)", keeps_row=True),
        _reason(
            "key_conflict",
            "同一文件内业务主键相同而内容矛盾",
            "rows of one file share the business key but contradict each other",
        ),
        _reason("event_code_unknown", "法律事件代码未知", "no such legal event code"),
        _reason("period_unparseable", "统计期间无法识别", "not a period"),
        _reason("encoding_damaged", "文字编码损坏", "the text was damaged by a wrong encoding"),
        _reason(
            "text_damaged",
            "说明性文字编码损坏(行保留)",
            "sentences damaged by a wrong encoding (row kept)",
            keeps_row=True,
        ),
    )
}
