"""The sample city's protection, finance, programmes and evidence: drawn, written in the official formats, counted."""

from pipelines.sample.protection.deliver import deliver

__all__ = ["deliver"]
