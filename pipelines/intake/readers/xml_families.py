"""Members of patent families in the EPO's XML: answers of its open services (OPS) and its exchange format (DOCDB).

Belongs here: where each field of a family member stands, which document kinds are granted rights, and which answers
of OPS are of no use. Exchange documents delivered as patents are xml_wipo.py's; what an application number is, is
codes.application_no's. Inventors, agents and cited documents are in skipped elements.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl

from pipelines.codes import application_no
from pipelines.intake.readers.base import Notes, UnreadableFile
from pipelines.intake.readers.xml_cnipa import withdrawn
from pipelines.intake.readers.xml_parties import plain
from pipelines.intake.readers.xml_records import Dialect, Row, Unused, sequence, text

COLUMNS = (
    "application_no",
    "member_office",
    "member_application_no",
    "member_publication_no",
    "member_kind",
    "filing_date",
    "publication_date",
    "grant_date",
    "status",
    "applicant",
    "address",
    "family_id",
)
"""Fields of the patent_families contract."""

_CN_NUMBERS = "__cn_numbers"
"""Chinese applications a member names, `;` between them: its own, or those whose priority it claims, in order."""

Forms = dict[str, dict[str, str]]
"""One number in its written forms: docdb, epodoc, original → country, doc-number, kind, date."""

_LEGAL = (
    "an OPS answer of legal events, which no source uses: patent_events takes the events of Chinese patents from the "
    "Chinese office; for patent_families fetch the family without legal data"
)
UNUSED = {
    "patent-family": Unused(_LEGAL, attribute=("legal", "true")),
    "biblio-search": Unused(
        "an OPS search answer without bibliographic data, which no source uses; fetch the documents' biblio or family",
        may_hold_records=True,
    ),
    "register-search": Unused(
        "an OPS answer of the European Patent Register, which no source uses; fetch the biblio or the family instead"
    ),
    "standardization": Unused("an OPS number conversion, which no source uses; fetch the biblio or the family instead"),
    "fulltext-documents": Unused(
        "an OPS full text (claims or description), which no source uses; fetch the biblio or the family instead"
    ),
    "document-inquiry": Unused("an OPS list of images, which no source uses; fetch the biblio or the family instead"),
}


def family_rows(member: Element, notes: Notes) -> list[Row]:
    """One ops:family-member, with or without its exchange document inside. Raises UnreadableFile for legal events."""
    if member.find("legal") is not None:
        raise UnreadableFile(f"the XML (<legal>) is {_LEGAL}")
    biblio = member.find("exchange-document/bibliographic-data")
    published = _forms(member.iterfind("publication-reference"))
    applied = _forms(member.iterfind("application-reference"))
    claims = list(member.iterfind("priority-claim"))
    if biblio is not None:
        applied = _forms(biblio.iterfind("application-reference")) | applied
        claims = claims or list(biblio.iterfind("priority-claims/priority-claim"))
    return [_member(published, applied, claims, biblio, member.get("family-id", ""), notes)]


def document_rows(document: Element, notes: Notes) -> list[Row]:
    """One exchange-document, of an OPS biblio answer or of a DOCDB delivery."""
    found = document.find("bibliographic-data")
    biblio = document if found is None else found
    published = _forms(biblio.iterfind("publication-reference"))
    named = {"country": document.get("country", ""), "doc-number": document.get("doc-number", "")}
    named |= {"kind": document.get("kind", ""), "date": document.get("date-publ", "")}
    docdb = published.setdefault("docdb", {})
    for part, value in named.items():
        if value and docdb.get(part) and docdb[part] != value:
            notes.add("publication reference and document attributes disagree", f"{docdb[part]} and {value}")
        docdb[part] = docdb.get(part) or value
    applied = _forms(biblio.iterfind("application-reference"))
    claims = list(biblio.iterfind("priority-claims/priority-claim"))
    row = _member(published, applied, claims, biblio, document.get("family-id", ""), notes)
    return [withdrawn(row, document.get("status", ""))]


def _member(
    published: Forms, applied: Forms, claims: list[Element], biblio: Element | None, family_id: str, notes: Notes
) -> Row:
    publication = published.get("docdb", {})
    office, number, kind = (publication.get(part, "") for part in ("country", "doc-number", "kind"))
    publication_date = _date(published)
    grants = _granted(office, kind, publication_date)
    applicant = _first_applicant(biblio)
    own = [_cn_number(applied)] if office == "CN" else []
    return {
        _CN_NUMBERS: ";".join(number for number in own or _cn_claims(claims, notes) if number),
        "member_office": office,
        "member_application_no": _application(applied),
        "member_publication_no": f"{office}{number}" if number else "",
        "member_kind": kind,
        "filing_date": _date(applied),
        "publication_date": publication_date,
        "grant_date": publication_date if grants else "",
        "status": "" if grants is None else "granted",
        "applicant": _name(applicant),
        "address": plain(text(applicant, "addressbook/address")),
        "family_id": family_id,
    }


def _forms(references: Iterable[Element]) -> Forms:
    """The written forms of a number: OPS types the document-id, DOCDB the reference around it."""
    forms: Forms = {}
    for reference in references:
        for document_id in reference.iterfind("document-id"):
            form = document_id.get("document-id-type") or reference.get("data-format") or "docdb"
            forms.setdefault(form, {part.tag: text(part) for part in document_id})
    return forms


def _date(forms: Forms) -> str:
    """The date of a number, which OPS gives with one form or another."""
    return next((parts["date"] for parts in forms.values() if parts.get("date")), "")


def _application(forms: Forms) -> str:
    """An application number with its country; an international one as it is printed, PCT/US2013/064552."""
    docdb = forms.get("docdb", {})
    country, number, kind = (docdb.get(part, "") for part in ("country", "doc-number", "kind"))
    if kind == "W" and re.fullmatch(r"\d{10}", number):
        return f"PCT/{country}{number[:4]}/{number[4:]}"
    if number:
        return f"{country}{number}"
    return next((parts["doc-number"] for parts in forms.values() if parts.get("doc-number")), "")


def _cn_claims(claims: list[Element], notes: Notes) -> list[str]:
    """The Chinese applications among the priorities, in the order claimed; DOCDB repeats a claim per form."""
    ordered: dict[int, list[Element]] = {}
    for position, claim in enumerate(claims):
        ordered.setdefault(sequence(claim) or -position - 1, []).append(claim)
    numbers = dict.fromkeys(number for _, group in sorted(ordered.items()) if (number := _cn_number(_forms(group))))
    if len(numbers) > 1:
        notes.add("several Chinese priorities: the first one is the row's application", " ".join(numbers))
    return list(numbers)


def _cn_number(forms: Forms) -> str:
    """A Chinese national application number as it stands, without check digit where its form has none; "" for others.

    DOCDB writes 201380062258, the original form adds the check digit (2013800622588), epodoc leaves out a leading zero
    of the serial (CN20138062258): the three forms of one application in a real answer. Kind W is international.
    """
    docdb, epodoc = forms.get("docdb", {}), forms.get("epodoc", {}).get("doc-number", "")
    if docdb.get("kind") == "W" or (docdb.get("country") or epodoc[:2]) != "CN":
        return ""
    if re.fullmatch(r"\d{12}|\d{8}", docdb.get("doc-number", "")):
        return docdb["doc-number"]
    original = re.sub(r"\s", "", forms.get("original", {}).get("doc-number", "")).upper()
    if re.fullmatch(r"(?:CN|ZL)?(?:\d{12}|\d{8})(?:\.?[\dX])?", original):
        return original
    if match := re.fullmatch(r"CN(20(?:0[4-9]|[1-9]\d)\d)(\d{6,7})", epodoc):
        return f"{match[1]}{match[2]:0>7}"
    return docdb.get("doc-number") or original or epodoc


def _first_applicant(biblio: Element | None) -> Element | None:
    """The first named applicant, in the form nearest to what is printed."""
    found: dict[str, Element] = {}
    if biblio is not None:
        for applicant in sorted(biblio.iterfind("parties/applicants/applicant"), key=sequence):
            found.setdefault(applicant.get("data-format", "original"), applicant)
    return next((found[form] for form in ("original", "docdba", "docdb", "epodoc") if form in found), None)


def _name(applicant: Element | None) -> str:
    """A name without the comma lists end in and without the country epodoc adds (`SCIENT DRILLING INT [US]`)."""
    name = plain(text(applicant, "applicant-name/name"))
    return re.sub(r"\s*\[[A-Z]{2}\]$", "", name).rstrip(", ")


def _granted(office: str, kind: str, publication_date: str) -> bool | None:
    """Whether a publication is a grant (True) or republishes a granted right (False); None where neither is known."""
    entry = _granted_kinds().get((office, kind))
    if entry is None:
        return None
    first_day, last_day, is_grant = entry
    if (first_day or last_day) and not publication_date:
        return None
    day = publication_date.replace("-", "")
    inside = (not first_day or day >= first_day) and (not last_day or day <= last_day)
    return is_grant if inside else None


@cache
def _granted_kinds() -> dict[tuple[str, str], tuple[str, str, bool]]:
    """Kinds that are granted rights, from granted_kinds.csv beside this module; days as DOCDB writes them."""
    with Path(__file__).with_name("granted_kinds.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["office"], row["kind"]): (
                row["first_day"].replace("-", ""),
                row["last_day"].replace("-", ""),
                row["is_grant"] == "true",
            )
            for row in csv.DictReader(file)
        }


def with_cn_application(frame: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """The members with the Chinese application each belongs to, in normal form, as far as the file tells.

    A Chinese member has its own, another one the first whose priority it claims; else the family's, if the file names
    one only. Where several are left the row has none: the family number still joins it to all of them.
    """
    if _CN_NUMBERS not in frame.columns:
        return frame.select(*COLUMNS, pl.exclude(*COLUMNS))
    rows = frame.with_row_index("__row_index")
    written = (
        rows.select("__row_index", "family_id", number=pl.col(_CN_NUMBERS).str.split(";"))
        .explode("number")
        .drop_nulls("number")
        .with_columns(application_no.parse("number").struct.field("application_no").alias("known"))
    )
    for number in written.filter(pl.col("known").is_null())["number"]:
        notes.add("Chinese application number in no known form", number)
    named = written.drop_nulls("known")
    own = named.group_by("__row_index", maintain_order=True).agg(own=pl.col("known").first())
    families = named.drop_nulls("family_id").group_by("family_id").agg(all=pl.col("known").unique().sort())
    joined = rows.join(own, on="__row_index", how="left", maintain_order="left").join(
        families, on="family_id", how="left", maintain_order="left"
    )
    open_rows = joined.filter(pl.col("own").is_null() & (pl.col("all").list.len() > 1))
    for family, numbers in open_rows.select("family_id", pl.col("all").list.join(" ")).iter_rows():
        notes.add("family with several Chinese applications: member left without one", f"family {family}: {numbers}")
    only = pl.when(pl.col("all").list.len() == 1).then(pl.col("all").list.first())
    filled = joined.with_columns(application_no=pl.coalesce("own", only))
    return filled.select(*COLUMNS, pl.exclude(*COLUMNS, _CN_NUMBERS, "__row_index", "own", "all"))


_SKIPPED = frozenset(
    {"inventors", "agents", "references-cited", "abstract", "description", "claims", "invention-title"}
    | {"patent-classifications", "classifications-ipcr", "classification-ipc", "classification-national"}
    | {"designation-of-states", "dates-of-public-availability", "pre"}
)

DIALECTS = (
    Dialect(
        "xml/ops-family",
        "patent_families",
        "family-member",
        _SKIPPED,
        family_rows,
        announced="total-result-count",
        finish=with_cn_application,
    ),
    Dialect(
        "xml/docdb",
        "patent_families",
        "exchange-document",
        _SKIPPED,
        document_rows,
        announced="total-result-count",
        finish=with_cn_application,
    ),
)
