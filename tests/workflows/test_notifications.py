"""The notification rules and templates of a package, read and judged."""

import pytest

from tests import packages
from workflows import notifications
from workflows.checks import Known, check

RULE = (
    'on = "task_opened"\nwhen = \'priority = "P1" and place != null\'\n'
    'to = ["assignee"]\ntemplate = "opened"\n'
)
OPENED = "# {{fact.step}}: {{ticket.title}}\n\n{{place}} {{url}} {{reader.name}}\n"


def findings(rules: str, known: Known | None = None, **templates: str) -> list[tuple[str, str]]:
    content = {"notifications.toml": rules.encode()}
    for name, text in templates.items():
        key, _, language = name.partition("__")
        content[f"templates/{key}.{language.replace('_', '-')}.md"] = text.encode()
    return [
        (one.code, one.element or "")
        for one in check(packages.package(replaced=content), known)
        if one.document.startswith(("notifications", "templates"))
    ]


def test_a_whole_set_has_nothing_to_say() -> None:
    assert findings(f"[[rule]]\n{RULE}", opened__zh_CN=OPENED, opened__en=OPENED) == []


@pytest.mark.parametrize(
    ("rules", "code", "place"),
    [
        ("[[rule]\n", "toml-not-readable", ""),
        ('[[rule]]\non = "task_opened"\n', "recipients-missing", "rule[1].to"),
        ('[[rule]]\nto = ["assignee"]\n', "key-missing", "rule[1].on"),
        ('[[rule]]\non = "x_y"\nto = ["nobody"]\n', "recipient-unreadable", "rule[1].to"),
        ('[[rule]]\non = "x_y"\nto = ["requester"]\n', "history-kind-unknown", "rule[1]"),
        ('[[rule]]\non = "task_opened"\nto = "me"\n', "wrong-type", "rule[1].to"),
        (
            '[[rule]]\non = "task_opened"\nto = ["requester"]\nby = ["e mail"]\n',
            "channel-unreadable",
            "rule[1].by",
        ),
        (
            '[[rule]]\non = "task_opened"\nto = ["requester"]\nwhen = "priority ="\n',
            "expression-unreadable",
            "rule[1].when",
        ),
        (
            '[[rule]]\non = "task_opened"\nto = ["requester"]\nwhen = "severity > 1"\n',
            "notification-name-unknown",
            "rule[1].when",
        ),
        (
            '[[rule]]\non = "task_opened"\nto = ["requester"]\ntemplate = "gone"\n',
            "template-missing",
            "rule[1].template",
        ),
        ('[[rule]]\non = "task_opened"\nto = ["group:gone"]\n', "group-unknown", "rule[1].to"),
        ('[[rule]]\non = "task_opened"\nto = ["user:gone"]\n', "user-unknown", "rule[1].to"),
        (
            '[[rule]]\non = "task_opened"\nto = ["requester"]\nonce = 1\n',
            "wrong-type",
            "rule[1].once",
        ),
    ],
)
def test_says_what_is_wrong_with_a_rule_and_where(rules: str, code: str, place: str) -> None:
    assert (code, place) in findings(rules, Known(groups={"it"}, users={"li"}))


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("# A\n\n{{ticket.title}}\n{{colour}}\n", "notification-name-unknown", "line 4"),
        ("# {{ 1 + }}\n", "expression-unreadable", "line 1"),
        ("# A\n{{ticket.title}\n", "template-hole-open", ""),
        ("\n\n", "template-empty", ""),
        ("# A\n" + "x" * 60_000, "template-too-long", ""),
    ],
)
def test_says_what_is_wrong_with_a_template_and_where(text: str, code: str, place: str) -> None:
    assert (code, place) in findings("", opened__zh_CN=text)


def test_a_template_in_one_language_only_is_a_warning() -> None:
    assert findings(f"[[rule]]\n{RULE}", opened__en=OPENED) == [
        ("template-language-missing", "rule[1].template")
    ]


def test_a_template_whose_file_has_no_language_is_refused() -> None:
    content = {"templates/opened.md": b"# A"}

    said = [one.code for one in check(packages.package(replaced=content))]

    assert "template-name-unreadable" in said


def test_the_first_line_is_the_subject() -> None:
    template = notifications.read_template("# Ticket {{ number }}\n\nBody {{ url }}\n")

    assert (template.subject, template.body) == ("Ticket {{ number }}", "Body {{ url }}")
    assert template.names == {"number", "url"}
