"""Rows in = rows out + quarantined + duplicates, whatever comes in; what makes rows equal or contradictory."""

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.reasons import REASONS
from pipelines.contracts.registry import contract, contracts
from pipelines.contracts.schema import bronze_schema
from pipelines.intake import conform as module
from pipelines.intake.conform import FILE, Conformed, conform
from pipelines.intake.readers.base import ROW
from tests.unit.intake.conftest import HEADER, ROWS

DELIVERED = date(2024, 1, 31)

PATENT_CELLS = {
    "申请号": ["201210424464.6", "201310699744.2", "2.01E+12", "201210424464.5", "无", None, "x"],
    "名称": ["甲", "乙", None, "=1+1"],
    "公开（公告）号": ["CN102889890A", "CN102889890B", "CN202889890U", "CN1", None],
    "公开（公告）日": ["2013.01.23", "2031-01-01", "2013年1月", None, "00000000"],
    "申请日": ["2012.10.30", "2014-01-01", None],
    "申请（专利权）人": ["淄博样例有限公司", "样小明;样大力", None],
    "地址": ["255000山东省淄博市张店区样例路1号", "美国样例州", None],
    "分类号": ["C04B35/00;x", "01-01 (12)", None],
    "备注": ["电话13800000000", None],
    "序号": ["1", "2"],
}


def frame(rows: list[dict[str, str | None]], columns: list[str]) -> pl.DataFrame:
    table = pl.DataFrame(
        {name: [row[name] for row in rows] for name in columns}, schema=dict.fromkeys(columns, pl.String)
    )
    return table.with_columns(pl.Series(ROW, range(2, len(rows) + 2), dtype=pl.Int64))


def table(text: str) -> pl.DataFrame:
    names, *rows = (line.split(",") for line in text.strip().split("\n"))
    return frame([dict(zip(names, (cell or None for cell in row), strict=True)) for row in rows], names)


def one(text: str, source: str = "patents") -> Conformed:
    return conform([table(text)], contract(source), DELIVERED)


patent_rows = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in PATENT_CELLS.items()}), max_size=12
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(patent_rows, min_size=1, max_size=3))
def test_every_row_is_accounted_for_once(files: list[list[dict[str, str | None]]]) -> None:
    frames = [frame(rows, list(PATENT_CELLS)) for rows in files]
    found = conform(frames, contract("patents"), DELIVERED)
    assert found.counts[FILE].to_list() == list(range(len(files)))
    assert found.counts["rows_in"].to_list() == [len(rows) for rows in files]
    accounted = found.counts.select(pl.sum_horizontal("rows_out", "rows_quarantined", "rows_duplicate")).to_series()
    assert accounted.to_list() == found.counts["rows_in"].to_list()
    for part, count in ((found.bronze, "rows_out"), (found.rejects, "rows_quarantined")):
        counted = dict(part.group_by(FILE).len().iter_rows())
        assert [counted.get(n, 0) for n in range(len(files))] == found.counts[count].to_list()
        assert part.select(FILE, "source_row").is_duplicated().sum() == 0
    assert set(found.rejects["reason"]) <= set(REASONS)
    assert "样小明" not in found.bronze.write_json() + found.rejects.write_json()
    assert "13800000000" not in found.bronze.write_json() + found.rejects.write_json()
    together = found.bronze.select(FILE, "publication_no", "publication_kind").drop_nulls("publication_no")
    assert together.is_duplicated().sum() == 0  # one row per key and file


_NUMBERED = {name: cells[0] for name, cells in PATENT_CELLS.items()}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([_NUMBERED], [_NUMBERED | {"申请号": "无"}])  # a column that is blank in one file alone
@given(patent_rows, patent_rows)
def test_files_conformed_together_come_out_as_alone(
    first: list[dict[str, str | None]], second: list[dict[str, str | None]]
) -> None:
    frames = [frame(rows, list(PATENT_CELLS)) for rows in (first, second)]
    together = conform(frames, contract("patents"), DELIVERED)
    for number, alone in enumerate(conform([one], contract("patents"), DELIVERED) for one in frames):
        for part in ("bronze", "rejects", "counts"):
            mine = getattr(together, part).filter(pl.col(FILE) == number).drop(FILE)
            assert mine.equals(getattr(alone, part).drop(FILE))


