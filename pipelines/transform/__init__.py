"""From bronze to marts: dbt compiles the project, the statements it compiled run here, and only those that must.

Belongs here: the compiled project, what identifies a statement's result, running it. Does not belong here: the SQL
(`dbt_project/`), Dagster's assets (`pipelines.defs`), publishing.
"""

from pipelines.transform.engine import build_models, contents
from pipelines.transform.nodes import Node, Outcome, Upstream, nodes, require_built, upstream
from pipelines.transform.project import manifest, row_counts

__all__ = [
    "Node",
    "Outcome",
    "Upstream",
    "build_models",
    "contents",
    "manifest",
    "nodes",
    "require_built",
    "row_counts",
    "upstream",
]
