"""The sample city as deliveries: draws it part by part and writes it in the landing layout.

The same arguments give the same bytes. Drawing is in `patents` and `events`, formats are in `writers`,
what the marts must say about it is counted in `truth`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.errors import ConfigError
from pipelines.sample import city, deliveries, events, figures, patents, truth
from pipelines.sample.writers import gazette_csv

MARKER = "SYNTHETIC.md"
KNOWN_AT = (np.datetime64("2021-01-20"), deliveries.LAST)
"""Days as of which the truth is given: before the spring notices of 2021, and with everything delivered."""
KIND_NAMES = {"A": "发明公布", "B": "发明授权", "U": "实用新型", "S": "外观设计"}


@dataclass(frozen=True)
class SampleReport:
    """What was written, and what the marts must say about it."""

    folder: Path
    files: dict[str, int]
    """Rows by file, as a path relative to the folder."""
    truth: pl.DataFrame
    """known_at × indicator × region view × region × year: value (see `truth.SCHEMA`)."""


def generate(folder: Path, *, scale: int = 1, seed: int = 14) -> SampleReport:
    """Write the sample city into `folder` in the landing layout.

    `scale` multiplies every count and the population. Raises ConfigError for a folder that is not empty or a
    scale beyond 1 to 100.
    """
    if not 1 <= scale <= patents.MOST_PARTS:
        raise ConfigError(f"sample: scale {scale} is outside 1 to {patents.MOST_PARTS}; choose one inside")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"sample: {folder} is not empty; choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(
        "本文件夹全部为合成样例数据，不是任何真实专利、单位或个人。\n"
        "Everything in this folder is synthetic sample data.\n",
        encoding="utf-8",
    )
    files: dict[str, int] = {}
    tallies = [truth.Tally(day) for day in KNOWN_AT]
    for part in range(scale):
        _write_part(folder, part, seed, files, tallies)
    files.update(figures.write(folder, scale))
    table = pl.concat([tally.frame() for tally in tallies])
    (folder / "truth").mkdir()
    table.write_csv(folder / "truth" / "truth.csv")
    return SampleReport(folder, files, table)


def _write_part(folder: Path, part: int, seed: int, files: dict[str, int], tallies: list[truth.Tally]) -> None:
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part])))
    people = city.applicants(part, rng)
    cells = pl.Series("cell", [*people["cell"].to_list(), city.OUTSIDE], dtype=pl.Int64)
    for patent_type in ("invention", "utility_model", "design"):
        ledger = patents.ledger(rng, people, patent_type, part)
        ledger = ledger.with_columns(
            pl.Series("published_on_delivery", _delivered(ledger["published"])),
            pl.Series("granted_on_delivery", _delivered(ledger["granted"])),
        )
        if patent_type == "invention":
            happened = events.draw_invention_events(rng, ledger, people, part)
        else:
            happened = events.draw_other_events(rng, ledger, patent_type, people, part)
        happened = happened.with_columns(
            cells[happened["before"]].alias("before_cell"), cells[happened["after"]].alias("after_cell")
        )
        for tally in tallies:
            tally.add(ledger, happened)
        _write_publications(folder, publications(ledger, people), files)
        _write_events(folder, happened, people, files)


def _delivered(days: pl.Series) -> np.ndarray:
    array = days.to_numpy()
    known = ~np.isnat(array)
    result = np.full(len(array), np.datetime64("NaT", "D"))
    result[known] = deliveries.delivered_on(array[known])
    return result


def publications(ledger: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """One row per publication or grant of the ledger, with names and addresses, in order of publication."""
    shared = [
        "number",
        "patent_type",
        "application_no",
        "filing_date",
        "title",
        "ipc",
        "agency",
        "applicant_count",
    ]
    first = ledger.filter(pl.col("published").is_not_null()).select(
        *shared,
        "publication_no",
        pl.lit("A").alias("publication_kind"),
        pl.col("published").alias("publication_date"),
        pl.col("applicant").alias("party"),
        pl.col("published_on_delivery").alias("delivered_on"),
    )
    second = ledger.filter(pl.col("granted").is_not_null()).select(
        *shared,
        pl.col("grant_no").alias("publication_no"),
        pl.col("grant_kind").alias("publication_kind"),
        pl.col("granted").alias("publication_date"),
        pl.col("patentee").alias("party"),
        pl.col("granted_on_delivery").alias("delivered_on"),
    )
    both = pl.concat([first, second])
    names = people.select("applicant", "applicant_kind", "address")[both["party"]]
    partner = (
        pl.when(pl.col("applicant_count") > 1).then(pl.lit("; 合成样例合作单位有限公司0001号")).otherwise(pl.lit(""))
    )
    stem = (pl.col("number") % len(city.STEMS)).replace_strict(
        list(range(len(city.STEMS))), list(city.STEMS), return_dtype=pl.String
    )
    return (
        pl.concat([both, names], how="horizontal")
        .with_columns(
            pl.concat_str("applicant", partner).alias("applicants"),
            pl.concat_str(pl.lit("样例人"), stem).alias("inventors"),
        )
        .sort("publication_date", "publication_no", "publication_kind")
    )


def _write_publications(folder: Path, rows: pl.DataFrame, files: dict[str, int]) -> None:
    kinds = rows.with_columns(pl.col("publication_kind").replace("C", "B").alias("list"))
    for (delivered, kind), some in kinds.group_by("delivered_on", "list", maintain_order=True):
        name = f"合成_{KIND_NAMES[str(kind)]}_{deliveries.label(str(delivered))}.csv"
        _append(folder, f"patents/{delivered}/{name}", gazette_csv.rows(some), "gb18030", files)


def _write_events(folder: Path, happened: pl.DataFrame, people: pl.DataFrame, files: dict[str, int]) -> None:
    def party(side: str, column: str) -> pl.Series:
        values = pl.concat([people[column], pl.Series([None], dtype=pl.String)])
        return values[happened[side]].alias(f"{side}_{column}")

    named = happened.with_columns(*(party(s, c) for s in ("before", "after") for c in ("applicant", "address")))
    code = pl.col("event_code")
    moves = code.is_in(["TR01", "CP02", "CP03"])
    table = named.select(
        pl.col("delivered_on"),
        pl.col("application_no").alias("申请号"),
        pl.col("grant_no").alias("公开（公告）号"),
        code.alias("法律状态代码"),
        pl.col("event_title").alias("法律状态"),
        pl.col("event_date").cast(pl.String).alias("法律状态公告日"),
        pl.col("effective_date").cast(pl.String).alias("生效日"),
        pl.col("contract_no").alias("登记号"),
        pl.col("decision_no").alias("决定号"),
        pl.col("decision_date").cast(pl.String).alias("决定日"),
        pl.col("licence_kind").alias("许可种类"),
        pl.when(moves).then("before_applicant").alias("变更前权利人"),
        pl.when(moves).then("after_applicant").alias("变更后权利人"),
        pl.when(moves).then("before_address").alias("变更前地址"),
        pl.when(moves).then("after_address").alias("变更后地址"),
        pl.when(code == "PE01").then("before_applicant").alias("出质人"),
        pl.when(code == "PE01").then(pl.lit("合成样例银行股份有限公司淄博分行")).alias("质权人"),
        pl.when(code == "EE01").then("before_applicant").alias("让与人"),
        pl.when(code == "EE01").then("after_applicant").alias("受让人"),
        pl.col("filing_date").cast(pl.String).alias("申请日"),
        pl.col("granted").cast(pl.String).alias("授权公告日"),
    )
    for (delivered,), some in table.group_by("delivered_on", maintain_order=True):
        name = f"合成_法律状态_{deliveries.label(str(delivered))}.csv"
        _append(folder, f"patent_events/{delivered}/{name}", some.drop("delivered_on"), "gb18030", files)


def _append(folder: Path, name: str, table: pl.DataFrame, encoding: str, files: dict[str, int]) -> None:
    """Add rows to a list, with its header when it is new; lists grow part by part."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("ab") as out:
        out.write(table.write_csv(include_header=name not in files).encode(encoding))
    files[name] = files.get(name, 0) + table.height
