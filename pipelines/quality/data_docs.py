"""The Data Docs of a release: the pages that were rendered when each suite was validated, and an index of them.

Nothing is rendered here but the index, which is ours: the library's own asks five foreign sites for the scripts that
draw it, and building it would mean importing the library though every suite was reused.
"""

import shutil
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from pipelines.errors import GateFailed
from pipelines.quality import kept
from pipelines.quality.kept import Kept

RESULT_PAGE, EXPECTATIONS_PAGE = "result.html", "expectations.html"

_INDEX = """<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>门禁 Gates</title>
<style>
body {{ font-family: sans-serif; margin: 2rem; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #ccc; padding: .3rem 1rem .3rem 0; text-align: left; }}
</style>
</head>
<body>
<h1>门禁 Gates</h1>
<p>Great Expectations: {suites} suites, {expectations} expectations.</p>
<table>
<thead><tr><th>门禁 suite</th><th>结果 result</th><th>期望 expectations</th><th>输入 inputs</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""
_ROW = (
    '<tr><td>{name}</td><td><a href="{result}">{word}</a></td>'
    '<td><a href="{expected}">{count}</a></td><td><code>{key}</code></td></tr>'
)


def build_data_docs(store: Path, target: Path, suites: Iterable[str] | None = None) -> None:
    """Write the Data Docs of the suites kept in `store` as a static site at `target` (a new folder).

    `suites` names those the release was judged by (None: all that are kept). Raises GateFailed when the result of one
    of them is not there whole: a release says of every gate what it found.
    """
    found = {one.verdict.suite: one for one in kept.every(store)}
    shown = sorted(found if suites is None else suites)
    if missing := [name for name in shown if name not in found]:
        raise GateFailed(f"no whole result of {', '.join(missing)} in {store}; run the whole pipeline")
    unfinished = target.with_name(f".{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name in shown:
        for page, place in ((RESULT_PAGE, _result(found[name])), (EXPECTATIONS_PAGE, _expected(found[name]))):
            file = unfinished / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(found[name].files[page])
    unfinished.mkdir(parents=True, exist_ok=True)
    (unfinished / "index.html").write_text(_index([found[name] for name in shown]), encoding="utf-8")
    unfinished.rename(target)


def _index(shown: Sequence[Kept]) -> str:
    return _INDEX.format(
        suites=len(shown),
        expectations=sum(one.verdict.evaluated for one in shown),
        rows="\n".join(_row(one) for one in shown),
    )


def _row(one: Kept) -> str:
    return _ROW.format(
        name=escape(one.verdict.suite),
        result=escape(_result(one)),
        word="通过 passed" if one.verdict.passed else "未通过 failed",
        expected=escape(_expected(one)),
        count=one.verdict.evaluated,
        key=one.key[:12],
    )


def _result(one: Kept) -> str:
    """As deep as the library's pages expect, whose links lead up to the index."""
    return f"validations/{one.verdict.suite}/inputs/{one.key[:12]}/{RESULT_PAGE}"


def _expected(one: Kept) -> str:
    return f"expectations/{one.verdict.suite}.html"
