"""What a file is, told by its content: a line for each kind that holds no records or is not read.

Belongs here: recognising kinds, what to call them and what to do about them. Does not belong here: which reader reads
a kind (`__init__`), and whether a file without data stands beside data (source.py).
"""

import io
import re
import struct
import zipfile
from collections.abc import Collection
from dataclasses import dataclass

from pipelines.intake.readers import ole
from pipelines.intake.readers.base import Beside, NoData, UnreadableFile

ZIP = b"PK\x03\x04"

SAVE = "open it, save the table as .xlsx, deliver that"
PACK = "unpack it, pack the files as .zip"
WITHOUT = "deliver the table as .xlsx or .csv"

CLAIMS_DATA = re.compile(
    r"(?:^|[/!])(?!\._|~\$)[^/!]*\.(?:csv|tsv|tab|xls|xlsx|xlsm|xlsb|xlt|xltx|ods|et|xml|json|jsonl|ndjson|zip|dbf|mdb|accdb|parquet)$",
    re.IGNORECASE,
)
"""Names under which a table is meant: such a file is never passed over, whatever its content turned out to be. Side
files of an open document or of macOS bear the name of another file behind these two letters."""
PAGE_NAME = re.compile(r"\.(?:html?|xhtml|shtml|mht|mhtml)$", re.IGNORECASE)
_LOCK_NAME = re.compile(r"(?:^|[/!])~\$[^/!]*$")
_LOCK_BYTES = 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file that is not read."""

    what: str
    do: str
    beside: Beside | None = None
    """Where it does no harm: a kind that cannot hold records anywhere in a delivery with data, a document only in an
    archive with data, as it may be all that was meant to be delivered. None: it may hold records, so it is refused."""

    def error(self) -> UnreadableFile:
        """The error for a file of this kind."""
        message = f"this is {self.what}; {self.do}"
        if self.beside:
            return NoData(message, self.what, self.beside)
        return UnreadableFile(message)


def _archive(name: str) -> Kind:
    return Kind(f"a {name} archive, which is not read", PACK)


PICTURE = Kind("a picture, from which nothing is read", WITHOUT, "delivery")
LITTER = Kind("a side file of a file manager", "deliver without it", "delivery")
SCHEMA = Kind("a schema or style sheet, no records", "deliver the records", "delivery")
CHECKSUMS = Kind("a list of checksums", "deliver the files it names", "delivery")
LOCK = Kind("the lock file of an open document", "close the document, deliver the document itself", "delivery")
PDF = Kind("a PDF, from which no table is read", WITHOUT, "archive")
TEXT_DOCUMENT = Kind("a text document, from which no table is read", WITHOUT, "archive")
SLIDES = Kind("a presentation, from which no table is read", WITHOUT, "archive")
PAGE = Kind("a web page", SAVE, "archive")
NOTE = Kind("a note in plain text, no table", WITHOUT, "archive")

WORKBOOK = Kind("a workbook", "")
WORD = Kind("a Word document", "")
"""Read, see `__init__`."""

_PROTECTED = Kind("an Office document protected by a password", "open it, save it without the password, deliver that")
_EMAIL = Kind("an e-mail", "save what is attached to it, deliver that")
_DATABASE = "export the table as .csv or .xlsx, deliver that"
_GUARDED = Kind("a file that an office's document protection has encrypted", "have it decrypted before it is delivered")

_OLD_SHEET = Kind("a worksheet of Excel 4 or older", SAVE)

_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF", PDF),
    (rb"{\rtf", TEXT_DOCUMENT),
    (b"%!PS", PDF),
    (b"ITSF", Kind("a help file", WITHOUT, "archive")),
    *((start, PICTURE) for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0")),
    *((start, PICTURE) for start in (b"\x97JB2\r\n\x1a\n", b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0\0\x03", b"8BPS")),
    *((start, PICTURE) for start in (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51", b"\0\0\x01\0\x01\0", b"AT&TFORM")),
    (b"\0\x05\x16\x07", LITTER),
    (b"\0\0\0\x01Bud1", LITTER),
    (b"L\0\0\0\x01\x14\x02\0", LITTER),
    (b"Rar!\x1a\x07", _archive("RAR")),
    (b"7z\xbc\xaf\x27\x1c", _archive("7z")),
    (b"\x1f\x8b", _archive("gzip")),
    (b"\xfd7zXZ\0", _archive("xz")),
    (b"\x28\xb5\x2f\xfd", _archive("zstd")),
    (b"\x04\x22\x4d\x18", _archive("lz4")),
    (b"MSCF\0\0\0\0", _archive("CAB")),
    (b"SQLite format 3\0", Kind("an SQLite database", _DATABASE)),
    (b"\0\x01\0\0Standard ", Kind("an Access database", _DATABASE)),
    (b"ARROW1\0\0", Kind("an Arrow file", _DATABASE)),
    (b"%TSD-Header-###%", _GUARDED),
    *((start, _OLD_SHEET) for start in (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0")),
)  # fmt: skip

_INI = re.compile(rb"\[(?:\.ShellClassInfo|InternetShortcut|LocalizedFileNames|autorun|ViewState)\]", re.IGNORECASE)

_PROLOG = re.compile(rb"\A(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_DTD = re.compile(rb"<!(?:ELEMENT|ATTLIST|ENTITY|NOTATION)\b")
_SPREADSHEET_NS = b"urn:schemas-microsoft-com:office:spreadsheet"
HTML_ROOTS = {b"html", b"head", b"body", b"table", b"meta", b"style", b"title", b"script", b"link", b"div", b"center"}
_FLAT = Kind("an Office document as one XML file", "open it, save it as .xlsx, deliver that")
_ROOTS = {
    b"document": _FLAT,
    b"package": _FLAT,
    b"svg": PICTURE,
    b"schema": SCHEMA,
    b"stylesheet": SCHEMA,
    b"transform": SCHEMA,
    b"wordDocument": TEXT_DOCUMENT,
}
_NAMESPACES = {
    b"document": b"xmlns:office:1.0",
    b"package": b"xmlPackage",
    b"schema": b"XMLSchema",
    b"stylesheet": b"XSL/Transform",
    b"transform": b"XSL/Transform",
}
"""What a root of an everyday name must declare."""


def refuse(content: bytes, name: str) -> None:
    """Raise for a file whose first bytes say that it is not read; containers and markup are told by other functions."""
    if _LOCK_NAME.search(name) and len(content) < _LOCK_BYTES:
        raise LOCK.error()
    if kind := next((kind for start, kind in _STARTS if content.startswith(start)), None) or _by_structure(content):
        raise kind.error()


def _by_structure(content: bytes) -> Kind | None:
    head = content[:64]
    if head.startswith(b"BM") and head[6:10] == bytes(4) and len(head) > 26:
        return PICTURE
    if head[:4] == b"\x01\0\0\0" and head[40:44] == b" EMF":
        return PICTURE
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"CDR9", b"CDRA", b"CDRB", b"CDRC"):
        return PICTURE
    if re.match(rb"AC10\d\d\0", head):
        return PICTURE
    if head[:3] == b"\0\0\0" and head[4:8] == b"ftyp":
        return Kind("a picture or film, from which nothing is read", WITHOUT, "delivery")
    if head.startswith(b"PAR1") and content.endswith(b"PAR1"):
        return Kind("a Parquet file", _DATABASE)
    if head.startswith(b"MZ") and b"\0" in head:
        return Kind("a program, perhaps an archive that unpacks itself", PACK)
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return _archive("bzip2")
    if content[257:262] == b"ustar":
        return _archive("tar")
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return _archive("LHA")
    if b"E-SafeNet" in head:
        return _GUARDED
    if _is_dbase(content):
        return Kind("a dBASE or FoxPro table (.dbf)", SAVE)
    return None


def _is_dbase(content: bytes) -> bool:
    """A table of dBASE or FoxPro: a date in its header, and lengths that fit each other and the first field's type."""
    if len(content) < 65 or content[0] not in b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5\xfb":
        return False
    month, day = content[2], content[3]
    records, header, record = struct.unpack_from("<IHH", content, 4)
    fits = 33 < header <= len(content) and record > 1 and header + records * record <= len(content) + record
    return 1 <= month <= 12 and 1 <= day <= 31 and fits and content[43] in b"CNDLMFBGPYTIVWQ@O+0"


