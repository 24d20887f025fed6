"""The policy as one table: for every action, who may and who may not."""

from dataclasses import dataclass

import pytest

from engine.access import policy
from engine.access.policy import POLICY, ROLES, SCOPES, SYSTEM, Actor, OnTask, OnTicket, TypeAccess
from engine.errors import NotAllowed


@dataclass(frozen=True)
class Facts:
    requester: str = "zhoumin"
    created_by: str = "lina"
    assignee: str | None = "wangqiang"


OPEN = TypeAccess()
ONLY_HR = TypeAccess(submit=("department:hr",), see=("group:hr-desk",), work=("group:hr-desk",))

# Who asks: the letters are the columns of the tables below.
WHO = {
    "own": Actor("zhoumin", frozenset({"requester"})),  # asked for the ticket
    "other": Actor("sunli", frozenset({"requester"})),  # a stranger to it
    "none": Actor("ghost"),  # no role at all
    "agent": Actor("gaofei", frozenset({"agent"}), frozenset({"net"})),
    "manager": Actor("zhaoyun", frozenset({"manager"})),
    "owner": Actor("chenjing", frozenset({"process_owner"})),
    "admin": Actor("admin", frozenset({"administrator"})),
    "system": SYSTEM,
}

GENERAL = """
                          own other none agent manager owner admin system
see_people                 y    y    y     y      y      y     y     y
see_group_members          .    .    .     y      y      y     y     y
manage_people              .    .    .     .      .      .     y     y
manage_tokens_of_others    .    .    .     .      .      .     y     y
see_records                .    .    .     y      y      y     y     y
manage_records             .    .    .     .      .      .     y     y
see_calendars              y    y    y     y      y      y     y     y
manage_calendars           .    .    .     .      .      y     y     y
see_processes              .    .    .     y      y      y     y     y
edit_drafts                .    .    .     .      .      y     y     y
deploy                     .    .    .     .      .      y     y     y
migrate                    .    .    .     .      .      y     y     y
evaluate                   .    .    .     .      .      y     y     y
see_process_incidents      .    .    .     .      .      y     y     y
retry_process_incident     .    .    .     .      .      y     y     y
submit_on_behalf           .    .    .     y      y      y     y     y
set_priority               .    .    .     y      y      y     y     y
decide                     y    y    y     y      y      y     y     y
administer_approval        .    .    .     .      .      .     y     y
recalculate                .    .    .     .      .      y     y     y
manage_channels            .    .    .     .      .      .     y     y
work_in_workspace          .    .    .     y      y      y     y     y
share_with_all             .    .    .     .      y      y     y     y
tidy_workspace             .    .    .     .      .      .     y     y
read_notifications         y    y    y     y      y      y     y     y
see_ratings                .    .    .     .      y      y     y     y
see_predictions            .    .    .     .      y      y     y     y
"""

ON_TICKET = """
                          own other none agent manager owner admin system
see_ticket                 y    .    .     y      y      y     y     y
see_internal               .    .    .     y      y      y     y     y
edit_ticket                .    .    .     y      .      .     y     y
comment                    y    .    .     y      y      y     y     y
comment_internally         .    .    .     y      y      y     y     y
attach                     y    .    .     y      y      y     y     y
watch                      y    .    .     y      y      y     y     y
add_watcher                .    .    .     y      y      y     y     y
link                       .    .    .     y      y      y     y     y
send_message               .    .    .     y      .      .     y     y
acknowledge                .    .    .     y      .      .     y     y
log_work                   .    .    .     y      .      .     y     y
merge                      .    .    .     y      .      .     y     y
change_clocks              .    .    .     .      y      y     y     .
supervise_approval         .    .    .     .      y      y     y     .
rate                       y    .    .     .      .      .     .     .
see_rating                 y    .    .     y      y      y     y     y
"""

# The same ticket, of a type that only the people of hr-desk see and work.
ON_RESTRICTED = """
                          own other none agent manager owner admin system
see_ticket                 y    .    .     .      .      .     y     y
see_internal               .    .    .     .      .      .     y     y
edit_ticket                .    .    .     .      .      .     y     y
comment                    y    .    .     .      .      .     y     y
comment_internally         .    .    .     .      .      .     y     y
attach                     y    .    .     .      .      .     y     y
watch                      y    .    .     .      .      .     y     y
add_watcher                .    .    .     .      .      .     y     y
link                       .    .    .     .      .      .     y     y
send_message               .    .    .     .      .      .     y     y
acknowledge                .    .    .     .      .      .     y     y
log_work                   .    .    .     .      .      .     y     y
merge                      .    .    .     .      .      .     y     y
change_clocks              .    .    .     .      .      .     y     .
supervise_approval         .    .    .     .      .      .     y     .
"""

# A task of that ticket that nobody has taken, offered to the group net.
ON_FREE_TASK = """
                          own other none agent manager owner admin system
see_task                   y    .    .     y      y      y     y     y
claim                      .    .    .     y      .      .     y     .
release                    .    .    .     .      .      .     .     .
assign                     .    .    .     y      .      .     y     y
complete                   .    .    .     y      .      .     y     y
"""

# The same task, taken by somebody else of the group.
ON_TAKEN_TASK = """
                          own other none agent manager owner admin system
see_task                   y    .    .     y      y      y     y     y
claim                      .    .    .     .      .      .     .     .
release                    .    .    .     .      .      .     y     .
assign                     .    .    .     y      .      .     y     y
complete                   .    .    .     .      .      .     y     y
"""

