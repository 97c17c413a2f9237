"""A small project over one source, and a warehouse to build it in."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.paths import Warehouse
from pipelines.settings import Settings
from pipelines.transform import Node, Outcome, build_models

OPENING = (
    "create schema if not exists bronze; create schema if not exists inputs; create or replace view bronze.deals "
    "as select * from read_parquet('<IPW_BRONZE>/deals/*.parquet'); create or replace view inputs.run_parameters "
    "as select * from read_parquet('<IPW_INPUTS>/run_parameters.parquet');"
)


def node(name: str, statement: str, *parents: str, kind: str = "model", **more: object) -> Node:
    shape = {"schema": "marts", "materialized": "table"} | more
    return Node(name, name, kind, statement=statement, parents=parents, **shape)  # type: ignore[arg-type]


def project() -> dict[str, Node]:
    some = [
        Node("deals", "deals", "source", "bronze", "view", "", (), files="/*.parquet"),
        Node("run_parameters", "run_parameters", "source", "inputs", "view", "", (), files=".parquet"),
        node("stg_plan__run_parameters", "select * from inputs.run_parameters", "run_parameters", materialized="view"),
        node("stg_deals", "select * from bronze.deals", "deals", materialized="view"),
        node(
            "known",
            "select amount from marts.stg_deals as delivered cross join marts.stg_plan__run_parameters as run "
            "where delivered.delivered_on <= run.known_at",
            "stg_deals",
            "stg_plan__run_parameters",
        ),
        node("positive", "select * from marts.known where amount < 0", "known", kind="test"),
        node("sums", "select sum(amount) as total from marts.known", "known"),
        node(
            "dated",
            "select total, run.as_of from marts.sums cross join marts.stg_plan__run_parameters as run",
            "sums",
            "stg_plan__run_parameters",
        ),
    ]
    return {one.unique_id: one for one in some}


class City:
    """A warehouse with one source and one row of parameters, and a project over them."""

    def __init__(self, root: Path) -> None:
        self.settings = replace(Settings.from_environment(), warehouse=Warehouse(root), threads=None)
        self.project = project()
        for folder in ("bronze/deals", "quarantine", "build/inputs"):
            (root / folder).mkdir(parents=True)
        self.asked_for(date(2021, 2, 1))
        self.deliver("a", date(2021, 1, 5), 10)

    def deliver(self, name: str, day: date, *amounts: int) -> None:
        frame = pl.DataFrame({"amount": amounts, "delivered_on": [day] * len(amounts)})
        frame.write_parquet(self.settings.warehouse.bronze / "deals" / f"{name}.parquet")

    def asked_for(self, day: date) -> None:
        row = {"as_of": [day], "known_at": [day], "input_fingerprint": [str(day)]}
        pl.DataFrame(row).write_parquet(self.settings.warehouse.inputs / "run_parameters.parquet")

    def build(self) -> dict[str, Outcome]:
        return {one.unique_id: one for one in build_models(self.settings)}

    def made(self) -> set[str]:
        return {name for name, one in self.build().items() if not one.reused}