def compound(content: bytes) -> Kind:
    """What an OLE compound file is: WORKBOOK, or a kind that is not read."""
    entries = ole.root_entries(content)
    names = {name.lower() for name in entries}
    book = next((entries[name] for name in entries if name.lower() in ("workbook", "book")), None)
    if "encryptedpackage" in names or (book is not None and _is_locked(book)):
        return _PROTECTED
    if book is not None:
        return WORKBOOK
    if "catalog" in names or any(re.fullmatch(r"\d+_[0-9a-f]+", name) for name in names):
        return LITTER
    if any(name.startswith("__substg1.0_") or name.startswith("__properties_version") for name in names):
        return _EMAIL
    if "powerpoint document" in names:
        return SLIDES
    if names & {"worddocument", "wpsdocument", "matost", "visiodocument", "fileheader", "contents"}:
        return TEXT_DOCUMENT
    # What cannot be told, or is damaged, is for the library that opens workbooks to judge.
    return WORKBOOK


def _is_locked(book: bytes) -> bool:
    """Whether a workbook's stream is encrypted: the record that says so comes right behind the opening one."""
    at = 0
    for _ in range(4):
        if at + 4 > len(book):
            return False
        record, length = struct.unpack_from("<HH", book, at)
        if record == 0x2F:
            return True
        at += 4 + length
    return False


