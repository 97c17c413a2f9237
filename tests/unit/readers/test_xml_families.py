"""Family members in OPS and DOCDB XML: the layouts in small made-up records, every rule of them, files of no use."""

import pytest

from pipelines.intake.readers import read_member
from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.xml_families import COLUMNS
from pipelines.intake.readers.xml_files import read_xml

OPS = 'xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org" xmlns:exch="http://www.epo.org/exchange"'


def document_id(form: str, number: str, country: str = "", kind: str = "", date: str = "") -> str:
    parts = {"country": country, "doc-number": number, "kind": kind, "date": date}
    inner = "".join(f"<{tag}>{value}</{tag}>" for tag, value in parts.items() if value)
    return f'<document-id document-id-type="{form}">{inner}</document-id>'


def claim(number: int, *forms: str) -> str:
    return f'<priority-claim sequence="{number}" kind="national">{"".join(forms)}</priority-claim>'


CN_PRIORITY = claim(1, document_id("docdb", "201510481495", "CN", "A", "20150807"))


def family_member(
    office: str, number: str, kind: str, *inside: str, date: str = "20200102", family: str = "50000001"
) -> str:
    published = document_id("docdb", number, office, kind, date)
    applied = document_id("docdb", f"9{number}", office, "A", "20160801")
    return (
        f'<ops:family-member family-id="{family}"><publication-reference>{published}</publication-reference>'
        f"<application-reference>{applied}</application-reference>{''.join(inside)}</ops:family-member>"
    )


def family(*members: str, attributes: str = "", count: int | None = None) -> bytes:
    announced = len(members) if count is None else count
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data {OPS}>'
        f'<ops:patent-family {attributes} total-result-count="{announced}"><ops:publication-reference>'
        f"{document_id('docdb', '1', 'EP', 'A1')}</ops:publication-reference>{''.join(members)}"
        "</ops:patent-family></ops:world-patent-data>"
    ).encode()


def document(attributes: str, biblio: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data {OPS}><exchange-documents>'
        f"<exchange-document {attributes}><bibliographic-data>{biblio}</bibliographic-data></exchange-document>"
        "</exchange-documents></ops:world-patent-data>"
    ).encode()


def read(content: bytes) -> RawTable:
    return read_xml(content, "patent_families")


def column(table: RawTable, name: str) -> list[str | None]:
    return table.frame[name].to_list()


def test_family_member() -> None:
    table = read(family(family_member("EP", "3000001", "B1", CN_PRIORITY)))
    assert table.frame.columns == [*COLUMNS, ROW]
    assert {name: value for name, value in table.frame.row(0, named=True).items() if value is not None} == {
        "application_no": "201510481495.9",  # the check digit DOCDB leaves out is put back
        "member_office": "EP",
        "member_application_no": "EP93000001",
        "member_publication_no": "EP3000001",
        "member_kind": "B1",
        "filing_date": "20160801",
        "publication_date": "20200102",
        "grant_date": "20200102",
        "status": "granted",
        "family_id": "50000001",
        ROW: 1,
    }
    assert (table.reader, table.encoding, table.notes) == ("xml/ops-family", "utf-8", ())


def test_family_member_with_its_document_inside_has_the_applicant() -> None:
    biblio = (
        "<exchange-document><bibliographic-data><parties><applicants>"
        '<applicant sequence="2" data-format="original"><applicant-name><name>乙公司</name></applicant-name></applicant>'
        '<applicant sequence="1" data-format="original"><applicant-name><name>JIA CO., LTD, </name></applicant-name>'
        "</applicant></applicants><inventors><inventor><inventor-name><name>某人</name></inventor-name></inventor>"
        "</inventors></parties></bibliographic-data></exchange-document>"
    )
    table = read(family(family_member("US", "11000001", "B2", CN_PRIORITY, biblio)))
    assert column(table, "applicant") == ["JIA CO., LTD"]
    assert "某人" not in str(table.frame.to_dicts())


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("JIA TECHNOLOGY INC\u2002[CN]", "JIA TECHNOLOGY INC"),
        ("JIA INC, ", "JIA INC"),
        ("甲&amp;乙有限公司", "甲&乙有限公司"),
    ],
)
def test_applicant_without_list_comma_and_country(name: str, read_as: str) -> None:
    applicant = (
        f'<applicant sequence="1" data-format="epodoc"><applicant-name><name>{name}</name></applicant-name></applicant>'
    )
    biblio = f"<parties><applicants>{applicant}</applicants></parties>"
    table = read(document('country="EP" doc-number="1" kind="A1"', biblio))
    assert column(table, "applicant") == [read_as]


