"""The Zibo plan and the catalogue as shipped: the register is whole, and its wording is read as the law reads it."""

from collections import Counter

import pytest

from pipelines.plans import Catalogue, Plan, available_plans, load_catalogue, load_plan
from pipelines.plans.model import Baseline, DirectionOnly, Evidence, Milestone, Numeric, Once, Target


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("zibo_14fyp")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def target(plan: Plan, identifier: str) -> Target:
    return next(t for t in plan.targets if t.id == identifier)


def baseline(plan: Plan, identifier: str) -> Baseline:
    return next(b for b in plan.baselines if b.id == identifier)


def numeric(plan: Plan, identifier: str) -> Numeric | Once:
    version = target(plan, identifier).versions[-1]
    assert isinstance(version, Numeric | Once)
    return version


def test_the_document(plan: Plan) -> None:
    assert available_plans() == ["china_14fyp", "shandong_14fyp", "zibo_14fyp"]
    assert plan.document_no == "淄政办字〔2021〕104号"
    assert plan.issued_on.isoformat() == "2021-12-10"
    assert (plan.years.start, plan.years.end) == (2021, 2025)
    assert plan.regions.city.code == "370300"


def test_the_register_is_whole(plan: Plan) -> None:
    """25 baselines with two derived rows; 16 targets in 19 series; 3 numeric commitments; 114 tasks (domain A)."""
    baselines = [b.id for b in plan.baselines]
    assert len(baselines) == 27
    assert set(baselines) == {f"B{n:02}" for n in range(1, 26)} | {"B03r", "B12a"}

    targets = [t.id for t in plan.targets if t.id.startswith("T")]
    assert len(targets) == 19
    assert {t[:3] for t in targets} == {f"T{n:02}" for n in range(1, 17)}
    # The register prints a and b of T05 and of T06 in one row each, those of T04 in two.
    assert len({t[:3] if t[:3] in ("T05", "T06") else t for t in targets}) == 17
    assert [t.id for t in plan.targets if not t.id.startswith("T")] == ["Y01", "Y02", "Y03"]

    assert len(plan.tasks) == 114
    assert Counter(t.id[0] for t in plan.tasks) == {"3": 105, "4": 9}


def test_strengths_of_the_tasks(plan: Plan) -> None:
    """Mixed strengths count as done-or-not: 32 D, 43 S, 39 E."""
    strengths = Counter(t.strength for t in plan.tasks)
    assert strengths == {"D": 28, "D×3": 1, "D/S": 1, "S/D": 1, "D if used": 1, "S": 43, "E": 39}
    assert sum(n for strength, n in strengths.items() if "D" in strength) == 32


def test_sections_follow_the_ids(plan: Plan) -> None:
    numerals = dict(zip("12345", "一二三四五", strict=True))
    for task in plan.tasks:
        chapter, part, *item = task.id.split("-")[0].split(".")
        assert task.section == f"{numerals[chapter]}({numerals[part]}){''.join(item)}"


@pytest.mark.parametrize(
    ("identifier", "comparator", "value", "method", "wording"),
    [
        ("T01", "ge", 10, "level", "提高至10件"),
        ("T02", "gt", 85_000, "level", "超过8.5万件"),
        ("T03", "gt", 100, "level", "超过100件"),
        ("Y01", "ge", 10, "per_year", "每年培育10个以上"),
        ("Y02", "ge", 10, "per_year", "每年10个以上"),
        ("Y03", "ge", 100, "once", "100家以上"),
    ],
)
def test_comparators(plan: Plan, identifier: str, comparator: str, value: float, method: str, wording: str) -> None:
    version = numeric(plan, identifier)
    assert (version.comparator, version.value, version.method) == (comparator, value, method)
    assert version.wording == wording
    assert version.year == 2025


def test_more_than_is_strict_and_at_least_is_not(plan: Plan) -> None:
    """超过 excludes the number itself; 以上, 提高至 and 达到 include it (domain A.0)."""
    numbers = [v for t in plan.targets for v in t.versions if isinstance(v, Numeric | Once)]
    assert len(numbers) == 6
    for version in numbers:
        assert (version.comparator == "gt") == ("超过" in version.wording)


