"""Which records go into which file, and in which format. What a format looks like is in `writers`.

The first part of the city comes in every format; further parts (scale above 1) as gazette lists and flat event
lists, which grow part by part, so that memory stays that of one part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipelines.sample import damage
from pipelines.sample.deliveries import label
from pipelines.sample.landing import Encode, Landing
from pipelines.sample.records import LABEL_COLUMNS
from pipelines.sample.writers import archives, documents, encodings, lists, notices, workbooks

KIND_NAMES = {"A": "发明公布", "B": "发明授权", "C": "存量发明", "U": "实用新型", "S": "外观设计"}


@dataclass(frozen=True)
class List:
    """A delivered table: its columns, its encoding, and what is damaged in it."""

    columns: Callable[[pl.DataFrame], pl.DataFrame]
    encode: Encode = encodings.gb18030
    ending: str = ".csv"
    damage: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    rows_before: int = 1
    """Rows above the first record: titles and the header."""
    is_whole: bool = False
    """Written at once; otherwise the file grows part by part."""


Place = tuple[str, int]
"""A member's path inside an archive, and the record's number in it."""


@dataclass(frozen=True)
class Documents:
    """An archive or file of single records."""

    ending: str
    render: Callable[[pl.DataFrame], tuple[bytes, list[Place] | None]]
    """Content, and the place of every record in an archive (None: one file of many records)."""
    is_labelled: bool = True
    """Whether the place of a record in the file is known to be its place among the records."""
    count: Callable[[pl.DataFrame], int] = len
    """How many records the file then holds."""


Format = List | Documents
GAZETTE = List(lists.gazette)


def _titled_workbook(table: pl.DataFrame, *, header: bool = True) -> bytes:
    return workbooks.workbook(table, titles=("合成样例：专利数据导出表", "制表：合成样例  单位：件"), total="合计")


def _titled_tabs(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """A title line above the header and a total below the rows."""
    mark, text = b"\xff\xfe", encodings.utf16_tabs(table)[2:]
    total = f"合计\t{table.height}{chr(9) * (table.width - 2)}\r\n".encode("utf-16-le")
    return mark + "合成样例：实用新型清单\r\n".encode("utf-16-le") + text + total


def _zipped(rows: pl.DataFrame, one: Callable[[documents.Row], bytes]) -> tuple[bytes, list[Place]]:
    members = [(documents.document_name(row), one(row)) for row in documents.rows_of(rows)]
    return archives.archive(members), [(name, 1) for name, _ in members]


def _nested(rows: pl.DataFrame) -> tuple[bytes, list[Place]]:
    """Archives within an archive, by gazette day, as the office's portal hands them out."""
    inner, paths = [], []
    for (day,), some in rows.group_by("publication_date", maintain_order=True):
        content, places = _zipped(some, documents.cnipa_xml)
        inner.append((f"{day:%Y%m%d}_synthetic.zip", content))
        paths += [(f"{inner[-1][0]}!{name}", row) for name, row in places]
    return archives.archive(inner), paths


def _json(rows: pl.DataFrame) -> tuple[bytes, None]:
    return documents.as_json([documents.interface_record(row) for row in documents.rows_of(rows)]), None


def _json_lines(rows: pl.DataFrame) -> tuple[bytes, None]:
    return documents.as_json_lines([documents.interface_record(row) for row in documents.rows_of(rows)]), None


EXPORT = "_导出.csv"
OFFICIAL = List(lists.official, encodings.utf8_with_mark, EXPORT)
TABS = List(lists.official, _titled_tabs, ".txt", rows_before=2, is_whole=True)
WORKBOOK = List(lists.cnipr, _titled_workbook, ".xlsx", rows_before=3, is_whole=True)
NEW_XML = Documents("_xml.zip", partial(_zipped, one=documents.cnipa_xml))
OLD_XML = Documents("_xml.zip", partial(_zipped, one=documents.old_xml))
NESTED_XML = Documents("_xml.zip", _nested)

# Delivery and kind to formats: each takes so many records (None: all that are left), the rest is a gazette list.
FORMATS: dict[tuple[str, str], list[tuple[Format, int | None]]] = {
    ("2011", "C"): [(WORKBOOK, None)],
    **{(year, "A"): [(OLD_XML, 25)] for year in ("2011", "2012", "2013", "2014")},
    ("2012", "B"): [(OLD_XML, 15), (WORKBOOK, None)],
    ("2013", "S"): [(TABS, None)],
    ("2014", "B"): [(OFFICIAL, None)],
    ("2014", "U"): [(WORKBOOK, 800)],
    ("2015H1", "A"): [(OFFICIAL, None)],
    ("2015H2", "U"): [(List(lists.official, encodings.utf8_with_mark, EXPORT, damage.extra_columns), None)],
    ("2016H2", "U"): [(TABS, None)],
    ("2017H1", "A"): [(OFFICIAL, None)],
    ("2018H1", "A"): [(List(lists.official, encodings.utf8, EXPORT, damage.wrong_district), None)],
    ("2018H1", "U"): [(List(lists.gazette, damage=damage.written_badly), None)],
    ("2019Q1", "U"): [(List(lists.gazette, damage=damage.refused), None)],
    ("2019Q3", "B"): [(List(lists.spoiled, damage=damage.swapped_header), None)],
    ("2019Q3", "U"): [(List(lists.spoiled, damage=damage.spoiled_numbers), None)],
    ("2019Q3", "S"): [(List(lists.spoiled, damage=damage.spoiled_numbers), None)],
    ("2021Q1", "S"): [(List(lists.gazette, damage=damage.wrong_decade), None)],
    **{(f"{year}Q{q}", "A"): [(NEW_XML, 12)] for year in range(2020, 2026) for q in (1, 2, 3, 4)},
    **{(f"{year}Q{q}", "B"): [(NEW_XML, 6)] for year in range(2020, 2026) for q in (1, 2, 3, 4)},
    ("2021Q2", "A"): [(NESTED_XML, 25)],
    ("2023Q4", "B"): [(NESTED_XML, 25)],
    ("2022Q1", "A"): [(Documents(".json", _json), 120), (List(lists.gazette, damage=damage.to_be_withdrawn), None)],
    ("2023Q2", "A"): [(Documents(".jsonl", _json_lines), 250)],
    ("2022Q2", "U"): [(NEW_XML, 15)],
}


