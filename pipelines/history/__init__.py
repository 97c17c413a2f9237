"""What every release said, kept beside the releases and for good, and what a new one is compared with.

Nothing is computed here: dbt compares (`indicator_revision`), this package keeps and brings back.
"""

from pipelines.history.previous import COMPARISON_TABLES, PREVIOUS, previous_release, write_previous

__all__ = ["COMPARISON_TABLES", "PREVIOUS", "previous_release", "write_previous"]
