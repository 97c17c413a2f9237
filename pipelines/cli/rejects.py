"""`ipw rejects`: what intake set aside, whether or not it has been published. No mart is read here."""

import polars as pl

from pipelines.cli.naming import nearest
from pipelines.cli.output import Format, messages, show
from pipelines.contracts.registry import contracts
from pipelines.errors import ConfigError
from pipelines.intake.bronze import quarantined_rows, rejected_files
from pipelines.paths import Warehouse


def show_rejects(warehouse: Warehouse, form: Format, *, source: str | None, limit: int) -> None:
    """Print rejected files and quarantined rows; says how many there are when not all are shown.

    Raises ConfigError for a source that has no contract.
    """
    if source and source not in contracts():
        raise ConfigError(f"no source {source}{nearest(source, contracts())}; there are {', '.join(contracts())}")
    files, found = rejected_files(warehouse), quarantined_rows(warehouse)
    if source:
        files, found = files.filter(pl.col("source") == source), found.filter(pl.col("source") == source)
    for file in files.iter_rows(named=True):
        messages.print(f"rejected file: {file['message']}")
    headers = {
        "source": "来源", "source_path": "文件 file", "source_row": "行 row", "reason": "原因 reason",
        "field": "字段 field", "value": "值 value", "raw": "原始行 raw",
    }  # fmt: skip
    if form is Format.TABLE:
        headers.pop("raw")
    show(found.sort("source", "source_path", "source_row").head(limit).to_dicts(), headers, form)
    if found.height > limit:
        messages.print(f"{found.height} rows in quarantine, {limit} shown; --limit shows more")
