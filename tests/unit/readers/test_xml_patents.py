"""XML readers: exact values of real documents, the layouts known only from their description, hostile files."""

import re
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from pipelines.intake.readers import base
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.xml_files import COLUMNS, read_xml

CNIPA = "cn-xml-zc0014-st36/dev"
WIPO = "wipo-st96-st36-xml"

NAMESPACES = (
    'xmlns:business="http://www.sipo.gov.cn/XMLSchema/business" xmlns:base="http://www.sipo.gov.cn/XMLSchema/base"'
)


def only(table: RawTable) -> dict[str, str]:
    """The one row of a table, without empty fields and row number."""
    (row,) = table.frame.to_dicts()
    assert row.pop(ROW) == 1
    return {name: value for name, value in row.items() if value is not None}


# --- real documents -------------------------------------------------------------------------------------------


def test_cnipa_divisional(shared_data: Path) -> None:
    table = read_xml((shared_data / CNIPA / "cn_new1.xml").read_bytes(), "patents")
    row = only(table)
    assert row.pop("abstract").startswith("公开了一种显示设备。显示设备包括排列成多行和多列的多个像素")
    assert row == {
        "application_no": "202111286633.X",
        "publication_no": "CN113781974A",
        "publication_date": "20211210",
        "patent_type": "invention",
        "title": "显示设备",
        "filing_date": "20170424",  # the parent's, as for every divisional
        "parent_application_no": "201710269973.9",
        "applicant": "三星显示有限公司",
        "address": "韩国京畿道",
        "main_ipc": "G09G    3/36    (2006.01)",
        "ipc": "G09G    3/36    (2006.01);G09G    3/3208  (2016.01);G09G    3/34    (2006.01)",
        "agency": "北京英赛嘉华知识产权代理有限责任公司 11204",
    }
    assert (table.reader, table.encoding, table.notes) == ("xml/cnipa-v2.2.1", "utf-8", ())


def test_cnipa_with_structured_address(shared_data: Path) -> None:
    row = only(read_xml((shared_data / CNIPA / "cn_new2.xml").read_bytes(), "patents"))
    assert row["application_no"] == "202110991218.8"
    assert row["publication_no"] == "CN113783949A"
    assert row["filing_date"] == "20210826"
    assert row["applicant"] == "浙商银行股份有限公司"
    assert row["address"] == "311200 浙江省杭州市萧山区鸿宁路1788号"
    assert [symbol.replace(" ", "") for symbol in row["ipc"].split(";")] == [
        "H04L29/08(2006.01)",
        "H04L29/06(2006.01)",
        "H04L9/32(2006.01)",
        "G06Q40/04(2012.01)",
        "G06F16/27(2019.01)",
    ]
    assert "parent_application_no" not in row


def test_old_cnipa_dialect_with_bom(shared_data: Path) -> None:
    table = read_xml((shared_data / CNIPA / "cn_old1.xml").read_bytes(), "patents")
    row = only(table)
    assert row.pop("abstract").endswith("具有良好的应用前景。")
    assert row == {
        "application_no": "201410408762.5",
        "publication_no": "CN104223352A",
        "publication_date": "20141224",
        "patent_type": "发明专利",
        "title": "一种甘草发酵所得烟用香料及其应用",
        "filing_date": "20140819",
        "applicant": "云南中烟工业有限责任公司",
        "address": "650231 云南省昆明市五华区红锦路367号云烟科技园C区",
        "main_ipc": "A24B   15/18    (2006.01)",
        "ipc": "A24B   15/18    (2006.01);C11B    9/00    (2006.01);C12P    1/02    (2006.01);C12R    1/645   (2006.01)",
        "agency": "昆明协立知识产权代理事务所(普通合伙) 53108",
    }
    assert (table.reader, table.encoding) == ("xml/cn-patent-document", "utf-8-sig")


