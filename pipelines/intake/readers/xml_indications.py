"""Geographical indications in WIPO's ST.96: one gin:GIApplication is the indication and its authorised users.

Belongs here: where each field stands. One row is the indication or one user of it. Which registers there are is the
contract's business. Payments, signatures, products and descriptions of their features are in skipped elements.
"""

from xml.etree.ElementTree import Element

from pipelines.intake.readers.base import Notes
from pipelines.intake.readers.xml_parties import party_address, party_name
from pipelines.intake.readers.xml_records import Dialect, Row, Unused, attribute, day, joined, sequence, text

COLUMNS = (
    "register",
    "record_type",
    "gi_no",
    "gi_name",
    "holder",
    "user",
    "registered_on",
    "ended_on",
    "district",
    "address",
)
"""Fields of the geographical_indications contract that the format has."""

UNUSED = {
    "GITransaction": Unused(
        "a transaction of changes to geographical indications, which is not read; deliver the indications "
        "(<GIApplication>) or a table"
    ),
    "DesignApplication": Unused("an ST.96 design application, which is not read; deliver designs under patents"),
    "DesignTransaction": Unused("an ST.96 design transaction, which is not read; deliver designs under patents"),
}


def application_rows(application: Element, notes: Notes) -> list[Row]:
    """The indication, then its users in the order of the file.

    Nothing stands in for a registration number or date but China's application number: an indication that is only
    applied for has no date, and the contract refuses it. A user is one from the day of the registration that
    lists him; one whose right is pending or ended has no date either, since the format does not print it.
    """
    found = application.find("GIData")
    data = application if found is None else found
    number = text(data, "RegistrationNumber") or text(data, "ApplicationNumber/ApplicationNumberText")
    holders = sorted(application.iterfind("ApplicantBag/Applicant"), key=sequence)
    ended = text(data, "GIStatusCategory") == "Ended"
    shared = {
        "register": _register(data),
        "gi_no": number,
        "gi_name": text(data, "GINameBag/GINameText") or text(data, "GINameBag/GINameRichText"),
        "holder": joined(party_name(holder) for holder in holders),
        "registered_on": day(text(data, "RegistrationDate")),
    }
    ends = day(text(data, "WithdrawalDate") or (text(data, "ExpiryDate") if ended else ""))
    if ended and not ends:
        notes.add("indication that has ended without a date", number)
    region = text(data, "GeographicRegionDescriptionBag/GeographicRegionDescription/GeographicRegionDescriptionText")
    address = party_address(holders[0]) if holders else ""
    rows = [shared | {"record_type": "gi", "ended_on": ends, "district": region, "address": address}]
    for user in (*data.iterfind("AuthorizedUser"), *application.iterfind("AuthorizedUser")):
        rows.append(_user(user, shared, ends, notes))
    return rows


def _user(user: Element, shared: Row, ends: str, notes: Notes) -> Row:
    state = text(user, "AuthorizedUserStatusCategory")
    row = shared | {"record_type": "authorised_user", "user": party_name(user), "address": party_address(user)}
    if state in ("Pending", "Ended"):
        notes.add(f"authorised user whose right is {state.lower()}: no date in the format", shared["gi_no"])
        return row | {"registered_on": ""}
    return row | {"ended_on": ends}


def _register(data: Element) -> str:
    """The register as delivered, but China's sui generis one under the contract's name.

    The office's other register is that of marks, whose records are trademarks; other countries' categories stay as
    they are, which the contract refuses: they are in none of the three registers.
    """
    category = text(data, "GICategory")
    chinese = attribute(data, "officeCode") == "CN"
    return "product" if chinese and category == "Geographical Indication" else category


DIALECTS = (
    Dialect(
        "xml/st96-gi",
        "geographical_indications",
        "GIApplication",
        frozenset(
            {"PaymentBag", "SignatureBag", "FeatureDescriptionBag", "ProductIndicationBag", "DocumentIncludedBag"}
        ),
        application_rows,
    ),
)
