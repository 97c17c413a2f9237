"""What Dagster keeps of Great Expectations' verdicts. Suites and their validation are in `pipelines.quality`."""

from collections.abc import Sequence

import dagster as dg

from pipelines.quality.expectations import Verdict


def judged(asset: dg.AssetKey, check: str, verdicts: Sequence[Verdict]) -> dg.AssetCheckResult:
    """One check of an asset from its suites' verdicts: it passes when each of them did."""
    failures = [line for verdict in verdicts for line in verdict.failures]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=check,
        passed=all(verdict.passed for verdict in verdicts),
        metadata={
            "expectations": sum(verdict.evaluated for verdict in verdicts),
            "failures": failures,
            "reused": bool(verdicts) and all(verdict.reused for verdict in verdicts),
        },
        description="; ".join(failures) or None,
    )
