"""WIPO's XML dialects: ST.36 (EP documents, exchange documents) and ST.96 publications (domain D.1).

Where each field of the contract stands; values stay as delivered text. Numbers of other offices carry their
country, so that none is taken for a Chinese one. Inventors, agents and examiners are in skipped elements.
"""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from pipelines.intake.readers.base import Notes
from pipelines.intake.readers.xml_cnipa import numbered, withdrawn
from pipelines.intake.readers.xml_parties import party_address, party_name, plain
from pipelines.intake.readers.xml_records import Dialect, attribute, joined, older_ipc, one, sequence, text

SYMBOL = re.compile(r"([A-H]\d{2}[A-Z])\s*(\d{1,4})\s*/\s*(\d{2,6})")
"""The classification symbol at the head of an ST.8 text, before version, level and office."""
LANGUAGES = ("zh", "cn", "en")
"""Preferred languages of titles and abstracts."""


def ep_row(document: Element, notes: Notes) -> dict[str, str]:
    """One ep-patent-document, whose fields are WIPO ST.9 numbers (B110 publication, B210 application …)."""
    country = text(document, "SDOBI/B100/B190")
    body = document.find("SDOBI")
    if body is None:
        body = document
    holders = list(body.iterfind("B700/B730/B731")) or list(body.iterfind("B700/B710/B711"))
    symbols = _symbols(body.iterfind("B500/B510EP/classification-ipcr/text"))
    titles = body.find("B500/B540")
    by_language: dict[str, str] = {}
    for language, title in zip(*(iter(titles if titles is not None else ()),) * 2, strict=False):
        by_language[text(language)] = text(title)
    return {
        "application_no": _application(country, text(body, "B200/B210")),
        "publication_no": numbered(country, text(body, "B100/B110"), text(body, "B100/B130")),
        "publication_date": text(body, "B100/B140/date"),
        "title": by_language.get(document.get("lang", "")) or next(iter(by_language.values()), ""),
        "filing_date": text(body, "B200/B220/date"),
        "applicant": joined(plain(text(holder, "snm")) for holder in holders),
        "address": ", ".join(plain(text(part)) for part in holders[0].iterfind("adr/*")) if holders else "",
        "main_ipc": symbols[0] if symbols else "",
        "ipc": joined(symbols),
        "parent_application_no": _application(
            country, text(body, "B600/B620/parent/pdoc/dnum/anum") or text(body, "B600/B620EP/parent/pdoc/dnum/anum")
        ),
        "abstract": text(document, "abstract"),
    }


def exchange_row(document: Element, notes: Notes) -> dict[str, str]:
    """One exchange-document of the EPO's exchange format, which gives each number and name in several forms."""
    biblio = document.find("bibliographic-data")
    if biblio is None:
        biblio = document
    publication = _form(biblio, "publication-reference", ("docdb", "original", "epodoc"))
    application = _form(biblio, "application-reference", ("original", "docdb", "epodoc"))
    filed = [text(date) for date in biblio.iterfind("application-reference/document-id/date")]
    country = document.get("country") or text(publication, "country")
    names: dict[str, list[Element]] = {}
    for applicant in sorted(biblio.iterfind("parties/applicants/applicant"), key=sequence):
        names.setdefault(applicant.get("data-format", "original"), []).append(applicant)
    holders = next((names[form] for form in ("original", "docdb", "epodoc") if form in names), [])
    symbols = _symbols(biblio.iterfind("classifications-ipcr/classification-ipcr/text"))
    symbols = symbols or older_ipc(biblio, "classification-ipc")
    row = {
        "application_no": _application(country, text(application, "doc-number")),
        "publication_no": numbered(
            country,
            document.get("doc-number") or text(publication, "doc-number"),
            document.get("kind") or text(publication, "kind"),
        ),
        "publication_date": text(publication, "date"),
        "title": text(_in_language(biblio.iterfind("invention-title"))),
        "filing_date": next((date for date in filed if date), ""),
        "applicant": joined(plain(text(holder, "applicant-name/name")).rstrip(",") for holder in holders),
        "address": text(holders[0], "addressbook/address/text") if holders else "",
        "main_ipc": symbols[0] if symbols else "",
        "ipc": joined(symbols),
        "abstract": text(_in_language(document.iterfind("abstract"))),
    }
    return withdrawn(row, document.get("status", ""))


