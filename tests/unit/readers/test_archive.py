"""Archives: what is found, in which order, and what is refused."""

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from pipelines.intake.readers import archive
from pipelines.intake.readers.archive import members
from pipelines.intake.readers.base import UnreadableFile
from tests.support import zipped


def delivered(folder: Path, content: bytes, name: str = "delivery.zip") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def paths(path: Path) -> list[str]:
    return [member.path_in_archive for member in members(path)]


def test_plain_file_is_its_own_member(tmp_path: Path) -> None:
    (member,) = members(delivered(tmp_path, b"a,b\n1,2\n", "list.csv"))
    assert member.path_in_archive == ""
    assert member.size_bytes == 8
    assert member.sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert member.read() == b"a,b\n1,2\n"


def test_members_come_in_name_order_with_hash_and_content(tmp_path: Path) -> None:
    path = delivered(tmp_path, zipped({"b.csv": b"2", "sub/c.csv": b"3", "a.csv": b"1"}))
    found = list(members(path))
    assert [m.path_in_archive for m in found] == ["a.csv", "b.csv", "sub/c.csv"]
    assert [m.read() for m in found] == [b"1", b"2", b"3"]
    assert [m.sha256 for m in found] == [hashlib.sha256(m.read()).hexdigest() for m in found]
    assert [m.size_bytes for m in found] == [1, 1, 1]


def test_zip_is_known_by_content_not_by_name(tmp_path: Path) -> None:
    assert paths(delivered(tmp_path, zipped({"a.csv": b"1"}), "delivery.dat")) == ["a.csv"]


def test_nested_archives_are_opened_and_read_in_any_order(tmp_path: Path) -> None:
    inner = {f"{n}.xml": str(n).encode() for n in range(3)}
    outer = {f"day{d}.ZIP": zipped(inner | {"day": str(d).encode()}) for d in range(archive.KEEP_OPEN + 3)}
    found = list(members(delivered(tmp_path, zipped(outer))))
    assert [m.path_in_archive for m in found][:4] == [
        "day0.ZIP!0.xml",
        "day0.ZIP!1.xml",
        "day0.ZIP!2.xml",
        "day0.ZIP!day",
    ]
    days = [m for m in found if m.path_in_archive.endswith("!day")]
    for member in [*days, *reversed(days)]:  # more archives than may stay open, forwards and backwards
        assert member.path_in_archive == f"day{member.read().decode()}.ZIP!day"


def test_large_nested_archive_goes_through_a_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SPOOL_BYTES", 10)
    (member,) = members(delivered(tmp_path, zipped({"a.zip": zipped({"b.zip": zipped({"c.xml": b"<c/>"})})})))
    assert (member.path_in_archive, member.read()) == ("a.zip!b.zip!c.xml", b"<c/>")


def test_depth_is_limited(tmp_path: Path) -> None:
    content = zipped({"x.csv": b"1"})
    for _ in range(archive.MAX_DEPTH - 1):
        content = zipped({"n.zip": content})
    assert paths(delivered(tmp_path, content)) == ["n.zip!n.zip!n.zip!x.csv"]
    with pytest.raises(UnreadableFile, match="nested more than 4 deep"):
        members(delivered(tmp_path, zipped({"n.zip": content})))


def test_workbook_is_one_readable_thing(tmp_path: Path) -> None:
    book = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    (alone,) = members(delivered(tmp_path, book, "list.xlsx"))
    assert (alone.path_in_archive, alone.read()) == ("", book)
    (packed,) = members(delivered(tmp_path, zipped({"list.xlsx": book})))
    assert (packed.path_in_archive, packed.read()) == ("list.xlsx", book)


def test_folders_are_left_out_and_side_files_are_members_like_others(tmp_path: Path) -> None:
    """What a side file is, its content says (test_kinds.py): a name alone drops nothing."""
    names = ["data/", "data/empty/", "data/a.csv", "data/Thumbs.db", "__MACOSX/data/._a.csv"]
    found = paths(delivered(tmp_path, zipped(dict.fromkeys(names, b""))))
    assert found == ["__MACOSX/data/._a.csv", "data/Thumbs.db", "data/a.csv"]


def unflagged(name: bytes) -> bytes:
    """A zip whose one entry has this raw name and no UTF-8 flag, as Windows writes it."""
    placeholder = b"n" * len(name)
    return zipped({placeholder.decode(): b"1"}).replace(placeholder, name)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("专利/淄博市授权清单.csv".encode("gbk"), "专利/淄博市授权清单.csv"),
        ("联通.csv".encode("gbk"), "联通.csv"),
        ("乗\\表.csv".encode("gbk"), "乗/表.csv"),  # the second byte of 乗 is a backslash
        ("专利清单.csv".encode(), "专利清单.csv"),
        ("（一）．csv".encode(), "（一）．csv"),
        ("專利/①号.csv".encode("gb18030"), "專利/①号.csv"),
        (b"plain.csv", "plain.csv"),
    ],
)
def test_member_names_without_utf8_flag(tmp_path: Path, raw: bytes, name: str) -> None:
    assert paths(delivered(tmp_path, unflagged(raw))) == [name]


def test_flagged_utf8_names(tmp_path: Path) -> None:
    assert paths(delivered(tmp_path, zipped({"清单/一.csv": b"1"}))) == ["清单/一.csv"]


@pytest.mark.parametrize("name", ["../x.csv", "a/../../x.csv", "/etc/x.csv", "C:/x.csv", "..\\x.csv", "\\x.csv"])
def test_names_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="would leave the archive"):
        members(delivered(tmp_path, zipped({"ok.csv": b"1", name: b"1"})))


