"""What differs from another release, for people: which rows and columns of the comparison they see, in which words.

Works on any connection with the comparison tables in `marts`: a published release, or two brought together by
`difference`. Makes no figure.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb

from pipelines.errors import ConfigError
from pipelines.release.rows import rows
from pipelines.settings import DBT_PROJECT

CHANGES = {
    "revised": "修订 revised",
    "extended": "续计 observed further",
    "shortened": "少计 observed less far",
    "appeared": "新增 appeared",
    "gone": "消失 gone",
    "entered": "计入 entered",
    "left": "剔除 left",
    "target_changed": "目标值变更 target value",
    "version_added": "新版本 version added",
    "version_removed": "版本撤销 version removed",
    "actual_changed": "实际值变更 actual value",
    "status_changed": "状态变更 status",
}


@dataclass(frozen=True)
class Wanted:
    """Which revisions are asked for; None: all of them."""

    indicator: str | None = None
    region: str | None = None
    view: str | None = None
    """Without one: the statutory view, and zones, which only the management view has."""
    period: str | None = None
    """As `evidence` reads it: 2020, 2020-S1, 2020-Q2, 2020-06, 2016-2020. Without one: years."""


_VALUES = """
select r.*, i.title_zh, i.title_en, i.decimals, g.name_zh as region_zh, g.name_en as region_en
from marts.indicator_revision as r
left join marts.dim_indicator as i using (indicator_id)
left join marts.dim_region as g on r.region_code = g.region_code and r.region_view = g.region_view
{where}
order by i.sort_order, r.indicator_id, r.region_view desc, g.sort_order, r.region_code, r.period_end, r.period_type
"""

_RECORDS = """
select r.*
from marts.revision_record as r
left join marts.dim_indicator as i using (indicator_id)
{where}
order by i.sort_order, r.indicator_id, r.reason = 'further_records', r.record_type, r.record_id, r.effective_date,
  r.change desc, r.region_code
"""

_TARGETS = """
select r.*, t.title_zh, t.unit
from marts.target_revision as r
left join marts.dim_plan_target as t
  on r.plan_id = t.plan_id and r.target_id = t.target_id and r.target_version = t.target_version
  and r.indicator_id is not distinct from t.indicator_id
{where}
order by r.plan_id, r.target_id, r.target_version, r.indicator_id nulls first, r.region_code, r.year
"""

# A ratio's records are those of its two sides.
_OF_INDICATOR = """
($indicator is null or r.indicator_id = $indicator or r.indicator_id in (
  select unnest([numerator_id, denominator]) from marts.dim_indicator where indicator_id = $indicator))
"""
_IN_REGION = """
($region is null or r.region_code = $region)
and (
  r.region_view = coalesce($view, 'statutory')
  or ($view is null and r.region_code not in (
    select region_code from marts.dim_region where region_view = 'statutory'))
)
"""
# What lies before a stock's period is in the stock; a census divides until the next one.
_IN_PERIOD = """
($starts is null or (
  r.effective_date <= $ends
  and (r.effective_date >= $starts or i.kind = 'stock' or r.record_type = 'population')))
"""


def comparison(connection: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The two releases and whether code or rules differ; None for a release that came after no other.

    Raises ConfigError for a release of a version that compared none.
    """
    try:
        found = rows(connection, "select * from marts.release_comparison")
    except duckdb.CatalogException:
        raise ConfigError("this release was published by a version that compared none; run `ipw run` again") from None
    return next(iter(found), None)


def revised_values(connection: duckdb.DuckDBPyConnection, wanted: Wanted | None = None) -> list[dict[str, Any]]:
    """One row per value that differs, of every period, region and view when nothing is asked for.

    Adds the names of indicator and region, the period's own name and the reasons in words. Raises ConfigError for a
    period that is none.
    """
    if wanted is None:
        found = rows(connection, _VALUES.format(where=""))
    else:
        of_period = "r.period_type = $type and ($ends is null or r.period_end = $ends)"
        where = f"where ($indicator is null or r.indicator_id = $indicator) and {_IN_REGION} and {of_period}"
        parameters = _parameters(connection, wanted)
        parameters.pop("starts")
        found = rows(connection, _VALUES.format(where=where), parameters)
    return [row | {"period": period_name(row["period_type"], row["period_end"])} | _in_words(row) for row in found]


