"""Trademarks in WIPO's XML: ST.96 (all namespaces and versions alike) and its predecessor ST.66.

Belongs here: where each field stands, which of an office's status codes are which state, which owner is the present
one. One row is one mark in one class. Names and addresses are put together in xml_parties.py. Events, goods, images,
assignments and attorneys are in skipped elements.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl

from pipelines.codes import persons
from pipelines.intake.readers.base import Notes
from pipelines.intake.readers.xml_parties import address_line, organisation_name, party_address, party_name, plain
from pipelines.intake.readers.xml_records import Dialect, Row, Unused, attribute, day, joined, sequence, text

COLUMNS = (
    "registration_no",
    "nice_class",
    "mark_name",
    "application_no",
    "application_date",
    "registration_date",
    "exclusive_until",
    "status",
    "status_date",
    "category",
    "international_registration_no",
    "international_registration_date",
    "owner",
    "credit_code",
    "address",
    "agency",
)
"""Fields of the trademarks contract that the two formats have; neither says since when a right is exclusive."""

_CREDIT_CODE = re.compile(
    r"(?![1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$)[0-9A-HJ-NPQRTUWXY]{18}"
)
"""Written like a credit code (GB 32100) and not like a person's identity number, which has a day of birth inside."""
_OWN_STAGES = "US"
"""Its party numbers are stages: 10 original applicant, 20 owner at publication, 30 registrant, 31 later owner."""

UNUSED = {
    name: Unused("a notification under the Madrid system, which no source uses; deliver the marks themselves")
    for name in ("MadridIBToOfficeTransaction", "MadridOfficeToIBTransaction")
}


def st96_rows(mark: Element, notes: Notes) -> list[Row]:
    """One tmk:Trademark of an application or a transaction: a row per Nice class."""
    office = text(mark, "RegistrationOfficeCode") or text(mark, "ApplicationNumber/IPOfficeCode")
    owner = _owner(list(mark.iterfind("ApplicantBag/Applicant")), office)
    row = _mark(mark, office, notes) | {
        "application_no": text(mark, "ApplicationNumber/ApplicationNumberText"),
        "mark_name": _verbal_element(mark),
        "category": _category(list(mark.iterfind("MarkCategory"))),
        "owner": "" if owner is None else party_name(owner),
        "credit_code": _credit_code(owner),
        "address": "" if owner is None else party_address(owner),
        "agency": joined(dict.fromkeys(_st96_agencies(mark))),
    }
    return _by_class(_registered(row, office), _st96_classes(mark))


def st66_rows(content: Element, notes: Notes) -> list[Row]:
    """The marks of one TransactionContentDetails: a row per mark and class.

    Parties stand inside the mark, or beside the marks: then they are the one mark's, or found by their key.
    """
    marks = list(content.iterfind("TransactionData/TradeMarkDetails/TradeMark"))
    beside = content.find("TransactionData")
    rows: list[Row] = []
    for mark in marks:
        office = text(mark, "RegistrationOfficeCode")
        owner = _owner(_st66_parties(mark, beside, "Applicant", len(marks), notes), office)
        representatives = _st66_parties(mark, beside, "Representative", len(marks), notes)
        lines = [line for one in representatives for line in _lines(one, "FreeFormatNameLine", "OrganizationName")]
        row = _mark(mark, office, notes) | {
            "application_no": text(mark, "ApplicationNumber"),
            "mark_name": _verbal_element(mark),
            "category": _category(list(mark.iterfind("KindMark"))),
            "owner": _st66_name(owner),
            "credit_code": _credit_code(owner),
            "address": _st66_address(owner),
            "agency": joined(dict.fromkeys(lines)),
        }
        rows += _by_class(_registered(row, office), _st66_classes(mark))
    return rows


