"""Service levels: what sla.toml says is read, and every mistake in it has its place."""

import pytest

from tests.packages import manifest, package
from workflows.checks import Known, check
from workflows.findings import Finding
from workflows.packages import Package
from workflows.sla import Document, Mark, read_sla

FULL = """
calendar = "cn_office"
at_risk = 60

[[policy]]
metric = "resolution"
when = 'type = "printer"'
name = { zh-CN = "解决", en = "Resolution" }
pause_on = ["waiting"]
pause_if = 'place = "warehouse"'
reasons = { waiting = { zh-CN = "等用户", en = "Waiting for the requester" } }
on_change = "retroactive"
reopen = "new"
reopen_within = "P7D"
catch_up = "all"
goals = [
  { when = 'priority = "P1"', target = "PT4H", calendar = "always", steps = [] },
  { target = "PT16H" },
]
steps = [
  { at = "75%", notify = ["assignee"] },
  { at = "-PT1H", notify = ["group:it_support"], time = "calendar" },
  { at = "+PT10M", assign = "manager", raise_priority = true, message = "sla_breached" },
  { at = "PT5M", notify = ["user:lina"], repeat = "PT5M", until = "ack", max = 3 },
]

[[policy]]
metric = "resolution"
goals = [{ target = "PT40H" }]

[[policy]]
metric = "stage"
element = "handle"
calendar = "always"
resume_on_reply = false
goals = [{ target = "PT1H" }]
"""


def read(text: str) -> Document:
    return read_sla(text.encode(), ["place"])


def policy(more: str = "", metric: str = "resolution", goals: str = '{ target = "PT1H" }') -> str:
    return f'[[policy]]\nmetric = "{metric}"\ngoals = [{goals}]\n{more}\n'


def test_reads_everything_that_a_policy_can_say() -> None:
    document = read(FULL)
    first, second, stage = document.policies

    assert document.findings == ()
    assert document.at_risk == 60
    assert document.calendars() == {"cn_office", "always"}
    assert [one.key for one in document.policies] == ["resolution", "resolution_2", "stage"]
    assert [(one.target, one.calendar) for one in first.goals] == [
        (4 * 3600, "always"),
        (16 * 3600, "cn_office"),
    ]
    assert [one.steps for one in first.goals] == [(), None]
    assert (first.on_change, first.reopen, first.reopen_within) == (
        "retroactive",
        "new",
        7 * 86_400,
    )
    assert first.catch_up == "all"
    assert first.pause_on == ("waiting",)
    assert first.reasons["waiting"]["en"] == "Waiting for the requester"
    assert [step.at for step in first.steps] == [
        Mark("percent", 75),
        Mark("due", -3600, plain=True),
        Mark("due", 600),
        Mark("start", 300),
    ]
    assert (first.steps[3].repeat, first.steps[3].until, first.steps[3].max) == (300, "ack", 3)
    assert (second.pause_on, second.on_change, second.resume_on_reply) == (None, "retarget", True)
    assert (stage.elements, stage.goals[0].calendar) == (("handle",), "always")
    assert stage.resume_on_reply is False


def test_a_condition_holds_only_when_it_is_true() -> None:
    condition = read(FULL).policies[0].goals[0].when

    assert condition is not None
    assert condition.holds({"priority": "P1"})
    assert not condition.holds({"priority": "P2"})
    assert not condition.holds({})


