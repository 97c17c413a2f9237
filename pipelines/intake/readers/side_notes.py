"""Plain text that lies in an archive beside data and is no table: covering notes, readme files, lists of checksums."""

import re
from collections.abc import Collection

from pipelines.contracts.headers import named
from pipelines.contracts.model import Contract
from pipelines.intake.readers import kinds
from pipelines.intake.readers.header import SEARCHED_ROWS

_NAME = re.compile(r"(?:\.(?:txt|md|log|ini|inf|nfo|css|js|asc|rst)|(?:^|[/!])[^./!]+)$", re.IGNORECASE)
_DIGEST = re.compile(r"(?:[0-9a-f]{8}|[0-9a-f]{32,128})[ \t]+\*?\S.*|\S.*[ \t]+[0-9a-f]{32,128}|[0-9a-f]{32,128}|"
                     r"(?:MD5|SHA\d+) ?\(.+\) ?= ?[0-9a-f]+", re.IGNORECASE)  # fmt: skip


def kind_of(text: str, name: str, contract: Contract) -> kinds.Kind | None:
    """What a text without the contract's header is, where it stands in an archive: a list of checksums or a note.

    None for what may be a table: lines with the same number of separators, two of the contract's headers in a line
    that blanks divide, or a name that says so.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and all(_DIGEST.fullmatch(line) for line in lines):
        return kinds.CHECKSUMS
    if not _NAME.search(name) or any(_is_tabular(lines, separator) for separator in "\t|,;"):
        return None
    in_columns = (re.split(r"\s{2,}|\u3000+", line) for line in lines[:SEARCHED_ROWS])
    return None if any(sum(bool(named(contract, cell)) for cell in cells) > 1 for cells in in_columns) else kinds.NOTE


def _is_tabular(lines: Collection[str], separator: str) -> bool:
    """Whether most lines have the same number of separators. Prose has commas too, but not equally many."""
    counts = [line.count(separator) for line in lines]
    least = 1 if separator in "\t|" else 2
    usual = max(set(counts), key=counts.count, default=0)
    return usual >= least and len(counts) > 1 and counts.count(usual) > len(counts) / 2
