"""One delivered file to one table of text: the reader is chosen by content, never by the file's name.

Belongs here: recognising the format. Each format is a module of its own, loaded when a file of it comes, as most runs
read one or two; base.py holds what they share.
"""

import re

from pipelines.contracts.registry import contract
from pipelines.intake.readers.base import RawTable, UnreadableFile

_ZIP = b"PK\x03\x04"
_WORKBOOK_PART = b"xl/"  # entry names stand uncompressed in a ZIP
_OLE = b"\xd0\xcf\x11\xe0"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|table|meta|style)", re.IGNORECASE)
_JSON = re.compile(rb"[\[{]\s*[\"\[{\]}]")


def read_member(name: str, content: bytes, source: str) -> RawTable:
    """Read one file of a source as text. Raises UnreadableFile, naming the file, for what cannot be read."""
    try:
        return _read(content, source)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name}: {error}") from error


def _read(content: bytes, source: str) -> RawTable:
    opening = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not opening:
        raise UnreadableFile("the file is empty; ask the sender for it again")
    if content.startswith(_OLE) or (content.startswith(_ZIP) and _WORKBOOK_PART in content):
        from pipelines.intake.readers.workbook import read_excel

        return read_excel(content, contract(source))
    if content.startswith(_ZIP):
        raise UnreadableFile("a ZIP archive that is no workbook stands where a file was expected; deliver it as .zip")
    if content.startswith(b"%PDF"):
        raise UnreadableFile("this is a PDF, from which no table is read; deliver the table as .xlsx or .csv")
    if content.startswith(_PICTURES):
        raise UnreadableFile("this is a picture, from which nothing is read; deliver without it")
    if _HTML.match(opening):
        raise UnreadableFile("this is a web page saved under another name; open it, save it as .xlsx, deliver that")
    if opening.startswith(b"<"):
        from pipelines.intake.readers.xml_files import read_xml

        return read_xml(content, source)
    if _JSON.match(opening):
        from pipelines.intake.readers.json_records import read_json

        return read_json(content, source)
    return _read_text(content, source)


def _read_text(content: bytes, source: str) -> RawTable:
    from pipelines.intake.decode import decode_text
    from pipelines.intake.readers.delimited import header_of, read_table
    from pipelines.intake.readers.gazette_text import looks_like_gazette_text, read_gazette_text

    text, encoding = decode_text(content)
    try:
        separator, header = header_of(text, contract(source))
    except UnreadableFile:
        if looks_like_gazette_text(text):
            return read_gazette_text(text, source, encoding)
        raise
    return read_table(text, encoding, separator, header, contract(source))
