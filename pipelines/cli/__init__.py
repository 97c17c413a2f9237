"""The `ipw` command: each verb in a module of its own, thin over what Dagster and the marts offer."""

from pipelines.cli.app import app

__all__ = ["app"]
