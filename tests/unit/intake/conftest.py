"""A warehouse to land things in, and files to land."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.intake.bronze import delivered_files, quarantined_rows
from pipelines.intake.readers.workbook_process import one_process
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse

HEADER = "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号"
ROWS = (
    "201210424464.6,一种陶瓷釉料,CN102889890A,2013.01.23,2012.10.30,淄博样例陶瓷有限公司,255000 山东省淄博市张店区样例路1号,C04B35/00",
    "201310699744.2,一种样例纤维,CN103699744A,2014.04.02,2013.12.18,淄博样例化工有限公司,255400 山东省淄博市临淄区样例路2号,C08L1/00",
    "201510481495.9,一种样例容器,CN105000001A,2015.10.28,2015.08.07,淄博样例机械有限公司,255300 山东省淄博市周村区样例路3号,B65D1/00",
)

Deliver = Callable[..., Path]


@pytest.fixture(scope="module", autouse=True)
def _one_process() -> Iterator[None]:
    """The tests of a module open their workbooks in one process, if any: starting it takes longer than a test."""
    with one_process():
        yield


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


@pytest.fixture
def faulty(shared_data: Path) -> Callable[[str], bytes]:
    """Content of one of the files that were read wrongly."""
    return lambda name: (shared_data / "faulty-inputs" / name).read_bytes()


@dataclass(frozen=True)
class Landed:
    """What one delivered file became."""

    bronze: pl.DataFrame
    aside: pl.DataFrame
    ledger: dict[str, Any]
    written: str
    """Everything intake wrote about the file, as one text: what must not be in it is nowhere."""

    def row(self, number: int = 0) -> dict[str, Any]:
        """One row of bronze."""
        return self.bronze.row(number, named=True)

    def reasons(self) -> list[tuple[int, str, str | None]]:
        """(source row, reason, field) of the rows set aside."""
        return self.aside.select("source_row", "reason", "field").rows()


Land = Callable[..., Landed]


@pytest.fixture
def land(warehouse: Warehouse, deliver: Deliver) -> Land:
    """Delivers one file of a source and reads it: `land("trademarks", content, "a.csv")`."""

    def one(source: str, content: str | bytes, name: str = "list.csv", day: str = "2024-01-31") -> Landed:
        path = f"{source}/{day}/{name}"
        deliver(path, content)
        result = ingest(warehouse, source)
        assert result.rejected == (), [refused.message for refused in result.rejected]
        assert result.unaccounted() == []
        bronze = pl.read_parquet(warehouse.bronze / source / "*.parquet").filter(pl.col("source_path") == path)
        aside = quarantined_rows(warehouse).filter(pl.col("source_path") == path)
        (ledger,) = delivered_files(warehouse).filter(pl.col("source_path") == path).to_dicts()
        said = bronze.write_json() + aside.write_json() + json.dumps(ledger, ensure_ascii=False, default=str)
        return Landed(bronze.sort("source_row", maintain_order=True), aside.sort("source_row"), ledger, said)

    return one


def patents(*rows: str) -> str:
    """A small list of patents as CSV; the rows of this module unless others are given."""
    return "\n".join([HEADER, *(rows or ROWS)]) + "\n"
