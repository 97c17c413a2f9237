"""Tables in a Word document (.docx). Each is a sheet.

Read from the document's own part rather than through python-docx, which leaves out what was inserted under tracking and
what stands in content controls: both are shown.
"""

import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipelines.intake.workbooks.markup import MAX_COLUMNS, attributes, elements, local, within
from pipelines.intake.workbooks.sheet import Area, Sheet, Unreadable

PART = "word/document.xml"

_NOT_SHOWN = {"del", "moveFrom", "Fallback", "tbl"}
"""What was deleted, what a shape says a second time, and what belongs to a table within a cell."""
_PROPERTIES = {"pPr", "rPr", "tcPr", "trPr"}
_WHOLE = re.compile(r"\d{1,5}")


def sheets(content: bytes) -> Iterator[Sheet]:
    """Every table of a document, in order. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            xml = parts.read(PART)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())) from error
    root = deque((element for _, element in elements(xml)), maxlen=1).pop()
    tables = (table for table in root.iter() if local(table.tag) == "tbl")
    return (_sheet(f"table {number}", table) for number, table in enumerate(tables, start=1))


def _sheet(name: str, table: Element) -> Sheet:
    sheet = Sheet(name)
    areas: dict[tuple[int, int], Area] = {}
    begun: dict[int, int] = {}
    """Column → first row of the cell that may go on in the next row."""
    shown = (row for row in _own(table, "tr") if "del" not in _properties(row, "trPr"))
    for row, line in enumerate(shown):
        column = _number(_properties(line, "trPr").get("gridBefore"), 0)
        goes_on: dict[int, int] = {}
        for cell in _own(line, "tc"):
            about = _properties(cell, "tcPr")
            last = within(column + max(_number(about.get("gridSpan"), 1), 1), MAX_COLUMNS) - 1
            merge = about.get("vMerge")
            top = row
            if merge is not None and merge.get("val") != "restart" and column in begun:
                top = begun[column]
            else:
                sheet.put(row, column, "".join(_texts(cell)).strip())
            goes_on[column] = top
            if top < row or last > column:
                areas[top, column] = top, column, row, last
            column = last + 1
        begun = goes_on
    sheet.merged = list(areas.values())
    return sheet


def _properties(element: Element, name: str) -> dict[str, dict[str, str]]:
    return {local(item.tag): attributes(item) for part in element if local(part.tag) == name for item in part}


def _number(found: dict[str, str] | None, otherwise: int) -> int:
    written = (found or {}).get("val", "")
    return int(written) if _WHOLE.fullmatch(written) else otherwise


def _own(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells of a table itself, through content controls and tracked changes but not from a table within it."""
    for child in element:
        name = local(child.tag)
        if name == tag:
            yield child
        elif name not in _NOT_SHOWN:
            yield from _own(child, tag)


def _texts(element: Element) -> Iterator[str]:
    """What a cell shows, a line for each paragraph."""
    for child in element:
        name = local(child.tag)
        if name == "t":
            yield child.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name in ("tab", "noBreakHyphen"):
            yield "-" if name == "noBreakHyphen" else " "
        elif name == "r" and any(local(item.tag) == "vanish" for part in child for item in part):
            continue
        elif name not in _NOT_SHOWN | _PROPERTIES:
            yield from _texts(child)
            if name == "p":
                yield "\n"