def st96_row(document: Element, notes: Notes) -> dict[str, str]:
    """One ST.96 pat:PatentPublication."""
    biblio = document.find("BibliographicData")
    if biblio is None:
        biblio = document
    publication = biblio.find("PatentPublicationIdentification")
    grant = biblio.find("PatentGrantIdentification")
    application = biblio.find("ApplicationIdentification")
    country = text(document, "IPOfficeCode") or text(publication, "IPOfficeCode") or text(grant, "IPOfficeCode")
    parties = biblio.find("PartyBag")
    if parties is None:
        parties = biblio
    holders = list(parties.iterfind("AssigneeBag/Assignee")) or list(parties.iterfind("ApplicantBag/Applicant"))
    holders.sort(key=sequence)
    symbols = [
        "".join(text(symbol, tag) for tag in ("Section", "Class", "Subclass", "MainGroup"))
        + f"/{text(symbol, 'Subgroup')}"
        for symbol in biblio.iterfind("PatentClassificationBag/IPCRClassificationBag/IPCRClassification")
    ]
    symbols = symbols or older_ipc(biblio, "PatentClassificationBag/IPCClassification")
    grant_no = numbered(country, text(grant, "PatentNumber"), text(grant, "PatentDocumentKindCode"))
    grant_date = text(grant, "GrantDate") or text(grant, "IssueDate")
    row = {
        "application_no": _application(country, text(application, "ApplicationNumber/ApplicationNumberText")),
        "publication_no": numbered(
            country, text(publication, "PublicationNumber"), text(publication, "PatentDocumentKindCode")
        ),
        "publication_date": text(publication, "PublicationDate"),
        "title": text(_in_language(biblio.iterfind("InventionTitleBag/InventionTitle"))),
        "filing_date": text(application, "FilingDate"),
        "applicant": joined(party_name(holder) for holder in holders),
        "address": party_address(holders[0]) if holders else "",
        "main_ipc": symbols[0] if symbols else "",
        "ipc": joined(symbols),
        "locarno": joined(
            text(part)
            for part in biblio.iterfind(
                "PatentClassificationBag/LocarnoClassificationBag/LocarnoClassification/LocarnoClass"
            )
        ),
        "parent_application_no": _application(
            country,
            text(
                biblio,
                "RelatedDocumentBag/Division/ParentDocument/PatentDocumentIdentification/"
                "ApplicationIdentification/ApplicationNumber/ApplicationNumberText",
            ),
        ),
        "abstract": text(_in_language(document.iterfind("Abstract"))),
    }
    if row["publication_no"]:
        return row | {"grant_publication_no": grant_no, "grant_date": grant_date}
    return row | {"publication_no": grant_no, "publication_date": grant_date}


def _application(country: str, number: str) -> str:
    """An application number; those of other offices with their country in front."""
    return f"{country}{number}" if country != "CN" and number[:1].isdigit() else number


def _form(parent: Element, tag: str, preferred: tuple[str, ...]) -> Element | None:
    """The document-id of a reference in the first of the preferred forms that it comes in."""
    forms = {form.get("document-id-type", ""): form for form in parent.iterfind(f"{tag}/document-id")}
    return next((forms[kind] for kind in preferred if kind in forms), forms.get(""))


def _in_language(elements: Iterable[Element]) -> Element | None:
    """The element in the most preferred language, else the first."""
    found = list(elements)
    for language in LANGUAGES:
        for element in found:
            if language in (attribute(element, "lang"), attribute(element, "languageCode")):
                return element
    return found[0] if found else None


def _symbols(texts: Iterable[Element]) -> list[str]:
    """Classification symbols, `H04N1/40`, from ST.8 texts; a text of another form stays as it is."""
    return ["{}{}/{}".format(*m.groups()) if (m := SYMBOL.match(t)) else t for t in map(text, texts)]


DIALECTS = (
    Dialect(
        "xml/st36",
        "patents",
        "ep-patent-document",
        frozenset({"description", "claims", "drawings", "B720", "B740", "B560", "search-report-data"}),
        one(ep_row),
    ),
    Dialect(
        "xml/st36",
        "patents",
        "exchange-document",
        frozenset({"inventors", "agents", "references-cited", "description", "claims"}),
        one(exchange_row),
    ),
    Dialect(
        "xml/st96",
        "patents",
        "PatentPublication",
        frozenset(
            {"Description", "Claims", "Drawings", "InventorBag", "RegisteredPractitionerBag", "ExaminerBag"}
            | {"ReferenceCitationBag", "SearchFieldBag"}
        ),
        one(st96_row),
    ),
)
