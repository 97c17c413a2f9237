"""What the formats in markup share: bytes to text, and XML as elements, safe against hostile documents."""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse

from pipelines.intake.workbooks.sheet import Unreadable

MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
"""What a sheet can hold."""

_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(rb"<!(?:ENTITY|DOCTYPE)")


def decoded(content: bytes) -> str:
    """The text of UTF-8, UTF-16 with its mark, or GB18030, which are told apart by content. Raises Unreadable."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            position = error.start
    raise Unreadable(f"its text is neither UTF-8, UTF-16 nor GB18030: byte {position + 1}")


def elements(content: bytes) -> Iterator[tuple[str, Element]]:
    """ "start" and "end" of every element, in order. Raises Unreadable for what is malformed, and for document types,
    which declare entities and which no office program writes.
    """
    text = _DECLARATION.sub(b"", decoded(content).encode(), count=1)
    if _DOCTYPE.search(text):
        raise Unreadable("it declares a document type, which no office program writes")
    try:
        yield from iterparse(io.BytesIO(text), ("start", "end"))
    except ParseError as error:
        raise Unreadable(f"it breaks off or is malformed: {error}") from error


def local(name: str) -> str:
    """A name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def attributes(element: Element) -> dict[str, str]:
    """The attributes by their local names."""
    return {local(name): value for name, value in element.attrib.items()}


def within(number: int, limit: int) -> int:
    """A row, column or span, or Unreadable for one that no sheet can hold."""
    if number > limit:
        raise Unreadable(f"it has a cell beyond what a sheet can hold ({number:,})")
    return number
