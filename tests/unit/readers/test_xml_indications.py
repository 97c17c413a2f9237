"""Geographical indications in ST.96: small made-up records after the layout, every rule, files of no use."""

import pytest

from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.xml_files import read_xml
from pipelines.intake.readers.xml_indications import COLUMNS

SPACES = (
    'xmlns:gin="http://www.wipo.int/standards/XMLSchema/ST96/GeographicalIndication" '
    'xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common"'
)
REGISTRATION = (
    "<com:RegistrationNumber>合成第1号</com:RegistrationNumber><com:RegistrationDate>2019-03-04</com:RegistrationDate>"
)


def contact(name: str, address: str = "") -> str:
    return (
        f"<com:Contact><com:Name><com:OrganizationName><com:OrganizationStandardName>{name}"
        f"</com:OrganizationStandardName></com:OrganizationName></com:Name><com:PostalAddressBag><com:PostalAddress>"
        f"<com:PostalAddressText>{address}</com:PostalAddressText></com:PostalAddress></com:PostalAddressBag></com:Contact>"
    )


def user(name: str, status: str = "", address: str = "") -> str:
    state = f"<gin:AuthorizedUserStatusCategory>{status}</gin:AuthorizedUserStatusCategory>" if status else ""
    return f"<gin:AuthorizedUser>{contact(name, address)}{state}</gin:AuthorizedUser>"


def application(
    inside: str = REGISTRATION, users: str = "", office: str = "CN", category: str = "Geographical Indication"
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gin:GIApplication {SPACES}><gin:GIData com:officeCode="{office}" '
        'com:languageCode="zh"><com:ApplicationNumber><com:ApplicationNumberText>合成申请1'
        f"</com:ApplicationNumberText></com:ApplicationNumber>{inside}<gin:GINameBag>"
        "<gin:GINameText>合成琉璃</gin:GINameText><gin:GINameTranslationText>Glass</gin:GINameTranslationText>"
        "</gin:GINameBag><gin:GeographicRegionDescriptionBag><gin:GeographicRegionDescription>"
        "<gin:GeographicRegionDescriptionText>山东省淄博市博山区</gin:GeographicRegionDescriptionText>"
        "</gin:GeographicRegionDescription></gin:GeographicRegionDescriptionBag>"
        f"<gin:GICategory>{category}</gin:GICategory></gin:GIData>{users}<gin:ApplicantBag>"
        f'<gin:Applicant com:sequenceNumber="2">{contact("合成乙协会")}</gin:Applicant>'
        f'<gin:Applicant com:sequenceNumber="1">{contact("合成甲协会", "山东省淄博市张店区")}</gin:Applicant>'
        f"</gin:ApplicantBag><com:SignatureBag>{contact('签字某')}</com:SignatureBag></gin:GIApplication>"
    ).encode()


def read(content: bytes) -> RawTable:
    return read_xml(content, "geographical_indications")


def test_indication_and_its_users() -> None:
    table = read(
        application(users=user("合成一厂有限公司", address="淄博市博山区") + user("合成二厂有限公司", "Valid"))
    )
    assert table.frame.columns == [*COLUMNS, ROW]
    shared = {
        "register": "product",
        "gi_no": "合成第1号",
        "gi_name": "合成琉璃",
        "holder": "合成甲协会;合成乙协会",
        "registered_on": "2019-03-04",
        "ended_on": None,
        ROW: 1,
    }
    users = {"record_type": "authorised_user", "district": None}
    expected = [
        {"record_type": "gi", "user": None, "district": "山东省淄博市博山区", "address": "山东省淄博市张店区"},
        users | {"user": "合成一厂有限公司", "address": "淄博市博山区"},
        users | {"user": "合成二厂有限公司", "address": None},
    ]
    assert table.frame.to_dicts() == [{name: (shared | one)[name] for name in [*COLUMNS, ROW]} for one in expected]
    assert (table.reader, table.notes) == ("xml/st96-gi", ())


def test_users_inside_the_indications_data() -> None:
    table = read(application(REGISTRATION + user("合成一厂有限公司")))
    assert table.frame["user"].to_list() == [None, "合成一厂有限公司"]


@pytest.mark.parametrize("status", ["Pending", "Ended"])
def test_user_whose_right_is_pending_or_ended_has_no_date(status: str) -> None:
    table = read(application(users=user("合成一厂有限公司", status)))
    assert table.frame["registered_on"].to_list() == ["2019-03-04", None]
    assert table.notes == (
        f"authorised user whose right is {status.lower()}: no date in the format (1 time, first: 合成第1号)",
    )


def test_an_application_is_not_dated_as_a_registration() -> None:
    inside = "<com:ApplicationDate>2018-03-19</com:ApplicationDate>"
    publication = (
        "<gin:GIPublicationBag><gin:GIPublication><com:PublicationDate>2018-06-04</com:PublicationDate>"
        "</gin:GIPublication></gin:GIPublicationBag>"
    )
    table = read(application(inside + publication))
    assert table.frame.select("gi_no", "registered_on").rows() == [("合成申请1", None)]


@pytest.mark.parametrize(
    ("inside", "ends", "noted"),
    [
        (
            "<gin:GIStatusCategory>Ended</gin:GIStatusCategory><com:ExpiryDate>2023-01-01</com:ExpiryDate>",
            "2023-01-01",
            0,
        ),
        ("<gin:GIStatusCategory>Registered</gin:GIStatusCategory><com:ExpiryDate>2033-01-01</com:ExpiryDate>", None, 0),
        ("<gin:WithdrawalDate>2022-05-06</gin:WithdrawalDate>", "2022-05-06", 0),
        ("<gin:GIStatusCategory>Ended</gin:GIStatusCategory>", None, 1),
    ],
)
def test_end_of_an_indication_ends_its_users_right_too(inside: str, ends: str | None, noted: int) -> None:
    table = read(application(REGISTRATION + inside, user("合成一厂有限公司")))
    assert table.frame["ended_on"].to_list() == [ends, ends]
    assert len(table.notes) == noted


@pytest.mark.parametrize(
    ("office", "category", "register"),
    [
        ("CN", "Geographical Indication", "product"),
        ("FR", "Geographical Indication", "Geographical Indication"),
        ("CN", "农产品地理标志", "农产品地理标志"),
        ("CN", "Appellation of Origin", "Appellation of Origin"),
    ],
)
def test_registers(office: str, category: str, register: str) -> None:
    assert read(application(office=office, category=category)).frame["register"].to_list() == [register]


def test_no_signature_is_read() -> None:
    assert "签字某" not in str(read(application()).frame.to_dicts())


@pytest.mark.parametrize("root", ["GITransaction", "DesignApplication", "DesignTransaction"])
def test_other_st96_documents_say_what_they_are(root: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"the XML \(<{root}>\) is an? .* which is not read; deliver"):
        read(f"<{root}><GIData/></{root}>".encode())


def test_truncated_file_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="breaks off or is malformed"):
        read(application()[:-5])


@pytest.mark.parametrize("entity", ['<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/passwd">'])
def test_entities_are_refused(entity: str) -> None:
    with pytest.raises(UnreadableFile, match="declares the entity 'a'"):
        read(application().replace(b"?>", f"?><!DOCTYPE x [{entity}]>".encode(), 1))


def test_indications_under_another_source_are_sent_to_their_own() -> None:
    with pytest.raises(UnreadableFile, match=r"holds geographical_indications \(<GIApplication>\), not trademarks"):
        read_xml(application(), "trademarks")
