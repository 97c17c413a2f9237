"""The rules by which the truth is counted, each on a few lines made by hand."""

import datetime
from typing import Any

import pytest

from pipelines.sample import city
from pipelines.sample.protection import cases, designations, finance, penalties, pledges
from pipelines.sample.protection.counts import Count
from pipelines.sample.protection.lines import Line, WorkingDays, due, due_half_yearly, due_monthly, known

D = datetime.date
LAST = D(2026, 1, 20)
ZHANGDIAN, HIGH_TECH, WENCHANG = 1, 8, 11
DAYS = WorkingDays()


def counted(count: Any, *arguments: Any, known_at: D = LAST) -> dict[tuple[str, str, str, int], float]:
    """indicator, view, region, year → value."""
    into = Count(known_at)
    count(*arguments, into)
    return {tuple(row[1:5]): row[5] for row in into.frame().rows()}  # type: ignore[misc]


def decision(number: str, day: D, party: str | None = "91A", **changes: Any) -> Line:
    values = {
        "_kind": "trademark",
        "_party": party,
        "decision_no": number,
        "decision_date": day,
        "fine": 10_000,
        "published_on": None,
        "filed_on": None,
        "procedure": None,
    }
    delivered = changes.pop("delivered", D(day.year + 1, 1, 20))
    return Line(delivered, (number, party), changes.pop("cell", ZHANGDIAN), values | changes)


def of_city(values: dict[tuple[str, str, str, int], float], indicator: str, year: int) -> float:
    return values.get((indicator, "statutory", city.CITY, year), 0)


def test_the_newest_state_counts_and_a_withdrawn_record_is_gone() -> None:
    first = decision("1", D(2020, 5, 6), delivered=D(2020, 7, 15))
    later = first.again(D(2021, 4, 15), fine=5_000)
    gone = later.again(D(2021, 7, 15), withdrawn=True)
    assert [line.values["fine"] for line in known([gone, first, later], D(2021, 1, 20))] == [10_000]
    assert [line.values["fine"] for line in known([gone, first, later], D(2021, 5, 1))] == [5_000]
    assert known([gone, first, later], LAST) == []


def test_a_decision_is_one_case_however_many_it_punishes() -> None:
    lines = [decision("1", D(2020, 5, 6)), decision("1", D(2020, 5, 6), "91B", fine=20_000)]
    values = counted(penalties.count, lines, DAYS)
    assert of_city(values, "enf_trademark", 2020) == 1
    assert of_city(values, "enf_fines", 2020) == 3.0  # 万元


def test_what_is_no_ip_offence_does_not_count() -> None:
    assert counted(penalties.count, [decision("1", D(2020, 5, 6), _kind="none")], DAYS) == {}


@pytest.mark.parametrize(
    ("earlier", "repeats"),
    [(D(2019, 6, 3), 1), (D(2015, 5, 6), 1), (D(2015, 5, 5), 0), (D(2020, 5, 6), 0), (D(2021, 5, 6), 0)],
)
def test_repetition_looks_back_five_years(earlier: D, repeats: int) -> None:
    values = counted(penalties.count, [decision("1", earlier), decision("2", D(2020, 5, 6))], DAYS)
    before = 1 if earlier == D(2020, 5, 6) else 0
    assert of_city(values, "enf_identified_decisions", 2020) == 1 + before
    assert of_city(values, "enf_repeat_decisions", 2020) == repeats


def test_a_party_without_a_code_is_not_identified() -> None:
    values = counted(penalties.count, [decision("1", D(2020, 5, 6), None)], DAYS)
    assert of_city(values, "enf_penalties", 2020) == 1 and of_city(values, "enf_identified_decisions", 2020) == 0


@pytest.mark.parametrize(
    ("decided", "published", "days"),
    [
        (D(2023, 9, 26), D(2023, 10, 9), 5),  # 中秋国庆 29 September to 6 October; both weekend days after were worked
        (D(2019, 9, 27), D(2019, 10, 9), 4),  # Sunday 29 September was worked
        (D(2020, 1, 22), D(2020, 2, 5), 4),  # the spring holiday of 2020 was prolonged to 2 February
        (D(2024, 3, 4), D(2024, 3, 13), 7),
        (D(2024, 3, 4), D(2024, 3, 14), 8),
    ],
)
def test_working_days_follow_the_holiday_calendar(decided: D, published: D, days: int) -> None:
    assert DAYS.between(decided, published) == days
    assert DAYS.after(decided, days) == published
    values = counted(penalties.count, [decision("1", decided, published_on=published)], DAYS)
    assert of_city(values, "enf_published_7wd", decided.year) == (days <= 7)


def test_days_from_filing_are_single_cases_by_procedure() -> None:
    lines = [
        decision("1", D(2022, 5, 6), "91A", filed_on=D(2022, 4, 26), procedure="simple"),
        decision("2", D(2022, 6, 6), "91B", filed_on=D(2022, 4, 26), procedure="ordinary"),
        decision("3", D(2022, 6, 7), "91C"),
    ]
    into = Count(LAST)
    penalties.count(lines, DAYS, into)
    rows = into.frame().filter(
        (into.frame()["region_code"] == city.CITY) & (into.frame()["region_view"] == "statutory")
    )
    found = {(name, value) for name, value in rows.select("indicator_id", "value").iter_rows() if "median" in name}
    assert found == {
        ("enf_median_days", 10),
        ("enf_median_days", 41),
        ("enf_median_days_simple", 10),
        ("enf_median_days_ordinary", 41),
    }


