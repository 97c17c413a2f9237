"""How a failed gate reaches Dagster and, through it, the command line: one line and the exit code of the design."""

import dagster as dg

from pipelines.errors import IpwError

EXIT_CODE = "exit_code"


def failure(error: IpwError) -> dg.Failure:
    """The Dagster failure of a user-facing error: its one line, its exit code, and no retry, which could not help."""
    return dg.Failure(description=str(error), metadata={EXIT_CODE: error.exit_code}, allow_retries=False)
