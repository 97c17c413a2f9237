"""The process that opens workbooks, seen from this side: started when needed, asked, replaced when it dies.

What it does is workbooks/program.py's, what its sheets mean is workbook.py's. One process opens many workbooks, since
starting it takes longer than most of them; a workbook is refused only when a process that opened no other dies of it.
One that takes too long is refused whatever was opened before. Threads that share it ask one after the other.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import pyarrow as pa

from pipelines.intake.readers.base import UnreadableFile
from pipelines.intake.workbooks import program

SECONDS = 900.0
"""A workbook that takes longer is refused; the largest a spreadsheet can hold takes a minute or two."""


class _Died(Exception):
    """The process ended, or broke off, in the middle of a workbook."""


class _Opener:
    """At most one process at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def sheets(self, content: bytes) -> list[pa.Table]:
        with self._turn:
            return self._sheets(content)

    def _sheets(self, content: bytes) -> list[pa.Table]:
        while True:
            is_fresh = self._process is None
            process = self._process or self._start()
            try:
                with _killed_after(SECONDS, process) as too_late:
                    return _ask(process, content)
            except UnreadableFile:
                raise
            except BaseException as error:  # an interrupted one would go on with the answer nobody waits for
                self.end()
                if not isinstance(error, _Died):
                    raise
                if too_late.is_set():
                    raise _refusal(f"reading it took more than {SECONDS:,.0f} seconds") from error
                if is_fresh:
                    raise _refusal("reading it broke off") from error

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-I", program.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def end(self) -> None:
        """Kill the process: between two workbooks it has nothing to lose."""
        if process := self._process:
            self._process = None
            process.kill()
            with suppress(BrokenPipeError), process:  # what it was still to be asked goes nowhere
                pass


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill the process if the block takes longer; the event says whether it did."""
    too_late = threading.Event()

    def kill() -> None:
        too_late.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield too_late
    finally:
        timer.cancel()


_standing: ContextVar[_Opener | None] = ContextVar("_standing", default=None)


@contextmanager
def one_process() -> Iterator[None]:
    """Workbooks read within are opened by one process, which is gone after the outermost. Also a decorator."""
    if _standing.get():
        yield
        return
    opener = _Opener()
    before = _standing.set(opener)
    try:
        yield
    finally:
        _standing.reset(before)
        opener.end()


def open_workbook(content: bytes) -> list[pa.Table]:
    """Every sheet that has cells, all columns text; what is known of it stands as JSON in the schema's metadata.

    Raises UnreadableFile for a workbook that cannot be opened, is damaged, or needs more memory than one may take.
    """
    if opener := _standing.get():
        return opener.sheets(content)
    with one_process():
        return open_workbook(content)


def _ask(process: subprocess.Popen[bytes], content: bytes) -> list[pa.Table]:
    assert process.stdin and process.stdout
    try:
        process.stdin.write(len(content).to_bytes(program.LENGTH) + content)
        process.stdin.flush()
        sheets = []
        while (answer := process.stdout.read(1)) == program.SHEET:
            sheets.append(pa.ipc.open_stream(process.stdout).read_all())
        if answer == program.UNREADABLE:
            raise _refusal(process.stdout.readline().decode().strip() or "reading it broke off")
    except (OSError, pa.ArrowException) as error:
        raise _Died from error
    if answer != program.DONE:
        raise _Died
    return sheets


def _refusal(cause: str) -> UnreadableFile:
    return UnreadableFile(
        f"the workbook cannot be opened ({cause}); it is damaged, truncated or encrypted: "
        "open it in a spreadsheet, save it again, or ask the sender for the file again"
    )
