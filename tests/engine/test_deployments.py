"""Packages become immutable versions, in order and once each."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from engine import uow
from engine.access.models import Group
from engine.access.policy import SYSTEM, Actor
from engine.db import db
from engine.deployments import catalogue, checks, commands, queries
from engine.deployments.models import ProcessDefinition, ProcessVersion
from engine.errors import DefinitionInvalid, NotAllowed, NotFound, VersionRetired
from tests import packages
from workflows import packages as reading
from workflows.findings import Finding

OWNER = Actor("chenjing", frozenset({"process_owner"}))
REQUESTER = Actor("zhoumin", frozenset({"requester"}))
AGENT = Actor("lina", frozenset({"agent"}), frozenset({"it-desk"}))


def named(name: str, key: str = "printer") -> reading.Package:
    """A version of the package that differs in the name of its step."""
    return packages.package(key, {"process.bpmn": packages.one_task(name)})


def codes(refused: pytest.ExceptionInfo[DefinitionInvalid]) -> list[str]:
    return [one.code for one in refused.value.findings if one.severity == "error"]


def test_the_first_deployment_is_version_one(app: Flask) -> None:
    deployed = commands.deploy(OWNER, packages.package())

    assert (deployed.key, deployed.version, deployed.created) == ("printer", 1, True)
    assert deployed.changes == []
    assert queries.definition(OWNER, "printer").open == 1


def test_the_same_content_gives_the_version_that_exists(app: Flask) -> None:
    first = commands.deploy(OWNER, packages.package())

    again = commands.deploy(OWNER, packages.package())

    assert (again.version, again.version_id, again.created) == (1, first.version_id, False)
    assert db.session.scalar(select(func.count()).select_from(ProcessVersion)) == 1


def test_changed_content_becomes_the_next_version_and_says_what_changed(app: Flask) -> None:
    commands.deploy(OWNER, named("处理"))

    deployed = commands.deploy(OWNER, named("上门处理"))

    assert (deployed.version, deployed.created) == (2, True)
    [change] = deployed.changes
    assert (change.element, change.what, change.before, change.after) == (
        "handle",
        "name",
        "处理",
        "上门处理",
    )


def test_a_version_stays_as_it_was_when_the_next_one_comes(app: Flask) -> None:
    first = commands.deploy(OWNER, named("一"))
    before = queries.export(OWNER, "printer", 1)

    commands.deploy(OWNER, named("二"))

    assert queries.export(OWNER, "printer", 1) == before
    assert catalogue.version(first.version_id).version == 1
    assert catalogue.newest("printer").version == 2


def test_export_import_export_gives_the_same_bytes(app: Flask) -> None:
    commands.deploy(OWNER, packages.package())
    exported = queries.export(OWNER, "printer")

    again = commands.deploy(OWNER, reading.read_zip(exported))

    assert again.created is False
    assert reading.write_zip(reading.read_zip(exported)) == exported
    assert queries.export(OWNER, "printer") == exported


def test_eight_people_deploying_at_once_get_eight_versions_without_a_gap(app: Flask) -> None:
    commands.deploy(OWNER, named("0"))
    found, failed = at_once(
        app, [lambda n=n: commands.deploy(OWNER, named(str(n))) for n in range(1, 9)]
    )

    assert failed == []
    assert sorted(one.version for one in found) == list(range(2, 10))
    assert queries.definition(OWNER, "printer").latest == 9


def test_eight_people_deploying_the_same_at_once_get_one_version(app: Flask) -> None:
    found, failed = at_once(app, [lambda: commands.deploy(OWNER, packages.package())] * 8)

    assert failed == []
    assert {one.version for one in found} == {1}
    assert sorted(one.created for one in found) == [False] * 7 + [True]


def test_two_new_types_with_one_number_pattern_cannot_both_come_at_once(app: Flask) -> None:
    def deploy(key: str) -> commands.Deployed:
        files = {"package.toml": packages.manifest(key, "NR-{date}-{seq:4}")}
        return commands.deploy(OWNER, packages.package(key, files))

    found, failed = at_once(app, [lambda key=key: deploy(key) for key in ("one", "two", "three")])

    assert len(found) == 1
    assert [type(error) for error in failed] == [DefinitionInvalid] * 2


@pytest.mark.parametrize(
    ("taken", "wanted", "refused"),
    [
        ("INC-{date}-{seq:4}", "INC-{date}-{seq:4}", True),
        ("INC-{date}-{seq:4}", "INC-{date}-{seq:5}", True),
        ("INC-{date}-{seq:4}", "REQ-{date}-{seq:4}", False),
        ("INC-{seq:4}", "INC-{date}-{seq:4}", False),
    ],
)
def test_a_number_pattern_belongs_to_one_type(
    app: Flask, taken: str, wanted: str, refused: bool
) -> None:
    commands.deploy(
        OWNER, packages.package("first", {"package.toml": packages.manifest("first", taken)})
    )
    second = packages.package("second", {"package.toml": packages.manifest("second", wanted)})

    found = [one.code for one in commands.check(OWNER, second)]

    assert ("number-pattern-taken" in found) is refused


def test_a_number_pattern_stays_taken_after_its_type_has_changed_it(app: Flask) -> None:
    for pattern in ("OLD-{seq:4}", "NEW-{seq:4}"):
        files = {"package.toml": packages.manifest("first", pattern)}
        commands.deploy(OWNER, packages.package("first", files))
    second = packages.package(
        "second", {"package.toml": packages.manifest("second", "OLD-{seq:4}")}
    )

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, second)

    assert codes(refused) == ["number-pattern-taken"]


def test_groups_of_the_manifest_are_created_empty_and_those_there_stay(
    app: Flask, actor: Callable[..., Actor]
) -> None:
    actor("lina", "agent", groups=("it_desk",))
    more = (
        '[groups]\nit_desk = { zh-CN = "另一个名字" }\n'
        'printers = { zh-CN = "打印机组", en = "Printers" }\n'
    )
    manifest = packages.manifest(more=more)
    process = packages.one_task(groups="printers, it_desk")

    commands.deploy(
        OWNER, packages.package(replaced={"package.toml": manifest, "process.bpmn": process})
    )

    names = {group.key: group.names for group in db.session.scalars(select(Group))}
    assert names["printers"] == {"zh-CN": "打印机组", "en": "Printers"}
    assert names["it_desk"] == {"zh-CN": "it_desk"}


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"groups": "nobody_knows"}, "group-unknown"),
        ({"users": "nobody"}, "user-unknown"),
        ({"form": "missing"}, "form-unknown"),
        ({"status": "missing"}, "status-unknown"),
    ],
)
def test_a_step_that_names_what_is_not_there_stops_the_deployment(
    app: Flask, properties: dict[str, str], code: str
) -> None:
    package = packages.package(replaced={"process.bpmn": packages.one_task(**properties)})

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, package)

    assert codes(refused) == [code]
    assert refused.value.findings[0].document == "process.bpmn"
    assert db.session.get(ProcessDefinition, "printer") is None


def test_a_broken_form_is_named_with_its_file(app: Flask) -> None:
    form = packages.form("report", amount={"kind": "no-such-kind"})

    found = commands.check(OWNER, packages.package(replaced={"forms/report.json": form}))

    assert [one.document for one in found if one.severity == "error"] == ["forms/report.json"]


def test_a_check_of_a_layer_above_is_asked_and_may_refuse(app: Flask) -> None:
    def refuse(package: reading.Package, pinned: object) -> list[Finding]:
        return [Finding("error", "process.bpmn", "stuck", "handle")]

    checks.install("test", refuse)
    try:
        with pytest.raises(DefinitionInvalid) as refused:
            commands.deploy(OWNER, packages.package())
    finally:
        checks.uninstall("test")

    assert codes(refused) == ["stuck"]


def test_checking_writes_nothing(app: Flask) -> None:
    statements: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        statements.append(str(args[2]))

    try:
        commands.check(OWNER, packages.package())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert statements
    assert all(text.lstrip().upper().startswith(("SELECT", "BEGIN")) for text in statements)


@pytest.mark.parametrize("who", [REQUESTER, AGENT, Actor("zhaoyun", frozenset({"manager"}))])
def test_only_process_owners_and_administrators_deploy(app: Flask, who: Actor) -> None:
    commands.deploy(OWNER, packages.package())
    for call in (
        lambda: commands.deploy(who, packages.package()),
        lambda: commands.check(who, packages.package()),
        lambda: commands.retire(who, "printer", 1),
        lambda: commands.unretire(who, "printer", 1),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_requester_sees_no_definitions(app: Flask) -> None:
    commands.deploy(OWNER, packages.package())
    for call in (
        lambda: queries.definitions(REQUESTER),
        lambda: queries.versions(REQUESTER, "printer"),
        lambda: queries.version(REQUESTER, "printer", 1),
        lambda: queries.export(REQUESTER, "printer", 1),
        lambda: queries.changes(REQUESTER, "printer", 1, 1),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_retiring_the_newest_version_lets_the_one_before_take_new_tickets(app: Flask) -> None:
    commands.deploy(OWNER, named("一"))
    commands.deploy(OWNER, named("二"))

    commands.retire(OWNER, "printer", 2)

    assert catalogue.newest("printer").version == 1
    assert queries.version(OWNER, "printer", 2).retired_at is not None


def test_a_type_whose_versions_are_all_retired_takes_no_new_tickets(app: Flask) -> None:
    deployed = commands.deploy(OWNER, packages.package())

    commands.retire(OWNER, "printer", 1)

    with pytest.raises(VersionRetired):
        catalogue.newest("printer")
    assert catalogue.types() == []
    assert [one.key for one in catalogue.types(retired=True)] == ["printer"]
    assert catalogue.version(deployed.version_id).key == "printer"  # running tickets go on


def test_a_retired_version_can_be_taken_up_again(app: Flask) -> None:
    commands.deploy(OWNER, packages.package())
    commands.retire(OWNER, "printer", 1)
    commands.retire(OWNER, "printer", 1)

    commands.unretire(OWNER, "printer", 1)

    assert catalogue.newest("printer").version == 1
    assert queries.version(OWNER, "printer", 1).retired_at is None


@pytest.mark.parametrize("number", [0, 2, -1, 2**40])
def test_retiring_a_version_that_is_not_there_is_refused(app: Flask, number: int) -> None:
    commands.deploy(OWNER, packages.package())

    with pytest.raises(NotFound):
        commands.retire(OWNER, "printer", number)


def test_a_deployment_inside_a_command_that_fails_leaves_nothing(app: Flask) -> None:
    @uow.command
    def deploy_and_fail() -> None:
        deployed = commands.deploy(SYSTEM, named("一"))
        assert catalogue.version(deployed.version_id).steps["handle"].status is not None
        raise RuntimeError("afterwards")

    with pytest.raises(RuntimeError, match="afterwards"):
        deploy_and_fail()
    deployed = commands.deploy(SYSTEM, named("二"))

    assert catalogue.version(deployed.version_id).processes["main"].elements["handle"].name == "二"


def at_once(
    app: Flask, calls: list[Callable[[], commands.Deployed]]
) -> tuple[list[commands.Deployed], list[Exception]]:
    """What came of the calls, each in a thread of its own, begun together."""
    found: list[commands.Deployed] = []
    failed: list[Exception] = []
    barrier = Barrier(len(calls))

    def run(call: Callable[[], commands.Deployed]) -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                found.append(call())
            except Exception as error:
                failed.append(error)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found, failed
