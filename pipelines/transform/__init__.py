"""From bronze to marts: dbt compiles the project, the statements it compiled run here, and only those that must.

Belongs here: the compiled project, what identifies a statement's result, running it. Does not belong here: the SQL
(`dbt_project/`), Dagster's assets (`pipelines.defs`), publishing.
"""

from pipelines.transform.engine import FEW, build_models, contents, is_worn
from pipelines.transform.nodes import Node, Outcome, Upstream, nodes, require_built, upstream
from pipelines.transform.project import manifest, row_counts
from pipelines.transform.record import Made

__all__ = [
    "FEW",
    "Made",
    "Node",
    "Outcome",
    "Upstream",
    "build_models",
    "contents",
    "is_worn",
    "manifest",
    "nodes",
    "require_built",
    "row_counts",
    "upstream",
]
