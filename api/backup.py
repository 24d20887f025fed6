"""One archive of an installation: database, files and keys; written while the service goes on."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from api.config import Config
from engine import __version__, clock, schema

_FORMAT = 1
_ABOUT, _SQLITE, _POSTGRES = "about.json", "banjie.db", "banjie.dump"
_BESIDE = ("files", "secret.key")  # what the data folder holds besides an embedded database
_LONGEST = 3600  # seconds for pg_dump and pg_restore


class ArchiveError(Exception):
    """The archive cannot be read, or may not be brought back here; the text says why."""


def write(config: Config, target: Path) -> None:
    """Writes an archive; a file of that name is replaced when the new one is whole."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup") as folder:
        place = Path(folder)
        if _is_sqlite(config):
            name = _SQLITE
            # One consistent state, taken while others write; their wait is short.
            with contextlib.closing(sqlite3.connect(_sqlite_file(config))) as connection:
                connection.execute("VACUUM INTO ?", [str(place / name)])
        else:
            name = _POSTGRES
            _run("pg_dump", config, "--format=custom", f"--file={place / name}")
        about = {
            "format": _FORMAT,
            "banjie": __version__,
            "revision": schema.current(),
            "database": name,
            "at": clock.now().isoformat(),
        }
        (place / _ABOUT).write_text(json.dumps(about, indent=2), "utf-8")
        whole = place / "archive"
        with tarfile.open(whole, "w:gz", compresslevel=3) as archive:
            archive.add(place / _ABOUT, _ABOUT)
            archive.add(place / name, name)
            # Files after the database: a row's file is always there, one too many does no harm.
            for each in _BESIDE:
                if (config.data_dir / each).exists():
                    archive.add(config.data_dir / each, each)
        os.chmod(whole, 0o600)  # it holds the key
        os.replace(whole, target)


def restore(config: Config, source: Path, *, replace: bool = False) -> None:
    """Brings back what an archive holds; refuses to overwrite unless it is told to."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=config.data_dir, prefix=".restore") as folder:
        place = Path(folder)
        about = _unpack(source, place)
        wanted = _SQLITE if _is_sqlite(config) else _POSTGRES
        if about["database"] != wanted:
            raise ArchiveError(f"the archive holds {about['database']}, this needs {wanted}")
        if about["revision"] is not None and about["revision"] > schema.head():
            raise ArchiveError(f"the archive was written by a newer version ({about['banjie']})")
        if wanted == _SQLITE:
            _restore_sqlite(config, place / _SQLITE, replace)
        else:
            flags = ["--clean", "--if-exists"] if replace else []
            _run("pg_restore", config, "--exit-on-error", "--no-owner", *flags, str(place / wanted))
        for each in _BESIDE:
            if (place / each).exists():
                _swap(place / each, config.data_dir / each, place / f"old-{each}")


def _unpack(source: Path, place: Path) -> dict[str, Any]:
    allowed = {_ABOUT, _SQLITE, _POSTGRES, *_BESIDE}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                if member.name.split("/")[0] not in allowed:
                    raise ArchiveError(f"unexpected in an archive: {member.name}")
                archive.extract(member, place, filter="data")
        about: dict[str, Any] = json.loads((place / _ABOUT).read_text("utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise ArchiveError(f"{source} is no whole archive: {error}") from error
    if about.get("format") != _FORMAT:
        raise ArchiveError(f"unknown format of archive: {about.get('format')}")
    return about


def _restore_sqlite(config: Config, restored: Path, replace: bool) -> None:
    with contextlib.closing(sqlite3.connect(restored)) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise ArchiveError(f"the database in the archive is damaged: {said}")
    target = _sqlite_file(config)
    if target.exists() and not replace:
        raise ArchiveError(f"there is a database in {target}; --replace overwrites it")
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    os.replace(restored, target)


def _swap(new: Path, place: Path, old: Path) -> None:
    if place.exists():
        shutil.move(place, old)
    shutil.move(new, place)


def _is_sqlite(config: Config) -> bool:
    return config.database_url.startswith("sqlite")


def _sqlite_file(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "")


def _run(program: str, config: Config, *arguments: str) -> None:
    url = make_url(config.database_url)
    environ = {**os.environ, "PGPASSWORD": url.password or ""}
    place = ["--host", url.host or "localhost", "--port", str(url.port or 5432)]
    place += ["--username", url.username or "postgres", "--dbname", url.database or "postgres"]
    try:
        subprocess.run(  # noqa: S603  our own arguments, no shell
            [program, *place, *arguments], env=environ, check=True, timeout=_LONGEST,
            capture_output=True, text=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise ArchiveError(f"{program} of PostgreSQL is needed and not installed") from error
    except subprocess.CalledProcessError as error:
        raise ArchiveError(f"{program}: {error.stderr.strip()[-500:]}") from error
    except subprocess.TimeoutExpired as error:
        raise ArchiveError(f"{program} took longer than an hour") from error
