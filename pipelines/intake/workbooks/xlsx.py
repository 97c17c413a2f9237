"""Office Open XML workbooks (.xlsx, .xlsm) read from their parts, with everything that decides what a cell shows.

`is_plain` tells sheets that the fast reader of program.py reads the same. Sources: ECMA-376 part 1, 18.3 (worksheets),
18.4 (shared strings), 18.8 (styles); 18.2.28 for the 1904 date system. Parts are read with expat and not with openpyxl:
that refuses files which spreadsheets open (filters and styles it does not know), and tells a formula without a result
from a blank cell only by reading everything twice.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from pipelines.intake.workbooks.marks import FORMULA_UNCALCULATED, MARK, fault
from pipelines.intake.workbooks.number_formats import BUILT_IN, hides_digits, is_day, is_plain
from pipelines.intake.workbooks.sheet import (
    HIDDEN,
    VERY_HIDDEN,
    VISIBLE,
    Area,
    Sheet,
    Unreadable,
    error_cell,
    letters,
    number_cell,
)

_STATES = {"hidden": HIDDEN, "veryHidden": VERY_HIDDEN}
_TRUE = ("1", "true", "on")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

# Searched as they are, or by patterns that open with a literal: alternatives would be tried at every byte of a sheet.
_ERRORS = (b' t="e"', b" t='e'")
_NO_RESULT = (b"</f></c>", b"</f><v/>", b"</f><v></v>", b"/></c>", b"/><v/>", b"/><v></v>")
_SPACED = (b"</f>\n", b"</f>\r", b"</f> ", b"</f>\t", b"/>\n<v", b"/> <v", b"/>\r<v", b"/>\t<v")
_LONG_NUMBERS = (re.compile(rb"v>-?\d{15}"), re.compile(rb"v>-?[\d.]+[eE]"))
_PREFIXED = (b":row ", b":sheetData", b":c ")
_HIDDEN = rb"hidden=[\"'](?:1|t|on)"
_STATE_SIGNS = (b"<mergeCell", b' ht="0"', b" ht='0'", b' width="0"', b" width='0'")
_HIDES = re.compile(_HIDDEN)
_ROW = re.compile(rb"<row\s[^>]*>")
_HIDDEN_ROW = re.compile(rb"\sht=[\"']0[\"']|\s" + _HIDDEN)
_NUMBER_OF_ROW = re.compile(rb"\sr=[\"'](\d+)[\"']")
_NAMED_CELL = re.compile(rb"<c\s[^>]*\br=[\"'][A-Z]+\d")
_IN_FIRST_COLUMN = re.compile(rb"<c\s[^>]*\br=[\"']A\d+[\"'][^>]*>\s*<(?:v>[^<]|is>)")
_FEW = 5
"""Of so many cells at most one is told by itself; else the sheet is read cell by cell."""
_KNOWN_NUMBERS = 100_000
_LONGEST = 15  # digits that need no second look

Attributes = dict[str, str]


@dataclass(frozen=True)
class _Part:
    name: str
    state: str
    path: str


class Workbook:
    """The parts of a workbook that say how its sheets are to be read."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile as error:
            raise Unreadable(str(error)) from error
        self._names = _names(self._zip)
        self.is_1904 = False
        self._is_calculated_on_opening = False
        self.parts: list[_Part] = []
        """Its sheets, charts left out, in their order."""
        self._related = relationships(self._zip)
        self._main = self._of_type("officeDocument") or "xl/workbook.xml"
        self._read_book()
        self.formats = self._read_styles()
        """Format code by style."""
        self._plain = {style for style, code in enumerate(self.formats) if is_plain(code)}
        self._numbers: dict[tuple[str, int], str] = {}
        """What numbers show that were asked for: days and shares repeat."""
        self._strings: list[str] | None = None

    def beside_fast(self, part: _Part) -> Sheet | None:
        """What the fast reader does not tell: merged and hidden parts, and cells that show other than they store.

        None where that is most of it, or where the cells cannot be told apart.

        The fast reader leaves out columns before the first that has something, so cells are only told where that is
        column A.
        """
        xml = self._content(part.path)
        sheet = Sheet(part.name, part.state)
        if self.is_1904 or any(sign in xml for sign in _PREFIXED) or (b"<f" in xml and any(s in xml for s in _SPACED)):
            return None
        told = self._cells_to_tell(xml)
        if not told and not any(sign in xml for sign in _STATE_SIGNS) and not _HIDES.search(xml):
            return sheet
        begin, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
        if begin < 0 or end < begin or not _IN_FIRST_COLUMN.search(xml, begin, end):
            return None
        if _FEW * len(told) > xml.count(b"<c ") or not all(map(_NAMED_CELL.match, told)):
            return None
        _Cells(sheet, self).read(xml[:begin] + b"<sheetData>" + b"".join(told) + xml[end:])
        for row in _ROW.finditer(xml, begin, end):
            if _HIDDEN_ROW.search(row[0]):
                number = _NUMBER_OF_ROW.search(row[0])
                if number is None:
                    return None
                sheet.hidden_rows.add(int(number[1]) - 1)
        return sheet

    def _cells_to_tell(self, xml: bytes) -> list[bytes]:
        """The cells of a part that may show other than they store, in order; some do not, which costs little."""
        heeded = [style for style, code in enumerate(self.formats) if not (is_plain(code) or is_day(code))]
        signs = [*_ERRORS, *(b" s=%c%d%c" % (quote, style, quote) for style in heeded for quote in b"\"'")]
        if b"<f" in xml:
            signs += [b"<f"] if self._is_calculated_on_opening else _NO_RESULT
        places = [place for sign in signs for place in _places(xml, sign)]
        places += [found.start() for pattern in _LONG_NUMBERS for found in pattern.finditer(xml)]
        starts = sorted({xml.rfind(b"<c ", 0, place + 1) for place in places} - {-1})
        return [_cell_at(xml, start) for start in starts]

    def sheet(self, part: _Part) -> Sheet:
        """A sheet as its reader sees it."""
        sheet = Sheet(part.name, part.state)
        _Cells(sheet, self).read(self._content(part.path))
        return sheet

    def string(self, position: int) -> str:
        """A shared string."""
        if self._strings is None:
            path = self._of_type("sharedStrings")
            self._strings = _texts(self._content(path), "si") if path else []
        if position >= len(self._strings):
            raise Unreadable(f"a cell refers to text {position}, which the file does not hold")
        return self._strings[position]

    def number(self, text: str, style: int) -> str:
        """What a number cell shows."""
        if style in self._plain and len(text) < _LONGEST and text.isdigit():
            return text
        if (known := self._numbers.get((text, style))) is None:
            if len(self._numbers) > _KNOWN_NUMBERS:
                self._numbers.clear()
            known = self._numbers[text, style] = number_cell(float(text), self.code(style), self.is_1904)
        return known

    def code(self, style: int) -> str:
        """The format code of a style."""
        return self.formats[style] if style < len(self.formats) else "General"

    def is_result(self, text: str) -> bool:
        """Whether a formula's stored number is one. A program that does not calculate stores 0 and has the
        spreadsheet calculate when it opens the file."""
        return not (self._is_calculated_on_opening and text == "0")

    def content(self, part: _Part) -> bytes:
        """A sheet's XML."""
        return self._content(part.path)

    def _content(self, path: str) -> bytes:
        name = self._names.get(path.lower().lstrip("/"))
        if name is None:
            raise Unreadable(f"its part {path} is missing")
        return _content(self._zip, name)

    def _of_type(self, kind: str) -> str | None:
        return next((path for found, path in self._related.values() if found == kind), None)

    def _read_book(self) -> None:
        self._related = relationships(self._zip, self._main)

        def start(tag: str, attributes: Attributes) -> None:
            tag = local_name(tag)
            if tag == "workbookPr":
                self.is_1904 = attributes.get("date1904") in _TRUE
            elif tag == "calcPr":
                self._is_calculated_on_opening = attributes.get("fullCalcOnLoad") in _TRUE
            elif tag == "sheet":
                told = next((value for name, value in attributes.items() if name.endswith(":id")), "")
                kind, path = self._related.get(told, ("", ""))
                if kind == "worksheet":
                    state = _STATES.get(attributes.get("state", ""), VISIBLE)
                    self.parts.append(_Part(attributes.get("name", ""), state, path))

        parse(self._content(self._main), start)

    def _read_styles(self) -> list[str]:
        path = self._of_type("styles")
        codes = dict(BUILT_IN)
        styles: list[int] = []
        inside: list[str] = []

        def start(tag: str, attributes: Attributes) -> None:
            tag = local_name(tag)
            inside.append(tag)
            if tag == "numFmt" and "numFmts" in inside:
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "General")
            elif tag == "xf" and "cellXfs" in inside:
                styles.append(int(attributes.get("numFmtId") or 0))

        if path:
            parse(self._content(path), start, end=lambda _: inside.pop())
        return [codes.get(style, "General") for style in styles]


