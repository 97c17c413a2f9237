"""What the stage assessment says, section by section, from the published marts of one plan.

The plan asks for it in its section on safeguards: targets reached, effect of the measures, use by enterprises, public
awareness (阶段性评估). It is a draft: proposals are worded from the figures, and deciding them is the office's.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.errors import ConfigError
from pipelines.plans import load_plan
from pipelines.release.board import COMPARATOR_WORDS, target_years
from pipelines.release.display import EXPLANATIONS, SYNTHETIC
from pipelines.release.rows import Row, rows
from pipelines.report.document import Piece, Report
from pipelines.report.sources import Figure, Notes

BEHIND = ("missed", "deteriorating", "limited", "moderate")
UNKNOWN = ("no_data", "no_source_yet", "no_evidence")
_TARGET = ("plan_id", "target_id", "target_version", "indicator_id", "region_code", "year")


class _Assessment:
    """One report being written: the marts, the plan, the notes and the document."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: str) -> None:
        self.connection, self.plan = connection, plan
        self.notes = Notes(connection)
        (self.release,) = rows(connection, "select * from release")
        self.targets = [row for row in target_years(connection) if row["plan_id"] == plan]
        self.newest = [row for row in self.targets if row["newest"] == 1]
        self.tasks = rows(
            connection, "select * from task_status where plan_id = $plan order by task_id", {"plan": plan}
        )
        self._chapters = iter("一二三四五六七八九十")
        synthetic = f"{SYNTHETIC} · " if self.release["is_synthetic"] else ""
        self.report = Report(
            f"《{_title(plan)}》实施情况阶段评估报告（草稿）",
            "Stage assessment of the plan (draft)",
            header=f"{synthetic}版本 release {self.release['release_id']}",
            day=self.release["known_at"],
        )

    def chapter(self, title: str) -> None:
        """A numbered chapter."""
        self.report.heading(f"{next(self._chapters)}、{title}")

    def figure(self, row: Row, column: str, *, decimals: int = 2) -> Figure:
        """A number of a target's year."""
        return self.notes.cell(row, "target_vs_actual", column, _TARGET, decimals=decimals)

    def share(self, row: Row, column: str) -> Figure:
        """A share of a target's year."""
        return self.notes.share(row, "target_vs_actual", column, _TARGET)


def write(file: Path, marts: Path, plan: str | None = None) -> Notes:
    """Write the draft for a plan, by default the one whose region has districts; returns its notes.

    The same release gives the same bytes. Raises ConfigError when the release does not hold the plan, or several that
    could be meant.
    """
    with duckdb.connect(str(marts), read_only=True) as connection:
        assessment = _Assessment(connection, _chosen(connection, plan))
        for section in (_basis, _method, _attainment, _groups, _objects, _problems, _proposals, _annexes):
            section(assessment)
        assessment.report.save(file)
        return assessment.notes


def _chosen(connection: duckdb.DuckDBPyConnection, plan: str | None) -> str:
    plans = [row["plan_id"] for row in rows(connection, "select distinct plan_id from dim_plan_target order by 1")]
    if plan:
        if plan not in plans:
            raise ConfigError(f"no plan {plan} in this release; it has {', '.join(plans)}")
        return plan
    query = """
      select distinct t.plan_id from dim_plan_target as t
      where t.region_code in (select city_code from dim_region where level = 'district') order by 1
    """
    found = [row["plan_id"] for row in rows(connection, query)]
    if len(found) != 1:
        raise ConfigError(f"which plan is meant? say --plan with one of {', '.join(plans)}")
    return str(found[0])


def _title(plan: str) -> str:
    try:
        return load_plan(plan).title.zh
    except ConfigError:  # a plan from a file of one's own, which need not lie here any more
        return plan


def _basis(a: _Assessment) -> None:
    a.chapter("评估依据 Basis")
    documents = sorted({row["decided_by"] for row in a.targets if row["decided_by"]})
    a.report.text(f"本评估依据{'、'.join(documents)}确定的目标和任务，使用数据版本 {a.release['release_id']}。")
    a.report.text(
        f"数据参考日为 {a.release['as_of']}，已知至 {a.release['known_at']}（人口 {a.release['population_known_at']}，"
        f"目标决定 {a.release['targets_known_at']}）；共接收 ",
        a.notes.asked("source_health", "sum(files)", {}), " 个交付文件、",
        a.notes.asked("source_health", "sum(rows_in)", {}), " 行，发布前通过 ",
        a.notes.asked("release", "gates_passed", {}), " 项质量检查。",
    )  # fmt: skip
    a.report.text("文中每个数字后的上标为数据来源编号，见附件末。缺失的数值写作“无数据”，不作零处理。")


