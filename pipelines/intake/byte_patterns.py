"""What bytes look like before they are decoded: signs of an encoding that the bytes alone would not refuse.

Each function looks at the whole content, in pieces that bound memory. What follows from a sign is decode.py's.
"""

import numpy as np

_SCANNED = 1 << 23
_JUDGED, _MANY = 1 << 20, 1_000
_WIDE = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encoding, bytes of a unit, and the place of the low byte in it."""
_FIGURES = np.frombuffer(b'0123456789,\t;|"\r\n', np.uint8)


def utf8_run(content: bytes) -> int | None:
    """Offset of the first four common ideographs in UTF-8 in a row: 12 bytes GB18030 text does not have by chance."""
    for start in range(0, len(content), _SCANNED):
        piece = _piece(content, start, _SCANNED + 12)
        first, further = (piece >= 0xE4) & (piece <= 0xE9), (piece >= 0x80) & (piece <= 0xBF)
        one = first[:-2] & further[1:-1] & further[2:]
        four = one[:-9] & one[3:-6] & one[6:-3] & one[9:]
        if four.any():
            return start + int(four.argmax())
    return None


def western_letter(content: bytes) -> int | None:
    """Offset of the first accented letter of a Western European text: there such a byte stands alone among letters,
    while ideographs of GB18030 are pairs. None where most bytes beyond ASCII are not like that.

    Judged by the first piece that has many of them: a text is Western throughout.
    """
    alone = beyond = 0
    first = None
    for start in range(0, len(content), _JUDGED):
        piece = _piece(content, start, _JUDGED + 2)
        high = piece >= 0x80
        single = high[1:-1] & ~high[:-2] & (piece[2:] >= 0x40) & ~high[2:]
        if first is None and single.any():
            first = start + 1 + int(single.argmax())
        alone, beyond = alone + int(single.sum()), beyond + int(high[:_JUDGED].sum())
        if beyond >= _MANY:
            break
    return first if alone >= beyond / 2 else None


def wide_without_mark(content: bytes) -> str | None:
    """The encoding of UTF-16 or UTF-32 text that lacks its mark, with its byte order.

    Nearly all units are common characters, and figures and separators carry their zero bytes; text in which NUL is
    padding is not like that.
    """
    if b"\0" not in content or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return None
    sample = _piece(content, 0, _SCANNED)
    for encoding, width, place in _WIDE:
        units = sample[: len(sample) // width * width].reshape(-1, width)
        low, high = units[:, place], units[:, place + (1 if place == 0 else -1)]
        narrow = units.sum(axis=1, dtype=np.uint16) == low.astype(np.uint16) + high
        latin, ideograph, sign = (
            (high == 0) & (low > 0),
            (high >= 0x4E) & (high <= 0x9F),
            np.isin(high, (0x20, 0x30, 0xFF)),
        )
        figures = np.isin(low, _FIGURES)
        if (narrow & (latin | ideograph | sign)).mean() > 0.9 and (figures & latin & narrow).sum() > figures.sum() / 10:
            return encoding
    return None


def _piece(content: bytes, start: int, size: int) -> np.ndarray:
    return np.frombuffer(content, np.uint8, count=min(size, len(content) - start), offset=start)
