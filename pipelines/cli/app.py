"""The verbs of `ipw` and their options; what a verb does is in the module it calls.

Errors become one line and an exit code here. A verb loads its module when it is called: help and completion wait for
none of them.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import click
import typer
from typer.core import TyperGroup

from pipelines.cli import completing, output
from pipelines.cli.naming import PeriodType, View
from pipelines.cli.output import Format
from pipelines.errors import IpwError
from pipelines.export.forms import Confidentiality, Form
from pipelines.memory import garbage_sought_seldom

if TYPE_CHECKING:
    from pipelines.settings import Settings


class OneLineErrors(TyperGroup):
    """Whatever ends a verb early is one line and an exit code, never a traceback; IPW_DEBUG=1 shows one."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb."""
        try:
            with garbage_sought_seldom():
                return super().invoke(ctx)
        except IpwError as error:
            _end(str(error), error.exit_code)
        except KeyboardInterrupt:
            _end("stopped; the last release stays in place, and the same command goes on where it can", 130)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise  # wrong use and help, which click ends itself
        except Exception as error:
            if os.environ.get("IPW_DEBUG"):
                raise
            said = " ".join(str(error).split())
            _end(f"unexpected {type(error).__name__}: {said}; IPW_DEBUG=1 shows where, please report it", 1)


def _end(words: str, exit_code: int) -> NoReturn:
    output.messages.print(f"ipw: {words}", style="red")
    sys.exit(exit_code)


def _version(wanted: bool) -> None:
    """Print the version of the project and end."""
    if wanted:
        output.console.print(f"ipw {version('ip-plan-warehouse')}")
        raise typer.Exit


app = typer.Typer(
    cls=OneLineErrors,
    no_args_is_help=True,
    suggest_commands=False,  # click does
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="From a city's IP deliveries to the indicators of its five-year plan, target versus actual.",
    epilog="Exit codes: 0 done · 1 a gate failed · 2 wrong use or configuration · 3 broken input.",
)