def _mark(mark: Element, office: str, notes: Notes) -> Row:
    """What both formats name alike."""
    status = text(mark, "MarkCurrentStatusCode")
    row = {
        "registration_no": text(mark, "RegistrationNumber"),
        "application_date": day(text(mark, "ApplicationDate") or text(mark, "ApplicationDateTime")),
        "registration_date": day(text(mark, "RegistrationDate")),
        "exclusive_until": day(text(mark, "ExpiryDate")),
        "status": _status(office, status),
        "status_date": day(text(mark, "MarkCurrentStatusDate")),
        "international_registration_no": _international(mark, "InternationalRegistrationNumber"),
        "international_registration_date": day(_international(mark, "InternationalRegistrationDate")),
    }
    for path in (".//ClassNumberStatusDescriptionText", ".//NationalStatusExternalDescriptionText"):
        for element in mark.iterfind(path):
            if (state := text(element)) not in ("", "ACTIVE"):
                notes.add("class with a status of its own, which is not read", f"{row['registration_no']}: {state}")
    deleted = (attribute(mark, "operationCategory") or attribute(mark, "operationCode")).lower() == "delete"
    return row | {"is_withdrawn": "true"} if deleted else row


def _registered(row: Row, office: str) -> Row:
    """China numbers a registration like its application (domain C.3); other offices number them apart."""
    return row | {"registration_no": row["registration_no"] or (row["application_no"] if office == "CN" else "")}


def _by_class(row: Row, classes: Iterable[str]) -> list[Row]:
    """A row per class; a mark without class keeps its row, so that it is missed where classes are required."""
    numbers: dict[str, str] = {}
    for number in filter(None, classes):
        numbers.setdefault(number.lstrip("0") or number, number)
    return [row | {"nice_class": number} for number in numbers.values()] or [row]


def _st96_classes(mark: Element) -> list[str]:
    """Nice classes; other classes (national ones) only where none is called Nice."""
    named: dict[str, list[str]] = {}
    for classification in mark.iterfind("GoodsServicesBag/GoodsServices//GoodsServicesClassification"):
        named.setdefault(text(classification, "ClassificationKindCode"), []).append(text(classification, "ClassNumber"))
    described = [text(number) for number in mark.iterfind("GoodsServicesBag//ClassDescription/ClassNumber")]
    nice = [number for number in named.get("Nice", []) if number]
    return nice or described or named.get("Primary", []) or named.get("", [])


def _st66_classes(mark: Element) -> list[str]:
    return [text(number) for number in mark.iterfind("GoodsServicesDetails//ClassDescription/ClassNumber")]


def _verbal_element(mark: Element) -> str:
    """The words of the mark; "" for a mark without words."""
    for tag in ("MarkVerbalElementText", "MarkSignificantVerbalElementText"):
        for element in mark.iter(tag):
            if found := plain(text(element)):
                return found
    return ""


def _category(elements: list[Element]) -> str:
    """The kind of mark in the contract's words; words of neither list stay as they are."""
    written = joined(dict.fromkeys(text(element) for element in elements))
    words = written.lower()
    if "collective" in words:
        return "collective"
    if "certificat" in words or "guarantee" in words:
        return "certification"
    kinds = {kind.strip() for kind in re.split("[;,]", words)}
    return "ordinary" if kinds <= {"trademark", "trade mark", "service mark", "individual"} else written


def _international(mark: Element, tag: str) -> str:
    """A particular of the mark's own international registration, not of marks it is associated with."""
    return text(mark, tag) or text(mark, f"InternationalMarkIdentifierBag//{tag}")


def _owner(parties: list[Element], office: str) -> Element | None:
    """The present owner: the first named one, of the last stage where the office numbers parties by stages."""
    if not parties:
        return None
    ordered = sorted(parties, key=_party_number)
    if office != _OWN_STAGES:
        return ordered[0]
    last = _party_number(ordered[-1])
    return next(party for party in ordered if _party_number(party) == last)


def _party_number(party: Element) -> int:
    code = text(party, "ApplicantExt/PartyTypeCode")
    return int(code) if code.isdigit() else sequence(party)


def _credit_code(owner: Element | None) -> str:
    """The owner's credit code, where its identifier is one; identifiers of any other kind are not read."""
    parties = () if owner is None else (owner,)
    found = (one for party in parties for tag in ("PartyIdentifier", "ApplicantIdentifier") for one in party.iter(tag))
    return next((code for one in found if _CREDIT_CODE.fullmatch(code := text(one).upper())), "")


def _st96_agencies(mark: Element) -> list[str]:
    """Organisations that act for the owner: the representatives, or where none is named the correspondent."""
    for path in ("RepresentativeBag/Representative", "NationalRepresentative", "NationalCorrespondent"):
        if found := [name for party in mark.iterfind(path) if (name := organisation_name(party))]:
            return found
    return []


