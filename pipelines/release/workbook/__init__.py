"""`targets.xlsx`: what planners print, filter and send on. The sheets are in `sheets`, how a cell looks in `grid`."""

from pipelines.release.workbook.sheets import write

__all__ = ["write"]
