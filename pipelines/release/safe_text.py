"""Text cells that a spreadsheet will not run. Used wherever delivered text leaves as CSV or a workbook."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Prefix a text that a spreadsheet would take for a formula with an apostrophe; numbers and dates stay as they are."""
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value
