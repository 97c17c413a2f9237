"""Entry to all XML dialects: which one a file is in, and its records as a table. No dialect is described here."""

from itertools import chain

from pipelines.intake.readers import gazette_text, xml_cnipa, xml_wipo
from pipelines.intake.readers.base import Notes, RawTable, UnreadableFile, table
from pipelines.intake.readers.xml_records import encoding_of, records

DIALECTS = (*xml_cnipa.DIALECTS, *xml_wipo.DIALECTS)
COLUMNS = {"patents": xml_cnipa.PATENT_COLUMNS, "patent_events": gazette_text.COLUMNS}


def read_xml(content: bytes, source: str) -> RawTable:
    """The patent documents (`patents`) or legal events (`patent_events`) of an XML file, one row per record.

    A file holds one record or many below any root element. Columns are fields of the source's contract, and
    labels of notices that have no field. Raises UnreadableFile for unknown dialects, records of the other
    source, and XML that is malformed, truncated or declares entities.
    """
    notes = Notes()
    found = records(content, DIALECTS, notes)
    first = next(found, None)
    dialect = first[0] if first else next(d for d in DIALECTS if d.wrapper)
    if dialect.source != source:
        raise UnreadableFile(
            f"the XML holds {dialect.source} (<{dialect.record}>), not {source}; deliver it under {dialect.source}"
        )
    rows = (dialect.row(record, notes) for _, record in chain([first] if first else [], found))
    return table(rows, COLUMNS[source], reader=dialect.reader, encoding=encoding_of(content), notes=notes)
