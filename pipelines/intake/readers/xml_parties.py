"""Names and addresses of parties in WIPO's XML, for every kind of right. No kind of right is read here."""

import re
from xml.etree.ElementTree import Element

from pipelines.intake.readers.xml_records import BLANKS, text

HAN = re.compile(r"[\u3400-\u9fff]")
NAMES = ("EntityName", "OrganizationStandardName", "OrganizationName", "PersonFullName")
ORGANISATION_NAMES = ("OrganizationStandardName", "OrganizationName", "EntityName")

# From the province down, as a Chinese address is written; streets and lines follow as the office has them.
LARGER_FIRST = (
    ("GeographicRegionName", "AddressState"),
    ("CityName", "AddressCity"),
    ("DistrictName", "CountyName", "AddressCounty"),
)
POSTCODES = ("PostalCode", "AddressPostcode")


def plain(value: str) -> str:
    """Line breaks inside a name or address line made blanks."""
    return BLANKS.sub(" ", value).strip()


def party_name(party: Element) -> str:
    """An organisation's or person's name, wherever in the contact ST.96 puts it."""
    name = next(party.iter("Name"), None)
    for tag in NAMES:
        for element in name.iter(tag) if name is not None else ():
            if found := plain(text(element)):
                return found
    return plain(
        f"{text(name, 'PersonName/PersonStructuredName/LastName')} "
        f"{text(name, 'PersonName/PersonStructuredName/FirstName')}"
    )


def organisation_name(party: Element) -> str:
    """A name given as an organisation's; "" where only a person is named."""
    for tag in ORGANISATION_NAMES:
        for element in party.iter(tag):
            if found := plain(text(element)):
                return found
    return ""


def party_address(party: Element) -> str:
    """The postal address on one line: the free text where there is one, else its parts."""
    bag = next(party.iter("PostalAddress"), None)
    return "" if bag is None else address_line(bag)


def address_line(parts: Element) -> str:
    """Parts of an address on one line: in the order of the file, Chinese ones from the province down.

    Province, city and district are left out where a line names them: offices put the whole address on lines as well.
    """
    leaves = [(part.tag, leaf) for part in parts.iter() if not len(part) and (leaf := plain(text(part)))]
    if not any(HAN.search(leaf) for _, leaf in leaves):
        return ", ".join(leaf for _, leaf in leaves)
    written: dict[str, str] = {}
    for tag, leaf in leaves:
        if not tag.endswith("CountryCode"):
            written[tag] = written.get(tag, "") + leaf
    postcode = next((written.pop(tag) for tag in POSTCODES if tag in written), "")
    larger = [written.pop(tag) for tags in LARGER_FIRST for tag in tags if tag in written]
    street = "".join(written.values())
    place = "".join(part for part in larger if part not in street) + street
    return " ".join(part for part in (postcode, place) if part)
