"""What can be asked of an export. It loads nothing, since help and completion read it."""

from enum import StrEnum


class Form(StrEnum):
    """A form that a release can be exported as; the value names its folder."""

    CSV = "csv"
    CSV_EXCEL = "csv-excel"
    JSON = "json"
    PARQUET = "parquet"
    SDMX = "sdmx"


class Confidentiality(StrEnum):
    """SDMX CONF_STATUS (`domain.md` F.7)."""

    FREE = "F"
    INTERNAL = "N"
    CONFIDENTIAL = "C"
