"""The three XML dialects of the Chinese patent office: where each field of the contract stands (domain D.1, D.3).

Values stay as delivered text. Inventors, designers and agents' names are in skipped elements or never looked at.
"""

import re
import unicodedata
from xml.etree.ElementTree import Element

from pipelines.intake.readers.base import Notes
from pipelines.intake.readers.gazette_text import contradicts, event_code, parse_notice
from pipelines.intake.readers.xml_records import Dialect, joined, older_ipc, one, sequence, text

PATENT_COLUMNS = (
    "application_no",
    "publication_no",
    "publication_date",
    "patent_type",
    "title",
    "filing_date",
    "applicant",
    "address",
    "main_ipc",
    "ipc",
    "locarno",
    "parent_application_no",
    "abstract",
    "agency",
)
"""Fields of the patents contract, the columns of every reader of patent documents."""

APPLICATION_TYPES = {
    "10": "invention",
    "11": "invention",
    "20": "utility_model",
    "21": "utility_model",
    "30": "design",
}
"""@applType, also the first two digits of the office's 15-digit number: 11 and 21 are PCT entries (domain C.1)."""
TYPE_DIGITS = {"1": "1", "8": "1", "2": "2", "9": "2", "3": "3"}
"""Type digit of an application number to the first digit of @applType."""
WRITTEN_12 = re.compile(r"(\d{4})(\d)(\d{7})(?:\.?([\dX]))?")
WRITTEN_8 = re.compile(r"(\d{2})(\d)(\d{5})(?:\.?([\dX]))?")
"""Year, type digit, serial and maybe check digit of an application number of today and of before late 2003."""
FILLERS = {"", "0"}
ADDRESS_PARTS = (
    "Province",
    "City",
    "County",
    "AddressCity",
    "Street",
    "AddressBuilding",
    "AddressFloor",
    "AddressRoom",
    "AddressLine",
)
LOCARNO_CLASSES = {
    "MainClassification",
    "FurtherClassification",
    "Text",
    "main-classification",
    "further-classification",
    "text",
}
DELETED = "D"
"""@status of a record the office takes back (as in ST.36: C created, A amended, D deleted)."""


def numbered(country: str, number: str, kind: str = "") -> str:
    """Publication number as printed: country, number and kind; "" without a number (`0` is a filler)."""
    return f"{country}{number}{kind}" if number not in FILLERS else ""


def publication_row(document: Element, notes: Notes) -> dict[str, str]:
    """One business:PatentDocumentAndRelated of schema V2.2.1: a publication, grant or design."""
    biblio = document.find("BibliographicData")
    if biblio is None:
        biblio = document.find("DesignBibliographicData")
    if biblio is None:
        biblio = document
    publication = _reference(biblio, "PublicationReference", notes)
    application = _reference(biblio, "ApplicationReference", notes)
    attributes = document.attrib
    country = publication.get("WIPOST3Code") or attributes.get("country", "")
    publication_no = numbered(country, publication.get("DocNumber", ""), publication.get("Kind", ""))
    on_root = numbered(attributes.get("country", ""), attributes.get("docNumber", ""), attributes.get("kind", ""))
    if publication_no and on_root and publication_no != on_root:
        notes.add("publication reference and document attributes disagree", f"{publication_no} and {on_root}")
    parties = biblio.find("Parties")
    if parties is None:
        parties = biblio
    holders = _in_sequence(parties, "AssigneeDetails/Assignee") or _in_sequence(parties, "ApplicantDetails/Applicant")
    symbols = [_ipc(symbol) for symbol in biblio.iterfind("ClassificationIPCRDetails/ClassificationIPCR")]
    symbols = symbols or older_ipc(biblio, "ClassificationIPC")
    row = {
        "application_no": application.get("DocNumber") or text(biblio, "PatentNumber"),
        "publication_no": publication_no or on_root,
        "publication_date": publication.get("Date") or attributes.get("datePublication", ""),
        "patent_type": APPLICATION_TYPES.get(application.get("applType", ""), ""),
        "title": text(biblio, "InventionTitle") or text(biblio, "DesignTitle"),
        "filing_date": application.get("Date", ""),
        "applicant": joined(text(holder, "AddressBook/Name") for holder in holders),
        "address": _address(holders[0].find("AddressBook/Address")) if holders else "",
        "main_ipc": symbols[0] if symbols else "",
        "ipc": joined(symbols),
        "locarno": _locarno(biblio.find("ClassificationLocarno")),
        "parent_application_no": text(
            biblio, "RelatedDocuments/Division/DocumentsRelation/ParentDocument/DocumentID/DocNumber"
        ),
        "abstract": text(document, "Abstract") or text(document, "DesignBriefExplanation"),
        "agency": joined(
            dict.fromkeys(
                text(name) for name in parties.iterfind("AgentDetails/Agent/Agency/AddressBook/OrganizationName")
            )
        ),
    }
    return withdrawn(row, attributes.get("status", ""))


