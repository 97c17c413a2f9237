"""`ipw report`: the stage assessment as a document. What it says is in `pipelines.report`."""

from pathlib import Path

from pipelines.cli.marts import published_file
from pipelines.cli.output import messages, say_json
from pipelines.errors import ConfigError
from pipelines.paths import Warehouse


def report(warehouse: Warehouse, *, plan: str | None, output: Path | None, as_json: bool) -> None:
    """Write the document and say where it is. Raises ConfigError when there is no release or no such plan."""
    from pipelines.report import write

    marts = published_file(warehouse)
    file = output or Path(f"阶段评估-{marts.parent.name}.docx")
    if file.suffix != ".docx":
        raise ConfigError(f"{file}: the draft is a Word document; name a file that ends in .docx")
    if not file.parent.is_dir():
        raise ConfigError(f"{file.parent} is no folder; make it first")
    notes = write(file, marts, plan)
    messages.print(f"{file}: {len(notes.figures)} figures from {len(notes.lines())} sources; a draft, to be decided on")
    if as_json:
        say_json({"file": file, "figures": len(notes.figures), "sources": len(notes.lines())})