def test_targets_without_a_number_have_none(plan: Plan) -> None:
    by_method = {
        kind: [t.id for t in plan.targets if isinstance(t.versions[-1], kind)]
        for kind in (DirectionOnly, Milestone, Evidence)
    }
    assert by_method[DirectionOnly] == ["T04a", "T04b", "T05a", "T05b", "T06a", "T06b"]
    assert by_method[Milestone] == ["T07"]
    assert by_method[Evidence] == [f"T{n:02}" for n in range(8, 17)]


def test_no_target_has_a_baseline_that_the_plan_does_not_state(plan: Plan) -> None:
    for t in plan.targets:
        assert t.baseline is None or (t.baseline.value is None and t.baseline.note is not None)
        assert t.binding is None


def test_the_two_densities_are_never_joined(plan: Plan, catalogue: Catalogue) -> None:
    """14.69 counts all valid inventions; the target of 10 counts the high-value ones (domain A.0)."""
    assert baseline(plan, "B03").indicator == "inv_valid_per_10k"
    assert target(plan, "T01").indicator == "inv_high_value_per_10k"
    targets = {t.indicator for t in plan.targets} - {None}
    assert targets.isdisjoint({b.indicator for b in plan.baselines})
    known = catalogue.by_id()
    assert known["inv_valid_per_10k"].title.zh != known["inv_high_value_per_10k"].title.zh
    for alike in ("INV_VALID_PER_10K", "inv_valid_per_10k ", "inv valid per 10k", "万人拥有有效发明专利量"):
        assert alike not in known


def test_figures_the_plan_prints(plan: Plan) -> None:
    values = {b.id: b.value for b in plan.baselines}
    assert values["B04"] == values["B05"] + values["B06"] == 965  # type: ignore[operator]
    assert round(values["B12"] / values["B11"] * 1e4, 1) == values["B12a"]  # type: ignore[operator]
    assert baseline(plan, "B20").precision == "floor" and baseline(plan, "B20").value == 390
    assert baseline(plan, "B21").precision == "rounded" and baseline(plan, "B21").value == 2.2
    assert baseline(plan, "B01").precision == "rounded"
    assert [b.id for b in plan.baselines if b.value is None] == ["B23", "B24", "B25"]


@pytest.mark.parametrize(("identifier", "growth"), [("B01", 60.3), ("B02", 57.4)])
def test_the_implied_range_is_exactly_what_prints_the_growth(plan: Plan, identifier: str, growth: float) -> None:
    row = baseline(plan, identifier)
    assert row.previous is not None and row.value is not None
    assert row.growth is not None and (row.growth.kind, row.growth.value) == ("rate", growth)
    low, high = int(row.previous.low), int(row.previous.high)
    fitting = [n for n in range(low - 50, high + 51) if round((row.value / n - 1) * 100, 1) == growth]
    assert fitting == list(range(low, high + 1))


@pytest.mark.parametrize(("identifier", "difference"), [("B11", 207), ("B12", 21.01)])
def test_growth_by_difference(plan: Plan, identifier: str, difference: float) -> None:
    row = baseline(plan, identifier)
    assert row.previous is not None and row.value is not None
    assert row.previous.low == row.previous.high == round(row.value - difference, 2)
    assert row.growth is not None and (row.growth.kind, row.growth.value) == ("difference", difference)


def test_milestones_of_the_five_years_before(plan: Plan) -> None:
    """B22 can be counted and B25 is where T07 starts; the platform and the trading system were built (domain A.1)."""
    states = {b.id: (b.milestone.state, b.milestone.same_as) for b in plan.baselines if b.milestone}
    assert states == {"B23": ("done", None), "B24": ("done", None), "B25": ("in_progress", "T07")}
    counted = {b.id: (b.indicator, b.value, b.kind) for b in plan.baselines if b.id in ("B03r", "B22")}
    assert counted == {"B03r": ("inv_valid_per_10k_rank", 3, "R"), "B22": ("award_advanced_collective", 3, "M")}


