"""Evidence for the tasks, milestones and baselines of zibo_14fyp: what was applied for, issued, held and when.

Delivered tasks (strength D) are done, under way or without evidence; standing ones (S) have activity in every year or
in some; encouragements (E) have documents or none. One target that is only shown by evidence has none.
"""

from dataclasses import dataclass

from pipelines.sample.landing import Landing
from pipelines.sample.protection import files
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.files import Cells
from pipelines.sample.protection.lines import UNALLOCATED_CELL, Day, Plant, due_half_yearly
from pipelines.sample.writers import encodings

SOURCE = "task_evidence"
PLAN = "zibo_14fyp"
STAGES = {
    "application": "申报",
    "approval": "批复",
    "issued": "印发",
    "accepted": "验收",
    "operating": "运行",
    "signed": "签署",
    "held": "举办",
    "reported": "报告",
    "withdrawn": "撤回",
}


@dataclass(frozen=True)
class Evidence:
    """One document or event."""

    subject: str
    stage: str
    title: str
    day: Day
    item: str | None = None
    quantity: int | None = None
    unit: str | None = None


def _day(text: str) -> Day:
    return Day.fromisoformat(text)


# subject, stage, title, date: what is done or under way
DOCUMENTS = (
    # baselines of the plan, done before it
    ("B23", "application", "市知识产权公共服务平台立项申请", "2017-03-14"),
    ("B23", "accepted", "市知识产权公共服务平台验收报告", "2018-11-20"),
    ("B23", "operating", "市知识产权公共服务平台上线通告", "2018-12-18"),
    ("B24", "accepted", "专利转化许可电商系统验收报告", "2019-09-10"),
    ("B24", "operating", "专利转化许可电商系统上线通告", "2019-10-16"),
    # the protection centre: under way in 2020, built in 2022
    ("T07", "application", "关于建设中国（淄博）知识产权保护中心的申请", "2020-05-12"),
    ("T07", "approval", "关于同意建设中国（淄博）知识产权保护中心的批复", "2021-10-25"),
    ("T07", "accepted", "中国（淄博）知识产权保护中心验收意见", "2022-09-15"),
    ("T07", "operating", "中国（淄博）知识产权保护中心启动运行公告", "2022-11-08"),
    # targets that only evidence can show; T10 has none
    ("T08", "issued", "知识产权质押融资风险补偿办法", "2021-08-17"),
    ("T08", "signed", "知识产权质押融资联盟合作协议", "2022-04-26"),
    ("T09", "reported", "专利转化专项计划年度总结", "2023-12-20"),
    ("T11", "reported", "优势示范企业培育情况报告", "2024-12-12"),
    ("T12", "issued", "强化知识产权保护实施方案", "2021-06-29"),
    ("T13", "reported", "知识产权保护满意度调查报告", "2025-12-15"),
    ("T14", "operating", "知识产权信息公共服务网点开放公告", "2023-05-23"),
    ("T15", "reported", "专利代理行业发展状况报告", "2024-11-19"),
    ("T16", "issued", "知识产权人才工作方案", "2022-07-12"),
    # delivered tasks that are done
    ("3.1.1-b", "issued", "重大经济活动知识产权评议办法", "2022-05-18"),
    ("3.1.2-a", "issued", "淄博市市级专利专项资金管理办法（修订）", "2022-03-30"),
    ("3.3.1-c", "accepted", "知识产权交易大厅验收意见", "2023-06-14"),
    ("3.3.1-c", "operating", "知识产权交易大厅启用公告", "2023-07-03"),
    ("3.3.4-a", "issued", "关于建立专利导航决策机制的意见", "2022-08-24"),
    ("3.3.4-c", "issued", "淄博市专利导航项目实施细则", "2021-12-22"),
    ("3.3.4-f", "operating", "专利导航专家库入库名单", "2023-04-11"),
    ("3.3.5-c", "approval", "膜材料产业专利联盟备案通知", "2022-09-08"),
    ("3.3.7-a", "approval", "商标品牌指导站认定名单", "2022-11-15"),
    ("3.4.1-a", "issued", "行政保护技术调查官管理办法", "2023-02-16"),
    ("3.4.1-b", "issued", "专利侵权纠纷行政裁决工作规程", "2021-11-30"),
    ("3.4.1-c", "signed", "知识产权跨区域保护协作协议", "2022-06-21"),
    ("3.4.1-d", "issued", "重点联系单位知识产权保护直通车实施办法", "2022-10-19"),
    ("3.4.1-e", "issued", "知识产权保护重点单位库管理办法", "2021-07-26"),
    ("3.4.1-f", "issued", "知识产权纠纷多元化解工作意见", "2022-04-12"),
    ("3.4.1-h", "issued", "企业知识产权保护指南", "2023-04-25"),
    ("3.4.2-f", "issued", "知识产权行政案件繁简分流办法", "2022-01-19"),
    ("3.4.3-a", "signed", "司法与行政知识产权信息共享协议", "2023-09-13"),
    ("3.4.4-b", "operating", "知识产权调解组织全覆盖通告", "2023-08-30"),
    ("3.4.4-f", "issued", "知识产权领域信用分级分类监管办法", "2023-11-08"),
    ("3.4.4-g", "operating", "行政处罚信息归集公示系统运行公告", "2021-09-09"),
    ("3.5.2-a", "approval", "知识产权服务业集聚区认定文件", "2023-11-09"),
    ("3.5.4-c", "operating", "党校知识产权课程开课通知", "2024-03-20"),
    ("3.5.4-d", "signed", "行政司法学习交流机制协议", "2022-12-06"),
    ("4.3-b", "reported", "规划实施中期评估报告", "2023-12-28"),
    # delivered tasks under way: asked for or approved, not yet finished
    ("3.5.3-c", "application", "高校国家知识产权信息服务中心申报书", "2024-06-18"),
    ("3.5.1-f", "approval", "知识产权金融服务标准立项通知", "2025-03-11"),
    # 3.4.4-h, delivered, and 4.3-c, only if used, have no evidence
    # two of three documents
    ("3.1.2-d", "issued", "职务发明权益分配指引", "2022-09-27"),
    ("3.1.2-d", "issued", "知识产权质押融资贴息办法", "2023-03-15"),
    # encouragements with documents; the others have none
    ("3.1.1-a", "issued", "关于强化知识产权创造运用的若干措施", "2022-02-22"),
    ("3.1.1-e", "issued", "双招双引知识产权工作指引", "2023-01-10"),
    ("3.2.2-b", "reported", "自主品牌名单", "2023-06-30"),
    ("3.2.2-e", "issued", "高校知识产权管理办法汇编", "2024-04-16"),
    ("3.2.3-a", "issued", "关于知识产权与产业政策衔接的通知", "2022-06-08"),
    ("3.3.1-b", "issued", "知识产权质押登记流程", "2023-08-08"),
    ("3.3.3-b", "signed", "产学研金介用联合体协议", "2024-05-28"),
    ("3.3.6-a", "issued", "商标品牌战略实施意见", "2021-12-29"),
    ("3.4.3-c", "held", "海关执法国际合作交流会", "2025-06-12"),
    ("3.4.4-a", "issued", "行业协会知识产权自律公约", "2023-10-25"),
    ("3.4.5-a", "issued", "新业态知识产权保护措施", "2024-07-02"),
    ("3.4.5-c", "operating", "线上存证系统上线公告", "2024-10-31"),
    ("3.4.6-b", "approval", "博山区知识产权快速维权中心批复", "2024-09-05"),
    ("3.5.1-d", "issued", "专利保险产品条款", "2022-08-02"),
    ("3.5.3-a", "issued", "知识产权数据开放目录", "2023-09-26"),
    ("4.2-a", "reported", "专项资金绩效报告", "2025-04-22"),
)
ITEMS_OF_DOCUMENTS = {"职务发明权益分配指引": "职务发明", "知识产权质押融资贴息办法": "质押融资"}
"""3.1.2-d asks for three documents; that on rights aid (维权援助) is missing."""
FUNCTIONS = (
    ("网上举报投诉", "2022-03-15"),
    ("行政裁决", "2022-07-20"),
    ("多元调解", "2022-11-10"),
    ("商事仲裁", "2023-02-28"),
    ("司法审判", "2023-06-16"),
    ("司法公证", "2023-10-12"),
    ("司法鉴定", "2024-01-25"),
    ("海关进出口保护", "2024-05-30"),
    ("行业自律", "2024-10-18"),
    ("维权援助", "2025-04-22"),
)
"""The platform's ten functions (3.4.2-g), one after the other."""
# standing tasks: what is done each year, and how often in 2021 to 2025 (None: nothing was delivered for the year)
YEARLY: tuple[tuple[str, str, str, str, tuple[int | None, ...]], ...] = (
    ("3.1.1-c", "reported", "涉外经贸活动知识产权预警报告", "份", (2, 3, 4, 4, 5)),
    ("3.1.2-b", "reported", "专项资金分项支出报告", "份", (1, 1, 1, 1, 1)),
    ("3.2.1-a", "reported", "知识产权管理体系认证情况", "家", (46, 61, 80, 96, 118)),
    ("3.2.1-b", "reported", "优势示范企业申报情况", "家", (21, 24, 28, 25, 22)),
    ("3.2.2-a", "reported", "境外注册与申请支持情况", "件", (38, 45, 52, 63, 70)),
    ("3.2.2-c", "reported", "知识产权密集型产品政府采购情况", "万元", (None, 320, 410, 460, 530)),
    ("3.2.3-c", "reported", "转化与保护资金支出情况", "万元", (900, 980, 1040, 1100, 1180)),
    ("3.3.1-a", "reported", "平台运营年报", "项", (52, 79, 112, 140, 168)),
    ("3.3.1-d", "reported", "高校商铺开设情况", "家", (3, 5, 6, 8, 9)),
    ("3.3.2-b", "reported", "专利池备案情况", "个", (2, 2, 3, 3, 4)),
    ("3.3.3-c", "reported", "专利转移转化情况", "项", (120, 150, 190, 230, 260)),
    ("3.3.4-b", "held", "专利导航指南培训", "场", (4, 6, 7, 8, 8)),
    ("3.3.4-e", "reported", "拟上市企业辅导情况", "家", (6, 8, 9, 12, 12)),
    ("3.3.5-b", "reported", "产业专利池运营情况", "个", (2, 2, 3, 3, 4)),
    ("3.3.5-d", "reported", "联盟参与标准制修订情况", "项", (1, 2, 2, 3, 5)),
    ("3.3.6-d", "reported", "马德里商标注册支持情况", "件", (18, 22, 27, 31, 36)),
    ("3.4.1-g", "held", "知识产权公益服务进企业", "场", (24, 31, 40, 48, 55)),
    ("3.4.2-a", "held", "知识产权专项执法行动", "次", (5, 5, 5, 5, 5)),
    # standing, but the last year's activity is missing
    ("3.4.5-b", "held", "电商平台知识产权检查", "次", (3, 4, 4, 5, None)),
    ("3.4.6-c", "reported", "专利预审情况", "件", (None, 120, 860, 1250, 1400)),
    ("3.4.6-d", "reported", "海外纠纷信息采集情况", "件", (4, 7, 9, 12, 15)),
    ("3.5.3-d", "reported", "专利专题数据库建设情况", "个", (1, 2, 3, 4, 5)),
    ("3.5.4-a", "reported", "知识产权人才培养情况", "人", (260, 310, 350, 400, 430)),
    ("3.5.4-e", "held", "知识产权宣传周", "场", (12, 14, 15, 16, 18)),
    ("4.1-a", "held", "市知识产权联席会议", "次", (1, 1, 1, 1, 1)),
    ("4.2-b", "reported", "区县专项资金设立情况", "个", (4, 5, 7, 8, 8)),
    ("4.3-a", "reported", "主要指标年度监测报告", "份", (1, 1, 1, 1, 1)),
)


