"""Trademarks in ST.96 and ST.66: small made-up records after the layouts of both, every rule, broken files."""

import pytest

from pipelines.intake.readers.base import ROW, RawTable, UnreadableFile
from pipelines.intake.readers.xml_files import read_xml
from pipelines.intake.readers.xml_trademarks import COLUMNS

ST96 = (
    'xmlns:tmk="http://www.wipo.int/standards/XMLSchema/ST96/Trademark" '
    'xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common"'
)


def applicant(name: str, number: int = 1, address: str = "", more: str = "") -> str:
    return (
        f'<tmk:Applicant com:sequenceNumber="{number}">{more}<com:Contact><com:Name><com:OrganizationName>'
        f"<com:OrganizationStandardName>{name}</com:OrganizationStandardName></com:OrganizationName></com:Name>"
        f"<com:PostalAddressBag><com:PostalAddress>{address}</com:PostalAddress></com:PostalAddressBag>"
        "</com:Contact></tmk:Applicant>"
    )


def classes(*numbers: str, kind: str = "Nice") -> str:
    found = "".join(
        f"<tmk:GoodsServicesClassification><tmk:ClassificationKindCode>{kind}</tmk:ClassificationKindCode>"
        f"<tmk:ClassNumber>{number}</tmk:ClassNumber></tmk:GoodsServicesClassification>"
        for number in numbers
    )
    bag = f"<tmk:GoodsServicesClassificationBag>{found}</tmk:GoodsServicesClassificationBag>"
    return f"<tmk:GoodsServicesBag><tmk:GoodsServices>{bag}</tmk:GoodsServices></tmk:GoodsServicesBag>"


def mark(*inside: str, office: str = "CN", number: str = "10000001", attributes: str = "") -> str:
    return (
        f"<tmk:Trademark {attributes}><com:RegistrationOfficeCode>{office}</com:RegistrationOfficeCode>"
        f"<com:ApplicationNumber><com:ApplicationNumberText>{number}</com:ApplicationNumberText></com:ApplicationNumber>"
        f"{''.join(inside)}</tmk:Trademark>"
    )


def transaction(*marks: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><tmk:TrademarkTransaction {ST96}><tmk:TrademarkTransactionBody>'
        f"<tmk:TransactionContentBag><tmk:TransactionData><tmk:TrademarkBag>{''.join(marks)}</tmk:TrademarkBag>"
        "</tmk:TransactionData></tmk:TransactionContentBag></tmk:TrademarkTransactionBody></tmk:TrademarkTransaction>"
    ).encode()


def read(content: bytes) -> RawTable:
    return read_xml(content, "trademarks")


def filled(table: RawTable, row: int = 0) -> dict[str, str]:
    return {name: value for name, value in table.frame.row(row, named=True).items() if value is not None}


WHOLE = (
    "<com:RegistrationNumber>10000001</com:RegistrationNumber><com:ApplicationDate>2012-01-05</com:ApplicationDate>"
    "<com:RegistrationDate>2013-02-07+08:00</com:RegistrationDate><com:ExpiryDate>2023-02-06</com:ExpiryDate>"
    "<tmk:MarkCurrentStatusCode>Registration published</tmk:MarkCurrentStatusCode>"
    "<tmk:MarkCurrentStatusDate>2013-02-07</tmk:MarkCurrentStatusDate><tmk:MarkCategory>Collective mark</tmk:MarkCategory>"
    "<tmk:MarkRepresentation><tmk:MarkReproduction><tmk:WordMarkSpecification><tmk:MarkVerbalElementText/>"
    "<tmk:MarkSignificantVerbalElementText>合成 琉璃</tmk:MarkSignificantVerbalElementText></tmk:WordMarkSpecification>"
    "</tmk:MarkReproduction></tmk:MarkRepresentation>" + classes("009", "35", "9")
)
CN_ADDRESS = (
    '<com:PostalStructuredAddress><com:AddressLineText com:sequenceNumber="1">合成路1号</com:AddressLineText>'
    "<com:CityName>淄博市</com:CityName><com:DistrictName>张店区</com:DistrictName>"
    "<com:GeographicRegionName>山东省</com:GeographicRegionName><com:CountryCode>CN</com:CountryCode>"
    "<com:PostalCode>255000</com:PostalCode></com:PostalStructuredAddress>"
)