def test_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableFile, match=r"symbolic link \(link.csv\)"):
        members(delivered(tmp_path, buffer.getvalue()))


def test_encrypted_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": b"1"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    with pytest.raises(UnreadableFile, match="password"):
        members(delivered(tmp_path, bytes(content)))


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped({"a.csv": b"1"})
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as target:
            target.writestr("a.csv", b"2")
    with pytest.raises(UnreadableFile, match=r"two files named a\.csv"):
        members(delivered(tmp_path, buffer.getvalue()))


def test_ratio_bomb_is_refused_before_unpacking(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="more than 200 times its size"):
        members(delivered(tmp_path, zipped({"zeros.csv": bytes(archive.RATIO_FREE_BYTES + 1)})))


def test_workbook_bomb_is_refused(tmp_path: Path) -> None:
    book = zipped({"[Content_Types].xml": b"", "xl/sheet1.xml": bytes(archive.RATIO_FREE_BYTES + 1)})
    with pytest.raises(UnreadableFile, match="more than 200 times its size"):
        members(delivered(tmp_path, book, "list.xlsx"))


def test_size_limits_count_nested_archives_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = delivered(tmp_path, zipped({f"{n}.zip": zipped({"a.csv": bytes(1000)}) for n in range(3)}))
    assert len(paths(path)) == 3
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 3000)
    with pytest.raises(UnreadableFile, match="more than 3,000 bytes"):
        members(path)
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 999)
    with pytest.raises(UnreadableFile, match="unpacks to 1,000 bytes, above 999"):
        members(path)


def test_number_of_members_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(UnreadableFile, match="more than 2 files"):
        members(delivered(tmp_path, zipped({"a": b"", "b": b"", "c": b""})))


@pytest.mark.parametrize("kept", [10, 200, -10])
def test_truncated_archive_is_refused(tmp_path: Path, kept: int) -> None:
    content = zipped({"a.csv": bytes(range(256)) * 10})
    with pytest.raises(UnreadableFile, match="breaks off or is damaged"):
        members(delivered(tmp_path, content[:kept]))


def test_damaged_content_gives_no_member_at_all(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": b"1", "b.csv": bytes(range(256))}))
    content[content.rindex(b"PK\x03\x04") + 60] ^= 0xFF
    with pytest.raises(UnreadableFile, match=r"b\.csv in delivery\.zip cannot be unpacked"):
        members(delivered(tmp_path, bytes(content)))


def test_name_that_differs_between_directory_and_entry_is_refused(tmp_path: Path) -> None:
    content = zipped({"清单.csv": b"1"}).replace("清单".encode(), b"\xff" * 6, 1)  # only where the content stands
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        members(delivered(tmp_path, content))


def test_entry_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    """A lying size, the way past limits read from the directory, fails on its check sum."""
    content = bytearray(zipped({"a.csv": bytes(5000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + offset
        content[start : start + 4] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        members(delivered(tmp_path, bytes(content)))


def test_empty_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no files"):
        members(delivered(tmp_path, zipped({})))


def with_unicode_field(raw: bytes, name: str, *, of: bytes | None = None) -> bytes:
    """A zip whose one entry has this raw name and the extra field of WinRAR and 7-Zip with its name in UTF-8."""
    field = b"\x01" + struct.pack("<I", zlib.crc32(of or raw)) + name.encode()
    placeholder = zipfile.ZipInfo("n" * len(raw))
    placeholder.extra = struct.pack("<HH", 0x7075, len(field)) + field
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(placeholder, b"1")
    return buffer.getvalue().replace(b"n" * len(raw), raw)


def test_the_unicode_field_says_the_name(tmp_path: Path) -> None:
    assert paths(delivered(tmp_path, with_unicode_field(b"__.csv", "㐂專利.csv"))) == ["㐂專利.csv"]


def test_a_unicode_field_of_another_name_is_not_believed(tmp_path: Path) -> None:
    raw = "清单.csv".encode("gbk")
    assert paths(delivered(tmp_path, with_unicode_field(raw, "别的.csv", of=b"other"))) == ["清单.csv"]


def test_a_unicode_field_cannot_leave_the_archive(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="would leave the archive"):
        members(delivered(tmp_path, with_unicode_field(b"__.csv", "../x.csv")))


def test_a_method_that_is_not_read_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": b"1"}))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + offset] = 9
    with pytest.raises(UnreadableFile, match=r"a\.csv in delivery\.zip is packed by Deflate64"):
        members(delivered(tmp_path, bytes(content)))


def test_streamed_entries_and_zip64_are_read(tmp_path: Path) -> None:
    """A sender that does not know the size beforehand writes it behind the entry; large archives have wider fields."""

    class OneWay(io.BytesIO):
        def seekable(self) -> bool:
            return False

    buffer = OneWay()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
        target.open("a.csv", "w", force_zip64=True) as out,
    ):
        out.write(b"1,2")
    (member,) = members(delivered(tmp_path, buffer.getvalue()))
    assert (member.path_in_archive, member.read()) == ("a.csv", b"1,2")


def test_documents_are_not_taken_apart(tmp_path: Path) -> None:
    ods = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})
    ofd = zipped({"Doc_0/Document.xml": b"<x/>", "OFD.xml": b"<x/>"})
    found = paths(delivered(tmp_path, zipped({"a.ods": ods, "b.ofd": ofd})))
    assert found == ["a.ods", "b.ofd"]
