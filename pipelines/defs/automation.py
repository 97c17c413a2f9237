"""When things run: the whole refresh as a job, every morning, and whenever a new delivery lies in landing."""

import hashlib

import dagster as dg

from pipelines.contracts.registry import contracts
from pipelines.defs.past import GROUP as PAST
from pipelines.errors import IpwError
from pipelines.intake.news import new_files
from pipelines.settings import Settings

REFRESH = "refresh"

refresh = dg.define_asset_job(
    REFRESH,
    selection=(dg.AssetSelection.all() - dg.AssetSelection.groups(PAST)) | dg.AssetSelection.all_asset_checks(),
    description="Deliveries to release: intake, plan inputs, dbt, all gates, publishing.",
    tags={"dagster/max_runtime": "21600"},
)


@dg.schedule(
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone="Asia/Shanghai",
    description="Every morning at six: catches what the sensor missed; without news the same release is confirmed.",
)
def every_morning() -> dg.RunRequest:
    """One refresh a day."""
    return dg.RunRequest()


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=60,
    description="Starts a refresh when landing holds files that no batch knows yet; the same files never start two.",
)
def new_deliveries(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """A run request keyed by the contents of the new files, or the reason why there is nothing to do."""
    settings = Settings.from_environment()
    try:
        files = new_files(settings.warehouse, settings.landing, list(contracts()), until=settings.known_until)
    except IpwError as error:
        return dg.SkipReason(str(error))
    if not files:
        return dg.SkipReason(f"nothing new in {settings.landing}")
    key = hashlib.sha256("\n".join(sorted(file.sha256 for file in files)).encode()).hexdigest()[:16]
    return dg.RunRequest(run_key=key, tags={"ipw/new_files": str(len(files))})
