"""Protection, finance, programmes and evidence from bronze rows to the marts, on a tiny city (protection_city)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dbt.protection_city import AS_OF, FIRST, deliver
from tests.dbt.published import kinds_that_evidence_gives
from tests.dbt.test_tiny_city import value
from tests.dbt.world import World


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The tiny city built with all data tests passing."""
    return World.built(tmp_path_factory.mktemp("town"), deliver, as_of=AS_OF)


@pytest.mark.parametrize(
    ("indicator", "region", "year", "expected"),
    [
        # By kind: words of the violation, else the law, else the facts; food is nobody's right, a withdrawn decision none.
        ("enf_penalties", "370300", 2022, 5),
        ("enf_patent_counterfeit", "370303", 2022, 1),
        ("enf_trademark", "370303", 2022, 2),
        ("enf_copyright", "370303", 2022, 1),
        ("enf_trade_secret", "370303", 2022, 1),
        ("enf_patent_disputes", "370303", 2022, 1),
        ("enf_patent_cases", "370300", 2022, 2),
        # Each party of one decision pays its own fine.
        ("enf_fines", "370300", 2022, 0.8),
        ("enf_published", "370300", 2022, 3),
        ("enf_published_7wd", "370300", 2022, 2),
        ("enf_published_7wd_share", "370300", 2022, 200 / 3),
        # Four decisions name a party with a code; punished within five years before: that of September alone (party A), and
        # that of November (party B, in March).
        ("enf_identified_decisions", "370300", 2022, 4),
        ("enf_repeat_decisions", "370300", 2022, 2),
        ("enf_repeat_offender_share", "370300", 2022, 50),
        ("enf_median_days", "370300", 2022, 39),
        ("enf_median_days_simple", "370303", 2022, 28),
        ("enf_median_days_ordinary", "370303", 2022, 50),
        ("enf_median_days", "370300", 2017, "no row"),
        # The transfer of decision 商2 stands in the ledger too.
        ("enf_criminal_transfers", "370300", 2022, 2),
        ("administrative_rulings", "370303", 2022, 1),
        ("mediations", "370305", 2022, 1),
        ("aid_cases", "370303", 2022, 1),
        ("court_cases", "3703ZZ", 2022, 1),
        ("customs_seizures", "370300", 2022, 4),
        ("customs_seized_items", "370300", 2022, 100),
        ("customs_seized_amount", "370300", 2022, 5),
        ("pledge_projects", "370300", 2022, 5),
        ("pledge_projects_patent", "370300", 2022, 2),
        ("pledge_projects_trademark", "370300", 2022, 2),
        ("pledge_amount", "370300", 2022, 0.21),
        ("pledge_amount", "370303", 2022, 0.19),
        ("pledge_amount_patent", "370300", 2022, 0.10),
        ("pledge_amount_trademark", "370300", 2022, 0.09),
        ("pledge_amount_mixed", "370305", 2022, 0.02),
        ("pledge_average", "370300", 2022, 420),
        ("pledge_rollovers", "370300", 2022, 1),
        ("pledge_sme_share", "370300", 2022, 50),
        # Released by the ledger in 2022 (Y4), by the gazette in 2023 (Y1).
        ("pledge_open", "370300", 2022, 4),
        ("pledge_open", "370300", 2023, 3),
        ("insurance_policies", "370300", 2022, 2),
        ("insured_amount", "370300", 2022, 0.01),
        ("insurance_premium", "370300", 2022, 0.5),
        ("securitisation_issues", "370300", 2022, 2),
        ("securitisation_amount", "370300", 2022, 3),
        ("investments", "370300", 2022, 1),
        ("investment_amount", "370300", 2022, 0.03),
        ("deal_transfers", "370300", 2022, 1),
        ("deal_licences", "370300", 2022, 2),
        ("deal_amount", "370300", 2022, 60),
        ("reserved_high_value", "370300", 2021, 1),
        ("reserved_high_value", "370300", 2022, 2),
        ("ent_advantage", "370300", 2021, 2),
        ("ent_advantage", "370300", 2022, 1),
        ("key_units", "370300", 2022, 2),
        ("key_units_city", "370300", 2022, 1),
        ("key_units_county", "370300", 2022, 2),
        ("cultivation_centres", "370300", 2022, 2),
        ("cultivation_centres", "370300", 2023, 1),
        ("navigation_projects", "370300", 2022, 2),
        ("mediation_bodies", "370300", 2021, 1),
        ("mediation_bodies", "370300", 2022, 3),
        ("mediation_districts", "370300", 2022, 1),
        ("mediation_coverage", "370300", 2022, 12.5),
        ("mediation_coverage", "370303", 2022, 100),
        ("mediation_coverage", "370305", 2022, 0),
        ("mediation_coverage", "3703ZZ", 2022, None),
        # The printed last day is inside, the day of removal is not.
        ("workstations", "370300", 2021, 2),
        ("workstations", "370300", 2022, 1),
        ("award_advanced_collective", "370300", 2019, 2),
        ("platform_functions", "370300", 2022, 3),
        ("training_events", "370300", 2022, 3),
        ("training_people", "370300", 2022, 0.015),
        ("publicity_events", "370300", 2022, 1),
        ("service_events", "370300", 2022, 1),
        ("protection_satisfaction", "370300", 2022, 81.5),
    ],
)
def test_figures(town: World, indicator: str, region: str, year: int, expected: Any) -> None:
    found = value(town, indicator, region, year)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_evidence_is_the_rows_behind_the_value(town: World) -> None:
    """What is published as evidence gives the value: amounts, medians, shares and coverage of districts."""
    kinds = kinds_that_evidence_gives(town)
    for period_type in ("month", "quarter", "half", "year", "plan"):
        assert kinds > {(kind, None, period_type) for kind in ("flow", "stock", "distribution")}
        assert kinds > {("ratio", divisor, period_type) for divisor in ("indicator", "regions")}


