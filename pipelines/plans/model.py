"""The shape of a plan file and of the indicator catalogue: fields, types and closed lists.

Rules that need two fields, or a plan and the catalogue together, are in `checks`; reading files is in
`reading`. No field that decides a result has a default: where there is no value, the author writes `null`.

How an address finds its region (read by dbt from `plan_regions` and `plan_region_patterns`). An address is a
`division_code`, the most specific division it names, and an `address_rest`, the text after that name.

* A `zone` pattern applies when `division_code` is one of `within` and `address_rest` starts with, or contains,
  its text. Patterns are tried in the order written; the first that applies wins.
* Statutory view: `division_code` when it is a district of the plan. When it is the city, the first `street`
  pattern that applies names the district; failing that, the parent of the zone found; failing that,
  `unallocated`.
* Management view: the zone found; failing that, the region of the statutory view.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
ZoneCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}[A-Z][A-Z0-9]$")]
Strength = Annotated[str, StringConstraints(pattern=r"^[DSE](/[DSE]|×[2-9]| if used)?$")]

# Stages of `task_evidence` that can show something; one that was withdrawn shows nothing.
Stage = Literal["application", "approval", "issued", "accepted", "operating", "signed", "held", "reported"]
Comparator = Literal["ge", "gt", "le", "lt"]
Direction = Literal["up", "down"]
Precision = Literal["exact", "floor", "rounded"]


class Strict(BaseModel):
    """Unknown fields, implicit conversions and NaN are errors; a loaded plan does not change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Bilingual(Strict):
    """The same words in Chinese and English."""

    zh: Text
    en: Text


# --- a plan ---


class Years(Strict):
    """First and last year of the plan, both included."""

    start: int = Field(ge=1949, le=2999)
    end: int = Field(ge=1949, le=2999)


class Population(Strict):
    """Which resident population divides a ratio (design 6): the rule, and the date when it is `fixed`."""

    rule: Literal["latest_reference", "previous_year_end", "fixed"]
    fixed_reference: date | None


class Region(Strict):
    """What every region has; the code's form differs with the level."""

    code: str
    zh: Text
    en: Text


class Division(Region):
    """A division with a GB/T 2260 code: the city or one of its districts and counties."""

    code: DivisionCode


class Zone(Region):
    """A functional zone: no GB/T 2260 code, so one of our own, and the district it is counted in by statute."""

    code: ZoneCode
    statutory_parent: DivisionCode


class Unallocated(Region):
    """Takes what is in the city but names neither district nor zone, so that regions add up to the city."""

    code: ZoneCode


class Regions(Strict):
    """The plan's area. Statutory view: city, districts, unallocated; management view: those and the zones.

    `province` is the name that may stand before the city's in an address. A plan whose actuals are published has only
    the area itself, under `city` whatever its level: a province and the country are areas too.
    """

    province: Bilingual | None
    city: Division
    districts: list[Division]
    zones: list[Zone]
    unallocated: Unallocated | None

    def ordered(self) -> list[Region]:
        """Every region once, in display order: city, districts, zones, unallocated."""
        return [self.city, *self.districts, *self.zones, *([self.unallocated] if self.unallocated else [])]


class RegionPattern(Strict):
    """Words in an address that place it, as the module's docstring says. Each text becomes one row."""

    region: Text
    kind: Literal["zone", "street"]
    within: list[DivisionCode] = Field(min_length=1)
    match: Literal["starts", "contains"]
    texts: list[Text] = Field(min_length=1)


class ImpliedRange(Strict):
    """Values of the five years before that reproduce the printed growth; one number when low equals high."""

    low: float
    high: float


class BaselinePeriod(Strict):
    """What a baseline covers; `start` is null when a running total has no stated beginning."""

    type: Literal["year", "plan"]
    start: date | None
    end: date


class Growth(Strict):
    """Growth against the five years before as printed: a `rate` in percent, or a `difference` in the figure's unit."""

    kind: Literal["rate", "difference"]
    value: float


class Stages(Strict):
    """Which stages of a document show that something is finished, and which that it is under way."""

    done: list[Stage] = Field(min_length=1)
    under_way: list[Stage]


class MilestoneState(Strict):
    """How far the plan says a milestone had come. Its documents are its own, or those of the target it opens."""

    state: Literal["done", "in_progress"]
    same_as: Identifier | None
    stages: Stages | None


class Baseline(Strict):
    """A figure the plan states about its start. L level, F flow, C running total, R rank, M milestone.

    A milestone without an indicator has a `milestone`; every other baseline has null there.
    """

    id: Identifier
    section: Text
    title: Bilingual
    indicator: Identifier | None
    value: float | None
    value_text: Text
    unit: Text | None
    precision: Precision | None
    kind: Literal["L", "F", "C", "R", "M"]
    period: BaselinePeriod
    previous: ImpliedRange | None
    growth: Growth | None
    milestone: MilestoneState | None


class TargetBaseline(Strict):
    """Where a target starts. A null value says that the plan gives none, and the note says so in words."""

    value: float | None
    period: Text | None
    note: Bilingual | None


class _Decision(Strict):
    """What one document decided about a target; an amendment adds a version and never overwrites one."""

    version: int = Field(ge=1)
    valid_from: date
    decided_by: Text
    decided_on: date | None = None
    """Where it is another day than the one the decision holds from: taken ahead of it, or with effect from earlier."""
    wording: Text
    year: int

    @property
    def known_on(self) -> date:
        """The day from which anybody could know of the decision."""
        return self.decided_on or self.valid_from


class _Number(_Decision):
    comparator: Comparator
    direction: Direction
    value: float
    precision: Precision


