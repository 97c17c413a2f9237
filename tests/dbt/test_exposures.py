"""An exposure names exactly the marts that the code of what it stands for opens."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.release.database import marts_documentation
from pipelines.settings import DBT_PROJECT, REPO

EXPOSURES = yaml.safe_load((DBT_PROJECT / "models" / "exposures.yml").read_text(encoding="utf-8"))["exposures"]
MARTS = {model["name"] for model in marts_documentation()}
CODE = {".py", ".sql", ".yaml"}
OPENED = re.compile(r"\b(?:from|join)\s+(?:marts\.)?([a-z_]+)")


def opened(places: list[str]) -> set[str]:
    """Marts named after `from` or `join` in the code."""
    named = [REPO / place for place in places]
    files = [
        file for place in named for file in ([place] if place.is_file() else place.rglob("*")) if file.suffix in CODE
    ]
    return {name for file in files for name in OPENED.findall(Path(file).read_text(encoding="utf-8"))} & MARTS


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_an_exposure_names_what_its_code_opens(exposure: dict[str, Any]) -> None:
    named = {re.fullmatch(r"ref\('(\w+)'\)", one).group(1) for one in exposure["depends_on"]}  # type: ignore[union-attr]
    assert named == opened(exposure["config"]["meta"]["code"])
