"""One folder of exports: the forms asked for, a data package that names every file, and the catalogue's entry."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import ConfigError
from pipelines.export import catalogue, sdmx, tables
from pipelines.export.catalogue import Coverage, Offer
from pipelines.export.forms import Confidentiality, Form
from pipelines.release import datapackage
from pipelines.release.database import marts_documentation
from pipelines.release.rows import rows

_MEDIA_TYPES = {
    Form.CSV: "text/csv",
    Form.CSV_EXCEL: "text/csv",
    Form.JSON: "application/json",
    Form.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Export:
    """An export that has been written: of which release, where, and its files with their sizes in bytes."""

    release_id: str
    folder: Path
    files: dict[str, int]


def export(
    marts: Path,
    folder: Path,
    forms: Sequence[Form],
    *,
    only: Sequence[str] = (),
    offer: Offer | None = None,
    confidentiality: Confidentiality | None = None,
) -> Export:
    """Write the release that `marts` (its DuckDB file) belongs to into a new or empty folder, whole or not at all.

    `only` names the tables, default all; SDMX always has every indicator and target. Raises ConfigError for a table
    that the release does not have, and for a folder that holds something or cannot be written.
    """
    folder = folder.resolve()
    parquet = marts.parent / "parquet"
    available = {
        model["name"]: model for model in marts_documentation() if (parquet / f"{model['name']}.parquet").exists()
    }
    if unknown := sorted(set(only) - set(available)):
        raise ConfigError(f"no table {', '.join(unknown)} in the release; it has {', '.join(available)}")
    chosen = {name: model for name, model in available.items() if not only or name in only}
    _require_room(folder)
    private = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(private, ignore_errors=True)
    try:
        private.mkdir()
        release, coverage = _described(marts)
        resources = _resources(marts, private, list(dict.fromkeys(forms)), chosen, confidentiality)
        datapackage.save(private, release, resources)
        catalogue.write(private, release=release, coverage=coverage, resources=resources, offer=offer or Offer())
        if folder.exists():
            folder.rmdir()
        private.rename(folder)
    except (OSError, duckdb.IOException) as error:
        said = " ".join(str(error).split())
        raise ConfigError(f"{folder} cannot be written ({said}); name a folder with room") from error
    finally:
        shutil.rmtree(private, ignore_errors=True)
    written = {
        file.relative_to(folder).as_posix(): file.stat().st_size for file in sorted(folder.rglob("*")) if file.is_file()
    }
    return Export(str(release["release_id"]), folder, written)


def _require_room(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not empty; name a new folder, an export never mixes with what is there")
    if not folder.parent.is_dir():
        raise ConfigError(f"{folder.parent} is no folder; make it first")


def _resources(
    marts: Path, folder: Path, forms: Sequence[Form], models: dict[str, Any], confidentiality: Confidentiality | None
) -> list[dict[str, Any]]:
    resources = []
    for form in forms:
        if form is Form.SDMX:
            resources += _sdmx(marts, folder, confidentiality)
        else:
            resources += [_table(marts, folder, form, model) for model in models.values()]
    return resources


def _table(marts: Path, folder: Path, form: Form, model: dict[str, Any]) -> dict[str, Any]:
    parquet = marts.parent / "parquet" / f"{model['name']}.parquet"
    names = tables.people_names(model) if form is Form.CSV_EXCEL else {}
    file = tables.write(parquet, folder, form, names)
    details = {} if form is Form.PARQUET else {"encoding": "utf-8"}
    return datapackage.resource(
        folder,
        file,
        f"{model['name']}.{form}",
        mediatype=_MEDIA_TYPES[form],
        description=model.get("description", ""),
        schema=datapackage.schema(parquet, model, names),
        **details,
    )


def _sdmx(marts: Path, folder: Path, confidentiality: Confidentiality | None) -> list[dict[str, Any]]:
    written = sdmx.write(marts, folder, confidentiality=confidentiality)
    return [
        datapackage.resource(folder, file, f"sdmx.{file.stem}", encoding="utf-8", **details)
        for file, details in written.items()
    ]


def _described(marts: Path) -> tuple[dict[str, Any], Coverage]:
    """The row of `release`, and where and when its figures are."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        (release,) = rows(connection, "select * from release")
        places = connection.execute(
            "select distinct city_code, name_zh from dim_region where region_code = city_code order by city_code"
        ).fetchall()
        first, last = connection.execute(
            "select min(period_start), max(observed_until) from fct_indicator_value where value is not null"
        ).fetchall()[0]
    return release, Coverage(dict(places), str(first), str(last))
