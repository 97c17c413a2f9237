"""How organisations are written in other sources than patents: one unit under varying names, with and without code.

A variant differs from the registered name only in what a careful reader ignores: width, spaces, 有限责任公司 for
有限公司. A unit that has changed its name is written by the new one; the notice of the change is a legal event (CP01).
"""

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
PLAIN_SHARE = 0.7
"""Most names are written as registered."""
CODE_SHARE = 0.75
"""How often a credit code is given with a name written as registered or nearly so."""


def variant(
    person: Mapping[str, Any], rng: np.random.Generator, on: datetime.date | None = None
) -> tuple[str, str | None]:
    """Name and credit code of one row of people as some office writes them; natural persons as they are, no code.

    `on` is the day of the record: a unit that has changed its name by then is written by its new one.
    """
    name, code = str(person["applicant"]), person["credit_code"]
    if person["applicant_kind"] != "organisation":
        return name, None
    if on is not None and person["renamed_on"] is not None and person["renamed_on"] <= on:
        name = str(person["new_name"])
    form, coded = rng.random(), rng.random() < CODE_SHARE
    if person["is_twin"]:
        return name, code
    if form >= PLAIN_SHARE:
        forms = (_wide, _long, _spaced, _padded)
        name = forms[int((form - PLAIN_SHARE) / (1 - PLAIN_SHARE) * len(forms))](name)
    if coded and form > 0.97:
        code = str(code).lower()
    return name, code if coded else None


def written(
    people: pl.DataFrame, rows: np.ndarray, rng: np.random.Generator, days: np.ndarray | None = None
) -> tuple[pl.Series, pl.Series]:
    """Names and credit codes for whole columns: each organisation of `rows` by `variant`."""
    known = people.to_dicts()
    on = [None] * len(rows) if days is None else days.astype("datetime64[D]").tolist()
    pairs = [variant(known[row], rng, day) for row, day in zip(rows.tolist(), on, strict=True)]
    names, codes = zip(*pairs, strict=True) if pairs else ((), ())
    return pl.Series("name", names, dtype=pl.String), pl.Series("credit_code", codes, dtype=pl.String)


def _wide(name: str) -> str:
    return name.translate(WIDE)


def _long(name: str) -> str:
    return name.replace("有限公司", "有限责任公司")


def _spaced(name: str) -> str:
    return name.replace("合成样例", "合成样例 ", 1)


def _padded(name: str) -> str:
    return f"{name}\u00a0"
