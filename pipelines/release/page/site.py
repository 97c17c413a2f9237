"""Writes the page: one HTML file per subject, the data of its charts inside, style and scripts beside it.

Everything opens from `file:` URLs, so nothing is fetched and no script is a module. What is said is in `content`.
"""

import csv
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from pipelines.release.board import OBS_STATUS_WORDS
from pipelines.release.display import EXPLANATIONS, STATUS_STYLES, SYNTHETIC, rounded
from pipelines.release.page.content import (
    FAMILIES,
    MOST_REVISIONS,
    Content,
    figure,
    read,
)
from pipelines.release.page.sparkline import sparkline
from pipelines.release.rows import Row

_HERE = Path(__file__).parent
_DOWNLOAD = (
    "region_view",
    "region_code",
    "period",
    "period_end",
    "value",
    "unit",
    "obs_status",
    "numerator",
    "denominator",
    "population_vintage",
    "n_records",
)
_YEARS_SHOWN = 15
"""Of an indicator's table; its download has all of them."""
_STRENGTHS = {
    "D": ("交付", "deliverable"),
    "S": ("持续", "standing activity"),
    "E": ("鼓励", "encouragement"),
}


def write(folder: Path, marts: Path) -> None:
    """Write `page/` into a release folder from its `marts.duckdb`; the same release gives the same bytes."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        content = read(connection)
    page = folder / "page"
    (page / "indicator").mkdir(parents=True)
    (page / "data").mkdir()
    shutil.copytree(_HERE / "assets", page / "assets")
    (page / "assets" / "index.js").write_text(f"window.IPW_INDEX={_json(_index(content))};\n", encoding="utf-8")
    templates = _environment(content)
    shared = {"content": content, "root": ""}
    lines = _sparklines(content.board)
    pages: dict[str, dict[str, Any]] = {
        "index": {
            "lines": lines,
            "years": sorted({row["year"] for row in content.board}),
            "sections": _sections(content),
            "districts": _json(_districts(content)),
        },
        "indicators": {"families": _families(content), "newest": {i: _newest(content, i) for i in content.values}},
        "tasks": {"groups": _grouped(content.tasks), "strengths": _STRENGTHS},
        "health": {"totals": _totals(content.sources)},
        "revisions": {"most": MOST_REVISIONS},
    }
    for name, extra in pages.items():
        _render(templates, f"{name}.html.j2", page / f"{name}.html", shared | extra)
    for row in content.indicators:
        indicator = row["indicator_id"]
        values = content.values.get(indicator, [])
        _render(
            templates,
            "indicator.html.j2",
            page / "indicator" / f"{indicator}.html",
            {
                "content": content,
                "root": "../",
                "it": row,
                "tables": _tables(content, row),
                "series": _json(_series(content, row)),
                "revised": content.revised_of.get(indicator, []),
                "yearly": _yearly(content, values),
            },
        )
        _download(page / "data" / f"{indicator}.csv", values)


def _environment(content: Content) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"styles": STATUS_STYLES, "synthetic": SYNTHETIC, "obs_words": OBS_STATUS_WORDS}
    environment.filters |= {"rounded": rounded, "percent": _percent, "explained": EXPLANATIONS.__getitem__}
    environment.globals["figure"] = figure
    environment.globals["known"] = {row["indicator_id"] for row in content.indicators}
    return environment


def _render(templates: jinja2.Environment, template: str, file: Path, values: dict[str, Any]) -> None:
    file.write_text(templates.get_template(template).render(values), encoding="utf-8")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{rounded(share * 100, 1)}%"


def _json(value: Any) -> Markup:
    """JSON that may stand in a script: no text of a delivery can end it."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sparklines(board: list[Row]) -> dict[str, Markup]:
    """By target series: its actuals and paths over the plan's years."""
    series: dict[str, list[Row]] = {}
    for row in board:
        series.setdefault(row["key"], []).append(row)
    return {key: _sparkline(found) for key, found in series.items()}


def _sparkline(found: list[Row]) -> Markup:
    start = [(found[0]["base_year"], found[0]["base_value"])] if found[0]["base_value"] is not None else []
    lines = {
        "actual": start + [(row["year"], row["actual_value"]) for row in found],
        "linear": start + [(r["year"], r["path_linear"]) for r in found if r["path_linear"] is not None],
        "geometric": start
        + [(row["year"], row["path_geometric"]) for row in found if row["path_geometric"] is not None],
    }
    said = "; ".join(
        f"{row['year']}: {rounded(row['actual_value'])}" for row in found if row["actual_value"] is not None
    )
    label = Markup.escape(f"{found[0]['title_zh']} {found[0]['title_en']} {said}")
    return Markup(sparkline(lines, found[-1]["target_value"], str(label)))


def _sections(content: Content) -> list[str]:
    return sorted({row["section"] for row in content.board})


def _districts(content: Content) -> dict[str, dict[str, dict[str, str]]]:
    """By indicator of the board, `view:region` and year: the value as shown. The plan has no targets for districts."""
    wanted = {row["indicator_id"]: row for row in content.board if row["indicator_id"]}
    decimals = {row["indicator_id"]: row["decimals"] for row in content.indicators}
    return {
        indicator: _nested(
            (
                f"{v['region_view']}:{v['region_code']}",
                str(v["period_end"].year),
                figure(v["value"], v["obs_status"], decimals[indicator]),
            )
            for v in content.values.get(indicator, [])
            if v["period_type"] == "year"
        )
        for indicator in sorted(wanted)
    }