def test_the_centre_is_built_once_accepted(plan: Plan) -> None:
    version = target(plan, "T07").versions[-1]
    assert isinstance(version, Milestone)
    assert version.stages.done == ["accepted", "operating"]
    assert version.stages.under_way == ["application", "approval"]


def test_the_library_of_key_units_needs_both_levels(plan: Plan) -> None:
    version = numeric(plan, "Y03")
    assert isinstance(version, Once)
    assert version.needs_indicators == ["key_units_city", "key_units_county"]


def test_every_deliverable_says_what_shows_it(plan: Plan) -> None:
    """Three documents for 3.1.2-d, ten functions for 3.4.2-g, one document for every other D."""
    done = {t.id: t.done for t in plan.tasks if t.done}
    assert len(done) == 32
    several = {identifier: d.items for identifier, d in done.items() if d.items}
    assert several == {
        "3.1.2-d": ["职务发明", "质押融资", "维权援助"],
        "3.4.2-g": [
            "网上举报投诉", "行政裁决", "多元调解", "商事仲裁", "司法审判", "司法公证", "司法鉴定", "海关进出口保护",
            "行业自律", "维权援助",
        ],
    }  # fmt: skip
    assert done["3.4.2-g"].stages == ["accepted", "operating"]


def test_the_threshold_of_a_high_pledge_is_marked_as_ours(plan: Plan) -> None:
    assert plan.high_pledge_amount is not None
    assert plan.high_pledge_amount.yuan == 10_000_000
    assert "本库设定" in plan.high_pledge_amount.note.zh


def test_sums_that_have_to_hold(plan: Plan) -> None:
    sums = {i.total: [p.id for p in i.parts if p.sign == 1] for i in plan.identities}
    assert sums == {
        "B04": ["B05", "B06"],
        "enf_patent_cases": ["enf_patent_disputes", "enf_patent_counterfeit"],
        "pledge_amount": ["pledge_amount_patent", "pledge_amount_trademark", "pledge_amount_mixed"],
    }


def test_the_four_objects_of_the_stage_assessment(plan: Plan) -> None:
    """四(三): 目标实现、措施效果、企业利用成效、公众认知度."""
    assert [(o.id, o.title.zh, o.measure_kind) for o in plan.assessment] == [
        ("targets", "目标实现", "targets"),
        ("measures", "措施效果", "tasks"),
        ("enterprise_use", "企业利用成效", "indicator"),
        ("public_awareness", "公众认知度", "indicator"),
    ]


@pytest.mark.parametrize(
    ("identifier", "proxies"),
    [
        ("3.3.1-a", {"deal_transfers", "deal_licences", "deal_amount"}),
        ("3.4.1-b", {"administrative_rulings", "enf_patent_disputes"}),
        ("3.4.2-d", {"customs_seizures", "customs_seized_items", "customs_seized_amount"}),
        ("3.4.2-f", {"enf_median_days", "enf_median_days_simple", "enf_median_days_ordinary"}),
        ("3.4.4-g", {"enf_published_7wd_share"}),
        ("3.5.1-g", {"securitisation_issues", "securitisation_amount"}),
        ("4.2-d", {"pledge_sme_share", "pledge_projects_sme"}),
    ],
)
def test_proxies_are_what_the_register_names(plan: Plan, identifier: str, proxies: set[str]) -> None:
    task = next(t for t in plan.tasks if t.id == identifier)
    assert set(task.proxies) == proxies


def test_every_evidence_target_but_one_has_a_proxy(plan: Plan) -> None:
    """T12 is the composite of section 三(四); no single count stands for it."""
    without = [t.id for t in plan.targets if isinstance(t.versions[-1], Evidence) and not t.proxies]
    assert without == ["T12"]


