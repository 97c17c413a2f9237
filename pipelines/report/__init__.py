"""The stage assessment that the plan asks for, drafted from the marts as a document an office can work on."""

from pipelines.report.assessment import write

__all__ = ["write"]