@pytest.mark.parametrize(
    ("forms", "number"),
    [
        ((document_id("docdb", "201380062258", "CN", "A"),), "201380062258.8"),
        ((document_id("epodoc", "CN20138062258"), document_id("original", "2013800622588")), "201380062258.8"),
        ((document_id("epodoc", "CN20138062258"), document_id("original", "201380062258.8")), "201380062258.8"),
        ((document_id("epodoc", "CN20138062258"),), "201380062258.8"),
        ((document_id("epodoc", "CN202111286633"),), "202111286633.X"),
        ((document_id("docdb", "95115608", "CN", "A"),), "95115608.X"),
        ((document_id("docdb", "2014073333", "CN", "W"),), None),  # PCT/CN2014/073333 is no national number
        ((document_id("epodoc", "WO2014CN73333"), document_id("original", "PCT/CN2014/073333")), None),
        ((document_id("docdb", "201261713164", "US", "P"),), None),
        ((document_id("original", "201510481495"),), None),  # no form says whose number it is
    ],
)
def test_chinese_priority_in_every_form(forms: tuple[str, ...], number: str | None) -> None:
    table = read(family(family_member("EP", "3000001", "A1", claim(1, *forms))))
    assert column(table, "application_no") == [number]
    assert table.notes == ()


def test_chinese_number_in_no_known_form_is_noted_and_the_member_kept() -> None:
    odd = claim(1, document_id("docdb", "2015104814", "CN", "A"))
    table = read(family(family_member("EP", "3000001", "A1", odd)))
    assert column(table, "application_no") == [None]
    assert table.notes == ("Chinese application number in no known form (1 time, first: 2015104814)",)


def test_members_without_a_chinese_priority_take_the_familys_only_chinese_application() -> None:
    cn = family_member("CN", "107000001", "A").replace("9107000001", "201510481495")
    other = family_member("JP", "6000002", "B2", family="50000002")
    table = read(family(family_member("EP", "3000001", "A1"), cn, other))
    assert column(table, "application_no") == ["201510481495.9", "201510481495.9", None]
    assert column(table, "member_office") == ["EP", "CN", "JP"]


def test_a_member_is_not_given_one_of_several_chinese_applications() -> None:
    second = claim(1, document_id("docdb", "201610158350", "CN", "A"))
    members = (family_member("US", "11000001", "B2", CN_PRIORITY), family_member("JP", "6000001", "B2", second))
    table = read(family(*members, family_member("EP", "3000001", "A1")))
    assert column(table, "application_no")[:2] == ["201510481495.9", "201610158350.X"]
    assert column(table, "application_no")[2] is None
    (note,) = table.notes
    assert note.startswith("family with several Chinese applications: member left without one (1 time, first: family")


def test_first_of_several_priorities_counts_by_its_sequence() -> None:
    claims = claim(2, document_id("docdb", "201610158350", "CN", "A")) + CN_PRIORITY
    table = read(family(family_member("US", "11000001", "B2", claims)))
    assert column(table, "application_no") == ["201510481495.9"]
    assert table.notes == (
        "several Chinese priorities: the first one is the row's application (1 time, first: 201510481495 201610158350)",
    )


