"""Run as a program by workbook_process.py: workbooks on standard input, sheets as Arrow streams on standard output.

A process of its own, because a damaged or hostile workbook can make the library ask for more memory than there is,
which ends the process that asked. It imports nothing of this package and starts in a third of a second.

Asked with the length of a workbook and its bytes; answers SHEET and a stream for each sheet, then DONE, or UNREADABLE
and a line that says why.
"""

import os
import sys
from typing import BinaryIO

LENGTH = 8
"""Bytes of the length before a workbook, big-endian."""
SHEET, DONE, UNREADABLE = b"S", b"D", b"U"

_MEMORY = 8 << 30
_WORN = 1 << 30
"""A process that once held so much ends after its workbook: what it still holds would be missing for the next."""


def main(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more, or until worn."""
    while size := int.from_bytes(asked.read(LENGTH)):
        answers.write(_answer(asked.read(size), answers))
        answers.flush()
        if _peak_memory() > _WORN:
            return


def _answer(content: bytes, answers: BinaryIO) -> bytes:
    """Write every sheet that has cells: one stream each, all columns text, the sheet's name in its metadata."""
    import fastexcel
    import pyarrow as pa

    try:
        book = fastexcel.read_excel(content)
        for name in book.sheet_names:
            batch = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            if batch.num_columns and batch.num_rows:
                answers.write(SHEET)
                with pa.ipc.new_stream(answers, batch.schema.with_metadata({"sheet": name})) as stream:
                    stream.write_batch(batch)
    except fastexcel.FastExcelError as error:
        return UNREADABLE + str(error).splitlines()[0].encode() + b"\n"
    return DONE


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
