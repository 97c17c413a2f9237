"""Entry to all XML dialects: which one a file is in, and its records as a table. No dialect is described here."""

from collections.abc import Iterator
from itertools import chain

import polars as pl

from pipelines.intake.readers import (
    gazette_text,
    xml_cnipa,
    xml_families,
    xml_indications,
    xml_trademarks,
    xml_wipo,
)
from pipelines.intake.readers.base import ROW, Notes, RawTable, UnreadableFile, table
from pipelines.intake.readers.xml_records import Row, Unused, encoding_of, records

DIALECTS = (
    *xml_cnipa.DIALECTS,
    *xml_wipo.DIALECTS,
    *xml_families.DIALECTS,
    *xml_trademarks.DIALECTS,
    *xml_indications.DIALECTS,
)
COLUMNS = {
    "patents": xml_cnipa.PATENT_COLUMNS,
    "patent_events": gazette_text.COLUMNS,
    "patent_families": xml_families.COLUMNS,
    "trademarks": xml_trademarks.COLUMNS,
    "geographical_indications": xml_indications.COLUMNS,
}
UNUSED: dict[str, Unused] = xml_families.UNUSED | xml_trademarks.UNUSED | xml_indications.UNUSED


def read_xml(content: bytes, source: str) -> RawTable:
    """The records of a source in an XML file; a record is one row, but for marks (a row per class) and
    geographical indications (a row per authorised user too); rows of one record have its ordinal in common.

    A file holds one record or many below any root element. Columns are fields of the source's contract, and
    labels of notices that have no field. Raises UnreadableFile for unknown dialects, records of another
    source, files known to be of no use, and XML that is malformed, truncated or declares entities.
    """
    notes = Notes()
    # Exchange documents are patents in one source and family members in another: the source's own dialect is used.
    found = records(content, sorted(DIALECTS, key=lambda dialect: dialect.source == source), notes, UNUSED)
    first = next(found, None)
    dialect = first[0] if first else next(d for d in DIALECTS if d.wrapper)
    if dialect.source != source:
        raise UnreadableFile(
            f"the XML holds {dialect.source} (<{dialect.record}>), not {source}; deliver it under {dialect.source}"
        )
    ordinals: list[int] = []

    def rows() -> Iterator[Row]:
        for ordinal, (_, record) in enumerate(chain([first] if first else [], found), start=1):
            for row in dialect.rows(record, notes):
                ordinals.append(ordinal)
                yield row

    read = table(rows(), COLUMNS[source], reader=dialect.reader, encoding=encoding_of(content), notes=notes)
    frame = read.frame.with_columns(pl.Series(ROW, ordinals, dtype=pl.Int64))
    return RawTable(dialect.finish(frame, notes), read.reader, read.encoding, notes.lines())
