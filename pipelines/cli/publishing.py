"""`ipw publish`: the release in force goes to where BI tools read it. The work is in `pipelines.serving`."""

import time
from dataclasses import asdict

from pipelines.cli.output import Format, messages, say_json
from pipelines.errors import ConfigError
from pipelines.paths import Warehouse
from pipelines.serving import postgres


def to_postgres(warehouse: Warehouse, uri: str, form: Format, *, schema: str, reader: str, force: bool) -> None:
    """Publish and say what lies there now. Raises ConfigError when there is no release or the database refuses."""
    if not warehouse.marts.exists():
        raise ConfigError(f"no release in {warehouse.root} yet; run `ipw run` first")
    started = time.monotonic()
    served = postgres.publish(warehouse.marts.resolve(), uri, schema=schema, reader=reader, force=force)
    if form is Format.JSON:
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