def test_old_cnipa_dialect_keeps_all_applicants_in_order(shared_data: Path) -> None:
    row = only(read_xml((shared_data / CNIPA / "cn_old2.xml").read_bytes(), "patents"))
    assert row["application_no"] == "201480000986.0"
    assert row["publication_no"] == "CN104245143A"
    assert row["applicant"] == "可隆科技特株式会社;盛源立赛科株式会社"
    assert row["address"] == "韩国京畿道果川市"
    assert row["filing_date"] == "20140328"


@pytest.mark.parametrize("name", ["cn_new1.xml", "cn_new2.xml", "cn_old1.xml", "cn_old2.xml"])
def test_no_person_is_read(shared_data: Path, name: str) -> None:
    """Inventors and agents of the real documents, by the names printed there."""
    content = (shared_data / CNIPA / name).read_bytes()
    root = ElementTree.fromstring(content)
    elements = [e for e in root.iter() if e.tag.rsplit("}")[-1] in ("Inventor", "Agent", "cn-inventor", "cn-agent")]
    names = [n.text for e in elements for n in e.iter() if n.tag.rsplit("}")[-1] in ("Name", "name") and n.text]
    persons = [person for person in names if not re.search("公司|事务所|代理", person)]
    assert len(persons) >= 2
    read = str(read_xml(content, "patents").frame.to_dicts())
    assert not [person for person in persons if person in read]


def test_many_documents_below_any_root(shared_data: Path) -> None:
    bodies = [(shared_data / CNIPA / name).read_text().split("?>", 1)[1] for name in ("cn_new1.xml", "cn_new2.xml")]
    table = read_xml(f"<导出><批次>{bodies[0]}</批次>{bodies[1]}</导出>".encode(), "patents")
    assert table.frame["publication_no"].to_list() == ["CN113781974A", "CN113783949A"]
    assert table.frame[ROW].to_list() == [1, 2]


def test_st36_application(shared_data: Path) -> None:
    table = read_xml((shared_data / WIPO / "st36/st36a_DOC00001.xml").read_bytes(), "patents")
    row = only(table)
    assert row.pop("abstract").startswith("An image with sufficient gray-scale representation")
    assert row == {
        "application_no": "EP05255002.7",
        "publication_no": "EP1667425A1",
        "publication_date": "20060607",
        "title": "Image forming method and image forming apparatus",
        "filing_date": "20050811",
        "applicant": "Wedg Co. Ltd",
        "address": "Minami Ohtsuka Arrow Bldg. 7F, 3-30-3 Minami Ohsuka, Toshima-ku, Tokyo, JP",
        "main_ipc": "H04N1/40",
        "ipc": "H04N1/40",
    }
    assert table.reader == "xml/st36"


def test_st36_grant_names_the_proprietors(shared_data: Path) -> None:
    row = only(read_xml((shared_data / WIPO / "st36/st36b_DOC00001.xml").read_bytes(), "patents"))
    assert row["publication_no"] == "EP1599469B1"
    assert row["applicant"] == "Arena Pharmaceuticals, Inc.;Merck & Co., Inc."
    assert row["address"] == "6166 Nancy Ridge Drive, San Diego, CA 92121, US"
    assert row["ipc"] == "C07D403/04;C07D495/04;C07D491/04;A61K31/41"
    assert "parent_application_no" not in row  # B620EP names its children


def test_exchange_document(shared_data: Path) -> None:
    path = shared_data / "epo-ops-xml/published-data_publication_docdb_CN.104968889.A_biblio.xml"
    row = only(read_xml(path.read_bytes(), "patents"))
    assert row["application_no"] == "2013800622588"  # the original form: the others lack the check digit
    assert row["publication_no"] == "CN104968889A"
    assert row["publication_date"] == "20151007"
    assert row["filing_date"] == "20131011"
    assert row["applicant"] == "SCIENT DRILLING INT"
    assert row["ipc"] == "E21B47/0228;E21B47/024"


