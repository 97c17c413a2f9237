"""One part of the sample city (a whole city at scale 1) as `rights` and `protection` see it, and what they give back.

`generate` draws the patents of a part, then calls `rights.deliver(part)` and `protection.deliver(part)`, in this
order. Each writes its files through `part.landing` and returns a `Delivered`; nothing else passes between them and the
rest, except:

* `part.people`, the applicants: applicant (the name), applicant_kind, cell (index into `city.CELLS`, `city.OUTSIDE`
  beyond the city), address, weight, credit_code (null for natural persons), new_name and renamed_on (null but for the
  few that announced a change of name as legal event CP01; `applicant` is then the former name, which patents carry),
  is_labelled (of the labelled set for party resolution), is_twin (another unit has this very name: only to be named
  with its code). Below the applicants of patents stand units that have none.
  A record's party is a row number of this table.
* `part.inventions`, the ledger of inventions of `patents.ledger` with published_on_delivery and granted_on_delivery;
  patentee and patentee_cell are who held the patent at grant.
* `part.marks` (for `protection` only), one row per registered class of a mark: registration_no, nice_class, mark_name,
  owner (row of people), cell, registered, last_day (of the exclusive right, or the day before it was ended).
* `part.parties.wrote(source, names, credit_codes, rows)`: to be called with the names as written into a file whenever
  organisations are named, so that the labelled set for party resolution (truth/parties.csv) knows them. Written forms
  come from `rights.names.variant(person, rng)` (one row) or `rights.names.written(people, rows, rng)` (whole columns).
* `part.rng(stream)`: random numbers of its own per part and stream, so that nothing drawn here moves anything else.
  Streams: 1-9 the glue, 10-49 rights, 50-99 protection.

Truth: `truth.flow` and `truth.stock` count records by cell into the rows that `Delivered.truth` takes. Rows of several
parts are added up; ratios come from sums (`truth.RATIOS`), and what cannot be added is named in `truth.MEDIANS` (give
one row per case, the value being the case's) and `truth.SAME_IN_EVERY_PART`.

The first part of the city (`part.is_first`) comes in every format and carries what is planted; further ones grow the
plain lists with `landing.append`.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipelines.sample import truth
from pipelines.sample.landing import Landing

if TYPE_CHECKING:
    from pipelines.sample.protection.lines import Line

PEOPLE = {
    "applicant": pl.String,
    "applicant_kind": pl.String,
    "cell": pl.Int8,
    "address": pl.String,
    "weight": pl.Float64,
    "credit_code": pl.String,
    "new_name": pl.String,
    "renamed_on": pl.Date,
    "is_labelled": pl.Boolean,
    "is_twin": pl.Boolean,
}
MARKS = {
    "registration_no": pl.String,
    "nice_class": pl.Int32,
    "mark_name": pl.String,
    "owner": pl.Int64,
    "cell": pl.Int8,
    "registered": pl.Date,
    "last_day": pl.Date,
}
PARTIES = {"source": pl.String, "name": pl.String, "credit_code": pl.String, "entity": pl.String}
"""truth/parties.csv: a name and code as written in a source, and whose they are."""


@dataclass
class Parties:
    """The labelled set for party resolution, filled while files are written."""

    part: int
    people: pl.DataFrame
    tables: list[pl.DataFrame] = field(default_factory=list)

    def wrote(
        self, source: str, names: pl.Series, credit_codes: pl.Series | None, rows: pl.Series | np.ndarray
    ) -> None:
        """Remember names (and codes) of organisations as written, by the row of `people` each belongs to."""
        codes = credit_codes if credit_codes is not None else pl.Series([None] * len(names), dtype=pl.String)
        table = pl.DataFrame(
            {"source": [source] * len(names), "name": names, "credit_code": codes, "row": rows}, strict=False
        )
        entity = pl.format("P{}-{}", pl.lit(self.part), pl.col("row"))
        self.add(table.filter(self.people["is_labelled"].gather(rows)).with_columns(entity=entity))

    def add(self, table: pl.DataFrame) -> None:
        """Rows that name their entity themselves (PARTIES)."""
        self.tables.append(table.select(pl.col(name).cast(kind) for name, kind in PARTIES.items()).unique())

    def frame(self) -> pl.DataFrame:
        """Every labelled spelling once per source, in order of entity."""
        if not self.tables:
            return pl.DataFrame(schema=PARTIES)
        return pl.concat(self.tables).unique().sort("entity", "source", "name", "credit_code", nulls_last=True)


@dataclass(frozen=True)
class Part:
    """What a sub-package needs to deliver its records of one part; see the module's text."""

    landing: Landing
    number: int
    scale: int
    seed: int
    known_at: tuple[datetime.date, ...]
    """Days as of which the truth is given."""
    people: pl.DataFrame
    inventions: pl.DataFrame
    parties: Parties
    marks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MARKS))

    @property
    def is_first(self) -> bool:
        """Whether this part carries every format and what is planted."""
        return self.number == 0

    def rng(self, stream: int) -> np.random.Generator:
        """Random numbers of one stream of this part."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, self.number, stream])))

    def person(self, row: int) -> Mapping[str, Any]:
        """One row of people by name of column."""
        return self.people.row(row, named=True)


HIGH_VALUE = {
    "application_no": pl.String,
    "category": pl.String,
    "from_date": pl.Date,
    "delivered_on": pl.Date,
}
"""Further categories of high-value inventions: `family`, `pledged` or `awarded` from which day on, known since when."""


@dataclass(frozen=True)
class Delivered:
    """What a sub-package gives back for one part."""

    truth: pl.DataFrame
    """Rows as `truth.SCHEMA`, one or more per key; they are added up over a part and over parts."""
    high_value: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HIGH_VALUE))
    """As HIGH_VALUE; a patent may stand there more than once."""
    marks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MARKS))
    """As MARKS, from `rights` only."""
    cases: "Sequence[Line]" = ()
    """The case ledger as delivered, from `protection` only."""


def nothing() -> pl.DataFrame:
    """Truth rows of a part that has none."""
    return pl.DataFrame(schema=truth.SCHEMA)