def test_same_objects_are_linked_once(plan: Plan) -> None:
    links = {t.id: t.same_as for t in plan.tasks if t.same_as}
    assert links == {
        "3.2.3-b": "3.1.2-a",
        "3.3.2-a": "Y01",
        "3.3.4-d": "Y02",
        "3.4.1-e": "Y03",
        "3.4.6-a": "T07",
    }


def test_regions(plan: Plan) -> None:
    regions = plan.regions
    assert [d.code for d in regions.districts] == [
        "370302", "370303", "370304", "370305", "370306", "370321", "370322", "370323"
    ]  # fmt: skip
    parents = {z.code: z.statutory_parent for z in regions.zones}
    assert parents == {"3703A1": "370303", "3703A2": "370303", "3703A3": "370306"}
    assert regions.unallocated.code == "3703ZZ"


FAMILIES = {
    "patents": "inv_applications um_applications design_applications inv_grants um_grants design_grants inv_valid "
    "inv_valid_per_10k inv_valid_per_10k_rank inv_high_value inv_high_value_per_10k inv_hv_sei inv_hv_family "
    "inv_hv_ten_years inv_hv_pledged inv_hv_awarded overseas_inv_grants pct_applications patent_transfers "
    "patent_licences patent_lapses reserved_high_value",
    "marks_gi": "tm_valid tm_registrations tm_well_known tm_well_known_administrative tm_well_known_judicial tm_madrid "
    "gi_marks gi_products gi_agricultural gi_authorised_users",
    "other_rights": "cr_software cr_works pv_applications pv_grants ic_applications ic_registrations",
    "protection": "enf_patent_cases enf_patent_disputes enf_patent_counterfeit enf_trademark enf_copyright "
    "enf_trade_secret enf_gi enf_special_signs enf_penalties enf_fines enf_repeat_offender_share "
    "enf_identified_decisions enf_repeat_decisions enf_median_days enf_median_days_simple enf_median_days_ordinary "
    "enf_published_7wd_share enf_published enf_published_7wd enf_criminal_transfers administrative_rulings "
    "customs_seizures customs_seized_items customs_seized_amount mediations aid_cases court_cases",
    "finance": "pledge_projects pledge_projects_patent pledge_projects_trademark pledge_amount pledge_amount_patent "
    "pledge_amount_trademark pledge_amount_mixed pledge_average pledge_sme_share pledge_projects_sized "
    "pledge_projects_sme pledge_open pledge_rollovers insurance_policies insured_amount insurance_premium "
    "securitisation_amount securitisation_issues investments investment_amount deal_transfers deal_licences "
    "deal_amount",
    "programmes": "ent_advantage ent_demonstration zone_traditional_ip district_national_pilot park_national_demo "
    "district_provincial_pilot aid_subcentres workstations guidance_stations alliances cultivation_centres "
    "navigation_projects key_units key_units_city key_units_county mediation_bodies mediation_coverage "
    "mediation_districts award_advanced_collective platform_functions",
    "services": "training_events training_people publicity_events service_events protection_satisfaction "
    "public_awareness information_service agency_service",
    "national_plan": "royalties_trade patent_intensive_gdp_share copyright_gdp_share first_instance_settled_share",
}


def test_the_catalogue_is_the_public_interface(catalogue: Catalogue) -> None:
    """Ids are stable: removing or renaming one breaks whoever reads the marts (design 7)."""
    found: dict[str, list[str]] = {}
    for indicator in catalogue.indicators:
        found.setdefault(indicator.family, []).append(indicator.id)
    assert found == {family: ids.split() for family, ids in FAMILIES.items()}


def test_units_of_amounts_and_people(catalogue: Catalogue) -> None:
    known = catalogue.by_id()
    for identifier, unit, divisor in [
        ("pledge_amount", "亿元", 1e8),
        ("enf_fines", "万元", 1e4),
        ("training_people", "万人次", 1e4),
        ("inv_valid", "件", 1),
    ]:
        assert (known[identifier].unit.zh, known[identifier].unit.divisor) == (unit, divisor)
