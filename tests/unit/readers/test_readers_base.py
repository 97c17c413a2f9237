"""What all readers share: tables of text, remarks, decoding."""

import polars as pl
import pytest

from pipelines.errors import BrokenInput
from pipelines.intake.decode import decode
from pipelines.intake.readers import base
from pipelines.intake.readers.base import ROW, Notes, UnreadableFile, table


def test_unreadable_is_broken_input_with_its_exit_code() -> None:
    assert issubclass(UnreadableFile, BrokenInput)
    assert UnreadableFile.exit_code == 3


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_table_has_text_columns_nulls_and_ordinals(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RECORDS_AT_ONCE", at_once)
    records = [{"b": " x "}, {"a": "", "extra": "1"}, {"a": "y"}]
    made = table(iter(records), ("a", "b"), reader="r", encoding="utf-8", notes=Notes())
    assert made.frame.schema == {"a": pl.String, "b": pl.String, "extra": pl.String, ROW: pl.Int64}
    assert made.frame.rows() == [(None, "x", None, 1), (None, None, "1", 2), ("y", None, None, 3)]


def test_empty_table_keeps_its_columns() -> None:
    made = table([], ("a",), reader="r", encoding=None, notes=Notes())
    assert made.frame.schema == {"a": pl.String, ROW: pl.Int64}
    assert made.frame.is_empty()


def test_notes_count_each_kind_once() -> None:
    notes = Notes()
    for example in ("x", "y"):
        notes.add("odd", example)
    notes.add("plain")
    notes.add("plain")
    assert notes.lines() == ("odd (2 times, first: x)", "plain")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_decode_finds_the_encoding(encoding: str) -> None:
    assert decode("专利㐀".encode(encoding)) == ("专利㐀", encoding)


def test_decode_refuses_damaged_text() -> None:
    with pytest.raises(UnreadableFile, match="gb18030 breaks at byte 3"):
        decode(b"ab\xff\xff")
    with pytest.raises(UnreadableFile, match="utf-8-sig breaks at byte"):
        decode(b"\xef\xbb\xbfab\xff")
