"""How figures and statuses look wherever a person meets them: rounding, symbols, colours. It makes and judges nothing.

Workbook, page, report and command line share it, so that one status has one symbol and one number one rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SYNTHETIC = "合成数据 SYNTHETIC DATA, not the city's figures"

_NOTHING = Decimal("1e-6")
"""Below this a number is what binary fractions leave over."""


@dataclass(frozen=True)
class StatusStyle:
    """A symbol that tells a status without colour, its text colour and its background (both `#rrggbb`)."""

    symbol: str
    colour: str
    background: str


_GOOD = ("#14532d", "#dcfce7")
_SLOW = ("#713f12", "#fef3c7")
_BAD = ("#7f1d1d", "#fee2e2")
_OPEN = ("#1e3a8a", "#dbeafe")
_NONE = ("#374151", "#f3f4f6")

STATUS_STYLES = {
    "achieved": StatusStyle("✓", *_GOOD),
    "done": StatusStyle("✓", *_GOOD),
    "on_track": StatusStyle("↗", *_GOOD),
    "active": StatusStyle("↗", *_GOOD),
    "moderate": StatusStyle("→", *_SLOW),
    "limited": StatusStyle("↘", *_SLOW),
    "declining": StatusStyle("↘", *_SLOW),
    "deteriorating": StatusStyle("↓", *_BAD),
    "missed": StatusStyle("✗", *_BAD),
    "in_progress": StatusStyle("…", *_OPEN),
    "reported": StatusStyle("▤", *_OPEN),
    "not_computable": StatusStyle("?", *_NONE),
    "not_due": StatusStyle("–", *_NONE),
    "no_data": StatusStyle("∅", *_NONE),
    "no_evidence": StatusStyle("∅", *_NONE),
    "no_source_yet": StatusStyle("∅", *_NONE),
}
"""By status of `target_vs_actual` and `task_status`. Each pair of colours has a contrast of at least 7 to 1."""


EXPLANATIONS = {
    "agrees": "相符 agrees",
    "computed_above_official": "计算值较高 computed above published",
    "computed_below_official": "计算值较低 computed below published",
    "denominator_missing": "缺分母 denominator missing",
    "documents_show_another_state": "材料显示为另一阶段 documents show another stage",
    "indicator_not_built": "指标无数据源 indicator has no source",
    "no_evidence": "没有材料 no document",
    "no_indicator": "不是可计算的数 nothing that can be counted",
    "not_covered_by_deliveries": "交付未覆盖 not covered by the deliveries",
    "period_after_reference_date": "晚于基准日 after the reference date",
    "period_not_covered_to_its_end": "交付未覆盖到期末 deliveries end before the period",
    "region_outside_the_plans": "规划之外的区域 region of no plan",
    "superseded_by_a_later_figure": "已被后来的公布值取代 superseded by a later figure",
    "unit_differs": "单位不同 unit differs",
    "value_is_the_published_figure": "取公布值 value is the published figure",
}
"""By explanation of `reconciliation` and `plan_baseline_status`: why a figure agrees, differs or cannot be compared."""


def rounded(value: Any, decimals: int = 2) -> str:
    """A number for display, rounded half up (never for a test against a target); blank when missing.

    What would round to nothing keeps two digits: a density revised by -0.0042 has been revised.
    """
    if value is None:
        return ""
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return str(value)
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if shown == 0:
        kept = Decimal(1).scaleb(exact.adjusted() - 1)
        shown = exact.quantize(kept, ROUND_HALF_UP) if abs(exact) >= _NOTHING else abs(shown)
    return f"{shown:,f}"


def markdown_table(headers: Sequence[str], cells: Iterable[Iterable[Any]]) -> str:
    """A table for a page in Markdown, numbers rounded; no cell can end its column."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    lines += ["| " + " | ".join(rounded(value).replace("|", "\\|") for value in row) + " |" for row in cells]
    return "\n".join(lines)
