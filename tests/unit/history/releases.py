"""Small made-up releases for the history: synthetic rows in the marts' own columns, published or only laid out."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.history import PREVIOUS, Entry, append
from pipelines.paths import Warehouse
from pipelines.plans import RunParameters

CONTRIBUTION = pl.Schema(PREVIOUS["previous_contribution"])
VALUE = pl.Schema(PREVIOUS["previous_indicator_value"])
Tables = Mapping[str, pl.DataFrame]


def contributions(*records: str | None, **every: Any) -> pl.DataFrame:
    """One contribution per record id, all else alike."""
    shared = {
        "indicator_id": "inv_grants", "region_view": "statutory", "region_code": "370303", "record_type": "patent",
        "effective_date": date(2023, 5, 1), "delta": 1, "source_path": "patents/合成.csv", "source_row": 2,
        "source_file_sha256": "00", "delivered_on": date(2023, 6, 1), **every,
    }  # fmt: skip
    return pl.DataFrame([shared | {"record_id": record} for record in records], schema=CONTRIBUTION)


def values(*numbers: float) -> pl.DataFrame:
    """One yearly value per number, from 2020 on."""
    rows = [
        {"indicator_id": "inv_grants", "region_code": "370303", "region_view": "statutory", "period_type": "year",
         "period_end": date(2020 + n, 12, 31), "value": number, "unit": "件", "obs_status": "A"}
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=VALUE)


def row(release_id: str, known_at: date, *, as_of: date | None = None, plans: str = "zibo_14fyp") -> dict[str, Any]:
    """The row of `release`."""
    return {
        "release_id": release_id,
        "as_of": as_of or known_at,
        "known_at": known_at,
        "targets_known_at": known_at,
        "population_known_at": known_at,
        "plans": plans,
        "code_version": "test",
        "rules_fingerprint": "test",
        "input_fingerprint": release_id,
        "is_synthetic": True,
        "gates_passed": 7,
    }


def parameters(known_at: date, fingerprint: str, *, as_of: date | None = None) -> RunParameters:
    """Parameters of a run; the release id is `<as_of>-<first 12 characters of fingerprint>`."""
    return RunParameters(
        as_of=as_of or known_at,
        known_at=known_at,
        targets_known_at=known_at,
        population_known_at=known_at,
        code_version="test",
        rules_fingerprint="test",
        input_fingerprint=fingerprint,
        is_synthetic=True,
    )


def lay_out(warehouse: Warehouse, release: Mapping[str, Any], tables: Tables) -> Path:
    """A folder in `releases/` with the tables as Parquet."""
    folder = warehouse.releases / str(release["release_id"])
    (folder / "parquet").mkdir(parents=True)
    for name, frame in {"release": pl.DataFrame([dict(release)]), **tables}.items():
        frame.write_parquet(folder / "parquet" / f"{name}.parquet")
    return folder


def enter(
    warehouse: Warehouse,
    release_id: str,
    known_at: date,
    *,
    previous: str | None = None,
    as_of: date | None = None,
    plans: str = "zibo_14fyp",
    tables: Tables | None = None,
) -> Entry:
    """A release laid out and entered."""
    release = row(release_id, known_at, as_of=as_of, plans=plans)
    return append(warehouse, lay_out(warehouse, release, tables or {}), release=release, previous=previous)


def same_rows(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Whether two tables hold the same rows as often, in whatever order."""
    columns: Sequence[str] = one.columns
    return one.schema == other.schema and one.sort(columns).equals(other.sort(columns))
