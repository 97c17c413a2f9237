"""A plan as it was known on a day: which decisions about targets had been taken. Nothing else in a plan is dated."""

from datetime import date

from pipelines.plans.model import Plan


def as_known(plan: Plan, day: date) -> Plan:
    """The plan with the target versions that were decided by `day`.

    A target's first version is always there: a plan that is loaded is the plan asked about, and a report may look at
    years before its publication. An amendment exists from the day its document decides it (`known_on`), which may lie
    after the day it holds from.
    """
    targets = [
        target.model_copy(
            update={
                "versions": [version for version in target.versions if version.version == 1 or version.known_on <= day]
            }
        )
        for target in plan.targets
    ]
    return plan.model_copy(update={"targets": targets})
