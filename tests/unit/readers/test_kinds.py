"""What a file is by its content: what holds no data and where that does no harm, and the line for what is not read."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import NoData, UnreadableFile


def compound(*names: str, start: bytes = b"") -> bytes:
    """An OLE compound file with these streams at its root; `start` begins each of them."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    directory_sectors = (len(names) + 4) // 4
    streams = [start.ljust(4096, b"\0")] * len(names)
    first_stream = 1 + directory_sectors
    table = [0xFFFFFFFD, *[n + 1 for n in range(1, directory_sectors)], end]
    entries = [_entry("Root Entry", 5, child=1 if names else free, first=end, size=0)]
    at = first_stream
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else free
        entries.append(_entry(name, 2, right=right, first=at, size=4096))
        table += [*range(at + 1, at + 8), end]
        at += 8
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    allocation = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + allocation + directory + b"".join(streams)


def _entry(name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, first: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
    return head.ljust(116, b"\0") + struct.pack("<IQ", first, size)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def dbase() -> bytes:
    field = b"SQH".ljust(11, b"\0") + b"C" + bytes(4) + b"\x10" + bytes(15)
    return b"\x03\x18\x06\x1e" + struct.pack("<IHH", 1, 65, 17) + bytes(20) + field + b"\r" + b" 201210424464.6  "


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as target:
        info = tarfile.TarInfo("a.csv")
        info.size = 1
        target.addfile(info, io.BytesIO(b"1"))
    return buffer.getvalue()


PICTURES: list[tuple[str, bytes]] = [
    ("a.tif", b"II*\0" + bytes(60)),
    ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(60)),
    ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60)),
    ("a.gif", b"GIF89a" + bytes(60)),
    ("a.bmp", b"BM" + struct.pack("<IHHI", 200, 0, 0, 54) + bytes(60)),
    ("a.emf", b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60)),
    ("a.wmf", b"\xd7\xcd\xc6\x9a" + bytes(60)),
    ("a.jb2", b"\x97JB2\r\n\x1a\n" + bytes(60)),
    ("a.svg", b'<?xml version="1.0"?>\n<!-- c --><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("a.svg", b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [<!ENTITY a "b">]>\n<svg/>'),
]
SIDE_FILES: list[tuple[str, bytes]] = [
    ("Thumbs.db", compound("Catalog", "1")),
    ("Thumbs.db", compound("256_9af6c8a1ab2a0b5f")),
    ("desktop.ini", b"[.ShellClassInfo]\r\nIconResource=x\r\n"),
    ("desktop.ini", b"\xff\xfe" + "\r\n[.ShellClassInfo]\r\n".encode("utf-16-le")),
    ("x.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(60)),
    (".DS_Store", b"\0\0\0\x01Bud1" + bytes(60)),
    ("__MACOSX/._a.csv", b"\0\x05\x16\x07" + bytes(60)),
    ("~$清单.xlsx", b"\x04user" + bytes(160)),
    ("a.DTD", b"<!-- c -->\n<!ELEMENT cn-patent-document (a)>"),
    ("a.dtd", b'<?xml version="1.0" encoding="UTF-8"?>\n<!ENTITY % a SYSTEM "x">'),
    ("a.XSD", b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'),
    ("a.xsl", b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'),
    ("a.md5", b"d41d8cd98f00b204e9800998ecf8427e *a.csv\nd41d8cd98f00b204e9800998ecf8427e  b.csv\n"),
    ("SHA256SUMS", b"SHA256 (a.csv) = " + b"0" * 64),
]
DOCUMENTS: list[tuple[str, bytes]] = [
    ("a.pdf", b"%PDF-1.7\n"),
    ("a.rtf", rb"{\rtf1\ansi hello}"),
    ("说明.doc", compound("WordDocument", "1Table")),
    ("说明.wps", compound("WordDocument")),
    ("a.ppt", compound("PowerPoint Document")),
    ("a.ofd", zipped(**{"OFD.xml": b"<x/>", "Doc_0__Document.xml": b"<x/>"})),
    ("a.odt", zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})),
    ("index.html", b"<!DOCTYPE html><html><body><table><tr><td>a</td></tr></table></body></html>"),
    ("index.htm", b'\xef\xbb\xbf<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
    ("readme", b"These are the records of May.\nCall the office, if anything is missing.\n"),
    ("说明.txt", "各位:\n本次交付 2024 年 5 月的专利数据,共 3 件。\n如有疑问,请联系我们。\n".encode("gbk")),
    ("empty.txt", b""),
    ("style.css", b"body { color: red; }\n"),
]


@pytest.mark.parametrize(("name", "content"), [*PICTURES, *SIDE_FILES])
def test_what_cannot_hold_records_does_no_harm_in_a_delivery(name: str, content: bytes) -> None:
    with pytest.raises(NoData, match="this is") as refused:
        read_member(f"patents/2024-05-31/五月.zip!{name}", content, "patents", packed=True)
    assert refused.value.beside == "delivery"


@pytest.mark.parametrize(("name", "content"), DOCUMENTS)
def test_documents_do_no_harm_beside_data_in_an_archive(name: str, content: bytes) -> None:
    with pytest.raises(NoData) as refused:
        read_member(f"patents/2024-05-31/五月.zip!{name}", content, "patents", packed=True)
    assert refused.value.beside == "archive"
    assert "office" not in refused.value.what  # what the text says is not repeated


@pytest.mark.parametrize("name", ["a.csv", "a.XLS", "a.xlsx", "a.xml", "a.json", "a.ods", "a.et"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", compound("WordDocument")])
def test_a_file_under_a_tables_name_is_meant_as_data(name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_member(f"五月.zip!{name}", content, "patents", packed=True)
    assert not isinstance(refused.value, NoData)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "x\ty\n1\t2\n"),
        ("a.txt", "编号,名称,金额\n1,甲,3\n2,乙,4\n"),
        ("a.txt", "申请号        名称      公开号\n201210424464.6  釉料  CN102889890A\n"),
        ("a.dat", "anything at all"),
    ],
)
def test_a_text_that_may_be_a_table_is_no_note(name: str, text: str) -> None:
    with pytest.raises(UnreadableFile, match="required column missing") as refused:
        read_member(f"五月.zip!{name}", text.encode(), "patents", packed=True)
    assert not isinstance(refused.value, NoData)


REFUSED: list[tuple[str, bytes | Callable[[], bytes], str]] = [
    ("a.rar", b"Rar!\x1a\x07\x01\x00", "a RAR archive, which is not read; unpack it, pack the files as .zip"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not read; unpack it, pack the files as .zip"),
    ("a.csv.gz", b"\x1f\x8b\x08\x00", "a gzip archive"),
    ("a.bz2", b"BZh91AY&SY" + bytes(9), "a bzip2 archive"),
    ("a.xz", b"\xfd7zXZ\0" + bytes(9), "an? xz archive"),
    ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(9), "a zstd archive"),
    ("a.tar", tar, "a tar archive"),
    ("a.dbf", dbase, r"a dBASE or FoxPro table \(\.dbf\); open it, save the table as \.xlsx"),
    ("a.mdb", b"\0\x01\0\0Standard Jet DB\0" + bytes(40), "an Access database; export the table"),
    ("a.accdb", b"\0\x01\0\0Standard ACE DB\0" + bytes(40), "an Access database; export the table"),
    ("a.db", b"SQLite format 3\0" + bytes(40), "an SQLite database; export the table"),
    ("a.parquet", b"PAR1" + bytes(40) + b"PAR1", "a Parquet file; export the table"),
    ("a.msg", compound("__properties_version1.0", "__substg1.0_001A001F"), "an e-mail; save what is attached"),
    ("a.eml", b"Received: from x\r\nTo: y\r\nMIME-Version: 1.0\r\n\r\nhello", "an e-mail; save what is attached"),
    ("a.xlsx", compound("EncryptionInfo", "EncryptedPackage"), "protected by a password; open it, save it without"),
    ("a.xls", compound("Workbook", start=struct.pack("<HH", 0x809, 16) + bytes(16) + struct.pack("<HH", 0x2F, 54)), "protected by a password"),
    ("a.numbers", zipped(**{"Index__Document.iwa": b"x"}), "Apple's Numbers or Pages; export it as .xlsx"),
    ("a.ods", zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"META-INF__manifest.xml": b"<manifest:encryption-data/>"}), "protected by a password"),
    ("a.exe", b"MZ\x90\0" + bytes(60), "a program"),
    ("a.xls", b"%TSD-Header-###%" + bytes(60), "document protection has encrypted"),
    ("a.xls", b"\x09\x02\x06\0" + bytes(60), "a worksheet of Excel 4 or older; open it, save the table as .xlsx"),
    ("a.fods", b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "as one XML file; open it, save it as .xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), REFUSED)
def test_a_kind_that_is_not_read_says_what_it_is_and_what_to_save_it_as(
    name: str, content: bytes | Callable[[], bytes], says: str
) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_member(f"五月.zip!{name}", content() if callable(content) else content, "patents", packed=True)
    assert not isinstance(refused.value, NoData) and "\n" not in str(refused.value)


@pytest.mark.parametrize("kept", [9, 40, 300, 600, 1100])
def test_a_damaged_container_is_refused_in_a_line(kept: int) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_member("a.xls", compound("Workbook")[:kept], "patents")


def test_a_directory_that_points_to_itself_ends() -> None:
    content = bytearray(compound("WordDocument"))
    content[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory's next sector is itself
    content[1024 + 128 + 68 : 1024 + 128 + 76] = struct.pack("<II", 1, 0)  # and so are an entry's neighbours
    with pytest.raises(NoData, match="a text document"):
        read_member("a.doc", bytes(content), "patents")


@pytest.mark.parametrize("first", ["MZ编号", "BZh编号", "BM编号", "PAR1", "AC1015", "LOGO"])
def test_a_header_that_begins_like_another_kind_is_text(first: str) -> None:
    table = read_member("a.csv", f"{first},名称,公开（公告）号\n1,釉料,CN102889890A\n".encode(), "patents")
    assert table.frame.height == 1
