"""`dcat.jsonld`: the entry by which a data catalogue finds an export (W3C DCAT 3): a dataset, a distribution a file.

What the warehouse does not know (publisher, licence, where the files will lie) is said by whoever offers the files, and
left out otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.release.display import SYNTHETIC

FILE = "dcat.jsonld"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SDMX = "https://sdmx.org/standards-2/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Offer:
    """What only the one who offers the files knows: their address, who publishes them, under which licence (a URL)."""

    base_url: str | None = None
    publisher: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class Coverage:
    """Places (code → name), first and last day of a release's figures."""

    places: Mapping[str, str]
    first: str
    last: str


def write(
    folder: Path,
    *,
    release: Mapping[str, Any],
    coverage: Coverage,
    resources: Sequence[Mapping[str, Any]],
    offer: Offer,
) -> Path:
    """Write the entry of these resources (of the data package); the file. Addresses are relative without a base."""
    file = folder / FILE
    entry = {"@context": _CONTEXT, "@graph": [_dataset(release, coverage, resources, offer)]}
    file.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def _dataset(
    release: Mapping[str, Any], coverage: Coverage, resources: Sequence[Mapping[str, Any]], offer: Offer
) -> dict[str, Any]:
    note = f"{SYNTHETIC}. " if release["is_synthetic"] else ""
    plans = str(release["plans"]).replace(",", ", ")
    base = f"{offer.base_url.rstrip('/')}/" if offer.base_url else ""
    dataset = {
        "@id": f"{base}#{release['release_id']}",
        "@type": "dcat:Dataset",
        "dct:title": _both("知识产权规划:指标与目标", "IP plan: indicators and targets"),
        "dct:description": _both(
            f"{note}规划 {plans};已知至 {release['known_at']},基准日 {release['as_of']}。",
            f"{note}Plans {plans}; known at {release['known_at']}, reference date {release['as_of']}.",
        ),
        "dct:identifier": release["release_id"],
        "dcat:version": release["release_id"],
        "dct:modified": {"@type": "xsd:date", "@value": str(release["known_at"])},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": coverage.first},
            "dcat:endDate": {"@type": "xsd:date", "@value": coverage.last},
        },
        "dct:spatial": [
            {"@type": "dct:Location", "dct:identifier": code, "dct:title": name}
            for code, name in coverage.places.items()
        ],
        "dct:language": ["zh", "en"],
        "dcat:keyword": _both("知识产权", "intellectual property") + _both("五年规划", "five-year plan"),
        "dcat:distribution": [_distribution(each, base, offer) for each in resources],
    }
    if offer.publisher:
        dataset["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": offer.publisher}
    return dataset | _licence(offer)


def _distribution(resource: Mapping[str, Any], base: str, offer: Offer) -> dict[str, Any]:
    media_type = str(resource["mediatype"])
    distribution = {
        "@type": "dcat:Distribution",
        "dct:title": resource["name"],
        "dcat:downloadURL": {"@id": f"{base}{resource['path']}"},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media_type.partition(';')[0]}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(resource["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": resource["hash"].removeprefix("sha256:")},
        },
    }
    if "sdmx" in media_type:
        distribution["dct:conformsTo"] = {"@id": _SDMX}
    return distribution | _licence(offer)


def _licence(offer: Offer) -> dict[str, Any]:
    return {"dct:license": {"@id": offer.licence}} if offer.licence else {}


def _both(chinese: str, english: str) -> list[dict[str, str]]:
    return [{"@language": "zh", "@value": chinese}, {"@language": "en", "@value": english}]
