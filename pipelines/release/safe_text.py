"""Text cells that a spreadsheet will not run. Used wherever delivered text leaves as CSV or a workbook."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; all else stays as it is."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value
