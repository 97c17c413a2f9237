"""Names as written and the labelled set: variants that mean one unit, namesakes and changes of name that do not."""

import datetime
import hashlib
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.codes import credit_code, party_names
from pipelines.sample import rights
from pipelines.sample.part import PARTIES
from pipelines.sample.rights import names
from tests.sample.rights.parts import Written, drawn_part


def test_every_organisation_has_a_valid_credit_code_of_its_own(written: Written) -> None:
    people = written.part.people
    units = people.filter(pl.col("applicant_kind") == "organisation")
    parsed = units.select(credit_code.parse("credit_code").struct.unnest())
    assert (parsed["quality"] == "ok").all()
    assert units["credit_code"].n_unique() == units.height
    assert units["credit_code"].str.slice(2, 4).unique().to_list() == ["3703"]
    assert people.filter(pl.col("applicant_kind") != "organisation")["credit_code"].null_count() == 900


def test_a_variant_differs_only_in_what_names_are_compared_without(written: Written) -> None:
    rng = np.random.default_rng(5)
    person = written.part.people.row(7, named=True)
    spellings = {names.variant(person, rng) for _ in range(400)}
    written_names = {name for name, _ in spellings}
    assert len(written_names) > 4
    assert {party_names.key(name) for name in written_names} == {party_names.key(person["applicant"])}
    codes = {code for _, code in spellings}
    assert None in codes and {code.upper() for code in codes if code} == {person["credit_code"]}


def test_a_unit_is_written_by_its_new_name_from_the_day_of_the_change(written: Written) -> None:
    people = written.part.people
    row = people.with_row_index("row").filter(pl.col("renamed_on").is_not_null())["row"][0]
    person = people.row(row, named=True)
    day = person["renamed_on"]

    def keys(on: datetime.date) -> set[str | None]:
        rng = np.random.default_rng(1)
        return {party_names.key(names.variant(person, rng, on)[0]) for _ in range(50)}

    assert keys(day) == {party_names.key(person["new_name"])}
    assert keys(day - datetime.timedelta(days=1)) == {party_names.key(person["applicant"])}


def test_the_labelled_set_holds_what_makes_resolution_hard(written: Written) -> None:
    labelled = written.part.parties.frame()
    assert dict(labelled.schema) == PARTIES
    assert 300 < labelled["entity"].n_unique() < 700
    keyed = labelled.with_columns(key=party_names.comparison_key("name"))
    by_key = keyed.group_by("key").agg(pl.col("entity").n_unique(), pl.col("credit_code").null_count())
    namesakes = by_key.filter(pl.col("entity") > 1)
    assert namesakes.height >= 5 and namesakes["credit_code"].sum() == 0  # always told apart by their code
    spellings = labelled.group_by("entity").agg(pl.col("name").n_unique(), pl.col("credit_code").null_count())
    assert (spellings["name"] > 2).sum() > 100 and (spellings["credit_code"] > 0).sum() > 100
    assert keyed.filter(pl.col("source") == "patent_events").group_by("entity").len()["len"].unique().to_list() == [2]


def test_near_names_and_brackets_are_units_of_their_own(written: Written) -> None:
    labelled = written.part.parties.frame()
    assert labelled.filter(pl.col("name").str.contains("近名")).height > 10
    assert labelled.filter(pl.col("name").str.contains("[（(]淄博[）)]")).height > 10


def test_labelled_names_stand_in_the_delivered_files(written: Written) -> None:
    labelled = written.part.parties.frame()
    for source, some in labelled.group_by("source"):
        files = "".join(
            file.read_bytes().decode("gb18030", errors="ignore")
            for file in sorted((written.folder / str(source[0])).rglob("*.csv"))
        )
        present = sum(name in files for name in some["name"])
        assert present > 0.8 * some.height, source


def test_the_same_part_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    part = drawn_part(tmp_path)
    rights.deliver(part)
    assert part.landing.files == written.files

    def digest(folder: Path) -> dict[str, str]:
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in written.files}

    assert digest(tmp_path) == digest(written.folder)


def test_another_part_has_other_numbers_and_names(written: Written, tmp_path: Path) -> None:
    part = drawn_part(tmp_path, number=1)
    delivered = rights.deliver(part)
    assert not set(delivered.marks["registration_no"]) & set(written.delivered.marks["registration_no"])
    codes = [p["credit_code"].drop_nulls() for p in (part.people, written.part.people)]
    assert not set(codes[0]) & set(codes[1])
    assert part.landing.planted_table().is_empty()
