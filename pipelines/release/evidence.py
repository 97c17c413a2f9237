"""One value of a release and everything it rests on, as plain data: its sides, rows, targets, and since when it stands.

Reads the published file and the history. The value is only compared with what its rows give, never replaced by it; how
all this is shown is for `cli.explain`.
"""

from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any

import duckdb

from pipelines.errors import ConfigError
from pipelines.history import Entry, entries
from pipelines.paths import Warehouse
from pipelines.release.rows import rows

Row = dict[str, Any]

_NONE = object()  # no value at all, which a missing one (null) is not

_VALUE = """
  select v.*, i.title_zh, i.title_en, i.definition_zh, i.definition_en, i.formula, i.kind, i.decimals, i.unit_en,
    i.unit_multiplier, i.ratio_multiplier, i.numerator_id, i.denominator as denominator_id,
    r.name_zh as region_zh, r.name_en as region_en, r.population_rule, r.population_fixed_reference
  from fct_indicator_value as v
  join dim_indicator as i using (indicator_id)
  join evidence_period($period) as p on v.period_type = p.period_type and v.period_end = p.period_end
  left join dim_region as r on v.region_code = r.region_code and v.region_view = r.region_view
  where v.indicator_id = $indicator and v.region_code = $region and v.region_view = coalesce(
    $view, (select max(d.region_view) from dim_region as d where d.region_code = $region), 'statutory')
"""
_EVIDENCE = "evidence($indicator, $region, $period, in_view := $view)"
# Decimals add up to the same sum in any order, as they do in the value; one published figure may have more of them.
_SIDES = f"""
  select side, indicator_id, count(*) as n_records, median(amount) as median_amount,
    case when count(*) = 1 then max(coalesce(amount, delta)::double)
      else sum(coalesce(amount, delta)::decimal(28, 4))::double end as total
  from {_EVIDENCE} group by side, indicator_id order by side desc
"""
_NEWEST = f"""
  select * from {_EVIDENCE} where side = $side
  order by effective_date desc nulls last, record_id, source_path, source_row
"""
_TARGETS = """
  select a.plan_id, a.target_id, a.target_version, t.title_zh, t.title_en, a.year, a.comparator, a.target_value,
    a.target_year, a.actual_value, a.unit, a.status, a.status_zh, a.status_en, a.reason_zh, a.reason_en
  from target_vs_actual as a
  join dim_plan_target as t
    on a.plan_id = t.plan_id and a.target_id = t.target_id and a.target_version = t.target_version
      and a.indicator_id = t.indicator_id
  where a.indicator_id = $indicator and a.region_code = $region and a.region_view = $view
    and $period_type = 'year' and a.year = year($period_end::date)
  order by a.plan_id, a.target_id, a.target_version
"""
_EARLIER = """
  select filename, value
  from read_parquet($files, filename = true, union_by_name = true)
  where indicator_id = $indicator and region_code = $region and region_view = $view
    and period_type = $period_type and period_end = $period_end
"""


@dataclass(frozen=True)
class Asked:
    """Which value is meant."""

    indicator: str
    region: str
    period: str
    """As `evidence` reads it: 2020, 2020-S1, 2020-Q2, 2020-06, 2016-2020."""
    view: str | None = None
    """Without one: the statutory view, or of a zone, which only the management view has, that one."""


@dataclass(frozen=True)
class Standing:
    """Since which release a value has been what it is, among those that were compared one after the other."""

    since: str
    """Id of the earliest release that says so without another value in between."""
    known_at: str
    """Knowledge date of that release, YYYY-MM-DD."""
    releases: int
    """How many releases in a row say so, with the one in force."""
    before: str | None
    """Id of the release before, which has another value or none; None when there is no release before."""
    value_before: float | None


