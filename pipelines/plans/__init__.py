"""Plans and the indicator catalogue as data: what is measured, against which target, in which regions.

No delivery is read and no value is computed here; dbt computes from the Parquet tables `write_inputs` leaves.
"""

from pipelines.plans.knowledge import as_known
from pipelines.plans.model import Catalogue, Plan
from pipelines.plans.reading import load_catalogue, load_plan, planned_regions
from pipelines.plans.tables import RunParameters, write_inputs
from pipelines.shipped_plans import available_plans, shipped_plan_files

__all__ = [
    "Catalogue",
    "Plan",
    "RunParameters",
    "as_known",
    "available_plans",
    "load_catalogue",
    "load_plan",
    "planned_regions",
    "shipped_plan_files",
    "write_inputs",
]
