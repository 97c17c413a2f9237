"""Binary Office Open XML workbooks (.xlsb), read record by record.

Source: [MS-XLSB], 2.1.4 (records) and 2.4 (their contents). Only what decides what a cell shows is read.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.intake.workbooks.number_formats import BUILT_IN
from pipelines.intake.workbooks.sheet import HIDDEN, VERY_HIDDEN, VISIBLE, Sheet, Unreadable, error_cell, number_cell
from pipelines.intake.workbooks.xlsx import relationships

_ROW, _RK, _ERROR, _BOOL, _REAL, _STRING, _SHARED = 0, 2, 3, 4, 5, 6, 7
_FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = 8, 9, 10, 11
_RICH = 62
_SHARED_ITEM, _FORMAT, _CELL_FORMAT, _COLUMN = 19, 44, 47, 60
_BOOK, _SHEET, _MERGED, _FILTER, _CELL_FORMATS, _CELL_FORMATS_END = 153, 156, 176, 163, 617, 618
_SHEET_END = 130
_STATES = (VISIBLE, HIDDEN, VERY_HIDDEN)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_UNTOLD = ("whether formulas were calculated",)

_DAMAGE = (zipfile.BadZipFile, zlib.error, LookupError, EOFError, OSError, RuntimeError, ValueError)

Record = tuple[int, bytes]


class _Part(NamedTuple):
    name: str
    state: str
    path: str


def sheets(content: bytes) -> Iterator[Sheet]:
    """Every sheet of a workbook, charts left out. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield from _Workbook(package).sheets()
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        struct.error,
        IndexError,
    ) as error:
        raise Unreadable(" ".join(str(error).split()) or type(error).__name__) from error


class _Workbook:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._related = relationships(package, "xl/workbook.bin")
        self._is_1904 = False
        self._parts = list(self._read_book())
        self._formats = list(self._read_styles())
        self._strings = [_text(item, 1)[0] for kind, item in self._of_type("sharedStrings") if kind == _SHARED_ITEM]

    def sheets(self) -> Iterator[Sheet]:
        for part in self._parts:
            sheet = Sheet(part.name, part.state, untold=_UNTOLD)
            self._fill(sheet, _records(self._package.read(part.path)))
            yield sheet

    def _of_type(self, wanted: str) -> Iterator[Record]:
        for kind, path in self._related.values():
            if kind == wanted and path in self._package.NameToInfo:
                yield from _records(self._package.read(path))

    def _read_book(self) -> Iterator[_Part]:
        for kind, data in _records(self._package.read("xl/workbook.bin")):
            if kind == _BOOK:
                self._is_1904 = bool(data[0] & 1)
            elif kind == _SHEET:
                state = int.from_bytes(data[:4], "little")
                reference, after = _text(data, 8)
                type_, path = self._related.get(reference, ("", ""))
                if type_ == "worksheet":
                    yield _Part(_text(data, after)[0], _STATES[min(state, 2)], path)

    def _read_styles(self) -> Iterator[str]:
        codes, is_inside = dict(BUILT_IN), False
        for kind, data in self._of_type("styles"):
            if kind == _FORMAT:
                codes[int.from_bytes(data[:2], "little")] = _text(data, 2)[0]
            elif kind in (_CELL_FORMATS, _CELL_FORMATS_END):
                is_inside = kind == _CELL_FORMATS
            elif kind == _CELL_FORMAT and is_inside:
                yield codes.get(int.from_bytes(data[2:4], "little"), "General")

    def _fill(self, sheet: Sheet, records: Iterator[Record]) -> None:
        row, kind = 0, _SHEET_END
        for kind, data in records:
            if kind == _ROW:
                row = int.from_bytes(data[:4], "little")
                if data[11] & 0x10:  # fDyZero
                    sheet.hidden_rows.add(row)
            elif kind == _COLUMN:
                first, last = struct.unpack_from("<II", data)
                if data[16] & 1:
                    sheet.hidden_columns.update(range(first, last + 1))
            elif kind == _MERGED:
                top, bottom, left, right = struct.unpack_from("<IIII", data)
                sheet.merged.append((top, left, bottom, right))
            elif kind == _FILTER:
                sheet.is_filtered = True
            elif kind in _CELLS:
                sheet.put(row, int.from_bytes(data[:4], "little"), self._shown(kind, data))
        if kind != _SHEET_END:
            raise Unreadable(f"sheet {sheet.name} breaks off")

    def _shown(self, kind: int, data: bytes) -> str | None:
        style = int.from_bytes(data[4:7], "little")
        if kind in (_RK, _REAL, _FORMULA_NUMBER):
            value = _packed(data) if kind == _RK else struct.unpack_from("<d", data, 8)[0]
            code = self._formats[style] if style < len(self._formats) else "General"
            return number_cell(value, code, self._is_1904)
        if kind in (_ERROR, _FORMULA_ERROR):
            return error_cell(_ERRORS.get(data[8], "#ERROR!"))
        if kind in (_BOOL, _FORMULA_BOOL):
            return "true" if data[8] else "false"
        if kind == _SHARED:
            return self._string(int.from_bytes(data[8:12], "little"))
        return _text(data, 9 if kind == _RICH else 8)[0]

    def _string(self, position: int) -> str:
        if position >= len(self._strings):
            raise Unreadable(f"a cell refers to text {position}, which the file does not hold")
        return self._strings[position]


_CELLS = frozenset(
    (
        *(_RK, _ERROR, _BOOL, _REAL, _STRING, _SHARED, _RICH),
        *(_FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR),
    )
)


def _records(part: bytes) -> Iterator[Record]:
    """Type and content of each record: both numbers before it have seven bits to a byte, the lowest first."""
    position = 0
    while position < len(part):
        kind, position = _number(part, position, 2)
        size, position = _number(part, position, 4)
        if position + size > len(part):
            raise Unreadable("a part of it breaks off")
        yield kind, part[position : position + size]
        position += size


def _number(part: bytes, position: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = part[position]
        position += 1
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return value, position


def _text(data: bytes, position: int) -> tuple[str, int]:
    """A text with its length in front, and where it ends."""
    length = int.from_bytes(data[position : position + 4], "little")
    if length == 0xFFFFFFFF:
        return "", position + 4
    end = position + 4 + 2 * length
    return data[position + 4 : end].decode("utf-16-le"), end


def _packed(data: bytes) -> float:
    """A number in 30 bits: an integer, or the upper half of a float; divided by 100 where the first bit says so."""
    packed = int.from_bytes(data[8:12], "little")
    if packed & 2:
        value = float(int.from_bytes(data[8:12], "little", signed=True) >> 2)
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + (packed & ~3).to_bytes(4, "little"))[0]
    return value / 100 if packed & 1 else value
