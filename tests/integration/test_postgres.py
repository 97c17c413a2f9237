"""Publishing to a real PostgreSQL: everything arrives, readers see whole releases only, and nobody but the owner writes."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import pytest

from pipelines.errors import ConfigError
from pipelines.serving.bundle import dashboards
from pipelines.serving.postgres import publish
from tests.conftest import skip_or_fail
from tests.support import ipw

pytestmark = pytest.mark.slow

FEW = 300
"""Rows of a table in the small releases made here."""


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = Path(found[-1]) if found else Path(shutil.which("initdb") or "")
    if not initdb.name:
        skip_or_fail("no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    return initdb.parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A throw-away server on a free port of this machine; it does not run as root, so root lends it another user."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="ipw-postgres-"))
    by: list[str] = []
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        by = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, options = str(folder / "data"), f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off"
    silent = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*by, str(programs / "initdb"), "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8"], **silent)
    control = [*by, str(programs / "pg_ctl"), "-D", data, "-w"]
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "start"], **silent)
    yield f"postgresql://owner@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **silent)
    shutil.rmtree(folder, ignore_errors=True)


def rows(uri: str, query: str) -> list[tuple]:
    with postgres.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def run(uri: str, *statements: str) -> None:
    with postgres.connect(uri) as connection:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.commit()


@pytest.fixture(scope="module")
def releases(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two small releases cut from the sample city's: every table, some rows, ids of their own and parties by number."""
    folder = tmp_path_factory.mktemp("marts")
    for name, parties in (("first", 100), ("second", 200)):
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            connection.execute(f"attach '{(sample_warehouse / 'marts.duckdb').resolve()}' as whole (read_only)")
            tables = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'whole'"
            ).fetchall()
            for (table,) in tables:
                limit = parties if table == "dim_party" else FEW
                connection.execute(f"create table {table} as select * from whole.{table} limit {limit}")
            connection.execute("update release set release_id = ?", [name])
    return folder / "first.duckdb", folder / "second.duckdb"


@pytest.fixture
def uri(server: str) -> str:
    """The server without anything published."""
    run(server, "drop schema if exists marts cascade", "drop schema if exists marts_incoming cascade")
    return server


def test_every_table_arrives_with_its_rows_and_values(uri: str, releases: tuple[Path, Path]) -> None:
    served = publish(releases[0], uri)
    assert served.is_new and served.release_id == "first"
    with duckdb.connect(str(releases[0]), read_only=True) as connection:
        for table, count in served.tables.items():
            assert connection.execute(f"select count(*) from {table}").fetchone() == (count,), table
            assert rows(uri, f"select count(*) from marts.{table}") == [(count,)]
        query = "select indicator_id, region_code, period_end, value, n_records from {} order by 1, 2, 3, region_view, period_type"
        given = connection.execute(query.format("fct_indicator_value")).fetchall()
    assert rows(uri, query.format("marts.fct_indicator_value")) == given
    kinds = rows(
        uri,
        "select distinct data_type from information_schema.columns where table_schema = 'marts' and column_name in "
        "('period_end', 'value', 'n_records', 'is_synthetic', 'region_code')",
    )
    assert {kind for (kind,) in kinds} == {"date", "double precision", "bigint", "boolean", "text"}


def test_the_dictionary_comes_along_in_both_languages(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    ((table, column),) = rows(
        uri,
        "select obj_description('marts.target_vs_actual'::regclass), "
        "col_description('marts.target_vs_actual'::regclass, 1)",
    )
    assert "目标与实际" in table and "Targets against actuals" in table and column == "规划编号 · Plan."
    without = rows(
        uri,
        "select t.relname, c.attname from pg_attribute as c join pg_class as t on t.oid = c.attrelid "
        "where t.relnamespace = 'marts'::regnamespace and t.relkind = 'r' and c.attnum > 0 "
        "and col_description(t.oid, c.attnum) is null",
    )
    assert without == []


def test_the_dashboards_read_the_same_from_it(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{releases[0]}' as marts (read_only)")
        datasets = {name: sql for dashboard in dashboards() for name, sql in dashboard.datasets.items()}
        for name, sql in datasets.items():
            query = f"select count(*) from ({sql}) as dataset"
            assert rows(uri, query) == connection.execute(query).fetchall(), name
    assert len(datasets) == 11


def test_the_reader_reads_and_nothing_else(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    run(uri, "drop role if exists analyst", "create role analyst login", "grant ip_plan_reader to analyst")
    analyst = uri.replace("owner@", "analyst@")
    assert rows(analyst, "select release_id from marts.release") == [("first",)]
    for forbidden in ("delete from marts.release", "create table marts.own (a int)", "drop table marts.release"):
        with pytest.raises(postgres.Error, match=r"permission denied|must be owner"):
            run(analyst, forbidden)
    publish(releases[1], uri)
    assert rows(analyst, "select release_id from marts.release") == [("second",)]


def test_a_release_that_lies_there_is_left_alone(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    assert not publish(releases[0], uri).is_new
    assert publish(releases[0], uri, force=True).is_new


def test_a_reader_sees_whole_releases_through_ten_publishes(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    seen: list[tuple] = []
    faults: list[str] = []
    over = threading.Event()

    def read() -> None:
        with postgres.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
            while not over.is_set():
                try:
                    cursor.execute("select (select count(*) from marts.dim_party), release_id from marts.release")
                    seen.append(cursor.fetchone())
                except postgres.Error as error:
                    faults.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(10):
        publish(releases[(turn + 1) % 2], uri)
    over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert set(seen) == {(100, "first"), (200, "second")}
    assert len(seen) > 50


def test_what_an_interrupted_publish_left_is_cleared_and_readers_keep_the_old_release(
    uri: str, releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(releases[0], uri)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.serving.postgres._swap", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(releases[1], uri)
    assert rows(uri, "select release_id from marts.release") == [("first",)]
    publish(releases[1], uri)
    assert rows(uri, "select release_id from marts.release") == [("second",)]
    schemas = rows(uri, "select nspname from pg_namespace where nspname like 'marts%'")
    assert schemas == [("marts",)]


def test_views_of_others_are_never_dropped_in_silence(uri: str, releases: tuple[Path, Path]) -> None:
    publish(releases[0], uri)
    run(uri, "create view public.mine as select * from marts.release")
    with pytest.raises(ConfigError, match="mine; drop them, publish, and create them again"):
        publish(releases[1], uri)
    run(uri, "drop view public.mine")
    assert publish(releases[1], uri).is_new


def test_the_command_says_what_it_did_and_never_the_password(
    published: Path, server: str, releases: tuple[Path, Path]
) -> None:
    wrong = "postgresql://owner:geheim@127.0.0.1:1/postgres"
    refused = ipw(published, "publish", "--postgres", wrong)
    assert refused.returncode == 2 and "PostgreSQL refused" in refused.stderr
    assert "geheim" not in refused.stderr and refused.stderr.count("\n") == 1
    named = ipw(published, "publish", "--postgres", server, "--schema", "Drop Table")
    assert named.returncode == 2 and "small letters" in named.stderr


def test_the_command_publishes_the_release_in_force(
    published: Path, server: str, releases: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "marts.duckdb").symlink_to(releases[0])
    done = ipw(tmp_path, "publish", "--postgres", server, "--schema", "city", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["release_id"] == "first" and said["is_new"] and said["tables"]["release"] == 1
    assert rows(server, "select release_id from city.release") == [("first",)]
