"""A user at a terminal: colours there and nowhere else, tables wide enough in a pipe, completion, a clean end by Ctrl-C."""

import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support import IPW, environment, ipw

pytestmark = pytest.mark.slow

ESCAPE = "\x1b["


def _hear_interrupts() -> None:
    """As at a terminal; whoever is started in the background of a script is told to ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def at_terminal(warehouse: Path, *arguments: str, interrupt_after: str | None = None) -> tuple[int, str]:
    """Exit code and everything a terminal of 120 columns showed; Ctrl-C once it shows `interrupt_after`."""
    ours, theirs = pty.openpty()
    settings = environment(warehouse, COLUMNS="120", TERM="xterm-256color")
    settings.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [str(IPW), *arguments], env=settings, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=_hear_interrupts,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            if not (some := os.read(ours, 4096)):
                break
        except OSError:  # how a terminal says that the last writer has gone
            break
        shown += some
        if interrupt_after and interrupt_after.encode() in shown:
            os.killpg(process.pid, signal.SIGINT)
            interrupt_after = None
    os.close(ours)
    return process.wait(timeout=60), shown.decode("utf-8", "replace")


def test_a_terminal_sees_colours_and_the_whole_board(published: Path) -> None:
    code, shown = at_terminal(published, "targets")
    assert code == 0 and ESCAPE in shown and "Y03" in shown and "SYNTHETIC" in shown


def test_a_pipe_sees_no_colours_and_lines_that_are_not_folded(published: Path) -> None:
    settings = environment(published)
    settings.pop("COLUMNS")
    piped = subprocess.run([str(IPW), "targets"], env=settings, capture_output=True, text=True, check=True)
    assert ESCAPE not in piped.stdout + piped.stderr
    assert max(map(len, piped.stdout.splitlines())) > 150


def test_no_color_is_respected_at_a_terminal(small_city: Path) -> None:
    os.environ["NO_COLOR"] = "1"
    try:
        plain = subprocess.run(
            [str(IPW), "gc", "--dry-run"],
            env=environment(small_city / "warehouse"),
            capture_output=True,
            text=True,
        )
    finally:
        del os.environ["NO_COLOR"]
    assert plain.returncode == 0 and ESCAPE not in plain.stdout


def test_machines_read_one_json_document(published: Path, small_city: Path) -> None:
    """`gc` takes the writer's lock, so it is asked where no other test runs."""
    for verb in (["targets"], ["tasks"], ["indicators"], ["reconcile"], ["revisions"], ["rejects"], ["doctor"],
                 ["gc", "--dry-run"], ["explain", "inv_valid", "--period", "2020"]):  # fmt: skip
        outcome = ipw(small_city / "warehouse" if verb[0] == "gc" else published, *verb, "--json")
        assert outcome.returncode == 0, outcome.stderr
        assert isinstance(json.loads(outcome.stdout), (list, dict)), verb


def test_the_shell_completes_ids_of_the_release(published: Path) -> None:
    asked = environment(published, _IPW_COMPLETE="complete_bash", COMP_WORDS="ipw explain inv_h", COMP_CWORD="2")
    offered = subprocess.run([str(IPW)], env=asked, capture_output=True, text=True)
    assert "inv_high_value_per_10k" in offered.stdout.split()


def test_head_ends_a_listing_without_a_word(published: Path) -> None:
    listing = subprocess.run(
        f"'{IPW}' indicators --period month --format csv | head -1",
        shell=True, env=environment(published), capture_output=True, text=True,
    )  # fmt: skip
    assert listing.stdout.count("\n") == 1
    assert "Traceback" not in listing.stderr and "Broken" not in listing.stderr


def test_ctrl_c_is_one_line(tmp_path: Path) -> None:
    code, shown = at_terminal(tmp_path, "run", interrupt_after="making the synthetic sample city")
    assert code == 130 and "Traceback" not in shown
    assert "stopped; the last release stays in place" in shown