@pytest.mark.parametrize(
    ("office", "kind", "date", "status", "is_grant"),
    [
        ("EP", "B1", "20200102", "granted", True),
        ("EP", "B2", "20200102", "granted", False),  # granted before, and on another day
        ("EP", "A1", "20200102", None, False),
        ("US", "B2", "20200102", "granted", True),
        ("US", "B1", "19990105", None, False),  # a reexamination certificate then
        ("US", "A", "19990105", "granted", True),
        ("US", "A", "20200102", None, False),
        ("JP", "B2", "20200102", "granted", True),
        ("JP", "B2", "19950102", None, False),  # examined, not yet granted, then
        ("CA", "C", "20200102", "granted", True),
        ("RU", "C2", "20200102", "granted", True),
        ("WO", "A1", "20200102", None, False),
        ("AU", "B2", "20200102", None, False),  # accepted, which is not granted
        ("XX", "B1", "20200102", None, False),  # an office whose kinds are not known
        ("JP", "B2", "", None, False),
    ],
)
def test_only_kinds_known_to_be_grants_give_a_grant_date(
    office: str, kind: str, date: str, status: str | None, is_grant: bool
) -> None:
    table = read(family(family_member(office, "1", kind, date=date)))
    assert column(table, "status") == [status]
    assert column(table, "grant_date") == [date if is_grant else None]


def test_international_application() -> None:
    biblio = (
        f"<application-reference>{document_id('docdb', '2018100001', 'CN', 'W')}"
        f"{document_id('epodoc', 'WO2018CN100001', date='20180811')}</application-reference>"
    )
    table = read(document('country="WO" doc-number="2020000001" kind="A1" family-id="7"', biblio))
    row = table.frame.row(0, named=True)
    assert (row["member_office"], row["member_application_no"]) == ("WO", "PCT/CN2018/100001")
    assert (row["filing_date"], row["application_no"], row["status"]) == ("20180811", None, None)


def test_docdb_delivery() -> None:
    """DOCDB proper: prefixed names, the form at the reference, one priority claim per form, deleted documents."""

    def form(tag: str, data_format: str, inner: str, more: str = "") -> str:
        return f'<exch:{tag} data-format="{data_format}"{more}><document-id>{inner}</document-id></exch:{tag}>'

    number = "<country>CN</country><doc-number>{}</doc-number><kind>A</kind><date>20150807</date>"
    content = (
        f'<exch:exchange-documents {OPS}><exch:exchange-document country="EP" doc-number="3000001" kind="B1" '
        'date-publ="20200102" family-id="50000001" status="D"><exch:bibliographic-data>'
        + form("publication-reference", "docdb", "<country>EP</country><doc-number>3000001</doc-number><kind>B1</kind>")
        + form(
            "application-reference",
            "docdb",
            "<country>EP</country><doc-number>16000001</doc-number><kind>A</kind><date>20160801</date>",
        )
        + "<exch:priority-claims>"
        + form("priority-claim", "epodoc", "<doc-number>CN20151481495</doc-number>", ' sequence="1"')
        + form("priority-claim", "docdb", number.format("201510481495"), ' sequence="1"')
        + '</exch:priority-claims><exch:parties><exch:applicants><exch:applicant sequence="1" data-format="docdb">'
        "<exch:applicant-name><name>JIA LTD</name></exch:applicant-name></exch:applicant>"
        '<exch:applicant sequence="1" data-format="docdba"><exch:applicant-name><name>Jia Limited</name>'
        "</exch:applicant-name></exch:applicant></exch:applicants></exch:parties>"
        "</exch:bibliographic-data></exch:exchange-document></exch:exchange-documents>"
    ).encode()
    row = read(content).frame.row(0, named=True)
    assert row["application_no"] == "201510481495.9"
    assert (row["publication_date"], row["grant_date"], row["applicant"]) == ("20200102", "20200102", "Jia Limited")
    assert row["is_withdrawn"] == "true"


