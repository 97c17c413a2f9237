"""What a reader names on the command line, as the release knows it: an indicator by id or title, a region by code or
name.

A name that nothing has is refused with the nearest ones there are; it never becomes an empty table.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from pipelines.errors import ConfigError

if TYPE_CHECKING:
    import duckdb


_REGIONS = """
  select distinct region_code as code, name_zh as chinese, name_en as english, sort_order from dim_region
"""


class View(StrEnum):
    """How a city is divided (`dim_region.region_view`)."""

    STATUTORY = "statutory"
    MANAGEMENT = "management"


class PeriodType(StrEnum):
    """Length of a period (`fct_indicator_value.period_type`)."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    PLAN = "plan"


def indicator_named(connection: "duckdb.DuckDBPyConnection", text: str) -> str:
    """Id of the indicator of that id or title. Raises ConfigError when the release has none."""
    found = connection.execute(
        "select indicator_id, title_zh, title_en from dim_indicator order by sort_order"
    ).fetchall()
    for indicator, *titles in found:
        if text in (indicator, *titles):
            return str(indicator)
    raise ConfigError(
        f"no indicator {text} in this release{nearest(text, (name for names in found for name in names))}; "
        "`ipw indicators` lists them"
    )


def region_named(connection: "duckdb.DuckDBPyConnection", text: str) -> str:
    """Code of the region of that code or name (370303, 张店区, 张店). Raises ConfigError when there is none."""
    if code := region_code(connection, text):
        return code
    found = connection.execute(f"select code || ' ' || chinese from ({_REGIONS}) order by sort_order, code").fetchall()
    raise ConfigError(f"no region {text} in this release; it has {', '.join(one for (one,) in found)}")


def region_code(connection: "duckdb.DuckDBPyConnection", text: str) -> str | None:
    """Code of the region of that code or name; None when the release has none."""
    found = connection.execute(
        f"select code from ({_REGIONS}) where $text in (code, chinese, english, chinese[:-2])", {"text": text}
    ).fetchall()
    return str(found[0][0]) if found else None


def nearest(text: str, names: Iterable[str]) -> str:
    """` (did you mean …?)` with the names most like it; nothing when none is like it."""
    like = get_close_matches(text, list(dict.fromkeys(names)), n=3)
    return f" (did you mean {' or '.join(like)}?)" if like else ""
