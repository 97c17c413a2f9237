"""The stage assessment: every number in it is asked of the marts again; nothing missing is zero; Word's format is kept."""

import re
from pathlib import Path

import docx
import duckdb
import pytest

from pipelines.errors import ConfigError
from pipelines.report import write
from pipelines.report.sources import MISSING, Notes, shown
from tests.conftest import converted
from tests.support import ipw

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def marts(sample_warehouse: Path) -> Path:
    return (sample_warehouse / "marts.duckdb").resolve()


@pytest.fixture(scope="module")
def written(marts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Notes]:
    file = tmp_path_factory.mktemp("report") / "assessment.docx"
    return file, write(file, marts)


def words(file: Path) -> str:
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_every_number_is_what_its_source_says(written: tuple[Path, Notes], marts: Path) -> None:
    file, notes = written
    text = words(file)
    with duckdb.connect(str(marts), read_only=True) as connection:
        for figure, source, decimals, factor in notes.figures:
            unit = "%" if figure.text.endswith("%") else ""
            assert figure.text == shown(source.ask(connection), decimals, factor, unit), source.said()
            assert f"{figure.text}[{figure.note}]" in text
    assert len(notes.figures) > 300


def test_every_note_that_is_cited_is_listed_once(written: tuple[Path, Notes]) -> None:
    file, notes = written
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", words(file))}
    listed = [number for number, _ in notes.lines()]
    assert cited == set(listed) and len(listed) == len(set(listed))


def test_numbers_of_sentences_are_figures_years_or_wording_of_the_plan(written: tuple[Path, Notes]) -> None:
    """In the chapters on objects and problems no number stands without its note, but for a year."""
    paragraphs = [paragraph.text for paragraph in docx.Document(str(written[0])).paragraphs]
    begin = next(i for i, text in enumerate(paragraphs) if text.startswith("五、"))
    end = next(i for i, text in enumerate(paragraphs) if text.startswith("八、"))
    assert end - begin > 10
    for text in paragraphs[begin:end]:
        bare = re.sub(r"-?[\d,]+(\.\d+)?%?\[\d+\]", "", text)  # a figure with its note
        bare = re.sub(
            r"20\d\d 年|[TYNS]\d\d[ab]?|\(.*?\)|（.*?）|年均[\d.%、]+", "", bare
        )  # years, ids, the rule's words
        assert not re.search(r"\d", bare), text


def test_what_is_missing_is_said_and_never_zero(written: tuple[Path, Notes], marts: Path) -> None:
    with duckdb.connect(str(marts), read_only=True) as connection:
        missing = [figure for figure, source, *_ in written[1].figures if source.ask(connection) is None]
    assert missing and {figure.text for figure in missing} == {MISSING}


def test_the_chapters_of_an_assessment_are_there(written: tuple[Path, Notes]) -> None:
    document = docx.Document(str(written[0]))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    asked = ["评估依据", "评估方法", "目标完成情况", "任务进展", "企业利用成效", "公众认知度", "存在问题", "调整建议"]
    assert [text[0] for text in headings[:8]] == list("一二三四五六七八")
    assert all(word in text for word, text in zip(asked, headings, strict=False))
    assert sum(text.startswith("附件") for text in headings) == 6
    groups = [p.text for p in document.paragraphs if p.style.name == "Heading 2" and p.text.startswith("规划三")]
    assert len(groups) == 5
    assert "SYNTHETIC" in document.sections[0].header.paragraphs[0].text


def test_the_same_release_gives_the_same_bytes(written: tuple[Path, Notes], marts: Path, tmp_path: Path) -> None:
    write(tmp_path / "again.docx", marts)
    assert (tmp_path / "again.docx").read_bytes() == written[0].read_bytes()


def test_another_plan_of_the_release_and_none_that_it_lacks(marts: Path, tmp_path: Path) -> None:
    write(tmp_path / "nation.docx", marts, "china_14fyp")
    assert "N6" in words(tmp_path / "nation.docx") and "规划没有列出任务" in words(tmp_path / "nation.docx")
    with pytest.raises(ConfigError, match="no plan mars in this release; it has china_14fyp"):
        write(tmp_path / "mars.docx", marts, "mars")


def test_the_command_writes_it_and_says_where(published: Path, tmp_path: Path) -> None:
    done = ipw(published, "report", "--output", str(tmp_path / "a.docx"))
    assert done.returncode == 0 and (tmp_path / "a.docx").exists() and "figures from" in done.stderr
    wrong = ipw(published, "report", "--output", str(tmp_path / "no" / "a.docx"))
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1


def test_libreoffice_renders_it(written: tuple[Path, Notes], tmp_path: Path) -> None:
    assert converted(written[0], "pdf", tmp_path).read_bytes().startswith(b"%PDF")
