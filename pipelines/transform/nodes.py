"""What a build is made of: the nodes of the compiled project, in an order in which each follows what it reads.

Nothing is run here, and no data is read.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from pipelines.errors import GateFailed
from pipelines.transform.project import manifest, manifest_file


@dataclass(frozen=True)
class Column:
    """A column that a model's contract promises."""

    name: str
    data_type: str
    is_required: bool


@dataclass(frozen=True)
class Node:
    """A seed, a model or a data test, as dbt compiled it; or a source, which has no statement."""

    unique_id: str
    name: str
    kind: str
    """`seed`, `model`, `test` or `source`."""
    schema: str
    materialized: str
    """`table` or `view` for a model."""
    statement: str
    parents: tuple[str, ...]
    """Unique ids of the nodes it reads."""
    contract: tuple[Column, ...] = ()
    """Its columns, where dbt enforces them."""
    files: str = ""
    """Of a source: what follows its name in the folder of its schema."""
    partition_by: str = ""
    """A text column, or the first letters of one, by whose values the content is known too (`meta.partition_by`)."""
    is_partition_wise: bool = False
    """Rows with one value of it are made from rows with that value alone, of whatever it reads that is partitioned the
    same way (`meta.partition_wise`): only those of changed values are made again. Of a test: they are asked again."""

    tells_difference: bool = False
    """Has no row of a value for which the two partitioned nodes that it compares hold the same
    (`meta.tells_difference`): these values are not compared row by row."""

    @property
    def lies_by_partition(self) -> bool:
        """Whether rows in the order of all columns lie together by partition, as far as its contract says."""
        first = self.contract[0].name if self.contract else ""
        return bool(first) and re.fullmatch(rf"{first}|substr\({first}, 1, \d+\)", self.partition_by) is not None

    @property
    def relation(self) -> str:
        """Its quoted name in the build."""
        return f'"{self.schema}"."{self.name}"'


@dataclass(frozen=True)
class Outcome:
    """What became of one node: a model, a seed or a test."""

    unique_id: str
    resource_type: str
    status: str
    """dbt's word: success, pass, fail, error, skipped."""
    message: str
    seconds: float
    reused: bool = False
    """Nothing was done: a success or pass on the same statement and the same inputs is on record in the build."""
    partitions: str = ""
    """Of a node that was made or asked again in part: how much of it, in words."""

    @property
    def name(self) -> str:
        """Of the seed, model or test: the third part of dbt's id, which for a generic test a hash follows."""
        return self.unique_id.split(".")[2]

    @property
    def fault(self) -> str:
        """Which node it is and what is wrong with it."""
        return f"{self.name}: {self.message or self.status}"

    @property
    def passed(self) -> bool:
        """True when the node ran and was found right; what was skipped did not pass."""
        return self.status in ("success", "pass")


def nodes() -> Mapping[str, Node]:
    """Sources, seeds, models and data tests of the project by unique id, each after what it reads.

    A test follows its last parent as closely as it can, so that it is asked before anything else reads that.
    """
    file = manifest_file()
    return _nodes(file, file.stat().st_mtime_ns)


def opening_statement() -> str:
    """The statements that open the delivered files as views, with `<IPW_…>` where a folder is to be named."""
    operations = (node for node in manifest()["nodes"].values() if node["resource_type"] == "operation")
    return "\n".join(node["compiled_code"] for node in operations)


@lru_cache(maxsize=1)
def _nodes(_file: Path, _made: int) -> Mapping[str, Node]:
    content = manifest()
    found = {uid: _source(uid, one) for uid, one in content["sources"].items()}
    found |= {
        uid: _node(uid, one)
        for uid, one in sorted(content["nodes"].items())
        if one["resource_type"] in ("seed", "model", "test")
    }
    order = TopologicalSorter({uid: one.parents for uid, one in found.items() if one.kind != "test"}).static_order()
    waiting = [one for one in found.values() if one.kind == "test"]
    ordered: dict[str, Node] = {}
    for uid in order:
        ordered[uid] = found[uid]
        ready = [test for test in waiting if ordered.keys() >= {*test.parents}]
        waiting = [test for test in waiting if test not in ready]
        ordered |= {test.unique_id: test for test in ready}
    return ordered


def _source(uid: str, one: Mapping[str, Any]) -> Node:
    return Node(uid, one["name"], "source", one["schema"], "view", "", (), files=one["config"]["meta"]["files"])


def _node(uid: str, one: Mapping[str, Any]) -> Node:
    is_enforced = one["resource_type"] == "model" and one["config"]["contract"]["enforced"]
    meta = one["config"].get("meta") or {}
    return Node(
        unique_id=uid,
        name=one["name"],
        kind=one["resource_type"],
        schema=one["schema"],
        materialized=one["config"]["materialized"],
        statement=one.get("compiled_code") or "",
        parents=tuple(sorted({*one["depends_on"].get("nodes", [])})),
        contract=tuple(_column(column) for column in one["columns"].values()) if is_enforced else (),
        partition_by=meta.get("partition_by", ""),
        is_partition_wise=meta.get("partition_wise", False),
        tells_difference=meta.get("tells_difference", False),
    )


def _column(one: Mapping[str, Any]) -> Column:
    return Column(one["name"], one["data_type"], any(each["type"] == "not_null" for each in one["constraints"]))


def require_built(outcomes: Iterable[Outcome]) -> None:
    """Raises GateFailed, naming the first seed or model that failed with the database's words, when one did."""
    for one in outcomes:
        if one.resource_type != "test" and one.status != "skipped" and not one.passed:
            raise GateFailed(f"dbt: {one.name} was not built: {one.message}")


@dataclass(frozen=True)
class Upstream:
    """What a build of some marts alone consists of, by name."""

    built: set[str]
    """Seeds and models, the marts asked for among them."""
    given: set[str]
    """Other marts they read, which must lie in the database already."""
    tests: set[str]
    """Data tests of the marts asked for that look at nothing else than what is built or given."""


def upstream(marts: Collection[str]) -> Upstream:
    """What it takes to build these marts from sources and the other marts."""
    known = nodes()
    asked = {uid for uid, node in known.items() if node.kind == "model" and node.name in marts}
    built, waiting, given = set(asked), list(asked), set[str]()
    while waiting:
        for parent in known[waiting.pop()].parents:
            if known[parent].kind == "source" or parent in built | given:
                continue
            is_given = known[parent].schema == "marts"
            (given if is_given else built).add(parent)
            waiting += [] if is_given else [parent]
    tests = {
        uid
        for uid, node in known.items()
        if node.kind == "test" and asked & {*node.parents} and built | given >= {*node.parents}
    }
    return Upstream(*({known[uid].name for uid in some} for some in (built, given, tests)))
