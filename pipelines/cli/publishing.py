"""`ipw publish`: the release in force goes to where BI tools read it. The work is in `pipelines.serving`."""

import os
import time
from dataclasses import asdict

from pipelines.cli.marts import published_file
from pipelines.cli.output import messages, say_json
from pipelines.paths import Warehouse


def to_postgres(warehouse: Warehouse, uri: str, *, schema: str, reader: str, force: bool, as_json: bool) -> None:
    """Publish and say what lies there now. Raises ConfigError when there is no release or the database refuses."""
    from pipelines.serving import postgres

    marts = published_file(warehouse)
    started = time.monotonic()
    served = postgres.publish(marts, uri, schema=schema, reader=reader, force=force)
    if as_json:
        say_json(asdict(served))
    elif served.is_new:
        rows = f"{sum(served.tables.values()):,} rows in {len(served.tables)} tables"
        messages.print(
            f"release {served.release_id} in schema {served.schema}: {rows}, {time.monotonic() - started:.1f} s"
        )
    else:
        messages.print(
            f"nothing new: release {served.release_id} lies in schema {served.schema}; --force loads it again"
        )


def to_superset(warehouse: Warehouse, url: str, *, user: str, reads: str | None, as_json: bool) -> None:
    """Load the dashboards and say where they are. Raises ConfigError when there is no release or Superset refuses."""
    from pipelines.serving import superset

    marts = published_file(warehouse)
    loaded = superset.load(
        marts,
        url,
        user=user,
        password=os.environ.get("SUPERSET_PASSWORD", ""),
        # The path that moves with each release, not the release's own: dashboards need not be loaded again.
        reads=reads or f"duckdb:///{warehouse.marts.absolute()}",
    )
    if as_json:
        say_json(asdict(loaded))
        return
    messages.print(f"{len(loaded.dashboards)} dashboards of {loaded.charts} charts read {loaded.reads}")
    for title, address in loaded.dashboards.items():
        messages.print(f"  {title}: {address}")
