"""Approvals as the interface shows them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from api import presenting, texts
from api.http import instant
from engine.approvals import rules
from engine.approvals.acting import URGE_EVERY
from engine.approvals.ledger import Round, Seat
from engine.deployments import catalogue
from engine.deployments.catalogue import Loaded
from engine.tickets import people
from engine.tickets.approval_batch import asks
from engine.tickets.approval_views import View


def ledger(connection: Connection, view: View, language: str) -> dict[str, Any]:
    """An approval with everything that its page shows."""
    found, row = view.ledger, view.row
    seats = list(found.seats())
    mentioned = {seat.person for seat in seats} | {seat.principal for seat in seats}
    mentioned |= {entry.actor for entry in view.timeline} | {row.requester}
    mentioned |= {copy.person for copy in view.copies}
    mentioned |= {name for entry in view.timeline for name in (entry.data or {}).get("users", ())}
    names = people.names(connection, mentioned, language)
    main = found.main
    next_urge = main.urged_at + URGE_EVERY if main.urged_at else None
    return {
        "task": found.task_id,
        "ticket": row.number,
        "title": row.title,
        "element": found.element,
        "name": presenting.element_name(view.version, found.element, language),
        "rev": row.task_rev,
        "state": main.state,
        "outcome": main.outcome,
        "rounds": [_round(view, one, names) for one in found.rounds],
        "timeline": [done(entry, names, language) for entry in view.timeline],
        "waiting_for": list(dict.fromkeys(seat.person for seat in found.open_seats())),
        "may": view.may,
        "asks": _asks(main.setting.stored(), view.version, found.element),
        "targets": [
            {"element": key, "name": presenting.element_name(view.version, key, language)}
            for key in view.targets
        ],
        "resubmit": main.setting.resubmit,
        "copies": [_copy(copy, names) for copy in view.copies],
        "urges": {"count": main.urges, "next": instant(next_urge) if next_urge else None},
        "draft": _draft(view),
        "people": dict(names),
    }


def _round(view: View, one: Round, names: Mapping[str, str]) -> dict[str, Any]:
    setting = one.setting
    return {
        "id": one.id,
        "mode": f"{setting.mode}:{setting.number}" if setting.number else setting.mode,
        "need": rules.need(view.ledger, one),
        "agreed": sum(seat.weight for seat in one.voting if seat.state == "agreed"),
        "state": one.state,
        "outcome": one.outcome,
        "parent_seat": one.parent_seat,
        "placement": one.placement,
        "target": one.target,
        "opened_at": _time(one.opened_at),
        "ended_at": _time(one.ended_at),
        "seats": [_seat(view, seat, names) for seat in one.seats],
    }


def _seat(view: View, seat: Seat, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": seat.id,
        "person": seat.person,
        "person_name": names.get(seat.person, seat.person),
        "kind": seat.kind,
        "state": seat.state,
        "weight": seat.weight,
        "principal": seat.principal,
        "principal_name": names.get(seat.principal) if seat.principal else None,
        "added_by": seat.added_by,
        "for_seat": seat.for_seat,
        "replaced_by": seat.replaced_by,
        "mark": seat.mark,
        "comment": seat.comment,
        "signature": seat.signature,
        "deadline": _time(seat.deadline),
        "opened_at": _time(seat.opened_at),
        "acted_at": _time(seat.acted_at),
        "may": view.seat_may(seat),
    }


def _asks(setting: Mapping[str, Any], version: Loaded, element: str) -> dict[str, bool]:
    """What somebody has to bring to a decision."""
    return {
        "opinion": bool(setting.get("opinion")),
        "signature": bool(setting.get("signature")),
        "form": asks(version, element),
    }


def _time(at: Any) -> str | None:
    return instant(at) if at is not None else None


def _copy(copy: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "person": copy.person,
        "person_name": names.get(copy.person, copy.person),
        "sent_by": copy.sent_by,
        "at": instant(copy.created_at),
        "read_at": _time(copy.read_at),
    }


def _draft(view: View) -> dict[str, Any] | None:
    """What the caller has saved and not sent; nobody else sees it."""
    mine = view.ledger.of(view.caller.username)
    return next((seat.draft for seat in mine if seat.draft is not None), None)


def done(entry: Any, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """One thing of a timeline."""
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "actor": entry.actor,
        "actor_name": names.get(entry.actor, entry.actor),
        "action": entry.action,
        "label": texts.word(language, f"approval:{entry.action}"),
        "seat": entry.seat_id,
        "comment": entry.comment,
        "data": dict(entry.data or {}),
    }


def row(found: Any, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """An approval in somebody's list."""
    version = catalogue.version(found.version_id)
    shown = {
        "task": found.task_id,
        "ticket": found.number,
        "title": found.title,
        "type": found.type,
        "type_name": version.name(language),
        "element": found.element,
        "name": presenting.element_name(version, found.element, language),
        "requester": found.requester,
        "requester_name": names.get(found.requester, found.requester),
        "priority": found.priority,
        "state": found.state,
        "outcome": found.outcome,
        "at": instant(found.at),
        "opened_at": instant(found.opened_at),
        "asks": _asks(found.setting, version, found.element),
    }
    for key in ("mine", "sent_by"):
        if hasattr(found, key):
            shown[key] = getattr(found, key)
    for key in ("due", "read_at"):
        if hasattr(found, key):
            shown[key] = _time(getattr(found, key))
    return shown
