"""Columns and types made from a contract: bronze, quarantine and the intake ledger. Descriptions travel with them.

Belongs here: names, polars types and wording of everything intake writes. Does not belong here: writing it.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl
from polars._typing import PolarsDataType

from pipelines.contracts.model import Bilingual, Contract, SourceField


@dataclass(frozen=True)
class Column:
    """One column of a table intake writes."""

    name: str
    dtype: PolarsDataType
    title: Bilingual
    field: SourceField | None = None
    """The contract field it comes from, if any."""
    part: str | None = None
    """Which part of that field's value (`also`); None for the value itself."""


_DTYPES: dict[str, PolarsDataType] = {
    "date": pl.Date(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "amount": pl.Decimal(18, 2),
    "boolean": pl.Boolean(),
}

_PARTS: dict[tuple[str, str], tuple[PolarsDataType, str, str]] = {
    ("application_no", "quality"): (pl.String(), "质量(ok、spoiled、absent)", "quality (ok, spoiled, absent)"),
    ("publication_no", "kind"): (pl.String(), "文献种类代码", "kind code"),
    ("ipc_list", "first"): (pl.String(), "首个分类号", "first symbol"),
    ("ipc_list", "locarno"): (pl.String(), "洛迦诺分类号", "Locarno classes"),
    ("address", "division_code"): (pl.String(), "行政区划代码", "division code"),
    ("address", "rest"): (pl.String(), "区划以下部分", "what follows the division"),
    ("party_name", "kind"): (pl.String(), "类别(organisation、natural_person)", "kind (organisation, natural_person)"),
    ("party_name", "count"): (pl.Int32(), "人数", "number named"),
    ("party_name", "key"): (pl.String(), "名称比对键", "name in the form names are compared in"),
    ("party_list", "key"): (pl.String(), "首位名称比对键", "first name in the form names are compared in"),
    ("copyright_no", "certificate"): (pl.String(), "证书号", "certificate number"),
    ("copyright_no", "kind"): (pl.String(), "作品类别", "kind of work"),
    ("number", "decimals"): (pl.Int32(), "书写小数位数", "decimals as written"),
    ("period", "type"): (pl.String(), "期间类型", "type"),
    ("period", "start"): (pl.Date(), "期初", "start"),
    ("period", "end"): (pl.Date(), "期末", "end"),
}

_INT32_FIELDS = {"decimals"}  # a field that shares its column with a 32-bit part


def _column(name: str, dtype: PolarsDataType, zh: str, en: str) -> Column:
    return Column(name, dtype, Bilingual(zh=zh, en=en))


PROVENANCE = (
    _column("source_file_sha256", pl.String(), "来源文件 SHA-256", "SHA-256 of the delivered file"),
    _column("source_path", pl.String(), "来源文件路径(相对交付目录)", "delivered file, relative to landing"),
    _column("source_row", pl.Int64(), "来源行号(含表头和标题行)", "row in that file, header and titles counted"),
    _column("delivered_on", pl.Date(), "交付日期", "delivery date, the knowledge date of the row"),
    _column("batch_id", pl.String(), "批次", "batch that brought the row"),
    _column("is_synthetic", pl.Boolean(), "是否合成数据", "true below a SYNTHETIC marker"),
    _column("extras", pl.String(), "其他列(JSON)", "columns the contract does not know, as JSON; no personal data"),
)

_FILE = (
    _column("source", pl.String(), "数据来源", "source"),
    _column("batch_id", pl.String(), "批次", "batch"),
    _column("source_path", pl.String(), "文件路径", "delivered file, relative to landing"),
    _column("source_file_sha256", pl.String(), "文件 SHA-256", "SHA-256 of the file"),
    _column("delivered_on", pl.Date(), "交付日期", "delivery date"),
)

DELIVERED_FILES = (
    *_FILE,
    _column("is_synthetic", pl.Boolean(), "是否合成数据", "true below a SYNTHETIC marker"),
    _column("size_bytes", pl.Int64(), "字节数", "size in bytes"),
    _column("reader", pl.String(), "读取器", "reader and dialect"),
    _column("encoding", pl.String(), "编码", "encoding found"),
    _column("status", pl.String(), "状态", "loaded, duplicate_content, no_data (a drawing, a letter) or rejected"),
    _column("rows_in", pl.Int64(), "读入行数", "rows read: out + quarantined + duplicate"),
    _column("rows_out", pl.Int64(), "入库行数", "rows that became bronze"),
    _column("rows_quarantined", pl.Int64(), "隔离行数", "rows set aside with a reason"),
    _column("rows_duplicate", pl.Int64(), "重复行数", "rows equal to an earlier row of the file"),
    _column("header", pl.String(), "表头(JSON)", "header as delivered, JSON list"),
    _column("unknown_columns", pl.String(), "未知列(JSON)", "columns the contract does not know, JSON list"),
    _column("dropped_columns", pl.String(), "已删除的个人信息列(JSON)", "personal columns dropped, JSON list"),
    _column("corrections_applied", pl.String(), "已应用更正(JSON)", "declared corrections applied, JSON list"),
    _column(
        "rejects_by_reason",
        pl.String(),
        "各原因行数(JSON)",
        "rows set aside by reason, JSON object",
    ),
    _column(
        "message",
        pl.String(),
        "说明",
        "why a file was rejected; what one without data is; or what was set aside in it and which problems were kept",
    ),
)

DELIVERED_FIELDS = (
    *_FILE,
    _column("field", pl.String(), "字段", "field of the contract"),
    _column("header_as_delivered", pl.String(), "原表头", "header it came under"),
    _column("is_present", pl.Boolean(), "是否提供", "whether the file has the field"),
    _column("n_rows", pl.Int64(), "入库行数", "rows that became bronze"),
    _column("n_null", pl.Int64(), "空值数", "of these, rows without a value (blank or sentinel)"),
    _column("n_distinct", pl.Int64(), "不同值数", "distinct values in bronze; null for dropped fields"),
    _column("min_text", pl.String(), "最小值", "smallest value in bronze, as text"),
    _column("max_text", pl.String(), "最大值", "largest value in bronze, as text"),
    _column(
        "n_rejected", pl.Int64(), "问题值数", "values with a problem in all rows read, those of kept rows included"
    ),
)

QUARANTINE = (
    *_FILE[:4],
    _column("source_row", pl.Int64(), "行号", "row in the file"),
    _FILE[4],
    _column("reason", pl.String(), "原因代码", "first reason found, see the list of reasons"),
    _column("field", pl.String(), "字段", "offending field"),
    _column("value", pl.String(), "问题值", "offending value as delivered; null when personal"),
    _column("raw", pl.String(), "原始行(JSON)", "the row as delivered, JSON, without personal data"),
)


def dtype(field: SourceField) -> PolarsDataType:
    """Type of the bronze column that holds a field's value."""
    if field.name in _INT32_FIELDS:
        return pl.Int32()
    return _DTYPES.get(field.type, pl.String())


@cache
def content_columns(source: Contract) -> tuple[Column, ...]:
    """Bronze columns made from the contract's fields, in its order, parts after their field; dropped fields none.

    A field of type `period` has only parts. A part may fill a column that is also a field of its own (the kind code
    inside a publication number): the column stands once, where the contract first names it.
    """
    columns: dict[str, Column] = {}
    own = {field.name: field for field in source.delivered_fields}
    for field in source.delivered_fields:
        if field.type != "period":
            columns.setdefault(field.name, Column(field.name, dtype(field), field.title, field))
        for part, name in field.also.items():
            if name in own:
                columns.setdefault(name, Column(name, dtype(own[name]), own[name].title, own[name]))
                continue
            part_dtype, zh, en = _PARTS[field.type, part]
            title = Bilingual(zh=f"{field.title.zh}:{zh}", en=f"{field.title.en}: {en}")
            columns[name] = Column(name, part_dtype, title, field, part)
    return tuple(columns.values())


def bronze_columns(source: Contract) -> tuple[Column, ...]:
    """All columns of a source's bronze table."""
    return (*content_columns(source), *PROVENANCE)


def bronze_schema(source: Contract) -> pl.Schema:
    """The polars schema of a source's bronze table."""
    return schema(bronze_columns(source))


def schema(columns: tuple[Column, ...]) -> pl.Schema:
    """The polars schema of a list of columns."""
    return pl.Schema({column.name: column.dtype for column in columns})
