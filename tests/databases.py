"""A fresh database for each test: a copied file, or one PostgreSQL database per worker."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import text

from engine import schema
from engine.db import Base, db

SERVER = os.environ.get("BANJIE_TEST_DATABASE_URL", "")


def server_conninfo() -> str:
    """The server's address as the driver reads it."""
    return SERVER.replace("postgresql+psycopg://", "postgresql://", 1)


class Sqlite:
    """Copies a migrated file over the database before each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "banjie.db"
        self._template = folder / "template.db"
        self.url = f"sqlite:///{self._file}"

    def create(self, app: Flask) -> None:
        with app.app_context():
            schema.upgrade()
            db.engine.dispose()
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._file, self._template)

    def clear(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        shutil.copy(self._template, self._file)

    def drop(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()


class Postgresql:
    """Empties the tables that the test before has written."""

    def __init__(self, folder: Path) -> None:
        self._name = f"banjie_test_{os.getpid()}"
        self.url = SERVER.rpartition("/")[0] + "/" + self._name

    def create(self, app: Flask) -> None:
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._on_server("CREATE DATABASE {}")
        # Nothing here has to survive a power cut.
        self._on_server("ALTER DATABASE {} SET synchronous_commit = off")
        with app.app_context():
            schema.upgrade()

    def clear(self, app: Flask) -> None:
        # Deleting from the few tables that hold something is ten times as fast as TRUNCATE, which
        # makes new files for each table, each index, and every table that points at them.
        names = [table.name for table in Base.metadata.sorted_tables]
        filled = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608  our own tables
            for name in names
        )
        with app.app_context(), db.engine.begin() as connection:
            dirty = set(connection.scalars(text(filled)))
            if not dirty:
                return
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in dirty:
                connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608
            for sequence in connection.scalars(text("SELECT sequencename FROM pg_sequences")):
                connection.execute(text(f'ALTER SEQUENCE "{sequence}" RESTART'))

    def drop(self, app: Flask) -> None:
        with app.app_context():
            db.engine.dispose()
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(server_conninfo(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self._name)))