WarehouseOption = Annotated[
    Path | None,
    typer.Option("--warehouse", help="Folder that holds bronze, build and releases.", envvar="IPW_WAREHOUSE"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
SummaryOption = Annotated[bool, typer.Option("--json", help="Say what came of it as one JSON document.")]
PlanOption = Annotated[
    list[str] | None,
    typer.Option("--plan", help="Plan by name, or a YAML file of your own; may be repeated."),
]

IndicatorArgument = Annotated[
    str | None,
    typer.Argument(help="Only this indicator, such as inv_valid.", autocompletion=completing.indicators),
]
RegionsOption = Annotated[
    str | None,
    typer.Option(
        "--region", help="Only this region, by code or name. Default: all.", autocompletion=completing.regions
    ),
]
PeriodsOption = Annotated[
    str | None,
    typer.Option("--period", help="Only 2020, 2020-S1, 2020-Q2, 2020-06 or 2016-2020. Default: all years."),
]
ViewsOption = Annotated[
    View | None,
    typer.Option("--view", help="Default: statutory, and the zones of the other."),
]
RecordsOption = Annotated[
    bool, typer.Option("--records", help="Also the records that entered and left, with file and row.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most this many lines of each table.")]
OnePlanOption = Annotated[
    str | None,
    typer.Option("--plan", help="Only this plan, such as zibo_14fyp.", autocompletion=completing.plans),
]


def _form(form: Format, as_json: bool) -> Format:
    return Format.JSON if as_json else form


def _settings(warehouse: Path | None = None) -> "Settings":
    from pipelines.settings import Settings

    if warehouse:
        os.environ["IPW_WAREHOUSE"] = str(warehouse)
    return Settings.from_environment()


@app.callback()
def main(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options that stand before every verb."""


@app.command()
def run(
    warehouse: WarehouseOption = None,
    landing: Annotated[
        Path | None,
        typer.Option(help="Deliveries: <source>/<YYYY-MM-DD>/<file>. Default: the warehouse's landing."),
    ] = None,
    plan: PlanOption = None,
    as_of: Annotated[str | None, typer.Option(help="Reference date YYYY-MM-DD. Default: the known-at date.")] = None,
    known_at: Annotated[
        str | None,
        typer.Option(help="Ignore deliveries after YYYY-MM-DD. Default: the latest delivery date."),
    ] = None,
    targets_known_at: Annotated[
        str | None,
        typer.Option(help="Ignore target decisions after YYYY-MM-DD. Default: the known-at date."),
    ] = None,
    population_known_at: Annotated[
        str | None,
        typer.Option(help="Ignore population figures delivered after YYYY-MM-DD. Default: the known-at date."),
    ] = None,
    keep_current: Annotated[
        bool, typer.Option("--keep-current", help="Publish beside the release in force, not in its place.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Make and check every table anew, also what nothing new reaches.")
    ] = False,
    as_json: SummaryOption = False,
) -> None:
    """Deliveries to published target board. With an empty landing it makes the synthetic sample city first.

    Example: ipw run --landing ~/deliveries --warehouse ~/ip-warehouse
    """
    from pipelines.cli import running
    from pipelines.settings import Settings

    given = {
        "IPW_WAREHOUSE": warehouse,
        "IPW_LANDING": landing,
        "IPW_AS_OF": as_of,
        "IPW_KNOWN_AT": known_at,
        "IPW_TARGETS_KNOWN_AT": targets_known_at,
        "IPW_POPULATION_KNOWN_AT": population_known_at,
        "IPW_KEEP_CURRENT": keep_current,
    }
    os.environ.update({name: str(value) for name, value in given.items() if value})
    if plan:
        os.environ["IPW_PLANS"] = ",".join(plan)
    running.run(Settings.from_environment(), full=full, as_json=as_json)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder to use as landing.")],
    scale: Annotated[int, typer.Option(min=1, help="Multiplies every count and the population.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed, another city; the plan's figures stay.")] = 14,
    story: Annotated[
        bool, typer.Option("--story", help="With later deliveries and an amended plan in DIR/story: see docs/story.md.")
    ] = False,
    as_json: SummaryOption = False,
) -> None:
    """Write the synthetic sample city: 2011–2025, official formats, planted and labelled damage.

    Example: ipw sample /tmp/landing --scale 10
    """
    from pipelines.cli import running

    running.sample(folder, scale=scale, seed=seed, with_story=story, as_json=as_json)


@app.command()
def targets(
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    plan: OnePlanOption = None,
    every_year: Annotated[bool, typer.Option("--every-year", help="All plan years, not only the newest.")] = False,
) -> None:
    """The target board: every target of the plans with actual, gap, status and reason.

    Example: ipw targets --plan zibo_14fyp --every-year --format csv
    """
    from pipelines.cli import listings

    listings.targets(_settings(warehouse).warehouse, _form(form, as_json), plan=plan, every_year=every_year)


@app.command()
def tasks(
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    plan: OnePlanOption = None,
) -> None:
    """The plans' written tasks with evidence and status (D deliverable, S standing activity, E encouragement).

    Example: ipw tasks --json
    """
    from pipelines.cli import listings

    listings.tasks(_settings(warehouse).warehouse, _form(form, as_json), plan=plan)


@app.command()
def indicators(
    indicator: IndicatorArgument = None,
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    region: Annotated[
        str | None,
        typer.Option(
            help="Region by code or name; all: every one. Default: the city.", autocompletion=completing.regions
        ),
    ] = None,
    period: Annotated[PeriodType, typer.Option(help="Length of the periods.")] = PeriodType.YEAR,
    view: Annotated[View, typer.Option(help="How the city is divided.")] = View.STATUTORY,
) -> None:
    """Values of one indicator or of all, of a region, newest period last.

    Example: ipw indicators inv_valid --region 张店区
    """
    from pipelines.cli import listings

    place = _settings(warehouse).warehouse
    listings.indicators(place, _form(form, as_json), indicator, region=region, period=period, view=view)


@app.command()
def reconcile(
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    plan: OnePlanOption = None,
) -> None:
    """The plans' own figures and officially published ones against computed values, and sums that must hold.

    Example: ipw reconcile --plan zibo_14fyp
    """
    from pipelines.cli import listings

    listings.reconcile(_settings(warehouse).warehouse, _form(form, as_json), plan=plan)


@app.command()
def revisions(
    indicator: IndicatorArgument = None,
    warehouse: WarehouseOption = None,
    region: RegionsOption = None,
    period: PeriodsOption = None,
    view: ViewsOption = None,
    records: RecordsOption = False,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
) -> None:
    """What differs from the release before: values and targets, old and new, with the reasons.

    Example: ipw revisions inv_valid --region 370303 --records
    """
    from pipelines.cli import revisions as comparing
    from pipelines.release.revisions import Wanted

    wanted = Wanted(indicator, region, view, period)
    comparing.revisions(_settings(warehouse).warehouse, _form(form, as_json), wanted, records=records, limit=limit)


@app.command()
def diff(
    old: Annotated[
        str, typer.Argument(help="A release id, the beginning of one, or the day it was known: YYYY-MM-DD.")
    ],
    new: Annotated[str, typer.Argument(help="Another, named in the same way.")],
    warehouse: WarehouseOption = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator.")] = None,
    region: RegionsOption = None,
    period: PeriodsOption = None,
    view: ViewsOption = None,
    records: RecordsOption = False,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
) -> None:
    """What differs between any two releases ever published here, as `ipw revisions` shows it.

    Example: ipw diff 2025-12-31 2026-01-31 --indicator inv_valid --records
    """
    from pipelines.cli import revisions as comparing
    from pipelines.release.revisions import Wanted

    wanted = Wanted(indicator, region, view, period)
    comparing.diff(_settings(warehouse), old, new, _form(form, as_json), wanted, records=records, limit=limit)


@app.command()
def rejects(
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    source: Annotated[str | None, typer.Option(help="Only this source.", autocompletion=completing.sources)] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows.")] = 50,
) -> None:
    """Quarantined rows and rejected files: file, row, reason, value. Correct them and deliver the correction.

    Example: ipw rejects --source patents --limit 10
    """
    from pipelines.cli.rejects import show_rejects

    show_rejects(_settings(warehouse).warehouse, _form(form, as_json), source=source, limit=limit)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="A file as it would be delivered.")],
    source: Annotated[
        str | None,
        typer.Option(
            help="What it is meant to be. Default: the landing folder it lies in, else what fits its columns.",
            autocompletion=completing.sources,
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    form: Annotated[
        Format, typer.Option("--format", help="table, json, or xlsx: a copy with the rejected cells marked.")
    ] = Format.TABLE,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows of each table.")] = 10,
) -> None:
    """What intake would make of a file, before it is delivered: tables, columns, rows as they land, rejects and why.

    Example: ipw preview 质押登记台账.xlsx --source pledges
    """
    from pipelines.cli.previewing import show_preview

    show_preview(_settings(warehouse), file, _form(form, as_json), source=source, limit=limit)


@app.command()
def explain(
    indicator: Annotated[
        str, typer.Argument(help="Indicator id, such as inv_valid.", autocompletion=completing.indicators)
    ],
    warehouse: WarehouseOption = None,
    region: Annotated[
        str | None, typer.Option(help="Region by code or name. Default: the city.", autocompletion=completing.regions)
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(help="2020, 2020-S1, 2020-Q2, 2020-06 or 2016-2020. Default: the release's year."),
    ] = None,
    view: Annotated[View | None, typer.Option(help="Default: statutory; of a zone, management.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows of each side.")] = 20,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
) -> None:
    """One value with its definition, its workings and the delivered file and row of each record behind it.

    Example: ipw explain inv_valid_per_10k --period 2020-Q3
    """
    from pipelines.cli.explain import explain as explained

    explained(
        _settings(warehouse).warehouse,
        indicator,
        _form(form, as_json),
        region=region,
        period=period,
        view=view,
        limit=limit,
    )


@app.command()
def report(
    warehouse: WarehouseOption = None,
    plan: OnePlanOption = None,
    output: Annotated[
        Path | None, typer.Option(help="The .docx to write. Default: 阶段评估-RELEASE.docx here.")
    ] = None,
    as_json: SummaryOption = False,
) -> None:
    """Draft the stage assessment that the plan asks for, as a .docx in which every number names its source.

    Example: ipw report --plan zibo_14fyp --output assessment.docx
    """
    from pipelines.cli import reporting

    reporting.report(_settings(warehouse).warehouse, plan=plan, output=output, as_json=as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    warehouse: WarehouseOption = None,
    form: Annotated[
        list[Form] | None,
        typer.Option(
            "--format",
            help="csv: UTF-8 for programs; csv-excel: with byte order mark and Chinese headers, for people; sdmx: "
            "SDMX-CSV 2.0 with structure. May be repeated. Default: csv.",
        ),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", help="Only this table; may be repeated. Default: all.", autocompletion=completing.tables
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Where the files will lie, for the catalogue's entry (dcat.jsonld).")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes them, for the catalogue's entry.")] = None,
    licence: Annotated[str | None, typer.Option(help="Address of their licence, for the catalogue's entry.")] = None,
    conf_status: Annotated[
        Confidentiality | None,
        typer.Option(help="SDMX CONF_STATUS of all figures: F free, N internal, C confidential. Default: left empty."),
    ] = None,
    as_json: SummaryOption = False,
) -> None:
    """Write the release in force as CSV, JSON, Parquet or SDMX, with a data package and a DCAT entry.

    Example: ipw export open-data --format csv --format sdmx --table target_vs_actual
    """
    from pipelines.cli import exporting
    from pipelines.export.catalogue import Offer

    exporting.to_folder(
        _settings(warehouse).warehouse,
        folder,
        form or [Form.CSV],
        only=table or [],
        offer=Offer(base_url, publisher, licence),
        confidentiality=conf_status,
        as_json=as_json,
    )


@app.command()
def publish(
    postgres: Annotated[
        str | None,
        typer.Option(
            "--postgres", help="postgresql://user@host/database; a password best in PGPASSWORD.", envvar="IPW_POSTGRES"
        ),
    ] = None,
    superset: Annotated[
        str | None,
        typer.Option(help="Address of a Superset that is to have the dashboards; its password in SUPERSET_PASSWORD."),
    ] = None,
    warehouse: WarehouseOption = None,
    schema: Annotated[str, typer.Option(help="PostgreSQL: schema that holds the tables.")] = "marts",
    reader_role: Annotated[
        str, typer.Option(help="PostgreSQL: role that may read, made if missing; logins are made members of it.")
    ] = "ip_plan_reader",
    force: Annotated[bool, typer.Option("--force", help="PostgreSQL: load again what lies there already.")] = False,
    superset_user: Annotated[str, typer.Option(help="Superset: who loads the dashboards.")] = "admin",
    reads: Annotated[
        str | None,
        typer.Option(help="Superset: SQLAlchemy address of the marts it reads. Default: the DuckDB file here."),
    ] = None,
    as_json: SummaryOption = False,
) -> None:
    """Put the release in force where BI tools read it: its tables into PostgreSQL, the dashboards into Superset.

    Example: ipw publish --postgres postgresql://etl@db.example/plan
    """
    from pipelines.cli import publishing
    from pipelines.errors import ConfigError

    if not (postgres or superset):
        raise ConfigError("say where to: --postgres URI, --superset ADDRESS, or both")
    place = _settings(warehouse).warehouse
    if postgres:
        publishing.to_postgres(place, postgres, schema=schema, reader=reader_role, force=force, as_json=as_json)
    if superset:
        publishing.to_superset(place, superset, user=superset_user, reads=reads, as_json=as_json)


@app.command()
def gc(
    warehouse: WarehouseOption = None,
    form: FormatOption = Format.TABLE,
    as_json: JsonOption = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep this many of the newest. Default: IPW_KEEP_RELEASES, 24.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove old releases; what they said stays in the history. Never the one in force or one that is being read.

    Example: ipw gc --keep 24 --dry-run
    """
    from pipelines.cli import retention

    retention.gc(_settings(warehouse), _form(form, as_json), keep=keep, dry_run=dry_run)


@app.command()
def doctor(warehouse: WarehouseOption = None, as_json: SummaryOption = False) -> None:
    """Check the installation, the plans, the contracts and the warehouse; say what is wrong and what to do.

    Example: ipw doctor
    """
    from pipelines.cli import serving

    serving.doctor(_settings(warehouse), as_json=as_json)


@app.command()
def serve(
    warehouse: WarehouseOption = None,
    port: Annotated[int, typer.Option(help="Port of the Dagster UI, on this machine only.")] = 3000,
) -> None:
    """Open the Dagster UI: graph, runs, checks, the sensor for new deliveries and the daily schedule.

    Example: ipw serve --port 3000
    """
    from pipelines.cli import serving

    serving.serve(_settings(warehouse), port)
