"""Tables in a web page: HTML and MHTML, which many systems write under the name .xls. Each table is a sheet.

A cell is the text it shows; where the page gives the number behind a text that was cut to fit (2.01E+11, ####), it is
that number.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

from lxml import etree

from pipelines.intake.workbooks.markup import MAX_COLUMNS, MAX_ROWS, decoded, within
from pipelines.intake.workbooks.sheet import Sheet, Unreadable, error_cell, number_cell

_ROW = re.compile(rb"<tr[\s>]", re.IGNORECASE)
_NO_ROWS = re.compile(rb"<!--.*?-->|<(script|style|xml)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SILENT = {"script", "style", "head", "xml", "template", "noscript", "table"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CUT = re.compile(r"#+|[+-]?\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
_BREAKS = {"br", "p", "div", "li"}
_SPAN = re.compile(r"\s*(\d{1,5})")


def sheets(content: bytes, *, is_mime: bool) -> Iterator[Sheet]:
    """Every table of a page, or of the pages in one MHTML file, in order. Raises Unreadable."""
    number = 0
    for page in _pages(content) if is_mime else [content]:
        for sheet in _tables(decoded(page)):
            number += 1
            sheet.name = f"table {number}"
            yield sheet


def _pages(content: bytes) -> Iterator[bytes]:
    for part in message_from_bytes(content, policy=policy.default).walk():
        if part.get_content_type() == "text/html" and isinstance(payload := part.get_payload(decode=True), bytes):
            yield payload


def _tables(page: str) -> Iterator[Sheet]:
    text = page.encode()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text, parser) if text.strip() else None
    if root is None:
        return
    tables = list(root.iter("table"))
    rows = sum(1 for table in tables for _ in _own(table, "tr"))
    if rows < len(_ROW.findall(_NO_ROWS.sub(b"", text))):  # the parser gives up where tags are nested without end
        raise Unreadable("rows of its tables cannot be told apart")
    for table in tables:
        yield _sheet(table)


def _sheet(table: etree._Element) -> Sheet:
    sheet = Sheet("")
    taken: dict[int, int] = {}
    """Column → first row below the cell that reaches down over it."""
    for row, line in enumerate(_own(table, "tr")):
        within(row + 1, MAX_ROWS)
        if _HIDDEN.search(line.get("style") or ""):
            sheet.hidden_rows.add(row)
        column = 0
        for cell in _own(line, "td", "th"):
            while taken.get(column, 0) > row:
                column += 1
            across, down = _span(cell.get("colspan"), MAX_COLUMNS), _span(cell.get("rowspan"), MAX_ROWS)
            last = within(column + across, MAX_COLUMNS) - 1
            sheet.put(row, column, _shown(cell))
            if across > 1 or down > 1:
                sheet.merged.append((row, column, row + down - 1, last))
            taken |= dict.fromkeys(range(column, last + 1), row + down)
            column = last + 1
    position = 0
    for of_column in _own(table, "col"):
        width = _span(of_column.get("span"), MAX_COLUMNS)
        if _HIDDEN.search(of_column.get("style") or ""):
            sheet.hidden_columns.update(range(position, within(position + width, MAX_COLUMNS)))
        position += width
    return sheet


def _own(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """What belongs to a table or row itself, through sections and forms but not from a table within it."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag != "table":
            yield from _own(child, *tags)


def _shown(cell: etree._Element) -> str:
    lines = "".join(_texts(cell)).split("\n")
    text = "\n".join(" ".join(line.split()) for line in lines).strip()
    behind = {name.lower().removeprefix("x:"): value for name, value in cell.attrib.items()}
    if "err" in behind:
        return error_cell(text or behind["err"])
    if _CUT.fullmatch(text) and behind.get("num"):
        try:
            return number_cell(float(behind["num"]), "General", False)
        except ValueError:
            return text
    return text


def _texts(element: etree._Element) -> Iterator[str]:
    """The text of a cell in order, without that of a table within it; a line break counts as one, others are blanks."""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        if child.tag in _BREAKS:
            yield "\n"
        if child.tag not in _SILENT and not _HIDDEN.search(child.get("style") or ""):
            yield from _texts(child)
        yield (child.tail or "").replace("\n", " ")


def _span(written: str | None, all_left: int) -> int:
    """Columns or rows a cell covers; 0 says all that are left."""
    found = _SPAN.match(written or "")
    return int(found[1]) or all_left if found else 1
