"""Single publications as documents: the office's XML in both dialects, and the record of the CNIPR interface.

Values are escaped; texts are those of the sample. Addresses are split as the office splits them, `0` where a part
is missing.
"""

import json
import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl

Row = dict[str, Any]

_NAMESPACES = (
    'xmlns:base="http://www.sipo.gov.cn/XMLSchema/base" xmlns:business="http://www.sipo.gov.cn/XMLSchema/business"'
)
_APPLICATION_TYPE = {"invention": "10", "utility_model": "20", "design": "30"}
_TYPE_WORDS = {"invention": "发明专利", "utility_model": "实用新型", "design": "外观设计"}
_PLACE = re.compile(
    r"(?P<post>\d{6})?\s*(?P<province>[^省市]{2,3}省)?(?P<city>[^省市]{2,3}市)?(?P<county>[^区县市]{2}[区县])?"
)


def office_number(application_no: str, patent_type: str) -> str:
    """The office's 15-digit form of a 12-digit number: 202110991218.8 is 102021000991218."""
    return f"{_APPLICATION_TYPE[patent_type]}{application_no[:4]}00{application_no[5:12]}"


def document_name(row: Row) -> str:
    """File name in the office's pattern."""
    number = office_number(row["application_no"], row["patent_type"])
    kind, day = row["publication_kind"], _compact(row["publication_date"])
    return f"CN{number}CN{row['publication_no'][2:].zfill(13)}0{kind}FULZH{day}CN00Y.XML"


def _compact(day: Any) -> str:
    return day.strftime("%Y%m%d")


def cnipa_xml(row: Row, *, status: str = "C") -> bytes:
    """One publication in schema V2.2.1; status `D` takes the record back."""
    number, kind, day = row["publication_no"][2:], row["publication_kind"], _compact(row["publication_date"])
    filed, application_no = _compact(row["filing_date"]), row["application_no"]
    office = office_number(application_no, row["patent_type"])
    kind_of_application = _APPLICATION_TYPE[row["patent_type"]]
    place = _PLACE.match(row["address"])
    parts = {name: escape((place and place[name]) or "0") for name in ("post", "province", "city", "county")}
    symbols = "".join(_split_symbol(n, symbol) for n, symbol in enumerate(row["ipc"].split(";"), start=1))
    applicants = "".join(
        _applicant(n, name.strip(), row["address"] if n == 1 else "", parts if n == 1 else {})
        for n, name in enumerate(row["applicants"].split(";"), start=1)
    )
    division = ""
    if row["parent_application_no"]:
        division = (
            "<business:RelatedDocuments><business:Division><business:DocumentsRelation><business:ParentDocument>"
            f"<base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>"
            f"<base:DocNumber>{row['parent_application_no']}</base:DocNumber></base:DocumentID>"
            "</business:ParentDocument></business:DocumentsRelation></business:Division></business:RelatedDocuments>\n"
        )
    agency = ""
    if row["agency"]:
        agency = (
            '<business:AgentDetails><business:Agent sequence="1" lang="zh"><business:Agency>'
            f'<base:AddressBook lang="zh"><base:OrganizationName>{escape(row["agency"])}</base:OrganizationName>'
            "</base:AddressBook></business:Agency></business:Agent></business:AgentDetails>"
        )
    publication = (
        f"<base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>{number}</base:DocNumber>"
        f"<base:Kind>{kind}</base:Kind><base:Date>{day}</base:Date></base:DocumentID>"
    )
    return f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<business:PatentDocumentAndRelated {_NAMESPACES} xsdVersion="V2.2.1" file={quoteattr(document_name(row))} \