def test_st96_mark_is_a_row_per_class() -> None:
    code = "<com:PartyIdentifier>91370300MA3C00000X</com:PartyIdentifier>"
    owner = f"<tmk:ApplicantBag>{applicant('合成甲有限公司', 1, CN_ADDRESS, code)}</tmk:ApplicantBag>"
    table = read(transaction(mark(WHOLE, owner)))
    assert table.frame.columns == [*COLUMNS, ROW]
    assert filled(table) == {
        "registration_no": "10000001",
        "nice_class": "009",
        "mark_name": "合成 琉璃",
        "application_no": "10000001",
        "application_date": "2012-01-05",
        "registration_date": "2013-02-07",  # the day in Beijing, the zone left out
        "exclusive_until": "2023-02-06",
        "status": "registered",
        "status_date": "2013-02-07",
        "category": "collective",
        "owner": "合成甲有限公司",
        "credit_code": "91370300MA3C00000X",
        "address": "255000 山东省淄博市张店区合成路1号",
        ROW: 1,
    }
    assert table.frame["nice_class"].to_list() == ["009", "35"]  # 9 and 009 are one class
    assert table.frame.drop("nice_class").is_duplicated().all()
    assert (table.reader, table.encoding, table.notes) == ("xml/st96-trademark", "utf-8", ())


def test_rows_of_one_mark_have_its_ordinal() -> None:
    table = read(transaction(mark(WHOLE), mark(classes("25"), number="2"), mark(WHOLE, number="3")))
    assert table.frame.select(ROW, "application_no", "nice_class").rows() == [
        (1, "10000001", "009"),
        (1, "10000001", "35"),
        (2, "2", "25"),
        (3, "3", "009"),
        (3, "3", "35"),
    ]


def test_mark_without_class_keeps_its_row() -> None:
    table = read(transaction(mark("<com:RegistrationNumber>1</com:RegistrationNumber>")))
    assert table.frame.select("registration_no", "nice_class").rows() == [("1", None)]


def test_national_classes_are_no_nice_classes() -> None:
    number = "<tmk:ClassDescription><tmk:ClassNumber>7</tmk:ClassNumber></tmk:ClassDescription>"
    bag = f"<tmk:GoodsServices><tmk:ClassDescriptionBag>{number}</tmk:ClassDescriptionBag></tmk:GoodsServices>"
    described = f"<tmk:GoodsServicesBag>{bag}</tmk:GoodsServicesBag>"
    table = read(transaction(mark(classes("101", kind="Domestic"), described), mark(classes("3", kind="Primary"))))
    assert table.frame["nice_class"].to_list() == ["7", "3"]


@pytest.mark.parametrize(("office", "number"), [("CN", "10000001"), ("US", None)])
def test_only_china_numbers_a_registration_like_its_application(office: str, number: str | None) -> None:
    assert read(transaction(mark(classes("9"), office=office))).frame["registration_no"].to_list() == [number]


@pytest.mark.parametrize(
    ("office", "code", "status"),
    [
        ("US", "700", "registered"),
        ("US", "800", "registered"),
        ("US", "710", "cancelled"),
        ("US", "711", "surrendered"),
        ("US", "900", "expired"),
        ("US", "602", "refused"),
        ("US", "686", "pending"),
        ("US", "790", "registered"),  # a cancellation is asked for; the registration stands
        ("US", "626", "626"),  # cancelled or expired: the list itself does not know
        ("CN", "700", "700"),  # another office's number says nothing
        ("US", "REGISTERED", "registered"),
        ("CN", "Invalidity proceeding pending", "registered"),
        ("CN", "registration surrendered", "surrendered"),
        ("CN", "已注册", "已注册"),  # the contract knows the words of tables
    ],
)
def test_states(office: str, code: str, status: str) -> None:
    inside = f"<tmk:MarkCurrentStatusCode>{code}</tmk:MarkCurrentStatusCode>"
    assert read(transaction(mark(inside, office=office))).frame["status"].to_list() == [status]