def test_slices_find_repeats_over_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 2)
    changed = ROWS[1].replace("纤维", "织物")
    found = one("\n".join([HEADER, ROWS[0], ROWS[1], ROWS[2], ROWS[0], changed]))
    assert found.counts.drop(FILE).row(0) == (5, 2, 2, 1)
    assert found.rejects["source_row"].to_list() == [3, 6]
    assert set(found.rejects["reason"]) == {"key_conflict"}


def test_running_numbers_and_persons_do_not_make_rows_different() -> None:
    header = "序号,申请号,名称,公开号,设计人"
    found = one(f"{header}\n1,201210424464.6,甲,CN102889890A,样小明\n2,201210424464.6,甲,CN102889890A,样大力")
    assert found.counts["rows_duplicate"].to_list() == [1]


def test_the_same_key_in_two_files_is_no_conflict() -> None:
    first, second = table("\n".join([HEADER, ROWS[0]])), table("\n".join([HEADER, ROWS[0].replace("釉料", "釉浆")]))
    found = conform([first, second], contract("patents"), DELIVERED)
    assert found.counts["rows_out"].to_list() == [1, 1]


def test_an_application_and_its_grant_share_a_number_but_not_the_key() -> None:
    grant = ROWS[0].replace("CN102889890A", "CN102889890B").replace("2013.01.23", "2014.05.07")
    assert one("\n".join([HEADER, ROWS[0], grant])).counts["rows_out"].to_list() == [2]


def test_unknown_columns_become_extras_without_personal_numbers() -> None:
    found = one("申请号,名称,权利要求数,备注\n201210424464.6,甲,7,电话13800000000\n201310699744.2,乙,,")
    assert found.bronze["extras"].to_list() == ['{"备注":"电话***","权利要求数":"7"}', None]


def test_unknown_columns_that_name_parties_or_addresses_are_protected() -> None:
    header = "申请号,名称,第二申请人,当前权利人地址,申请人城市"
    found = one(f"{header}\n201210424464.6,甲,样小明;淄博样例有限公司,山东省淄博市张店区样例小区1号,淄博市")
    assert found.bronze["extras"].to_list() == [
        '{"当前权利人地址":"山东省淄博市张店区","申请人城市":"淄博市","第二申请人":"自然人;淄博样例有限公司"}'
    ]


def test_a_quarantined_row_shows_no_person() -> None:
    found = one(
        "申请号,名称,申请人,地址,联系电话\n"
        "201210424464.5,甲,样小明,山东省淄博市张店区样例小区1号,13800000000\n"
        "201210424464.5,乙,淄博样例有限公司;样大力,山东省淄博市张店区样例路1号,13800000000"
    )
    assert found.rejects["raw"].to_list() == [
        '{"申请号":"201210424464.5","名称":"甲","申请人":"自然人","地址":"山东省淄博市张店区"}',
        '{"申请号":"201210424464.5","名称":"乙","申请人":"淄博样例有限公司;自然人","地址":"山东省淄博市张店区样例路1号"}',
    ]
    assert found.rejects["value"].to_list() == ["201210424464.5"] * 2


@pytest.mark.parametrize(
    ("number", "kind", "words", "expected"),
    [
        ("201210424464.6", "CN102889890A", "", "invention"),
        ("201720396828.2", "", "", "utility_model"),
        ("", "CN305246987S", "", "design"),
        ("2.01E+12", "CN209078969U", "实用新型", "utility_model"),
        ("201210424464.6", "", "实用新型", None),
        ("201210424464.6", "CN209078969U", "", None),
    ],
)
def test_the_patent_type_follows_kind_number_and_words(
    number: str, kind: str, words: str, expected: str | None
) -> None:
    found = one(f"申请号,名称,公开号,专利类型\n{number},甲,{kind},{words}")
    if expected is None:
        assert found.rejects["reason"].to_list() == ["type_conflict"]
    else:
        assert found.bronze["patent_type"].to_list() == [expected]


def test_an_own_column_goes_before_a_part_of_another() -> None:
    found = one(
        "申请号,名称,公开号,文献类型,主分类号,分类号\n201210424464.6,甲,CN102889890,A,C08L1/00,C04B35/00;C08L1/00"
    )
    assert found.bronze.select("publication_kind", "main_ipc", "ipc").row(0) == ("A", "C08L1/00", "C04B35/00;C08L1/00")