def _st66_parties(mark: Element, beside: Element | None, tag: str, marks: int, notes: Notes) -> list[Element]:
    """A mark's applicants or representatives."""
    inside = [party for party in mark.iterfind(f"{tag}Details/{tag}") if len(party)]
    if inside or beside is None:
        return inside
    listed = list(beside.iterfind(f"{tag}Details/{tag}"))
    keys = [text(key, "Identifier") or text(key) for key in mark.iterfind(f"{tag}Details/{tag}Key")]
    if keys:
        by_key = {text(party, f"{tag}Identifier"): party for party in listed}
        return [by_key[key] for key in keys if key in by_key]
    if listed and marks > 1:
        notes.add(f"{tag} beside several marks and without a key: whose it is cannot be told")
        return []
    return listed


def _lines(party: Element | None, *tags: str) -> list[str]:
    return [found for tag in tags for e in (party.iter(tag) if party is not None else ()) if (found := plain(text(e)))]


def _st66_name(owner: Element | None) -> str:
    """A name in free lines or in parts; several lines are one name."""
    if lines := _lines(owner, "FreeFormatNameLine"):
        return " ".join(lines)
    return next(iter(_lines(owner, "OrganizationName")), "") or " ".join(_lines(owner, "LastName", "FirstName"))


def _st66_address(owner: Element | None) -> str:
    address = owner.find(".//Address") if owner is not None else None
    return "" if address is None else address_line(address)


def _status(office: str, code: str) -> str:
    """The state in the contract's words; a code that is in no list stays as it is, for the contract to judge."""
    states = _states()
    return states.get((office, code)) or states.get(("ST.66", code.lower())) or code


@cache
def _states() -> dict[tuple[str, str], str]:
    """State by scheme and code, from trademark_status.csv beside this module.

    Only codes of the US list whose own words say whether a registration stands are in it.
    """
    with Path(__file__).with_name("trademark_status.csv").open(encoding="utf-8", newline="") as file:
        return {(row["scheme"], row["code"].lower()): row["status"] for row in csv.DictReader(file)}


def without_persons(frame: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """The marks with agencies that are organisations: offices name the attorney and the firm in the same lines."""
    agencies = (
        frame.select(pl.col("agency").unique().drop_nulls())
        .with_columns(name=pl.col("agency").str.split(";"))
        .explode("name")
        .filter(~persons.is_natural_person("name"))
        .group_by("agency", maintain_order=True)
        .agg(firm=pl.col("name").str.join(";"))
    )
    kept = frame.join(agencies, on="agency", how="left", maintain_order="left")
    return kept.with_columns(agency="firm").drop("firm").select(frame.columns)


_ST96_SKIPPED = frozenset(
    {"MarkEventBag", "AssignmentBag", "MarkImageBag", "MarkSoundBag", "MarkMultimediaBag", "PublicationBag", "StaffBag"}
    | {"NationalFilingBasis", "RecordAttorney", "OppositionBag", "MarkRecordBag", "LegalProceedingsBag", "PriorityBag"}
    | {"TrademarkDocumentBag", "MarkDisclaimerBag", "MarkDescriptionBag", "AssociatedMarkBag", "SeniorityBag"}
    | {"PreviousRegistrationBag", "BasicRegistrationApplicationBag", "DivisionalApplicationBag", "MarkUserBag"}
    | {"GoodsServicesDescriptionText", "PhoneNumberBag", "EmailAddressBag", "FaxNumberBag", "NationalCaseLocation"}
)
_ST66_SKIPPED = frozenset(
    {"MarkEventDetails", "AssignmentBagExt", "MarkImageDetails", "PublicationDetails", "StaffDetails", "TradeMarkExt"}
    | {"GoodsServicesDescription", "FilingBasisDetails", "MarkDescriptionDetails", "MarkDisclaimerDetails"}
    | {
        "ContactInformationDetails",
        "FormattedAddressExt",
        "PriorityDetails",
        "SeniorityDetails",
        "OppositionDetails",
        "MarkRecordDetails",
    }
)

DIALECTS = (
    Dialect("xml/st96-trademark", "trademarks", "Trademark", _ST96_SKIPPED, st96_rows, finish=without_persons),
    Dialect(
        "xml/st66-trademark",
        "trademarks",
        "TransactionContentDetails",
        _ST66_SKIPPED,
        st66_rows,
        finish=without_persons,
    ),
)
