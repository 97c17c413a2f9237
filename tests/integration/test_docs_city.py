"""The page about a city of one's own, lived through from its first command to its last, and compared with what it shows."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPO
from tests.documentation import blocks
from tests.support import IPW, environment, ipw

pytestmark = pytest.mark.slow

CITY = "docs/bring-your-own-city.md"


@pytest.fixture(scope="module")
def lanhe(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The city's folder after every block was run as it is written, and everything that was printed."""
    folder = tmp_path_factory.mktemp("own-city")
    (folder / ".venv").symlink_to(IPW.parents[1])
    home = folder / "home"
    home.mkdir()
    text = "".join(block.text for block in blocks("bash") if block.page == CITY and not block.not_run)
    settings = environment(folder / "unused", HOME=str(home))
    del settings["IPW_WAREHOUSE"]
    ran = subprocess.run(["bash", "-e", "-c", text], cwd=folder, env=settings, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return home / "lanhe", ran.stdout


def test_a_city_of_ones_own_has_the_board_that_the_page_shows(lanhe: tuple[Path, str]) -> None:
    folder, printed = lanhe
    board = ipw(folder / "warehouse", "targets", "--every-year", "--json").stdout
    rows = {(row["target_id"], row["year"]): row for row in json.loads(board)}
    page = (REPO / CITY).read_text("utf-8")
    shown = re.findall(r"^\| (L\d) \| *([^|]*?) *\| (\S+ [^|]+?) \|", page, re.MULTILINE)
    assert len(shown) == 5
    for target, figures, status in shown:
        row = rows[target, "2023"]
        assert row["status"].startswith(status), target
        printed_value = re.match(r"[\d.]+", figures)
        if printed_value is None:
            assert row["actual_value"] is None, target
        else:
            assert round(row["actual_value"], 2) == float(printed_value[0]), target
    assert "SYNTHETIC" in printed and "2023-13-08" in printed and "7 ÷ 60,000 × 10,000" in printed
