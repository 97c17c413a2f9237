"""The page of a release: a static site that opens from a file share without a network."""

from pipelines.release.page.site import write

__all__ = ["write"]