def revised_records(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> list[dict[str, Any]]:
    """One row per record that entered or left, with the delivered row it stands on and the one that caused it.

    Of a ratio: the records of its two sides. Raises ConfigError for a period that is none.
    """
    where = f"where {_OF_INDICATOR} and {_IN_REGION} and {_IN_PERIOD}"
    parameters = _parameters(connection, wanted)
    parameters.pop("type")
    found = rows(connection, _RECORDS.format(where=where), parameters)
    return [
        row
        | _in_words(row)
        | {
            "place": _place(row["source_path"], row["source_row"]),
            "cause": _place(row["cause_source_path"], row["cause_source_row"]),
        }
        for row in found
    ]


def revised_targets(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> list[dict[str, Any]]:
    """One row per target version, region and year whose target, actual or status differs.

    Raises ConfigError for a period that is none.
    """
    where = """
      where ($indicator is null or r.indicator_id = $indicator) and ($region is null or r.region_code = $region)
        and ($year is null or r.year = $year)
    """
    asked = _parameters(connection, wanted)
    parameters = {
        "indicator": wanted.indicator,
        "region": wanted.region,
        "year": asked["ends"].year if asked["ends"] else None,
    }
    return [row | _in_words(row) for row in rows(connection, _TARGETS.format(where=where), parameters)]


def require_known(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Raises ConfigError when an indicator or a region is named that neither release has."""
    for column, name, table, verb in (
        ("indicator_id", wanted.indicator, "dim_indicator", "ipw indicators"),
        ("region_code", wanted.region, "dim_region", "ipw indicators --region"),
    ):
        query = (
            f"select 1 from marts.{table} where {column} = $name "
            f"union all select 1 from marts.indicator_revision where {column} = $name limit 1"
        )
        if name is not None and not rows(connection, query, {"name": name}):
            raise ConfigError(f"no {column.split('_')[0]} {name} in these releases; see `{verb}`")


def period_name(period_type: str, end: date) -> str:
    """A period as it is written: 2020, 2020-S1, 2020-Q2, 2020-06, 2016-2020."""
    return {
        "month": f"{end:%Y-%m}",
        "quarter": f"{end.year}-Q{(end.month + 2) // 3}",
        "half": f"{end.year}-S{(end.month + 5) // 6}",
        "year": f"{end.year}",
        "plan": f"{end.year - 4}-{end.year}",
    }[period_type]


@cache
def reason_words() -> dict[str, str]:
    """Each reason's title, Chinese then English, from the seed that defines them."""
    with (DBT_PROJECT / "seeds" / "revision_reasons.csv").open(encoding="utf-8") as stream:
        return {row["reason"]: f"{row['title_zh']} {row['title_en']}" for row in csv.DictReader(stream)}


def _parameters(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> dict[str, Any]:
    asked = {"indicator": wanted.indicator, "region": wanted.region, "view": wanted.view}
    if wanted.period is None:
        return asked | {"type": "year", "starts": None, "ends": None}
    try:
        ((kind, starts, ends),) = connection.execute("from evidence_period($p)", {"p": wanted.period}).fetchall()
    except duckdb.InvalidInputException as error:
        raise ConfigError(str(error).removeprefix("Invalid Input Error: ")) from None
    return asked | {"type": kind, "starts": starts, "ends": ends}


def _in_words(row: dict[str, Any]) -> dict[str, str]:
    reasons = str(row.get("reasons", row.get("reason")) or "").split(",")
    return {
        "change_words": CHANGES[row["change"]],
        "reason_words": "；".join(reason_words()[reason.strip()] for reason in reasons if reason),
    }


def _place(path: str | None, row: int | None) -> str:
    return "" if path is None else f"{path}:{row}"
