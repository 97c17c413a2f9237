"""Bytes to text: habits of old systems are read as meant, the rest is refused with its line."""

import pytest

from pipelines.intake.decode import LOST, decode, decode_text
from pipelines.intake.readers.base import UnreadableFile

TABLE = "申请号,名称,地址\n1,釉料,张店区\n2,纤维,临淄区\n"


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as error:
        decode_text(content)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TABLE, "no,name\n1,glaze\n", TABLE + "一种陶瓷釉料及其制备方法" * 5])
def test_wide_text_without_a_mark(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding)) == (text, encoding[:6])


def test_gb18030_is_whole() -> None:
    """Every character of the code page, and 4-byte ones, come back; byte 80 is the euro sign only where it leads."""
    text = "".join(chr(code) for code in [*range(0x4E00, 0x9FA6), 0x3400, 0x20000, 0xE000, 0xF6])
    assert decode(text.encode("gb18030")) == (text, "gb18030")
    assert decode("售价".encode("gb18030") + b"\x80" + "票".encode("gb18030")) == ("售价€票", "gb18030")


def test_bytes_that_fit_nothing_are_named_with_their_line() -> None:
    assert "gb18030 breaks at byte 32 (line 3)" in refused(TABLE.encode("gb18030")[:31] + b"\xff" + b",x\n")
    assert "utf-16-le breaks" in refused(TABLE.encode("utf-16-le")[:-1])


def test_halves_of_one_character_are_joined() -> None:
    halves = "釉".encode() + "\ud842\udfb7".encode("utf-8", "surrogatepass") + "料".encode()
    assert decode(halves) == ("釉𠮷料", "utf-8")
    assert decode("料\ud842".encode("utf-8", "surrogatepass")) == ("料" + LOST, "utf-8")


def test_western_text_is_not_taken_for_chinese() -> None:
    assert "(line 2) looks like an accented letter" in refused("no,name\n1,Müller\n2,Café\n".encode("cp1252"))


def test_a_block_that_was_never_written_is_no_padding() -> None:
    lost = TABLE.encode().replace("纤维".encode(), b"a" + bytes(4096) + b"b")
    assert "4096 NUL bytes stand in line 3 where text was lost" in refused(lost)
    assert decode_text(bytes(600) + TABLE.encode() + bytes(4096))[0] == TABLE


def test_text_behind_the_end_mark_is_named() -> None:
    assert "in line 4 and more text behind it" in refused(TABLE.encode() + b"\x1a" + TABLE.encode())


def test_what_is_no_text_is_refused_wherever_it_begins() -> None:
    noise = bytes(range(1, 32)) * 400
    for content in (noise, TABLE.encode() * 200 + noise):
        assert "neither a text" in refused(content)
