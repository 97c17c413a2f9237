"""`ipw publish`: the release in force goes to where BI tools read it. The work is in `pipelines.serving`."""

import time
from dataclasses import asdict

from pipelines.cli.marts import published_file
from pipelines.cli.output import Format, messages, say_json
from pipelines.paths import Warehouse
from pipelines.serving import postgres


def to_postgres(warehouse: Warehouse, uri: str, form: Format, *, schema: str, reader: str, force: bool) -> None:
    """Publish and say what lies there now. Raises ConfigError when there is no release or the database refuses."""
    marts = published_file(warehouse)
    started = time.monotonic()
    served = postgres.publish(marts, uri, schema=schema, reader=reader, force=force)
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