def test_zones_are_districts_of_their_view(town: World) -> None:
    """The body in the high-tech zone is Zhangdian's by statute; there are eleven places to cover where zones count."""
    assert value(town, "mediation_districts", "370300", 2022, "management") == 2
    assert value(town, "mediation_coverage", "370300", 2022, "management") == pytest.approx(200 / 11)
    assert value(town, "mediation_bodies", "3703A1", 2022, "management") == 1
    assert value(town, "enf_trade_secret", "3703A1", 2022, "management") == 1


def test_what_cannot_be_counted_is_shown(town: World) -> None:
    rows = town.query(
        "select indicator_id, record_id, reason from fct_uncounted_record where region_view = 'statutory' order by all"
    )
    assert rows == [
        ("customs_seized_amount", "customs_seizure 关2", "amount_missing"),
        ("customs_seized_items", "customs_seizure 关2", "items_missing"),
        ("deal_amount", "licence 3", "amount_missing"),
        ("enf_criminal_transfers", "商0 淄博市张店区市场监督管理局", "transfer_date_missing"),
        ("enf_published_7wd", "著1 淄博市张店区市场监督管理局", "working_days_not_computable"),
        ("insurance_premium", "insurance 保2", "amount_missing"),
        ("insured_amount", "insurance 保2", "amount_missing"),
        ("pledge_amount", "Y3", "amount_contradictory"),
        ("pledge_amount_patent", "Y3", "amount_contradictory"),
        ("training_people", "training 2022-04-26 三 张店区", "participants_missing"),
    ]


def test_values_without_them_are_lower_bounds(town: World) -> None:
    status = "select distinct obs_status from fct_indicator_value where period_type = 'year' and period_end = date '2022-12-31'"
    assert town.query(f"{status} and indicator_id = 'pledge_amount' and region_code = '370303'") == [("U",)]
    assert town.query(f"{status} and indicator_id = 'pledge_average' and region_code = '370300'") == [("U",)]
    assert town.query(f"{status} and indicator_id = 'pledge_amount' and region_code = '370305'") == [("P",)]
    assert town.query(f"{status} and indicator_id = 'pledge_projects' and region_code = '370303'") == [("P",)]


def test_a_registration_is_one_project(town: World) -> None:
    rows = town.query(
        "select registration_no, right_kind, n_rights, amount_yuan, amount_status, lowest_stated_amount_yuan, "
        "highest_stated_amount_yuan, released_on, released_by, is_open, region_code from fct_pledge order by 1"
    )
    assert rows == [
        ("Y1", "patent", 2, 1e7, "known", 1e7, 1e7, date(2023, 3, 1), "gazette", False, "370303"),
        ("Y2", "mixed", 2, 2e6, "known", 2e6, 2e6, None, None, True, "370305"),
        ("Y3", "patent", 2, None, "contradictory", 1e6, 3e6, None, None, True, "370303"),
        ("Y4", "trademark", 1, 5e6, "known", 5e6, 5e6, date(2022, 12, 1), "ledger", False, "370303"),
        ("Y5", "trademark", 1, 4e6, "known", 4e6, 4e6, None, None, True, "370303"),
        ("Y6", "patent", 1, 7e6, "known", 7e6, 7e6, None, None, True, None),
    ]