def test_st96_publication(shared_data: Path) -> None:
    path = shared_data / WIPO / "st96-v6/PatentPublication_Example.xml"
    table = read_xml(path.read_bytes(), "patents")
    row = only(table)
    assert row.pop("abstract").startswith("A device is provided with: a first substrate")
    assert row == {
        "application_no": "US13797521",
        "publication_no": "US08936998B2",
        "publication_date": "2015-01-20",
        "title": "Manufcaturing method for room-temperature substrate bonding",
        "filing_date": "2013-03-12",
        "applicant": "Mitsubishi Heavy Industries, Ltd.;National Institute of Advanced Industrial Science and Technology",
        "main_ipc": "H01L21/30",
        "ipc": "H01L21/30;H01L21/302;H01L21/324;H01L21/20;H01L23/00;H01L31/0203",
        "parent_application_no": "US12741916",
    }
    assert table.reader == "xml/st96"


@pytest.mark.parametrize(
    ("path", "root"),
    [
        (f"{WIPO}/us/us_example1.xml", "us-patent-application"),
        (f"{WIPO}/jp/2021193879.xml", "jp-official-gazette"),
    ],
)
def test_unknown_dialects_are_refused_by_their_root(shared_data: Path, path: str, root: str) -> None:
    with pytest.raises(UnreadableFile, match=f"root element <{root}> is of no known dialect"):
        read_xml((shared_data / path).read_bytes(), "patents")


# --- CNIPA V2.2.1, made up after the layout ----------------------------------------------------------------------


def reference(tag: str, form: str, number: str, kind: str = "", date: str = "20210826") -> str:
    return (
        f'<business:{tag} applType="10" dataFormat="{form}"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>'
        f"<base:DocNumber>{number}</base:DocNumber>{f'<base:Kind>{kind}</base:Kind>' if kind else ''}"
        f"<base:Date>{date}</base:Date></base:DocumentID></business:{tag}>"
    )


def cnipa(biblio: str, attributes: str = 'country="CN" docNumber="113783949" kind="A"', rest: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><business:PatentDocumentAndRelated {NAMESPACES} {attributes}>'
        f"<business:BibliographicData>{biblio}</business:BibliographicData>{rest}"
        "</business:PatentDocumentAndRelated>"
    ).encode()


def applicant(sequence: int, name: str, address: str, form: str = "original") -> str:
    return (
        f'<business:Applicant sequence="{sequence}" dataFormat="{form}"><base:AddressBook><base:Name>{name}</base:Name>'
        f"<base:Address>{address}</base:Address></base:AddressBook></business:Applicant>"
    )


def parties(*applicants: str) -> str:
    return f"<business:Parties><business:ApplicantDetails>{''.join(applicants)}</business:ApplicantDetails></business:Parties>"


@pytest.mark.parametrize(
    ("original", "standard", "agree"),
    [
        ("202110991218.8", "102021000991218", True),
        ("202180002433.9", "112021000002433", True),
        ("2021109912188", "102021000991218", True),
        ("202110991218.8", "102021000991219", False),
        ("202120991218.8", "102021000991218", False),
        # the first generation: eight digits, of 1985 to 1988 without check digit (domain C.1)
        ("95106852.X", "101995000006852", True),
        ("95106852", "CN101995000006852", True),
        ("85100001", "101985000000001", True),
        ("ZL 85 1 00001", "101985000000001", True),
        ("03156789.1", "102003000056789", True),
        ("98805276.X", "111998000005276", True),
        ("95106852.X", "101995000006853", False),
        ("95206852.X", "101995000006852", False),
        ("85100001", "101986000000001", False),
    ],
)
def test_original_and_standard_numbers_are_compared(original: str, standard: str, agree: bool) -> None:
    both = reference("ApplicationReference", "standard", standard) + reference(
        "ApplicationReference", "original", original
    )
    table = read_xml(cnipa(both), "patents")
    assert only(table)["application_no"] == original
    note = f"ApplicationReference: original and standard number disagree (1 time, first: {original} and {standard})"
    assert table.notes == (() if agree else (note,))


def test_contradictions_are_counted_not_repeated() -> None:
    wrong = cnipa(
        reference("PublicationReference", "original", "113783949", "A", "20211210")
        + reference("PublicationReference", "standard", "113783949", "A", "20211211"),
        'country="CN" docNumber="113783950" kind="A"',
    ).split(b"?>", 1)[1]
    table = read_xml(b"<all>" + wrong * 3 + b"</all>", "patents")
    assert table.frame["publication_no"].to_list() == ["CN113783949A"] * 3
    assert table.notes == (
        "PublicationReference: original and standard date disagree (3 times, first: 20211210 and 20211211)",
        "publication reference and document attributes disagree (3 times, first: CN113783949A and CN113783950A)",
    )


def test_only_the_standard_form_is_used_when_alone() -> None:
    row = only(read_xml(cnipa(reference("ApplicationReference", "standard", "102021000991218")), "patents"))
    assert row["application_no"] == "102021000991218"


def test_document_attributes_stand_in_for_a_missing_reference() -> None:
    attributes = 'country="CN" docNumber="113783949" kind="B" datePublication="20230101"'
    row = only(read_xml(cnipa("", attributes), "patents"))
    assert row == {"publication_no": "CN113783949B", "publication_date": "20230101"}


def test_address_from_parts_leaves_fillers_out() -> None:
    parts = (
        "<base:AddressLine>0</base:AddressLine><base:Street>0</base:Street><base:County>张店区</base:County>"
        "<base:City>淄博市</base:City><base:Province>山东省</base:Province><base:PostCode>0</base:PostCode><base:Text>0</base:Text>"
    )
    assert only(read_xml(cnipa(parties(applicant(1, "甲公司", parts))), "patents"))["address"] == "山东省淄博市张店区"


def test_applicants_follow_the_sequence_and_the_printed_form() -> None:
    biblio = parties(
        applicant(2, "乙大学", "<base:Text>济南市</base:Text>"),
        applicant(1, "JIA LTD", "<base:Text>Zibo</base:Text>", form="standard"),
        applicant(1, "甲公司", "<base:Text>淄博市</base:Text>"),
    )
    row = only(read_xml(cnipa(biblio), "patents"))
    assert (row["applicant"], row["address"]) == ("甲公司;乙大学", "淄博市")


def test_design_document() -> None:
    content = cnipa("").replace(b"<business:BibliographicData></business:BibliographicData>", (
        "<business:DesignBibliographicData>"
        + reference("PublicationReference", "original", "307096040", "S", "20220201")
        + "<business:PatentNumber>202130671538.4</business:PatentNumber><business:DesignTitle>茶具</business:DesignTitle>"
        "<business:ClassificationLocarno><business:Edition>13</business:Edition>"
        "<business:MainClassification>07-01</business:MainClassification>"
        "<business:FurtherClassification>07-02</business:FurtherClassification></business:ClassificationLocarno>"
        f"<business:ApplicantDetails>{applicant(1, '甲公司', '<base:Text>淄博市</base:Text>')}</business:ApplicantDetails>"
        "<business:DesignerDetails><business:Designer><base:AddressBook><base:Name>某人</base:Name></base:AddressBook>"
        "</business:Designer></business:DesignerDetails></business:DesignBibliographicData>"
    ).encode())  # fmt: skip
    row = only(read_xml(content.replace(b'docNumber="113783949" kind="A"', b""), "patents"))
    assert row == {
        "application_no": "202130671538.4",
        "publication_no": "CN307096040S",
        "publication_date": "20220201",
        "title": "茶具",
        "applicant": "甲公司",
        "address": "淄博市",
        "locarno": "07-01;07-02",
    }


def test_deleted_document_is_marked_withdrawn() -> None:
    table = read_xml(cnipa("", 'country="CN" docNumber="1" kind="A" status="D"'), "patents")
    assert only(table)["is_withdrawn"] == "true"


