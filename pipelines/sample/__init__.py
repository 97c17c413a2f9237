"""The sample city: a deterministic, visibly synthetic Zibo 2011-2025, delivered in the official formats."""

from pipelines.sample.generate import SampleReport, generate

__all__ = ["SampleReport", "generate"]
