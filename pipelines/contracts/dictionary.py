"""The data dictionary of what is delivered and kept, as rows made from the contracts. Layout and languages of a page
are the documentation's business."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.contracts.model import Contract, SourceField
from pipelines.contracts.registry import contracts
from pipelines.contracts.schema import bronze_columns


@dataclass(frozen=True)
class Entry:
    """One column of bronze, or one personal field that is dropped."""

    source: str
    column: str
    type: str
    title_zh: str
    title_en: str
    note_zh: str
    note_en: str
    headers: str
    """Headers it is found under, the preferred first."""
    required: bool
    unit: str
    codes: str
    personal: str
    """`drop`, `mask` or empty."""


def entries() -> Iterator[Entry]:
    """Every column of every source in the contracts' order, then the fields that are dropped."""
    for contract in contracts().values():
        for column in bronze_columns(contract):
            field = column.field if column.part is None else None
            yield _entry(contract, column.name, str(column.dtype), column.title.zh, column.title.en, field)
        for dropped in contract.fields:
            if dropped.personal == "drop":
                yield _entry(contract, dropped.name, "", dropped.title.zh, dropped.title.en, dropped)


def _entry(contract: Contract, name: str, kind: str, zh: str, en: str, field: SourceField | None) -> Entry:
    return Entry(
        source=contract.source,
        column=name,
        type=kind,
        title_zh=zh,
        title_en=en,
        note_zh=field.note.zh if field and field.note else "",
        note_en=field.note.en if field and field.note else "",
        headers=", ".join(dict.fromkeys([field.title.zh, *field.headers])) if field else "",
        required=bool(field and field.required),
        unit=field.unit.to if field and field.unit else "",
        codes=", ".join(field.values) if field and field.values else "",
        personal=(field.personal or "") if field else "",
    )