def test_the_yearly_export_fills_the_grant_columns() -> None:
    found = one(
        "专利名称,申请号,申请日,公开公告号,公开公告日,授权公告号,授权公告日\n"
        "甲,201210424464.6,2012-10-30,CN102889890A,2013-01-23,CN102889890B,2014-05-07"
    )
    columns = ("publication_no", "publication_kind", "grant_publication_no", "grant_publication_kind", "grant_date")
    assert found.bronze.select(columns).row(0) == ("CN102889890", "A", "CN102889890", "B", date(2014, 5, 7))


def test_a_record_withdraws_only_where_it_says_so() -> None:
    found = one("申请号,名称,记录撤回\n201210424464.6,甲,是\n201310699744.2,乙,")
    assert found.bronze["is_withdrawn"].to_list() == [True, False]


@pytest.mark.parametrize("source", list(contracts()))
def test_a_table_without_rows_has_the_schema_of_bronze(source: str) -> None:
    declared = contract(source)
    empty = frame([], [field.name for field in declared.delivered_fields])
    found = conform([empty], declared, DELIVERED)
    schema = bronze_schema(declared)
    assert {name: found.bronze.schema[name] for name in found.bronze.columns if name != FILE} == {
        name: schema[name] for name in found.bronze.columns if name != FILE
    }
    assert found.counts.drop(FILE).row(0) == (0, 0, 0, 0)


def test_a_value_read_wrongly_counts_for_its_field_even_when_another_reason_is_given() -> None:
    found = one("申请号,名称,公开日,申请日\n201210424464.5,甲,去年夏天,去年夏天")
    assert found.rejects["reason"].to_list() == ["application_no_check_digit"]
    counted = dict(found.problems.select("field", "n").iter_rows())
    assert counted == {"application_no": 1, "publication_date": 1, "filing_date": 1}


MESS = [
    None, "", "无", "暂无", "***", "0", "1", "9;35", "第9类", "１２３", "61,853", "1.5亿元", "3万元", "300", "-1", "2.01E+12", "1.23E+07", "57.4%",
    "2021-03-04", "2021年7月", "20210704", "1900-1-1 0:00:00", "9999-9-9", "44197", "2031-01-01", "2021", "2021H1", "是", "否", "insert",
    "201210424464.6", "ZL201210424464.5", "软著登字第2016SR172900号", "软著登字第0671096号", "91370300164103727C", "91110000600037341N",
    "淄博样例陶瓷有限公司", "样小明", "样小明;淄博样例有限公司", "山东省淄博市张店区样例路1号", "张店区", "高新区", "市本级", "全国", "370300", "US", "PCT",
    "专利", "商标", "转让", "保险", "软件", "农业", "省级", "驰名商标", "培训班", "验收", "注册", "电话13800000000", "370303199001011234",
]  # fmt: skip


@pytest.mark.parametrize("source", list(contracts()))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_mess_breaks_a_contract(source: str, data: st.DataObject) -> None:
    """Whatever stands under a source's headers: every row is accounted for, for a listed reason, without a person."""
    declared = contract(source)
    columns = [*dict.fromkeys(field.title.zh for field in declared.fields), "备注栏"]
    cells = st.fixed_dictionaries({name: st.sampled_from(MESS) for name in columns})
    rows = data.draw(st.lists(cells, max_size=6))
    found = conform([frame(rows, columns)], declared, DELIVERED)
    assert found.counts.select("rows_in").item() == len(rows)
    assert found.counts.select(pl.sum_horizontal("rows_out", "rows_quarantined", "rows_duplicate")).item() == len(rows)
    assert set(found.rejects["reason"]) | set(found.problems["reason"]) <= set(REASONS)
    kept = set(found.problems.filter("is_kept")["reason"]) - {
        "application_no_spoiled"
    }  # kept with a publication number
    assert all(REASONS[reason].keeps_row for reason in kept)
    expected = {name: kind for name, kind in bronze_schema(declared).items() if name in found.bronze.columns}
    assert dict(found.bronze.drop(FILE).schema) == expected
    protected = [field.name for field in declared.delivered_fields if field.personal == "mask"]
    written = found.bronze.select(protected, "extras").write_json()
    assert "13800000000" not in written and "370303199001011234" not in written
    parties = [field.name for field in declared.delivered_fields if field.type in ("party_name", "party_list")]
    assert "样小明" not in found.bronze.select(parties).write_json()
