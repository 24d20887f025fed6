"""The clocks of a ticket as the interface shows them."""

from datetime import datetime
from typing import Any

from api.http import instant
from engine import clock as time
from engine.deployments.catalogue import Loaded
from engine.sla import board as boards
from engine.sla import calendar_store, escalation, forecasts, holidays, rulebook
from engine.sla.board import Board
from engine.sla.calendars import Calendar
from engine.sla.clocks import Clock
from engine.sla.forecasts import LIKELY, Forecast
from engine.sla.rules import Book

ORDER = {"breached": 0, "running": 1, "paused": 2, "missed": 3, "met": 4}


def shown(row: Any, version: Loaded, language: str) -> list[dict[str, Any]]:
    """The clocks of a ticket as they are now, the most pressing first."""
    if not row.clocks:
        return []
    now, board = time.now(), boards.unpacked(row.clocks)
    book = version.derived(rulebook.of)
    foretold = forecasts.of(version.key, row.priority, row.group_key)
    clocks = [_clock(one, board, book, foretold, now, language) for one in board.clocks.values()]
    return sorted(clocks, key=lambda one: (ORDER.get(one["state"], 5), one["due"] or "9"))


def _clock(
    one: Clock, board: Board, book: Book, foretold: Forecast, now: datetime, language: str
) -> dict[str, Any]:
    calendar = calendar_store.calendar(one.calendar, one.calendar_version)
    one.judge(now)
    found = measured(one, calendar, now)
    policy = book.policy(one)
    if policy is not None:
        found["name"] = policy.names.get(language)
        reasons = policy.reasons.get(one.pause_reason or "", {})
        if reasons:
            found["pause_label"] = reasons.get(language)
    running = one.state == "running" and one.breached_at is None
    found["at_risk"] = running and found["elapsed"] * 100 >= one.limit * book.at_risk
    chance = foretold.chance(one, found["elapsed"]) if running else None
    if chance is not None:
        found["breach_chance"] = round(chance.probability, 2)
        found["at_risk"] = found["at_risk"] or chance.probability >= LIKELY
    if board.contract is not None and "key" in board.contract:
        found["contract"] = board.contract["key"]
    warned = holidays.warning(calendar, one.due, now) if one.due is not None else None
    if warned is not None:
        found["holidays_unpublished"] = warned
    coming = _next(one, board, book, calendar)
    if coming is not None:
        found["next"] = coming
    return found


def measured(one: Clock, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """What a clock shows at an instant."""
    elapsed = one.elapsed_at(now, calendar)
    state = "breached" if one.state == "running" and one.breached_at else one.state
    found: dict[str, Any] = {
        "key": one.key,
        "metric": one.metric,
        "cycle": one.cycle,
        "state": state,
        "target": one.target,
        "extended": one.extended,
        "elapsed": elapsed,
        "remaining": one.limit - elapsed,
        "due": instant(one.due) if one.due else None,
        "started_at": instant(one.started_at),
        "calendar": one.calendar,
        "policy": one.policy,
        "rule": one.rule,
    }
    for name in ("breached_at", "stopped_at", "crossed_at"):
        at = getattr(one, name)
        if at is not None:
            found[name] = instant(at)
    if one.by_retarget:
        found["by_retarget"] = True
    if one.pause_reason is not None:
        found["pause_reason"] = one.pause_reason
    return found


def _next(one: Clock, board: Board, book: Book, calendar: Calendar) -> dict[str, Any] | None:
    """The step that comes next, as far as it can be told."""
    coming = [
        (at, number, step)
        for number, step in book.steps(one)
        if (at := escalation.planned(one, number, step, calendar, answered=board.acknowledged))
    ]
    if one.state != "running" or not coming:
        return None
    at, number, step = min(coming, key=lambda each: each[:2])
    return {"at": instant(at), "step": number, "notify": list(step.notify)}
