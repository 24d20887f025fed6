"""The round of an approval step: opened when a token comes, closed when the token is taken away."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.approvals import records, rules, timing
from engine.approvals import setting as settings
from engine.approvals.ledger import Ledger, Round, Seat, new_id
from engine.approvals.records import round_, seat_
from engine.approvals.setting import Setting
from engine.deployments.catalogue import Loaded
from engine.processes import decisions
from engine.processes.execution import Execution, Resolve
from engine.processes.runtime import OpenTask
from engine.processes.waiting import Opening
from engine.rows import Sender
from engine.tickets.approvers import Approvers, Asked, Found
from engine.tickets.change import Change
from workflows.timers import seconds

# Those who agreed when the step was decided last.
_kept = (
    select(
        round_.c.id,
        round_.c.outcome,
        round_.c.resubmit,
        seat_.c.person,
        seat_.c.form_hash,
        seat_.c.comment,
        seat_.c.acted_at,
    )
    .select_from(
        round_.outerjoin(seat_, (seat_.c.round_id == round_.c.id) & (seat_.c.state == "agreed"))
    )
    .where(
        round_.c.ticket_id == bindparam("ticket"),
        round_.c.element == bindparam("element"),
        round_.c.parent_seat.is_(None),
    )
    .order_by(round_.c.ended_at.desc(), round_.c.id)
)


def is_approval(task: OpenTask) -> bool:
    """Whether people decide at a step instead of one doing it."""
    return bool(task.properties.get("approval"))


def outcome_of(element: str) -> str:
    """The process variable that says what an approval came to."""
    return f"{element}_outcome"


def limits(setting: Setting) -> Callable[[datetime], datetime | None]:
    """By when a seat opened at some time has to be acted on."""
    allowed = seconds(setting.time_limit) if setting.time_limit else None
    if allowed is None:
        return lambda at: None
    duration = timedelta(seconds=float(allowed))
    return lambda at: at + duration


def load(connection: Connection, row: Any) -> Ledger | None:
    """The ledger of a task, under the name that its step has in the ticket's version now."""
    ledger = records.load(connection, row.task_id, limits)
    if ledger is not None:
        ledger.element = row.task_element
    return ledger