def test_mixed_content_keeps_its_text() -> None:
    abstract = "<business:Abstract><base:Paragraphs>颜料CaCO<sub>3</sub>\n  等</base:Paragraphs></business:Abstract>"
    assert only(read_xml(cnipa("", rest=abstract), "patents"))["abstract"] == "颜料CaCO3 等"


# --- legal events -----------------------------------------------------------------------------------------------


def event(
    information: str, code: str = "PE01", value: str = "", number: str = "202110991218.8", status: str = "C"
) -> str:
    return (
        f'<business:PRSRecord PRSID="1" status="{status}">'
        + reference("ApplicationReference", "original", number)
        + reference("ApplicationReference", "standard", "102021000991218")
        + "<business:IPRType>发明</business:IPRType>"
        "<business:PRSPublicationDate><base:Date>20240315</base:Date></business:PRSPublicationDate>"
        f"<business:PRSCode>{code}</business:PRSCode><business:PRSValue>{value}</business:PRSValue>"
        f"<business:PRSInformation>{information}</business:PRSInformation></business:PRSRecord>"
    )


def prs(*events: str) -> bytes:
    return f"<business:PRS {NAMESPACES}>{''.join(events)}</business:PRS>".encode()


PLEDGE = """专利权质押合同登记的生效
专利号：ZL 202110991218.8
登记号：Ｙ2024370300001
登记生效日:20240228
出质人:某某科技股份有限公司
质权人:某某银行股份有限公司淄博分行"""


def test_pledge_record() -> None:
    table = read_xml(prs(event(PLEDGE, value="专利权质押合同登记的生效")), "patent_events")
    assert only(table) == {
        "application_no": "202110991218.8",
        "patent_type": "invention",
        "event_code": "PE01",
        "event_title": "专利权质押合同登记的生效",
        "event_date": "20240315",
        "effective_date": "20240228",
        "contract_no": "Ｙ2024370300001",
        "pledgor": "某某科技股份有限公司",
        "pledgee": "某某银行股份有限公司淄博分行",
        "filing_date": "20210826",
    }
    assert (table.reader, table.notes) == ("xml/prs", ())
    assert tuple(table.frame.columns[: len(COLUMNS["patent_events"])]) == COLUMNS["patent_events"]


def test_event_records_are_numbered_in_order() -> None:
    lapse = "未缴年费专利权终止\n专利号:ZL2021109912188\n申请日:20210826\n授权公告日:20230102\n终止日:20230826"
    table = read_xml(prs(event(PLEDGE), event(lapse, code="CF01", status="D")), "patent_events")
    assert table.frame.select(
        ROW, "event_code", "event_title", "effective_date", "grant_date", "is_withdrawn"
    ).rows() == [
        (1, "PE01", "专利权质押合同登记的生效", "20240228", None, None),
        (2, "CF01", "未缴年费专利权终止", "20230826", "20230102", "true"),
    ]


def test_contradictions_of_an_event_are_noted() -> None:
    table = read_xml(prs(event(PLEDGE, code="PC01", number="202110991219.2")), "patent_events")
    assert only(table)["application_no"] == "202110991219.2"
    assert table.notes == (
        "ApplicationReference: original and standard number disagree (1 time, first: 202110991219.2 and 102021000991218)",
        "event code and title disagree (1 time, first: PC01 and 专利权质押合同登记的生效)",
        "application reference and text of the notice disagree (1 time, first: 202110991219.2 and ZL 202110991218.8)",
    )


@pytest.mark.parametrize(
    ("reference_no", "printed", "agree"),
    [
        ("85100001", "ZL85100001", True),
        ("85100001", "ZL 85 1 00001.0", True),
        ("95115608.X", "ZL95115608", True),
        ("202110991218.8", "ZL 2021 1 0991218.8", True),
        ("202110991218.8", "２０２１１０９９１２１８．８", True),
        ("85100001", "ZL85100002", False),
        ("95115608.X", "ZL95115608.1", False),
    ],
)
def test_number_of_the_reference_and_of_the_notice(reference_no: str, printed: str, agree: bool) -> None:
    text = f"授权\n专利号:{printed}"
    record = reference("ApplicationReference", "original", reference_no)
    found = read_xml(
        prs(
            f"<business:PRSRecord>{record}<business:PRSInformation>{text}</business:PRSInformation></business:PRSRecord>"
        ),
        "patent_events",
    ).notes
    assert any("text of the notice disagree" in note for note in found) is not agree