def _method(a: _Assessment) -> None:
    a.chapter("评估方法 Method")
    for sentence in (
        "完成率 = 实际值 ÷ 目标值；进度完成率 =（实际值 − 基期值）÷（目标值 − 基期值）；时间进度 = 已过时间 ÷ 规划期。",
        "有基期值的目标，先看是否已达标；未达标的，按实际年均增速与所需年均增速之比 R 判定：R 不低于 0.95 为符合进度，"
        "不低于 0.60 为进度偏慢，不低于 0 为进度迟缓，低于 0 为倒退。规划未列基期值的，只比较数值与目标，不推算进度。",
        "规划只写方向、没有数值的目标，以年均增速 1.5%、0.5%、0 为界，该阈值为本系统所定，并非规划规定。",
        "达标判断一律使用未舍入的数值，显示时四舍五入。鼓励性任务只列材料件数，不评分。",
    ):
        a.report.text(sentence)


def _attainment(a: _Assessment) -> None:
    a.chapter("目标完成情况 Targets")
    pieces: list[Piece] = ["截至参考日，规划目标序列中："]
    seen = dict.fromkeys((row["status"], row["status_zh"]) for row in a.newest)
    for place, (status, words) in enumerate(seen):
        number = sum(row["status"] == status for row in a.newest)
        pieces += ["；" if place else "", f"{words} ", _counted(a, status, number), " 项"]
    a.report.text(*pieces, "。")
    a.report.table(
        ("编号", "目标", "年度", "目标值", "实际值", "完成率", "时间进度", "状态"),
        (_target_line(a, row) for row in a.newest),
        (12, 44, 13, 24, 24, 18, 18, 22),
    )


def _counted(a: _Assessment, status: str, number: int) -> Figure:
    """How many series have a status in their newest year: counted here, so asked again in the same words."""
    query = f"""(select count(*) from (
        select status, row_number() over (
          partition by target_id, indicator_id, region_code
          order by (status = 'not_due'), (status = 'no_data'), year desc, target_version desc) as newest
        from target_vs_actual where plan_id = '{a.plan}') as s where s.newest = 1 and s.status = '{status}')"""
    figure = a.notes.asked("release", " ".join(query.split()), {})
    if figure.text != str(number):
        raise AssertionError(f"{status}: {figure.text} in the marts, {number} in the table")
    return figure


def _target_line(a: _Assessment, row: Row) -> list[Piece | list[Piece]]:
    target: list[Piece] = ["—"]
    if row["target_value"] is not None:
        target = [f"{COMPARATOR_WORDS[row['comparator']]} ", a.figure(row, "target_value"), f" {row['unit']}"]
    actual: list[Piece]
    if row["actual_value"] is None and row["evidence_count"]:
        actual = ["材料 ", a.figure(row, "evidence_count"), " 份"]
    else:
        actual = [a.figure(row, "actual_value"), f" {row['unit']}" if row["actual_value"] is not None else ""]
    return [
        row["target_id"], row["title_zh"], str(row["year"]), target, actual,
        a.share(row, "completion_rate") if row["completion_rate"] is not None else "—",
        a.share(row, "time_progress"), row["status_zh"],
    ]  # fmt: skip


def _groups(a: _Assessment) -> None:
    a.chapter("各项任务进展 Tasks")
    groups: dict[str, list[Row]] = {}
    for task in a.tasks:
        groups.setdefault(task["section"].rstrip("0123456789"), []).append(task)
    if not groups:
        a.report.text("规划没有列出任务。")
    for section, tasks in groups.items():
        a.report.heading(f"规划{section}", 2)
        total = a.notes.asked(
            "task_status", f"count_if(rtrim(section, '0123456789') = '{section}')", {"plan_id": a.plan}
        )
        pieces: list[Piece] = ["共 ", total, " 项任务"]
        for status, words in dict.fromkeys((task["status"], task["status_zh"]) for task in tasks):
            expression = f"count_if(rtrim(section, '0123456789') = '{section}' and status = '{status}')"
            pieces += [f"，{words} ", a.notes.asked("task_status", expression, {"plan_id": a.plan}), " 项"]
        a.report.text(*pieces, "。")
        if done := [task["title_zh"] for task in tasks if task["status"] in ("done", "achieved")]:
            a.report.text(f"已完成：{_listed(done)}。")
        moved = [task for task in tasks if task["proxy_value"] is not None and task["proxy_previous_value"] is not None]
        for task in moved:
            key = ("plan_id", "task_id")
            a.report.text(
                f"{_quoted(task['title_zh'])}：{task['proxy_year']} 年 ",
                a.notes.cell(task, "task_status", "proxy_value", key), f" {task['proxy_unit']}，上年 ",
                a.notes.cell(task, "task_status", "proxy_previous_value", key), f" {task['proxy_unit']}。",
            )  # fmt: skip
        if bare := [task["title_zh"] for task in tasks if task["status"] == "no_evidence"]:
            a.report.text(f"尚无材料：{_listed(bare)}。")


