"""Tables in a Word document (.docx). Each is a sheet of its own; which of them fit the contract is workbook.py's.

Read from the document's own part rather than through python-docx, which leaves out what was inserted under tracking and
what stands in content controls: both are shown.
"""

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipelines.contracts.model import Contract
from pipelines.intake.readers import kinds
from pipelines.intake.readers.base import RawTable, UnreadableFile
from pipelines.intake.readers.grids import Cell, Grid, named
from pipelines.intake.readers.workbook import read_grids
from pipelines.intake.readers.xml_parts import attributes, elements, local

MAX_BYTES = 256 * 2**20
"""The document's part is held in memory as a tree."""

_COLUMNS = re.compile(r"\d{1,5}")
_DELETED = {"del", "moveFrom", "Fallback", "tbl"}
"""What is not shown, what a shape says a second time, and what belongs to a table within a cell."""


def read_word(content: bytes, contract: Contract) -> RawTable:
    """Read all tables that have the contract's columns. Raises NoData for a document without such a table."""
    grids = [_grid(table) for table in _document(content).iter() if local(table.tag) == "tbl"]
    tables = named(grids)
    try:
        return read_grids(tables, contract, "docx")
    except UnreadableFile as error:
        # The ledger gets no header: a table in a letter may well name persons.
        do = str(error) if tables else kinds.WITHOUT
        raise kinds.Kind("a Word document without a table that fits", do, "archive").error() from error


def _document(content: bytes) -> Element:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        if opened.getinfo("word/document.xml").file_size > MAX_BYTES:
            raise UnreadableFile(
                f"the Word document holds more than {MAX_BYTES:,} bytes of text; save its table as .xlsx"
            )
        part = opened.read("word/document.xml")
    return deque((element for _, element in elements(part)), maxlen=1).pop()


def _grid(table: Element) -> Grid:
    grid = Grid()
    above: dict[int, str] = {}
    for row in _own(table, "tr"):
        properties = {local(item.tag): attributes(item) for part in row if local(part.tag) == "trPr" for item in part}
        if "del" in properties:
            continue
        cells: list[Cell] = []
        at = _number(properties.get("gridBefore"), 0)
        for cell in _own(row, "tc"):
            about = {local(item.tag): attributes(item) for part in cell if local(part.tag) == "tcPr" for item in part}
            across = max(_number(about.get("gridSpan"), 1), 1)
            goes_on = "vMerge" in about and about["vMerge"].get("val", "continue") == "continue"
            text = above.get(at, "") if goes_on else _text(cell)
            if about.get("hMerge", {}).get("val") == "continue" and cells:
                text = cells[-1].text
            above[at] = text
            cells.append(Cell(text, across, at=at))
            at += across
        grid.add(cells)
    return grid


def _number(found: dict[str, str] | None, otherwise: int) -> int:
    written = (found or {}).get("val", "")
    return int(written) if _COLUMNS.fullmatch(written) else otherwise


def _own(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells of a table itself, through content controls and tracked changes but not from a table within it."""
    for child in element:
        name = local(child.tag)
        if name == tag:
            yield child
        elif name not in _DELETED:
            yield from _own(child, tag)


def _text(cell: Element) -> str:
    """What a cell shows, a line for each paragraph."""
    return "".join(_texts(cell)).strip()


def _texts(element: Element) -> Iterator[str]:
    for child in element:
        name = local(child.tag)
        if name == "t":
            yield child.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "tab":
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "r" and any(local(item.tag) == "vanish" for part in child for item in part):
            continue
        elif name not in _DELETED and name not in ("pPr", "rPr", "tcPr", "trPr"):
            yield from _texts(child)
            if name == "p":
                yield "\n"
