"""What differs from the release before, for a spreadsheet: Chinese headers, UTF-8 with BOM, no formula hides in it."""

import csv
from pathlib import Path

import duckdb

from pipelines.release.revisions import comparison, revised_values
from pipelines.release.safe_text import safe_cell

_OF_RELEASES = {
    "old_release_id": "上一版本 earlier release",
    "new_release_id": "本版本 this release",
    "old_known_at": "上一版本已知至 earlier known at",
    "new_known_at": "本版本已知至 known at",
}
_OF_VALUES = {
    "indicator_id": "指标 indicator",
    "title_zh": "指标名称 indicator (zh)",
    "region_view": "区划口径 region view",
    "region_code": "区划 region",
    "region_zh": "区划名称 region (zh)",
    "period": "期间 period",
    "change_words": "变化 change",
    "old_value": "原值 earlier value",
    "new_value": "现值 value",
    "difference": "差 difference",
    "unit": "单位 unit",
    "old_obs_status": "原数据状态 earlier status",
    "new_obs_status": "数据状态 status",
    "records_in": "计入记录数 records in",
    "records_out": "剔除记录数 records out",
    "records_changed": "变更记录数 records changed",
    "reason_words": "原因 reasons",
    "old_population_vintage": "原人口口径 earlier population",
    "new_population_vintage": "人口口径 population",
}


def write(file: Path, marts: Path) -> None:
    """Write one row per value of `marts` that differs; only the headers where no release came before.

    The first column says when data are synthetic.
    """
    with duckdb.connect(str(marts), read_only=True) as connection:
        ((is_synthetic,),) = connection.execute("select is_synthetic from release").fetchall()
        releases = comparison(connection) or {}
        rows = revised_values(connection)
    kind = "合成 SYNTHETIC" if is_synthetic else "交付 delivered"
    of_releases = [kind, *(releases.get(name) for name in _OF_RELEASES)]
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["数据性质 data", *_OF_RELEASES.values(), *_OF_VALUES.values()])
        writer.writerows(of_releases + [safe_cell(row[name]) for name in _OF_VALUES] for row in rows)
