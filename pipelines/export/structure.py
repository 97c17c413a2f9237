"""The SDMX structure of the figures: concepts, code lists, data structure and dataflow. Writing them is in `sdmx`.

Dimensions and attributes are those of the register (`domain.md` F.7). Codes come from the release's own dimensions, so
that another city's plan needs no change here.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import duckdb
import polars as pl
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)

from pipelines.export.forms import Confidentiality

AGENCY = "IPW"
VERSION = "1.0.0"
DATAFLOW = "IP_PLAN"

_NAME = "知识产权规划指标与目标 · Indicators and targets of IP plans"
_NOT_APPLICABLE = ("_Z", "不适用 · Not applicable")
_FREQUENCIES = {
    "M": "月 · Monthly",
    "Q": "季 · Quarterly",
    "S": "半年 · Half-yearly",
    "A": "年 · Annual",
    "A5": "五年 · Quinquennial",
}
_VIEWS = {"statutory": "法定区划 · Statutory districts", "management": "管理口径 · Zones taken out of their districts"}
_MEASURES = {
    "LEVEL": "数值 · Level",
    "PER_10K": "每万人 · Per 10,000 residents",
    "TARGET": "目标值 · The plan's figure",
    "COMPLETION": "完成率 · Actual divided by target",
    "PROGRESS": "进度完成率 · (Actual − baseline) divided by (target − baseline)",
    "EVIDENCE": "佐证材料数 · Documents that show a written target",
}
_OBSERVATION_STATUSES = {
    "A": "正常 · Normal value",
    "B": "口径变化 · Time series break",
    "L": "未采集 · Missing value, data exist but were not collected",
    "O": "缺失 · Missing value",
    "P": "初步 · Provisional value",
    "U": "下限 · Low reliability: a lower bound",
}
_CONFIDENTIALITY = {
    Confidentiality.FREE.value: "可公开 · Free",
    Confidentiality.INTERNAL.value: "不公开 · Not for publication, internal use only",
    Confidentiality.CONFIDENTIAL.value: "保密 · Confidential",
}
_MULTIPLIERS = {"0": "个 · Units", "4": "万 · Ten thousand", "8": "亿 · Hundred million"}
_KINDS = {
    "SYNTHETIC": "合成数据,非该市真实数据 · Synthetic data, not the city's figures",
    "DELIVERED": "交付数据 · Computed from deliveries",
}

_AREAS = "select distinct region_code, concat(name_zh, ' · ', name_en) from dim_region order by region_code"
_INDICATORS = (
    "select indicator_id, concat(title_zh, ' · ', title_en) from dim_indicator order by sort_order, indicator_id"
)
_TARGETS = (
    "select concat(plan_id, '-', target_id), concat(title_zh, ' · ', title_en) from dim_plan_target "
    "where is_version_in_force order by plan_id, target_id"
)
_STATUSES = "select distinct status, concat(status_zh, ' · ', status_en) from target_vs_actual order by status"


class _Part(NamedTuple):
    """A component of the data structure; `level` of an attribute: O observation, D dataset, or the dimensions."""

    name: str
    dtype: DataType
    role: Role
    level: str | None


def _dimension(name: str, dtype: DataType = DataType.STRING) -> _Part:
    return _Part(name, dtype, Role.DIMENSION, None)


def _attribute(name: str, dtype: DataType = DataType.STRING, level: str = "O") -> _Part:
    return _Part(name, dtype, Role.ATTRIBUTE, level)


_SERIES = "FREQ,REF_AREA,REGION_VIEW,INDICATOR,MEASURE,PLAN_TARGET"
_PARTS = {
    "FREQ": _dimension("频率 · Frequency"),
    "REF_AREA": _dimension("区域 · Reference area: GB/T 2260, and the project's codes for zones"),
    "REGION_VIEW": _dimension("区划口径 · View of the districts"),
    "INDICATOR": _dimension("指标 · Indicator"),
    "MEASURE": _dimension("度量 · Measure"),
    "PLAN_TARGET": _dimension("规划目标 · Target of a plan"),
    "TIME_PERIOD": _dimension("期间 · Time period", DataType.PERIOD),
    "OBS_VALUE": _Part("数值 · Observed value", DataType.DOUBLE, Role.MEASURE, None),
    "OBS_STATUS": _attribute("数据状态 · Observation status"),
    "CONF_STATUS": _attribute("保密状态 · Confidentiality"),
    "UNIT_MEASURE": _attribute("计量单位 · Unit of measure", level=_SERIES),
    "UNIT_MULT": _attribute("单位倍数 · Unit multiplier, a power of ten", level=_SERIES),
    "DECIMALS": _attribute("小数位数 · Decimals to show", DataType.INTEGER, _SERIES),
    "BASE_PER": _attribute("基数 · Residents a ratio is per", DataType.INTEGER, _SERIES),
    "POP_VINTAGE": _attribute("人口数据版本 · Population vintage"),
    "OBSERVED_UNTIL": _attribute("数据截至 · Observed until", DataType.DATE),
    "TARGET_STATUS": _attribute("目标状态 · Status of a target"),
    "COMMENT": _attribute("说明 · Comment"),
    "RELEASE": _attribute("版本 · Release", level="D"),
    "KNOWN_AT": _attribute("已知至 · Known at: deliveries after this day are not in it", DataType.DATE, "D"),
    "DATA_KIND": _attribute("数据性质 · Kind of data", level="D"),
}
_FIELD_TYPES = {DataType.DOUBLE: "number", DataType.INTEGER: "integer", DataType.DATE: "date"}


def structures(
    connection: duckdb.DuckDBPyConnection, units: pl.DataFrame
) -> list[Codelist | ConceptScheme | DataStructureDefinition | Dataflow]:
    """All artefacts for the release that is connected; `units` has the code and name of each unit."""
    codes = {name: _code_list(name, listed) for name, listed in _codes(connection, units)}
    concepts = [Concept(name, name=part.name, dtype=part.dtype) for name, part in _PARTS.items()]
    scheme = ConceptScheme(id="CS_IP_PLAN", name="概念 · Concepts", agency=AGENCY, version=VERSION, items=concepts)
    components = [
        Component(
            name,
            required=part.role is not Role.ATTRIBUTE,
            role=part.role,
            concept=ItemReference("Concept", AGENCY, scheme.id, VERSION, name),
            local_dtype=None if name in codes else part.dtype,
            local_codes=codes.get(name),
            attachment_level=part.level,
        )
        for name, part in _PARTS.items()
    ]
    definition = DataStructureDefinition(
        id="DSD_IP_PLAN", name=_NAME, agency=AGENCY, version=VERSION, components=Components(components)
    )
    flow = Dataflow(id=DATAFLOW, name=_NAME, agency=AGENCY, version=VERSION, structure=definition)
    return [*codes.values(), scheme, definition, flow]


def table_schema() -> dict[str, Any]:
    """The columns of an SDMX-CSV 2.0 file of this structure, as a Table Schema for the data package."""
    said_of_all = [{"name": name, "type": "string"} for name in ("STRUCTURE", "STRUCTURE_ID", "ACTION")]
    fields = [
        {"name": name, "type": _FIELD_TYPES.get(part.dtype, "string"), "description": part.name}
        for name, part in _PARTS.items()
    ]
    return {"fields": said_of_all + fields, "primaryKey": [*_SERIES.split(","), "TIME_PERIOD"]}


def code(identifier: str) -> str:
    """An id of the warehouse as an SDMX code, which has no dots."""
    return identifier.replace(".", "_")


def _codes(
    connection: duckdb.DuckDBPyConnection, units: pl.DataFrame
) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    def of_release(query: str) -> list[tuple[str, str]]:
        return [(code(identifier), str(name)) for identifier, name in connection.execute(query).fetchall()]

    yield "FREQ", _FREQUENCIES.items()
    yield "REF_AREA", of_release(_AREAS)
    yield "REGION_VIEW", _VIEWS.items()
    yield "INDICATOR", [_NOT_APPLICABLE, *of_release(_INDICATORS)]
    yield "MEASURE", _MEASURES.items()
    yield "PLAN_TARGET", [_NOT_APPLICABLE, *of_release(_TARGETS)]
    yield "OBS_STATUS", _OBSERVATION_STATUSES.items()
    yield "CONF_STATUS", _CONFIDENTIALITY.items()
    yield "UNIT_MEASURE", units.select("code", "name").unique().sort("code").rows()
    yield "UNIT_MULT", _MULTIPLIERS.items()
    yield "TARGET_STATUS", of_release(_STATUSES)
    yield "DATA_KIND", _KINDS.items()


def _code_list(concept: str, codes: Iterable[tuple[str, str]]) -> Codelist:
    items = [Code(identifier, name=name) for identifier, name in codes]
    return Codelist(id=f"CL_{concept}", name=_PARTS[concept].name, agency=AGENCY, version=VERSION, items=items)
