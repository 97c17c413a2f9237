"""Which plans come with the package, by the names of their files. None is read here, and nothing heavy is loaded."""

from pathlib import Path

FOLDER = Path(__file__).parent / "plans"
CATALOGUE_FILE = FOLDER / "indicators.yaml"


def available_plans() -> list[str]:
    """Names of the plans shipped with the package, sorted."""
    return sorted(path.stem for path in shipped_plan_files())


def shipped_plan_files() -> set[Path]:
    """The files of the plans shipped with the package."""
    return set(FOLDER.glob("*.yaml")) - {CATALOGUE_FILE}
