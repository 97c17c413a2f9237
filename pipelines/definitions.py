"""Everything Dagster loads, and nothing else: assets, checks, jobs, schedules and sensors live in `defs/`."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """The code location: every definition found below `pipelines/defs`."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
