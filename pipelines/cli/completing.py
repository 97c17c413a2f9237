"""What the shell offers behind a half-written word: ids of the release in force. It never fails, it offers less."""

import os
from collections.abc import Callable

import click


def _from_marts(query: str) -> Callable[[click.Context, str], list[tuple[str, str]]]:
    """Completes by a query of ids and their names, in the warehouse the command line names."""

    def complete(ctx: click.Context, incomplete: str) -> list[tuple[str, str]]:
        try:
            import duckdb

            from pipelines.settings import Settings

            if named := ctx.params.get("warehouse"):
                os.environ["IPW_WAREHOUSE"] = str(named)
            marts = Settings.from_environment().warehouse.marts.resolve()
            with duckdb.connect(str(marts), read_only=True) as connection:
                found = connection.execute(query).fetchall()
        except Exception:  # a shell that is offered nothing goes on; a traceback would spoil the line
            return []
        return [(str(code), str(name)) for code, name in found if str(code).startswith(incomplete)]

    return complete


indicators = _from_marts("select indicator_id, title_zh || ' ' || title_en from dim_indicator order by 1")
regions = _from_marts("select distinct region_code, name_zh || ' ' || name_en from dim_region order by 1")
tables = _from_marts("select table_name, comment from duckdb_tables() order by 1")
plans = _from_marts("select distinct plan_id, '' from dim_plan_target order by 1")


def sources(incomplete: str) -> list[tuple[str, str]]:
    """The sources that have a contract."""
    from pipelines.contracts.registry import contracts

    return [(name, one.title.zh) for name, one in contracts().items() if name.startswith(incomplete)]