def rows() -> list[Evidence]:
    """Everything, in order of date."""
    found = [
        Evidence(subject, stage, f"合成样例：{title}", _day(day), ITEMS_OF_DOCUMENTS.get(title))
        for subject, stage, title, day in DOCUMENTS
    ]
    found += [Evidence("3.4.2-g", "operating", f"合成样例：{item}上线公告", _day(day), item) for item, day in FUNCTIONS]
    # accepted first and operating later: one function all the same
    found.append(Evidence("3.4.2-g", "accepted", "合成样例：多元调解验收意见", _day("2022-10-20"), "多元调解"))
    # asked for, but not there: does not count
    found.append(Evidence("3.4.2-g", "application", "合成样例：商事仲裁接入申请", _day("2022-05-11"), "商事仲裁"))
    for subject, stage, title, unit, quantities in YEARLY:
        for year, quantity in enumerate(quantities, start=2021):
            if quantity is not None:
                day = Day(year, 12, 18) if stage == "reported" else Day(year, 4, 24)
                found.append(Evidence(subject, stage, f"合成样例：{year}年{title}", day, None, quantity, unit))
    return sorted(found, key=lambda row: (row.day, row.subject, row.stage, row.title))


def count(into: Count) -> None:
    """Functions of the platform that were live at each year's end, each from its first acceptance or start."""
    first: dict[str, Day] = {}
    for row in rows():
        is_live = row.subject == "3.4.2-g" and row.stage in ("accepted", "operating")
        if is_live and due_half_yearly(row.day) <= into.known_at:
            first[str(row.item)] = min(row.day, first.get(str(row.item), row.day))
    for day in first.values():
        into.stock("platform_functions", UNALLOCATED_CELL, [(day, None)])