class Numeric(_Number):
    """A number to reach: a `level` in the last year, or a number `per_year`."""

    method: Literal["level", "per_year"]


class Once(_Number):
    """A number to reach `once` by the last year. Each of `needs_indicators` has to be above zero as well."""

    method: Literal["once"]
    needs_indicators: list[Identifier]


class DirectionOnly(_Decision):
    """The plan names a direction and no number; none is invented."""

    method: Literal["direction_only"]
    direction: Direction


class Milestone(_Decision):
    """Done or not done, shown by documents that have reached one of the stages."""

    method: Literal["milestone"]
    stages: Stages


class Evidence(_Decision):
    """Words that only evidence and proxies can illustrate; `direction` is null where the wording has none."""

    method: Literal["evidence"]
    direction: Direction | None


TargetVersion = Annotated[Numeric | Once | DirectionOnly | Milestone | Evidence, Field(discriminator="method")]


class Target(Strict):
    """One target series with its versions. `binding` is 约束性 or 预期性 where the plan says so."""

    id: Identifier
    section: Text
    title: Bilingual
    indicator: Identifier | None
    region: Text
    kind: Literal["flow", "stock", "ratio", "distribution", "observed", "milestone", "qualitative"]
    unit: Text | None
    binding: Literal["约束性", "预期性"] | None
    baseline: TargetBaseline | None
    proxies: list[Identifier]
    note: Bilingual | None
    versions: list[TargetVersion] = Field(min_length=1)


class Done(Strict):
    """When a task is done: each of `items` has a document of one of `stages`; without items one document is enough."""

    stages: list[Stage] = Field(min_length=1)
    items: list[Text]


class Task(Strict):
    """One written task. D is done or not, S can be counted, E encourages and is never scored by a number.

    `done` is for tasks with a D in their strength, and null for the others.
    """

    id: Identifier
    section: Text
    strength: Strength
    title: Bilingual
    evidence: Bilingual
    data_kind: Text
    same_as: Identifier | None
    done: Done | None
    proxies: list[Identifier]


class Part(Strict):
    """One term of an identity: a baseline or an indicator, added (1) or taken away (-1)."""

    id: Identifier
    sign: Literal[1, -1]


class Identity(Strict):
    """A sum that has to hold: among the plan's own baselines, or among an indicator's values in every period."""

    id: Identifier
    title: Bilingual
    level: Literal["baseline", "indicator"]
    total: Identifier
    parts: list[Part] = Field(min_length=2)
    tolerance: float = Field(ge=0)


class AssessedObject(Strict):
    """What a stage assessment looks at: the plan's targets, its tasks, or indicators."""

    id: Literal["targets", "measures", "enterprise_use", "public_awareness"]
    title: Bilingual
    measure_kind: Literal["targets", "tasks", "indicator"]
    indicators: list[Identifier]


class HighPledge(Strict):
    """Amount in yuan from which a pledge counts as high, and who decided it."""

    yuan: float = Field(gt=0)
    note: Bilingual


class Plan(Strict):
    """One five-year plan of one area.

    `actuals` says where its values come from: `records` delivered by its offices, or figures others `published`. What
    only records need (districts, patterns, population, sei_version, high_pledge_amount) is empty in a published plan.
    """

    plan_id: Identifier
    title: Bilingual
    document_no: Text | None
    issuer: Text
    issued_on: date | None
    source: Text
    is_current: bool
    actuals: Literal["records", "published"]
    years: Years
    population: Population | None
    sei_version: Text | None
    high_pledge_amount: HighPledge | None
    regions: Regions
    region_patterns: list[RegionPattern]
    baselines: list[Baseline]
    targets: list[Target]
    tasks: list[Task]
    identities: list[Identity]
    assessment: list[AssessedObject]


# --- the indicator catalogue ---


class Unit(Strict):
    """What a value is given in: facts ÷ `divisor` (yuan to 亿元: 100000000), shown with `decimals`."""

    zh: Text
    en: Text
    divisor: float = Field(gt=0)
    decimals: int = Field(ge=0, le=6)


class Ratio(Strict):
    """numerator ÷ denominator × multiplier, on the facts, that is before the unit's divisor.

    `denominator` is an indicator, `population` (residents) or `regions` (districts, with zones in their view).
    """

    numerator: Identifier
    denominator: Identifier
    multiplier: float = Field(gt=0)


class _Indicator(Strict):
    id: Identifier
    family: Identifier
    title: Bilingual
    definition: Bilingual
    formula: Text
    unit: Unit
    direction: Literal["up", "down", "none"]
    attributing_date: Identifier
    sources: list[Identifier] = Field(min_length=1)
    # The one default: an indicator that names none is limited by every source it has.
    partial_sources: list[Identifier] = []
    plan_section: Text | None


class PlainIndicator(_Indicator):
    """Summed, counted as at a day, computed from a period's records, or published by others (design 6)."""

    kind: Literal["flow", "stock", "distribution", "observed"]


class RatioIndicator(_Indicator):
    """Divides one indicator by another, by the resident population or by the number of districts."""

    kind: Literal["ratio"]
    ratio: Ratio


Indicator = Annotated[PlainIndicator | RatioIndicator, Field(discriminator="kind")]


class Catalogue(Strict):
    """Every indicator id of the public interface (design 7), and the names a delivery may have."""

    sources: list[Identifier] = Field(min_length=1)
    indicators: list[Indicator] = Field(min_length=1)

    def by_id(self) -> dict[str, PlainIndicator | RatioIndicator]:
        """Indicators by exact id; never by likeness, since two densities differ by one word."""
        return {indicator.id: indicator for indicator in self.indicators}