def _nested(triples: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    result: dict[str, dict[str, str]] = {}
    for outer, inner, value in triples:
        result.setdefault(outer, {})[inner] = value
    return result


def _families(content: Content) -> list[tuple[tuple[str, str], list[Row]]]:
    order = [*FAMILIES, *sorted({row["family"] for row in content.indicators} - set(FAMILIES))]
    groups = [
        (FAMILIES.get(name, (name, name)), [r for r in content.indicators if r["family"] == name]) for name in order
    ]
    return [(title, found) for title, found in groups if found]


def _newest(content: Content, indicator: str) -> Row | None:
    """The newest year of the whole area that has a value."""
    found = [
        v
        for v in content.values[indicator]
        if v["period_type"] == "year" and v["region_code"] == content.home and v["value"] is not None
    ]
    return max(found, key=lambda v: v["period_end"], default=None)


def _grouped(tasks: list[Row]) -> list[tuple[str, str, list[Row]]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for task in tasks:
        groups.setdefault((task["plan_id"], task["section"]), []).append(task)
    return [(plan, section, found) for (plan, section), found in groups.items()]


def _totals(sources: list[Row]) -> dict[str, int]:
    names = ("files", "rows_in", "rows_out", "rows_quarantined", "rows_duplicate")
    return {name: sum(row[name] or 0 for row in sources) for name in names}


@dataclass(frozen=True)
class Table:
    """One view's regions with their values of the newest years."""

    view: str
    years: list[int]
    newest: int
    """The last year that has ended, else the last one: what the tiles show."""
    lines: list[tuple[Row, dict[int, Row]]]

    def share(self, value: Row | None) -> str:
        """Of the greatest value among the districts of the newest year, for the tiles' shading."""
        newest = [by_year.get(self.newest) for region, by_year in self.lines if region["level"] != "city"]
        most = max((v["value"] for v in newest if v and v["value"] is not None), default=0)
        return f"{value['value'] / most:.3f}" if value and value["value"] and most else "0"


def _tables(content: Content, indicator: Row) -> list[Table]:
    """The two views, where there is more than the whole area to show."""
    yearly = [v for v in content.values.get(indicator["indicator_id"], []) if v["period_type"] == "year"]
    years = sorted({v["period_end"].year for v in yearly})[-6:]
    if not years:
        return []
    ended = [v["period_end"].year for v in yearly if v["period_end"] <= content.release["as_of"]]
    found: dict[tuple[str, str], dict[int, Row]] = {}
    for v in yearly:
        if v["period_end"].year in years:
            found.setdefault((v["region_view"], v["region_code"]), {})[v["period_end"].year] = v
    tables = []
    for view in ("statutory", "management"):
        regions = [r for r in content.regions if r["region_view"] == view and (view, r["region_code"]) in found]
        lines = [(region, found[view, region["region_code"]]) for region in regions]
        tables.append(Table(view, years, max(ended, default=years[-1]), lines))
    return [table for table in tables if len(table.lines) > 1]


def _series(content: Content, indicator: Row) -> dict[str, Any]:
    """What the charts draw: per kind of period of the whole area, and per region the years; `was` marks a revision."""
    values = content.values.get(indicator["indicator_id"], [])
    was = {
        (r["region_view"], r["region_code"], r["period_type"], r["period_end"]): r["old_value"]
        for r in content.revised_of.get(indicator["indicator_id"], [])
    }
    lines: dict[str, list[list[Any]]] = {}
    for v in values:
        key = (v["region_view"], v["region_code"], v["period_type"], v["period_end"])
        name = "|".join(key[:3])
        old = [was[key]] if key in was else []
        lines.setdefault(name, []).append([v["period"], v["value"], v["obs_status"], *old])
    names = {r["region_code"]: [r["name_zh"], r["name_en"]] for r in content.regions}
    first = next((v["region_code"] for v in values if v["region_code"] == content.home), None)
    home = first or (values[0]["region_code"] if values else content.home)
    unit = [indicator["unit_zh"], indicator["unit_en"]]
    return {"home": home, "unit": unit, "decimals": indicator["decimals"], "regions": names, "lines": lines}


def _yearly(content: Content, values: list[Row]) -> list[Row]:
    """The years of the whole area, newest first; of a published indicator, those of every region that has some."""
    found = [v for v in values if v["period_type"] == "year" and v["region_view"] == "statutory"]
    whole = [v for v in found if v["region_code"] == content.home] or found
    return sorted(whole, key=lambda v: v["period_end"], reverse=True)[:_YEARS_SHOWN]


def _download(file: Path, values: list[Row]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_DOWNLOAD)
        writer.writerows([v[name] for name in _DOWNLOAD] for v in values)


def _index(content: Content) -> list[list[str]]:
    """What the search looks through: kind, address, Chinese and English title, id."""
    found = [
        ["指标 indicator", f"indicator/{r['indicator_id']}.html", r["title_zh"], r["title_en"], r["indicator_id"]]
        for r in content.indicators
    ]
    seen = {(r["plan_id"], r["target_id"]): r for r in content.board}
    found += [
        ["目标 target", f"index.html#{plan}-{target}", r["title_zh"], r["title_en"], target]
        for (plan, target), r in seen.items()
    ]
    found += [
        ["任务 task", f"tasks.html#{r['plan_id']}-{r['task_id']}", r["title_zh"], r["title_en"], r["task_id"]]
        for r in content.tasks
    ]
    return found
