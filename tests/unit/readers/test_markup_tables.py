"""Tables in Excel 2003 XML, HTML, MHTML and Word: where cells stand, what they show, and what is refused."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import ROW, NoData, RawTable, UnreadableFile
from pipelines.intake.readers.workbook_process import one_process
from pipelines.intake.workbooks.marks import CELL_ERROR, FORMULA_UNCALCULATED, IDENTIFIER_SPOILED, fault

HEADER = ("申请号", "名称", "公开（公告）号", "公开（公告）日")
RIGHT = ("201210424464.6", "釉料", "CN102889890A", "2016.11.23")
SS = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


@pytest.fixture(scope="module", autouse=True)
def _one_process() -> Iterator[None]:
    with one_process():
        yield


def read(content: bytes, name: str = "样例.xls", source: str = "patents") -> RawTable:
    return read_member(name, content, source)


def rows(table: RawTable) -> list[tuple[str | None, ...]]:
    return table.frame.drop(ROW).rows()


# Excel 2003 XML


def sheet(*lines: str, name: str = "1", options: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{"".join(lines)}</Table>{options}</Worksheet>'


def line(*cells: str, attributes: str = "") -> str:
    return f"<Row {attributes}>{''.join(cells)}</Row>"


def cell(text: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


def book(*sheets: str, styles: str = "", encoding: str = "utf-8") -> bytes:
    declared = f'<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>'
    return f"{declared}<Workbook {SS}><Styles>{styles}</Styles>{''.join(sheets)}</Workbook>".encode(encoding)


TOP = line(*map(cell, HEADER))


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16", "utf-8-sig"])
def test_2003_xml_in_any_encoding(encoding: str) -> None:
    table = read(book(sheet(TOP, line(*map(cell, RIGHT))), encoding=encoding))
    assert (table.reader, rows(table), table.frame[ROW].to_list()) == ("xml-2003", [RIGHT], [2])


def test_2003_xml_gaps_merges_and_rich_text() -> None:
    content = book(
        sheet(
            line(cell("专利清单", attributes='ss:MergeAcross="3"')),
            line(*map(cell, HEADER), attributes='ss:Index="3"'),
            line(
                cell("201210424464.6"),
                cell("<B xmlns='http://www.w3.org/TR/REC-html40'>釉</B>料", attributes='ss:MergeDown="1"'),
                cell("2016.11.23", attributes='ss:Index="4"'),
            ),
            line(cell("201310699744.2"), cell("CN103699744A", attributes='ss:Index="3"')),
        )
    )
    table = read(content)
    assert table.frame[ROW].to_list() == [4, 5]
    assert rows(table) == [
        ("201210424464.6", "釉料", None, "2016.11.23"),
        ("201310699744.2", "釉料", "CN103699744A", None),
    ]
    assert "sheet 1: row 1 set aside: title" in table.notes


def test_2003_xml_types_and_formats() -> None:
    styles = (
        '<Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style>'
        '<Style ss:ID="q" ss:Parent="p"/>'
        '<Style ss:ID="d"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></Style>'
        '<Style ss:ID="m"><NumberFormat ss:Format="yyyy/m"/></Style>'
        '<Style ss:ID="h"><NumberFormat ss:Format="Short Time"/></Style>'
        '<Style ss:ID="s"><NumberFormat ss:Format="Standard"/></Style>'
    )
    number = "201210424464.60001"

    def shown(text: str, kind: str, style: str = "") -> str | None:
        attributes = f'ss:StyleID="{style}"' if style else ""
        filled = line(cell("201210424464.6"), cell(text, kind, attributes))
        return read(book(sheet(TOP, filled), styles=styles)).frame["名称"][0]

    assert shown("2021-03-05T00:00:00.000", "DateTime") == "2021-03-05"
    assert shown("2021-03-05T08:30:00.000", "DateTime") == "2021-03-05 08:30:00"
    assert shown("2021-03-05T00:00:00.000", "DateTime", "d") == "2021-03-05"
    assert shown("2021-03-05T00:00:00.000", "DateTime", "m") == "2021-03"
    assert shown("1899-12-31T08:30:00.000", "DateTime", "h") == "08:30:00"
    assert shown("2021-03-05T00:00:00.000", "DateTime", "s") == "2021-03-05"
    assert shown("0.8532", "Number", "p") == "85.32%"
    assert shown("1", "Number", "q") == "100%"
    assert shown("44260", "Number", "d") == "2021-03-05"
    assert shown("44260", "Number", "s") == "44260"
    assert shown(number, "Number") == "201210424464.6"
    assert shown("370300202100012416", "Number") == fault(IDENTIFIER_SPOILED, "370300202100012416")
    assert shown("5000000", "Number") == "5000000"
    assert shown("#VALUE!", "Error") == fault(CELL_ERROR, "#VALUE!")
    assert shown("1", "Boolean") == "true"


def test_2003_xml_hidden_parts_are_told_as_in_any_workbook() -> None:
    hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    other = line(*map(cell, ("201310699744.2", "旧", "CN103699744A", "")), attributes='ss:Hidden="1"')
    content = book(
        sheet('<Column ss:Index="4" ss:Hidden="1"/>', TOP, line(*map(cell, RIGHT)), other, name="甲"),
        sheet(TOP, other, name="乙", options=hidden),
    )
    table = read(content)
    assert [row[0] for row in rows(table)] == [RIGHT[0], "201310699744.2"]
    assert "hidden sheet 乙 set aside: 2 rows" in table.notes
    assert "sheet 甲: 1 hidden row counted: 3" in table.notes
    assert "sheet 甲: hidden column D counted (公开（公告）日)" in table.notes


def test_2003_xml_a_formula_without_its_result_is_no_blank() -> None:
    table = read(book(sheet(TOP, line(cell("201210424464.6"), '<Cell ss:Formula="=A1"/>'))))
    assert table.frame["名称"].to_list() == [fault(FORMULA_UNCALCULATED, "=A1")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (book(sheet(line(cell("x"), attributes='ss:Index="9999999"'))), "beyond what a sheet can hold"),
        (book(sheet(TOP, line(cell("x", attributes='ss:MergeAcross="99999"')))), "beyond what a sheet can hold"),
        (book(sheet(TOP))[:-30], "breaks off or is malformed: .*line 1"),
        (book(sheet(TOP)).replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Workbook'), "declares a document type"),
        (book(sheet(line(cell("名称")))), "required column missing"),
    ],
)  # fmt: skip
def test_2003_xml_that_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read(content)
    assert "<family-member>" not in str(refused.value)  # no list of patent dialects


# HTML


def page(*lines: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><table>{''.join(lines)}</table></body></html>"


def tr(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{each}</td>" for each in cells) + "</tr>"


@pytest.mark.parametrize(("encoding", "declared"), [("gb18030", "gb2312"), ("utf-8", "utf-8"), ("utf-8-sig", "gb2312")])
def test_a_web_page_saved_as_a_workbook(encoding: str, declared: str) -> None:
    content = page(
        tr(*HEADER), tr(*RIGHT), head=f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    )
    table = read(content.encode(encoding))
    assert (table.reader, rows(table), table.frame[ROW].to_list()) == ("html", [RIGHT], [2])


def test_a_web_pages_spans_breaks_and_what_is_not_shown() -> None:
    content = page(
        "<caption>清单</caption><tr><th colspan=4>专利&nbsp;清单</th></tr>",
        "<thead><tr><th>申请号<th>名称<th>公开（公告）号<th>公开（公告）日</thead>",
        "<tbody><tr><td style='mso-number-format:\"\\@\"'>201210424464.6<td rowspan=2>一种<br>釉 料<table><tr><td>内</td></tr></table><td>CN102889890A",
        "<tr><td x:num='201310699744.2'>2.01E+11<td>CN103699744A<script>x()</script><td><span style='display:none'>9</span>2014.04.02",
        "<tr><td x:num='44260'>####<td>&lt;甲&gt;<td><!-- <tr><td>x --><td>2014.04.03",
    )
    table = read(content.encode())
    assert rows(table) == [
        ("201210424464.6", "一种\n釉 料", "CN102889890A", None),
        ("201310699744.2", "一种\n釉 料", "CN103699744A", "2014.04.02"),
        ("44260", "<甲>", None, "2014.04.03"),
    ]
    assert "sheet table 1: row 1 set aside: title" in table.notes


def test_a_web_page_that_is_no_table_names_the_headers_seen() -> None:
    with pytest.raises(UnreadableFile, match=r"a web page saved under another name.*required column missing"):
        read(page(tr("登录", "密码")).encode())
    with pytest.raises(UnreadableFile, match=r"a web page.*no sheet with cells"):
        read(b"<html><body>session expired</body></html>")


def test_a_web_page_that_breaks_off_in_rows_is_refused() -> None:
    deep = "<table><tr><td>" * 3000
    with pytest.raises(UnreadableFile, match="rows of its tables cannot be told apart"):
        read(page(tr(*HEADER), tr(*RIGHT), deep).encode())


def test_a_web_page_fetches_nothing_and_expands_nothing() -> None:
    content = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page(
        tr(*HEADER), tr("1", "&x;", "CN102889890A", "")
    )
    assert rows(read(content.encode()))[0][1] == "&x;"


def test_a_page_under_a_pages_name_is_read_alone_and_passed_over_in_an_archive() -> None:
    content = page(tr(*HEADER), tr(*RIGHT)).encode()
    assert rows(read(content, "清单.html")) == [RIGHT]
    with pytest.raises(NoData, match="a web page"):
        read_member("六月.zip!index.html", content, "patents", packed=True)
    assert rows(read_member("六月.zip!清单.xls", content, "patents", packed=True)) == [RIGHT]


def test_mhtml() -> None:
    body = page(tr(*HEADER), tr(*RIGHT)).encode("gbk").hex(" ").upper().replace(" ", "=")
    content = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=x"\r\n\r\n'
        "----=x\r\nContent-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f'Content-Type: text/html; charset="gb2312"\r\n\r\n={body}\r\n----=x--\r\n'
    )
    table = read(content.encode(), "样例.mht")
    assert (table.reader, rows(table)) == ("mhtml", [RIGHT])


# Word


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def word(body: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return buffer.getvalue()


def test_a_word_table_with_merged_cells_tracked_changes_and_controls() -> None:
    down = '<w:vMerge w:val="restart"/>'
    title = tc("专利清单", '<w:gridSpan w:val="4"/>')
    first = tc("201210424464.6") + tc("釉料", down) + tc("CN102889890A") + tc("2016.11.23")
    second = (
        "<w:tc><w:p><w:ins><w:r><w:t>201310699744.2</w:t></w:r></w:ins><w:del><w:r><w:delText>9</w:delText></w:r></w:del></w:p></w:tc>"
        + tc("", "<w:vMerge/>")
        + "<w:tc><w:sdt><w:sdtContent><w:p><w:r><w:t>CN103699744A</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc>"
        + tc("")
    )
    table = (
        "<w:p><w:r><w:t>随函附清单</w:t></w:r></w:p><w:tbl>"
        f"<w:tr>{title}</w:tr>"
        f"<w:tr>{''.join(map(tc, HEADER))}</w:tr><w:tr>{first}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{second}</w:tr></w:sdtContent></w:sdt>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{first}</w:tr></w:tbl>"
    )
    read_table = read(word(table), "清单.docx")
    assert read_table.reader == "docx"
    assert rows(read_table) == [
        ("201210424464.6", "釉料", "CN102889890A", "2016.11.23"),
        ("201310699744.2", "釉料", "CN103699744A", None),
    ]


def test_a_word_document_as_its_library_writes_it() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    made = document.add_table(rows=3, cols=4)
    for cells, values in zip((made.rows[0].cells, made.rows[1].cells), (HEADER, RIGHT), strict=True):
        for one, value in zip(cells, values, strict=True):
            one.text = value
    made.cell(1, 1).merge(made.cell(2, 1))
    made.cell(2, 0).text = "201310699744.2"
    buffer = io.BytesIO()
    document.save(buffer)
    assert rows(read(buffer.getvalue(), "清单.docx")) == [RIGHT, ("201310699744.2", "釉料", None, None)]


@pytest.mark.parametrize("body", ["<w:p/>", f"<w:tbl><w:tr>{tc('联系人')}{tc('样小明')}</w:tr></w:tbl>"])
def test_a_letter_is_no_data_and_names_nobody(body: str) -> None:
    with pytest.raises(NoData) as refused:
        read_member("六月.zip!函.docx", word(body), "patents", packed=True)
    assert "样小明" not in refused.value.what


def test_a_word_document_that_declares_entities_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("word/document.xml", f'<!DOCTYPE a [<!ENTITY a "b">]><w:document {W}/>')
    with pytest.raises(UnreadableFile, match="declares a document type"):
        read(buffer.getvalue(), "a.docx")
