"""Great Expectations on each mart as a blocking asset check, as declared in `pipelines.quality.marts`."""

import dagster as dg

from pipelines.quality.delivery_profiles import gate_store
from pipelines.quality.marts import MART_EXPECTATIONS, validate_mart
from pipelines.settings import Settings


def _mart_check(mart: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=["marts", mart],
        name="expectations",
        blocking=True,
        description=f"Great Expectations on {mart} as it would be published.",
    )
    def expectations() -> dg.AssetCheckResult:
        warehouse = Settings.from_environment().warehouse
        verdict = validate_mart(warehouse, mart, gate_store(warehouse))
        return dg.AssetCheckResult(
            passed=verdict.passed,
            metadata={"expectations": verdict.evaluated, "failures": list(verdict.failures)},
            description="; ".join(verdict.failures) or None,
        )

    return expectations


mart_checks = [_mart_check(mart) for mart in MART_EXPECTATIONS]
