"""Archives with fixed dates and order, so that the same members give the same bytes."""

import io
import zipfile
from collections.abc import Iterable


def archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of the members in the order given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name, content in members:
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            out.writestr(entry, content)
    return buffer.getvalue()
