"""JSON: the real CNIPR record as patents and as legal events, plain records, and what is refused."""

import json
from pathlib import Path

import pytest

from pipelines.intake.readers.base import ROW, UnreadableFile
from pipelines.intake.readers.json_records import read_json

RECORD = "cn-cnipr-api-record/CN102965311A.json"


def present(row: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value is not None and name != ROW}


def test_cnipr_record_as_patent(shared_data: Path) -> None:
    table = read_json((shared_data / RECORD).read_bytes(), "patents")
    (row,) = map(present, table.frame.to_dicts())
    assert row.pop("abstract").startswith("本发明公开一种枯草芽孢杆菌其分类命名为枯草芽孢杆菌（Bacillus subtilis）PG-8")
    assert row.pop("keywords").startswith("枯草芽孢杆菌;聚谷氨酸;菌株;")
    assert row == {
        "application_no": "CN201210464170.6",
        "publication_no": "CN102965311A",
        "patent_type": "invention",
        "publication_date": "2013.03.13",
        "title": "一种枯草芽孢杆菌及其在制备γ-D-聚谷氨酸中的应用",
        "filing_date": "2012.11.16",
        "grant_date": "2015.03.25",
        "applicant": "南京轩凯生物科技有限公司;南京工业大学",
        "address": "210029 江苏省南京市高新开发区15号楼509-5室",
        "main_ipc": "C12N1/20",
        "ipc": "C12N1/20;C12P13/02;C12R1/125",
        "agency": "南京苏高专利商标事务所(普通合伙)",
        "legal_status": "专利权人的姓名或者名称、地址的变更",
        "legal_status_date": "2020.12.22",
        "addrProvince": "320000;江苏省",
        "addrCity": "320100;南京市",
        "addrCounty": "320104;秦淮区",
        "applicantType": "大专院校;工矿企业",
        "awardFlag": "1",
        "expireDate": "2032.11.16",
        "highValueFlag": "1",
        "maintenancePeriodFlag": "1",
        "nec": "C2761;C2762;C2614;C2710",
        "statusCode": "10",
        "strategicEmergingIndustryFlag": "1",
        "strategicEmergingIndustries": "4.3 2021(试行)",
    }
    assert (table.reader, table.encoding) == ("json/cnipr", "utf-8")
    (note,) = table.notes
    assert note.startswith("keys not read: ")
    assert {"agentName", "inventorName", "primaryInventorName", "instrPath"} <= set(note.split(": ")[1].split(", "))


def test_cnipr_record_as_legal_events(shared_data: Path) -> None:
    table = read_json((shared_data / RECORD).read_bytes(), "patent_events")
    assert table.frame.select(
        ROW, "event_code", "event_title", "event_date", "application_no", "filing_date"
    ).rows() == [
        (1, "CP01", "专利权人的姓名或者名称、地址的变更", "2020.12.22", "CN201210464170.6", "2012.11.16"),
        (2, "TR01", "专利权的转移", "2020.08.21", "CN201210464170.6", "2012.11.16"),
        (3, "GR01", "授权", "2015.03.25", "CN201210464170.6", "2012.11.16"),
        (4, "SE01", "实质审查的生效", "2013.04.10", "CN201210464170.6", "2012.11.16"),
        (5, "PB01", "公开", "2013.03.13", "CN201210464170.6", "2012.11.16"),
    ]
    transfer = present(table.frame.to_dicts()[1])
    assert transfer == {
        "application_no": "CN201210464170.6",
        "publication_no": "CN102965311A",
        "patent_type": "invention",
        "event_code": "TR01",
        "event_title": "专利权的转移",
        "event_date": "2020.08.21",
        "effective_date": "20200731",
        "party_before": "南京轩凯生物科技有限公司;南京工业大学",
        "party_after": "南京轩凯生物科技有限公司",
        "address_before": "210029 江苏省南京市高新开发区15号楼509-5室",
        "address_after": "210000 江苏省南京市江北新区新锦湖路3-1号中丹生命科学产业园一期A栋10楼",
        "filing_date": "2012.11.16",
        "grant_date": "2015.03.25",
        "main_ipc": "C12N1/20",
    }


def test_no_person_of_the_record_is_read(shared_data: Path) -> None:
    content = (shared_data / RECORD).read_bytes()
    read = "".join(str(read_json(content, source).frame.to_dicts()) for source in ("patents", "patent_events"))
    record = json.loads(content)
    persons = [*record["inventorName"], *record["agentName"]]
    assert len(persons) > 5
    assert not [name for name in persons if name in read]


@pytest.mark.parametrize("entries", [None, [], "none", ["GR01"]])
def test_record_whose_events_are_no_list_of_objects_is_noted(entries: object) -> None:
    record = {"appNumber": "CN201210464170.6", "pubNumber": ["CN1A"], "appDate": "", "legalList": entries}
    table = read_json(json.dumps(record).encode(), "patent_events")
    assert table.frame.is_empty()
    assert table.notes == ("record without legal events (1 time, first: CN1A)",)


@pytest.mark.parametrize("form", ["list", "lines", "pretty", "one after another"])
def test_forms_of_several_records(shared_data: Path, form: str) -> None:
    record = json.loads((shared_data / RECORD).read_bytes())
    records = [record, record | {"pubNumber": ["CN1A", ""], "legalList": []}]
    text = {
        "list": json.dumps(records),
        "lines": "\n".join(map(json.dumps, records)) + "\n",
        "pretty": json.dumps(records, ensure_ascii=False, indent=2),
        "one after another": "".join(json.dumps(r, indent=1) for r in records),
    }[form]
    table = read_json(text.encode(), "patents")
    assert table.frame["publication_no"].to_list() == ["CN102965311A", "CN1A"]
    assert table.frame[ROW].to_list() == [1, 2]
    events = read_json(text.encode(), "patent_events")
    assert events.frame.height == 5
    assert events.notes == ("record without legal events (1 time, first: CN1A)",)


def test_plain_records_keep_keys_and_written_numbers() -> None:
    text = """
    {"申请号": 202110991218.80, "amount": 1e3, "区县": null, "tags": ["a", "", 2], "open": true, "more": {"b": 1, "a": "x"}}
    {"申请号": "95115608.X", "new": " y "}"""
    table = read_json(text.encode("gb18030"), "patents")
    assert table.frame.to_dicts() == [
        {
            "申请号": "202110991218.80",
            "amount": "1e3",
            "区县": None,
            "tags": "a;2",
            "open": "true",
            "more": '{"a":"x","b":"1"}',
            "new": None,
            ROW: 1,
        },
        dict.fromkeys(["amount", "区县", "tags", "open", "more"]) | {"申请号": "95115608.X", "new": "y", ROW: 2},
    ]
    assert (table.reader, table.encoding) == ("json", "gb18030")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no records"),
        ("[]", "holds no records"),
        ('[{"a": 1}, {"a": 2}', "breaks off inside its list"),
        ('[{"a": 1}, {"a": "2', "breaks off or is malformed at line 1, column 18"),
        ('{"a": 1}\n{"a": }', "malformed at line 2, column 7"),
        ('[{"a": 1}] {"a": 2}', "something else than records at line 1"),
        ('{"a": 1}\n5', "something else than records at line 2"),
        ('"text"', "something else than records"),
        ('{"a": 1, "a": 2}', "the key 'a' twice"),
        ('{"a": NaN}', "holds NaN, which is no value"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_broken_json_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read_json(text.encode(), "patents")
