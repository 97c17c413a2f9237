"""`ipw gc`: says of every release whether it was kept or removed, and why. What decides is in `release.retention`."""

from pipelines.cli.output import Format, show
from pipelines.release.retention import Verdict, collect
from pipelines.settings import Settings

_COLUMNS = {"release": "release", "verdict": "verdict", "size_mb": "MB", "reason": "reason"}


def gc(settings: Settings, form: Format, *, keep: int | None, dry_run: bool) -> None:
    """Print one row per folder of `releases/`, newest release first."""
    verdicts = collect(settings.warehouse, keep=keep or settings.keep_releases, is_dry_run=dry_run)
    freed = sum(verdict.size for verdict in verdicts if not verdict.is_kept) / 1e6
    removed = "would be removed" if dry_run else "removed"
    title = f"{sum(not verdict.is_kept for verdict in verdicts)} {removed}, {freed:,.1f} MB"
    show([_row(verdict, removed) for verdict in verdicts], _COLUMNS, form, title=title)


def _row(verdict: Verdict, removed: str) -> dict[str, object]:
    return {
        "release": verdict.name,
        "verdict": "kept" if verdict.is_kept else removed,
        "size_mb": round(verdict.size / 1e6, 1),
        "reason": verdict.reason,
    }
