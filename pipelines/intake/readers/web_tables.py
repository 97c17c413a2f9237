"""Tables in a web page: HTML and MHTML, which many systems write under the name .xls.

A cell is the text it shows; where the page gives the number behind a text that was cut to fit (2.01E+11, ####), it is
that number. Each table is a sheet of its own; which of them fit the contract is workbook.py's.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

from lxml import etree

from pipelines.contracts.model import Contract
from pipelines.intake.readers.base import RawTable, UnreadableFile, decode
from pipelines.intake.readers.grids import Cell, Grid, named
from pipelines.intake.readers.workbook import read_grids

MAX_BYTES = 256 * 2**20
"""A page is held in memory as a tree."""

_ROW = re.compile(rb"<tr[\s>]", re.IGNORECASE)
_NO_ROWS = re.compile(
    rb"<!--.*?-->|<(script|style|xml)\b.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_SILENT = {"script", "style", "head", "xml", "template", "noscript"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CUT = re.compile(r"#+|[+-]?\d(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
_BREAKS = {"br", "p", "div", "li"}
_SPAN = re.compile(r"\s*(\d{1,5})")
_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)


def read_page(content: bytes, contract: Contract) -> RawTable:
    """Read all tables that have the contract's columns. Raises UnreadableFile for a page without such a table."""
    is_mime = _MIME.search(content[:4096]) is not None and not content.lstrip().startswith(b"<")
    pages = list(_pages(content)) if is_mime else [decode(content)[0]]
    if sum(map(len, pages)) > MAX_BYTES:
        raise UnreadableFile(f"the web page is larger than {MAX_BYTES:,} bytes; save it as .xlsx, deliver that")
    grids = [grid for page in pages for grid in _grids(page)]
    try:
        return read_grids(named(grids), contract, "mhtml" if is_mime else "html")
    except UnreadableFile as error:
        raise UnreadableFile(
            f"this is a web page saved under another name, and none of its {len(grids)} tables fits: {error}"
        ) from error


def _pages(content: bytes) -> Iterator[str]:
    """The pages in one MHTML file."""
    for part in message_from_bytes(content, policy=policy.default).walk():
        if part.get_content_type() == "text/html" and isinstance(payload := part.get_payload(decode=True), bytes):
            yield decode(payload)[0]


def _grids(page: str) -> Iterator[Grid]:
    text = page.encode()
    if not text.strip():
        return
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text, parser)
    if root is None:
        return
    rows = 0
    for table in root.iter("table"):
        grid = Grid()
        for row in _own(table, "tr"):
            rows += 1
            grid.add([_cell(cell) for cell in _own(row, "td", "th")])
        yield grid
    if rows < len(_ROW.findall(_NO_ROWS.sub(b"", text))):
        raise UnreadableFile("the web page's markup breaks off or is damaged; save it as .xlsx, deliver that")


def _own(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """What belongs to a table or row itself, through sections and forms but not from a table within it."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag != "table":
            yield from _own(child, *tags)


def _cell(cell: etree._Element) -> Cell:
    shown = "\n".join(" ".join(line.split()) for line in "".join(_texts(cell)).split("\n")).strip()
    behind = next((value for name, value in cell.attrib.items() if name.lower() in ("x:num", "num")), "")
    return Cell(
        behind if behind and _CUT.fullmatch(shown) else shown, _span(cell.get("colspan")), _span(cell.get("rowspan"))
    )


def _texts(element: etree._Element) -> Iterator[str]:
    """The text of a cell in order, without that of a table within it; a line break counts as one, others are blanks."""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        is_shown = child.tag not in _SILENT and child.tag != "table" and not _HIDDEN.search(child.get("style") or "")
        if child.tag in _BREAKS:
            yield "\n"
        if is_shown:
            yield from _texts(child)
        yield (child.tail or "").replace("\n", " ")


def _span(written: str | None) -> int:
    """Columns or rows a cell covers; 0 says all that are left of its section."""
    found = _SPAN.match(written or "")
    return (int(found[1]) or 65_534) if found else 1