def is_package(names: Collection[str]) -> bool:
    """Whether a ZIP with these names is one document of an office program, rather than an archive of files."""
    listed = list(names)
    return (
        "[Content_Types].xml" in listed
        or listed[:1] == ["mimetype"]
        or {"mimetype", "META-INF/manifest.xml"} <= set(listed)
        or "OFD.xml" in listed
        or _is_iwork(listed)
    )


def _is_iwork(names: Collection[str]) -> bool:
    return any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names


def package(content: bytes) -> Kind:
    """What a ZIP that was delivered as a document is: WORKBOOK, WORD, or a kind that is not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return _package(opened)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        if b"xl/" in content:  # names stand uncompressed in a ZIP: the library says what is wrong with the workbook
            return WORKBOOK
        return Kind("a ZIP archive that breaks off or is damaged", "ask the sender for it again")


def _package(opened: zipfile.ZipFile) -> Kind:
    names = opened.namelist()
    if any(name.startswith("xl/") for name in names):
        return WORKBOOK
    if "word/document.xml" in names:
        return WORD
    if any(name.startswith("ppt/") for name in names):
        return SLIDES
    if "OFD.xml" in names:
        return Kind("an OFD document, from which no table is read", WITHOUT, "archive")
    if _is_iwork(names):
        return Kind("a document of Apple's Numbers or Pages", "export it as .xlsx, deliver that")
    if "mimetype" in names:
        return _open_document(opened, names)
    return Kind("a package of a program that is not known here", SAVE)


def _open_document(opened: zipfile.ZipFile, names: Collection[str]) -> Kind:
    mime = _start(opened, "mimetype", 200)
    if b"opendocument.spreadsheet" in mime:
        if "META-INF/manifest.xml" in names and b"encryption-data" in _start(opened, "META-INF/manifest.xml", 1 << 20):
            return _PROTECTED
        return WORKBOOK
    if b"opendocument.presentation" in mime:
        return SLIDES
    if b"opendocument.graphics" in mime or b"opendocument.image" in mime:
        return PICTURE
    return TEXT_DOCUMENT


def _start(opened: zipfile.ZipFile, name: str, size: int) -> bytes:
    with opened.open(name) as part:
        return part.read(size)


def markup(content: bytes) -> bytes:
    """Local name of the first element of a text that starts with markup; "" where there is none.

    Raises for markup that holds no records: schemas, style sheets, drawings, text documents.
    """
    for size in (1 << 10, 1 << 16):  # a long comment may come first
        head = content[:size].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        at = prolog.end() if (prolog := _PROLOG.match(head)) else 0
        if found := _ROOT.match(head, at):
            break
    if _DTD.match(head, at):
        raise SCHEMA.error()
    root = found[1] if found else b""
    if (kind := _ROOTS.get(root)) and _NAMESPACES.get(root, b"") in content[: 1 << 16].replace(b"\0", b""):
        raise kind.error()
    return root


def is_spreadsheet_xml(content: bytes, root: bytes) -> bool:
    """Whether an XML file of this root is a workbook of Excel 2003."""
    if root != b"Workbook":
        return False
    head = content[: 1 << 16].replace(b"\0", b"")
    return _SPREADSHEET_NS in head or b"Excel.Sheet" in head


def is_page_in_one(opening: bytes) -> bool:
    """Whether a text is a web page in one file (MHTML). Raises for an e-mail."""
    if not re.match(rb"(?:MIME-Version|From|To|Date|Subject|Content-Type|Received|Return-Path|Message-ID|X-[\w-]+):",
                    opening, re.IGNORECASE):  # fmt: skip
        return False
    head = opening.lower()
    if re.search(rb"^(?:to|received|return-path|message-id|delivered-to):", head, re.MULTILINE):
        raise _EMAIL.error()
    return b"mime-version:" in head and (b"multipart/" in head or b"text/html" in head)


def refuse_side_text(opening: bytes) -> None:
    """Raise for a text that file managers write beside files."""
    if _INI.match(opening):
        raise LITTER.error()