@pytest.mark.parametrize(
    ("kinds", "category"),
    [
        (("Trademark",), "ordinary"),
        (("Service mark",), "ordinary"),
        (("Trademark, Service Mark",), "ordinary"),
        (("Trademark", "Service mark"), "ordinary"),
        (("Certification mark",), "certification"),
        (("Guarantee mark",), "certification"),
        (("Well known collective mark",), "collective"),
        (("特殊标志",), "特殊标志"),
        ((), None),
    ],
)
def test_categories(kinds: tuple[str, ...], category: str | None) -> None:
    inside = "".join(f"<tmk:MarkCategory>{kind}</tmk:MarkCategory>" for kind in kinds)
    table = read(transaction(mark(inside, classes("9"))))
    assert table.frame["category"].to_list() == ([category] if category else [None])


def test_first_named_applicant_owns_but_where_numbers_are_stages_the_last_stage_does() -> None:
    parties = "".join(applicant(name, number) for name, number in (("丙公司", 31), ("丁公司", 31), ("甲公司", 10)))
    bag = f"<tmk:ApplicantBag>{parties}</tmk:ApplicantBag>"
    table = read(transaction(mark(bag, office="CN"), mark(bag, office="US")))
    assert table.frame["owner"].to_list() == ["甲公司", "丙公司"]


@pytest.mark.parametrize(
    ("number", "is_read"),
    [
        ("91370300MA3C00000X", True),
        ("12370000MB2800000A", True),  # a university's
        ("91370300ma3c00000x", True),
        ("110101199003070000", False),  # a person's identity number
        ("11010119900307000X", False),
        ("ABC-123", False),
    ],
)
def test_only_credit_codes_are_read_as_such(number: str, is_read: bool) -> None:
    party = applicant("合成甲有限公司", more=f"<com:PartyIdentifier>{number}</com:PartyIdentifier>")
    table = read(transaction(mark(f"<tmk:ApplicantBag>{party}</tmk:ApplicantBag>")))
    assert table.frame["credit_code"].to_list() == [number.upper() if is_read else None]
    assert is_read or number not in str(table.frame.to_dicts())


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("<com:PostalAddressText>山东省淄博市</com:PostalAddressText>", "山东省淄博市"),
        (
            "<com:PostalStructuredAddress><com:AddressLineText>山东省淄博市张店区合成路1号</com:AddressLineText>"
            "<com:CityName>淄博市</com:CityName><com:CountryCode>CN</com:CountryCode></com:PostalStructuredAddress>",
            "山东省淄博市张店区合成路1号",
        ),
        (
            "<com:PostalStructuredAddress><com:AddressLineText>1 Synthetic Road</com:AddressLineText>"
            "<com:CityName>Zibo</com:CityName><com:CountryCode>CN</com:CountryCode></com:PostalStructuredAddress>",
            "1 Synthetic Road, Zibo, CN",
        ),
    ],
)
def test_addresses(address: str, line: str) -> None:
    bag = f"<tmk:ApplicantBag>{applicant('合成甲有限公司', 1, address)}</tmk:ApplicantBag>"
    assert read(transaction(mark(bag))).frame["address"].to_list() == [line]


def test_agency_is_an_organisation_and_no_attorney_is_read() -> None:
    def contact(tag: str, person: str, firm: str = "") -> str:
        named = f"<com:OrganizationName><com:OrganizationStandardName>{firm}</com:OrganizationStandardName></com:OrganizationName>"
        return (
            f"<tmk:{tag}><com:Contact><com:Name><com:PersonName><com:PersonFullName>{person}</com:PersonFullName>"
            f"</com:PersonName>{named if firm else ''}</com:Name></com:Contact></tmk:{tag}>"
        )

    firm = contact("NationalCorrespondent", "律师某", "合成知识产权代理有限公司")
    person = contact("NationalRepresentative", "律师某") + contact("RecordAttorney", "律师某")
    table = read(transaction(mark(person, firm), mark(person)))
    assert table.frame["agency"].to_list() == ["合成知识产权代理有限公司", None]
    assert "律师某" not in str(table.frame.to_dicts())


def test_deleted_mark_is_withdrawn_and_prefixes_do_not_matter() -> None:
    content = transaction(mark(classes("9"), attributes='com:operationCategory="Delete"'))
    renamed = (
        content.replace(b"tmk:", b"ns2:")
        .replace(b":tmk", b":ns2")
        .replace(b"com:", b"ns1:")
        .replace(b":com=", b":ns1=")
    )
    for one in (content, renamed):
        assert read(one).frame["is_withdrawn"].to_list() == ["true"]