def form_hash(version: Loaded, values: Mapping[str, Any]) -> str:
    """What was asked for, as one text: an approval counts for the form as it was."""
    form = version.intake
    keys = [each["key"] for each in form.raw.get("fields", ())] if form else list(values)
    asked = {key: values[key] for key in keys if key in values}
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class Rounds:
    """The rounds that a run of the process opens, until every approval waits for somebody."""

    connection: Connection
    change: Change
    execution: Execution
    opened: dict[str, Ledger] = field(default_factory=dict)

    def open(self) -> None:
        """Opens a round for each new approval; one that is decided at once lets the run go on."""
        moving = True
        while moving:
            moving = False
            for task in self.execution.instance.tasks:
                if task.id in self.execution.tasks or task.id in self.opened:
                    continue
                if is_approval(task):
                    moving = self._open(task) or moving
            if moving:
                self.execution.instance.run()

    def _open(self, task: OpenTask) -> bool:
        """Whether the round was decided the moment it was opened."""
        ledger = self._ledger(task)
        self.opened[task.id] = ledger
        self.change.later.append(
            lambda sender, ticket_id: records.write(sender, ticket_id, None, ledger)
        )
        self.change.fact(
            "approval_opened",
            task.element,
            task=task.id,
            round=ledger.main.id,
            mode=ledger.main.setting.mode,
            people=[seat.person for seat in ledger.seats()],
            due=timing.due(ledger),
        )
        note_seats(self.change, None, ledger)
        if not ledger.ended:
            return False
        outcome = ledger.main.outcome
        marks = sorted({seat.mark for seat in ledger.seats() if seat.mark})
        self.change.fact(
            "approval_decided",
            task.element,
            task=task.id,
            round=ledger.main.id,
            outcome=outcome,
            marks=marks,
        )
        self.execution.instance.complete_task(task.id, {outcome_of(task.element): outcome})
        return True

    def _ledger(self, task: OpenTask) -> Ledger:
        change, at = self.change, self.change.at
        approvers = Approvers(
            self.connection,
            change,
            self.execution.instance.variables,
            decisions.decider(change.version),
            fresh=[*reversed(self.opened.values()), *([change.decided] if change.decided else [])],
        )
        now = form_hash(change.version, change.now("values"))
        found = approvers.of(task, now)
        setting = settings.read(approvers.texts(task))
        if found.fallback:  # who decides in the place of nobody decides alone
            setting = replace(setting, mode="any", number=0, reject="first")
        one = Round(new_id(), setting, opened_at=at)
        ledger = Ledger(task.id, task.element, [one], limits(setting))
        kept = self._kept(task, now)
        one.seats = [
            self._seat(ledger, place, asked, kept, now) for place, asked in enumerate(found.asked)
        ]
        self._note(ledger, found)
        if one.seats:
            rules.settle(ledger, at)
        else:
            rules.end(ledger, one, "approved" if found.empty == "pass" else "rejected", at)
        return ledger

    def _seat(
        self, ledger: Ledger, place: int, asked: Asked, kept: Mapping[str, Any], now: str
    ) -> Seat:
        one, at = ledger.main, self.change.at
        weight = one.setting.weights.get(asked.person, 1)
        seat = Seat(new_id(), one.id, place, asked.person, weight=weight, principal=asked.principal)
        before = kept.get(asked.person)
        if asked.mark is not None or before is not None:
            ledger.close(seat, "agreed", at if before is None else before.acted_at)
            seat.mark = asked.mark or "kept"
            seat.form_hash = now
            seat.comment = before.comment if before is not None else None
        return seat

    def _note(self, ledger: Ledger, found: Found) -> None:
        at = self.change.at
        ledger.note(at, "system", "open", None, None, people=[one.person for one in found.asked])
        if found.empty is not None:
            ledger.note(at, "system", "empty", None, None, policy=found.empty)
        for seat in ledger.seats():
            if seat.mark is not None:
                ledger.note(at, "system", "agree", seat, None, mark=seat.mark)
            if seat.principal is not None:
                ledger.note(at, "system", "deputy", seat, None, principal=seat.principal)

    def _kept(self, task: OpenTask, now: str) -> dict[str, Any]:
        """By person the agreements that still hold: made on this form, before the token left.

        They hold when the step sent the ticket back to come straight here again, or when somebody
        took his vote back.
        """
        if not self.execution.visited.get(task.element) or self.change.row.id is None:
            return {}
        values = {"ticket": self.change.row.id, "element": task.element}
        fresh = self.change.decided
        if fresh is not None and fresh.element == task.element:
            seats = fresh.main.seats if _comes_back(fresh.main) else []
            agreed = [seat for seat in seats if seat.state == "agreed"]
            return {seat.person: seat for seat in agreed if seat.form_hash == now}
        found = self.connection.execute(_kept, values).all()
        if not found or not _comes_back(found[0]):
            return {}
        return {
            row.person: row
            for row in found
            if row.id == found[0].id and row.person is not None and row.form_hash == now
        }

    def resolving(self, resolve: Resolve) -> Resolve:
        """For whom a new task is; an approval is for those who have an open seat."""

        def opening(task: OpenTask) -> Opening:
            ledger = self.opened.get(task.id)
            if ledger is None:
                return resolve(task)
            people = dict.fromkeys(f"user:{seat.person}" for seat in ledger.open_seats())
            return Opening(replace(task, kind="approval"), None, tuple(people), timing.due(ledger))

        return opening


def _comes_back(main: Any) -> bool:
    """Whether a round ended with the token to be back, for those who have not agreed."""
    return main.outcome in ("returned", "withdrawn") and main.resubmit == "straight_back"


def note_seats(change: Change, before: Ledger | None, now: Ledger) -> None:
    """A fact for everybody whose turn has just come."""
    old = {seat.id for seat in before.open_seats()} if before else set()
    for seat in now.open_seats():
        if seat.id not in old:
            change.fact(
                "approval_seat_opened",
                now.element,
                task=now.task_id,
                seat=seat.id,
                people=[seat.person],
            )


def close_cancelled(change: Change, execution: Execution, cancelled: Iterable[str]) -> None:
    """The rounds of approvals whose tokens are gone end without a decision."""
    for task_id in cancelled:
        task = execution.tasks[task_id]
        if is_approval(task):
            change.fact("approval_decided", task.element, task=task_id, outcome="withdrawn")
            change.later.append(_closing(task_id, change.at))


def _closing(task_id: str, at: datetime) -> Callable[[Sender, int], object]:
    return lambda sender, ticket_id: records.close(sender, task_id, "withdrawn", at)
