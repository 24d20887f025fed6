"""Reads `sla.toml`: policies, goals and steps, each mistake with its place."""

import re
from collections.abc import Collection, Sequence
from typing import Any, get_args

from workflows import feel
from workflows.findings import Finding
from workflows.manifest import CATEGORIES
from workflows.manifest_reader import Reader, TomlError, is_name, read_toml
from workflows.notifications import PLACES, PRINCIPALS
from workflows.sla.conditions import Condition, compile_condition, is_never_boolean
from workflows.sla.model import (
    FILE,
    METRICS,
    Basis,
    CatchUp,
    Document,
    Goal,
    Mark,
    OnChange,
    Policy,
    Reopen,
    Step,
    Until,
)
from workflows.texts import sentence
from workflows.timers import seconds

MAX_POLICIES = 50
MAX_GOALS = 100
MAX_STEPS = 20
MAX_REPEATS = 1_000
MIN_REPEAT = 60
MAX_PERCENT = 1_000
MAX_TARGET = 10 * 366 * 86_400
DEFAULT_REPEATS = 10
_PERCENT = re.compile(r"(\d{1,4})\s*%\Z")
_NAMED = re.compile(r"[^\s\x00-\x1f]{1,100}\Z")


def read_sla(data: bytes, names: Collection[str] = ()) -> Document:
    """The policies in the bytes of sla.toml, with what is wrong in `findings`.

    `names` are those of the answers; a policy with an error is left out.
    """
    try:
        document = read_toml(data)
    except TomlError as error:
        return Document(findings=(Finding("error", FILE, error.code, params=error.params),))
    return _Policies(Reader(document, FILE), names).document()


class _Policies:
    """One reading of one file."""

    def __init__(self, reader: Reader, names: Collection[str]) -> None:
        self._reader = reader
        self._names = names
        self._keys: set[str] = set()

    def document(self) -> Document:
        reader = self._reader
        calendar = _calendar(reader) or "always"
        at_risk = reader.whole("at_risk", 1, 100)
        tables = reader.array("policy")
        if len(tables) > MAX_POLICIES:
            reader.error("list-too-long", "policy", limit=MAX_POLICIES)
        policies = [self._policy(table, calendar) for table in tables[:MAX_POLICIES]]
        reader.finish()
        return Document(
            tuple(policy for policy in policies if policy is not None),
            calendar,
            50 if at_risk is None else at_risk,
            tuple(reader.findings),
        )

    def _policy(self, table: Reader, calendar: str) -> Policy | None:
        metric = table.text("metric", required=True)
        if metric is not None and metric not in METRICS:
            table.error(
                "sla-metric-unknown", "metric", metric=metric[:60], known=", ".join(METRICS)
            )
            metric = None
        calendar = _calendar(table) or calendar
        values: dict[str, Any] = {
            "names": table.labels("name"),
            "when": self._condition(table, "when"),
            "pause_on": self._categories(table),
            "pause_if": self._condition(table, "pause_if"),
            "reasons": self._reasons(table),
            "resume_on_reply": table.flag("resume_on_reply") is not False,
            "on_change": _one_of(table, "on_change", get_args(OnChange)) or "retarget",
            "reopen": _one_of(table, "reopen", get_args(Reopen)) or "continue",
            "reopen_within": _length(table, "reopen_within"),
            "catch_up": _one_of(table, "catch_up", get_args(CatchUp)) or "highest",
            "elements": _one_or_more(table, "element", "elements"),
            "groups": _groups(table),
            "steps": self._steps(table) or (),
        }
        if metric == "stage" and not values["elements"]:
            table.error("sla-element-missing", "element")
        if metric in ("ola", "supplier") and not values["groups"]:
            table.error("sla-group-missing", "group")
        goals = self._goals(table, calendar)
        key = self._key(table, metric or "")
        table.finish()
        if metric is None or not goals:
            return None
        return Policy(key, metric, goals, place=table.place, **values)

    def _key(self, table: Reader, metric: str) -> str:
        """The policy's own key, or its metric with a number where that is taken."""
        key = table.identity("key")
        if key is None:
            key, count = metric, 1
            while key in self._keys:
                count += 1
                key = f"{metric}_{count}"
        elif key in self._keys:
            table.error("sla-policy-twice", "key", key=key)
        self._keys.add(key)
        return key

    def _goals(self, table: Reader, calendar: str) -> tuple[Goal, ...]:
        tables = table.array("goals")
        if not tables:
            table.error("sla-goals-missing", "goals")
        if len(tables) > MAX_GOALS:
            table.error("list-too-long", "goals", limit=MAX_GOALS)
        found: list[Goal] = []
        for index, inner in enumerate(tables[:MAX_GOALS]):
            target = _length(inner, "target", required=True)
            when = self._condition(inner, "when")
            own = _calendar(inner) or calendar
            steps = self._steps(inner)
            inner.finish()
            if when is None and not inner.has("when") and index < len(tables) - 1:
                inner.warn("sla-goal-always")
            if target is not None:
                found.append(Goal(target, own, when, steps, inner.place))
        return tuple(found)

    def _steps(self, table: Reader) -> tuple[Step, ...] | None:
        if not table.has("steps"):
            return None
        tables = table.array("steps")
        if len(tables) > MAX_STEPS:
            table.error("list-too-long", "steps", limit=MAX_STEPS)
        found = [_step(inner) for inner in tables[:MAX_STEPS]]
        return tuple(step for step in found if step is not None)

    def _categories(self, table: Reader) -> tuple[str, ...] | None:
        categories = table.texts("pause_on")
        if categories is None:
            return None
        for category in categories:
            if category not in CATEGORIES:
                table.error("status-category-unknown", "pause_on", category=category[:40])
        return tuple(dict.fromkeys(categories))

    def _reasons(self, table: Reader) -> dict[str, dict[str, str]]:
        inner = table.table("reasons")
        if inner is None:
            return {}
        known = (*CATEGORIES, "pause_if")
        found = {name: inner.labels(name) for name in known if inner.has(name)}
        inner.finish()
        return found

    def _condition(self, table: Reader, name: str) -> Condition | None:
        text = table.text(name)
        if text is None:
            return None
        try:
            condition = compile_condition(text, self._names)
        except feel.FeelSyntaxError as error:
            params = dict(error.params)
            table.error(
                "expression-unreadable",
                name,
                text=text[:120],
                position=error.position,
                reason=error.code,
                reason_zh=sentence("workflows.feel", "zh-CN", error.code, params),
                reason_en=sentence("workflows.feel", "en", error.code, params),
            )
            return None
        if is_never_boolean(condition.expression.tree):
            table.error("condition-not-boolean", name, text=text[:120])
            return None
        return condition


