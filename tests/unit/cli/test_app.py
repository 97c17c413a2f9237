"""The command line itself: help, examples, suggestions, and how a verb that ends early says so."""

import re

import click
import pytest
import typer.main
from typer.testing import CliRunner

from pipelines.cli import app, completing, serving
from pipelines.errors import GateFailed

COMMAND = typer.main.get_command(app)
VERBS = sorted(COMMAND.commands)  # type: ignore[attr-defined]


def said(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_what_it_does_with_an_example(verb: str) -> None:
    for option in ("-h", "--help"):
        code, text = said(verb, option)
        assert code == 0 and f"Example: ipw {verb}" in text


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_is_a_command_that_can_be_given(verb: str) -> None:
    _, text = said(verb, "--help")
    (example,) = re.findall(r"Example: ipw (.+)", text)
    words = example.split()
    command = COMMAND.commands[words[0]]  # type: ignore[attr-defined]
    with command.make_context(words[0], words[1:]) as context:
        assert isinstance(context, click.Context)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "serve"])
def test_every_verb_that_ends_can_say_its_outcome_as_json(verb: str) -> None:
    assert "--json" in said(verb, "--help")[1]


def test_exit_codes_and_verbs_are_in_the_help() -> None:
    code, text = said("--help")
    assert code == 0 and "3 broken input" in text and all(verb in text for verb in VERBS)


def test_a_mistyped_verb_is_told_which_was_meant_once() -> None:
    code, text = said("targts")
    assert code == 2 and text.count("targets") == 1


def test_the_version_is_that_of_the_project() -> None:
    assert said("--version") == (0, "ipw 0.1.0\n")


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (GateFailed("the gate is shut; open it"), 1, "ipw: the gate is shut; open it"),
        (KeyboardInterrupt(), 130, "ipw: stopped; the last release stays in place"),
        (ZeroDivisionError("by\nzero"), 1, "ipw: unexpected ZeroDivisionError: by zero; IPW_DEBUG=1 shows where"),
    ],
)
def test_what_ends_a_verb_early_is_one_line(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(serving, "doctor", fail)
    monkeypatch.delenv("IPW_DEBUG", raising=False)
    outcome = CliRunner().invoke(app, ["doctor"])
    assert outcome.exit_code == code
    assert outcome.output.startswith(words) and outcome.output.count("\n") == 1


def test_completion_without_a_release_offers_nothing_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("IPW_WAREHOUSE", str(tmp_path_factory.mktemp("empty")))
    context = click.Context(click.Command("explain"))
    assert completing.indicators(context, "inv") == []
    assert ("patents", "专利") in [(name, title[:2]) for name, title in completing.sources("pat")]
