"""JSON deliveries: records of the CNIPR interface, and plain records whose keys name the fields.

An array of objects, one object, objects one after another and JSON Lines are the same thing here. Numbers keep
the text they were written with. Half a character (\\ud842 without its other half) is a lost one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NoReturn

from pipelines.intake.decode import LOST, decode_text, line_of
from pipelines.intake.readers.base import Notes, RawTable, UnreadableFile, table
from pipelines.intake.readers.gazette_text import COLUMNS as EVENT_COLUMNS
from pipelines.intake.readers.gazette_text import contradicts, event_code, parse_notice

Record = dict[str, Any]

CNIPR_KEYS = {"appNumber", "pubNumber", "appDate"}
"""Keys that only records of the CNIPR interface have together."""
CNIPR_TYPES = {"1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model"}
"""patType, the type digit of application numbers (domain C.1)."""
CNIPR_FIELDS = {
    "publication_date": "pubDate",
    "title": "title",
    "filing_date": "appDate",
    "grant_date": "grantDate",
    "applicant": "applicantName",
    "address": "address",
    "main_ipc": "mainIpc",
    "ipc": "ipc",
    "keywords": "patentWords",
    "abstract": "abs",
    "agency": "agencyName",
}
"""Field of the contract to key; lists are joined by `;`."""
CNIPR_EXTRAS = (
    "addrProvince",
    "addrCity",
    "addrCounty",
    "applicantType",
    "awardFlag",
    "expireDate",
    "highValueFlag",
    "maintenancePeriodFlag",
    "nec",
    "statusCode",
    "strategicEmergingIndustryFlag",
)
"""Keys without a field that are kept: the office's own judgements, to compare ours with."""
BLANK = re.compile(r"[\s,\x1e]*")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def read_json(content: bytes, source: str) -> RawTable:
    """The records of a JSON file, one row each; under patent_events a CNIPR record gives one row per legal event.

    Columns of CNIPR records are fields of the contract; plain records keep their keys as headers. Raises
    UnreadableFile for text that is not JSON, breaks off, holds anything but objects, or repeats a key.
    """
    text, encoding = decode_text(content)
    notes = Notes()
    found = _objects(_without_halves(text))
    first = next(found, None)
    if first is None:
        raise UnreadableFile("the JSON holds no records; ask the sender for the file again")
    every = chain([first], found)
    if not first.keys() >= CNIPR_KEYS:
        plain = ({key: _text(value) for key, value in record.items()} for record in every)
        return table(plain, (), reader="json", encoding=encoding, notes=notes)
    if source == "patent_events":
        events = (event for record in every for event in _cnipr_events(record, notes))
        return table(events, EVENT_COLUMNS, reader="json/cnipr", encoding=encoding, notes=notes)
    return table(_cnipr_patents(every, notes), CNIPR_COLUMNS, reader="json/cnipr", encoding=encoding, notes=notes)


def _without_halves(text: str) -> str:
    """`text` with `LOST` for each escape of half a character, which no text can hold; conform.py refuses its cell."""
    if not _HALF.search(text):
        return text
    return _ESCAPE.sub(lambda escape: LOST if escape["half"] else escape[0], text)


