"""Text tables as bytes: separators, encodings and byte order marks."""

import polars as pl


def gb18030(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """CSV in GB18030, as most offices export it, with nothing that says so."""
    return table.write_csv(include_header=header).encode("gb18030")


def utf8_with_mark(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """CSV in UTF-8; the byte order mark stands before the header."""
    return table.write_csv(include_header=header).encode("utf-8-sig" if header else "utf-8")


def utf8(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """Plain CSV in UTF-8."""
    return table.write_csv(include_header=header).encode("utf-8")


def utf16_tabs(table: pl.DataFrame, *, header: bool = True) -> bytes:
    """What a spreadsheet calls "Unicode text": UTF-16 with mark, tabs, CR LF."""
    text = table.write_csv(include_header=header, separator="\t", line_terminator="\r\n")
    return (b"\xff\xfe" if header else b"") + text.encode("utf-16-le")
