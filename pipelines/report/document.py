"""A document in the form Chinese offices file: page, typefaces, headings, tables, page numbers. It has no content.

After GB/T 9704-2012: A4, margins 37/35/28/26 mm, body in 仿宋 三号 with 28 pt lines, headings in 黑体 and 楷体. Who
lacks those typefaces sees the ones the program puts in their place. Saving gives the same bytes for the same content.
"""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pipelines.report.sources import Figure

Piece = str | Figure
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FACES = {"title": ("方正小标宋简体", 22), "h1": ("黑体", 16), "h2": ("楷体_GB2312", 16), "body": ("仿宋_GB2312", 16)}
_TABLE_SIZE = 9


class Report:
    """Builds the document from top to bottom."""

    def __init__(self, title: str, subtitle: str, *, header: str, day: date) -> None:
        self._document = docx.Document()
        self._first_page(header)
        properties = self._document.core_properties
        moment = datetime(day.year, day.month, day.day)
        properties.title, properties.author, properties.last_modified_by = title, "ipw report", "ipw report"
        properties.created = properties.modified = moment
        self._paragraph([title], "title", align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, spacing=36)
        self._paragraph([subtitle], "h2", align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading of level 1 (一、) or 2 ((一)); it is a real heading, for the outline and screen readers."""
        paragraph = self._document.add_heading("", level)
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.space_after = Pt(4)
        _run(paragraph, text, f"h{level}", bold=False)

    def text(self, *pieces: Piece) -> None:
        """A paragraph of words and figures, each figure followed by the number of its note."""
        self._paragraph(pieces, "body")

    def table(
        self, headers: Sequence[str], rows: Iterable[Sequence[Piece | Sequence[Piece]]], widths: Sequence[float]
    ) -> None:
        """A table whose head repeats on every page; widths in millimetres."""
        found = list(rows)
        table = self._document.add_table(rows=1, cols=len(headers))
        table.style = "Table Grid"
        table.autofit = False
        head = table.rows[0]
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        head._tr.get_or_add_trPr().append(mark)
        for cell, text in zip(head.cells, headers, strict=True):
            self._cell(cell, [text], bold=True)
        for line in found:
            cells = table.add_row().cells
            for cell, content in zip(cells, line, strict=True):
                self._cell(cell, [content] if isinstance(content, (str, Figure)) else list(content))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            cannot_split = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(cannot_split)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def sideways(self) -> None:
        """What follows stands on pages in landscape, for the annexes' wide tables."""
        section = self._document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(22)

    def save(self, file: Path) -> None:
        """Write the document; no clock gets into it."""
        raw = BytesIO()
        self._document.save(raw)
        with zipfile.ZipFile(raw) as written, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
            for name in sorted(written.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, written.read(name))

    def _first_page(self, header: str) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        above = section.header.paragraphs[0]
        above.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(above, header, "body", size=9)
        below = section.footer.paragraphs[0]
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(below, "— ", "body", size=14)
        _page_number(below)
        _run(below, " —", "body", size=14)

    def _paragraph(
        self, pieces: Iterable[Piece], face: str, *, align: Any = None, indent: bool = True, spacing: float = 28
    ) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.line_spacing, layout.space_after = Pt(spacing), Pt(0)
        layout.first_line_indent = Pt(32) if indent else None
        _write(paragraph, pieces, face, _FACES[face][1])

    def _cell(self, cell: Any, pieces: Iterable[Piece], *, bold: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        _write(paragraph, pieces, "body", _TABLE_SIZE, bold=bold)


def _write(paragraph: Any, pieces: Iterable[Piece], face: str, size: float, *, bold: bool = False) -> None:
    for piece in pieces:
        if isinstance(piece, Figure):
            _run(paragraph, piece.text, face, size=size)
            _run(paragraph, f"[{piece.note}]", face, size=size).font.superscript = True
        else:
            _run(paragraph, piece, face, size=size, bold=bold)


def _run(paragraph: Any, text: str, face: str, *, size: float | None = None, bold: bool = False) -> Any:
    """Text in a typeface, for Chinese characters as well, which Word asks for by an attribute of their own."""
    name, usual = _FACES[face]
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = "Times New Roman", Pt(size or usual), bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    return run


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = _run(paragraph, "", "body", size=14)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