def old_publication_row(document: Element, notes: Notes) -> dict[str, str]:
    """One cn-patent-document, the dialect in use to about 2018."""
    biblio = document.find("cn-bibliographic-data")
    if biblio is None:
        biblio = document
    publication = biblio.find("cn-publication-reference/document-id")
    application = biblio.find("application-reference")
    group = biblio.find("cn-parties/cn-applicants")
    holders = _in_sequence(biblio, "assignees/assignee") or _in_sequence(
        biblio, "cn-parties/cn-applicants/cn-applicant"
    )
    symbols = [text(symbol) for symbol in biblio.iterfind("classifications-ipcr/classification-ipcr/text")]
    symbols = symbols or older_ipc(biblio, "classification-ipc")
    address = text(holders[0], "addressbook/address/text") if holders else ""
    if not address and group is not None:
        address = group.get("cn-representative-is", "")
    return {
        "application_no": text(application, "document-id/doc-number"),
        "publication_no": numbered(
            text(publication, "country"), text(publication, "doc-number"), text(publication, "kind")
        ),
        "publication_date": text(publication, "date"),
        "patent_type": "" if application is None else application.get("appl-type", ""),
        "title": text(biblio, "invention-title"),
        "filing_date": text(application, "document-id/date"),
        "applicant": joined(text(holder, "addressbook/name") for holder in holders),
        "address": address,
        "main_ipc": symbols[0] if symbols else "",
        "ipc": joined(symbols),
        "locarno": _locarno(biblio.find("classification-locarno")),
        "parent_application_no": text(
            biblio, "cn-related-documents/division/relation/parent-doc/document-id/doc-number"
        ),
        "abstract": text(biblio, "abstract") or text(document, "abstract"),
        "agency": joined(
            dict.fromkeys(text(name) for name in biblio.iterfind("cn-parties/cn-agents/cn-agent/cn-agency/name"))
        ),
    }


def event_row(record: Element, notes: Notes) -> dict[str, str]:
    """One business:PRSRecord: a legal event whose particulars are the free text of PRSInformation."""
    application = _reference(record, "ApplicationReference", notes)
    notice = parse_notice(text(record, "PRSInformation"), notes)
    title = text(record, "PRSValue") or notice.title
    notice.title = title
    code = text(record, "PRSCode")
    if contradicts(code, title):
        notes.add("event code and title disagree", f"{code} and {title}")
    number = application.get("DocNumber", "")
    stated = notice.fields.get("application_no", "")
    if number and stated and not _same_application(number, stated):
        notes.add("application reference and text of the notice disagree", f"{number} and {stated}")
    row = notice.fields | {
        "application_no": number or stated,
        "patent_type": APPLICATION_TYPES.get(application.get("applType", ""), ""),
        "event_code": code or event_code(notice),
        "event_title": title,
        "event_date": text(record, "PRSPublicationDate/Date") or text(record, "PRSPublicationDate"),
        "filing_date": application.get("Date") or notice.fields.get("filing_date", ""),
    }
    return withdrawn(row, record.get("status", ""))


