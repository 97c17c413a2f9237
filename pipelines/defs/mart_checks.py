"""Great Expectations on each mart as a blocking asset check, as declared in `pipelines.quality.marts`."""

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.verdicts import judged
from pipelines.quality.delivery_profiles import gate_store
from pipelines.quality.marts import MART_EXPECTATIONS, validate_marts
from pipelines.settings import Settings
from pipelines.transform import contents

_CHECK = "expectations"


@dg.multi_asset_check(
    name="mart_expectations",
    specs=[
        dg.AssetCheckSpec(
            _CHECK,
            asset=["marts", mart],
            blocking=True,
            description=f"Great Expectations on {mart} as it would be published.",
        )
        for mart in MART_EXPECTATIONS
    ],
    can_subset=True,
)
def mart_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """The verdicts of one pass over the selected marts."""
    warehouse = Settings.from_environment().warehouse
    keys = {key.asset_key.path[-1]: key.asset_key for key in sorted(context.selected_asset_check_keys)}
    held = {name: made.content for name, made in contents(warehouse.build_database).items()}
    verdicts = validate_marts(warehouse.build_database, keys, gate_store(warehouse), content_keys=held)
    for mart, verdict in verdicts.items():
        yield judged(keys[mart], _CHECK, [verdict])
