"""Drafts are edited file by file, and people who edit the same one are told."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from engine import clock
from engine.access.policy import Actor
from engine.deployments import commands, drafts, queries
from engine.errors import (
    AlreadyExists,
    DefinitionInvalid,
    EngineError,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    TooLarge,
)
from engine.paging import Window
from tests import packages
from workflows.packages import from_files

OWNER = Actor("chenjing", frozenset({"process_owner"}))
OTHER = Actor("admin", frozenset({"administrator"}))


def test_a_draft_begins_empty(app: Flask) -> None:
    draft = drafts.create(OWNER, "printer")

    assert (draft.key, draft.base, draft.files) == ("printer", None, ())
    assert drafts.content(OWNER, "printer") == {}


def test_a_draft_begins_from_files(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())

    assert drafts.content(OWNER, "printer") == packages.files()


def test_a_draft_begins_from_a_version(app: Flask) -> None:
    commands.deploy(OWNER, packages.package())

    draft = drafts.create(OWNER, "printer", version=1)

    assert draft.base == 1
    assert drafts.content(OWNER, "printer") == packages.files()
    assert queries.definition(OWNER, "printer").has_draft is True


def test_a_draft_from_a_version_that_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        drafts.create(OWNER, "printer", version=3)


def test_a_file_is_written_and_read_byte_for_byte(app: Flask) -> None:
    drafts.create(OWNER, "printer")
    content = "\ufeff# 说明\r\n".encode()

    info, created = drafts.put_file(OWNER, "printer", "README.md", content)

    assert created is True
    assert drafts.read_file(OWNER, "printer", "README.md") == (info, content)
    assert (info.size, info.updated_by) == (len(content), "chenjing")


def test_every_change_gives_draft_and_file_the_next_revision(app: Flask) -> None:
    before = drafts.create(OWNER, "printer", packages.files())

    changed, _ = drafts.put_file(OWNER, "printer", "README.md", b"new")

    after = drafts.get(OWNER, "printer")
    assert changed.rev == after.rev == before.rev + 1
    assert {file.rev for file in after.files} == {before.rev, after.rev}


def test_writing_the_same_bytes_again_changes_nothing(app: Flask) -> None:
    before = drafts.create(OWNER, "printer", packages.files())

    info, created = drafts.put_file(OTHER, "printer", "README.md", packages.files()["README.md"])

    assert (info.rev, created) == (before.rev, False)
    assert drafts.get(OWNER, "printer") == before


def test_the_second_of_two_editors_of_a_file_is_told(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())
    seen, _ = drafts.read_file(OWNER, "printer", "README.md")
    drafts.put_file(OTHER, "printer", "README.md", b"other", seen.rev)

    with pytest.raises(StaleVersion):
        drafts.put_file(OWNER, "printer", "README.md", b"mine", seen.rev)

    assert drafts.read_file(OWNER, "printer", "README.md")[1] == b"other"


def test_two_editors_of_different_files_do_not_disturb_each_other(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())
    seen, _ = drafts.read_file(OWNER, "printer", "README.md")
    drafts.put_file(OTHER, "printer", "forms/report.json", packages.form(), seen.rev)

    drafts.put_file(OWNER, "printer", "README.md", b"mine", seen.rev)

    assert drafts.read_file(OWNER, "printer", "README.md")[1] == b"mine"


def test_of_many_writers_who_saw_the_same_revision_one_wins(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())
    seen, _ = drafts.read_file(OWNER, "printer", "README.md")
    barrier, outcomes = Barrier(6), []

    def write(number: int) -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                drafts.put_file(OWNER, "printer", "README.md", b"%d" % number, seen.rev)
                outcomes.append("written")
            except EngineError as error:
                outcomes.append(error.code)

    threads = [Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["stale-version"] * 5 + ["written"]


def test_a_draft_made_anew_never_repeats_a_revision(app: Flask) -> None:
    first = drafts.create(OWNER, "printer", packages.files())
    drafts.delete(OWNER, "printer")
    clock.advance(timedelta(seconds=2))

    second = drafts.create(OWNER, "printer", packages.files())

    assert second.rev > first.rev
    with pytest.raises(StaleVersion):
        drafts.put_file(OWNER, "printer", "README.md", b"late", first.rev)


def test_a_draft_that_is_there_is_replaced_only_by_who_knows_it(app: Flask) -> None:
    first = drafts.create(OWNER, "printer", packages.files())

    with pytest.raises(AlreadyExists):
        drafts.create(OTHER, "printer", expected=drafts.NEW)
    with pytest.raises(StaleVersion):
        drafts.create(OTHER, "printer", expected=first.rev - 1)
    replaced = drafts.create(OTHER, "printer", {"README.md": b"all new"}, expected=first.rev)

    assert replaced.rev == first.rev + 1
    assert drafts.content(OWNER, "printer") == {"README.md": b"all new"}


def test_replacing_a_draft_that_is_gone_is_told(app: Flask) -> None:
    with pytest.raises(StaleVersion):
        drafts.create(OWNER, "printer", expected=7)


def test_a_file_is_deleted_once(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())
    seen, _ = drafts.read_file(OWNER, "printer", "README.md")
    with pytest.raises(StaleVersion):
        drafts.delete_file(OWNER, "printer", "README.md", seen.rev + 1)

    drafts.delete_file(OWNER, "printer", "README.md", seen.rev)

    with pytest.raises(NotFound):
        drafts.delete_file(OWNER, "printer", "README.md")
    assert "README.md" not in drafts.content(OWNER, "printer")


@pytest.mark.parametrize(
    "path",
    [
        "../package.toml",
        "forms/../../etc/passwd",
        "/etc/passwd",
        "forms\\report.json",
        "C:/x.json",
        "forms//report.json",
        "./package.toml",
        "a\0b.json",
        "con.json",
        "x" * 201 + ".md",
        "a/b/c/d/e/f/g.md",
        "",
    ],
)
def test_a_path_that_leads_out_of_the_package_is_refused(app: Flask, path: str) -> None:
    drafts.create(OWNER, "printer")

    with pytest.raises(InvalidInput) as refused:
        drafts.put_file(OWNER, "printer", path, b"{}")
    with pytest.raises(NotFound):
        drafts.read_file(OWNER, "printer", path)
    with pytest.raises(NotFound):
        drafts.delete_file(OWNER, "printer", path)

    assert [error.code for error in refused.value.errors] == ["path-unsafe"]


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("run.sh", b"#!/bin/sh", "file-kind-refused"),
        ("picture.svg", b"<svg/>", "file-kind-refused"),
        ("picture.png", b"not a picture", "file-kind-refused"),
        ("note.md", b"\xff\xfe\xfd", "text-not-utf8"),
        ("readme.MD", b"same name in other letters", "path-twice"),
    ],
)
def test_a_file_that_no_package_may_hold_is_refused(
    app: Flask, path: str, content: bytes, code: str
) -> None:
    drafts.create(OWNER, "printer", packages.files())

    with pytest.raises(InvalidInput) as refused:
        drafts.put_file(OWNER, "printer", path, content)

    assert [error.code for error in refused.value.errors] == [code]


def test_a_file_that_is_not_right_yet_may_stand_in_a_draft(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())

    drafts.put_file(OWNER, "printer", "forms/report.json", b'{"key": "rep')

    assert "error" in {one.severity for one in drafts.check(OWNER, "printer")}


def test_a_draft_is_bounded_in_files_and_bytes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_FILES", 5)
    monkeypatch.setattr(drafts, "MAX_TOTAL", 10_000)
    drafts.create(OWNER, "printer", packages.files())

    with pytest.raises(TooLarge):
        drafts.put_file(OWNER, "printer", "long.md", b"x" * 10_000)
    drafts.put_file(OWNER, "printer", "fifth.md", b"x")
    with pytest.raises(TooLarge):
        drafts.put_file(OWNER, "printer", "sixth.md", b"x")


@pytest.mark.parametrize("key", ["", "Printer", "1st", "a b", "../x", "a\0", "x" * 80])
def test_a_draft_needs_a_key_that_a_type_can_have(app: Flask, key: str) -> None:
    with pytest.raises(InvalidInput):
        drafts.create(OWNER, key)
    with pytest.raises(NotFound):
        drafts.get(OWNER, key)


def test_a_draft_is_checked_and_deployed(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files())

    assert [one for one in drafts.check(OWNER, "printer") if one.severity == "error"] == []
    deployed = drafts.deploy(OWNER, "printer")

    assert (deployed.version, deployed.created) == (1, True)
    assert queries.loaded(OWNER, "printer", 1).package == from_files(packages.files())
    assert drafts.get(OWNER, "printer").base == 1


def test_a_draft_that_is_no_package_is_refused_with_the_place(app: Flask) -> None:
    drafts.create(OWNER, "printer", {"README.md": b"nothing else"})

    found = drafts.check(OWNER, "printer")
    with pytest.raises(DefinitionInvalid):
        drafts.deploy(OWNER, "printer")

    assert [(one.document, one.code) for one in found] == [("package.toml", "manifest-missing")]


def test_a_draft_cannot_be_deployed_as_another_type(app: Flask) -> None:
    drafts.create(OWNER, "printer", packages.files("scanner"))

    with pytest.raises(DefinitionInvalid) as refused:
        drafts.deploy(OWNER, "printer")

    assert [one.code for one in refused.value.findings] == ["key-of-draft"]


def test_deploying_what_somebody_has_changed_meanwhile_is_told(app: Flask) -> None:
    seen = drafts.create(OWNER, "printer", packages.files())
    drafts.put_file(OTHER, "printer", "README.md", b"meanwhile")

    with pytest.raises(StaleVersion):
        drafts.deploy(OWNER, "printer", seen.rev)


def test_drafts_are_listed_page_by_page(app: Flask) -> None:
    for key in ("c", "a", "b"):
        drafts.create(OWNER, key)

    first = drafts.listing(OWNER, Window(2))
    second = drafts.listing(OWNER, Window(2, first.next))

    assert [one.key for one in first.items] == ["a", "b"]
    assert [one.key for one in second.items] == ["c"]
    assert second.next is None


@pytest.mark.parametrize("role", ["requester", "agent", "manager"])
def test_only_process_owners_and_administrators_touch_drafts(app: Flask, role: str) -> None:
    stranger = Actor("stranger", frozenset({role}))
    drafts.create(OWNER, "printer", packages.files())
    calls: list[Callable[[], object]] = [
        lambda: drafts.listing(stranger),
        lambda: drafts.get(stranger, "printer"),
        lambda: drafts.read_file(stranger, "printer", "README.md"),
        lambda: drafts.content(stranger, "printer"),
        lambda: drafts.create(stranger, "other"),
        lambda: drafts.put_file(stranger, "printer", "README.md", b""),
        lambda: drafts.delete_file(stranger, "printer", "README.md"),
        lambda: drafts.delete(stranger, "printer"),
        lambda: drafts.check(stranger, "printer"),
        lambda: drafts.deploy(stranger, "printer"),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
