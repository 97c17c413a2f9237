"""No model reads deliveries past what the run may know."""

import re

from pipelines.settings import DBT_PROJECT

DELIVERED = re.compile(r"(?:from|join)\s+\{\{\s*ref\('(stg_(?!plan__|previous__)\w+)'\)")
MODELS = {
    file.stem: file.read_text(encoding="utf-8")
    for file in (DBT_PROJECT / "models").rglob("*.sql")
    if file.parent.name != "staging"
}


def test_deliveries_are_read_as_known_on_the_runs_day() -> None:
    """By `known_rows`, `known_rows_of_sources` or `records_in_force`; a bare table would hold later deliveries too."""
    assert [(model, name) for model, sql in MODELS.items() for name in DELIVERED.findall(sql)] == []
    assert [model for model, sql in MODELS.items() if re.search(r"source\('(?:bronze|quarantine)'", sql)] == []


def test_population_is_read_by_its_own_date() -> None:
    readers = {model for model, sql in MODELS.items() if "ref('stg_population__" in sql}
    assert readers == {"int_population"}
    assert "known_rows(ref('stg_population__figures'), 'population_known_at')" in MODELS["int_population"]


def test_bronze_is_held_against_its_known_ledger_only() -> None:
    sql = (DBT_PROJECT / "tests" / "rows_are_accounted_for.sql").read_text(encoding="utf-8")
    assert "known_rows_of_sources(ref('stg_deliveries__files'))" in sql
