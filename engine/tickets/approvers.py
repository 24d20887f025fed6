"""Who has to approve a step: what its settings name, and what they say where that is not enough."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, select

from engine.access.models import GroupMember, User
from engine.approvals.ledger import Ledger
from engine.approvals.records import round_, seat_
from engine.db import Base
from engine.directory.absences import deputies_of
from engine.directory.models import Department
from engine.processes.runtime import Decide, OpenTask
from engine.tickets.change import Change
from engine.tickets.scope import TicketScope, value_of

MAX_LEVELS = 20  # of managers
KINDS = ("users", "group", "role", "manager", "department_head", "field", "choose", "decision")

_user = Base.metadata.tables[User.__tablename__]
_member = Base.metadata.tables[GroupMember.__tablename__]
_department = Base.metadata.tables[Department.__tablename__]
_people = select(_user.c.username, _user.c.active, _user.c.manager, _user.c.department).where(
    _user.c.username.in_(bindparam("names", expanding=True))
)
_members = (
    select(_member.c.username)
    .where(_member.c.group_key == bindparam("key"))
    .order_by(_member.c.username)
)
_holders = (
    select(_user.c.username)
    .where(_user.c.active, cast(_user.c.roles, String).like(bindparam("pattern")))
    .order_by(_user.c.username)
)
_head = select(_department.c.head).where(_department.c.key == bindparam("key"))
_agreed = (
    select(seat_.c.person, seat_.c.form_hash, round_.c.task_id)
    .select_from(seat_.join(round_, seat_.c.round_id == round_.c.id))
    .where(
        seat_.c.ticket_id == bindparam("ticket"),
        seat_.c.state == "agreed",
        seat_.c.kind == "approver",
        round_.c.state == "ended",
        round_.c.outcome == "approved",
    )
    .order_by(seat_.c.acted_at.desc(), seat_.c.id)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked; `mark` says why he need not answer."""

    person: str
    principal: str | None = None  # the absent one for whom he stands in
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Who is asked; with nobody, `empty` is the policy, and `fallback` who decides instead."""

    asked: Sequence[Asked] = ()
    empty: str | None = None
    fallback: bool = False


@dataclass(slots=True)
class Approvers:
    """Finds the approvers of one step for one change."""

    connection: Connection
    change: Change
    variables: Mapping[str, Any]
    decide: Decide | None
    facts: dict[str, Any] = field(default_factory=dict)  # of people, read once each
    fresh: Sequence[Ledger] = ()  # decided in this very step and not written, the last one first

    def of(self, task: OpenTask, form_hash: str) -> Found:
        """Everybody who is asked at a step, snapshotted now."""
        texts = self.texts(task)
        names = self.named(texts.get("approvers"), task)
        requester = self.change.now("requester")
        asked: dict[str, Asked] = {}
        for name in self._there(names, texts.get("when_left", "manager")):
            for one in self._instead_of_requester(name, requester, texts):
                asked.setdefault(one.person, one)
        people = self._present(list(asked.values()))
        if not people:
            return self._nobody(texts.get("when_empty", "admin"), task)
        return Found(self._repeated(people, texts.get("when_repeated", "ask"), form_hash))

    def texts(self, task: OpenTask) -> dict[str, str]:
        """The properties of a step as texts, expressions evaluated where a text comes out."""
        scope = self._scope(task)
        found = {}
        for name, text in task.properties.items():
            value = value_of(text, scope) if name not in ("approvers", "cc") else text
            if isinstance(value, str):
                found[name] = value
        return found

    def named(self, text: str | None, task: OpenTask) -> list[str]:
        """The usernames that a setting leads to, in its order, once each."""
        value = value_of(text, self._scope(task)) if text else None
        return list(dict.fromkeys(name for name in self._names(value, task) if name))

    def _scope(self, task: OpenTask) -> Mapping[str, Any]:
        scope: Mapping[str, Any] = ChainMap(
            dict(self.variables),
            TicketScope(self.change.now),  # type: ignore[arg-type]  # it is only read
        )
        if task.loop is not None:
            scope = ChainMap({"item": task.loop.item, "loopCounter": task.loop.index}, scope)  # type: ignore[arg-type]
        return scope

    def _names(self, value: Any, task: OpenTask) -> Iterable[str]:
        """A text of the grammar, a name, or a list of either."""
        if isinstance(value, list):
            for one in value:
                yield from self._names(one, task)
        elif isinstance(value, Mapping):
            yield from self._names(value.get("approvers", list(value.values())), task)
        elif isinstance(value, str):
            for part in value.split(";"):
                yield from self._of_text(part.strip(), task)

    def _of_text(self, text: str, task: OpenTask) -> Iterable[str]:
        kind, _, rest = text.partition(":")
        if kind not in (*KINDS, "previous"):
            return [name.strip() for name in text.split(",")]
        if kind == "users":
            return [name.strip() for name in rest.split(",")]
        if kind == "group":
            return [name for key in rest.split(",") for name in self._group(key.strip())]
        if kind == "role":
            return self._role(rest)
        if kind == "manager":
            return self._managers(rest)
        if kind == "department_head":
            return self._department_head()
        if kind == "field":
            return self._names(self.change.now("values").get(rest), task)
        if kind == "choose":
            return self._chosen(rest, task)
        if kind == "previous":
            return [row.person for row in self._earlier()[:1]]
        return self._decided(rest, task)

    def _group(self, key: str) -> Sequence[str]:
        return self.connection.scalars(_members, {"key": key}).all()

    def _role(self, role: str) -> Sequence[str]:
        return self.connection.scalars(_holders, {"pattern": f'%"{role}"%'}).all()

    def _managers(self, levels: str) -> list[str]:
        """`2`: the manager's manager; `1-3`: three levels one after the other."""
        first, _, last = levels.partition("-")
        low = int(first) if first.isdigit() else 1
        high = int(last) if last.isdigit() else low
        chain: list[str] = []
        person: str | None = self.change.now("requester")
        while person is not None and len(chain) < min(high, MAX_LEVELS):
            person = self._fact(person, "manager")
            if person is None or person in chain or person == self.change.now("requester"):
                break
            chain.append(person)
        return chain[low - 1 :]

    def _department_head(self) -> list[str]:
        key = self._fact(self.change.now("requester"), "department")
        head = self.connection.scalar(_head, {"key": key}) if key else None
        return [head] if head else []

    def _chosen(self, scope: str, task: OpenTask) -> list[str]:
        """Whom the requester has picked in the field `<step id>_approvers`, within the range."""
        picked = list(self._names(self.change.now("values").get(f"{task.element}_approvers"), task))
        within = set(self._names(scope, task))
        return [name for name in picked if name in within]

    def _decided(self, decision: str, task: OpenTask) -> Iterable[str]:
        """A decision table gives people in the same grammar, or a number of levels of managers."""
        if self.decide is None:
            return []
        answer = self.decide(decision, self._scope(task))
        outputs = getattr(answer, "outputs", answer)
        return [name for one in _flat(outputs) for name in self._level_or_text(one, task)]

    def _level_or_text(self, value: Any, task: OpenTask) -> Iterable[str]:
        if isinstance(value, str):
            return self._names(value, task)
        if isinstance(value, bool) or value is None:
            return []
        return self._managers(f"1-{int(value)}") if int(value) > 0 else []

    def _there(self, names: Sequence[str], when_left: str) -> list[str]:
        """Nobody who has left is asked: his manager or the administrators are, as the step says."""
        self._look_up(names)
        found: list[str] = []
        for name in names:
            person: str | None = name
            for _ in range(MAX_LEVELS):
                if person is None or self._fact(person, "active"):
                    break
                person = self._fact(person, "manager") if when_left == "manager" else None
            if person is not None:
                found.append(person)
            elif when_left != "skip":
                found += self._role("administrator")
        return list(dict.fromkeys(found))

    def _instead_of_requester(
        self, name: str, requester: str, texts: Mapping[str, str]
    ) -> list[Asked]:
        policy = texts.get("when_initiator", "ask")
        if name != requester or policy == "ask":
            return [Asked(name)]
        if policy == "pass":
            return [Asked(name, mark="initiator")]
        manager = self._fact(requester, "manager") if policy == "manager" else None
        if manager is not None and self._fact(manager, "active"):
            return [Asked(manager)]
        return [Asked(one) for one in self._role("administrator") if one != requester]

    def _present(self, asked: Sequence[Asked]) -> list[Asked]:
        """Deputies sit in for those who are away, and say so."""
        away = deputies_of(
            self.connection,
            [one.person for one in asked if one.mark is None],
            self.change.row.type,
            self.change.at,
        )
        found: dict[str, Asked] = {}
        for one in asked:
            deputy = away.get(one.person)
            if deputy is not None and deputy != one.person:
                one = Asked(deputy, principal=one.person)
            found.setdefault(one.person, one)
        return list(found.values())

    def _nobody(self, policy: str, task: OpenTask) -> Found:
        if policy in ("pass", "reject"):
            return Found(empty=policy)
        named = [] if policy == "admin" else self._there(self.named(policy, task), "skip")
        return Found(
            [Asked(name) for name in named or self._role("administrator")], policy, fallback=True
        )

    def _repeated(self, asked: list[Asked], policy: str, form_hash: str) -> list[Asked]:
        """Who has agreed before on the same form need not again, where the step says so."""
        if policy == "ask":
            return asked
        earlier = self._earlier()
        if policy == "adjacent":
            earlier = [row for row in earlier if row.task_id == earlier[0].task_id]
        known = {row.person for row in earlier if row.form_hash == form_hash}
        return [
            Asked(one.person, one.principal, one.mark or "repeated") if one.person in known else one
            for one in asked
        ]

    def _earlier(self) -> list[Any]:
        """Who agreed at approvals of this ticket that were approved, the last one first."""
        found: list[Any] = [one for ledger in self.fresh for one in _agreed_in(ledger)]
        if self.change.row.id is not None:
            rows = self.connection.execute(_agreed, {"ticket": self.change.row.id})
            fresh = {ledger.task_id for ledger in self.fresh}  # not what they were before
            found += [row for row in rows if row.task_id not in fresh]
        return found

    def _fact(self, person: str, name: str) -> Any:
        if person not in self.facts:
            self._look_up([person])
        found = self.facts.get(person)
        return getattr(found, name) if found is not None else None

    def _look_up(self, names: Sequence[str]) -> None:
        missing = [name for name in names if name not in self.facts]
        if missing:
            found = {
                row.username: row for row in self.connection.execute(_people, {"names": missing})
            }
            self.facts.update({name: found.get(name) for name in missing})


def _agreed_in(ledger: Ledger) -> list[SimpleNamespace]:
    """The agreements of an approval as `_agreed` reads them."""
    seats = [
        seat
        for one in ledger.rounds
        if one.state == "ended" and one.outcome == "approved"
        for seat in one.seats
        if seat.state == "agreed" and seat.votes
    ]
    seats.sort(key=lambda seat: seat.acted_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [
        SimpleNamespace(person=seat.person, form_hash=seat.form_hash, task_id=ledger.task_id)
        for seat in seats
    ]


def _flat(value: Any) -> Iterable[Any]:
    """The values of a decision's outputs: one, a context or a list of contexts."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _flat(one)
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value