def _notices(events: pl.DataFrame) -> tuple[bytes, None]:
    return notices.gazette_text(events), None


def _prs(events: pl.DataFrame) -> tuple[bytes, list[Place]]:
    """Status records by gazette month, many to a file, as the office's data service packs them."""
    members: list[tuple[str, bytes]] = []
    places: list[Place] = []
    for month, some in events.group_by(pl.col("event_date").dt.strftime("%Y%m"), maintain_order=True):
        members.append((f"CN-PRSS-10-{month[0]}_synthetic.XML", notices.prs_xml(notices.notice_rows(some))))
        places += [(members[-1][0], n) for n in range(1, some.height + 1)]
    return archives.archive(members), places


def _legal_lists(events: pl.DataFrame) -> tuple[bytes, None]:
    by_patent: dict[str, list[notices.Row]] = {}
    for row in notices.notice_rows(events):
        by_patent.setdefault(row["application_no"], []).append(row)
    records = [notices.interface_record(rows) for rows in by_patent.values()]
    return documents.as_json(records), None


FLAT = List(notices.flat)
# the interface lists the grant of every patent among its events
LEGAL_LISTS = Documents(
    "_cnipr.json",
    _legal_lists,
    is_labelled=False,
    count=lambda events: events.height + events["application_no"].n_unique(),
)
EVENT_FORMATS: dict[tuple[str, str], list[tuple[Format, int | None]]] = {
    **{(year, "invention"): [(Documents(".txt", _notices), None)] for year in ("2011", "2012")},
    **{
        ("2013", kind): [(List(notices.flat_english, encodings.utf8, "_en.csv"), None)]
        for kind in ("invention", "utility_model", "design")
    },
    **{
        (f"{year}H{h}", "invention"): [(Documents("_prs.zip", _prs), 200)]
        for year in (2016, 2017, 2018)
        for h in (1, 2)
    },
    ("2022Q1", "invention"): [(LEGAL_LISTS, 150)],
    ("2024Q2", "invention"): [(LEGAL_LISTS, 150)],
    ("2020Q1", "invention"): [(List(notices.flat, damage=damage.event_list), None)],
}


def deliver(
    landing: Landing,
    source: str,
    stem: str,
    delivered: str,
    rows: pl.DataFrame,
    formats: list[tuple[Format, int | None]],
) -> None:
    """Write the records of one delivery and kind in their formats; what is left over as the last one given."""
    for form, count in formats:
        some = rows if count is None else rows.head(count)
        rows = rows.clear() if count is None else rows.slice(count)
        if not some.height:
            continue
        name = f"{source}/{delivered}/{stem}{form.ending}"
        if isinstance(form, Documents):
            content, members = form.render(some)
            landing.put(name, content, form.count(some))
            if members is not None:
                landing.note_members(name, members, some)
            elif form.is_labelled:
                landing.note(name, some, first_row=1)
            continue
        table = pl.concat([form.columns(some), some.select(LABEL_COLUMNS)], how="horizontal")
        if form.damage is not None:
            table = form.damage(table)
        if form.is_whole:
            landing.note(name, table, first_row=form.rows_before + 1)
            landing.put(name, form.encode(table.drop(LABEL_COLUMNS)), table.height)
        else:
            landing.append(name, table, form.encode)


def deliver_publications(landing: Landing, rows: pl.DataFrame, *, is_first_part: bool) -> None:
    """All publications of one type and part, by delivery and kind."""
    is_old = (pl.col("publication_kind") != "A") & (pl.col("publication_date").dt.year() < 2011)
    kind = pl.when(is_old).then(pl.lit("C")).otherwise(pl.col("publication_kind").replace("C", "B"))
    for (day, list_kind), some in rows.with_columns(kind.alias("list")).group_by(
        "delivered_on", "list", maintain_order=True
    ):
        period = label(str(day))
        formats = FORMATS.get((period, str(list_kind)), []) if is_first_part else []
        stem = f"合成_{KIND_NAMES[str(list_kind)]}_{period}"
        deliver(landing, "patents", stem, str(day), some, [*formats, (GAZETTE, None)])


def deliver_events(landing: Landing, rows: pl.DataFrame, *, is_first_part: bool) -> None:
    """All events of one type and part, by delivery."""
    patent_type = rows["patent_type"][0]
    for (day,), some in rows.group_by("delivered_on", maintain_order=True):
        period = label(str(day))
        formats = EVENT_FORMATS.get((period, patent_type), []) if is_first_part else []
        stem = f"合成_法律状态_{period}"
        deliver(landing, "patent_events", stem, str(day), some, [*formats, (FLAT, None)])
