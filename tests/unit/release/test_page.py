"""What the page is made of: small charts, and third-party files that are what their note says."""

import hashlib
import re
from pathlib import Path

from pipelines.release import page
from pipelines.release.page.sparkline import sparkline

VENDOR = Path(page.__file__).parent / "assets" / "vendor"


def test_a_third_party_file_is_the_one_its_note_names() -> None:
    note = (VENDOR / "README.md").read_text(encoding="utf-8")
    noted = dict(re.findall(r"`([\w.]+\.js)`.*sha256 `([0-9a-f]{64})`", note))
    assert noted == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.glob("*.js")}


def test_a_year_without_a_value_leaves_a_gap() -> None:
    drawn = sparkline({"actual": [(2020, 1.0), (2021, 2.0), (2022, None), (2023, 3.0), (2024, 4.0)]}, None, "x")
    assert drawn.count('<polyline class="act"') == 2


def test_a_target_is_drawn_at_its_height_and_nothing_at_all_when_nothing_is_known() -> None:
    drawn = sparkline({"actual": [(2020, 0.0), (2021, 10.0)]}, 10.0, "x")
    assert 'class="goal" x1="4" x2="144" y1="4.0" y2="4.0"' in drawn
    assert sparkline({"actual": [(2020, None)]}, 10.0, "x") == ""