def _cells(row: Evidence) -> Cells:
    return {
        "规划": PLAN,
        "任务编号": row.subject,
        "阶段": STAGES[row.stage],
        "材料名称": row.title,
        "文号": f"合成佐证〔{row.day.year}〕{row.day:%m%d}号",
        "日期": f"{row.day.year}年{row.day.month}月{row.day.day}日",
        "分项": row.item,
        "数量": str(row.quantity) if row.quantity is not None else None,
        "计量单位": row.unit,
        "区县": "市本级",
        "网址": None,
    }


def write(landing: Landing) -> None:
    """One list a delivery."""
    deliveries: dict[Day, list[Evidence]] = {}
    for row in rows():
        deliveries.setdefault(due_half_yearly(row.day), []).append(row)
    for delivered, some in sorted(deliveries.items()):
        written: list[Cells] = [_cells(row) for row in some]
        plants: list[Plant | None] = [None] * len(written)
        if delivered == Day(2024, 1, 20):
            sound = written[0] | {"材料名称": "合成样例：不存在的材料"}
            cases: list[tuple[str, str, Cells]] = [
                ("evidence_unknown_stage", "code_unknown", {"阶段": "样例阶段"}),
                ("evidence_without_task", "required_missing", {"任务编号": None}),
                ("evidence_bad_date", "date_unparseable", {"日期": "2023年冬"}),
            ]
            for n, (kind, reason, cells) in enumerate(cases, start=1):
                written.insert(2 * n, sound | cells)
                plants.insert(2 * n, (kind, f"quarantined:{reason}", "不存在的材料"))
        name = f"{SOURCE}/{delivered}/合成_任务佐证_{delivered:%Y%m%d}.csv"
        files.put_list(landing, name, files.labelled(written, plants), encodings.utf8_with_mark)
