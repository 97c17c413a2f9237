"""The tables of docs/story.md, written from what the story expects. The words around them are the page's own.

Run `python -m pipelines.sample.story_page` after a change; a test compares.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.plans import load_catalogue, load_plan
from pipelines.sample import generate
from pipelines.sample.story import JANUARY, PLAN
from pipelines.settings import REPO

FILE = REPO / "docs" / "story.md"
LAST_YEAR = JANUARY.year - 1
_TABLE = re.compile(r"(<!-- table (\d{4}-\d\d-\d\d) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEADER = (
    "指标 indicator",
    "区划 region",
    "年 years",
    f"{LAST_YEAR} 旧 old",
    f"{LAST_YEAR} 新 new",
    "差 difference",
    "计入 in",
    "剔除 out",
    "变更 changed",
)


def page(text: str, expected: pl.DataFrame) -> str:
    """The page with the table of each chapter as `expected` (`story.SCHEMA`) has it."""

    def table(found: re.Match[str]) -> str:
        rows = expected.filter(pl.col("delivered_on").cast(pl.String) == found[2])
        return found[1] + "\n".join(_lines(rows)) + "\n" + found[3]

    return _TABLE.sub(table, text)


def _lines(rows: pl.DataFrame) -> Iterator[str]:
    """One line per indicator and region of the statutory view: the years it moved in, and the last full one of them."""
    yield "| " + " | ".join(_HEADER) + " |"
    yield "|---|---|---|" + "---:|" * (len(_HEADER) - 3)
    indicators = {each.id: each for each in load_catalogue().indicators}
    names = _region_names()
    statutory = rows.filter(region_view="statutory")
    for (indicator, region), some in statutory.group_by("indicator_id", "region_code", maintain_order=True):
        decimals = 4 if str(indicator).endswith("_per_10k") else 0
        years = some["year"].to_list()
        last = some.row(by_predicate=pl.col("year") == LAST_YEAR, named=True)
        cells = (
            f"{indicators[str(indicator)].title.zh} `{indicator!s}`",
            names[str(region)],
            f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]),
            f"{last['old_value']:,.{decimals}f}",
            f"{last['new_value']:,.{decimals}f}",
            f"{last['difference']:+,.{decimals}f}",
            *(str(last[f"records_{way}"]) for way in ("in", "out", "changed")),
        )
        yield "| " + " | ".join(cells) + " |"


def _region_names() -> dict[str, str]:
    regions = load_plan(PLAN).regions
    return {region.code: region.zh for region in (regions.city, *regions.districts)}


def main() -> None:
    """Generate the story anew and write its tables into the page."""
    with tempfile.TemporaryDirectory() as folder:
        report = generate(Path(folder) / "landing", with_story=True)
    assert report.story is not None
    FILE.write_text(page(FILE.read_text(encoding="utf-8"), report.story), encoding="utf-8")


if __name__ == "__main__":
    main()
