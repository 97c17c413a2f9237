"""Run as a program by workbook.py: the workbook on standard input, its sheets as Arrow streams on standard output.

A process of its own, because a damaged or hostile workbook can make the library ask for more memory than there is,
which ends the process that asked. It imports nothing of this package and starts in a third of a second.
"""

import sys

UNREADABLE = 3
"""Exit code when the library says what is wrong; the message is the last line of standard error."""

_MEMORY = 8 << 30


def main() -> int:
    """Read, write every sheet that has cells: one stream each, all columns text, the sheet's name in its metadata."""
    import fastexcel
    import pyarrow as pa

    try:
        book = fastexcel.read_excel(sys.stdin.buffer.read())
        for name in book.sheet_names:
            batch = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            if batch.num_columns and batch.num_rows:
                schema = batch.schema.with_metadata({"sheet": name})
                with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
                    stream.write_batch(batch)
    except fastexcel.FastExcelError as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return UNREADABLE
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    _limit_memory()
    sys.exit(main())
