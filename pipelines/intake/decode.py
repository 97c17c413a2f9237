"""Bytes of a delivered text to text: the encoding by content, never by name, and the marks of old systems taken out.

Belongs here: which encoding it is, bytes that fit none, padding, and the line of each fault. GB18030 accepts nearly any
bytes, so what guards against mojibake is that the headers must be found (readers/header.py), here that no part of the
text is in another encoding, and that no cell holds what a wrong decoding leaves behind (damage.py).
"""

import codecs
import re

from pipelines.intake.readers.base import UnreadableFile

LOST = "\ufffd"
"""Stands where a character was lost; damage.py finds it in its cell."""

_MARKS = (  # longest first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_STRANGE = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_TOLERATED = 0.02
"""Share of control characters above which bytes are no text: a stray one is a blank, as everywhere."""
_LOST_BLOCK = 512
"""NUL bytes in a row that are no padding of a field but a sector of a disk that was never written."""
_LOST = re.compile(rf"(?<!\0)\0{{{_LOST_BLOCK},}}+(?=[^\0\s])")
_BESIDE = r"[,;| \t\r\n\"]"
_PADDING = re.compile(rf"(?:\A|(?<={_BESIDE}))\0++|(?<!\0)\0++(?={_BESIDE}|\Z)")
_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def decode_text(content: bytes) -> tuple[str, str]:
    """The text of a delivered file and its encoding: utf-8, utf-8-sig, utf-16, utf-32 or gb18030.

    Padding with NUL, the end mark of DOS and byte-order marks of files pasted together are taken out; a NUL inside a
    value becomes `LOST`. Raises UnreadableFile, with byte and line, for damaged bytes, a text in two encodings, a block
    that was lost, and what is no text. Where in the file a byte stands makes no difference.
    """
    from pipelines.intake import byte_patterns  # brings numpy, which XML and corrections do without

    text, encoding = _decoded(content, byte_patterns.wide_without_mark(content))
    text = text.removeprefix("\ufeff")
    if "\ufeff" in text:
        text = re.sub(r"(?<=[\r\n])\ufeff", "", text)
    plain = text.encode() if encoding in ("utf-16", "utf-32") else content
    if len(plain.translate(None, _CONTROLS)) < len(plain):
        text = _without_controls(text)
    return text, encoding


def decode(content: bytes) -> tuple[str, str]:
    """The text of `content` and its encoding, found by content: mark, else strict UTF-8, else strict GB18030.

    UTF-8 comes first because it hardly ever fits by chance, while UTF-8 read as GB18030 is silent mojibake; gb18030
    and never gbk, which lacks rare ideographs of names. Two habits of old systems are read as they were meant: byte 80
    as the euro sign (Windows' code page 936), and characters beyond U+FFFF as two halves (CESU-8, from Oracle and
    MySQL); a single half becomes `LOST`. Raises UnreadableFile for anything else.
    """
    marked = _marked(content)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding, "euro_sign" if encoding == "gb18030" else "strict"), encoding
        except UnicodeDecodeError as error:
            place = _place(content, encoding, error.start)
            if encoding.startswith("utf-8") and (joined := _joined(content, encoding)):
                return joined, encoding
    raise UnreadableFile(
        f"encoding_damaged: the text is neither UTF-8, UTF-16, UTF-32 nor GB18030 ({encoding} breaks at {place}); "
        "save it again as UTF-8 or ask the sender for an undamaged file"
    )


def mojibake_of(header: str) -> str | None:
    """The header as it was before UTF-8 text was read as GB18030 (涓撳埄 → 专利); None if that did not happen."""
    try:
        original = header.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None
    return original if original != header and not original.isascii() else None


def line_of(text: str, offset: int, start: int = 0) -> int:
    """1-based line of an offset, counted from `start`; CR LF, LF and CR alone each end a line."""
    crlf, lf, cr = (text.count(end, start, offset) for end in ("\r\n", "\n", "\r"))
    return lf + cr - crlf + 1


def _euro_sign(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("euro_sign", _euro_sign)


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _joined(content: bytes, encoding: str) -> str | None:
    """UTF-8 with characters as two halves, joined; None where that is not what is wrong with it."""
    if not _HALF.search(content):
        return None
    try:
        halves = content.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decoded(content: bytes, wide: str | None) -> tuple[str, str]:
    if wide:
        try:
            return content.decode(wide), wide[:6]
        except UnicodeDecodeError as error:
            place = _place(content, wide, error.start)
            raise UnreadableFile(
                f"encoding_damaged: {wide} breaks at {place}; ask the sender for the file again"
            ) from None
    try:
        text, encoding = decode(content)
    except UnreadableFile:
        _refuse_strangers(content)
        raise
    if encoding == "gb18030":
        _refuse_strangers(content)
    return text, encoding


def _place(content: bytes, encoding: str, offset: int) -> str:
    return f"byte {offset + 1} (line {line_of(content[:offset].decode(encoding, 'ignore'), offset)})"


def _without_controls(text: str) -> str:
    """`text` without padding and end mark; raises for what is no text and for what stands behind an end mark."""
    text_ends = len(text.rstrip("\x1a\0 \t\r\n"))
    if (end := text.find("\x1a", text_ends)) >= 0:
        text = text[:end]
    if (lost := _LOST.search(text)) and text[: lost.start()].strip():
        raise UnreadableFile(
            f"encoding_damaged: {lost.end() - lost.start()} NUL bytes stand in line {line_of(text, lost.start())} "
            "where text was lost; ask the sender for the file again"
        )
    if "\0" in text:
        text = _PADDING.sub("", text)
    if len(_STRANGE.findall(text)) > _TOLERATED * len(text):
        raise UnreadableFile("this is neither a text, a workbook, XML, JSON nor a ZIP archive; deliver one of these")
    if behind := re.search(r"(?:\A|[\r\n])\x1a", text):
        raise UnreadableFile(
            f"the end mark of DOS (byte 1A) stands in line {line_of(text, behind.end())} and more text behind it: two "
            "files pasted together, or remains of an older one; deliver each by itself"
        )
    return text.replace("\0", LOST)


def _refuse_strangers(content: bytes) -> None:
    """Raise for what may pass for GB18030: a Western European text, and one that is UTF-8 in part, as it was damaged or
    pasted together from files of different encodings."""
    from pipelines.intake import byte_patterns

    if (at := byte_patterns.western_letter(content)) is not None:
        raise UnreadableFile(
            f"encoding_damaged: the text is neither UTF-8 nor GB18030: {_place(content, 'latin-1', at)} looks like an "
            "accented letter of Windows-1252; save it again as UTF-8"
        )
    start = byte_patterns.utf8_run(content)
    if start is None:
        return
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        places = [_place(content, "utf-8", at) for at in (start, error.start)]
        raise UnreadableFile(
            f"encoding_damaged: the text is UTF-8 at {places[0]} but not at {places[1]}; it was damaged or pasted "
            "together from two files: ask the sender for it in one encoding"
        ) from None
