"""Who may what: one line per action, one list of who; asked by every command and every query."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.errors import NotAllowed

ROLES = ("requester", "agent", "manager", "process_owner", "administrator")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with roles and groups, or the system itself."""

    username: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    department: str | None = None
    language: str = "zh-CN"
    scopes: frozenset[str] | None = None  # None: all rights of the person

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of these roles."""
        return not self.roles.isdisjoint(roles)

    def matches(self, whom: Iterable[str]) -> bool:
        """Whether a list such as ["role:agent", "group:it", "user:li"] names this person."""
        for entry in whom:
            kind, _, key = entry.partition(":")
            if kind == "role" and key in self.roles:
                return True
            if kind == "group" and key in self.groups:
                return True
            if kind == "user" and key == self.username:
                return True
            if kind == "department" and key == self.department:
                return True
        return False


SYSTEM = Actor("system", frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class TypeAccess:
    """Who may submit, see and work a ticket type, as its manifest says; None: the default."""

    submit: tuple[str, ...] | None = None
    see: tuple[str, ...] | None = None
    work: tuple[str, ...] | None = None


class TicketFacts(Protocol):
    """What the policy wants to know of a ticket."""

    @property
    def requester(self) -> str: ...
    @property
    def created_by(self) -> str: ...
    @property
    def assignee(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class OnTicket:
    """A ticket as the policy sees it: its facts, its type's lists, and who is in it."""

    ticket: TicketFacts
    access: TypeAccess
    involved: bool = False  # follows it, or may take or holds (or held) one of its tasks


@dataclass(frozen=True, slots=True)
class OnTask:
    """A task as the policy sees it: where it belongs, who holds it, who may take it."""

    on: OnTicket
    assignee: str | None
    candidates: tuple[str, ...]  # "user:…", "group:…", "role:…"
    is_approval: bool = False  # only those with an open seat act; they are its candidates


Rule = Callable[[Actor, Any], bool]


def _role(*roles: str) -> Rule:
    return lambda actor, subject: actor.has("system", *roles)


def _anyone(actor: Actor, subject: object) -> bool:
    return True


def _is_own(actor: Actor, on: OnTicket) -> bool:
    return actor.username in (on.ticket.requester, on.ticket.created_by)


def _works_type(actor: Actor, access: TypeAccess) -> bool:
    if access.work is not None:
        return actor.matches(access.work)
    return actor.has("agent")


def _sees_type(actor: Actor, access: TypeAccess) -> bool:
    if access.see is not None:
        return actor.matches(access.see) or _works_type(actor, access)
    return _works_type(actor, access) or actor.has("manager", "process_owner")


def _staff(actor: Actor, on: OnTicket) -> bool:
    """Whether somebody is on the working side of a ticket, not only its requester."""
    return actor.has("system", "administrator") or _sees_type(actor, on.access)


def _sees(actor: Actor, on: OnTicket) -> bool:
    return _staff(actor, on) or _is_own(actor, on) or on.involved


def _works(actor: Actor, on: OnTicket) -> bool:
    return (
        actor.has("system", "administrator")
        or _works_type(actor, on.access)
        or actor.username == on.ticket.assignee
    )


def _is_candidate(actor: Actor, task: OnTask) -> bool:
    return actor.matches(task.candidates)


def _may_claim(actor: Actor, task: OnTask) -> bool:
    if task.is_approval or task.assignee is not None:
        return False
    return actor.has("administrator") or _is_candidate(actor, task)


def _may_release(actor: Actor, task: OnTask) -> bool:
    if task.assignee is None or not task.candidates:
        return False  # nobody could take it up again
    return actor.username == task.assignee or actor.has("administrator")


def _may_assign(actor: Actor, task: OnTask) -> bool:
    if task.is_approval:
        return False
    return actor.has("system", "administrator") or (
        actor.has("agent", "manager")
        and (actor.username == task.assignee or _is_candidate(actor, task))
    )


def _may_complete(actor: Actor, task: OnTask) -> bool:
    if task.is_approval:
        return _is_candidate(actor, task)
    if actor.has("system", "administrator"):
        return True
    if task.assignee is not None:
        return actor.username == task.assignee
    return _is_candidate(actor, task)


def _may_submit(actor: Actor, access: TypeAccess) -> bool:
    return (
        actor.has("system", "administrator")
        or access.submit is None
        or actor.matches(access.submit)
    )


