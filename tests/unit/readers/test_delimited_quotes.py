"""Quotation marks in delimited text: cells with line breaks are read, rows are never swallowed."""

import csv
import io
import random
import re
import tempfile
from collections.abc import Callable

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.registry import contract
from pipelines.intake.readers.base import MALFORMED, ROW, UnreadableFile
from pipelines.intake.readers.delimited import read_csv

HEADER = ("申请号", "名称", "公开（公告）号", "公开（公告）日", "申请日", "申请（专利权）人", "地址", "分类号")
TITLES = ("釉料", "纤维", "12英寸屏", "一种A, B方法", "阀门", "泵")


def rows(count: int = 6) -> list[list[str]]:
    return [
        [
            f"20121042446{n}.6",
            TITLES[n],
            f"CN10288989{n}A",
            "2016.11.23",
            "2012.10.30",
            f"淄博样例{n}有限公司",
            f"山东省淄博市张店区样例路{n}号",
            "C04B35/00",
        ]
        for n in range(count)
    ]


def written(table: list[list[str]], separator: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([HEADER, *table])
    return stream.getvalue()


def read(text: str) -> dict[int, list[str]]:
    """The intact rows by number, and those set aside as damaged as []."""
    frame = read_csv(text.encode(), contract("patents")).frame
    damaged = frame[MALFORMED].is_not_null() if MALFORMED in frame.columns else [False] * frame.height
    return {
        row[ROW]: [] if wrong else [" ".join((row[name] or "").split()) for name in HEADER if name in row]
        for row, wrong in zip(frame.iter_rows(named=True), damaged, strict=True)
    }


def refused(text: str) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(text)
    return str(error.value)


def with_marks(*places: tuple[int, str, str], separator: str = ",", end: str = "\n") -> str:
    """The table with one text replaced in each of some rows (as a spreadsheet numbers them)."""
    lines = [separator.join(cells) for cells in [list(HEADER), *rows(6)]]
    for row, old, new in places:
        lines[row - 1] = lines[row - 1].replace(old, new)
    lines[4] = lines[4].replace("A, B", "AB")
    return end.join(lines) + end


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_two_stray_marks_are_named_with_any_separator_and_line_end(separator: str, end: str) -> None:
    said = refused(with_marks((3, "纤维", '"纤维'), (6, "阀门", '"阀门'), separator=separator, end=end))
    assert said.startswith("a quotation mark in row 3 (line 3) makes one cell of what follows, down to row 6 (line 6)")


@pytest.mark.parametrize(
    ("places", "opens", "ends"),
    [
        ([(3, "纤维", '"纤维'), (4, "12英寸屏", '"12英寸屏')], 3, 4),
        ([(3, "纤维", '"纤维'), (4, "12英寸屏", '12"屏')], 3, 4),
        ([(3, "纤维", '"纤维'), (4, "12英寸屏", '屏12"')], 3, 4),
        ([(3, "纤维", '"纤维'), (6, "淄博样例4", '"淄博样例4')], 3, 6),
        ([(2, "2012104244", '"2012104244'), (3, "2012104244", '"2012104244')], 2, 3),
        ([(6, "C04B", '"C04B'), (7, "C04B", '"C04B')], 6, 7),
        ([(3, "纤维", '"纤维""'), (7, "泵", '"泵"')], 3, 7),
    ],
    ids=["next row", "inch mark", "closing mark alone", "other column", "first column", "last column", "half doubled"],
)
def test_wherever_they_stand(places: list[tuple[int, str, str]], opens: int, ends: int) -> None:
    said = refused(with_marks(*places))
    assert f"in row {opens} (line {opens})" in said and f"down to row {ends} (line {ends})" in said


def test_a_mark_never_closed_is_named_though_the_marks_are_even() -> None:
    assert "opens in row 5 (line 5) and is never closed" in refused(
        with_marks((4, "12英", '12"'), (5, "一种", '"一种'))
    )


def test_lines_are_counted_where_rows_are_not() -> None:
    """A cell with line breaks is one row of several lines; a line that names the separator is shown nowhere."""
    text = "sep=,\n" + with_marks((2, "釉料", '"釉\n料"'), (4, "12英寸屏", '"12英寸屏'), (6, "阀门", '"阀门'))
    assert "in row 4 (line 6)" in refused(text)


def test_marks_inside_a_cell_are_characters() -> None:
    found = read(with_marks((4, "12英寸屏", '12"屏'), (3, "纤维", "纤维24″")))
    assert found[4][1] == '12"屏' and len(found) == 6


def test_a_quoted_word_at_the_start_is_read_as_a_spreadsheet_shows_it() -> None:
    table = read_csv(with_marks((3, "纤维", '"智能"纤维')).encode(), contract("patents"))
    assert table.frame["名称"][1] == "智能纤维"
    assert table.notes == ("text stands behind a closing quotation mark, read as a spreadsheet shows it: row 3",)


def test_a_second_header_on_a_row_of_its_own_or_inside_one_refuses() -> None:
    plain = with_marks()
    assert "a second header stands in row 7" in refused(plain.rstrip("\n") + ",".join(HEADER) + "\n" + plain)
    assert "a second header stands in row 8" in refused(plain + "申请号,公开（公告）号,名称,地址\n1,2,3,4\n")


CELLS = st.lists(
    st.sampled_from(["一种", "方法", "A", "of", "1", "2,3", '12"', '"智能"', "张店区", "x, y", "2016.11.23", "\n", "\r\n", ", ", "; "]),
    min_size=1,
    max_size=12,
).map(lambda parts: "x" + "".join(parts) + "x")  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_program_wrote_is_read_as_it_was(
    texts: list[tuple[str, str, str]], separator: str, end: str, quoting: int
) -> None:
    table = rows(len(texts))
    for row, (title, applicant, address) in zip(table, texts, strict=True):
        row[1], row[5], row[6] = title, applicant, address
    found = list(read(written(table, separator, end, quoting)).values())
    assert found == [[" ".join(cell.split()) for cell in row] for row in table]


def tables(text: str, separator: str) -> list[list[list[str]] | None]:
    """The text as three other readers see it; None where one refuses it."""
    found: list[list[list[str]] | None] = [list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))]
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(text.encode())
        file.flush()
        readers: list[Callable[[], pl.DataFrame]] = [
            lambda: pl.read_csv(file.name, separator=separator, has_header=False, infer_schema=False),
            lambda: duckdb.read_csv(file.name, sep=separator, header=False, all_varchar=True, quotechar='"').pl(),
        ]
        for reader in readers:
            try:
                found.append([[cell or "" for cell in row] for row in reader().iter_rows()])
            except (pl.exceptions.PolarsError, duckdb.Error):
                found.append(None)
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, min_size=2, max_size=5), st.sampled_from([",", "\t", ";"]), st.integers(0, 10_000))
def test_where_three_other_readers_agree_it_is_read_as_they_do(texts: list[str], separator: str, place: int) -> None:
    """The table as written and with one more mark somewhere: the same as they read it, or refused, or said."""
    table = rows(len(texts))
    for row, text in zip(table, texts, strict=True):
        row[1] = text
    clean = written(table, separator)
    place = clean.index("\n") + 1 + place % (len(clean) - clean.index("\n") - 1)
    for text in (clean, clean[:place] + '"' + clean[place:]):
        one, *others = tables(text, separator)
        if one is None or any(other != one for other in others):
            continue
        try:
            made = read_csv(text.encode(), contract("patents"))
        except UnreadableFile:
            continue
        if not made.notes and MALFORMED not in made.frame.columns:
            bare = [[" ".join(cell.split()) for cell in row] for row in one[1:]]
            assert [[" ".join((cell or "").split()) for cell in row[:8]] for row in made.frame.iter_rows()] == bare


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_stray_marks_never_change_another_row(quoting: int) -> None:
    """One to three marks planted anywhere: the file is refused, or every row is as it was or set aside by its number."""
    table, chance = rows(), random.Random(11)
    text = written(table, quoting=quoting)
    start = text.index("\n") + 1
    whole = {row: [re.sub('"', "", cell) for cell in cells] for row, cells in enumerate(table, start=2)}
    outcomes = {"refused": 0, "read": 0}
    edges = [place + 1 for place, character in enumerate(text[:-1], start=0) if character in ",\n" and place >= start]
    for _ in range(300):
        places = [
            chance.choice([chance.choice(edges), chance.randrange(start, len(text))])
            for _ in range(chance.randint(1, 3))
        ]
        planted = text
        for place in sorted(places, reverse=True):
            planted = planted[:place] + '"' + planted[place:]
        try:
            found = read(planted)
        except UnreadableFile as error:
            assert re.search(r"row \d+ \(line \d+\)", str(error))
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        assert found.keys() == whole.keys(), planted
        for row, cells in found.items():
            assert cells == [] or [cell.replace('"', "").strip() for cell in cells] == whole[row], planted
    assert min(outcomes.values()) > 5
