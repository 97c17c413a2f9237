"""Several XML documents in one file, as offices' bulk files hold them, and what may stand between them."""

import pytest

from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE cn-patent-document SYSTEM "cn.dtd">\n'


def document(number: str, declaration: str = DECLARATION) -> str:
    return (
        f'{declaration}<business:PatentDocumentAndRelated xmlns:base="a" xmlns:business="b" country="CN" '
        f'docNumber="{number}" kind="C" datePublication="20050615">\n<business:BibliographicData>'
        '<business:InventionTitle lang="zh">样例</business:InventionTitle></business:BibliographicData>\n'
        "</business:PatentDocumentAndRelated>\n"
    )


def read(content: str | bytes, source: str = "patents") -> RawTable:
    return read_member("bulk.xml", content.encode() if isinstance(content, str) else content, source)


def numbers(table: RawTable) -> list[tuple[int, str]]:
    return list(zip(table.frame[ROW], table.frame["publication_no"], strict=True))


TWO = [(1, "CN1234567C"), (2, "CN1345678C")]


@pytest.mark.parametrize("between", ["", "\n\n", "\ufeff", "\r\n\x1a\r\n", "\0\0\0"])
@pytest.mark.parametrize("declaration", [DECLARATION, "", '<?xml version="1.0"?>', "<!-- c -->"])
def test_documents_are_read_one_after_the_other(between: str, declaration: str) -> None:
    table = read(document("1234567") + between + document("1345678", declaration))
    assert numbers(table) == TWO
    assert "2 XML documents in one file, read one after the other" in table.notes


@pytest.mark.parametrize("behind", ["\0" * 500, "\x1a", "\r\n\x1a"])
def test_what_fills_the_end_is_no_document(behind: str) -> None:
    table = read(document("1234567") + behind)
    assert numbers(table) == TWO[:1] and table.notes == ()


def test_documents_of_a_chinese_encoding() -> None:
    declared = '<?xml version="1.0" encoding="GBK"?>\n'
    content = (document("1234567", declared) + document("1345678", declared)).encode("gb18030")
    assert numbers(read(content)) == TWO


def test_documents_far_apart_in_size() -> None:
    large = document("1345678").replace("样例", "样" * 2_000_000)
    assert [row for row, _ in numbers(read(document("1234567") + large + document("1234567")))] == [1, 2, 3]


FIRST = document("1234567")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (FIRST[:-40] + document("1345678"), "malformed at line 4"),
        (FIRST[:-40] + "\0\0" + document("1345678"), "malformed at line 4"),
        (FIRST + document("1345678")[:-40], "malformed at line 9"),
        (FIRST + "Connection closed", "malformed at line 6, column 1 .junk after document element"),
        (FIRST + "<foo/>", "root element <foo> at line 6, one of several documents in the file, is of no known"),
        (FIRST + '<!DOCTYPE a [<!ENTITY x "y">]><a/>', "declares the entity 'x'"),
        (FIRST + "<a><Trademark/></a>", "mixes <PatentDocumentAndRelated> and <Trademark> records"),
        (FIRST.encode() + document("1345678", '<?xml version="1.0" encoding="GBK"?>').encode("gbk"), "different encodings: utf-8, but gbk from line 6"),
        ((FIRST * 2).replace("utf-8", "utf-16").encode("utf-16"), "malformed at line 6"),
    ],
)  # fmt: skip
def test_a_file_with_a_document_that_cannot_be_read_is_refused(content: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(content)