def _places(xml: bytes, sign: bytes) -> Iterator[int]:
    place = xml.find(sign)
    while place >= 0:
        yield place
        place = xml.find(sign, place + 1)


def _cell_at(xml: bytes, start: int) -> bytes:
    """The element that opens at `start`."""
    end = xml.find(b">", start) + 1
    return xml[start:end] if xml[end - 2 : end] == b"/>" else xml[start : xml.find(b"</c>", end) + len(b"</c>")]


def _names(package: zipfile.ZipFile) -> dict[str, str]:
    """Entries by their name as it is referred to: some programs write backslashes, a slash in front, other case."""
    return {name.replace("\\", "/").lower().lstrip("/"): name for name in package.namelist()}


def _content(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        return package.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable(f"its part {name} is damaged: {error}") from error


def relationships(package: zipfile.ZipFile, of: str = "") -> dict[str, tuple[str, str]]:
    """id → type and path of what a part refers to; of the package where no part is named. Open Packaging, 9."""
    folder, name = posixpath.split(of)
    path = posixpath.join(folder, "_rels", f"{name}.rels").lower()
    part = _names(package).get(path)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if local_name(tag) == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target.lstrip("/")

    if part:
        parse(_content(package, part), start)
    return found


class _Cells:
    """The elements of a worksheet, one after the other, put into a sheet."""

    def __init__(self, sheet: Sheet, book: Workbook) -> None:
        self._sheet, self._book = sheet, book
        self._row, self._column = -1, -1
        self._type, self._style = "n", 0
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._text: list[str] = []
        self._phonetic = 0
        self._sink: list[str] | None = None
        self._columns: dict[str, int] = {}

    def read(self, xml: bytes) -> None:
        """Take over every cell of a worksheet part."""
        starts = _ByTag(
            row=self._start_row,
            c=self._start_cell,
            v=self._start_value,
            f=self._start_formula,
            t=self._start_text,
            rPh=self._start_phonetic,
            col=self._start_columns,
            mergeCell=self._start_merged,
            filterColumn=self._start_filter,
        )
        ends = _ByTag(c=self._end_cell, rPh=self._end_phonetic, v=self._end_text, f=self._end_text, t=self._end_text)

        def start(tag: str, attributes: Attributes) -> None:
            if begin := starts[tag]:
                begin(attributes)

        def end(tag: str) -> None:
            if finish := ends[tag]:
                finish()

        parse(xml, start, end, self._data)

    def _data(self, text: str) -> None:
        if self._sink is not None:
            self._sink.append(text)

    def _end_text(self) -> None:
        self._sink = None

    def _start_row(self, attributes: Attributes) -> None:
        self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
            self._sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            if (column := self._columns.get(letters)) is None:
                column = self._columns[letters] = _position(reference)[1]
            self._row, self._column = int(reference[len(letters) :]) - 1, column
        else:
            self._column += 1
        self._type, self._style = attributes.get("t", "n"), int(attributes.get("s") or 0)
        self._value = self._formula = None
        self._text = []

    def _start_value(self, _: Attributes) -> None:
        self._sink = self._value = []

    def _start_formula(self, _: Attributes) -> None:
        self._sink = self._formula = []

    def _start_text(self, _: Attributes) -> None:
        self._sink = None if self._phonetic else self._text

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic += 1

    def _end_phonetic(self) -> None:
        self._phonetic -= 1

    def _start_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
            self._sheet.hidden_columns.update(range(int(attributes["min"]) - 1, int(attributes["max"])))

    def _start_merged(self, attributes: Attributes) -> None:
        if area := _area(attributes.get("ref", "")):
            self._sheet.merged.append(area)

    def _start_filter(self, _: Attributes) -> None:
        self._sheet.is_filtered = True

    def _end_cell(self) -> None:
        self._sheet.put(self._row, self._column, self._shown())

    def _shown(self) -> str | None:
        value = "".join(self._value) if self._value is not None else ""
        if self._type == "inlineStr":
            return _unescaped("".join(self._text)) or value
        if self._type == "e":
            return error_cell(value or "#ERROR!")
        if self._type == "str":
            return _unescaped(value)
        value = value.strip()
        if self._formula is not None and (not value or not self._book.is_result(value)):
            return fault(FORMULA_UNCALCULATED, f"={''.join(self._formula)}")
        if not value:
            return None
        if self._type == "s":
            return self._book.string(int(value))
        if self._type == "b":
            return "true" if value in _TRUE else "false"
        if self._type == "d":
            return value.replace("T", " ").removesuffix(" 00:00:00")
        return self._book.number(value, self._style)


def parse(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], object] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Run the handlers over a part. Declared entities are refused."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if data:
        parser.CharacterDataHandler = data
        parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(f"a part of it breaks off or is malformed: {error}") from error