def _objects(text: str) -> Iterator[Record]:
    """The objects of a JSON text in order, one at a time."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_without_repeats, parse_int=str, parse_float=str, parse_constant=_no_number
    )
    position = BLANK.match(text).end()  # type: ignore[union-attr]  # matches anything
    in_array = text[position : position + 1] == "["
    position += in_array
    closed = not in_array
    while (position := BLANK.match(text, position).end()) < len(text):  # type: ignore[union-attr]
        if in_array and not closed and text[position] == "]":
            closed = True
            position += 1
            continue
        try:
            record, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise UnreadableFile(
                f"the JSON breaks off or is malformed at line {error.lineno}, column {error.colno} "
                f"({error.msg}); ask the sender for the file again"
            ) from error
        except RecursionError as error:
            raise UnreadableFile(
                "the JSON is nested too deeply to be a list of records; deliver flat objects"
            ) from error
        if not isinstance(record, dict) or (in_array and closed):
            line = line_of(text, position)
            raise UnreadableFile(f"the JSON holds something else than records at line {line}; deliver objects only")
        yield record
    if not closed:
        raise UnreadableFile("the JSON breaks off inside its list; ask the sender for the file again")


def _without_repeats(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise UnreadableFile(f"a JSON record has the key {repeated!r} twice; keep one")
    return record


def _no_number(name: str) -> NoReturn:
    raise UnreadableFile(f"the JSON holds {name}, which is no value; write null")


def _text(value: Any) -> str:
    """A value as text: lists joined by `;`, nested objects as JSON, null as ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return ";".join(text for item in value if (text := _text(item)))
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _printed(numbers: Any) -> str:
    """The printed form of a number that CNIPR lists in several forms, the printed one first."""
    return _text(numbers[0]) if isinstance(numbers, list) and numbers else _text(numbers)


def _cnipr_patents(records: Iterable[Record], notes: Notes) -> Iterator[dict[str, str]]:
    """CNIPR records as rows; the keys left unread (full text, citations, persons) are named in one note."""
    unread: set[str] = set()
    for record in records:
        unread |= record.keys() - READ_KEYS
        yield _cnipr_patent(record)
    if unread:
        notes.add(f"keys not read: {', '.join(sorted(unread))}")


def _cnipr_patent(record: Record) -> dict[str, str]:
    """One CNIPR record: the publication it names, the date of grant, and the latest legal event as status."""
    status_date, _, status = _text(record.get("legalStatus")).partition(";")[0].partition("#")
    row = {name: _text(record.get(key)) for name, key in CNIPR_FIELDS.items()}
    row |= {
        "application_no": _printed(record.get("appNumber")),
        "publication_no": _printed(record.get("pubNumber")),
        "patent_type": CNIPR_TYPES.get(_text(record.get("patType")), ""),
        "legal_status": status,
        "legal_status_date": status_date if status else "",
    }
    row |= {key: _text(record[key]) for key in CNIPR_EXTRAS if key in record}
    industries = record.get("emergingIndustriesClassifications")
    if isinstance(industries, list):
        row["strategicEmergingIndustries"] = ";".join(
            f"{_text(entry.get('strategicEmergingIndustries'))} {_text(entry.get('version'))}".strip()
            for entry in industries
            if isinstance(entry, dict)
        )
    return row


def _cnipr_events(record: Record, notes: Notes) -> Iterator[dict[str, str]]:
    """The legal events of one CNIPR record; their particulars are text in the grammar of the gazette."""
    entries = record.get("legalList")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        notes.add("record without legal events", _printed(record.get("pubNumber")))
        return
    shared = {
        "application_no": _printed(record.get("appNumber")),
        "publication_no": _printed(record.get("pubNumber")),
        "patent_type": CNIPR_TYPES.get(_text(record.get("patType")), ""),
        "filing_date": _text(record.get("appDate")),
        "grant_date": _text(record.get("grantDate")),
    }
    for entry in entries:
        notice = parse_notice(_text(entry.get("codeExpl")), notes)
        notice.title = _text(entry.get("prsCode")) or notice.title
        code = _text(entry.get("strLegalCode"))
        if contradicts(code, notice.title):
            notes.add("event code and title disagree", f"{code} and {notice.title}")
        yield (
            shared
            | notice.fields
            | {
                "application_no": shared["application_no"],
                "event_code": code or event_code(notice),
                "event_title": notice.title,
                "event_date": _text(entry.get("prsDate")),
            }
        )


CNIPR_COLUMNS = (
    "application_no",
    "publication_no",
    "patent_type",
    *CNIPR_FIELDS,
    "legal_status",
    "legal_status_date",
)
READ_KEYS = {
    *CNIPR_FIELDS.values(),
    *CNIPR_EXTRAS,
    *("appNumber", "pubNumber", "patType", "legalStatus", "legalList", "emergingIndustriesClassifications"),
}