def _step(table: Reader) -> Step | None:
    at = _mark(table)
    notify = tuple(table.texts("notify") or ())
    for who in notify:
        _check_person(table, "notify", who, PLACES)
    assign = table.text("assign")
    if assign is not None:
        _check_person(table, "assign", assign, ("manager", "lead"))
    repeat = _length(table, "repeat")
    if repeat is not None and repeat < MIN_REPEAT:
        table.error("sla-repeat-too-short", "repeat", limit=MIN_REPEAT)
    times = table.whole("max", 1, MAX_REPEATS)
    until: Until = _one_of(table, "until", get_args(Until)) or "stop"
    step = {
        "notify": notify,
        "assign": assign,
        "raise_priority": bool(table.flag("raise_priority")),
        "message": table.text("message"),
        "escalation": table.text("escalation"),
    }
    table.finish()
    if not any(step.values()):
        table.error("sla-step-empty")
    if at is None:
        return None
    times = times or (DEFAULT_REPEATS if repeat else 1)
    return Step(at, repeat=repeat, until=until, max=times, **step)  # type: ignore[arg-type]


def _mark(table: Reader) -> Mark | None:
    """`75%` of the target, `PT30M` after the start, `-PT1H` before or `+PT10M` after due."""
    text = table.text("at", required=True)
    plain = _one_of(table, "time", ("business", "calendar")) == "calendar"
    if text is None:
        return None
    percent = _PERCENT.match(text)
    if percent and 1 <= int(percent[1]) <= MAX_PERCENT:
        return Mark("percent", int(percent[1]))
    sign = text[0] if text[0] in "+-" else ""
    length = None if percent else seconds(text.removeprefix(sign))
    if length is None or length > MAX_TARGET:
        table.error("sla-mark-unreadable", "at", value=text[:60])
        return None
    basis: Basis = "due" if sign else "start"
    return Mark(basis, -length if sign == "-" else length, plain)


def _calendar(table: Reader) -> str | None:
    return table.matching("calendar", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "key-unreadable")


def _length(table: Reader, name: str, *, required: bool = False) -> int | None:
    """A duration that is longer than nothing."""
    text = table.text(name, required=required)
    if text is None:
        return None
    length = seconds(text)
    if not length or length > MAX_TARGET:
        table.error("sla-duration-unreadable", name, value=text[:60])
        return None
    return length


def _one_of(table: Reader, name: str, known: Sequence[str]) -> Any:
    text = table.text(name)
    if text is not None and text not in known:
        table.error("sla-choice-unknown", name, value=text[:60], known=", ".join(known))
        return None
    return text


def _one_or_more(table: Reader, one: str, several: str) -> tuple[str, ...]:
    single, many = table.text(one), table.texts(several)
    return tuple(dict.fromkeys([*([single] if single else []), *(many or ())]))


def _groups(table: Reader) -> tuple[str, ...]:
    groups = _one_or_more(table, "group", "groups")
    for group in groups:
        if not is_name(group):
            table.error("key-unreadable", "group", value=group[:60])
    return groups


def _check_person(table: Reader, name: str, who: str, places: Sequence[str]) -> None:
    kind, colon, rest = who.partition(":")
    if who in places or (colon and kind in PRINCIPALS and _NAMED.match(rest)):
        return
    table.error("recipient-unreadable", name, who=who[:60], known=", ".join(places))