def _listed(titles: Sequence[str]) -> str:
    """Numbered, since a title may hold any mark that could part it from the next."""
    return " ".join(f"（{n}）{title}" for n, title in enumerate(titles, 1))


def _quoted(title: str) -> str:
    return title if title.startswith("“") and title.endswith("”") else f"“{title}”"


def _objects(a: _Assessment) -> None:
    """The objects beside targets and measures: use by enterprises and public awareness, as the plan names them."""
    query = "select * from stage_assessment where plan_id = $plan order by object_order, sort_order"
    found = [
        row for row in rows(a.connection, query, {"plan": a.plan}) if row["object_id"] not in ("targets", "measures")
    ]
    names = dict.fromkeys((row["object_id"], row["object_zh"], row["object_en"]) for row in found)
    for object_id, zh, en in names:
        a.chapter(f"{zh} {en}")
        for row in (row for row in found if row["object_id"] == object_id):
            key = ("plan_id", "object_id", "measure_id")
            a.report.text(
                f"{row['measure_zh']}：{row['value_year']} 年 ",
                a.notes.cell(row, "stage_assessment", "value", key), f" {row['unit']}，上年 ",
                a.notes.cell(row, "stage_assessment", "previous_value", key),
                f" {row['unit']}。" if row["previous_value"] is not None else "。",
            )  # fmt: skip


def _problems(a: _Assessment) -> None:
    a.chapter("存在问题 Problems")
    a.report.heading("（一）落后于进度", 2)
    behind = [row for row in a.newest if row["status"] in BEHIND]
    for row in behind:
        gap: list[Piece] = ["，差距 ", a.figure(row, "gap"), f" {row['unit']}"] if row["gap"] is not None else []
        a.report.text(f"{row['target_id']} {row['title_zh']}（{row['status_zh']}）：", f"{row['year']} 年 ",
                      a.figure(row, "actual_value"), f" {row['unit']}", *gap, f"。{row['reason_zh']}。")  # fmt: skip
    declining = [task["title_zh"] for task in a.tasks if task["status"] == "declining"]
    if declining:
        a.report.text(f"变差或减少的任务：{_listed(declining)}。")
    if not behind and not declining:
        a.report.text("没有落后于进度的目标或任务。")
    a.report.heading("（二）数据缺失", 2)
    unknown = [f"{row['target_id']} {row['title_zh']}" for row in a.newest if row["status"] in UNKNOWN]
    a.report.text(f"没有数据的目标：{'；'.join(unknown)}。" if unknown else "各目标均有数据。")
    a.report.text(
        "没有材料的任务 ",
        a.notes.asked("task_status", "count(*)", {"plan_id": a.plan, "status": "no_evidence"}),
        " 项，见附件。",
    )
    a.report.heading("（三）数据质量", 2)
    quarantined = a.notes.asked("source_health", "sum(rows_quarantined)", {})
    share = a.notes.asked("source_health", "100.0 * sum(rows_quarantined) / nullif(sum(rows_in), 0)", {}, decimals=3)
    never = a.notes.asked("source_health", "count_if(status = 'never_delivered')", {})
    a.report.text("隔离待改正的行 ", quarantined, " 行，占全部行的 ", share, "%；从未交付的数据源 ", never, " 个。")
    of_plan = {"plan_id": a.plan}
    baselines = a.notes.asked("plan_baseline_status", "count_if(not agrees)", of_plan)
    published = a.notes.asked("reconciliation", "count_if(not within_tolerance)", {})
    sums = a.notes.asked("identity_check", "count_if(not holds)", of_plan)
    a.report.text("与规划自身基期数不符的 ", baselines, " 项，与其他公布数超出容差的 ", published, " 项，",
                  "不成立的恒等式 ", sums, " 处。")  # fmt: skip
    provisional = [row["target_id"] for row in a.newest if row["obs_status"] == "P"]
    if provisional:
        a.report.text(f"下列目标的最新年度为初步数，后续公告仍会使其变化：{'、'.join(provisional)}。")


