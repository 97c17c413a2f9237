"""Small line charts as SVG text, drawn when the page is written: they print, and need no script."""

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 148, 40, 4

_STYLE = {"linear": "lin", "geometric": "geo", "actual": "act"}


def sparkline(series: Mapping[str, Sequence[tuple[int, float | None]]], target: float | None, label: str) -> str:
    """An `<svg>` of the series `actual`, `linear` and `geometric` over years, and a line at the target.

    A year without a value leaves a gap. Empty when nothing can be drawn. `label` has to be escaped already.
    """
    points = [(x, y) for line in series.values() for x, y in line if y is not None]
    if not points:
        return ""
    xs = [x for x, _ in points]
    ys = [y for _, y in points] + ([target] if target is not None else [])
    place = _Scale(min(xs), max(xs), min(ys), max(ys))
    parts = [f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">']
    if target is not None:
        height = place.y(target)
        parts.append(f'<line class="goal" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{height}" y2="{height}"/>')
    for name, css in _STYLE.items():
        parts += [f'<polyline class="{css}" points="{run}"/>' for run in _runs(series.get(name, ()), place)]
    last = next(((x, y) for x, y in reversed(series.get("actual", ())) if y is not None), None)
    if last:
        parts.append(f'<circle class="act" cx="{place.x(last[0])}" cy="{place.y(last[1])}" r="2.6"/>')
    return "".join([*parts, "</svg>"])


class _Scale:
    def __init__(self, left: int, right: int, low: float, high: float) -> None:
        self._left, self._width = left, max(right - left, 1)
        self._low, self._height = low, (high - low) or 1.0

    def x(self, year: int) -> str:
        return f"{MARGIN + (year - self._left) / self._width * (WIDTH - 2 * MARGIN):.1f}"

    def y(self, value: float) -> str:
        return f"{HEIGHT - MARGIN - (value - self._low) / self._height * (HEIGHT - 2 * MARGIN):.1f}"


def _runs(line: Sequence[tuple[int, float | None]], place: _Scale) -> list[str]:
    """The stretches without a gap."""
    runs: list[list[str]] = [[]]
    for year, value in line:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{place.x(year)},{place.y(value)}")
    return [" ".join(run) for run in runs if len(run) > 1]
