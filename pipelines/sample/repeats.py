"""Deliveries that repeat, correct or take back what others brought: real bureaus send everything more than once.

None of them changes a figure, but for the corrections they carry.
"""

import datetime

import polars as pl

from pipelines.sample import city
from pipelines.sample.landing import Landing
from pipelines.sample.layout import GAZETTE, KIND_NAMES, OFFICIAL, deliver
from pipelines.sample.layout import List as DeliveredList
from pipelines.sample.records import LABEL_COLUMNS
from pipelines.sample.writers import archives, documents, encodings, lists, workbooks

COMBINED = DeliveredList(lists.combined, encodings.utf8_with_mark)


def _workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table)


SEARCH_SYSTEM = DeliveredList(lists.search_system, _workbook, ".xlsx", is_whole=True)
_DISTRICTS = {"370302": "淄川区", "370303": "张店区", "370304": "博山区", "370305": "临淄区", "370306": "周村区"} | {
    "370321": "桓台县",
    "370322": "高青县",
    "370323": "沂源县",
}


def deliver_repeats(landing: Landing, publications: dict[str, pl.DataFrame], events: dict[str, pl.DataFrame]) -> None:
    """All of them, from the publications and events of the first part by patent type."""
    inventions = publications["invention"]
    for year in (2016, 2018):
        _combined_export(landing, inventions, year)
    for delivered, year in (("2017-07-20", 2016), ("2020-10-20", 2019)):
        _search_system_list(landing, publications, events["invention"], delivered, year)
    _again(landing, publications["utility_model"], "U", "2019-10-20", "2020-01-20", "更正", GAZETTE, "corrected")
    _again(landing, _first(inventions, "A", 200), "A", "2022-10-20", "2023-01-20", "重发", GAZETTE, "kept")
    corrected = _first(inventions, "A", 100)
    _again(landing, corrected, "A", "2018-07-20", "2019-01-25", "更正", OFFICIAL, "kept")
    _take_back(landing)
    _mistaken_lapse(landing, inventions, events["invention"])


def deliver_duplicate(landing: Landing) -> None:
    """The same file once more under another name; when everything else is written."""
    first = "patents/2016-07-20/合成_外观设计_2016H1.csv"
    second = "patents/2017-01-25/合成_外观设计_2016H1_副本.csv"
    landing.put(second, (landing.folder / first).read_bytes(), landing.files[first])
    landing.plant(second, 0, "same_content_again", "duplicate_file", "与2016-07-20交付的文件逐字节相同")


