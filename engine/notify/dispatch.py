"""Telling people of what happened to a ticket: rules, recipients, words, inboxes, deliveries."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine import clock, settings
from engine.access.policy import Actor, OnTicket, may
from engine.db import Base
from engine.notify import outbox, people, recipients, rules, templates
from engine.notify.channels import INBOX, KINDS, inbox
from engine.notify.models import Channel, Delivery
from engine.notify.occasion import FIELDS, Fact, Occasion
from engine.notify.people import Person
from engine.notify.rules import Compiled
from engine.notify.templates import Rendered
from workflows.notifications import Rule, Template
from workflows.texts import LANGUAGES, catalogue

_PERSONAL = ("reader", "rating_url")  # what a template says of its reader alone

_channel = Base.metadata.tables[Channel.__tablename__]
_delivery = Base.metadata.tables[Delivery.__tablename__]
_channels = (
    select(_channel.c.key, _channel.c.kind, _channel.c.settings)
    .where(_channel.c.active)
    .order_by(_channel.c.key)
)
_INSERT: Mapping[str, Any] = {
    name: dialect.insert(_delivery).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


@dataclass(frozen=True, slots=True)
class _Telling:
    """One rule that speaks to some people of one fact."""

    rule: Rule
    fact: Fact
    whom: Mapping[str, bool]  # who, and whether his place in the ticket lets him see it


def tell(connection: Connection, occasion: Occasion) -> None:
    """Writes the notices and deliveries that follow from some facts, in the caller's transaction.

    A person hears of a fact once: by the first rule that names him, the package's before ours.
    """
    compiled = rules.of(occasion.version)
    tellings = [
        _Telling(rule, fact, recipients.named(connection, occasion, rule, fact))
        for fact in occasion.facts
        for rule in compiled.by_kind.get(fact.kind, ())
        if compiled.holds(rule, _scope(occasion, fact, None, LANGUAGES[0]))
    ]
    usernames = {name for telling in tellings for name in telling.whom}
    actors = {fact.actor for fact in occasion.facts}
    there = people.read(connection, usernames | actors)
    if tellings:
        _Writer(connection, occasion, compiled, there).write(tellings)


def words(
    connection: Connection,
    occasion: Occasion,
    fact: Fact,
    reader: Actor,
    template: Template,
    language: str,
) -> Rendered:
    """What one reader would get of a template."""
    there = people.read(connection, [reader.username])
    person = there.get(reader.username)
    name = person.called(language) if person else None
    scope = _scope(occasion, fact, person, language, name)
    return templates.render(template, scope, rules.of(occasion.version).names)


def _scope(
    occasion: Occasion, fact: Fact, reader: Person | None, language: str, actor: str | None = None
) -> Mapping[str, Any]:
    """What conditions and templates may speak of."""
    row, version = occasion.row, occasion.version
    fields: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    fields["group"] = row.group_key
    ticket = {
        **fields,
        "type": row.type,
        "created_by": row.created_by,
        "created_at": row.created_at,
    }
    told = {
        **fact.data,
        "kind": fact.kind,
        "element": fact.element,
        "step": occasion.step(fact.element, language),
        "actor": fact.actor,
        "actor_name": actor or fact.actor,
        "at": fact.at,
        "text": occasion.said(fact),
    }
    own = {
        "ticket": ticket,
        "fact": told,
        "reader": {"username": reader.username, "name": reader.called(language)} if reader else {},
        "url": address(row.number),
        # Whoever has the link may rate: it is for the requester alone.
        "rating_url": occasion.rating_url() if reader and reader.username == row.requester else "",
        "type_name": version.name(language),
        "status_name": version.label(row.status, language),
    }
    return ChainMap(own, row.values, fields)


def address(number: str) -> str:
    """Where a ticket is looked at; empty when the installation does not know its own address."""
    base = settings.current().public_url
    return f"{base}/tickets/{number}" if base else ""


class _Writer:
    """Writes what one occasion leads to."""

    def __init__(
        self,
        connection: Connection,
        occasion: Occasion,
        compiled: Compiled,
        there: Mapping[str, Person],
    ) -> None:
        self._connection = connection
        self._occasion = occasion
        self._compiled = compiled
        self._there = there
        self._urgent = occasion.row.priority == "P0"
        self._channels: Sequence[Any] | None = None
        self._words: dict[tuple[str, int, str, str | None], Rendered] = {}

    def write(self, tellings: Sequence[_Telling]) -> None:
        """Writes the notices, and what goes out; what was told before is left alone."""
        chosen = [(telling, self._hearers(telling)) for telling in self._once_each(tellings)]
        at = clock.now()
        inbox.put(
            self._connection,
            [
                self._notice(telling, person, at)
                for telling, heard in chosen
                if INBOX in telling.rule.by
                for person in heard
            ],
        )
        deliveries: list[dict[str, Any]] = []
        for telling, heard in chosen:
            deliveries += self._deliveries(telling, heard, at)
        self._post(deliveries)

    def _once_each(self, tellings: Sequence[_Telling]) -> list[_Telling]:
        """Leaves out of each telling whom an earlier rule tells of the same fact already."""
        told: set[tuple[int, str]] = set()
        found = []
        for telling in tellings:
            whom = {
                name: inside
                for name, inside in telling.whom.items()
                if (telling.fact.seq, name) not in told
            }
            told |= {(telling.fact.seq, name) for name in whom}
            found.append(_Telling(telling.rule, telling.fact, whom))
        return found

    def _hearers(self, telling: _Telling) -> list[Person]:
        """Who may and wants to hear; nobody is told of what he did himself."""
        fact, row = telling.fact, self._occasion.row
        action = "see_internal" if fact.data.get("visibility") == "internal" else "see_ticket"
        found = []
        for name, inside in telling.whom.items():
            person = self._there.get(name)
            if person is None or fact.kind in person.muted:
                continue
            if name == fact.actor and not telling.rule.own:
                continue
            if may(person.actor, action, OnTicket(row, self._occasion.version.access, inside)):
                found.append(person)
        return found

    def _notice(self, telling: _Telling, person: Person, at: datetime) -> dict[str, Any]:
        words = self._rendered(telling, person, person.language)
        row = self._occasion.row
        return {
            "ticket_id": row.id,
            "number": row.number,
            "seq": _seq(telling),
            "rule": telling.rule.key,
            "kind": telling.fact.kind,
            "username": person.username,
            "subject": words.subject,
            "text": words.text,
            "created_at": at,
        }

    def _rendered(self, telling: _Telling, reader: Person | None, language: str) -> Rendered:
        """The words of a telling; made once for all readers of a language."""
        rule, fact = telling.rule, telling.fact
        written = self._compiled.templates.get(rule.template) if rule.template else None
        template = (
            templates.chosen(written, language)
            if written
            else templates.builtin(fact.kind, language)
        )
        personal = not template.names.isdisjoint(_PERSONAL)
        key = (rule.key, fact.seq, language, reader.username if personal and reader else None)
        if key not in self._words:
            acting = self._there.get(fact.actor)
            scope = _scope(
                self._occasion,
                fact,
                reader if personal else None,
                language,
                acting.called(language) if acting else None,
            )
            self._words[key] = templates.render(template, scope, self._compiled.names)
        return self._words[key]

    def _deliveries(
        self, telling: _Telling, heard: Sequence[Person], at: datetime
    ) -> Iterable[dict[str, Any]]:
        for wanted in telling.rule.by:
            channel = None if wanted == INBOX else self._channel(wanted)
            if channel is None:
                continue
            if not KINDS[channel.kind].personal:
                yield self._to_all(telling, channel, heard, at)
                continue
            for person in heard:
                if person.email and channel.kind not in person.muted_channels:
                    yield self._to_one(telling, channel, person, at)

    def _channel(self, wanted: str) -> Any:
        """The active channel of a key, else the first of a kind; None when there is none."""
        if self._channels is None:
            self._channels = self._connection.execute(_channels).all()
        by_key = [one for one in self._channels if one.key == wanted]
        return next(iter(by_key or [one for one in self._channels if one.kind == wanted]), None)

    def _to_one(
        self, telling: _Telling, channel: Any, person: Person, at: datetime
    ) -> dict[str, Any]:
        due, digest = person.wants_at(at, self._urgent)
        content = self._content(telling, self._rendered(telling, person, person.language))
        if digest:
            texts = catalogue("engine.notify", person.language)
            content["digest"] = str(texts["digest"])
        return self._delivery(telling, channel.key, person.username, content) | {
            "target": person.email,
            "username": person.username,
            "digest": digest,
            "due": due,
            "created_at": at,
        }

    def _to_all(
        self, telling: _Telling, channel: Any, heard: Sequence[Person], at: datetime
    ) -> dict[str, Any]:
        language = channel.settings.get("language") or LANGUAGES[0]
        content = self._content(telling, self._rendered(telling, None, language))
        phones = [person.phone for person in heard if person.phone]
        if phones:
            content["phones"] = phones
        return self._delivery(telling, channel.key, "*", content) | {
            "target": "",
            "username": None,
            "digest": False,
            "due": at,
            "created_at": at,
        }

    def _delivery(
        self, telling: _Telling, channel: str, whom: str, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        row = self._occasion.row
        return {
            "key": f"{row.id}:{_seq(telling)}:{telling.rule.key}:{channel}:{whom}",
            "channel": channel,
            "ticket_id": row.id,
            "content": content,
            "state": "waiting",
            "attempts": 0,
        }

    def _content(self, telling: _Telling, words: Rendered) -> dict[str, Any]:
        fact, row = telling.fact, self._occasion.row
        return {
            "subject": words.subject,
            "text": words.text,
            "html": words.html,
            "url": address(row.number),
            "ticket": row.number,
            "type": row.type,
            "kind": fact.kind,
            "actor": fact.actor,
            "fact": fact.seq,
            "at": fact.at.isoformat(),
        }

    def _post(self, deliveries: list[dict[str, Any]]) -> None:
        if not deliveries:
            return
        self._connection.execute(_INSERT[self._connection.dialect.name], deliveries)
        first: dict[str, datetime] = {}
        for one in deliveries:
            first[one["channel"]] = min(one["due"], first.get(one["channel"], one["due"]))
        for channel in sorted(first):  # in one order, so that two jobs never wait in a ring
            outbox.plan(self._connection, channel, first[channel], urgent=self._urgent)


def _seq(telling: _Telling) -> int:
    return 0 if telling.rule.once else telling.fact.seq
