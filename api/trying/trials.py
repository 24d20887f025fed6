"""Trials: drafts that somebody tries in a sandbox, bounded in number, and kept as examples."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from api.trying import examples, host
from engine import clock
from engine.access.models import Group, GroupMember, User
from engine.access.policy import Actor, require
from engine.db import db
from engine.deployments import catalogue, checks, drafts
from engine.directory.models import Department
from engine.errors import DefinitionInvalid, InvalidInput, NotFound, TooMany, Unavailable
from workflows.findings import errors

PER_PERSON, ALL = 2, 6
MAX_PEOPLE = 2000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class RefusedInside(Exception):
    """The tried application refused: its own problem is the answer."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        super().__init__(str(answer.get("code")))


def begin(actor: Actor, key: str, at: datetime | None, language: str) -> tuple[str, Any]:
    """A sandbox with the draft of a type deployed; its id and what is to be seen.

    It holds copies of the people, groups and departments of the installation, and nothing else of
    it. A person's oldest trial gives way to a new one. Raises NotFound, DefinitionInvalid, TooMany.
    """
    require(actor, "edit_drafts")
    package = drafts.package(actor, key)
    with examples.left_out():
        findings, pinned = checks.look(package)
    if errors(findings):
        raise DefinitionInvalid(findings)
    _make_room(actor)
    content = {
        "files": examples.packed(package),
        "others": [examples.packed(catalogue.version(one).package) for one in pinned.values()],
        "people": _people(),
        "at": (at or clock.now()).isoformat(),
    }
    db.session.rollback()  # nothing is held while the process starts
    facts = {"kind": "trial", "key": key, "owner": actor.username}
    identity = host.start({**facts, "began": clock.now().isoformat()})
    try:
        return identity, ask(actor, key, identity, "open", language=language, **content)
    except BaseException:
        host.end(identity)
        raise


def ask(actor: Actor, key: str, identity: str, do: str, **request: Any) -> Any:
    """What a trial answers; whoever edits drafts and knows its id takes part.

    Raises NotFound, RefusedInside, Unavailable.
    """
    require(actor, "edit_drafts")
    _known(key, identity)
    try:
        return host.ask(identity, do, **request)
    except LookupError:
        raise NotFound(kind="trial", id=identity[:40]) from None
    except host.RefusedInside as refused:
        if "pointer" in refused.answer:
            code, pointer = refused.answer["code"], refused.answer["pointer"]
            raise InvalidInput.at(pointer, code) from None
        raise RefusedInside(refused.answer) from None
    except host.Failed as failed:
        raise Unavailable(what="sandbox") from failed


def end(actor: Actor, key: str, identity: str) -> None:
    """Throws a trial away."""
    require(actor, "edit_drafts")
    _known(key, identity)
    host.end(identity)


def keep(actor: Actor, key: str, identity: str, name: str) -> tuple[drafts.FileInfo, bool]:
    """Writes what was tried into the draft as an example; the file, and whether it is new."""
    if not _NAME.fullmatch(name):
        raise InvalidInput.at("/name", "wrong-format")
    example = ask(actor, key, identity, "keep")
    data = (json.dumps(example, ensure_ascii=False, indent=2) + "\n").encode()
    return drafts.put_file(actor, key, f"{examples.FOLDER}{name}.json", data, None)


def _known(key: str, identity: str) -> None:
    facts = host.known().get(identity)
    if facts is None or facts.get("key") != key:
        raise NotFound(kind="trial", id=identity[:40])


def _make_room(actor: Actor) -> None:
    alive = host.known()
    own = sorted(
        (facts["began"], identity)
        for identity, facts in alive.items()
        if facts.get("owner") == actor.username
    )
    for _, identity in own[: max(0, len(own) - PER_PERSON + 1)]:
        host.end(identity)
        alive.pop(identity)
    if len(alive) >= ALL:
        raise TooMany(seconds=60)


def _people() -> dict[str, Any]:
    """Who there is, without what is private: no passwords, addresses or numbers."""
    members: dict[str, list[str]] = {}
    for username, group in db.session.execute(select(GroupMember.username, GroupMember.group_key)):
        members.setdefault(username, []).append(group)
    users = select(User).where(User.active).order_by(User.username).limit(MAX_PEOPLE)
    return {
        "people": [
            {
                "username": one.username,
                "names": one.names,
                "roles": one.roles,
                "groups": members.get(one.username, []),
                "department": one.department,
                "manager": one.manager,
            }
            for one in db.session.scalars(users)
        ],
        "groups": [
            {"key": one.key, "names": one.names} for one in db.session.scalars(select(Group))
        ],
        "departments": [
            {"key": one.key, "names": one.names, "parent": one.parent, "head": one.head}
            for one in db.session.scalars(select(Department))
        ],
    }
