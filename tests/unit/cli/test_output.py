"""Numbers as `ipw` prints them."""

from decimal import Decimal

import pytest

from pipelines.release.display import rounded


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "True"),
        (24_500, "24,500"),
        (-3.0, "-3"),
        (14.6892, "14.69"),
        (2.675, "2.68"),  # half up, of the number as written
        (Decimal("1015.92"), "1,015.92"),
        (-0.0042, "-0.0042"),
        (0.00126, "0.0013"),
        (0.005, "0.01"),
        (-1e-15, "0.00"),
        (0.0, "0"),
    ],
)
def test_numbers_are_rounded_half_up_and_never_to_nothing(value: object, shown: str) -> None:
    assert rounded(value) == shown