def test_own_international_registration_not_that_of_an_associated_mark() -> None:
    number = "<com:InternationalRegistrationNumber>1000001</com:InternationalRegistrationNumber>"
    other = f"<tmk:AssociatedMarkBag><tmk:AssociatedMark>{number}</tmk:AssociatedMark></tmk:AssociatedMarkBag>"
    own = f"<tmk:InternationalMarkIdentifierBag>{number}</tmk:InternationalMarkIdentifierBag>"
    table = read(transaction(mark(other), mark(own)))
    assert table.frame["international_registration_no"].to_list() == [None, "1000001"]


def test_class_with_a_status_of_its_own_is_noted() -> None:
    state = "<tmk:NationalStatusExternalDescriptionText>{}</tmk:NationalStatusExternalDescriptionText>"
    bag = "<tmk:GoodsServicesBag><tmk:ClassDescription>{}</tmk:ClassDescription></tmk:GoodsServicesBag>"
    inside = bag.format(state.format("ACTIVE") + state.format("SECTION 8 - CANCELLED"))
    table = read(transaction(mark("<com:RegistrationNumber>7</com:RegistrationNumber>", inside)))
    assert table.notes == (
        "class with a status of its own, which is not read (1 time, first: 7: SECTION 8 - CANCELLED)",
    )


# --- ST.66 ---------------------------------------------------------------------------------------------------------


def st66(*marks: str, beside: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Transaction xmlns="http://www.wipo.int/standards/XMLSchema/trademarks">'
        "<TradeMarkTransactionBody><TransactionContentDetails><TransactionData>"
        f"<TradeMarkDetails>{''.join(marks)}</TradeMarkDetails>{beside}"
        "</TransactionData></TransactionContentDetails></TradeMarkTransactionBody></Transaction>"
    ).encode()


def st66_mark(*inside: str, number: str = "10000001", numbers: tuple[str, ...] = ("009", "042")) -> str:
    described = "".join(f"<ClassDescription><ClassNumber>{n}</ClassNumber></ClassDescription>" for n in numbers)
    return (
        f"<TradeMark><RegistrationOfficeCode>CN</RegistrationOfficeCode><ApplicationNumber>{number}</ApplicationNumber>"
        f"<ApplicationDate>2012-01-05+08:00</ApplicationDate><RegistrationDate>2013-02-07</RegistrationDate>"
        f"<ExpiryDate>2023-02-06</ExpiryDate><MarkCurrentStatusCode>Registered</MarkCurrentStatusCode>"
        f"<KindMark>Individual</KindMark><WordMarkSpecification><MarkVerbalElementText>合成陶瓷</MarkVerbalElementText>"
        f"</WordMarkSpecification><GoodsServicesDetails><GoodsServices><ClassDescriptionDetails>{described}"
        f"</ClassDescriptionDetails></GoodsServices></GoodsServicesDetails>{''.join(inside)}</TradeMark>"
    )


def st66_party(tag: str, *lines: str, identifier: str = "", address: str = "") -> str:
    named = "".join(f"<FreeFormatNameLine>{line}</FreeFormatNameLine>" for line in lines)
    key = f"<{tag}Identifier>{identifier}</{tag}Identifier>" if identifier else ""
    return (
        f"<{tag}Details><{tag}>{key}<{tag}AddressBook><FormattedNameAddress><Name><FreeFormatName>"
        f"<FreeFormatNameDetails>{named}</FreeFormatNameDetails></FreeFormatName></Name>"
        f"<Address><FormattedAddress>{address}</FormattedAddress></Address></FormattedNameAddress></{tag}AddressBook>"
        f"</{tag}></{tag}Details>"
    )


ST66_ADDRESS = (
    "<AddressStreet>合成路1号</AddressStreet><AddressCity>淄博市</AddressCity><AddressState>山东省</AddressState>"
    "<FormattedAddressCountryCode>CN</FormattedAddressCountryCode>"
)