POLICY: Mapping[str, Rule] = {
    # people and settings
    "see_people": _anyone,
    "see_group_members": _role("agent", "manager", "process_owner", "administrator"),
    "manage_people": _role("administrator"),
    "manage_tokens_of_others": _role("administrator"),
    "manage_channels": _role("administrator"),
    "read_notifications": _anyone,  # the caller's own
    # records; who may not see all of them sees his own
    "see_records": _role("agent", "manager", "process_owner", "administrator"),
    "manage_records": _role("administrator"),
    "manage_own_absences": lambda actor, username: actor.username == username,
    # calendars
    "see_calendars": _anyone,
    "manage_calendars": _role("process_owner", "administrator"),
    # ticket types
    "see_processes": _role("agent", "manager", "process_owner", "administrator"),
    "edit_drafts": _role("process_owner", "administrator"),
    "deploy": _role("process_owner", "administrator"),
    "migrate": _role("process_owner", "administrator"),
    "evaluate": _role("process_owner", "administrator"),
    "see_process_incidents": _role("process_owner", "administrator"),
    "retry_process_incident": _role("process_owner", "administrator"),
    # tickets (subject: TypeAccess, then OnTicket)
    "submit": _may_submit,
    "submit_on_behalf": _role("agent", "manager", "process_owner", "administrator"),
    "set_priority": _role("agent", "manager", "process_owner", "administrator"),
    "see_ticket": _sees,
    "see_internal": _staff,
    "edit_ticket": _works,
    "comment": _sees,
    "comment_internally": _staff,
    "attach": _sees,
    "watch": _sees,
    "rate": lambda actor, on: actor.username == on.ticket.requester,
    "see_rating": lambda actor, on: actor.username == on.ticket.requester or _staff(actor, on),
    "see_ratings": _role("manager", "process_owner", "administrator"),
    "add_watcher": _staff,
    "link": _staff,
    "send_message": _works,
    "acknowledge": _works,
    "change_clocks": lambda actor, on: (
        actor.has("manager", "process_owner", "administrator") and _staff(actor, on)
    ),
    "recalculate": _role("process_owner", "administrator"),
    "see_predictions": _role("manager", "process_owner", "administrator"),
    "log_work": _works,
    "merge": _works,
    # the workspace: views, canned texts, bulk acts
    "work_in_workspace": _role("agent", "manager", "process_owner", "administrator"),
    "share_with_all": _role("manager", "process_owner", "administrator"),
    "tidy_workspace": _role("administrator"),
    # tasks (subject: OnTask)
    "see_task": lambda actor, task: (
        _sees(actor, task.on) or actor.username == task.assignee or _is_candidate(actor, task)
    ),
    "claim": _may_claim,
    "release": _may_release,
    "assign": _may_assign,
    "complete": _may_complete,
    # approvals: whose turn it is says the ledger
    "decide": _anyone,
    "supervise_approval": lambda actor, on: (
        actor.has("manager", "process_owner", "administrator") and _staff(actor, on)
    ),
    "administer_approval": _role("administrator"),
}

# What a token's scopes open; a token without scopes carries all rights of its person.
SCOPES: Mapping[str, frozenset[str]] = {
    "tickets:read": frozenset(
        {"see_ticket", "see_internal", "see_task", "see_people", "see_records"}
        | {"see_calendars", "see_predictions", "see_rating", "see_ratings"}
    ),
    "tickets:write": frozenset(
        {"submit", "submit_on_behalf", "set_priority", "see_ticket", "see_internal"}
        | {"edit_ticket", "comment", "comment_internally", "attach", "watch", "add_watcher"}
        | {"link", "send_message", "see_task", "claim", "release", "assign", "complete"}
        | {"acknowledge", "change_clocks", "recalculate", "see_calendars"}
        | {"rate", "see_rating", "see_ratings"}
        | {"log_work", "merge", "work_in_workspace", "share_with_all", "tidy_workspace"}
        | {"see_people", "see_records", "decide", "supervise_approval", "administer_approval"}
    ),
    "processes": frozenset(
        {"see_processes", "edit_drafts", "deploy", "migrate", "evaluate", "see_people"}
        | {"see_process_incidents", "retry_process_incident"}
        | {"see_calendars", "manage_calendars"}
    ),
    "people": frozenset(
        {"see_people", "see_group_members", "manage_people"}
        | {"see_records", "manage_records", "manage_own_absences"}
    ),
}


def may(actor: Actor, action: str, subject: object = None) -> bool:
    """Whether somebody may do something (to something)."""
    if actor.scopes is not None and not any(
        action in SCOPES.get(scope, ()) for scope in actor.scopes
    ):
        return False
    return POLICY[action](actor, subject)


def require(actor: Actor, action: str, subject: object = None) -> None:
    """Raises NotAllowed when somebody may not do something."""
    if not may(actor, action, subject):
        raise NotAllowed(action=action)


def allowed(actor: Actor, actions: Iterable[str], subject: object) -> list[str]:
    """The actions out of a list that somebody may take, in the list's order."""
    return [action for action in actions if may(actor, action, subject)]
