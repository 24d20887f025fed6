"""Calls of processes in other packages are pinned when the caller is deployed."""

import pytest
from flask import Flask

from engine.access.policy import Actor
from engine.deployments import catalogue, commands, queries
from engine.errors import DefinitionInvalid
from tests import packages
from workflows.packages import Package

OWNER = Actor("chenjing", frozenset({"process_owner"}))


def calling(key: str, target: str | None, note: str = "") -> Package:
    """A package whose process `<key>_main` calls another process."""
    step = (
        f'<bpmn:callActivity id="call" name="{note}" calledElement="{target}"/>'
        if target
        else packages.user_task("call", note)
    )
    process = packages.bpmn(
        f'<bpmn:startEvent id="begin"/>{step}<bpmn:endEvent id="finish"/>'
        + packages.flow("begin", "call")
        + packages.flow("call", "finish"),
        process=f"{key}_main",
    )
    return packages.package(key, {"process.bpmn": process})


def test_a_call_is_pinned_to_the_newest_version_at_deployment(app: Flask) -> None:
    commands.deploy(OWNER, calling("parts", None))
    second = commands.deploy(OWNER, calling("parts", None, "2"))
    caller = commands.deploy(OWNER, calling("repair", "parts:parts_main"))

    commands.deploy(OWNER, calling("parts", None, "3"))

    loaded = catalogue.version(caller.version_id)
    assert loaded.pinned == {"parts": second.version_id}
    assert queries.called_versions(loaded) == {"parts": 2}


def test_calls_are_pinned_through_the_packages_between(app: Flask) -> None:
    deepest = commands.deploy(OWNER, calling("stock", None))
    between = commands.deploy(OWNER, calling("parts", "stock:stock_main"))

    caller = commands.deploy(OWNER, calling("repair", "parts:parts_main"))

    assert catalogue.version(caller.version_id).pinned == {
        "parts": between.version_id,
        "stock": deepest.version_id,
    }


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("nowhere:main", "call-package-unknown"),
        ("parts:no_such", "call-unknown"),
        ("no_such", "call-unknown"),
    ],
)
def test_a_call_of_what_is_not_there_is_refused_at_its_element(
    app: Flask, target: str, code: str
) -> None:
    commands.deploy(OWNER, calling("parts", None))

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, calling("repair", target))

    wrong = [one for one in refused.value.findings if one.severity == "error"]
    assert [(one.code, one.element) for one in wrong] == [(code, "call")]


def test_a_retired_package_cannot_be_called_anew(app: Flask) -> None:
    commands.deploy(OWNER, calling("parts", None))
    commands.retire(OWNER, "parts", 1)

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, calling("repair", "parts:parts_main"))

    assert [one.code for one in refused.value.findings if one.severity == "error"] == [
        "call-package-unknown"
    ]


def test_packages_that_call_each_other_in_a_circle_are_refused(app: Flask) -> None:
    commands.deploy(OWNER, calling("one", None))
    commands.deploy(OWNER, calling("two", "one:one_main"))
    commands.deploy(OWNER, calling("three", "two:two_main"))

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, calling("one", "three:three_main"))

    wrong = [one for one in refused.value.findings if one.severity == "error"]
    assert [(one.code, one.element) for one in wrong] == [("call-back", "call")]


def test_a_way_that_breaks_off_further_on_is_refused_where_it_begins(app: Flask) -> None:
    commands.deploy(OWNER, calling("stock", None))
    commands.deploy(OWNER, calling("parts", "stock:stock_main"))
    commands.retire(OWNER, "stock", 1)

    with pytest.raises(DefinitionInvalid) as refused:
        commands.deploy(OWNER, calling("repair", "parts:parts_main"))

    wrong = [one for one in refused.value.findings if one.severity == "error"]
    assert [(one.code, one.element, dict(one.params)) for one in wrong] == [
        ("call-leads-nowhere", "call", {"called": "stock:stock_main"})
    ]
