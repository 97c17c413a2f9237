"""Dagster's event log in SQLite: connections come and go by the thousand without the file being written anew."""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from pipelines.instance import event_log_held_open


def event_log(folder: Path) -> tuple[Engine, Path]:
    """A database as Dagster opens it, a connection per query, and the log SQLite keeps beside it."""
    engine = create_engine(f"sqlite:///{folder / 'index.db'}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("pragma journal_mode = wal"))
        connection.execute(text("create table event (id)"))
        connection.commit()
    return engine, folder / "index.db-wal"


def write(engine: Engine) -> int:
    with engine.begin() as connection:
        connection.execute(text("insert into event values (1)"))
        return connection.execute(text("pragma synchronous")).scalar_one()


def test_while_a_run_lasts_neither_closing_nor_committing_waits_for_the_disk(tmp_path: Path) -> None:
    with event_log_held_open():
        engine, log = event_log(tmp_path)
        assert [write(engine), write(engine)] == [1, 1]
        assert log.exists()
        with sqlite3.connect(f"file:{tmp_path / 'index.db'}?mode=ro", uri=True) as reader:
            assert reader.execute("select count(*) from event").fetchone() == (2,)
        reader.close()
    assert not log.exists()
    with sqlite3.connect(f"file:{tmp_path / 'index.db'}?immutable=1", uri=True) as alone:
        assert alone.execute("select count(*) from event").fetchone() == (2,)
    alone.close()


def test_afterwards_all_is_as_it_was(tmp_path: Path) -> None:
    engine, log = event_log(tmp_path)
    with event_log_held_open():
        write(engine)
    assert write(engine) == 2
    assert not log.exists()
