"""A warehouse to land things in, and files to land."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.paths import Warehouse

HEADER = "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号"
ROWS = (
    "201210424464.6,一种陶瓷釉料,CN102889890A,2013.01.23,2012.10.30,淄博样例陶瓷有限公司,255000 山东省淄博市张店区样例路1号,C04B35/00",
    "201310699744.2,一种样例纤维,CN103699744A,2014.04.02,2013.12.18,淄博样例化工有限公司,255400 山东省淄博市临淄区样例路2号,C08L1/00",
    "201510481495.9,一种样例容器,CN105000001A,2015.10.28,2015.08.07,淄博样例机械有限公司,255300 山东省淄博市周村区样例路3号,B65D1/00",
)

Deliver = Callable[..., Path]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(tmp_path)


@pytest.fixture
def deliver(warehouse: Warehouse) -> Deliver:
    """Puts a file in landing: `deliver("patents/2024-01-31/a.csv", content)`; text is written as UTF-8."""

    def put(path: str, content: str | bytes) -> Path:
        target = warehouse.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    return put


def patents(*rows: str) -> str:
    """A small list of patents as CSV; the rows of this module unless others are given."""
    return "\n".join([HEADER, *(rows or ROWS)]) + "\n"