CLASSIFIED = "<business:{tag} {form}>{symbol}</business:{tag}>"


def older(*symbols: tuple[str, str, str]) -> str:
    parts = "".join(CLASSIFIED.format(tag=tag, form=form, symbol=symbol) for tag, form, symbol in symbols)
    return f"<business:ClassificationIPC><base:EditionStatement>5</base:EditionStatement>{parts}</business:ClassificationIPC>"


@pytest.mark.parametrize(
    ("symbols", "main", "ipc"),
    [
        (
            [
                ("FurtherClassification", 'sequence="1"', "H01M10/05"),
                ("MainClassification", "", "C04B 35/00"),
                ("UnlinkedIndexingCode", "", "C12R 1:01"),
            ],
            "C04B 35/00",
            "C04B 35/00;H01M10/05;C12R 1:01",
        ),
        (
            [
                ("MainClassification", 'dataFormat="standard"', "C04B0035000000"),
                ("MainClassification", 'dataFormat="original"', "C04B35/00"),
            ],
            "C04B35/00",
            "C04B35/00",
        ),
        ([("MainClassification", 'dataFormat="standard"', "C04B0035000000")], "C04B0035000000", "C04B0035000000"),
        ([("Text", "", "C04B35/00,//H01M10/05")], "C04B35/00", "C04B35/00;H01M10/05"),
    ],
)
def test_classification_of_the_backfile(symbols: list[tuple[str, str, str]], main: str, ipc: str) -> None:
    row = only(read_xml(cnipa(older(*symbols)), "patents"))
    assert (row["main_ipc"], row["ipc"]) == (main, ipc)


def test_the_eighth_edition_goes_before_earlier_ones() -> None:
    today = (
        "<business:ClassificationIPCRDetails><business:ClassificationIPCR><base:Text>H01M 10/05 (2010.01)</base:Text>"
        "</business:ClassificationIPCR></business:ClassificationIPCRDetails>"
    )
    row = only(read_xml(cnipa(older(("MainClassification", "", "C04B35/00")) + today), "patents"))
    assert row["ipc"] == "H01M 10/05 (2010.01)"


def test_earlier_editions_in_exchange_documents(shared_data: Path) -> None:
    path = shared_data / "epo-ops-xml/published-data_publication_docdb_CA.2300029.C_biblio.xml"
    content = re.sub(rb"<classifications-ipcr>.*?</classifications-ipcr>", b"", path.read_bytes(), flags=re.DOTALL)
    assert only(read_xml(content, "patents"))["ipc"] == "G01V3/18;G01V3/24"


def test_day_without_events_is_an_empty_table() -> None:
    table = read_xml(prs(), "patent_events")
    assert table.frame.shape == (0, len(COLUMNS["patent_events"]) + 1)
    assert table.frame.schema[ROW] == pl.Int64


@pytest.mark.parametrize(
    ("content", "source", "other"),
    [(cnipa(""), "patent_events", "patents"), (prs(event("")), "patents", "patent_events")],
)
def test_records_of_the_other_source_are_refused(content: bytes, source: str, other: str) -> None:
    with pytest.raises(UnreadableFile, match=f"the XML holds {other}.*deliver it under {other}"):
        read_xml(content, source)


# --- damaged and hostile files -----------------------------------------------------------------------------------


def test_truncated_file_is_refused_whole() -> None:
    content = b"<all>" + cnipa("").split(b"?>", 1)[1] * 3
    with pytest.raises(UnreadableFile, match=r"breaks off or is malformed at line 1, column \d+.*ask the sender"):
        read_xml(content, "patents")


