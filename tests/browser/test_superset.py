"""The optional Superset, from `superset/serve` to what a reader sees: every chart of every dashboard has rows, in Chinese,
and goes on having them while releases are published."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, TimeoutError

from pipelines.errors import ConfigError
from pipelines.files import point
from pipelines.release.display import rounded
from pipelines.serving.bundle import Dashboard, dashboards
from pipelines.serving.superset import load
from tests.conftest import REPO, skip_or_fail
from tests.support import IPW, environment, query

pytestmark = pytest.mark.slow

DASHBOARDS = dashboards()


@dataclass(frozen=True)
class Running:
    """A Superset of this test: its address, the password of admin, and the warehouse it reads."""

    url: str
    password: str
    warehouse: Path
    release: Path

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """A client that is logged in."""
        said = httpx.post(
            f"{self.url}/api/v1/security/login",
            json={"username": "admin", "password": self.password, "provider": "db"},
            timeout=60,
        )
        headers = {"Authorization": f"Bearer {said.json()['access_token']}", "Referer": self.url}
        with httpx.Client(base_url=self.url, headers=headers, timeout=60) as client:
            client.headers["X-CSRFToken"] = client.get("/api/v1/security/csrf_token/").json()["result"]
            yield client


@pytest.fixture(scope="module")
def superset(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`superset/serve` on a free port, over a warehouse whose release in force is the sample's."""
    if not (REPO / ".venv-superset" / ".installed").exists():
        skip_or_fail("no Superset beside this checkout (make .venv-superset/.installed)")
    folder = tmp_path_factory.mktemp("superset")
    release = (sample_warehouse / "marts.duckdb").resolve()
    point(folder / "marts.duckdb", release)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "home"
    settings = environment(folder, IPW_SUPERSET_HOME=str(home), IPW_SUPERSET_PORT=str(port), IPW=str(IPW))
    settings["IPW_WAREHOUSE"] = str(folder)
    serving = subprocess.Popen(
        [str(REPO / "superset" / "serve")], env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    said = []
    try:
        for line in serving.stdout or []:
            said.append(line)
            if "password in" in line:
                break
        assert serving.poll() is None and f"{len(DASHBOARDS)} dashboards" in "".join(said), "".join(said)
        yield Running(f"http://127.0.0.1:{port}", (home / "password").read_text().strip(), folder, release)
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait(30)


@pytest.fixture(scope="module")
def reader(browser: Browser, superset: Running) -> Iterator[BrowserContext]:
    """A browser that is logged in, tall enough to draw every chart."""
    context = browser.new_context(viewport={"width": 1440, "height": 2600}, locale="zh-CN")
    page = context.new_page()
    for _ in range(3):  # a form sent before its script is there is sent for nothing
        page.goto(f"{superset.url}/login/", wait_until="networkidle")
        page.locator("input[type=text]").first.fill("admin")
        page.locator("input[type=password]").fill(superset.password)
        page.keyboard.press("Enter")
        with suppress(TimeoutError):
            page.wait_for_url(lambda url: "login" not in url, timeout=20_000)
            break
    assert "login" not in page.url
    page.close()
    yield context
    context.close()


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one.slug)
def test_every_chart_has_rows_and_the_reader_reads_chinese(
    reader: BrowserContext, superset: Running, dashboard: Dashboard, tmp_path: Path
) -> None:
    page = reader.new_page()
    answers: dict[str, tuple[int, int]] = {}

    def note(response: Any) -> None:
        if "/api/v1/chart/data" in response.url:
            body = response.json()
            name = response.request.post_data_json["form_data"].get("slice_id", "filter")
            answers[f"{name} {response.url}"] = (
                response.status,
                sum(one["rowcount"] for one in body.get("result", [])),
            )

    page.on("response", note)
    page.goto(f"{superset.url}/superset/dashboard/{dashboard.slug}/")
    page.wait_for_function(
        f"document.querySelectorAll('[data-test=\"slice-header\"], .slice-header').length >= {len(dashboard.charts)}"
        " && document.querySelectorAll('.loading').length === 0",
        timeout=60_000,
    )
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(tmp_path / f"{dashboard.slug}.png"))
    text = page.locator("body").inner_text()
    page.close()
    charts = {key: answer for key, answer in answers.items() if not key.startswith("filter")}
    assert len(charts) >= len(dashboard.charts)
    assert [key for key, (status, rows) in answers.items() if status != 200 or not rows] == []
    assert "看板" in text and "SYNTHETIC" in text
    assert all(chart.title.split()[0] in text for chart in dashboard.charts.values())


