"""Text that a wrong decoding left behind: in whatever file it comes, its value is not what was entered.

Belongs here: the signs of damage and how they are told from real text. Bytes that fit no encoding are decode.py's; what
becomes of a damaged cell is fields.py's (its row is set aside), of a damaged header reading.py's (its file is refused).

Signs: characters that replaced lost ones, words that only wrong decodings make (锟斤拷, 烫烫烫), rows of question
marks, and text that becomes common ideographs when the decoding is undone: UTF-8 read as GBK (涓撳埄) or Windows-1252
(ä¸“åˆ©), GBK read as Windows-1252 (×¨Àû). A cell is looked at twice: a quick pattern finds the few that may be damaged,
and of these only what can be undone, or is beyond doubt, counts.
"""

import re
from functools import cache

import polars as pl

_LOST = "[\ufffd\ufffe\uffff\x1a]|斤拷|锟斤|烫烫烫|屯屯屯|葺葺葺|铪铪铪"
# Of ideographs the question marks of a conversion stay, one or two for each. `;??` is a lost blank between two values
# of a list (codes/text.py), and a single mark is one in nearly every title.
_MARKS = r"\?{4,}|\?{3,}\p{Han}|(?:^|\p{Han})\?{2,}\p{Han}|^\?{2,}\P{L}*$"
# … but no organisation has one in its name.
_MARK_IN_NAME = r"\p{Han}\?\p{Han}[^;；]*(?:公司|集团|厂|院|所|学|中心|社|局|会|行|店|部)"
_BEYOND_LATIN = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""Where Windows-1252 has other characters than Latin-1."""
_FURTHER = f"[\x80-\xbf{_BEYOND_LATIN}]"
_UTF8_IN_WESTERN = f"[ÂÃ]{_FURTHER}|[à-ï]{_FURTHER}{{2}}|[Ä-ß]{_FURTHER}[^a-z]?[Ä-ß]{_FURTHER}"
_GBK_IN_WESTERN = "[\xa1-\xff]{4}"

_HAN = re.compile("[\u3400-\u9fff]")
_SEQUENCE = re.compile(
    rb"(?P<accent>[\xc2\xc3][\x80-\xbf]|[\xe2\xef][\x80-\xbf]{2})"  # letters of the West, quotation marks, full width
    rb"|(?P<ideograph>[\xe0-\xee][\x80-\xbf]{2})|[\xc4-\xdf][\x80-\xbf]"
)


def find(text: pl.Series, *, is_name: bool = False) -> pl.Series | None:
    """Which cells of a column are damaged (Boolean, false for null); None where none is. `is_name`: of parties."""
    suspect = text.str.contains(_quick(is_name)).fill_null(False)
    if not suspect.any():
        return None
    suspects = text.filter(suspect).unique().to_frame("text")
    sure = suspects.filter(pl.col("text").str.contains(_sure(is_name)))["text"]
    undone = [cell for cell in suspects["text"] if is_mojibake(cell)]
    found = text.is_in(pl.concat([sure, pl.Series(undone, dtype=pl.String)]).implode()).fill_null(False)
    return found if found.any() else None


def is_damaged(text: str) -> bool:
    """`find` for one text."""
    return find(pl.Series([text])) is not None


def is_mojibake(text: str) -> bool:
    """Whether a wrong decoding of the text can be undone, so that common ideographs or accented letters come out."""
    return (
        any(_are_common(_undone(run, "gb18030", "utf-8")) for run in re.findall(_utf8_in_gbk(), text))
        or any(_is_gbk(run) for run in re.findall(f"{_GBK_IN_WESTERN}+", text))
        or _is_utf8_in_western(text)
    )


@cache
def _quick(is_name: bool) -> str:
    first, second = _gbk_pairs()[:2]
    undoable = f"[{first}][{second}]|{_UTF8_IN_WESTERN}|{_GBK_IN_WESTERN}"
    return f"{_sure(is_name)}|{undoable}"


@cache
def _sure(is_name: bool) -> str:
    return f"{_LOST}|{_MARKS}" + (f"|{_MARK_IN_NAME}" if is_name else "")


@cache
def _gbk_pairs() -> tuple[str, str, str]:
    """The characters of GBK as which two ideographs in UTF-8 appear: six bytes E4–E9, 80–BF, 80–BF twice, in pairs.

    Some are of the area that is left to everybody's own signs.
    """
    lead, further = (
        range(0xE4, 0xEA),
        range(0x80, 0xC0),
    )  # a pair that cannot be, as any that opens with 80, is left out

    def characters(first: range, second: range) -> str:
        pairs = (bytes([one, other]).decode("gb18030", "ignore") for one in first for other in second)
        return "".join(pair for pair in pairs if _HAN.fullmatch(pair) or "\ue000" <= pair <= "\uf8ff")

    return characters(lead, further), characters(further, lead), characters(further, further)


@cache
def _utf8_in_gbk() -> re.Pattern[str]:
    first, second, third = _gbk_pairs()
    return re.compile(f"[{first}][{second}][{third}]")


def _undone(text: str, wrong: str, right: str) -> str:
    return text.encode(wrong, "ignore").decode(right, "ignore")


def _are_common(text: str) -> bool:
    """Whether these are two or more ideographs, all of the 3,755 that GB 2312 sorts by sound as the common ones."""
    return len(text) > 1 and all(0xB0 <= character.encode("gb2312", "replace")[0] <= 0xD7 for character in text)


def _is_gbk(run: str) -> bool:
    """Whether a run of Latin-1 characters is GBK: nearly all of it common ideographs, not one of them alone repeated
    (×××× is a figure's gap)."""
    ideographs = [c for c in _undone(run, "latin-1", "gb2312") if _HAN.match(c) and c.encode("gb2312")[0] <= 0xD7]
    return len(set(ideographs)) > 1 and 2 * len(ideographs) >= 0.75 * len(run)


def _is_utf8_in_western(text: str) -> bool:
    """Whether the characters of Windows-1252 in a text are UTF-8: nothing is left over, or little beside much.

    One ideograph alone behind a letter may be an accent before closing quotation marks (café”…).
    """
    content = b"".join(_western_byte(character) for character in text)
    sequences = list(_SEQUENCE.finditer(content))
    over = sum(byte >= 0x80 for byte in content) - sum(len(sequence[0]) for sequence in sequences)
    accents, ideographs = (
        sum(sequence[kind] is not None for sequence in sequences) for kind in ("accent", "ideograph")
    )
    if len(sequences) == 1 and ideographs and content[: sequences[0].start()][-1:].isalpha():
        return False
    if not over:
        return accents + ideographs > 0 or len(sequences) > 2
    return len(sequences) >= max(2, 3 * over) or ideographs >= max(3, over)


def _western_byte(character: str) -> bytes:
    if character <= "\xff":
        return character.encode("latin-1")
    return character.encode("cp1252") if character in _BEYOND_LATIN else b" "
