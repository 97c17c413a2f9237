"""The form of a contract: what one YAML file may say. No file is read here and no value interpreted.

A contract speaks of *fields* (what a delivery brings, under whatever header) and *columns* (what bronze holds). A field
fills the column of its own name and, by `also`, further columns with parts of the same value: an address its division
code, a publication number its kind.
"""

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FieldType = Literal[
    "text",  # printed words, cleaned of damage
    "code",  # one of a closed list: `values` or `reference`, or a `pattern`
    "date",
    "integer",
    "number",
    "amount",  # money; the unit comes from the header, the cell or the unit row
    "boolean",
    "application_no",
    "publication_no",
    "publication_kind",
    "ipc_list",
    "locarno",
    "credit_code",
    "address",
    "copyright_no",  # a copyright registration number; a certificate number is told apart from it
    "party_name",  # one name; of several the first named is kept
    "party_list",  # all names, joined by `;`
    "person_name",  # always a natural person: only with `personal: drop`
    "region",  # a division code, or a name that resolves to one
    "period",  # 2024, 2024Q1, 2024年上半年, 2021-2025 …
]

PARTS: dict[str, frozenset[str]] = {
    "application_no": frozenset({"quality"}),
    "publication_no": frozenset({"kind"}),
    "ipc_list": frozenset({"first", "locarno"}),
    "address": frozenset({"division_code", "rest"}),
    "copyright_no": frozenset({"certificate", "kind"}),
    "party_name": frozenset({"kind", "count", "key"}),
    "party_list": frozenset({"key"}),
    "number": frozenset({"decimals"}),
    "period": frozenset({"type", "start", "end"}),
}
"""Parts of a value that `also` can send to a column, by field type."""


def _ascii_name(name: str) -> str:
    if not name.isascii() or not name.isidentifier() or name != name.lower():
        raise ValueError(f"{name!r} must be lower-case ASCII words joined by _")
    return name


Name = Annotated[str, AfterValidator(_ascii_name)]


