"""Symbols and colours of statuses: none is missing, none can be told by its colour alone, all can be read."""

import csv

import pytest

from pipelines.release.display import STATUS_STYLES
from pipelines.settings import DBT_PROJECT


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_status_of_the_marts_has_a_style() -> None:
    with (DBT_PROJECT / "seeds" / "target_statuses.csv").open(encoding="utf-8") as stream:
        statuses = {row["status"] for row in csv.DictReader(stream)}
    assert statuses <= set(STATUS_STYLES)


@pytest.mark.parametrize("status", STATUS_STYLES)
def test_the_words_of_a_status_can_be_read_on_its_colour(status: str) -> None:
    style = STATUS_STYLES[status]
    light, dark = _luminance(style.background), _luminance(style.colour)
    assert style.symbol.strip()
    assert (light + 0.05) / (dark + 0.05) >= 7