def _reference(parent: Element, tag: str, notes: Notes) -> dict[str, str]:
    """A publication or application reference: its DocumentID parts and @applType.

    Each comes twice, as printed (`original`) and in the office's form (`standard`): the printed one is used,
    and a contradiction between the two is noted.
    """
    forms: dict[str, dict[str, str]] = {}
    for reference in parent.iterfind(tag):
        parts = {part.tag: text(part) for part in reference.iterfind("DocumentID/*")}
        parts["applType"] = reference.get("applType", "")
        forms.setdefault(reference.get("dataFormat", "original"), parts)
    original, standard = forms.get("original"), forms.get("standard")
    if original is None or standard is None:
        return original or standard or {}
    printed, office = original.get("DocNumber", ""), standard.get("DocNumber", "")
    is_same = _same_application(printed, office) if tag == "ApplicationReference" else printed == office
    if printed and office and not is_same:
        notes.add(f"{tag}: original and standard number disagree", f"{printed} and {office}")
    if original.get("Date") and standard.get("Date") and original["Date"] != standard["Date"]:
        notes.add(f"{tag}: original and standard date disagree", f"{original['Date']} and {standard['Date']}")
    return original


def _same_application(one: str, other: str) -> bool:
    """Whether two written forms are one number; a check digit counts only where both have one (domain C.1).

    202110991218.8 and 102021000991218 are, 95106852.X and 101995000006852, 85100001 and ZL 85 1 00001.
    """
    (first, first_check), (second, second_check) = _told_apart(one), _told_apart(other)
    return first == second and not (first_check and second_check and first_check != second_check)


def _told_apart(number: str) -> tuple[str, str]:
    """Class digit, year and serial of a 12-, 8- or 15-digit number, and its check digit. Anything else is itself."""
    bare = re.sub(r"^(?:CN)?(?:ZL)?", "", re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper())
    if match := WRITTEN_12.fullmatch(bare) or WRITTEN_8.fullmatch(bare):
        year, digit, serial, check = match.groups()
        if len(year) == 2:
            year = f"19{year}" if year >= "85" else f"20{year}"
        return f"{TYPE_DIGITS.get(digit, digit)} {year} {int(serial)}", check or ""
    if match := re.fullmatch(r"(\d)\d(\d{4})(\d{9})", bare):
        office_class, year, serial = match.groups()
        return f"{office_class} {year} {int(serial)}", ""
    return bare, ""


def _in_sequence(parent: Element, path: str) -> list[Element]:
    """Parties in the order the office gives them; the printed form only, where there are two."""
    found = [party for party in parent.iterfind(path) if party.get("dataFormat", "original") == "original"]
    return sorted(found, key=sequence)


def _address(address: Element | None) -> str:
    """The address as printed; without a printed one, its parts from the province down, fillers left out."""
    if address is None:
        return ""
    printed = text(address, "Text")
    if printed not in FILLERS:
        return printed
    return "".join(part for tag in ADDRESS_PARTS if (part := text(address, tag)) not in FILLERS)


def _ipc(symbol: Element) -> str:
    """A symbol as printed, or put together from its parts."""
    if printed := text(symbol, "Text"):
        return printed
    section, group = "".join(text(symbol, t) for t in ("Section", "MainClass", "Subclass")), text(symbol, "MainGroup")
    return f"{section}{group}/{text(symbol, 'Subgroup')}" if group else section


def _locarno(classification: Element | None) -> str:
    """Locarno classes, main one first, without edition and notes."""
    if classification is None:
        return ""
    classes = [text(part) for part in classification if part.tag in LOCARNO_CLASSES]
    return joined(classes) or (classification.text or "").strip()


def withdrawn(row: dict[str, str], status: str) -> dict[str, str]:
    """Mark a record that the office takes back."""
    return row | {"is_withdrawn": "true"} if status == DELETED else row


FULL_TEXT = frozenset({"Description", "Claims", "Drawings", "AbstractFigure", "FullDocImage", "DesignFigures"})
PERSONS = frozenset({"InventorDetails", "DesignerDetails", "ExaminerDetails", "ReferencesCited"})
UNUSED = frozenset({"PriorityDetails", "PublicAvailabilityDate", "GeneratingOffice", "OrganizationCode"})
OLD_SKIPPED = frozenset(
    {"application-body", "cn-inventors", "cn-abstract-drawing", "priority-claims", "bio-deposit", "examiners"}
)

DIALECTS = (
    Dialect(
        "xml/cnipa-v2.2.1", "patents", "PatentDocumentAndRelated", FULL_TEXT | PERSONS | UNUSED, one(publication_row)
    ),
    Dialect("xml/cn-patent-document", "patents", "cn-patent-document", OLD_SKIPPED, one(old_publication_row)),
    Dialect("xml/prs", "patent_events", "PRSRecord", frozenset(), one(event_row), wrapper="PRS"),
)
