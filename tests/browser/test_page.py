"""The page in a real browser: it opens from a folder, can be used without a mouse, and shows what the marts say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipelines.release.display import rounded
from tests.browser.conftest import Visit
from tests.support import query

pytestmark = pytest.mark.slow

INDICATOR = "indicator/inv_high_value_per_10k.html"
PAGES = ("index.html", "indicators.html", INDICATOR, "tasks.html", "health.html", "revisions.html")
Visiting = Callable[..., Visit]


@pytest.mark.parametrize(
    ("address", "language"), [("index.html", "both"), *((a, x) for a in PAGES for x in ("zh", "en"))]
)
def test_nothing_stands_in_the_way_of_a_keyboard_or_a_screen_reader(
    visit: Visiting, address: str, language: str
) -> None:
    page = visit(f"{address}#lang={language}").page
    found = Axe().run(page, options={"preload": False}).response["violations"]  # or axe fetches the styles again
    assert [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("width", [360, 768, 1920])
@pytest.mark.parametrize("address", PAGES)
def test_no_width_breaks_the_layout(visit: Visiting, address: str, width: int) -> None:
    page = visit(address, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_board_shows_what_the_marts_say(visit: Visiting, published: Path) -> None:
    page = visit("index.html").page
    assert "SYNTHETIC" in page.locator(".synthetic").inner_text()
    ((value, zh),) = query(
        published,
        "select actual_value, status_zh from marts.target_vs_actual "
        "where plan_id = 'zibo_14fyp' and target_id = 'T01' and year = 2025",
    )
    line = page.locator("#zibo_14fyp-T01")
    assert line.locator(".actual b").inner_text() == rounded(value)
    assert zh in line.locator(".status").inner_text()
    assert page.locator("#board tbody tr:visible").count() == int(page.locator("#shown").inner_text())


def test_the_workings_of_a_status_are_one_key_away(visit: Visiting, published: Path) -> None:
    ((year, path, reason),) = query(
        published,
        "select max(year), max_by(path_geometric, year), max_by(reason_zh, year) from marts.target_vs_actual "
        "where plan_id = 'china_14fyp' and target_id = 'N6' and actual_value is not null",
    )
    page = visit("index.html").page
    line = page.locator("#china_14fyp-N6")
    assert not line.locator("dl").is_visible()
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    shown = line.locator("dl").inner_text()
    assert line.locator("td").first.inner_text() == str(year)
    assert "进度完成率" in shown and reason in shown
    assert f"几何路径 Geometric path\n{rounded(path)}" in shown


def test_filters_choose_year_plan_and_district(visit: Visiting, published: Path) -> None:
    page = visit("index.html").page
    page.select_option("#plan", "zibo_14fyp")
    page.select_option("#year", "2023")
    years = page.locator("#board tbody tr:visible td:nth-child(2)").all_inner_texts()
    assert years and set(years) == {"2023"}
    page.select_option("#region", "statutory:370303")
    ((value,),) = query(
        published,
        "select value from marts.fct_indicator_value where indicator_id = 'tm_valid' and region_code = '370303' "
        "and region_view = 'statutory' and period_type = 'year' and period_end = date '2023-12-31'",
    )
    line = page.locator("#board tbody tr:visible", has_text="T02")
    assert line.locator(".actual b").inner_text() == rounded(value)
    assert "派生" in line.locator(".actual").inner_text()
    assert page.locator("#derived").is_visible()
    page.select_option("#region", "")
    assert "派生" not in page.locator("#board").inner_text()


def test_a_filter_that_fits_nothing_says_so(visit: Visiting) -> None:
    page = visit("index.html").page
    page.select_option("#plan", "china_14fyp")
    page.select_option("#region", "management:3703A1")
    page.select_option("#status", "未达标 missed")
    assert page.locator("#none").is_visible()


def test_a_column_is_sorted_by_keyboard_and_missing_values_stay_last(visit: Visiting) -> None:
    page = visit("index.html").page
    button = page.locator("#board thead th button", has_text="实际值")
    for direction in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(f"#board th[aria-sort={direction}]").count() == 1
        cells = page.locator("#board tbody tr:visible td.actual")
        keys = [cell.get_attribute("data-sort") or "" for cell in cells.all()]
        known = [float(key) for key in keys if key]
        assert known == sorted(known, reverse=direction == "descending")
        assert keys[len(known) :] == [""] * (len(keys) - len(known))


def test_search_finds_indicators_targets_and_tasks_in_both_languages(visit: Visiting) -> None:
    page = visit("tasks.html").page
    for words, kind in [("质押", "指标"), ("registered trademarks", "目标"), ("党校", "任务")]:
        page.fill("#find", words)
        assert kind in page.locator("#found").inner_text()
    page.fill("#find", "每万人口高价值")
    page.keyboard.press("Enter")
    page.wait_for_url(
        "**/index.html#*"
    )  # the page it came from matches a wider pattern, and would be filled in and left
    page.wait_for_load_state("domcontentloaded")
    page.fill("#find", "nothing is called so")
    assert "nothing found" in page.locator("#found").inner_text()


def test_the_language_is_switched_and_the_page_says_which_it_is(visit: Visiting) -> None:
    page = visit("index.html").page
    page.click("[data-set=en]")
    assert page.locator("html").get_attribute("lang") == "en"
    assert not page.locator("h1 .zh").is_visible() and page.locator("h1 .en").is_visible()
    page.click("[data-set=zh]")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("h1 .zh").is_visible() and not page.locator("h1 .en").is_visible()


def test_the_chart_draws_and_follows_period_and_region(visit: Visiting) -> None:
    page = visit("indicator/inv_valid.html").page
    drawn = "window.echarts.getInstanceByDom(document.getElementById('series')).getOption().xAxis[0].data.length"
    years = page.evaluate(drawn)
    page.select_option("#period", "month")
    assert page.evaluate(drawn) > 6 * years
    page.select_option("#period", "year")
    page.select_option("#place", "management|3703A1")
    named = "window.echarts.getInstanceByDom(document.getElementById('series')).getOption().series[0].name"
    assert "管理" in page.evaluate(named)


def test_every_link_leads_to_a_file(visit: Visiting, published: Path) -> None:
    for address in PAGES:
        page = visit(address).page
        links = page.evaluate("Array.from(document.querySelectorAll('a[href]')).map(a => a.href.split('#')[0])")
        files = {Path(link.removeprefix("file://")) for link in links}
        assert [str(file) for file in files if not file.exists()] == []


def test_the_board_prints_whole(visit: Visiting) -> None:
    page = visit("index.html").page
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert page.evaluate("document.querySelector('#board').scrollWidth") <= 1440
