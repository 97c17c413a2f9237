"""What every release said, kept beside the releases and for good, and what a new one is compared with.

Nothing is computed here: dbt compares (`indicator_revision`), this package keeps and brings back.
"""

from pipelines.history.entries import Entry, day_named, entries, entry_of, find, previous_release
from pipelines.history.keeping import append, differing
from pipelines.history.previous import COMPARISON_TABLES, PREVIOUS, write_previous
from pipelines.history.restoring import write_tables

__all__ = [
    "COMPARISON_TABLES",
    "PREVIOUS",
    "Entry",
    "append",
    "day_named",
    "differing",
    "entries",
    "entry_of",
    "find",
    "previous_release",
    "write_previous",
    "write_tables",
]
