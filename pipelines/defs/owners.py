"""Who answers for which part of the graph. Groups are the layers; what an asset is for is said where it is defined."""

from collections.abc import Sequence

ENGINEERS = "team:data-engineering"
PLANNERS = "team:ip-planning"

_OWNERS: dict[str, Sequence[str]] = {
    "inputs": (PLANNERS, ENGINEERS),  # the plan's figures and wording are the planners'
    "marts": (PLANNERS, ENGINEERS),  # and so is what the indicators mean
    "release": (PLANNERS, ENGINEERS),
}


def owners(layer: str) -> list[str]:
    """Teams to ask about an asset of a layer (`bronze`, `staging`, `marts` …); the first one decides."""
    return list(_OWNERS.get(layer, (ENGINEERS,)))