def test_other_penalties_are_kept_and_counted_nowhere(town: World) -> None:
    assert town.query(
        "select case_no, ip_kind_rule_id, fine_yuan from fct_enforcement_case where ip_kind = 'none'"
    ) == [("食1", None, 9999.0)]
    assert town.query("select count(*) from fct_contribution where record_id like '食1%'") == [(0,)]


def test_list_entries_say_how_long_they_hold(town: World) -> None:
    rows = town.query(
        "select approved_on, valid_to, is_end_by_rule, is_valid from fct_designation where list_type = 'advantage' order by 1, 2"
    )
    assert rows == [
        (date(2019, 1, 1), date(2022, 1, 1), True, False),
        (date(2019, 12, 31), date(2022, 12, 31), True, False),
        (date(2021, 6, 1), date(2024, 6, 1), True, True),
    ]


def test_union_of_two_approvals_enters_once_and_leaves_once(town: World) -> None:
    rows = town.query(
        "select effective_date, delta from fct_contribution where indicator_id = 'ent_advantage' and region_view = 'statutory' "
        "order by 1, 2"
    )
    # The second end, in 2024, has not happened yet.
    assert rows == [(date(2019, 1, 1), 1), (date(2019, 12, 31), 1), (date(2022, 12, 31), -1)]


@pytest.mark.parametrize(
    ("target", "year", "status", "reason", "documents"),
    [
        ("T07", 2021, "in_progress", "shown_under_way", 1),
        ("T07", 2022, "achieved", "shown_done", 2),
        ("T07", 2023, "achieved", "shown_done", 2),
        ("T07", 2024, "not_due", "year_ahead", 2),
        ("T13", 2021, "no_data", "no_evidence", 0),
        ("T13", 2022, "reported", "documents_reported", 1),
        ("T13", 2023, "reported", "documents_reported", 2),
        ("T16", 2022, "no_data", "no_evidence", 0),
        ("Y01", 2022, "missed", "year_ended_below_target", 0),
        ("Y01", 2023, "in_progress", "year_running", 0),
        ("Y03", 2022, "in_progress", "target_year_ahead", 0),
    ],
)
def test_targets(town: World, target: str, year: int, status: str, reason: str, documents: int) -> None:
    rows = town.query(
        f"select status, reason, evidence_count from target_vs_actual where target_id = '{target}' and year = {year}"
    )
    assert rows == [(status, reason, documents)]


@pytest.mark.parametrize(
    ("task", "status", "reason"),
    [
        ("3.1.1-a", "reported", "encouragement_reported"),
        ("3.1.1-d", "no_evidence", "no_evidence"),
        ("3.1.2-a", "done", "all_parts_done"),
        # The same object as 3.1.2-a.
        ("3.2.3-b", "done", "same_as_task"),
        # Taken back: what was issued is no longer in force.
        ("3.4.1-h", "no_evidence", "no_evidence"),
        # Two of ten functions; a third is under way, and a function that is none of the ten does not count.
        ("3.4.2-g", "in_progress", "some_parts_done"),
        ("3.4.6-a", "achieved", "same_as_target"),
        # Judged by numbers: fewer advantage enterprises; more workstations would be needed.
        ("3.2.1-b", "declining", "counts_fell"),
        ("3.5.1-b", "active", "counts_held_up"),
        # Without a proxy the documents are counted: two, then one.
        ("3.1.1-c", "declining", "counts_fell"),
        # Numbers never finish a task that is done or not: mediation bodies exist, no document shows the system.
        ("3.4.4-b", "no_evidence", "no_evidence"),
        ("3.3.7-a", "no_evidence", "no_evidence"),
    ],
)
def test_tasks(town: World, task: str, status: str, reason: str) -> None:
    assert town.query(f"select status, reason from task_status where task_id = '{task}'") == [(status, reason)]