# An absence of the requester; administrators may by manage_records.
ON_ABSENCE = """
                          own other none agent manager owner admin system
manage_own_absences        y    .    .     .      .      .     .     .
"""

FREE = OnTask(OnTicket(Facts(), OPEN), None, ("group:net",))
TAKEN = OnTask(OnTicket(Facts(), OPEN), "wangqiang", ("group:net",))


def _cells(table: str, subject: object) -> list[tuple[str, str, object, bool]]:
    head, *rows = table.strip("\n").splitlines()
    cells = []
    for row in rows:
        action, *marks = row.split()
        assert len(marks) == len(head.split()), row
        cells += [
            (action, who, subject, mark == "y")
            for who, mark in zip(head.split(), marks, strict=True)
        ]
    return cells


TABLES = (
    _cells(GENERAL, None)
    + _cells(ON_ABSENCE, Facts().requester)
    + _cells(ON_TICKET, OnTicket(Facts(), OPEN))
    + _cells(ON_RESTRICTED, OnTicket(Facts(), ONLY_HR))
    + _cells(ON_FREE_TASK, FREE)
    + _cells(ON_TAKEN_TASK, TAKEN)
)


@pytest.mark.parametrize(("action", "who", "subject", "expected"), TABLES)
def test_the_table_of_rights(action: str, who: str, subject: object, expected: bool) -> None:
    assert policy.may(WHO[who], action, subject) is expected
    if not expected:
        with pytest.raises(NotAllowed):
            policy.require(WHO[who], action, subject)


def test_the_tables_cover_every_action() -> None:
    covered = {action for action, *_ in TABLES} | {"submit"}

    assert covered == set(POLICY)


def test_every_role_is_in_the_tables() -> None:
    assert {role for actor in WHO.values() for role in actor.roles} - {"system"} == set(ROLES)


SUBMITS = [
    ("other", OPEN, True),
    ("none", OPEN, True),
    ("other", ONLY_HR, False),
    ("agent", ONLY_HR, False),
    ("owner", ONLY_HR, False),
    ("admin", ONLY_HR, True),
    ("other", TypeAccess(submit=("user:sunli",)), True),
    ("other", TypeAccess(submit=("role:requester",)), True),
    ("other", TypeAccess(submit=()), False),
    ("agent", TypeAccess(submit=("group:net", "role:manager")), True),
    ("agent", TypeAccess(submit=("group:nets", "net", "group:", ":net")), False),
]


@pytest.mark.parametrize(("who", "access", "expected"), SUBMITS)
def test_a_type_says_who_submits(who: str, access: TypeAccess, expected: bool) -> None:
    assert policy.may(WHO[who], "submit", access) is expected


def test_a_department_is_a_circle_of_people_too() -> None:
    hr = Actor("meng", frozenset({"requester"}), department="hr")

    assert policy.may(hr, "submit", ONLY_HR)
    assert not policy.may(hr, "see_ticket", OnTicket(Facts(), ONLY_HR))


def test_the_desk_of_a_restricted_type_works_it() -> None:
    desk = Actor("meng", frozenset({"requester"}), frozenset({"hr-desk"}))
    on = OnTicket(Facts(), ONLY_HR)

    for action in ("see_ticket", "see_internal", "edit_ticket", "comment_internally"):
        assert policy.may(desk, action, on)


def test_who_is_involved_sees_the_ticket_and_not_its_internal_side() -> None:
    on = OnTicket(Facts(), ONLY_HR, involved=True)

    assert policy.may(WHO["other"], "see_ticket", on)
    assert policy.may(WHO["other"], "comment", on)
    assert not policy.may(WHO["other"], "see_internal", on)
    assert not policy.may(WHO["other"], "edit_ticket", on)


def test_the_holder_of_a_task_completes_and_releases_it() -> None:
    holder = Actor("wangqiang", frozenset({"requester"}))

    assert policy.may(holder, "complete", TAKEN)
    assert policy.may(holder, "release", TAKEN)
    assert not policy.may(holder, "assign", TAKEN), "passing work on is for agents and managers"
    alone = OnTask(TAKEN.on, "wangqiang", ())
    assert not policy.may(holder, "release", alone), "nobody could take it up again"


@pytest.mark.parametrize("scope", sorted(SCOPES))
@pytest.mark.parametrize("action", sorted(POLICY))
def test_a_scope_opens_its_actions_and_no_other(scope: str, action: str) -> None:
    subject = {"submit": OPEN}.get(action, FREE if action in TASK_ACTIONS else FREE.on)
    whole = Actor("admin", frozenset({"administrator"}))
    narrow = Actor("admin", frozenset({"administrator"}), scopes=frozenset({scope}))

    assert policy.may(narrow, action, subject) is (
        policy.may(whole, action, subject) and action in SCOPES[scope]
    )


TASK_ACTIONS = {"see_task", "claim", "release", "assign", "complete"}


def test_scopes_never_add_rights() -> None:
    stranger = Actor("sunli", frozenset({"requester"}), scopes=frozenset(SCOPES))

    assert not policy.may(stranger, "manage_people")
    assert not policy.may(stranger, "see_ticket", OnTicket(Facts(), OPEN))
    assert not policy.may(
        Actor("admin", frozenset({"administrator"}), scopes=frozenset()), "deploy"
    )


def test_scopes_name_actions_that_exist() -> None:
    assert set().union(*SCOPES.values()) <= set(POLICY)


def test_lists_the_actions_somebody_may_take_in_the_given_order() -> None:
    actions = ["release", "complete", "claim"]

    assert policy.allowed(WHO["agent"], actions, FREE) == ["complete", "claim"]
