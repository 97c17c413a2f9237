"""The mirror says what intake does: the same counts, rejects and remarks, for files of every kind."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.errors import ConfigError
from pipelines.intake.bronze import quarantined_rows
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from pipelines.preview.file import Preview, preview
from pipelines.preview.marked import marked

TODAY = date(2024, 6, 30)
HEADER = "质押登记号,权利类型,权利号,权利名称,质押登记日,出质人,质权人,质押金额(万元),区县,联系电话,备注"
GOOD = "Y1,专利,201210424464.6,釉料,2021-03-05,淄博样例陶瓷有限公司,样例银行,500,张店区,13800000000,续贷"
LINES = {
    "good": GOOD,
    "no amount": GOOD.replace("500", "五百元整多").replace("Y1", "Y2"),
    "no day": GOOD.replace("2021-03-05", "去年").replace("Y1", "Y3"),
    "formula": GOOD.replace("釉料", "=HYPERLINK(1)").replace("2021-03-05", "无此日").replace("Y1", "Y4"),
    "repeated": GOOD,
    "total": "合计,,,,,,,1000,,,",
}


def pledges(*lines: str) -> bytes:
    return "\n".join(["质押登记台账,,,,,,,,,,", HEADER, *lines]).encode("gb18030")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger with good and bad rows, in nobody's folder."""
    path = tmp_path / "台账.csv"
    path.write_bytes(pledges(*LINES.values()))
    return path


def seen(file: Path, source: str | None = None) -> Preview:
    (found,) = preview(file, source, today=TODAY)
    return found


def test_it_counts_and_rejects_what_intake_does(file: Path, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    folder = warehouse.landing / "pledges" / str(TODAY)
    folder.mkdir(parents=True)
    (folder / file.name).write_bytes(file.read_bytes())
    (entry,) = ingest(warehouse, "pledges").files.to_dicts()
    found = seen(file)
    assert found.counts == {name: entry[name] for name in found.counts}
    assert found.counts == {"rows_in": 5, "rows_out": 1, "rows_quarantined": 3, "rows_duplicate": 1}
    aside = quarantined_rows(warehouse).select("source_row", "reason", "field", "value", "raw")
    assert found.rejects.rows() == aside.rows()
    assert "; ".join(found.remarks) == entry["message"]
    assert (found.reader, found.encoding) == (entry["reader"], entry["encoding"])


def test_it_says_what_each_column_means_and_why(file: Path) -> None:
    columns = {column.header: column for column in seen(file).columns}
    assert columns["质押金额(万元)"].field == "amount_yuan"
    assert columns["质押金额(万元)"].unit == "万元 → 元"
    assert columns["权利号"].why == "its title"
    assert columns["质押登记号"].why == "one of its headers, 质押登记号"
    assert columns["联系电话"].why == "personal data: never kept"
    assert columns["备注"].why.startswith("not in the contract")


def test_it_says_where_the_table_stands_and_what_was_set_aside(file: Path) -> None:
    found = seen(file)
    (table,) = found.tables
    assert (table.first_header_row, table.last_header_row) == (2, 2)
    assert "row 1 set aside: title" in found.remarks
    assert "1 total row set aside: 8" in found.remarks


def test_the_source_is_known_by_folder_or_columns(file: Path, tmp_path: Path) -> None:
    assert seen(file).source == "pledges"
    folder = tmp_path / "deals" / "2024-01-31"
    folder.mkdir(parents=True)
    (folder / file.name).write_bytes(file.read_bytes())
    refused = seen(folder / file.name)
    assert refused.source == "deals" and refused.refused and "required column missing" in refused.refused
    (strange := tmp_path / "strange.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="fits no source; say with --source"):
        preview(strange, today=TODAY)


def test_an_archive_is_shown_file_by_file(file: Path, tmp_path: Path) -> None:
    archive = tmp_path / "包.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("一.csv", pledges(GOOD))
        packed.writestr("图.png", b"\x89PNG\r\n\x1a\n")
        packed.writestr("坏.csv", b"a,b\n1,2\n")
    found = {one.path: one for one in preview(archive, "pledges", today=TODAY)}
    assert found["包.zip!一.csv"].counts["rows_out"] == 1
    assert found["包.zip!图.png"].refused is None
    assert "required column missing" in (found["包.zip!坏.csv"].refused or "")
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("图.png", b"\x89PNG\r\n\x1a\n")
    (alone,) = preview(archive, "pledges", today=TODAY)
    assert "no data came with it" in (alone.refused or "")


def test_what_a_spreadsheet_would_show_otherwise_is_named(tmp_path: Path) -> None:
    (text := tmp_path / "台账.csv").write_text("\n".join([HEADER, GOOD.replace("Y1", "003702021000001234")]))
    said = seen(text, "pledges").screen
    assert any("UTF-8 without a mark" in line for line in said)
    assert any(line.startswith("质押登记号: numbers of more than 15 digits") for line in said)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append([*GOOD.split(",")[:2], 201210424464.6, *GOOD.split(",")[3:7], 500.126, "张店区"])
    sheet["H2"].number_format = "0"
    book.save(tmp_path / "台账.xlsx")
    said = seen(tmp_path / "台账.xlsx", "pledges").screen
    assert [line.partition(" (")[0] for line in said] == [
        "sheet Sheet, column C: 1 cells show less than they hold under the format General",
        "sheet Sheet, column H: 1 cells show less than they hold under the format 0",
    ]


def test_the_copy_for_the_sender_marks_the_cell_and_holds_no_personal_data(file: Path) -> None:
    content = marked([seen(file)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book.worksheets[1].iter_rows())
    header = [cell.value for cell in rows[0]]
    assert [row[0].value for row in rows[1:]] == [4, 5, 6]
    fault = rows[1][header.index("质押金额(万元)")]
    assert fault.value == "五百元整多" and fault.fill.start_color.rgb == "FFFFC7CE"
    assert rows[1][header.index("权利号")].fill.fill_type is None
    assert "联系电话" not in header and b"13800000000" not in b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(name) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )
    formula = rows[3][header.index("权利名称")]
    assert (formula.value, formula.data_type) == ("=HYPERLINK(1)", "s")
    assert marked([seen(file)]) == content


def test_the_verb_prints_and_ends_as_a_run_would(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPW_WAREHOUSE", str(tmp_path / "none"))
    runner = CliRunner()
    as_json = runner.invoke(app, ["preview", str(file), "--json"])
    assert as_json.exit_code == 0
    (document,) = json.loads(as_json.stdout)
    assert document["counts"]["rows_quarantined"] == 3
    table = runner.invoke(app, ["preview", str(file)])
    assert "5 rows, 1 would land, 3 set aside, 1 repeated" in table.stdout
    assert not (tmp_path / "none").exists()
    assert runner.invoke(app, ["preview", str(tmp_path / "no.csv")]).exit_code == 2
    assert runner.invoke(app, ["preview", str(file), "--source", "pledge"]).exit_code == 2
    assert runner.invoke(app, ["preview", str(file), "--source", "deals"]).exit_code == 3