def test_every_task_has_one_state(town: World) -> None:
    assert town.query(
        "select count(*), count(distinct task_id), count(status_zh), count(reason_en) from task_status"
    ) == [(114, 114, 114, 114)]
    assert town.query("select items_done, items_needed from task_status where task_id = '3.4.2-g'") == [(2, 10)]
    assert town.query(
        "select proxy_indicator_id, proxy_year, proxy_value, proxy_previous_value, trend from task_status "
        "where task_id = '3.2.1-b'"
    ) == [("ent_advantage", 2022, 1, 2, "down")]


def test_baselines_beside_what_is_delivered(town: World) -> None:
    rows = town.query(
        "select baseline_id, plan_state, shown_state, agrees, explanation from plan_baseline_status "
        "where method = 'milestone' order by 1"
    )
    assert rows == [
        ("B23", "done", "done", True, "agrees"),
        ("B24", "done", "in_progress", False, "documents_show_another_state"),
        ("B25", "in_progress", None, None, "no_evidence"),
    ]
    assert town.query("select count(*), count(distinct baseline_id) from plan_baseline_status") == [(27, 27)]
    assert town.query("select computed_value, agrees from plan_baseline_status where baseline_id = 'B22'") == [
        (2, False)
    ]


def test_sums_of_the_plan(town: World) -> None:
    baseline = "select total_value, parts_sum, gap, holds from identity_check where identity_id = 'I01'"
    assert town.query(baseline) == [(965, 965, 0, True)]
    assert town.query(
        "select identity_id, bool_and(holds), count(*) > 10 from identity_check where level = 'indicator' group by 1 order by 1"
    ) == [
        ("I02", True, True),
        ("I03", True, True),
    ]


def test_stage_assessment_covers_its_four_objects(town: World) -> None:
    objects = town.query(
        "select object_id, count(*) > 0 from stage_assessment group by 1, object_order order by object_order"
    )
    assert objects == [("targets", True), ("measures", True), ("enterprise_use", True), ("public_awareness", True)]
    assert town.query("select sum(value) from stage_assessment where object_id = 'measures'") == [(114,)]
    counted = town.query("select sum(value), sum(previous_value) from stage_assessment where object_id = 'targets'")
    assert counted == town.query("select count(*), count(*) from target_vs_actual where year = 2023")
    advantage = "select value_year, value, previous_value from stage_assessment where measure_id = 'ent_advantage'"
    assert town.query(advantage) == [(2022, 1, 2)]


def test_document_of_no_task_is_kept_and_told_apart(town: World) -> None:
    assert town.query("select subject_id from fct_task_evidence where subject_type is null") == [("9.9.9-z",)]


def test_as_known_before_the_last_delivery(world: World) -> None:
    """The withdrawn decision was still there, the release of Y1 not yet known, and lists had never been delivered."""
    deliver(world)
    world.write_inputs(as_of=FIRST)
    world.build("target_vs_actual")
    assert value(world, "enf_trademark", "370303", 2022) == 3
    assert value(world, "pledge_open", "370300", 2022) == 4
    assert value(world, "key_units", "370300", 2022) == "no row"
    states = world.query(
        "select distinct status, reason from target_vs_actual where target_id = 'T07' and year <= 2023"
    )
    assert states == [("no_data", "no_evidence")]


BREAKAGES = {
    "a_pledge_amount_counts_once": "insert into marts.fct_contribution select * replace ('Y1 again' as record_id) "
    "from marts.fct_contribution where indicator_id = 'pledge_amount' and record_id = 'Y1'",
    "sums_of_a_plan_hold": "update marts.identity_check set holds = false where identity_id = 'I01'",
    "medians_are_those_of_their_records": "update marts.fct_indicator_value set value = value + 1 "
    "where indicator_id = 'enf_median_days_ordinary' and period_type = 'month'",
    "ratios_are_their_two_sides": "update marts.fct_indicator_value set denominator = denominator + 1 "
    "where indicator_id = 'pledge_average' and period_type = 'quarter'",
    "city_is_the_sum_of_its_districts": "update marts.fct_indicator_value set value = value + 1 "
    "where indicator_id = 'pledge_projects' and region_code = '370300'",
    "contributions_give_the_values": "delete from marts.fct_contribution where record_id = 'Y2'",
    "one_record_in_one_region_at_a_time": "insert into marts.fct_contribution select * "
    "from marts.fct_contribution where indicator_id = 'ent_advantage' and delta = 1",
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_data_tests_notice_wrong_figures(town: World, tmp_path: Path, name: str) -> None:
    with town.altered(tmp_path / "broken", BREAKAGES[name]) as broken:
        assert broken.ask(name) == "fail"
