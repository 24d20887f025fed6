"""Every sample is a package that would be deployed without a single remark."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import forms.checks
import workflows.checks
from forms import compiler, documents
from workflows import feel, packages
from workflows.extensions import settings_of
from workflows.packages import Package

SAMPLES = Path(__file__).parents[2] / "samples"
KEYS = (
    "it_incident",
    "change_approval",
    "equipment_repair",
    "purchase_request",
    "leave_request",
    "customer_complaint",
)
DEMO = tomllib.loads((SAMPLES / "demo.toml").read_text("utf-8"))
LANGUAGES = {"zh-CN", "en"}


def read(key: str) -> Package:
    return packages.read_folder(SAMPLES / key)


def steps(package: Package) -> dict[str, Any]:
    return {
        element.id: settings_of(element)
        for document in package.documents.values()
        for process in document.processes
        for element in process.elements.values()
        if element.is_work
    }


def variables(package: Package) -> set[str]:
    """What a form's rules may read: the other forms' fields and the buttons pressed."""
    fields = {key for data in package.forms.values() for key in documents.read(data).fields}
    return fields | {f"{step}_action" for step in steps(package)}


def test_every_folder_is_tested() -> None:
    assert {path.parent.name for path in SAMPLES.glob("*/package.toml")} == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_said_against_the_process(key: str) -> None:
    assert workflows.checks.check(read(key)) == []


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_said_against_the_forms(key: str) -> None:
    package = read(key)
    known = variables(package)

    findings = [
        finding
        for path in package.files
        if path.startswith("forms/")
        for finding in forms.checks.check(path, package.files[path], known)
    ]

    assert findings == []


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_said_against_the_steps_and_their_forms(key: str) -> None:
    package = read(key)
    shown = {name: documents.read(data) for name, data in package.forms.items()}

    for element, settings in steps(package).items():
        assert settings.form in shown, element
        found = forms.checks.check_step(
            "process.bpmn", element, shown[settings.form], settings.access
        )
        assert found == []


@pytest.mark.parametrize("key", KEYS)
def test_every_form_is_used(key: str) -> None:
    package = read(key)

    used = {settings.form for settings in steps(package).values()} | {package.manifest.intake}

    assert set(package.forms) == used


@pytest.mark.parametrize("key", KEYS)
def test_people_read_it_in_both_languages(key: str) -> None:
    package = read(key)
    manifest = package.manifest
    worded = [manifest.names, manifest.descriptions, manifest.title]
    worded += [status.labels for status in manifest.statuses.values()]
    worded += [group.labels for group in manifest.groups.values()]
    worded += [step.labels for step in manifest.progress]
    worded += [action.label for settings in steps(package).values() for action in settings.actions]

    assert all(set(words) == LANGUAGES for words in worded)
    for element, settings in steps(package).items():
        assert settings.names.get("en"), element
        assert {"", "en"} == set(settings.descriptions), element
    for path, data in package.files.items():
        if path.startswith("forms/"):
            for field in documents.read(data).fields.values():
                assert set(field.label) == LANGUAGES, (path, field.key)


@pytest.mark.parametrize("key", KEYS)
def test_every_status_is_reached_or_shown(key: str) -> None:
    package = read(key)
    said = {
        setting.text
        for document in package.documents.values()
        for process in document.processes
        for element in process.elements.values()
        if (setting := settings_of(element).status) is not None
    }
    if any(settings.is_approval for settings in steps(package).values()):
        said.add("withdrawn")  # a requester may take his request back

    assert said == set(package.manifest.statuses)


def worked_out(value: Any) -> Any:
    """A value of a demo story, its expressions replaced by what they give."""
    if isinstance(value, str) and value.startswith("="):
        found = feel.evaluate(value[1:])
        assert found is not None, value
        return feel.text_of(found)[:19] + "+08:00"
    return value


@pytest.mark.parametrize("story", DEMO["tickets"], ids=lambda story: story["title"])
def test_a_demo_story_speaks_of_what_there_is(story: dict[str, Any]) -> None:
    people = {person["username"] for person in DEMO["people"]}
    package = read(story["type"])
    work = steps(package)
    answers = [(package.manifest.intake, None, story["values"])]

    assert story["requester"] in people
    for step in story["steps"]:
        assert step["by"] in people
        if "task" not in step:
            assert step["comment"]
            continue
        settings = work[step["task"]]
        assert step.get("claim") or step["action"] in {one.key for one in settings.actions}
        if not step.get("claim"):
            answers.append((settings.form, step, step.get("values", {})))
    before: dict[str, Any] = {}
    for name, told, values in answers:
        form = documents.read(package.forms[name or ""])
        judged = compiler.judge(
            form,
            {key: worked_out(value) for key, value in values.items()},
            scope={f"{told['task']}_action": told["action"]} if told else {},
            access=work[told["task"]].access if told else {},
            before=before,
        )
        assert judged.errors == []
        before = judged.merged(before)


def test_the_demo_is_big_enough_and_hangs_together() -> None:
    people = {person["username"]: person for person in DEMO["people"]}
    departments = {department["key"] for department in DEMO["departments"]}
    declared = {group for key in KEYS for group in read(key).manifest.groups}

    assert len(people) >= 16
    assert len(DEMO["tickets"]) >= 30
    assert {person["department"] for person in people.values()} == departments
    assert {department["manager"] for department in DEMO["departments"]} <= people.keys()
    assert {person["manager"] for person in people.values() if "manager" in person} <= people.keys()
    assert {group["key"] for group in DEMO["groups"]} == declared
    assert {name for group in DEMO["groups"] for name in group["members"]} <= people.keys()
