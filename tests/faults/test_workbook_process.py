"""The process that opens workbooks: one for many, replaced when it dies, never left behind."""

import io
import json
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.intake.readers import workbook_process
from pipelines.intake.readers.base import UnreadableFile
from pipelines.intake.readers.workbook_process import one_process, open_workbook
from pipelines.intake.run import ingest
from pipelines.intake.workbooks import program
from pipelines.paths import Warehouse
from tests.support import deliver
from tests.unit.intake.test_intake_workbooks import far_corner, workbook

POPULATION = ["区划代码", "区划名称", "时点", "口径", "常住人口(人)", "来源批次"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes started to open workbooks, in order."""
    found: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return found


def cells(content: bytes) -> list[list[dict[str, Any]]]:
    return [sheet.to_pylist() for sheet in open_workbook(content)]


def test_one_process_opens_many_workbooks_as_processes_of_their_own_would(
    started: list[subprocess.Popen[bytes]],
) -> None:
    books = [workbook(甲=[["a", n]], 乙=[["b"]], 空=[]) for n in range(3)]
    alone = [open_workbook(book) for book in books]
    assert len(started) == 3
    with one_process():
        together = [open_workbook(book) for book in books]
    assert len(started) == 4
    for one, other in zip(alone, together, strict=True):
        assert [json.loads(sheet.schema.metadata[b"sheet"])["name"] for sheet in other] == ["甲", "乙"]
        assert all(a.equals(b, check_metadata=True) for a, b in zip(one, other, strict=True))


def test_a_workbook_that_kills_the_process_is_refused_and_the_next_one_is_read(
    started: list[subprocess.Popen[bytes]],
) -> None:
    with one_process():
        before = cells(workbook(甲=[["a"]]))
        with pytest.raises(UnreadableFile, match=r"cannot be opened \(reading it broke off\)"):
            open_workbook(far_corner())
        assert cells(workbook(甲=[["a"]])) == before == [[{"__UNNAMED__0": "a"}]]
    assert len(started) == 3  # the second was for the deadly one alone: it, not what was opened before it, is at fault


def test_a_damaged_workbook_costs_no_process(started: list[subprocess.Popen[bytes]]) -> None:
    good = workbook(甲=[["a"]])
    with one_process():
        for _ in range(2):
            with pytest.raises(UnreadableFile, match=r"cannot be opened \(.+\); it is damaged"):
                open_workbook(good[: len(good) // 2])
            assert cells(good)
    assert len(started) == 1


def test_a_process_lost_between_two_workbooks_harms_neither(started: list[subprocess.Popen[bytes]]) -> None:
    with one_process():
        first = cells(workbook(甲=[["a"]]))
        started[0].kill()
        assert cells(workbook(甲=[["a"]])) == first
    assert len(started) == 2


def test_a_workbook_that_hangs_is_refused_in_time_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(workbook_process, "SECONDS", 5)
    with one_process():
        before = cells(workbook(甲=[["a"]]))
        started[0].send_signal(signal.SIGSTOP)
        with pytest.raises(UnreadableFile, match=r"cannot be opened \(reading it took more than 5 seconds\)"):
            open_workbook(workbook(甲=[["b"]]))
        assert cells(workbook(甲=[["a"]])) == before
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)


def test_threads_share_one_process(started: list[subprocess.Popen[bytes]]) -> None:
    books = [workbook(甲=[[f"book {n}"]]) for n in range(8)]
    with one_process(), ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(copy_context().run, cells, book) for book in books]
        assert [future.result() for future in asked] == [[[{"__UNNAMED__0": f"book {n}"}]] for n in range(8)]
    assert len(started) == 1


def test_an_interrupted_reading_leaves_no_answer_for_the_next_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with one_process():
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(pa.ipc, "open_stream", interrupted)
            open_workbook(workbook(甲=[["first"]]))
        assert cells(workbook(甲=[["second"]])) == [[{"__UNNAMED__0": "second"}]]


def test_nothing_is_left_running(started: list[subprocess.Popen[bytes]]) -> None:
    open_workbook(workbook(甲=[["a"]]))
    with pytest.raises(ZeroDivisionError), one_process():
        open_workbook(workbook(甲=[["a"]]))
        raise ZeroDivisionError
    assert [process.returncode is None for process in started] == [False, False]


def test_intake_of_a_source_opens_its_workbooks_in_one_process(
    started: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    for n, day in enumerate(["2021-01-10", "2022-01-10"]):
        rows = [POPULATION, ["370300", "淄博市", f"{2020 + n}-11-01", "常住人口", 4_704_138 + n, "合成"]]
        deliver(tmp_path / "landing", "population", day, "合成人口.xlsx", workbook(人口=rows))
    assert len(ingest(Warehouse(tmp_path), "population").batches) == 2
    assert len(started) == 1
    assert started[0].returncode is not None


def test_what_lies_about_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "fastexcel.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert cells(workbook(甲=[["a"]]))
    assert "-I" in started[0].args  # type: ignore[operator]


def test_one_process_may_take_eight_gigabytes(started: list[subprocess.Popen[bytes]]) -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux shows the limits of another process")
    with one_process():
        open_workbook(workbook(甲=[["a"]]))
        assert resource.prlimit(started[0].pid, resource.RLIMIT_AS) == (8 << 30, 8 << 30)


def test_what_the_asking_program_held_does_not_wear_out_the_process(started: list[subprocess.Popen[bytes]]) -> None:
    held = b"x" * (program._WORN + 1)
    with one_process():
        for _ in range(2):
            assert cells(workbook(甲=[["a"]]))
    assert len(held) > program._WORN
    assert len(started) == 1


@pytest.mark.parametrize(("worn", "answered"), [(0, 1), (1 << 50, 2)])
def test_a_process_that_held_much_answers_and_ends(monkeypatch: pytest.MonkeyPatch, worn: int, answered: int) -> None:
    monkeypatch.setattr(program, "_WORN", worn)
    book = workbook(甲=[["a"]])
    answers = io.BytesIO()
    program.main(io.BytesIO(2 * (len(book).to_bytes(program.LENGTH) + book)), answers)
    assert answers.getvalue().count("甲".encode()) == answered
    assert answers.getvalue().endswith(program.DONE)