def test_malformed_file_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"line 2, column 6 \(mismatched tag\)"):
        read_xml(b"<a>\n<b></a>", "patents")


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read_xml(content, "patents")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % all SYSTEM "http://localhost:1/x.dtd"> %all;]>',
    ],
)
def test_entity_declarations_are_refused(doctype: str) -> None:
    content = cnipa("<business:InventionTitle>&l9;</business:InventionTitle>").replace(
        b"?>", b"?>" + doctype.encode(), 1
    )
    with pytest.raises(UnreadableFile, match=r"declares the entity .* refused for safety"):
        read_xml(content, "patents")


@pytest.mark.parametrize("dtd", ["missing-v1.dtd", "http://localhost:1/never.dtd", "/etc/passwd"])
def test_external_dtd_is_neither_needed_nor_fetched(dtd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"something was opened: {args}")

    monkeypatch.setattr("builtins.open", fetched)
    monkeypatch.setattr("socket.socket.connect", fetched)
    title = "<business:InventionTitle>甲&alpha;乙&nosuch;丙</business:InventionTitle>"
    content = cnipa(title).replace(b"?>", f'?><!DOCTYPE x SYSTEM "{dtd}">'.encode(), 1)
    table = read_xml(content, "patents")
    assert only(table)["title"] == "甲α乙&nosuch;丙"
    assert table.notes == ("unknown entity kept as written (1 time, first: &nosuch;)",)


def test_deep_nesting_does_no_harm() -> None:
    with pytest.raises(UnreadableFile, match="no known dialect"):
        read_xml(b"<a>" * 200_000 + b"</a>" * 200_000, "patents")
    deep = ("<x>" * 50_000 + "字" + "</x>" * 50_000).encode()
    content = cnipa("<business:InventionTitle>@</business:InventionTitle>").replace(b"@", deep)
    assert only(read_xml(content, "patents"))["title"] == "字"


def test_two_dialects_in_one_file_are_refused() -> None:
    mixed = b"<all>" + cnipa("").split(b"?>", 1)[1] + b"<cn-patent-document/></all>"
    with pytest.raises(UnreadableFile, match="mixes <PatentDocumentAndRelated> and <cn-patent-document>"):
        read_xml(mixed, "patents")


@pytest.mark.parametrize(
    ("encoding", "declared", "name"),
    [
        ("gb18030", "GB2312", "gb18030"),
        ("gb18030", "gb18030", "gb18030"),
        ("utf-8", "GBK", "utf-8"),  # saved anew by a tool that left the declaration as it was
        ("utf-8-sig", "utf-8", "utf-8-sig"),
        ("utf-16", "utf-16", "utf-16"),
    ],
)
def test_encodings(encoding: str, declared: str, name: str) -> None:
    text = cnipa("<business:InventionTitle>镕基㐀</business:InventionTitle>").decode()
    table = read_xml(text.replace('"utf-8"', f'"{declared}"', 1).encode(encoding), "patents")
    assert only(table)["title"] == "镕基㐀"
    assert table.encoding == name


def test_undeclared_or_exotic_encodings_are_refused() -> None:
    text = cnipa("<business:InventionTitle>显示设备</business:InventionTitle>").decode()
    with pytest.raises(UnreadableFile, match="malformed at line 1"):
        read_xml(text.encode("gb18030"), "patents")
    with pytest.raises(UnreadableFile, match="declares the encoding big5"):
        read_xml(text.replace('"utf-8"', '"Big5"').encode(), "patents")


def test_records_beyond_one_batch_and_one_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RECORDS_AT_ONCE", 7)
    one = cnipa(parties(applicant(1, "甲公司" * 5_000, ""))).split(b"?>", 1)[1]
    table = read_xml(b"<all>" + one * 50 + b"</all>", "patents")  # 2 MB, twice the slice
    assert table.frame[ROW].to_list() == list(range(1, 51))
    assert table.frame["applicant"].n_unique() == 1
