"""The dbt sources and the contracts say the same, both ways."""

import yaml

from pipelines.contracts import dbt_sources
from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import DELIVERED_FIELDS, DELIVERED_FILES, QUARANTINE, bronze_schema


def test_the_file_in_the_project_is_the_one_the_contracts_give() -> None:
    assert dbt_sources.TARGET.read_text(encoding="utf-8") == dbt_sources.text(), (
        "run: python -m pipelines.contracts.dbt_sources"
    )


def test_every_source_and_column_is_there_and_no_other() -> None:
    declared = yaml.safe_load(dbt_sources.TARGET.read_text(encoding="utf-8"))["sources"]
    tables = {
        (source["name"], table["name"]): [column["name"] for column in table["columns"]]
        for source in declared
        for table in source["tables"]
    }
    expected = {("bronze", name): bronze_schema(contract).names() for name, contract in contracts().items()}
    expected |= {("quarantine", name): [column.name for column in QUARANTINE] for name in contracts()}
    expected[("bronze", "delivered_files")] = [column.name for column in DELIVERED_FILES]
    expected[("bronze", "delivered_fields")] = [column.name for column in DELIVERED_FIELDS]
    assert tables == expected


def test_types_are_those_of_sql() -> None:
    declared = yaml.safe_load(dbt_sources.text())["sources"]
    types = {c["data_type"] for s in declared for t in s["tables"] for c in t["columns"]}
    assert types == {"varchar", "date", "bigint", "integer", "double", "boolean", "decimal(18, 2)"}
