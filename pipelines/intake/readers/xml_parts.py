"""XML of office programs as elements, one after the other, safe against hostile documents. No format is known here.

The records of offices are read by xml_records.py, which builds only what a dialect asks for; here all is built, and
dropped by the caller as it goes.
"""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse

from pipelines.intake.readers.base import UnreadableFile, decode
from pipelines.intake.readers.xml_records import readable

_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>")
_DECLARES = re.compile(rb"<!(?:ENTITY|DOCTYPE)")


def elements(content: bytes) -> Iterator[tuple[str, Element]]:
    """ "start" and "end" of every element, in order; names as ElementTree writes them, with their namespace.

    Raises UnreadableFile for malformed XML and for document types, which office programs do not write: entities are
    declared in them.
    """
    text, encoding = readable(content)
    if encoding == "utf-16":
        text = decode(content)[0].encode()
    text = _DECLARATION.sub(b"", text.removeprefix(b"\xef\xbb\xbf"), count=1).lstrip()
    if _DECLARES.search(text):
        raise UnreadableFile("the XML declares a document type, which is refused for safety; save it as .xlsx")
    try:
        yield from iterparse(io.BytesIO(text), ("start", "end"))
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(
            f"the XML breaks off or is malformed at line {line}, column {column + 1}; ask the sender for the file again"
        ) from error


def local(name: str) -> str:
    """A name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def attributes(element: Element) -> dict[str, str]:
    """The attributes by their local names."""
    return {local(name): value for name, value in element.attrib.items()}