def test_the_board_shows_what_the_marts_say(reader: BrowserContext, superset: Running, published: Path) -> None:
    ((marks,),) = query(
        published,
        "select actual_value from marts.target_vs_actual where plan_id = 'zibo_14fyp' and target_id = 'T02' and year = 2025",
    )
    page = reader.new_page()
    page.goto(f"{superset.url}/superset/dashboard/ip-board/")
    page.locator("td").get_by_text(rounded(marks), exact=True).first.wait_for(timeout=60_000)
    page.close()


def test_loading_again_changes_nothing_and_adds_nothing(superset: Running) -> None:
    with superset.client() as client:

        def there() -> dict[str, list[str]]:
            kinds = ("database", "dataset", "chart", "dashboard")
            return {
                kind: sorted(
                    str(one["id"]) for one in client.get(f"/api/v1/{kind}/?q=(page_size:100)").json()["result"]
                )
                for kind in kinds
            }

        before = there()
        loaded = load(superset.release, superset.url, user="admin", password=superset.password,
                      reads=f"duckdb:///{superset.warehouse}/marts.duckdb")  # fmt: skip
        assert there() == before
    assert len(before["dashboard"]) == len(DASHBOARDS) == len(loaded.dashboards)
    assert len(before["chart"]) == loaded.charts


def release_ids(client: httpx.Client) -> list[str]:
    """What a chart over the release's dataset is answered."""
    datasets = client.get("/api/v1/dataset/?q=(page_size:100)").json()["result"]
    (release,) = [one["id"] for one in datasets if one["table_name"] == "ip_release"]
    question = {
        "datasource": {"id": release, "type": "table"}, "force": True, "result_format": "json", "result_type": "full",
        "queries": [{"columns": ["版本"], "metrics": [], "row_limit": 10}],
    }  # fmt: skip
    answer = client.post("/api/v1/chart/data", json=question)
    assert answer.status_code == 200, answer.text[:500]
    return [row["版本"] for row in answer.json()["result"][0]["data"]]


def test_a_reader_keeps_working_through_ten_publishes(superset: Running, tmp_path: Path) -> None:
    (first,) = query(superset.warehouse, "select release_id from release")[0]
    other = tmp_path / "marts.duckdb"  # the name is the catalog's
    with duckdb.connect() as connection:
        connection.execute(f"attach '{other}' as later (storage_version 'v1.4.0')")
        connection.execute(f"attach '{superset.release}' as marts (read_only)")
        connection.execute("create table later.release as select * replace ('later' as release_id) from marts.release")
    seen: list[str] = []
    failed: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            with superset.client() as client:
                while not stop.is_set():
                    seen.extend(release_ids(client))
        except BaseException as error:
            failed.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    link = superset.warehouse / "marts.duckdb"
    for turn in range(10):
        before = len(seen)
        point(link, superset.release if turn % 2 else other)
        while len(seen) < before + 2 and reading.is_alive():
            stop.wait(0.05)
    stop.set()
    reading.join(60)
    assert not failed and set(seen) == {first, "later"}
    with superset.client() as client:
        assert release_ids(client) == [first]


def test_nobody_writes_through_it(superset: Running) -> None:
    with superset.client() as client:
        (database,) = client.get("/api/v1/database/").json()["result"]
        for statement in ("delete from marts.release", "create table marts.mine as select 1 as x"):
            said = client.post("/api/v1/sqllab/execute/", json={"database_id": database["id"], "sql": statement})
            assert said.status_code >= 400, said.text[:300]
    assert query(superset.warehouse, "select count(*) from release") == [(1,)]


def test_what_cannot_be_loaded_is_one_line(superset: Running) -> None:
    wrong = {"user": "admin", "password": "geheim", "reads": "duckdb:////nowhere/marts.duckdb"}
    with pytest.raises(ConfigError, match="refuses the login of admin; is SUPERSET_PASSWORD set") as refused:
        load(superset.release, superset.url, **wrong)
    assert "geheim" not in str(refused.value)
    with pytest.raises(ConfigError, match=r"no Superset answers at http://127\.0\.0\.1:9 "):
        load(superset.release, "http://127.0.0.1:9/", **wrong)
