"""The worked examples of docs/method.md: every line's left side, computed here, gives the result printed on its right."""

import ast
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.documentation import blocks

EXAMPLES = [block for block in blocks("text") if block.mark.startswith("example ")]
LINES = [line for block in EXAMPLES for line in block.text.splitlines()]
_SIGNS = {"÷": "/", "×": "*", "−": "-", "^": "**"}
_OPERATIONS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip


def parts(line: str) -> tuple[str, str, str]:
    """Label, calculation and printed result of a line."""
    found = re.fullmatch(r"(.+?)\s{2,}(.+) = (\S+(?: %)?)", line)
    assert found, f"not `label  calculation = result`: {line}"
    return found[1], found[2], found[3]


def computed(calculation: str) -> float:
    """Value of an arithmetical expression as it is printed."""
    for printed, sign in _SIGNS.items():
        calculation = calculation.replace(printed, sign)
    return _value(ast.parse(calculation, mode="eval").body)


def as_printed(value: float, result: str) -> str:
    """A value with as many digits as the printed result has, rounded half up."""
    number, percent = result.removesuffix(" %").replace("−", "-"), result.endswith(" %")
    digits = len(number.partition(".")[2])
    exact = Decimal(repr(round(value * (100 if percent else 1), 12)))
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + (" %" if percent else "")


def test_there_are_examples_of_values_sums_and_targets() -> None:
    assert {block.mark.split()[1] for block in EXAMPLES} == {"value", "sum", "target"}
    assert len(LINES) > 20


@pytest.mark.parametrize("line", LINES)
def test_the_printed_result_follows_from_the_printed_calculation(line: str) -> None:
    _, calculation, result = parts(line)
    assert as_printed(computed(calculation), result) == result.replace("−", "-")


def test_a_wrong_result_is_found() -> None:
    assert as_printed(computed("(7.5 ÷ 6.3)^(1 ÷ 1) − 1"), "19.049 %") == "19.048 %"


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=sign, right=right):
            return _OPERATIONS[type(sign)](_value(left), _value(right))
    raise AssertionError(f"not arithmetic: {ast.dump(node)}")
