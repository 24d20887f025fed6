"""Versions are read once, kept within bounds, and shared by threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event

from engine.access.policy import Actor
from engine.db import db
from engine.deployments import catalogue, commands
from engine.errors import NotFound
from tests import packages

OWNER = Actor("chenjing", frozenset({"process_owner"}))
AGENT = Actor("lina", frozenset({"agent"}), frozenset({"it_desk"}))


@contextmanager
def selects() -> Iterator[list[str]]:
    """The SELECTs that reach the database meanwhile."""
    seen: list[str] = []

    def note(*args: object) -> None:
        if str(args[2]).lstrip().startswith("SELECT"):
            seen.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def deploy(key: str = "printer", access: str = "", name: str = "处理") -> int:
    groups = "" if "it_desk" not in access else '[groups]\nit_desk = { zh-CN = "服务台" }\n'
    more = f"[access]\n{access}\n{groups}" if access else ""
    files = {
        "package.toml": packages.manifest(key, more=more),
        "process.bpmn": packages.one_task(name, form="report"),
    }
    return commands.deploy(OWNER, packages.package(key, files)).version_id


def test_a_version_is_read_with_one_select_and_then_from_memory(app: Flask) -> None:
    number = deploy()
    catalogue.forget()

    with selects() as first:
        found = catalogue.version(number)
    with selects() as second:
        again = catalogue.version(number)

    assert len(first) == 1
    assert second == []
    assert again is found


def test_the_newest_version_costs_one_small_select(app: Flask) -> None:
    deploy()
    catalogue.newest("printer")

    with selects() as seen:
        catalogue.newest("printer")

    assert len(seen) == 1
    assert "package" not in seen[0]


def test_all_types_are_read_with_two_selects_however_many_there_are(app: Flask) -> None:
    for key in ("one", "two", "three", "four"):
        deploy(key)
    catalogue.forget()

    with selects() as seen:
        found = catalogue.types()

    assert [one.key for one in found] == ["four", "one", "three", "two"]
    assert len(seen) == 2


@pytest.mark.parametrize("key", ["unknown", "", "Nö", "a\0b", "x" * 500, "'; DROP TABLE ticket"])
def test_an_unknown_type_is_not_found(app: Flask, key: str) -> None:
    with pytest.raises(NotFound):
        catalogue.newest(key)


def test_an_unknown_version_is_not_found_again_and_again(app: Flask) -> None:
    for _ in range(2):
        with pytest.raises(NotFound):
            catalogue.version(4711)


def test_a_version_holds_its_forms_steps_statuses_and_names(app: Flask) -> None:
    found = catalogue.version(deploy())

    assert found.intake is not None
    assert list(found.forms["report"].fields) == ["place"]
    assert found.steps["handle"].form == "report"
    assert found.status("handling").category == "open"
    assert found.label("handling", "en") == "In progress"
    assert found.label("handling", "fr") == "处理中"
    assert found.label("no_such", "en") == "no_such"
    assert found.name("en") == "Printer repair printer"
    assert found.package.main_process == "main"


def test_elements_without_an_id_have_the_id_that_they_run_under(app: Flask) -> None:
    process = packages.one_task().replace(b'<bpmn:endEvent id="finish"/>', b"<bpmn:endEvent/>")
    process = process.replace(b'<bpmn:sequenceFlow id="handle_finish"', b"<bpmn:sequenceFlow")
    process = process.replace(
        b' sourceRef="handle" targetRef="finish"', b' sourceRef="handle" targetRef="x"'
    )
    process = process.replace(b"<bpmn:endEvent/>", b'<bpmn:endEvent id="x"/>')

    deployed = commands.deploy(OWNER, packages.package(replaced={"process.bpmn": process}))

    flows = catalogue.version(deployed.version_id).processes["main"].flows
    assert "handle_to_x" in flows


def test_what_others_derive_is_made_once_even_by_threads_that_ask_at_once(app: Flask) -> None:
    found = catalogue.version(deploy())
    built: list[int] = []
    barrier = Barrier(8)
    results: list[object] = []

    def build(loaded: catalogue.Loaded) -> object:
        built.append(loaded.id)
        return object()

    def ask() -> None:
        barrier.wait(timeout=10)
        results.append(found.derived(build))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    assert len(built) == 1
    assert len(results) == 8
    assert len(set(map(id, results))) == 1


def test_what_could_not_be_derived_is_tried_again(app: Flask) -> None:
    found = catalogue.version(deploy())
    tries: list[int] = []

    def build(loaded: catalogue.Loaded) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("not yet")
        return 42

    with pytest.raises(RuntimeError, match="not yet"):
        found.derived(build)

    assert found.derived(build) == 42


def test_only_so_many_versions_are_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MAX_VERSIONS", 2)
    numbers = [deploy(name=str(n)) for n in range(3)]
    for number in numbers:
        catalogue.version(number)

    with selects() as seen:
        catalogue.version(numbers[2])
        catalogue.version(numbers[1])
    with selects() as again:
        catalogue.version(numbers[0])

    assert seen == []
    assert len(again) == 1


def test_only_so_many_bytes_are_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MAX_BYTES", 1)
    numbers = [deploy(name=str(n)) for n in range(2)]
    for number in numbers:
        catalogue.version(number)

    with selects() as seen:
        catalogue.version(numbers[1])
        catalogue.version(numbers[0])

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("access", "who", "restricted"),
    [
        ("", AGENT, False),
        ("", Actor("a", frozenset({"administrator"})), False),
        ("", Actor("m", frozenset({"manager"})), False),
        ("", Actor("r", frozenset({"requester"})), True),
        ('see = ["role:manager"]\nwork = ["group:it_desk"]', AGENT, False),
        (
            'see = ["role:manager"]\nwork = ["group:it_desk"]',
            Actor("x", frozenset({"agent"})),
            True,
        ),
        (
            'see = ["role:manager"]\nwork = ["group:it_desk"]',
            Actor("m", frozenset({"manager"})),
            False,
        ),
        (
            'see = ["role:manager"]\nwork = ["group:it_desk"]',
            Actor("o", frozenset({"process_owner"})),
            True,
        ),
        ('see = ["everyone"]', Actor("r", frozenset({"requester"})), False),
        ('submit = ["role:manager"]', AGENT, False),
    ],
)
def test_types_are_restricted_for_those_whom_their_lists_leave_out(
    app: Flask, access: str, who: Actor, restricted: bool
) -> None:
    deploy(access=access)

    assert catalogue.restricted_types(who) == (["printer"] if restricted else [])


def test_a_retired_type_stays_restricted(app: Flask) -> None:
    deploy(access='see = ["role:manager"]\nwork = ["role:manager"]')
    commands.retire(OWNER, "printer", 1)

    assert catalogue.restricted_types(AGENT) == ["printer"]