def value_of(connection: duckdb.DuckDBPyConnection, asked: Asked) -> Row:
    """The value's row with what its indicator and region are.

    Raises ConfigError when the period is none or the release has no such value.
    """
    try:
        found = rows(connection, _VALUE, asdict(asked))
    except duckdb.InvalidInputException as error:  # raised by evidence_period
        raise ConfigError(str(error).removeprefix("Invalid Input Error: ")) from None
    if found:
        return found[0]
    in_view = f" in the {asked.view} view" if asked.view else ""
    raise ConfigError(
        f"no value of {asked.indicator} for {asked.region}{in_view} in {asked.period}; "
        f"`ipw indicators {asked.indicator} --region {asked.region}` lists what there is"
    )


def sides_of(connection: duckdb.DuckDBPyConnection, asked: Asked) -> list[Row]:
    """Each side that has rows: how many, their sum in the unit of the facts, and the median of their amounts."""
    return rows(connection, _SIDES, asdict(asked))


def newest_rows(connection: duckdb.DuckDBPyConnection, asked: Asked, side: str, *, limit: int) -> list[Row]:
    """Rows of one side with their delivered file and row, newest first, at most `limit`."""
    return rows(connection, f"{_NEWEST} limit {limit:d}", asdict(asked) | {"side": side})


def given_by(value: Row, sides: list[Row]) -> float | None:
    """The value that the rows give, in the indicator's unit; None where a ratio has no denominator."""
    by_side = {side["side"]: side for side in sides}
    if value["n_records"] is None:
        published: float | None = by_side["value"]["total"] if "value" in by_side else None
        return published
    if value["kind"] == "ratio":
        numerator, denominator = (by_side.get(name, {}).get("total", 0.0) for name in ("numerator", "denominator"))
        share = numerator * value["ratio_multiplier"] / denominator if denominator else None
        return None if share is None else share / value["unit_multiplier"]
    measure = by_side.get("value", {}).get("median_amount" if value["kind"] == "distribution" else "total", 0.0)
    return float(measure / value["unit_multiplier"])


def agrees(value: Row, given: float | None) -> bool:
    """Do the rows give the value?"""
    if given is None or value["value"] is None:
        return given is None and value["value"] is None
    return abs(given - value["value"]) <= 1e-9 * max(1.0, abs(value["value"]))


def targets_of(connection: duckdb.DuckDBPyConnection, value: Row) -> list[Row]:
    """The targets judged by this value: those of its indicator, region and year. A value of another period has none."""
    return rows(connection, _TARGETS, _key(value) | _period(value))


def standing_of(warehouse: Warehouse, release: str, value: Row) -> Standing | None:
    """Since which release the value stands, from the history; None when the release is not entered there."""
    chain = _compared_with(warehouse, release)
    values = _kept_values(chain, value)
    same = list(takewhile(lambda entry: values.get(entry.release_id, _NONE) == value["value"], chain))
    if not same:
        return None
    before = chain[len(same)].release_id if len(same) < len(chain) else None
    return Standing(
        since=same[-1].release_id,
        known_at=str(same[-1].known_at),
        releases=len(same),
        before=before,
        value_before=values.get(before) if before else None,
    )


def _compared_with(warehouse: Warehouse, release: str) -> list[Entry]:
    """The release's entry, the one it was compared with, the one that was, and so on."""
    known = {entry.release_id: entry for entry in entries(warehouse)}
    chain: list[Entry] = []
    entry = known.get(release)
    while entry is not None:
        chain.append(entry)
        entry = known.get(entry.previous) if entry.previous else None
    return chain


def _kept_values(chain: list[Entry], value: Row) -> dict[str, float | None]:
    """Release id -> the value as that release had it; nothing for a release that had none."""
    table = "fct_indicator_value"
    files = {
        str(entry.folder / entry.files[table]["file"]): entry.release_id for entry in chain if table in entry.files
    }
    if not files:
        return {}
    with duckdb.connect() as connection:
        kept = rows(connection, _EARLIER, _key(value) | _period(value) | {"files": list(files)})
    return {files[row["filename"]]: row["value"] for row in kept}


def _key(value: Row) -> Row:
    return {"indicator": value["indicator_id"], "region": value["region_code"], "view": value["region_view"]}


def _period(value: Row) -> Row:
    return {"period_type": value["period_type"], "period_end": value["period_end"]}
