"""Contracts load, refuse mistakes with a sentence, and give the bronze schema that the rest relies on."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.reasons import REASONS
from pipelines.contracts.registry import FOLDER, contract, contracts, load
from pipelines.contracts.schema import bronze_columns, bronze_schema
from pipelines.errors import ConfigError
from pipelines.plans import load_catalogue

MINIMAL = """
source: sample
title: {zh: 样例, en: Sample}
grain: one sample
description: {zh: 样例, en: Sample}
business_key: [[code]]
earliest_date: 2000-01-01
max_reject_share: 0.1
min_rows_for_share: 10
fields:
  - {name: code, type: text, title: {zh: 编号, en: Code}}
"""


def written(folder: Path, text: str, name: str = "sample.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_every_source_of_the_catalogue_has_a_contract() -> None:
    """Corrections are declared, not delivered: they have a form of their own (intake/corrections.py)."""
    assert set(contracts()) == set(load_catalogue().sources) - {"corrections"}


def test_a_minimal_contract_takes_what_is_common_to_all(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, MINIMAL))
    assert [field.name for field in loaded.fields] == ["code", "is_withdrawn"]
    assert "暂无" in loaded.sentinels and "9999-9-9" in loaded.date_sentinels and "序号" in loaded.ordinals


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("type: text", "type: txt"), "field code, type"),
        (("grain: one sample", "grain: one sample\ngrian: 1"), "grian: Extra inputs"),
        (
            ("business_key: [[code]]", "business_key: [[number]]"),
            "business_key names no column of the contract: number",
        ),
        (("max_reject_share: 0.1", "max_reject_share: 2"), "max_reject_share"),
        (("name: code, type: text", "name: 编号, type: text"), "ASCII"),
        (("type: text", "type: code"), "a code needs values, a reference or a pattern"),
        (("type: text", "type: text, also: {kind: code_kind}"), "a text has no part kind"),
        (("type: text", "type: person_name"), "personal: drop"),
        (("type: text", "type: amount"), "an amount needs a unit"),
        (
            ("  - {name: code", "  - {name: code, type: text, title: {zh: 甲, en: A}}\n  - {name: code"),
            "declared twice",
        ),
        (("fields:", "fields: ["), "not readable as YAML"),
        (("source: sample", "source: other"), "name the file other.yaml"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_place(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, MINIMAL.replace(*change)))
    assert said in str(refused.value)
    assert "sample.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_source_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="patents, penalties"):
        contract("patent")


def test_the_bronze_schema_of_patents_is_the_one_models_are_written_for() -> None:
    expected = {
        "application_no": pl.String, "application_no_quality": pl.String, "publication_no": pl.String,
        "publication_kind": pl.String, "publication_date": pl.Date, "patent_type": pl.String, "title": pl.String,
        "filing_date": pl.Date, "grant_publication_no": pl.String, "grant_publication_kind": pl.String,
        "grant_date": pl.Date, "applicant": pl.String, "applicant_key": pl.String, "applicant_kind": pl.String,
        "applicant_count": pl.Int32, "address": pl.String, "division_code": pl.String, "address_rest": pl.String, "main_ipc": pl.String,
        "ipc": pl.String, "locarno": pl.String, "parent_application_no": pl.String, "legal_status": pl.String,
        "legal_status_date": pl.Date, "keywords": pl.String, "abstract": pl.String, "agency": pl.String,
        "is_withdrawn": pl.Boolean, "source_file_sha256": pl.String, "source_path": pl.String,
        "source_row": pl.Int64, "delivered_on": pl.Date, "batch_id": pl.String, "is_synthetic": pl.Boolean,
        "extras": pl.String,
    }  # fmt: skip
    assert dict(bronze_schema(contract("patents"))) == expected


@pytest.mark.parametrize("source", list(contracts()))
def test_names_of_persons_have_no_column(source: str) -> None:
    dropped = {field.name for field in contract(source).fields if field.personal == "drop"}
    assert not dropped & {column.name for column in bronze_columns(contract(source))}


@pytest.mark.parametrize("source", list(contracts()))
def test_every_column_is_described_in_both_languages(source: str) -> None:
    assert all(column.title.zh and column.title.en for column in bronze_columns(contract(source)))


def test_reasons_a_contract_names_are_on_the_closed_list() -> None:
    named = {field.reason for one in contracts().values() for field in one.fields if field.reason}
    assert named == {"event_code_unknown"} and named <= set(REASONS)


def test_every_contract_can_be_read_by_a_person_who_only_knows_yaml() -> None:
    """Each opens with what one row is, before the first key."""
    for file in FOLDER.glob("*.yaml"):
        assert file.read_text(encoding="utf-8").startswith("# "), file.name