class _ByTag(dict[str, Any]):
    """Tag → what is done with it, whatever prefix it has; None for most."""

    def __missing__(self, tag: str) -> Any:
        self[tag] = None if ":" not in tag else self[local_name(tag)]
        return self[tag]


def local_name(tag: str) -> str:
    """A tag without its prefix."""
    return tag.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("a part of it declares a document type, which no spreadsheet writes")


def _texts(xml: bytes, item: str) -> list[str]:
    """The texts of a part's items: their runs put together, readings for pronunciation left out."""
    found: list[str] = []
    text: list[str] = []
    state = {"phonetic": 0, "in_text": 0}

    def start(tag: str, _: Attributes) -> None:
        tag = local_name(tag)
        if tag == item:
            text.clear()
        elif tag == "rPh":
            state["phonetic"] += 1
        elif tag == "t":
            state["in_text"] = 1

    def end(tag: str) -> None:
        tag = local_name(tag)
        if tag == item:
            found.append(_unescaped("".join(text)))
        elif tag == "rPh":
            state["phonetic"] -= 1
        elif tag == "t":
            state["in_text"] = 0

    def data(piece: str) -> None:
        if state["in_text"] and not state["phonetic"]:
            text.append(piece)

    parse(xml, start, end, data)
    return found


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _position(reference: str) -> tuple[int, int]:
    """Row and column of `C12`."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


def _area(reference: str) -> Area | None:
    first, _, last = reference.replace("$", "").partition(":")
    if not last:
        return None
    (top, left), (bottom, right) = _position(first), _position(last)
    return top, left, bottom, right


@dataclass
class Hidden:
    """Number cells of one column and format that show fewer digits than they hold."""

    sheet: str
    column: str
    code: str
    row: int
    """The first of them, as the spreadsheet counts."""
    text: str
    """What it is read as."""
    n: int = 1


class _Watched(_Cells):
    """Cells of a sheet, with those of which the screen shows less counted."""

    found: dict[tuple[int, int], Hidden]

    def _shown(self) -> str | None:
        text = super()._shown()
        if self._type == "n" and text and self._value and not text.startswith(MARK):
            code = self._book.code(self._style)
            if hides_digits(float("".join(self._value)), code):
                known = self.found.setdefault((self._column, self._style), self._first(code, text))
                known.n += known.row != self._row + 1
        return text

    def _first(self, code: str, text: str) -> Hidden:
        return Hidden(self._sheet.name, letters(self._column), code, self._row + 1, text)


def screen_differences(content: bytes) -> Iterator[Hidden]:
    """Where the visible sheets of a workbook show fewer digits than they hold, column by column."""
    book = Workbook(content)
    for part in book.parts:
        if part.state == VISIBLE:
            watched = _Watched(Sheet(part.name), book)
            watched.found = {}
            watched.read(book.content(part))
            yield from watched.found.values()
