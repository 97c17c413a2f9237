"""Run as a program by readers/workbook_process.py: workbooks on standard input, sheets as Arrow streams on standard
output.

A process of its own, because a damaged or hostile workbook can make a library ask for more memory than there is, which
ends the process that asked. It starts in a third of a second, so it imports nothing of the project but what tells what
a cell shows.

Asked with the length of a workbook and its bytes; answers SHEET and a stream for each sheet, then DONE, or UNREADABLE
and a line that says why. fastexcel reads what shows no more than it stores; the rest is read cell by cell.
"""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if __name__ == "__main__":  # isolated from the environment, it does not find the project by itself
    sys.path.insert(0, str(Path(__file__).parents[3]))

from pipelines.intake.workbooks.sheet import VERY_HIDDEN, Sheet, Unreadable

if TYPE_CHECKING:
    import fastexcel
    import pyarrow as pa

LENGTH = 8
"""Bytes of the length before a workbook, big-endian."""
SHEET, DONE, UNREADABLE = b"S", b"D", b"U"

_MEMORY = 8 << 30
_WORN = 1 << 30
"""A process that once held so much ends after its workbook: what it still holds would be missing for the next."""
_BY_VALUE_ONLY = ("formats, errors, merged and hidden cells of this file",)
_PROLOG = 1 << 16
"""Bytes in which the first element of a document in markup stands."""
_WORKBOOK_ELEMENT = re.compile(rb"<(?:\w+:)?Workbook\b")
_OLE = b"\xd0\xcf\x11\xe0"


def main(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more, or until worn."""
    while size := int.from_bytes(asked.read(LENGTH)):
        answers.write(_answer(asked.read(size), answers))
        answers.flush()
        if _peak_memory() > _WORN:
            return


def _answer(content: bytes, answers: BinaryIO) -> bytes:
    """Write every sheet that has cells: one stream each, all columns text, what is known of it in its metadata."""
    import pyarrow as pa

    try:
        for batch in _sheets(content):
            answers.write(SHEET)
            with pa.ipc.new_stream(answers, batch.schema) as stream:
                stream.write_batch(batch)
    except Unreadable as error:
        return UNREADABLE + str(error).encode() + b"\n"
    return DONE


def _sheets(content: bytes) -> Iterator["pa.RecordBatch"]:
    kind = kind_of(content)
    if kind == "xlsx":
        yield from _xlsx(content)
    elif kind == "xls":
        yield from _xls(content)
    else:
        for sheet in _cell_by_cell(content, kind):
            yield from _batch(sheet, kind)


def _cell_by_cell(content: bytes, kind: str) -> Iterator[Sheet]:
    """The sheets of a format that one module reads whole."""
    if kind in ("html", "mhtml"):
        from pipelines.intake.workbooks import web_page

        return web_page.sheets(content, is_mime=kind == "mhtml")
    modules = {"xlsb": "xlsb", "ods": "ods", "docx": "word", "xml-2003": "xml_2003"}
    module = import_module(f"pipelines.intake.workbooks.{modules[kind]}")
    sheets: Iterator[Sheet] = module.sheets(content)
    return sheets


def kind_of(content: bytes) -> str:
    """The file format of a workbook, or of a document whose tables are read as sheets: xlsx, xls, xlsb, ods, xml-2003,
    html, mhtml or docx. Raises Unreadable for a damaged package."""
    if content.startswith(_OLE):
        return "xls"
    if not content.startswith(b"PK"):
        head = content[:_PROLOG].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not head.startswith(b"<"):
            return "mhtml"
        return "xml-2003" if _WORKBOOK_ELEMENT.search(head) else "html"
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile as error:
        raise Unreadable(str(error)) from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "word/document.xml" in names:
        return "docx"
    return "ods" if "content.xml" in names else "xlsx"


def _xlsx(content: bytes) -> Iterator["pa.RecordBatch"]:
    from pipelines.intake.workbooks.xlsx import Workbook

    book, fast = Workbook(content), None
    for part in book.parts:
        sheet = book.beside_fast(part)
        if sheet is None:
            yield from _batch(book.sheet(part), "xlsx")
            continue
        fast = fast or _open_fast(content)
        yield from _fast_batch(fast, sheet, "xlsx")


def _xls(content: bytes) -> Iterator["pa.RecordBatch"]:
    """As xlrd reads it; a file that only the fast reader can open tells its values and no more."""
    from pipelines.intake.workbooks import xls

    try:
        found = list(xls.sheets(content))
    except Unreadable as error:
        yield from _values_only(content, error)
        return
    for sheet in found:
        yield from _batch(sheet, "xls")


def _values_only(content: bytes, error: Unreadable) -> Iterator["pa.RecordBatch"]:
    """The sheets of a file that xlrd cannot read, for the reason that is told if the fast reader cannot either."""
    try:
        fast = _open_fast(content)
    except Unreadable:
        raise error from None
    for name in fast.sheet_names:
        state = str(fast.load_sheet(name, n_rows=0).visible).replace("veryhidden", VERY_HIDDEN)
        sheet = Sheet(name, state, untold=("formats, errors, merged and hidden cells of this file",))
        yield from _fast_batch(fast, sheet, "xls")


def _open_fast(content: bytes) -> "fastexcel.ExcelReader":
    import fastexcel

    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise Unreadable(str(error).splitlines()[0]) from error


def _fast_batch(book: "fastexcel.ExcelReader", sheet: Sheet, kind: str) -> Iterator["pa.RecordBatch"]:
    import fastexcel

    try:
        batch = book.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    except fastexcel.FastExcelError as error:
        raise Unreadable(str(error).splitlines()[0]) from error
    if not (batch.num_columns and batch.num_rows):
        return
    if sheet.merged or sheet.columns:
        sheet.lay_over([column.to_pylist() for column in batch.columns])
        yield from _batch(sheet, kind, is_fast=True)
    else:
        yield _told(batch, sheet, kind, is_fast=True)


def _batch(sheet: Sheet, kind: str, is_fast: bool = False) -> Iterator["pa.RecordBatch"]:
    """A sheet whose cells are told, its merged ones filled."""
    import pyarrow as pa

    n_merged = sheet.fill_merged()
    height = sheet.height
    if not height:
        return
    columns = [pa.array(cells + [None] * (height - len(cells)), pa.string()) for cells in sheet.columns]
    names = [f"c{position}" for position in range(len(columns))]
    yield _told(pa.RecordBatch.from_arrays(columns, names), sheet, kind, is_fast, n_merged)


def _told(
    batch: "pa.RecordBatch", sheet: Sheet, kind: str, is_fast: bool = False, n_merged: int = 0
) -> "pa.RecordBatch":
    told = {
        "name": sheet.name,
        "state": sheet.state,
        "kind": kind,
        "is_fast": is_fast,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "is_filtered": sheet.is_filtered,
        "n_merged": n_merged,
        "untold": sheet.untold,
    }
    return batch.replace_schema_metadata({"sheet": json.dumps(told, ensure_ascii=False)})


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _peak_memory() -> int:
    """The most bytes this program held at once. What getrusage tells on Linux includes the program that started it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):  # not Linux
        pass
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    _limit_memory()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    main(sys.stdin.buffer, answers)
