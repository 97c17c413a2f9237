"""Loads the project's dashboards into a Superset by its API, or brings them up to date there; `bundle` makes them."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx

from pipelines.errors import ConfigError
from pipelines.serving.bundle import bundle, dashboards

DATABASE = "ip_plan"
_PATIENCE = httpx.Timeout(30, read=300)


@dataclass(frozen=True)
class Loaded:
    """What lies in the Superset now: its address, the database it reads, dashboards (title → address), charts."""

    url: str
    reads: str
    dashboards: dict[str, str]
    charts: int


def load(marts: Path, url: str, *, user: str, password: str, reads: str) -> Loaded:
    """Make or change database, datasets, charts and dashboards; `reads` is the SQLAlchemy address of the marts.

    Raises ConfigError when there is no Superset at `url`, when it refuses the login, or what is loaded.
    """
    with duckdb.connect(str(marts), read_only=True) as connection:
        contents = bundle(connection, uri=reads, name=DATABASE)
    base = url.rstrip("/")
    try:
        with httpx.Client(base_url=base, timeout=_PATIENCE) as client:
            _log_in(client, user, password)
            _import(client, contents)
    except httpx.HTTPError as error:
        raise ConfigError(f"no Superset answers at {base} ({error}); start it, or name another address") from error
    found = dashboards()
    return Loaded(
        base,
        _without_password(reads),
        {one.title: f"{base}/superset/dashboard/{one.slug}/" for one in found},
        sum(len(one.charts) for one in found),
    )


def _log_in(client: httpx.Client, user: str, password: str) -> None:
    said = client.post(
        "/api/v1/security/login", json={"username": user, "password": password, "provider": "db", "refresh": False}
    )
    if said.status_code == httpx.codes.UNAUTHORIZED:
        raise ConfigError(f"{client.base_url} refuses the login of {user}; is SUPERSET_PASSWORD set?")
    client.headers["Authorization"] = f"Bearer {_answer(said)['access_token']}"
    client.headers["Referer"] = str(client.base_url)
    client.headers["X-CSRFToken"] = _answer(client.get("/api/v1/security/csrf_token/"))["result"]


def _import(client: httpx.Client, contents: dict[str, str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    _answer(client.post("/api/v1/assets/import/", files={"bundle": ("bundle.zip", stream.getvalue())}))


def _answer(response: httpx.Response) -> dict[str, Any]:
    """The JSON answer. Raises ConfigError with what Superset says against it."""
    try:
        answer = response.json()
    except json.JSONDecodeError:
        answer = {}
    if response.is_success and isinstance(answer, dict) and answer:
        return answer
    said = answer.get("message") or answer.get("errors") or response.reason_phrase
    raise ConfigError(f"Superset at {response.url.host} answers {response.status_code}: {_one_line(said)}")


def _one_line(said: object) -> str:
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return " ".join(text.split())[:500]


def _without_password(uri: str) -> str:
    return re.sub(r"(://[^/@:]*):[^@]*@", r"\1:***@", uri)
