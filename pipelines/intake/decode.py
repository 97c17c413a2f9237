"""Bytes of a delimited text to text, with the checks a table needs. Other formats use `readers.base.decode` alone.

The encoding is found by content, never by name. GB18030 accepts nearly any bytes, so what guards against mojibake is
that the headers must be found in the text (readers/header.py), and here that no part of it is in another encoding.
"""

import codecs
import re
from typing import NoReturn

import numpy as np

from pipelines.intake.readers.base import UnreadableFile, decode

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 4096
_SCANNED = 1 << 23


def decode_text(content: bytes) -> tuple[str, str]:
    """The text of a delimited file and its encoding: utf-8, utf-8-sig, utf-16 or gb18030.

    Raises UnreadableFile for damaged bytes (with their offset), for a text in two encodings, and for what is no text.
    """
    guessed = _utf16_without_mark(content)
    if guessed:
        return _checked(_strict(content, guessed), "utf-16")
    try:
        text, encoding = decode(content)
    except UnreadableFile:
        _refuse_mixture(content)
        raise
    if encoding == "gb18030":
        _refuse_mixture(content)
    return _checked(text, encoding)


def _checked(text: str, encoding: str) -> tuple[str, str]:
    if _BINARY.search(text, 0, _SNIFFED):
        raise UnreadableFile("this is neither a text, a workbook, XML, JSON nor a ZIP archive; deliver one of these")
    return text, encoding


def mojibake_of(header: str) -> str | None:
    """The header as it was before UTF-8 text was read as GB18030 (涓撳埄 → 专利); None if that did not happen."""
    try:
        original = header.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None
    return original if original != header and not original.isascii() else None


def _refuse_mixture(content: bytes) -> None:
    """Raise for text that is UTF-8 in part: damaged, or pasted together from files of different encodings."""
    start = _utf8_run(content)
    if start is None:
        return
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        places = [f"byte {at + 1} (line {content.count(bytes([10]), 0, at) + 1})" for at in (start, error.start)]
        raise UnreadableFile(
            f"encoding_damaged: the text is UTF-8 at {places[0]} but not at {places[1]}; it was damaged or pasted "
            "together from two files: ask the sender for it in one encoding"
        ) from None


def _utf8_run(content: bytes) -> int | None:
    """Offset of the first four common ideographs in UTF-8 in a row: 12 bytes GB18030 text does not have by chance."""
    for start in range(0, len(content), _SCANNED):
        piece = np.frombuffer(content, np.uint8, count=min(_SCANNED + 12, len(content) - start), offset=start)
        first, further = (piece >= 0xE4) & (piece <= 0xE9), (piece >= 0x80) & (piece <= 0xBF)
        one = first[:-2] & further[1:-1] & further[2:]
        four = one[:-9] & one[3:-6] & one[6:-3] & one[9:]
        if four.any():
            return start + int(four.argmax())
    return None


def _utf16_without_mark(content: bytes) -> str | None:
    """Byte order of UTF-16 text that lacks its mark: separators and line ends leave zero bytes on one side only."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    head = content[: _SNIFFED * 2]
    high, low = head[0::2].count(0), head[1::2].count(0)
    if not high and not low:
        return None
    return "utf-16-le" if low > 4 * high else "utf-16-be" if high > 4 * low else None


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        _damaged(encoding, error.start)


def _damaged(encoding: str, offset: int) -> NoReturn:
    raise UnreadableFile(f"encoding_damaged: {encoding} breaks at byte {offset + 1}; ask the sender for the file again")
