"""The command line, on an installation of its own."""

import gc
import json
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine import settings
from tests import packages, tickets

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `banjie …` for an embedded installation in an empty folder."""
    for name in ("BANJIE_DATABASE_URL", "BANJIE_BROKER_URL", "BANJIE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BANJIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(settings, "_current", None)  # put back for the tests after this one

    def run(*arguments: str) -> Result:
        try:
            return CliRunner().invoke(main, [str(one) for one in arguments])
        finally:
            gc.enable()  # `serve` leaves this to the server

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a small ticket type."""
    folder = tmp_path / "printer"
    folder.mkdir()
    (folder / "package.toml").write_bytes(tickets.manifest("printer"))
    (folder / "process.bpmn").write_bytes(packages.one_task())
    return folder


def ok(result: Result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_a_ticket_type_goes_in_and_comes_out_byte_for_byte(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    assert "nothing stands in the way" in ok(run("check", folder))
    assert ok(run("deploy", folder)).splitlines()[-1] == "printer 1"
    assert "identical" in ok(run("deploy", folder))

    ok(run("export", "printer", tmp_path / "out"))

    for name in ("package.toml", "process.bpmn"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


def test_a_broken_ticket_type_is_refused_with_each_place(run: Run, folder: Path) -> None:
    (folder / "process.bpmn").write_bytes(packages.one_task(form="nowhere"))

    for command in ("check", "deploy"):
        result = run(command, folder)

        assert result.exit_code == 1
        assert "process.bpmn handle" in result.output
        assert "Traceback" not in result.output


def test_what_is_no_package_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 nothing")

    for source in ("empty", "bad.zip"):
        result = run("deploy", tmp_path / source)

        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)


def test_people_and_tokens(run: Run) -> None:
    ok(run("user", "add", "zhoumin", "--name", "周敏", "--password", "correct horse battery"))

    token = ok(run("token", "create", "--user", "zhoumin")).strip()
    again = run("user", "add", "zhoumin", "--password", "correct horse battery")
    unknown = run("token", "create", "--user", "nobody")

    assert token.startswith("bj_")
    assert "\n" not in token  # alone, for a script to take
    assert (again.exit_code, unknown.exit_code) == (1, 1)
    assert "zhoumin" in again.output


def test_the_interface_describes_itself(run: Run) -> None:
    document = json.loads(ok(run("openapi")))

    assert document["openapi"].startswith("3.1")
    assert "/api/v1/events" in document["paths"]


def test_a_backup_brings_everything_back(run: Run, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    data = tmp_path / "data"
    ok(run("deploy", folder))
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "abcd").write_bytes(b"a photo")
    key = (data / "secret.key").read_text()

    ok(run("backup", archive))
    (data / "files" / "ab" / "abcd").write_bytes(b"overwritten")
    (data / "secret.key").write_text("another key of the same length")
    refused = run("restore", archive)
    ok(run("restore", archive, "--replace"))

    assert refused.exit_code == 1
    assert (data / "files" / "ab" / "abcd").read_bytes() == b"a photo"
    assert (data / "secret.key").read_text() == key
    assert "identical" in ok(run("deploy", folder))
    assert archive.stat().st_mode & 0o077 == 0


def test_an_archive_with_anything_else_in_it_is_refused(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar.gz"
    (tmp_path / "x").write_text("x")
    for name in ("../escaped", "/etc/escaped", "banjie.conf"):
        with tarfile.open(archive, "w:gz") as made:
            made.add(tmp_path / "x", name)

        result = run("restore", archive)

        assert result.exit_code == 1
        assert "unexpected in an archive" in result.output
    assert not (tmp_path / "escaped").exists()


def test_half_an_archive_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    ok(run("deploy", folder))
    ok(run("backup", archive))
    archive.write_bytes(archive.read_bytes()[:-2000])

    result = run("restore", archive, "--replace")

    assert result.exit_code == 1
    assert "no whole archive" in result.output
    assert "identical" in ok(run("deploy", folder))  # what was there is untouched


def test_a_setting_that_cannot_be_is_told_by_name(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANJIE_BIND", "nowhere")

    result = run("upgrade")

    assert result.exit_code == 1
    assert "BANJIE_BIND" in result.output


def test_an_address_that_is_taken_is_refused(run: Run) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = f"127.0.0.1:{listener.getsockname()[1]}"

        result = run("serve", "--bind", taken)

    assert result.exit_code == 1
    assert f"cannot listen on {taken}" in result.output


def test_several_processes_need_postgresql(run: Run) -> None:
    result = run("serve", "--workers", "2")

    assert result.exit_code == 1
    assert "PostgreSQL" in result.output


def test_the_doctor_finds_a_sound_installation_sound(run: Run, folder: Path) -> None:
    ok(run("deploy", folder))

    said = ok(run("doctor", "--deep"))

    assert "WRONG" not in said
    assert len(said.splitlines()) >= 10


def test_the_doctor_says_that_a_database_is_not_migrated(run: Run) -> None:
    result = run("doctor")

    assert result.exit_code == 1
    assert "WRONG schema" in result.output
