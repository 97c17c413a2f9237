"""Values written into the text of a statement, where it takes no parameter: the name of a file, say."""

from collections.abc import Iterable


def quoted(value: object) -> str:
    """The value as the inside of a text."""
    return str(value).replace("'", "''")


def literal(value: object) -> str:
    """The value as a text."""
    return f"'{quoted(value)}'"


def listed(values: Iterable[object]) -> str:
    """Texts for what stands between the brackets of `in (…)`; without any, what nothing is in."""
    return ", ".join(map(literal, values)) or "null"