def deliver_corrections(landing: Landing) -> None:
    """The declared errors: two headers that changed places, and one filing date in the wrong decade."""
    (path, row) = next((path, row) for _, path, row, kind, *_ in landing.planted if kind == "declared_error")
    lines = (landing.folder / path).read_bytes().decode("gb18030").splitlines()
    found = dict(zip(lines[0].split(","), lines[row - 1].split(","), strict=True))
    wrong = found["filing_date"]
    declared = f"""# 合成样例：已向来源单位确认的错误
- source: patents
  file: patents/2019-10-20/合成_发明授权_2019Q3.csv
  action: swap_columns
  columns: [address, designer]
  reason: 表头 address 与 designer 互换
- source: patents
  file: {path}
  action: set_value
  field: filing_date
  key: {{publication_no: {found["authorization_notice_id"]}}}
  expected: "{wrong}"
  use: "{int(wrong[:4]) + 10}{wrong[4:]}"
  reason: 申请日早写十年
"""
    landing.put("corrections/2021-04-15/合成_更正声明.yaml", declared.encode(), 2)


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Without labels: only the first delivery of a record is planted."""
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in LABEL_COLUMNS)


def _first(rows: pl.DataFrame, kind: str, count: int) -> pl.DataFrame:
    """The first records of a kind in every delivery."""
    return rows.filter(pl.col("publication_kind") == kind).filter(pl.int_range(pl.len()).over("delivered_on") < count)


def _again(
    landing: Landing,
    rows: pl.DataFrame,
    kind: str,
    delivered: str,
    again: str,
    word: str,
    form: DeliveredList,
    expected: str,
) -> None:
    """Records of one delivery once more in a later one, as they should be."""
    some = _plain(rows.filter(pl.col("delivered_on") == datetime.date.fromisoformat(delivered)))
    name = f"合成_{KIND_NAMES[kind]}_{word}_{again}"
    deliver(landing, "patents", name, again, some, [(form, None)])
    path = f"patents/{again}/{name}{form.ending}"
    landing.plant(path, 0, "delivered_again", expected, f"{delivered} 交付过的记录{word}")


def _combined_export(landing: Landing, inventions: pl.DataFrame, year: int) -> None:
    """Publication and grant side by side, for the grants of one year whose applicant stayed the same."""
    first = inventions.filter(pl.col("publication_kind") == "A").select(
        "application_no",
        pl.col("publication_no").alias("first_publication_no"),
        pl.col("publication_date").alias("first_publication_date"),
    )
    names = [_DISTRICTS.get(str(cell.statutory)) for cell in city.CELLS] + [None]
    grants = inventions.filter(
        (pl.col("publication_kind") == "B")
        & (pl.col("publication_date").dt.year() == year)
        & ~pl.col("changed_hands")
        & (pl.col("cell") != city.OUTSIDE)
    ).join(first, on="application_no", maintain_order="left")
    county = pl.Series("county", names, dtype=pl.String).gather(grants["cell"].cast(pl.Int64))
    delivered = f"{year + 1}-01-25"
    deliver(
        landing,
        "patents",
        f"合成_发明公开与授权_{year}",
        delivered,
        _plain(grants.with_columns(county)),
        [(COMBINED, None)],
    )


def _search_system_list(
    landing: Landing, publications: dict[str, pl.DataFrame], events: pl.DataFrame, delivered: str, year: int
) -> None:
    """Legal status of some patents, as the search system lists it: nothing in it is new."""
    in_year = pl.col("publication_date").dt.year() == year
    inventions = publications["invention"].filter(in_year)
    lapsed = events.filter(
        (pl.col("event_code") == "CF01")
        & pl.col("restored_on").is_null()
        & (pl.col("delivered_on") <= datetime.date.fromisoformat(delivered))
        & (pl.col("event_date").dt.year() == year)
    ).select("application_no", pl.col("event_date").alias("legal_status_date"))
    grants = publications["invention"].filter(pl.col("publication_kind") == "B")
    status = pl.col("publication_date")
    groups = [
        (inventions.filter(pl.col("publication_kind") == "A"), "实质审查的生效", status + pl.duration(days=56)),
        (inventions.filter(pl.col("publication_kind") == "B"), "发明专利权授予", status),
        (publications["utility_model"].filter(in_year), "实用新型专利权授予", status),
    ]
    parts = [
        rows.head(100).with_columns(pl.lit(word).alias("legal_status"), day.alias("legal_status_date"))
        for rows, word, day in groups
    ]
    ended = grants.join(lapsed, on="application_no", maintain_order="left").head(40)
    parts.append(ended.with_columns(pl.lit("专利权的终止").alias("legal_status")).select(parts[0].columns))
    name = f"合成_检索系统列表_{year}"
    deliver(landing, "patents", name, delivered, _plain(pl.concat(parts)), [(SEARCH_SYSTEM, None)])


def _take_back(landing: Landing) -> None:
    """The office deletes the publications that `damage.to_be_withdrawn` put in a quarter earlier."""
    path = "patents/2022-04-15/合成_发明公布_2022Q1.csv"
    lines = (landing.folder / path).read_bytes().decode("gb18030").splitlines()
    header = lines[0].split(",")
    members = []
    for line in (line for line in lines if "CN19999" in line):
        row = dict(zip(header, line.split(","), strict=True))
        number = row["filing_id"]
        record: documents.Row = {
            "patent_type": "invention",
            "application_no": f"{number[:12]}.{number[12]}",
            "parent_application_no": None,
            "publication_no": row["authorization_notice_id"][:-1],
            "publication_kind": "A",
            "publication_date": _day(row["authorized_announcement_date"]),
            "filing_date": _day(row["filing_date"]),
            "title": row["name"],
            "ipc": "F16L55/00",
            "applicants": row["patentee"],
            "inventors": "样例人甲",
            "address": row["address"],
            "agency": None,
        }
        members.append((documents.document_name(record), documents.cnipa_xml(record, status="D")))
    name = "patents/2022-07-15/合成_发明公布_撤回_xml.zip"
    landing.put(name, archives.archive(members), len(members))
    for member, _ in members:
        landing.plant(f"{name}!{member}", 1, "withdrawal", "withdrawn", "status=D，撤回上一期的公布")


def _day(written: str) -> datetime.date:
    return datetime.date.fromisoformat(written.replace(".", "-"))


def _mistaken_lapse(landing: Landing, inventions: pl.DataFrame, events: pl.DataFrame) -> None:
    """A lapse noticed by mistake, and its withdrawal one quarter later: the patent was valid all the time."""
    touched = events["application_no"].implode()
    victim = inventions.filter(
        (pl.col("publication_kind") == "B")
        & (pl.col("publication_date").dt.year() == 2021)
        & (pl.col("cell") != city.OUTSIDE)
        & ~pl.col("application_no").is_in(touched)
    ).head(1)
    mistake = pl.DataFrame(
        {
            "申请号": victim["application_no"],
            "法律状态代码": ["CF01"],
            "法律状态": ["未缴年费专利权终止"],
            "法律状态公告日": ["2022-11-01"],
            "生效日": ["2022-03-01"],
        }
    )
    first = "patent_events/2023-01-20/合成_法律状态_补发.csv"
    second = "patent_events/2023-04-15/合成_法律状态_撤回.csv"
    landing.put(first, encodings.gb18030(mistake), 1)
    landing.put(second, encodings.gb18030(mistake.with_columns(pl.lit("是").alias("撤回"))), 1)
    landing.plant(first, 2, "mistaken_lapse", "withdrawn", "误发的终止公告，下一期撤回")
    landing.plant(second, 2, "withdrawal", "withdrawn", "撤回误发的终止公告")


__all__ = ["deliver_corrections", "deliver_duplicate", "deliver_repeats"]
