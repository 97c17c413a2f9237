"""`ipw export`: a release in the forms of other programs. The work is in `pipelines.export`."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipelines.cli.marts import published_file
from pipelines.cli.output import messages, say_json
from pipelines.export.catalogue import Offer
from pipelines.export.forms import Confidentiality, Form
from pipelines.export.writing import export
from pipelines.paths import Warehouse


def to_folder(
    warehouse: Warehouse,
    folder: Path,
    forms: Sequence[Form],
    *,
    only: Sequence[str],
    offer: Offer,
    confidentiality: Confidentiality | None,
    as_json: bool,
) -> None:
    """Export and say what was written. Raises ConfigError when there is no release, no such table or no room."""
    marts = published_file(warehouse)
    started = time.monotonic()
    exported = export(marts, folder, forms, only=only, offer=offer, confidentiality=confidentiality)
    if as_json:
        say_json(asdict(exported))
    else:
        size = sum(exported.files.values()) / 1e6
        messages.print(
            f"{folder}: release {exported.release_id}, {len(exported.files)} files, {size:,.1f} MB, "
            f"{time.monotonic() - started:.1f} s; datapackage.json describes them"
        )
