"""One throw-away installation: a package deployed, people made up, a clock of its own.

It is the whole application; tickets and tasks are worked through its own interface, so what is
tried is what will run. Jobs that reach outside are never done, only shown.
"""

import base64
from collections.abc import Mapping, Sequence
from contextvars import Context
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from flask import Flask
from sqlalchemy import select

from engine import clock, schema
from engine.access import commands as access
from engine.access import tokens
from engine.access.models import Group, GroupMember, User
from engine.access.policy import SYSTEM
from engine.db import db
from engine.deployments import catalogue, commands
from engine.directory import commands as directory
from engine.jobs import handlers, leases, runner
from engine.jobs.models import Job
from engine.processes import decisions
from engine.uow import command
from workflows import packages
from workflows.feel.temporal import parse_duration

VIEWER = "try.viewer"
MAX_JOBS = 2000  # of one move of the clock: a process that goes round and round is stopped
MAX_FACTS = 500


class Refused(Exception):
    """The application refused something; `answer` is its problem."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        super().__init__(str(answer.get("code")))


class Sandbox:
    """The installation; `open` makes it anew from a migrated file."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._file, self._empty = folder / "banjie.db", folder / "empty.db"
        with app.app_context():
            schema.upgrade()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        copyfile(self._file, self._empty)
        self.traces: list[dict[str, Any]] = []
        self.given: dict[str, Any] = {}  # the ticket as it was submitted, and each step since
        self.steps: list[dict[str, Any]] = []
        self.number: str | None = None
        self.language = "zh-CN"
        self._tokens: dict[str, str] = {}
        decisions.watch(self._trace)

    def open(
        self,
        files: Mapping[str, str],
        others: Sequence[Mapping[str, str]] = (),
        people: Mapping[str, Any] | None = None,
        at: str | None = None,
    ) -> None:
        """Everything from the beginning: the clock, people, the packages called, the package."""
        self._opened = (files, others, people, at)
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()
            for end in ("-wal", "-shm"):
                Path(f"{self._file}{end}").unlink(missing_ok=True)
            copyfile(self._empty, self._file)
            catalogue.forget()
            clock.reset()
            self._tokens.clear()
            self.traces.clear()
            self.number = None
            if at is not None:
                clock.advance(datetime.fromisoformat(at) - clock.now())
            _populate(people or {})
            for content in [*others, files]:
                package = packages.from_files({k: base64.b64decode(v) for k, v in content.items()})
                self.key = commands.place(SYSTEM, package).key

    def reopen(self) -> None:
        """Everything from the beginning again."""
        self.open(*self._opened)

    # --- doing ----------------------------------------------------------------------------------

    def call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """One call of the interface as somebody; raises Refused."""
        with self._app.app_context():
            token = self._tokens.get(who) or self._sign_in(who)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": self.language}

        def send() -> Any:
            return self._app.test_client().open(
                f"/api/v1{path}", method=method, json=body, headers=headers
            )

        response = Context().run(send)
        answer = response.get_json(silent=True)
        if response.status_code >= 400:
            raise Refused(answer or {"code": "internal-error"})
        self._work()
        return answer

    def start(self, who: str, **ticket: Any) -> None:
        """Somebody submits the ticket that is tried."""
        answer = self.call(self.person(who), "POST", "/tickets", {"type": self.key, **ticket})
        self.number = answer["number"]

    def complete(
        self, task_id: str, who: str | None, values: Mapping[str, Any], action: str | None
    ) -> None:
        """Somebody completes a task; by default whoever it is meant for."""
        task = self.call(VIEWER, "GET", f"/tasks/{task_id}")
        body = {"values": dict(values), "action": action}
        self.call(self.person(who or meant_for(task)), "POST", f"/tasks/{task_id}/complete", body)

    def advance(self, by: timedelta) -> None:
        """Time passes: what comes due is done at its own time, in order."""
        target = clock.now() + by
        with self._app.app_context():
            for _ in range(MAX_JOBS):
                due = db.session.scalar(_DUE.where(Job.due <= target, Job.kind.in_(_inside())))
                db.session.rollback()
                if due is None:
                    break
                clock.advance(max(due - clock.now(), timedelta()))
                if not self._do_due():
                    break
        clock.advance(max(target - clock.now(), timedelta()))
        self._work()

    def _work(self) -> None:
        """Does what is due now, as the runners of an installation would."""
        with self._app.app_context():
            for _ in range(MAX_JOBS):
                if not self._do_due():
                    break

    def _do_due(self) -> int:
        # Only work inside the database: nothing may leave the sandbox.
        jobs = leases.claim("sandbox", 16, kinds=_inside())
        return sum(runner.run_one(job) for job in jobs)

    # --- people -----------------------------------------------------------------------------------

    def person(self, who: str) -> str:
        """The account meant: of that name, or one made up for `role:…` or `group:…`."""
        kind, colon, key = who.partition(":")
        if not colon:
            self._ensure(who, ["requester"], [])
            return who
        if kind == "user":
            return self.person(key)
        username = f"try.{kind}.{key}".lower()[:64]
        if kind == "group":
            self._ensure(username, ["requester", "agent"], [key], key)
        else:
            self._ensure(username, ["requester", key], [], key)
        return username

    def described(self, username: str) -> dict[str, Any]:
        """Somebody as an example declares him."""
        with self._app.app_context():
            user = db.session.get_one(User, username)
            groups = db.session.scalars(
                select(GroupMember.group_key).where(GroupMember.username == username)
            )
            found = {"roles": sorted(user.roles), "groups": sorted(groups)}
            return found | ({"department": user.department} if user.department else {})

    def _ensure(
        self, username: str, roles: list[str], groups: list[str], name: str | None = None
    ) -> None:
        with self._app.app_context():
            if db.session.get(User, username) is None:
                _add_person({"username": username, "roles": roles, "groups": groups, "name": name})
            db.session.rollback()

    def _sign_in(self, username: str) -> str:
        if username == VIEWER:
            self._ensure(username, ["administrator"], [])
        _, secret = tokens.create(SYSTEM, "sandbox", username=username)
        self._tokens[username] = secret
        return secret

    # --- seeing -----------------------------------------------------------------------------------

    def seen(self) -> dict[str, Any]:
        """The clock, the ticket with its open tasks and forms, history, tokens, decisions."""
        shown: dict[str, Any] = {
            "now": clock.now().isoformat(timespec="seconds"),
            "ticket": None,
            "tasks": [],
            "history": [],
            "diagram": None,
            "decisions": list(self.traces),
            "waits": [],
            "outgoing": [],
        }
        if self.number is None:
            return shown
        ticket = self.call(VIEWER, "GET", f"/tickets/{self.number}")
        tasks = [self.call(VIEWER, "GET", f"/tasks/{task['id']}") for task in ticket["tasks"]]
        diagram = self.call(VIEWER, "GET", f"/tickets/{self.number}/diagram")
        with self._app.app_context():
            jobs = db.session.execute(select(Job.kind, Job.due, Job.payload).order_by(Job.due))
            waiting = [
                {"kind": kind, "due": due.isoformat(timespec="seconds"), "payload": payload}
                for kind, due, payload in jobs
            ]
            db.session.rollback()
        inside = _inside()
        return {
            **shown,
            "ticket": ticket,
            "tasks": [{**task, "as": meant_for(task)} for task in tasks],
            "history": self.history(),
            "diagram": {key: diagram[key] for key in ("active", "visited", "incidents")},
            "waits": [
                {"kind": one["kind"], "due": one["due"]} for one in waiting if one["kind"] in inside
            ],
            "outgoing": [
                {"kind": one["kind"], "payload": one["payload"]}
                for one in waiting
                if one["kind"] not in inside
            ],
        }

    def history(self) -> list[dict[str, Any]]:
        """The facts of the ticket, from the first."""
        facts: list[dict[str, Any]] = []
        cursor = ""
        while len(facts) < MAX_FACTS:
            path = f"/tickets/{self.number}/history?limit=200{cursor}"
            page = self.call(VIEWER, "GET", path)
            facts += page["items"]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        return facts

    def _trace(self, decision: str, outputs: Any, trace: Any) -> None:
        if len(self.traces) < MAX_FACTS:
            self.traces.append({"decision": decision, "outputs": outputs, "trace": trace})


