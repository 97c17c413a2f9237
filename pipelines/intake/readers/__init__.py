"""One delivered file to one table of text: the reader is chosen by content, never by the file's name.

Belongs here: which reader reads which kind of file. What else a file can be is kinds.py's. Each format is a module of
its own, loaded when a file of it comes, as most runs read one or two; base.py holds what they share.
"""

import re

from pipelines.contracts.registry import contract
from pipelines.intake.readers import kinds, ole
from pipelines.intake.readers.base import NoData, RawTable, UnreadableFile

_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_EMPTY = "the file is empty; ask the sender for it again"
_LETTER = "a Word document without a table that fits"
"""What the ledger says: the headers seen are not for it, as a table in a letter may well name persons."""
_JSON = re.compile(rb"[\[{]\s*[\"\[{\]}]")


def read_member(name: str, content: bytes, source: str, *, packed: bool = False) -> RawTable:
    """Read one file of a source as text; `packed` says that it came in an archive, where notes and pages may lie too.

    Raises UnreadableFile, naming the file, for what cannot be read; it is NoData for a kind that holds no records,
    unless the name says that a table is meant.
    """
    try:
        return _read(name, content, source, packed)
    except UnreadableFile as error:
        if isinstance(error, NoData) and not kinds.CLAIMS_DATA.search(name):
            raise NoData(f"{name}: {error}", error.what, error.beside) from error
        raise UnreadableFile(f"{name}: {error}") from error


def _read(name: str, content: bytes, source: str, packed: bool) -> RawTable:
    if not content[:4096].strip(_BLANK) and not content.strip(_BLANK):
        raise NoData(_EMPTY, "an empty file", "archive")
    if content[:1] != b"<":  # most files by number are XML
        kinds.refuse(content, name)
    if content.startswith(ole.MAGIC[:4]):
        return _read_document(kinds.compound(content), content, source)
    if content.startswith(kinds.ZIP):
        return _read_document(kinds.package(content), content, source)
    opening = content[:4096].replace(b"\0", b"").lstrip(_BLANK)
    if not opening:
        raise UnreadableFile(_EMPTY)
    if opening.startswith(b"<"):
        return _read_markup(name, content, source, packed)
    if _JSON.match(opening):
        from pipelines.intake.readers.json_records import read_json

        return read_json(content, source)
    if kinds.is_page_in_one(opening):
        return _read_page(name, content, source, packed)
    kinds.refuse_side_text(opening)
    return _read_text(name, content, source, packed)


def _read_document(kind: kinds.Kind, content: bytes, source: str) -> RawTable:
    if kind not in (kinds.WORKBOOK, kinds.WORD):
        raise kind.error()
    from pipelines.intake.readers.workbook import read_excel

    try:
        return read_excel(content, contract(source))
    except UnreadableFile as error:
        if kind is kinds.WORKBOOK:
            raise
        raise NoData(f"this is a Word document, of which no table fits: {error}", _LETTER, "archive") from error


def _read_markup(name: str, content: bytes, source: str, packed: bool) -> RawTable:
    root = kinds.markup(content)
    if root.lower() in kinds.HTML_ROOTS:
        return _read_page(name, content, source, packed)
    if kinds.is_spreadsheet_xml(content, root):
        return _read_document(kinds.WORKBOOK, content, source)
    from pipelines.intake.readers.xml_files import read_xml

    return read_xml(content, source)


def _read_page(name: str, content: bytes, source: str, packed: bool) -> RawTable:
    """Tables saved as a web page; pages that lie in an archive under a page's name explain the data or list it."""
    if packed and kinds.PAGE_NAME.search(name):
        raise kinds.PAGE.error()
    try:
        return _read_document(kinds.WORKBOOK, content, source)
    except UnreadableFile as error:
        raise UnreadableFile(f"this is a web page saved under another name, of which no table fits: {error}") from error


def _read_text(name: str, content: bytes, source: str, packed: bool) -> RawTable:
    from pipelines.intake.decode import decode_text
    from pipelines.intake.readers.delimited import header_of, read_table
    from pipelines.intake.readers.gazette_text import looks_like_gazette_text, read_gazette_text

    text, encoding = decode_text(content)
    try:
        separator, header = header_of(text, contract(source))
    except UnreadableFile:
        if looks_like_gazette_text(text):
            return read_gazette_text(text, source, encoding)
        if packed:
            from pipelines.intake.readers import side_notes

            if kind := side_notes.kind_of(text, name, contract(source)):
                raise kind.error() from None
        raise
    return read_table(text, encoding, separator, header, contract(source))