def _proposals(a: _Assessment) -> None:
    a.chapter("调整建议 Adjustments proposed (for decision)")
    a.report.text("以下由数据生成，供研究决定；目标如需调整，应按规划规定的程序进行，并以文件载明。")
    for row in a.newest:
        if row["status"] not in BEHIND:
            continue
        needed: list[Piece] = []
        if row["needed_annual_growth"] is not None:
            needed = ["，到目标年度今后每年需增长 ", a.share(row, "needed_annual_growth")]
        over = row["target_year"] is not None and row["status"] == "missed"
        what = "目标期已过，建议说明原因，并研究在下一规划期的安排" if over else "建议查明原因，提出推进措施"
        a.report.text(f"{row['target_id']} {row['title_zh']}：{what}", *needed, "。")
    for row in a.newest:
        if row["status"] in UNKNOWN:
            a.report.text(f"{row['target_id']} {row['title_zh']}：建议明确数据责任单位并补充交付。")
    if any(task["status"] == "no_evidence" for task in a.tasks):
        a.report.text("没有材料的任务：建议由责任单位补充佐证，或说明未开展的原因。")


def _annexes(a: _Assessment) -> None:
    a.report.sideways()
    a.report.heading("附件1 目标各年度演算 Workings by year")
    a.report.table(
        ("编号", "目标", "年度", "基期值", "目标值", "实际值", "线性路径", "几何路径", "进度完成率", "R", "状态"),
        (
            [row["target_id"], row["title_zh"], str(row["year"]),
             *(a.figure(row, name) if row[name] is not None else "—" for name in
               ("baseline_value", "target_value", "actual_value", "path_linear", "path_geometric")),
             a.share(row, "progress_rate") if row["progress_rate"] is not None else "—",
             a.figure(row, "progress_ratio") if row["progress_ratio"] is not None else "—", row["status_zh"]]
            for row in a.targets if row["method"] != "evidence"
        ),
        (14, 58, 14, 22, 24, 26, 24, 24, 20, 14, 24),
    )  # fmt: skip
    a.report.heading("附件2 任务 Tasks")
    a.report.table(
        ("编号", "章节", "任务", "性质", "状态", "材料"),
        ([task["task_id"], task["section"], task["title_zh"], task["strength"], task["status_zh"],
          a.notes.cell(task, "task_status", "evidence_count", ("plan_id", "task_id"))] for task in a.tasks),
        (20, 22, 140, 16, 30, 24),
    )  # fmt: skip
    a.report.heading("附件3 核对 Reconciliation")
    baselines = rows(a.connection, "select * from plan_baseline_status where plan_id = $plan order by baseline_id",
                     {"plan": a.plan})  # fmt: skip
    key = ("plan_id", "baseline_id", "indicator_id", "region_code", "period_end")
    a.report.table(
        ("编号", "规划基期数", "规划值", "计算值", "相符", "说明"),
        ([row["baseline_id"], row["title_zh"], a.notes.cell(row, "plan_baseline_status", "plan_value", key),
          a.notes.cell(row, "plan_baseline_status", "computed_value", key),
          {True: "是", False: "否"}.get(row["agrees"], "—"), EXPLANATIONS[row["explanation"]].split()[0]]
         for row in baselines),
        (16, 90, 36, 36, 16, 58),
    )  # fmt: skip
    a.report.heading("附件4 数据来源 Data sources")
    sources = rows(a.connection, "select * from source_health order by source")
    a.report.table(
        ("数据源", "最近交付", "文件", "行数", "采用", "隔离", "重复"),
        ([row["source"], str(row["last_delivery"] or "从未"),
          *(a.notes.cell(row, "source_health", name, ("source",))
            for name in ("files", "rows_in", "rows_out", "rows_quarantined", "rows_duplicate"))] for row in sources),
        (60, 36, 30, 34, 34, 30, 28),
    )  # fmt: skip
    a.report.heading("附件5 与上一版本相比的修订 Revisions")
    a.report.text("变化的数值 ", a.notes.asked("indicator_revision", "count(*)", {}), " 个，变化的目标年度 ",
                  a.notes.asked("target_revision", "count(*)", {}), " 个；逐条见版本中的 revisions.csv。")  # fmt: skip
    a.report.heading("附件6 数据来源编号 Notes")
    a.report.text(f"版本 {a.release['release_id']}；表与列见数据字典，逐条记录可用 ipw explain 查询。")
    a.report.table(("编号", "来源 source"), ([f"[{n}]", words] for n, words in a.notes.lines()), (18, 238))