def test_st66_mark() -> None:
    owner = st66_party("Applicant", "合成甲有限公司", address=ST66_ADDRESS)
    agency = st66_party("Representative", "律师某", "合成知识产权代理有限公司")
    table = read(st66(st66_mark(), beside=owner + agency))
    assert filled(table) == {
        "registration_no": "10000001",
        "nice_class": "009",
        "mark_name": "合成陶瓷",
        "application_no": "10000001",
        "application_date": "2012-01-05",
        "registration_date": "2013-02-07",
        "exclusive_until": "2023-02-06",
        "status": "registered",
        "category": "ordinary",
        "owner": "合成甲有限公司",
        "address": "山东省淄博市合成路1号",
        "agency": "合成知识产权代理有限公司",
        ROW: 1,
    }
    assert table.frame["nice_class"].to_list() == ["009", "042"]
    assert (table.reader, table.notes) == ("xml/st66-trademark", ())


def test_st66_parties_inside_the_mark_or_by_key() -> None:
    inside = st66_mark(st66_party("Applicant", "合成甲有限公司"), number="1", numbers=("9",))
    by_key = st66_mark(
        "<ApplicantDetails><ApplicantKey><Identifier>k2</Identifier></ApplicantKey></ApplicantDetails>",
        number="2",
        numbers=("9",),
    )
    beside = st66_party("Applicant", "合成乙有限公司", identifier="k2")
    table = read(st66(inside, by_key, beside=beside))
    assert table.frame.select("application_no", "owner").rows() == [("1", "合成甲有限公司"), ("2", "合成乙有限公司")]


def test_st66_party_beside_several_marks_is_given_to_none() -> None:
    marks = [st66_mark(number=number, numbers=("9",)) for number in "12"]
    table = read(st66(*marks, beside=st66_party("Applicant", "合成甲有限公司")))
    assert table.frame["owner"].to_list() == [None, None]
    assert table.notes == ("Applicant beside several marks and without a key: whose it is cannot be told",)


def test_both_formats_of_one_mark_give_the_same_row() -> None:
    owner = f"<tmk:ApplicantBag>{applicant('合成甲有限公司', 1, CN_ADDRESS)}</tmk:ApplicantBag>"
    older = st66(
        st66_mark(numbers=("009", "35")), beside=st66_party("Applicant", "合成甲有限公司", address=ST66_ADDRESS)
    )
    differing = ["mark_name", "category", "status_date", "address"]
    new, old = (read(content).frame.drop(differing) for content in (transaction(mark(WHOLE, owner)), older))
    assert new.equals(old)


# --- broken files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [transaction(mark(WHOLE)), st66(st66_mark())])
def test_truncated_files_are_refused_whole(whole: bytes) -> None:
    for length in (len(whole) - 1, len(whole) // 2):
        with pytest.raises(UnreadableFile, match="breaks off or is malformed"):
            read(whole[:length])


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("whole", [transaction(mark(WHOLE)), st66(st66_mark())])
def test_entities_are_refused(whole: bytes, doctype: str) -> None:
    with pytest.raises(UnreadableFile, match="declares the entity"):
        read(whole.replace(b"?>", b"?>" + doctype.encode(), 1))


def test_marks_in_a_madrid_notification_are_not_taken_for_registrations() -> None:
    content = f"<tmk:MadridOfficeToIBTransaction {ST96}><tmk:TrademarkBag>{mark(WHOLE)}</tmk:TrademarkBag></tmk:MadridOfficeToIBTransaction>"
    with pytest.raises(UnreadableFile, match="notification under the Madrid system"):
        read(content.encode())


def test_marks_and_indications_in_one_file_are_refused() -> None:
    content = transaction(mark(WHOLE)).replace(
        b"</tmk:TrademarkTransaction>", b"<GIApplication/></tmk:TrademarkTransaction>"
    )
    with pytest.raises(UnreadableFile, match="mixes <Trademark> and <GIApplication>"):
        read(content)


@pytest.mark.parametrize("root", ["us-patent-application", "jp-official-gazette"])
def test_unknown_roots_are_named(root: str) -> None:
    with pytest.raises(UnreadableFile, match=f"root element <{root}> is of no known dialect"):
        read(f"<{root}/>".encode())


def test_marks_under_another_source_are_sent_to_their_own() -> None:
    with pytest.raises(UnreadableFile, match=r"holds trademarks \(<Trademark>\), not patents; deliver it under"):
        read_xml(transaction(mark(WHOLE)), "patents")
