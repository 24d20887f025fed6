import pytest

from workflows.extensions import Action, Setting, settings, split


def test_reads_the_settings_of_work_for_a_person() -> None:
    found = settings(
        "userTask",
        {
            "form": "handle",
            "groups": "it_support, network",
            "assignee": "=ticket.requester",
            "status": "handling",
            "actions": "solve,need_info",
            "action.solve.en": "Solve",
            "access": "title:read,amount:hide",
            "name.en": "Handle",
            "description": "做",
            "description.en": "Do",
            "due": "PT4H",
            "skills": "network",
        },
    )

    assert found.form == "handle"
    assert found.groups is not None
    assert found.groups.items() == ("it_support", "network")
    assert found.assignee == Setting("=ticket.requester")
    assert found.assignee.is_expression
    assert found.assignee.expression == "ticket.requester"
    assert found.actions == (Action("solve", {"en": "Solve"}), Action("need_info"))
    assert found.access == {"title": "read", "amount": "hide"}
    assert found.names == {"en": "Handle"}
    assert found.descriptions == {"": "做", "en": "Do"}
    assert found.other == {}
    assert not found.names_nobody


def test_reads_an_approval() -> None:
    found = settings("userTask", {"approval": "count:2", "approvers": "manager:1-3"})

    assert found.is_approval
    assert found.approval["approvers"].text == "manager:1-3"


def test_takes_the_rest_of_a_service_task_as_parameters() -> None:
    found = settings(
        "serviceTask",
        {"operation": "notify", "result": "sent", "retries": "3", "to": "=x", "payload": "p"},
    )

    assert found.operation == "notify"
    assert found.result == "sent"
    assert {name: one.text for name, one in found.parameters.items()} == {
        "to": "=x",
        "payload": "p",
    }


def test_reads_what_a_call_gives_and_takes() -> None:
    found = settings("callActivity", {"in.part": "=place", "out.ordered": "=done"})

    assert {name: one.expression for name, one in found.given.items()} == {"part": "place"}
    assert {name: one.expression for name, one in found.taken.items()} == {"ordered": "done"}


def test_keeps_what_it_does_not_know() -> None:
    assert settings("task", {"assigne": "x", "in.x": "y"}).other == {"assigne": "x", "in.x": "y"}


def test_leaves_empty_settings_out() -> None:
    found = settings("userTask", {"groups": " ", "form": ""})

    assert found.groups is None
    assert found.form is None
    assert found.names_nobody


@pytest.mark.parametrize(
    ("text", "parts"), [("", ()), (" a , b,,a ", ("a", "b")), (",", ()), ("一,二", ("一", "二"))]
)
def test_splits_lists(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts
