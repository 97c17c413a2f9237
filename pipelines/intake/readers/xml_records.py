"""Records out of an XML file, streamed and safe against hostile documents. Knows no patent vocabulary.

Built on expat alone: nothing outside the file is ever fetched, entity declarations are refused, and subtrees
a dialect does not read (full text, drawings, persons) are skipped without being built.
"""

import codecs
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import polars as pl

from pipelines.intake.decode import decode
from pipelines.intake.readers.base import Notes, UnreadableFile, slices

DECLARED = re.compile(rb"""\A<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
BLANKS = re.compile(r"[ \t\r\n]+")
ZONED_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})")
GB_ENCODINGS = {"gb2312", "gbk", "cp936", "x-gbk", "gb18030"}
_BEHIND_THE_ROOT = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_FILLING = re.compile(rb"(?:\xef\xbb\xbf|[\0\x1a\s])*")
"""What stands between documents and behind the last: blanks, byte order marks, the end mark of DOS, padding."""
_PIECE = 1 << 20
UTF8_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}

Row = dict[str, str]
"""Fields of the contract, or labels that have no field, to delivered text; "" where there is none."""


def as_read(frame: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """The table of a dialect whose records say everything about themselves."""
    return frame


def one(row: Callable[[Element, Notes], Row]) -> Callable[[Element, Notes], list[Row]]:
    """The rows of a dialect whose record is always one row."""
    return lambda record, notes: [row(record, notes)]


@dataclass(frozen=True)
class Dialect:
    """How one kind of XML record is recognised and read. Names are local names, without namespace prefix."""

    reader: str
    """For RawTable.reader, e.g. "xml/cnipa-v2.2.1"."""
    source: str
    """The source its records belong to."""
    record: str
    """Element that is one record, wherever in the file it stands."""
    skipped: frozenset[str]
    """Elements whose content is not read."""
    rows: Callable[[Element, Notes], Sequence[Row]]
    """One record, as a tree of local names, to one row or several."""
    wrapper: str = ""
    """Root element that may hold no record at all, as the office sends on days without events."""
    announced: str = ""
    """Attribute of an element around the records that says how many there are; none where the format has none."""
    finish: Callable[[pl.DataFrame, Notes], pl.DataFrame] = as_read
    """What a record cannot say alone: the table of all rows of the file to the table handed over."""


@dataclass(frozen=True)
class Unused:
    """A kind of file that is known and not read."""

    what: str
    """What it is, and what to deliver instead."""
    may_hold_records: bool = False
    """It is read all the same where it brings records of a dialect."""
    attribute: tuple[str, str] | None = None
    """Attribute and value the element must have."""


def records(
    content: bytes, dialects: Sequence[Dialect], notes: Notes, unused: Mapping[str, Unused] | None = None
) -> Iterator[tuple[Dialect, Element]]:
    """Every record of the file with its dialect, in order of the file.

    `unused` says by element which files are known and not read. Of two dialects with the same record
    element the later one is used. Raises UnreadableFile for malformed or truncated XML, entity declarations, an
    unknown encoding, records of two dialects in one file, elements of `unused`, and a root element in which no
    known record is found. A file that announces another number of records than it holds is noted.

    A file may hold several documents, each with its own declaration, as offices' bulk files do.
    """
    content, encoding = _readable(content)
    reading = _Reading({dialect.record: dialect for dialect in dialects}, notes, unused or {})
    wrappers = {dialect.wrapper for dialect in dialects}
    start: int | None = 0
    count, documents, piece_size = 0, 0, _PIECE
    while start is not None:
        before = count
        parser = expat.ParserCreate(encoding)
        reading.begin(parser)
        try:
            for piece in slices(content, start, piece_size):
                parser.Parse(piece)
                done = reading.take()
                count += len(done)
                yield from done
            parser.Parse(b"", True)
            following = None
        except expat.ExpatError as error:
            following = _next_document(content, start, parser, error, encoding)
            done = reading.take()
            count += len(done)
            yield from done
        if count == before and reading.root not in wrappers:
            raise _unknown(reading, dialects, content, start)
        if following is not None:  # the parser copies what it is given: no more than a few documents like this one
            piece_size = min(_PIECE, 2 * (following - start))
        start, documents = following, documents + 1
    if documents > 1:
        notes.add(f"{documents} XML documents in one file, read one after the other")
    if reading.announced and reading.announced != count:
        notes.add("the file announces another number of records than it holds", f"{reading.announced} and {count}")


def _next_document(
    content: bytes, start: int, parser: expat.XMLParserType, error: expat.ExpatError, encoding: str
) -> int | None:
    """Where the next document of the file begins, after one that began at `start`; None where only filling follows.

    Raises UnreadableFile for any other error, and for documents of different encodings.
    """
    at = start + parser.ErrorByteIndex
    if encoding != "utf-16" and (error.code == _BEHIND_THE_ROOT or _is_whole(content[start:at], encoding)):
        following = _FILLING.match(content, at)
        at = following.end() if following else at
        if at == len(content):
            return None
        if content[at : at + 1] == b"<":
            _refuse_other_encoding(content, at)
            return at
    line = content.count(b"\n", 0, start) + error.lineno
    raise UnreadableFile(
        f"the XML breaks off or is malformed at line {line}, column {error.offset + 1} "
        f"({expat.ErrorString(error.code)}); ask the sender for the file again"
    ) from error


def _is_whole(document: bytes, encoding: str) -> bool:
    """Whether a document ends with its root: marks and padding behind it are told from damage within it."""
    try:
        expat.ParserCreate(encoding).Parse(document, True)
    except expat.ExpatError:
        return False
    return True


def _refuse_other_encoding(content: bytes, at: int) -> None:
    """Text decoded as the first document says would be garbled silently in a document of another encoding."""
    first, this = _declared(content[:300]), _declared(content[at : at + 300])
    if (first in GB_ENCODINGS) != (this in GB_ENCODINGS) or this not in {"", *UTF8_ENCODINGS, *GB_ENCODINGS}:
        raise UnreadableFile(
            f"several XML documents in one file, of different encodings: {first or 'utf-8'}, but {this or 'utf-8'} "
            f"from line {_line(content, at)} on; deliver one file for each encoding"
        )


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1


def _unknown(reading: "_Reading", dialects: Sequence[Dialect], content: bytes, start: int) -> UnreadableFile:
    """The error for a document without a record."""
    if reading.unused:
        return UnreadableFile(reading.unused)
    known = ", ".join(dict.fromkeys(f"<{dialect.record}>" for dialect in dialects))
    where = f" at line {_line(content, start)}, one of several documents in the file," if start else ""
    return UnreadableFile(
        f"the XML root element <{reading.root}>{where} is of no known dialect and holds none of {known}; "
        "deliver one of these or a table"
    )


def encoding_of(content: bytes) -> str:
    """Name of the encoding of an XML file, as RawTable.encoding wants it."""
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return decode(content)[1] if _declared(content) in GB_ENCODINGS else "utf-8"


def _declared(content: bytes) -> str:
    """The encoding the XML declaration names, in lower case; "" if none."""
    match = DECLARED.match(content.lstrip())
    return match[1].decode("ascii").lower() if match else ""


def _readable(content: bytes) -> tuple[bytes, str]:
    """The content in an encoding expat reads, and which; expat itself knows no GB18030."""
    if not content.strip():
        raise UnreadableFile("the file is empty; ask the sender for it again")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content, "utf-16"
    declared = _declared(content)
    if content.startswith(codecs.BOM_UTF8) or not declared or declared in UTF8_ENCODINGS:
        return content, "utf-8"
    if declared in GB_ENCODINGS:
        return decode(content)[0].encode(), "utf-8"
    raise UnreadableFile(f"the XML declares the encoding {declared}, which is not read; save it as UTF-8")


class _Wanted(dict[str, str]):
    """Local name of each tag met; "" for the tags a dialect skips. Filled as tags come."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self.skipped = skipped

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition(":")[2]
        self[tag] = "" if name in self.skipped else name
        return self[tag]


class _Reading:
    """Handlers of one parse, in three states: outside records, inside one, inside an element that is skipped.

    Handlers of the state inside run once per element and are kept as small as they can be.
    """

    _parser: expat.XMLParserType

    def __init__(self, by_record: dict[str, Dialect], notes: Notes, unused: Mapping[str, Unused]) -> None:
        self.root = ""
        self.unused = ""
        self.dialect: Dialect | None = None
        self.announced = 0
        self._by_record = by_record
        self._unused = unused
        self._counts = {dialect.announced for dialect in by_record.values() if dialect.announced}
        self._notes = notes
        self._wanted = _Wanted(frozenset())
        self._done: list[tuple[Dialect, Element]] = []
        self._builder = TreeBuilder()
        self._depth = 0

    def begin(self, parser: expat.XMLParserType) -> None:
        """Take over a parser that stands at the start of a document."""
        self.root = self.unused = ""
        self._parser = parser
        parser.buffer_text = True
        parser.EntityDeclHandler = self._entity_declared
        parser.SkippedEntityHandler = self._entity_unknown
        parser.StartElementHandler = self._start_outside

    def take(self) -> list[tuple[Dialect, Element]]:
        """The records completed since the last call."""
        done, self._done = self._done, []
        return done

    def _start_outside(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.root = self.root or name
        dialect = self._by_record.get(name)
        if dialect is None:
            self._look_around(name, attributes)
            return
        if self.dialect is None:
            self.dialect = dialect
            self._wanted = _Wanted(dialect.skipped)
        elif self.dialect is not dialect:
            raise UnreadableFile(
                f"the XML mixes <{self.dialect.record}> and <{name}> records; deliver them in separate files"
            )
        self._depth = 0
        self._builder = TreeBuilder()
        self._builder.start(name, attributes)
        self._enter_record()

    def _look_around(self, name: str, attributes: dict[str, str]) -> None:
        """An element outside all records: whether it says what the file is, or how many records it holds."""
        found = self._unused.get(name)
        if found and (found.attribute is None or attributes.get(found.attribute[0]) == found.attribute[1]):
            self.unused = f"the XML (<{name}>) is {found.what}"
            if not found.may_hold_records:
                raise UnreadableFile(self.unused)
        for count in self._counts.intersection(attributes):
            self.announced += int(attributes[count]) if attributes[count].isdigit() else 0

    def _enter_record(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._builder.data

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._wanted[tag]
        if name:
            self._depth += 1
            self._builder.start(name, attributes)
        else:
            self._skip()

    def _end(self, tag: str) -> None:
        self._builder.end(tag)  # the builder closes its innermost element, whatever the name
        if self._depth:
            self._depth -= 1
        else:
            assert self.dialect is not None
            self._done.append((self.dialect, self._builder.close()))
            self._parser.StartElementHandler = self._start_outside
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None

    def _skip(self) -> None:
        """Let the element just opened, and all below it, pass unread."""
        depth = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1

        def end(tag: str) -> None:
            nonlocal depth
            if depth:
                depth -= 1
            else:
                self._enter_record()

        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = None

    def _entity_declared(self, name: str, *_: object) -> NoReturn:
        raise UnreadableFile(
            f"the XML declares the entity {name!r}, which is refused for safety; deliver it without declarations"
        )

    def _entity_unknown(self, name: str, is_parameter: bool) -> None:
        """A named character of a DTD that is not read: the usual names are known, others stay as written."""
        if is_parameter or self._parser.CharacterDataHandler is None:
            return
        written = f"&{name};"
        character = html.unescape(written)
        if character == written:
            self._notes.add("unknown entity kept as written", written)
        self._builder.data(character)


def text(element: Element | None, path: str = ".") -> str:
    """All text below the first element at `path`, runs of blanks made one; "" if there is none."""
    found = element if element is None or path == "." else element.find(path)
    if found is None:
        return ""
    if not len(found):
        return (found.text or "").strip()
    return BLANKS.sub(" ", "".join(found.itertext())).strip()


_IPC_TAGS = (
    *("mainclassification", "mainclsf", "furtherclassification", "furtherclsf", "additionalinfo"),
    *("linkedindexingcodegroup", "mainlinkedindexingcode", "sublinkedindexingcode", "unlinkedindexingcode"),
)
_BETWEEN_IPC = re.compile(r"//|[,;，；]")


def older_ipc(parent: Element, path: str) -> list[str]:
    """The symbols below a `ClassificationIPC` or `classification-ipc`, the main one first: editions 1 to 7 of the IPC.

    The printed ones only where they come in several forms (@dataFormat); `text` only where there is nothing else.
    """
    parts: dict[str, list[Element]] = {}
    for part in (part for found in parent.iterfind(path) for part in found):
        parts.setdefault(part.tag.replace("-", "").lower(), []).append(part)
    symbols = [text(part) for tag in _IPC_TAGS for part in _printed(parts.get(tag, []))]
    if not any(symbols):
        symbols = [symbol for part in _printed(parts.get("text", [])) for symbol in _BETWEEN_IPC.split(text(part))]
    return [symbol.strip() for symbol in symbols if symbol.strip()]


def _printed(parts: list[Element]) -> list[Element]:
    """Those in printed form, all where none is."""
    return [part for part in parts if part.get("dataFormat", "original") == "original"] or parts


def day(written: str) -> str:
    """A day without the time zone that XML may add to it: it is the day at the office. Anything else as it stands."""
    return found[1] if (found := ZONED_DAY.fullmatch(written)) else written


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, whatever prefix the file gives its namespace; "" if there is none."""
    if (plain := element.get(name)) is not None:
        return plain
    return next((value for key, value in element.attrib.items() if key.rpartition(":")[2] == name), "")


def sequence(element: Element) -> int:
    """The office's own order of parties; elements without a number keep the order of the file."""
    number = attribute(element, "sequence") or attribute(element, "sequenceNumber")
    return int(number) if number.isdigit() else 0


def joined(values: Iterable[str]) -> str:
    """The non-empty values in order, separated by `;`, as multi-valued fields are delivered in tables."""
    return ";".join(value for value in values if value)
