"""Versions on the command line: a migration looked at and begun, examples run by `check`."""

import json
from pathlib import Path

from tests import packages, tickets
from tests.api.test_cli import Run, folder, ok, run

__all__ = ["folder", "run"]


def test_a_migration_is_previewed_and_begun(run: Run, folder: Path) -> None:
    ok(run("deploy", str(folder)))
    (folder / "process.bpmn").write_bytes(packages.one_task("新"))
    ok(run("deploy", str(folder)))

    assert ok(run("migrate", "printer", "--from", "1", "--to", "2", "--dry-run")) == ""
    assert "migration 1" in ok(run("migrate", "printer", "--from", "1", "--to", "2"))
    refused = run("migrate", "printer", "--from", "1", "--to", "2", "--map", "handle=nowhere")
    assert (refused.exit_code, "/map/handle" in refused.output) == (1, True)
    assert run("migrate", "printer", "--from", "1", "--to", "2", "--map", "x").exit_code == 1


def test_check_runs_the_examples(run: Run, folder: Path) -> None:
    (folder / "examples").mkdir()
    example = {"steps": [{"expect": {"element": "handle", "status": "done"}}]}
    (folder / "examples" / "wrong.json").write_text(json.dumps(example))

    result = run("check", str(folder))

    assert result.exit_code == 1
    assert "example-failed" in result.output
    (folder / "package.toml").write_bytes(tickets.manifest("printer", more=""))
    (folder / "examples" / "wrong.json").write_text('{"expect": {"path": ["handle"]}}')
    ok(run("check", str(folder)))