dateProduced="{day}" status="{status}" lang="zh" country="CN" docNumber="{number}" kind="{kind}" \
datePublication="{day}">
<business:BibliographicData>
<business:PublicationReference dataFormat="original" sequence="1">{publication}</business:PublicationReference>
<business:PublicationReference dataFormat="standard" sequence="1">{publication}</business:PublicationReference>
<business:PublicAvailabilityDate><business:GazetteReference><business:GazetteNumber>合成</business:GazetteNumber>\
<base:Date>{day}</base:Date></business:GazetteReference></business:PublicAvailabilityDate>
<business:ApplicationReference applType="{kind_of_application}" dataFormat="original" sequence="1"><base:DocumentID>\
<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>{application_no}</base:DocNumber><base:Date>{filed}</base:Date>\
</base:DocumentID></business:ApplicationReference>
<business:ApplicationReference applType="{kind_of_application}" dataFormat="standard" sequence="1"><base:DocumentID>\
<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>{office}</base:DocNumber><base:Date>{filed}</base:Date>\
</base:DocumentID></business:ApplicationReference>
<business:ClassificationIPCRDetails>{symbols}</business:ClassificationIPCRDetails>
<business:InventionTitle lang="zh" dataFormat="original">{escape(row["title"])}</business:InventionTitle>
{division}<business:Parties><business:ApplicantDetails representative="1">{applicants}</business:ApplicantDetails>
<business:InventorDetails><business:Inventor sequence="1"><base:AddressBook lang="zh">\
<base:Name>{escape(row["inventors"])}</base:Name></base:AddressBook></business:Inventor></business:InventorDetails>
{agency}</business:Parties>
</business:BibliographicData>
<business:Abstract lang="zh"><base:Paragraphs>本样例公开了{escape(row["title"])}，仅供测试。</base:Paragraphs>\
</business:Abstract>
</business:PatentDocumentAndRelated>
""".encode()


def _applicant(sequence: int, name: str, address: str, parts: dict[str, str]) -> str:
    empty = "".join(
        f"<base:{part}>0</base:{part}>"
        for part in (
            *("AddressLine", "AddressMailCode", "PostBox", "AddressRoom", "AddressFloor", "AddressBuilding"),
            *("Street", "AddressCity"),
        )
    )
    return (
        f'<business:Applicant sequence="{sequence}" appType="applicant" dataFormat="original" lang="zh">'
        f'<base:AddressBook lang="zh"><base:Name>{escape(name)}</base:Name><base:Address>{empty}'
        f"<base:County>{parts.get('county', '0')}</base:County><base:City>{parts.get('city', '0')}</base:City>"
        f"<base:Province>{parts.get('province', '0')}</base:Province>"
        f"<base:PostCode>{parts.get('post', '0')}</base:PostCode>"
        f"<base:WIPOST3Code>CN</base:WIPOST3Code><base:Text>{escape(address or '0')}</base:Text></base:Address>"
        '</base:AddressBook><business:OrganizationCode createDate="00000000" creator="00">0000000000'
        "</business:OrganizationCode></business:Applicant>"
    )


def _printed_symbol(symbol: str) -> str:
    """`C08L71/12` as the office prints it: `C08L   71/12    (2006.01)`."""
    group, subgroup = symbol[4:].split("/")
    return f"{symbol[:4]} {group:>4}/{subgroup:<6}(2006.01)"


def _split_symbol(sequence: int, symbol: str) -> str:
    group, subgroup = symbol[4:].split("/")
    return (
        f'<business:ClassificationIPCR sequence="{sequence}">'
        "<business:IPCVersionDate>20060101</business:IPCVersionDate>"
        f"<business:Section>{symbol[0]}</business:Section><business:MainClass>{symbol[1:3]}</business:MainClass>"
        f"<business:Subclass>{symbol[3]}</business:Subclass><business:MainGroup>{group}</business:MainGroup>"
        f"<business:Subgroup>{subgroup}</business:Subgroup><base:Text>{_printed_symbol(symbol)}</base:Text>"
        "</business:ClassificationIPCR>"
    )


def old_xml(row: Row) -> bytes:
    """One publication in the `cn-patent-document` dialect: UTF-8 with byte order mark, address as text only."""
    number, kind, day = row["publication_no"][2:], row["publication_kind"], _compact(row["publication_date"])
    symbols = "".join(
        f"<classification-ipcr><text>{_printed_symbol(symbol)}</text></classification-ipcr>"
        for symbol in row["ipc"].split(";")
    )
    applicants = "".join(
        f'<cn-applicant sequence="{n}"><addressbook lang="ZH"><name>{escape(name.strip())}</name>'
        f"<address><text>{escape(row['address'])}</text></address></addressbook></cn-applicant>"
        for n, name in enumerate(row["applicants"].split(";"), start=1)
    )
    agency = escape(row["agency"] or "")
    agents = f'<cn-agents><cn-agent sequence="1"><cn-agency><name>{agency}</name></cn-agency></cn-agent></cn-agents>'
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<cn-patent-document lang="ZH" country="CN">
<cn-bibliographic-data>
<cn-publication-reference><document-id><country>CN</country><doc-number>{number}</doc-number><kind>{kind}</kind>\
<date>{day}</date></document-id><gazette-reference><gazette-num>合成</gazette-num><date>{day}</date></gazette-reference>\
</cn-publication-reference>
<application-reference appl-type="{_TYPE_WORDS[row["patent_type"]]}"><document-id><country>CN</country>\
<doc-number>{row["application_no"]}</doc-number><date>{_compact(row["filing_date"])}</date></document-id>\
</application-reference>
<classifications-ipcr>{symbols}</classifications-ipcr>
<invention-title>{escape(row["title"])}</invention-title>
<abstract><p num="1">本样例公开了{escape(row["title"])}，仅供测试。</p></abstract>
<cn-related-documents />
<cn-parties><cn-applicants cn-representative-is={quoteattr(row["address"])}>{applicants}</cn-applicants>
<cn-inventors><cn-inventor sequence="1"><name>{escape(row["inventors"])}</name></cn-inventor></cn-inventors>
{agents if agency else ""}</cn-parties>
</cn-bibliographic-data>
</cn-patent-document>
"""
    return text.encode("utf-8-sig")


def interface_record(row: Row) -> Row:
    """One publication as a record of the CNIPR interface; its legal events are in `notices`."""
    printed = "%Y.%m.%d"
    serial, kind, year = row["publication_no"][2:], row["publication_kind"], row["publication_date"].year
    return {
        "title": row["title"],
        "appNumber": [f"CN{row['application_no']}", "", "", ""],
        "appDate": row["filing_date"].strftime(printed),
        "pubNumber": [f"{row['publication_no']}{kind}", f"CN{year}{serial}{kind}", "", ""],
        "pubDate": row["publication_date"].strftime(printed),
        "patType": {"invention": "1", "utility_model": "2", "design": "3"}[row["patent_type"]],
        "dbName": "FMZL",
        "mainIpc": row["ipc"].split(";")[0],
        "ipc": row["ipc"].split(";"),
        "applicantName": [name.strip() for name in row["applicants"].split(";")],
        "primaryApplicantName": row["applicant"],
        "applicantQuantity": str(row["applicant_count"]),
        "inventorName": [row["inventors"]],
        "address": row["address"],
        "agencyName": row["agency"] or "",
        "abs": f"本样例公开了{row['title']}，仅供测试。",
        "countryCode": "CN",
    }


def as_json(records: list[dict[str, Any]]) -> bytes:
    """One array."""
    return json.dumps(records, ensure_ascii=False, indent=1).encode()


def as_json_lines(records: list[dict[str, Any]]) -> bytes:
    """One record a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def rows_of(frame: pl.DataFrame) -> list[Row]:
    """Publications as dictionaries, for the formats that are written one record at a time."""
    return frame.to_dicts()
