"""What Dagster shows of a published release: its board, and the numbers it draws from release to release."""

from typing import Any

import dagster as dg
import duckdb

from pipelines.release.board import board
from pipelines.release.display import SYNTHETIC, markdown_table
from pipelines.release.publish import Release
from pipelines.release.rows import rows

_COUNTS = """
select
  (select count(*) from indicator_revision) as values_revised,
  (select count(*) from fct_indicator_value where value is not null) as values_known,
  (select sum(rows_quarantined) from source_health) as rows_quarantined,
  (select bool_or(is_synthetic) from release) as is_synthetic
"""
_COLUMNS = {
    "plan_id": "规划 plan", "title_zh": "目标 target", "year": "年度 year", "comparator": "", "target_value": "目标值",
    "actual_value": "实际值 actual", "unit": "单位", "status": "状态 status",
}  # fmt: skip


def release_metadata(release: Release) -> dict[str, Any]:
    """Identity and place, the newest board as a table, targets by status, revised values, quarantine, bytes."""
    with duckdb.connect(str(release.folder / "marts.duckdb"), read_only=True) as connection:
        lines = board(connection)
        (counts,) = rows(connection, _COUNTS)
    shown = markdown_table(list(_COLUMNS.values()), ([line[name] for name in _COLUMNS] for line in lines))
    synthetic = counts.pop("is_synthetic")
    statuses = [line["status_en"].replace(" ", "_") for line in lines]
    return {
        "release_id": release.release_id,
        "path": dg.MetadataValue.path(str(release.folder)),
        "board": dg.MetadataValue.md((f"**{SYNTHETIC}**\n\n" if synthetic else "") + shown),
        **{f"targets_{status}": statuses.count(status) for status in sorted(set(statuses))},
        **{name: int(count or 0) for name, count in counts.items()},
        "megabytes": round(sum(file.stat().st_size for file in release.folder.rglob("*") if file.is_file()) / 1e6, 1),
        "tables": len(release.tables),
        "dagster/row_count": sum(release.tables.values()),
    }
