"""Delivers one part: every source of this package drawn, written, and counted as known on each day.

Only the order is here; what is drawn, written and counted of a source stands in its module.
"""

from collections.abc import Callable

import polars as pl

from pipelines.sample.figures import published_values
from pipelines.sample.part import HIGH_VALUE, Delivered, Part
from pipelines.sample.protection import (
    cases,
    designations,
    evidence,
    finance,
    penalties,
    penalty_files,
    pledges,
    services,
)
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.lines import Line, Town, WorkingDays

STREAMS = {"penalties": 50, "case_ledger": 51, "pledges": 52, "ip_finance": 53, "deals": 54, "designations": 55}
STREAMS |= {"activities": 56}
NAMED = (
    ("offender", "offender_credit_code", "_row"),
    ("pledgor", "pledgor_credit_code", "_row"),
    ("unit", "credit_code", "_row"),
)
"""Where lines keep a party: its name, its code, its row of people."""


def deliver(part: Part) -> Delivered:
    """Write the files of one part and give back its truth and the patents that pledges and awards make high-value."""

    def town(source: str) -> Town:
        return Town(part.people, part.rng(STREAMS[source]), part.number)

    days = WorkingDays()
    decisions = penalties.Penalties(town("penalties"), days).lines()
    drawn = {
        "penalties": decisions,
        "case_ledger": cases.lines(town("case_ledger"), penalties.transferred(decisions)),
        "pledges": pledges.Pledges(town("pledges"), part.inventions).lines(),
        "ip_finance": finance.finance_lines(town("ip_finance")),
        "deals": finance.deal_lines(town("deals"), part.inventions),
        "designations": designations.Lists(town("designations"), part.inventions).lines(),
        "activities": services.activity_lines(town("activities")),
    }
    writers: dict[str, Callable[..., None]] = {
        "penalties": penalty_files.write,
        "case_ledger": cases.write,
        "pledges": pledges.write,
        "ip_finance": finance.write_finance,
        "deals": finance.write_deals,
        "designations": designations.write,
        "activities": services.write_activities,
    }
    for source, lines in drawn.items():
        writers[source](part.landing, lines, is_first=part.is_first)
        _name_parties(part, source, lines)
    if part.is_first:
        services.deliver_surveys(part.landing)
        evidence.write(part.landing)
    tables = []
    for known_at in part.known_at:
        into = Count(known_at)
        penalties.count(decisions, days, into)
        cases.count(drawn["case_ledger"], decisions, into)
        pledges.count(drawn["pledges"], into)
        finance.count_finance(drawn["ip_finance"], into)
        finance.count_deals(drawn["deals"], into)
        designations.count(drawn["designations"], into)
        services.count_activities(drawn["activities"], into)
        if part.is_first:
            services.count_surveys(into)
            evidence.count(into)
            for indicator, region, year, value in published_values(known_at, part.scale):
                into.observed(indicator, year, value, region)
        tables.append(into.frame())
    valued = pledges.high_value(drawn["pledges"]) + designations.high_value(drawn["designations"])
    high_value = pl.DataFrame(valued, schema=HIGH_VALUE, orient="row")
    return Delivered(pl.concat(tables), high_value, cases=drawn["case_ledger"])


def _name_parties(part: Part, source: str, lines: list[Line]) -> None:
    """The names and codes of organisations as this source wrote them, for the labelled set of parties."""
    for name, code, row in NAMED:
        named = [line.values for line in lines if line.values.get(row) is not None and line.values.get(name)]
        if named:
            names = pl.Series([values[name] for values in named], dtype=pl.String)
            codes = pl.Series([values[code] for values in named], dtype=pl.String)
            part.parties.wrote(source, names, codes, pl.Series([values[row] for values in named]))