def test_a_zone_counts_for_its_district_in_the_statutory_view() -> None:
    values = counted(penalties.count, [decision("1", D(2020, 5, 6), cell=WENCHANG)], DAYS)
    assert values["enf_trademark", "statutory", "370306", 2020] == 1
    assert values["enf_trademark", "management", "3703A3", 2020] == 1
    assert ("enf_trademark", "management", "370306", 2020) not in values


def test_aid_counts_when_taken_on_and_a_dispute_when_closed() -> None:
    def case(case_type: str) -> Line:
        values = {"case_type": case_type, "opened_on": D(2019, 11, 4), "closed_on": D(2020, 2, 3)}
        return Line(D(2020, 4, 15), (case_type, "1"), ZHANGDIAN, values)

    values = counted(cases.count, [case("aid"), case("patent_dispute")], [])
    assert of_city(values, "aid_cases", 2019) == 1 and of_city(values, "enf_patent_disputes", 2020) == 1
    assert of_city(values, "enf_patent_cases", 2020) == 1


def test_a_transfer_in_the_ledger_and_in_a_penalty_is_one_case() -> None:
    def ledger(number: str) -> Line:
        values = {"case_type": "criminal_transfer", "case_no": number, "opened_on": D(2022, 3, 4)}
        return Line(D(2022, 4, 15), (number,), ZHANGDIAN, values | {"closed_on": D(2022, 3, 4)})

    decisions = [decision(number, D(2022, 3, 4), transferred_on=D(2022, 3, 4)) for number in ("1", "2")]
    decisions.append(decision("3", D(2022, 3, 4), transferred_on=None))
    values = counted(cases.count, [ledger("1"), ledger("9")], decisions)
    assert of_city(values, "enf_criminal_transfers", 2022) == 3


def pledge(number: str, right: str, amount: int | None, **changes: Any) -> Line:
    values = {
        "registration_no": number,
        "_kind": "patent",
        "right_type": "patent",
        "right_no": right,
        "registration_date": D(2021, 3, 4),
        "amount": amount,
        "released_on": None,
        "is_rollover": False,
        "enterprise_size": None,
    }
    return Line(D(2021, 4, 15), (number, right), ZHANGDIAN, values | changes)


def test_a_registration_is_one_project_with_one_amount() -> None:
    lines = [pledge("Y1", "a", 10_000_000), pledge("Y1", "b", 10_000_000), pledge("Y2", "a", None)]
    values = counted(pledges.count, lines)
    assert of_city(values, "pledge_projects", 2021) == 2
    assert of_city(values, "pledge_amount", 2021) == 0.1  # 亿元
    assert of_city(values, "pledge_open", 2025) == 2


def test_only_amounts_from_ten_million_on_make_a_pledged_patent_high_value() -> None:
    lines = [pledge("Y1", "a", 10_000_000), pledge("Y2", "b", 9_999_900), pledge("Y3", "c", None)]
    assert pledges.high_value(lines) == [("a", "pledged", D(2021, 3, 4), D(2021, 4, 15))]


def test_a_released_pledge_is_no_longer_open() -> None:
    lines = [pledge("Y1", "a", 500_000, released_on=D(2023, 2, 6))]
    values = counted(pledges.count, lines)
    assert [of_city(values, "pledge_open", year) for year in (2020, 2021, 2022, 2023)] == [0, 1, 1, 0]


def test_a_package_deal_is_one_deal_with_one_price_and_a_pool_is_none() -> None:
    def deal(kind: str, number: str) -> Line:
        values = {"deal_type": kind, "deal_no": "1", "application_no": number, "deal_date": D(2022, 3, 4)}
        values |= {"amount": 20_000, "is_high_value": None}
        return Line(D(2022, 7, 15), (kind, "1", number), ZHANGDIAN, values)

    values = counted(finance.count_deals, [deal("transfer", "a"), deal("transfer", "b"), deal("pool", "c")])
    assert of_city(values, "deal_transfers", 2022) == 1 and of_city(values, "deal_amount", 2022) == 2


def entry(list_type: str, approved: D, until: D | None, unit: str = "row 1", **changes: Any) -> Line:
    values = {
        "list_type": list_type,
        "approved_on": approved,
        "_until": until,
        "removed_on": None,
        "_unit": unit,
        "level": "national",
        "list_year": approved.year,
        "route": None,
    }
    return Line(D(2026, 1, 20), (list_type, approved, unit), ZHANGDIAN, values | changes)


def test_a_renewed_enterprise_counts_once_and_without_a_break() -> None:
    lines = [
        entry("advantage", D(2018, 11, 16), D(2021, 11, 16)),
        entry("advantage", D(2021, 10, 20), D(2024, 10, 20)),
    ]
    values = counted(designations.count, lines)
    assert [of_city(values, "ent_advantage", year) for year in range(2017, 2025)] == [0, 1, 1, 1, 1, 1, 1, 0]


def test_a_key_unit_of_both_levels_is_one_unit() -> None:
    lines = [
        entry("key_unit", D(2024, 8, 10), None, level="city"),
        entry("key_unit", D(2024, 10, 15), None, level="county"),
    ]
    values = counted(designations.count, lines)
    names = ("key_units", "key_units_city", "key_units_county")
    assert [of_city(values, name, 2024) for name in names] == [1, 1, 1]


def test_deliveries_follow_each_other_to_the_last() -> None:
    assert due(D(2014, 5, 6)) == D(2016, 1, 25)
    assert due(D(2020, 11, 3)) == due_half_yearly(D(2020, 8, 3)) == D(2021, 1, 20)
    assert due_half_yearly(D(2021, 2, 3)) == D(2021, 7, 15)
    assert due_monthly(D(2025, 3, 31)) == D(2025, 4, 12)
    assert due_monthly(D(2025, 12, 30)) == due(D(2026, 1, 9)) == LAST