class Strict(BaseModel):
    """A mistyped key is an error, never a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """A text in both languages of the project."""

    zh: str
    en: str


class Unit(Strict):
    """The unit bronze holds, and how many of it one delivered unit is."""

    to: str
    factors: dict[str, float]
    required: bool = False
    """A number that comes with no unit at all is rejected: the file's scale must not be guessed."""
    headers: dict[str, str] = {}
    """header → unit that the column of this name has by its standard, though the name does not say it."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if unknown := set(self.headers.values()) - set(self.factors):
            raise ValueError(f"unit: no factor for {', '.join(sorted(unknown))}")
        return self


class Outlier(Strict):
    """What stands out of a column of numbers: far from its typical value, and no size that comes every year.

    `minimum` and `maximum` say what cannot be, whatever stands beside it; this says what cannot be in this company.
    """

    ordinary: tuple[float, float]
    """Smallest and largest value that come every year. Within, a value far from the rest is reported only; beyond, a
    value that is near the rest."""
    factor: float = Field(default=1000, gt=1)
    """Times the typical value, or that part of it, from which a value is far from the rest. Units are mixed up by
    1,000 and more (千元, 万元, 亿元), and sums of money spread over a hundredfold by themselves."""
    action: Literal["block", "report"] = "block"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not 0 < self.ordinary[0] < self.ordinary[1]:
            raise ValueError("ordinary: the smaller value first, both above 0")
        return self


class Duration(Strict):
    """Two dates of a record, and how many years lie between them at most; more is reported."""

    start: Name
    end: Name
    years: int = Field(gt=0)


class SourceField(Strict):
    """One thing a delivery may bring."""

    name: Name
    type: FieldType
    title: Bilingual
    headers: list[str] = []
    """Other names of the column, the preferred first; the field's own name and both titles always match.
    Matched by meaning: width, blanks, brackets and case do not count."""
    note: Bilingual | None = None
    required: bool = False
    sentinels: list[str] = []
    """Written values that mean "nothing", beside those of `common.yaml`."""
    genuine: list[str] = []
    """Words of the contract's `sentinels` that are values of this field: a mark can be called 无."""
    also: dict[str, Name] = {}
    """part of the value → column it fills"""
    personal: Literal["drop", "mask"] | None = None
    """drop: the column never reaches bronze. mask: of a party, natural persons become 自然人; of a free text, identity
    and mobile numbers are starred out and the row's natural persons become 自然人 wherever they are named."""
    identifier: bool = False
    """For a text: a number or reference; ASCII width, no blanks, upper case. What a spreadsheet spoiled is refused."""
    prose: bool = False
    """For a text: sentences that nothing is counted or told apart by; damage in them is reported, the row kept."""
    party: Name | None = None
    """For an address: the party whose address it is. A natural person's is cut after the district."""
    values: dict[str, list[str]] | None = None
    """code → spellings of it"""
    reference: Name | None = None
    """Closed list of codes in data/<reference>.csv, column `code`."""
    pattern: str | None = None
    reason: str | None = None
    """Reason code for a value that is not on the list, if not `code_unknown`."""
    unit: Unit | None = None
    minimum: float | None = None
    maximum: float | None = None
    outlier: Outlier | None = None
    """For a number: what is set aside or reported because of the values beside it."""
    not_after_delivery: bool = False
    years_ahead: int | None = None
    """For a date that may lie after the delivery: by how many years at most."""
    years_apart: int | None = None
    """For a date: years from the middle of the file's dates from which it is reported."""
    year_means: Literal["year_end"] | None = None
    """For a date given as a bare year."""
    last_day_of: list[Literal["year", "month"]] = []
    """For a date given as a year or month only: read as its last day, and reported."""
    may_stay_blank: bool = False
    """Blank is the usual state of a healthy record (not ended yet), so the share of blanks is not watched."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        unknown = set(self.also) - PARTS.get(self.type, frozenset())
        if unknown:
            raise ValueError(f"field {self.name}: a {self.type} has no part {', '.join(sorted(unknown))}")
        if self.type == "person_name" and self.personal != "drop":
            raise ValueError(f"field {self.name}: a person_name needs `personal: drop`")
        if self.personal == "mask" and self.type not in ("party_name", "party_list", "text"):
            raise ValueError(f"field {self.name}: only names of parties and free text can be masked")
        if self.identifier and self.type != "text":
            raise ValueError(f"field {self.name}: only a text can be an identifier")
        if (self.year_means or self.last_day_of) and self.type != "date":
            raise ValueError(f"field {self.name}: only a date has a year or month")
        if (self.years_ahead or self.years_apart) and self.type != "date":
            raise ValueError(f"field {self.name}: only a date lies years ahead or apart")
        if self.outlier and self.type not in ("integer", "number", "amount"):
            raise ValueError(f"field {self.name}: only among numbers is there an outlier")
        if self.party and self.type != "address":
            raise ValueError(f"field {self.name}: only an address has a party")
        if (self.values or self.reference or self.pattern) and self.type != "code":
            raise ValueError(f"field {self.name}: values, reference and pattern belong to a code")
        if self.type == "code" and not (self.values or self.reference or self.pattern):
            raise ValueError(f"field {self.name}: a code needs values, a reference or a pattern")
        if self.unit and self.type not in ("integer", "number", "amount"):
            raise ValueError(f"field {self.name}: only numbers have a unit")
        if self.type == "amount" and not self.unit:
            raise ValueError(f"field {self.name}: an amount needs a unit")
        return self


class WideYears(Strict):
    """A table with one column per year (an office's statistics export), turned into one row per year."""

    date: Name
    """field that takes the year of the column header"""
    value: Name
    """field that takes the cell"""
    from_title: dict[Name, dict[str, list[str]]] = {}
    """field → code → words in the title rows that say it"""


class Contract(Strict):
    """One source. Read with `registry.contract(source)`, which adds the parts common to all sources."""

    source: Name
    title: Bilingual
    grain: str
    description: Bilingual
    business_key: list[list[Name]]
    """Columns that identify a row; of several keys the first whose leading column has a value."""
    at_least_one: list[list[Name]] = []
    """Of each group one field must have a value."""
    date_order: list[tuple[Name, Name]] = []
    """(earlier, later)"""
    durations: list[Duration] = []
    """Spans that are not longer in the world; none is negative where `date_order` says so."""
    earliest_date: dt.date
    max_reject_share: float = Field(ge=0, le=1)
    """A file with a larger share of rejected rows never lands …"""
    min_rows_for_share: int = Field(ge=1)
    """… once it has this many rows: one bad row of three says nothing."""
    rules: list[
        Literal[
            "patent_type",
            "event_code_from_title",
            "region_code_from_name",
            "application_no_of_right",
            "application_no_of_award",
        ]
    ] = []
    """Rules over several fields, implemented in intake under these names."""
    one_row_per: Name | None = None
    """A cell of this field with several values gives one row per value, all with the same source_row."""
    wide_years: WideYears | None = None
    hidden_sheets: Literal["set_aside", "counted"] = "set_aside"
    hidden_cells: Literal["set_aside", "counted"] = "counted"
    """What happens to hidden sheets of a workbook, and to hidden rows and columns. A filter hides rows that are part of
    a list (a real export of 199 patents came with 20 of them filtered out); a hidden sheet is an older draft."""
    ordinals: list[str] = []
    """Headers of running numbers: no content, no part of what makes two rows equal."""
    personal_headers: list[str] = []
    """Regular expressions; a column whose header contains one is dropped and reported."""
    party_headers: list[str] = []
    """Regular expressions; unknown columns like these name parties, and natural persons in them are masked."""
    address_headers: list[str] = []
    """Regular expressions; unknown columns like these hold addresses, which are cut after the district."""
    sentinels: list[str] = []
    date_sentinels: list[str] = []
    fields: list[SourceField]

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [field.name for field in self.fields]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"declared twice: {', '.join(sorted(repeated))}")
        columns = {column for field in self.fields for column in [field.name, *field.also.values()]}
        for field in self.fields:
            if strange := set(field.genuine) - {*self.sentinels, *field.sentinels}:
                raise ValueError(f"field {field.name}: no sentinel to take back: {', '.join(sorted(strange))}")
        named = {
            "business_key": {column for key in self.business_key for column in key},
            "at_least_one": {name for group in self.at_least_one for name in group},
            "date_order": {name for pair in self.date_order for name in pair},
            "durations": {name for span in self.durations for name in (span.start, span.end)},
            "party": {field.party for field in self.fields if field.party},
            "one_row_per": {self.one_row_per} if self.one_row_per else set(),
            "wide_years": {self.wide_years.date, self.wide_years.value, *self.wide_years.from_title}
            if self.wide_years
            else set(),
        }
        for where, used in named.items():
            if unknown := used - columns:
                raise ValueError(f"{where} names no column of the contract: {', '.join(sorted(unknown))}")
        return self

    def names_parties(self, header: str) -> bool:
        """Whether a column the contract does not know names parties, by its header."""
        return any(re.search(pattern, header, re.IGNORECASE) for pattern in self.party_headers)

    def __hash__(self) -> int:
        return hash(self.source)  # lets what is generated from a contract be cached; equality compares the whole

    def field(self, name: str) -> SourceField:
        """The field of this name (KeyError if there is none)."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def delivered_fields(self) -> list[SourceField]:
        """Fields that reach bronze: all but the personal ones that are dropped."""
        return [field for field in self.fields if field.personal != "drop"]
