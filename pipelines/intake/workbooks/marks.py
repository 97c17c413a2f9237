"""A cell that shows something, but nothing that may be taken over: the mark it carries from its reader to conform.py.

The mark stands in the cell itself, so that it survives every reshaping of a table on the way, and begins with a
noncharacter, which no text may hold. What is made of it is told in intake.faults.
"""

MARK = "\ufdd0"

CELL_ERROR = "cell_error"
"""The cell shows an error of the spreadsheet (#VALUE!, #REF!, #####)."""
FORMULA_UNCALCULATED = "formula_uncalculated"
"""The cell holds a formula, and the file not its result."""
IDENTIFIER_SPOILED = "identifier_spoiled"
"""A number of more digits than a number cell keeps: it may be a quantity, but identifies nothing."""


def fault(reason: str, shown: str) -> str:
    """The text of a cell that is at fault, with what the cell shows."""
    return f"{MARK}{reason}{MARK}{shown}"