_DUE = select(Job.due).where(Job.state == "ready").order_by(Job.due).limit(1)


def _inside() -> list[str]:
    return [name for name, kind in handlers.kinds().items() if not kind.outside and not kind.every]


def meant_for(task: Mapping[str, Any]) -> str:
    """For whom a task is: who holds it, else the first who may take it."""
    if task["assignee"]:
        return str(task["assignee"])
    return str(next(iter(task["candidates"]), "role:agent"))


def duration(text: str) -> timedelta:
    """A duration such as PT4H or P3D; raises ValueError."""
    value = parse_duration(text)
    if not isinstance(value, timedelta):
        raise ValueError(text)
    return value


@command
def _populate(people: Mapping[str, Any]) -> None:
    """Departments, groups and people as they are described, in one transaction."""
    waiting = list(people.get("departments", ()))
    known: set[str] = set()
    while waiting:
        ready = [one for one in waiting if one.get("parent") in (None, *known)]
        for one in ready or waiting:  # a ring, or a parent that is not described: to the top
            parent = one.get("parent") if one in ready and one.get("parent") in known else None
            names = one.get("names") or {"zh-CN": one["key"]}
            directory.create_department(SYSTEM, one["key"], names, parent=parent)
            known.add(one["key"])
        waiting = [one for one in waiting if one["key"] not in known]
    for one in people.get("groups", ()):
        access.create_group(SYSTEM, one["key"], one.get("names") or {"zh-CN": one["key"]})
    described = people.get("people", ())
    for one in described:
        _add_person(one)
    for one in described:
        if one.get("manager"):
            found = db.session.get_one(User, one["username"])
            found.manager = one["manager"] if db.session.get(User, one["manager"]) else None
    for one in people.get("departments", ()):
        if one.get("head"):
            directory.update_department(SYSTEM, one["key"], {"head": one["head"]})


@command
def _add_person(one: Mapping[str, Any]) -> None:
    for key in one.get("groups", ()):
        if db.session.get(Group, key) is None:
            access.create_group(SYSTEM, key, {"zh-CN": key})
    access.create_user(
        SYSTEM,
        one["username"],
        one.get("names") or {"zh-CN": one.get("name") or one["username"]},
        roles=one.get("roles") or ["requester"],
        groups=one.get("groups", ()),
        department=one.get("department"),
    )
