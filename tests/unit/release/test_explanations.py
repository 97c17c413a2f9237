"""Every explanation that the reconciliation marts can give has words in both languages."""

import re

from pipelines.release.display import EXPLANATIONS
from pipelines.settings import DBT_PROJECT


def test_every_code_of_the_marts_has_words() -> None:
    codes: set[str] = set()
    for name in ("reconciliation", "plan_baseline_status"):
        sql = (DBT_PROJECT / "models" / "marts" / f"{name}.sql").read_text("utf-8")
        for block in re.findall(r"case((?:(?!case|end as).)*?)end as explanation", sql, re.DOTALL):
            codes |= set(re.findall(r"(?:then|else) '(\w+)'", block))
    assert codes == set(EXPLANATIONS)
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+ [a-z ]+", words) for words in EXPLANATIONS.values())
