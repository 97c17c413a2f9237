"""The rights of the sample city but patents: marks, families, copyrights, varieties, layouts, geographical indications.

One module per source draws its ledger, writes its files and counts its truth. Names as written are in `names`.
"""

import polars as pl

from pipelines.sample.part import Delivered, Part
from pipelines.sample.rights import copyrights, families, ic_layouts, indications, plant_varieties, renames, trademarks

SOURCES = (trademarks, families, copyrights, plant_varieties, ic_layouts, indications, renames)


def deliver(part: Part) -> Delivered:
    """Write the rights of one part."""
    done = [source.deliver(part) for source in SOURCES]
    return Delivered(
        pl.concat([one.truth for one in done]),
        pl.concat([one.high_value for one in done]),
        pl.concat([one.marks for one in done]),
    )


__all__ = ["deliver"]