def test_a_package_without_the_file_has_no_policies() -> None:
    assert package().sla.policies == ()


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("x", None, "toml-not-readable"),
        ("policy = 1", "policy", "wrong-type"),
        (policy(metric="speed"), "policy[1].metric", "sla-metric-unknown"),
        ('[[policy]]\ngoals = [{ target = "PT1H" }]', "policy[1].metric", "key-missing"),
        ('[[policy]]\nmetric = "resolution"', "policy[1].goals", "sla-goals-missing"),
        (policy(goals='{ target = "4h" }'), "policy[1].goals[1].target", "sla-duration-unreadable"),
        (
            policy(goals='{ target = "PT0S" }'),
            "policy[1].goals[1].target",
            "sla-duration-unreadable",
        ),
        (
            policy(goals='{ target = "P99Y" }'),
            "policy[1].goals[1].target",
            "sla-duration-unreadable",
        ),
        (policy(goals="{}"), "policy[1].goals[1].target", "key-missing"),
        (
            policy() + policy(goals="{ when = 'priority =', target = 'PT1H' }"),
            "policy[2].goals[1].when",
            "expression-unreadable",
        ),
        (
            policy(goals="{ when = 'priority', target = 'PT1H' }"),
            "policy[1].goals[1].when",
            "condition-not-boolean",
        ),
        (policy("when = '1 + 1'"), "policy[1].when", "condition-not-boolean"),
        (policy("when = 'ticket.priority'"), "policy[1].when", "condition-not-boolean"),
        (policy("when = 'count([1])'"), "policy[1].when", "condition-not-boolean"),
        (policy("when = 'if vip then \"x\" else true'"), "policy[1].when", "condition-not-boolean"),
        (policy("when = 'vip and title'"), "policy[1].when", "condition-not-boolean"),
        (policy("pause_if = '\"yes\"'"), "policy[1].pause_if", "condition-not-boolean"),
        (policy('pause_on = ["lunch"]'), "policy[1].pause_on", "status-category-unknown"),
        (policy('on_change = "forget"'), "policy[1].on_change", "sla-choice-unknown"),
        (policy('reopen = "never"'), "policy[1].reopen", "sla-choice-unknown"),
        (policy('catch_up = "some"'), "policy[1].catch_up", "sla-choice-unknown"),
        (policy(metric="stage"), "policy[1].element", "sla-element-missing"),
        (policy(metric="ola"), "policy[1].group", "sla-group-missing"),
        (policy('key = "a"') + policy('key = "a"'), "policy[2].key", "sla-policy-twice"),
        (policy('calendar = "a b"'), "policy[1].calendar", "key-unreadable"),
        ("at_risk = 0", "at_risk", "number-out-of-bounds"),
        (policy('steps = [{ at = "75%" }]'), "policy[1].steps[1]", "sla-step-empty"),
        (
            policy('steps = [{ at = "soon", notify = ["manager"] }]'),
            "policy[1].steps[1].at",
            "sla-mark-unreadable",
        ),
        (
            policy('steps = [{ at = "0%", notify = ["manager"] }]'),
            "policy[1].steps[1].at",
            "sla-mark-unreadable",
        ),
        (
            policy('steps = [{ at = "75%", notify = ["boss"] }]'),
            "policy[1].steps[1].notify",
            "recipient-unreadable",
        ),
        (
            policy('steps = [{ at = "75%", assign = "anybody" }]'),
            "policy[1].steps[1].assign",
            "recipient-unreadable",
        ),
        (
            policy('steps = [{ at = "75%", notify = ["manager"], repeat = "PT5S" }]'),
            "policy[1].steps[1].repeat",
            "sla-repeat-too-short",
        ),
    ],
)
def test_a_mistake_has_its_place(text: str, place: str | None, code: str) -> None:
    said = [(one.element, one.code) for one in read(text).findings if one.severity == "error"]

    assert said == [(place, code)]
    assert all(one.document == "sla.toml" for one in read(text).findings)


@pytest.mark.parametrize(
    "text",
    [
        'priority in ("P0", "P1")',
        "vip",
        "not(vip)",
        'list contains(["a"], channel)',
        'if vip then true else priority = "P1"',
        'some x in ["a"] satisfies x = channel',
        "place",
        'contract != null and contract.level = "gold"',
        "true",
    ],
)
def test_what_may_be_true_or_false_is_taken(text: str) -> None:
    assert read(policy(f"when = '''{text}'''")).findings == ()


def test_says_what_no_clock_will_ever_use() -> None:
    document = read(policy("colour = 1", goals='{ target = "PT1H" }, { target = "PT2H" }'))

    said = [(one.severity, one.element, one.code) for one in document.findings]
    assert ("warning", "policy[1].goals[1]", "sla-goal-always") in said
    assert ("warning", "policy[1].colour", "key-unknown") in said


def findings(text: str, known: Known | None = None, more: str = "") -> list[Finding]:
    bent: Package = package(
        replaced={"sla.toml": text.encode(), "package.toml": manifest(more=more)}
    )
    return [one for one in check(bent, known) if one.document == "sla.toml"]


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        (policy('calendar = "mars"'), "policy[1].goals[1].calendar", "calendar-unknown"),
        (policy('element = "nowhere"', "stage"), "policy[1].element", "sla-element-unknown"),
        (policy('group = "ghosts"', "ola"), "policy[1].group", "group-unknown"),
        (
            policy('steps = [{ at = "75%", notify = ["group:ghosts"] }]'),
            "policy[1].steps[1].notify",
            "group-unknown",
        ),
        (
            policy('steps = [{ at = "75%", assign = "user:nobody" }]'),
            "policy[1].steps[1].assign",
            "user-unknown",
        ),
        (policy("when = 'plaec = 1'"), "policy[1].when", "name-unknown"),
    ],
)
def test_what_a_policy_names_has_to_be_there(text: str, place: str, code: str) -> None:
    known = Known(groups={"it"}, users={"lina"}, calendars={"always"})

    assert [(one.element, one.code) for one in findings(text, known)] == [(place, code)]


def test_declared_groups_steps_and_answers_are_there() -> None:
    text = policy(
        'element = "handle"\nwhen = \'place = "x"\'\n'
        'steps = [{ at = "75%", notify = ["group:desk", "user:lina", "assignee"] }]',
        "stage",
    )
    known = Known(groups=set(), users={"lina"}, calendars={"always"})

    assert findings(text, known, more="[groups]\ndesk = {}\n") == []


def test_without_an_installation_only_the_file_is_judged() -> None:
    assert findings(policy('calendar = "mars"\ngroup = "ghosts"', "ola")) == []