def test_document_that_contradicts_its_attributes_is_noted() -> None:
    published = document_id("docdb", "2", "EP", "A1")
    table = read(
        document('country="EP" doc-number="1" kind="A1"', f"<publication-reference>{published}</publication-reference>")
    )
    assert column(table, "member_publication_no") == ["EP2"]
    assert table.notes == ("publication reference and document attributes disagree (1 time, first: 2 and 1)",)


def test_same_documents_are_patents_where_delivered_as_patents() -> None:
    content = document('country="EP" doc-number="1" kind="A1"', "")
    assert read_xml(content, "patents").reader == "xml/st36"
    assert read(content).reader == "xml/docdb"


# --- files of no use, damaged and hostile ones --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<ops:register-search/>", "European Patent Register"),
        ("<ops:standardization/>", "number conversion"),
        ("<fulltext-documents/>", "full text"),
        ("<ops:document-inquiry/>", "list of images"),
        ('<ops:biblio-search total-result-count="7"><ops:search-result/></ops:biblio-search>', "search answer"),
    ],
)
@pytest.mark.parametrize("source", ["patent_families", "patents"])
def test_answers_of_no_use_say_what_they_are(body: str, what: str, source: str) -> None:
    content = f"<ops:world-patent-data {OPS}>{body}</ops:world-patent-data>".encode()
    with pytest.raises(UnreadableFile, match=f"{what}.*no source uses.*fetch"):
        read_xml(content, source)


@pytest.mark.parametrize("source", ["patent_families", "patent_events"])
def test_legal_answers_are_refused_in_every_source(source: str) -> None:
    content = family(family_member("EP", "1", "A1"), attributes='legal="true"')
    with pytest.raises(UnreadableFile, match=r"OPS answer of legal events.*patent_events takes.*without legal data"):
        read_xml(content, source)


def test_member_with_legal_events_is_refused() -> None:
    member = family_member("EP", "1", "A1", '<ops:legal code="17Q"/>')
    with pytest.raises(UnreadableFile, match="OPS answer of legal events"):
        read(f"<all {OPS}>{member}</all>".encode())


def test_search_answer_with_documents_is_read_and_what_it_lacks_is_noted() -> None:
    one = document('country="EP" doc-number="1" kind="A1"', "").decode().split("?>")[1]
    content = f'<a xmlns:ops="o"><ops:biblio-search total-result-count="212">{one}</ops:biblio-search></a>'.encode()
    table = read(content)
    assert table.frame.height == 1
    assert table.notes == ("the file announces another number of records than it holds (1 time, first: 212 and 1)",)


def test_family_answer_under_another_source_is_sent_to_its_own() -> None:
    with pytest.raises(UnreadableFile, match=r"holds patent_families \(<family-member>\), not patents; deliver it"):
        read_xml(family(family_member("EP", "1", "A1")), "patents")


def test_truncated_answer_is_refused_whole() -> None:
    content = family(*[family_member("EP", str(n), "A1") for n in range(50)])
    for length in (len(content) - 1, len(content) // 2, 200):
        with pytest.raises(UnreadableFile, match=r"breaks off or is malformed at line 1, column \d+"):
            read(content[:length])


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % all SYSTEM "http://localhost:1/x.dtd"> %all;]>',
    ],
)
def test_entities_are_refused(doctype: str) -> None:
    content = family(family_member("EP", "1", "A1")).replace(b"?>", b"?>" + doctype.encode(), 1)
    with pytest.raises(UnreadableFile, match="declares the entity"):
        read(content)


@pytest.mark.parametrize("start", [b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"MM\0*"])
def test_pictures_say_what_they_are(start: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"a.zip!mark.jpg: this is a picture"):
        read_member("a.zip!mark.jpg", start + bytes(100), "trademarks")


def test_sources_without_xml_say_so() -> None:
    with pytest.raises(UnreadableFile, match=r"holds patent_families.*deliver it under patent_families"):
        read_member("a.xml", family(family_member("EP", "1", "A1")), "pledges")
