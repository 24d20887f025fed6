"""One judgement: answers loaded, rules worked out, and what came of it checked."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from forms import logic
from forms.kinds.base import in_both
from forms.kinds.things import Attachment
from forms.model import Expression, Field, FieldError, Judged, References, Refused, Rule, level
from forms.plans import Compiled, Plan, option_values, typed
from forms.schema import MAX_ERRORS, load

MAX_SECONDS = 2.0


class TooSlow(Exception):
    """The rules of a form take longer than one request may."""


Path = tuple[str | int, ...]


class Judging:
    """One judgement under way; see `compiler.judge` for what it is given."""

    def __init__(
        self,
        compiled: Compiled,
        outer: Mapping[str, Any],
        access: Mapping[str, str],
        before: Mapping[str, Any],
        references: References | None,
    ) -> None:
        self.compiled = compiled
        self.access = access
        self.before = before
        self.references = references
        self.shadowing = compiled.shadowing
        self.scope: dict[str, Any] = {}
        if compiled.has_rules:
            self.scope = {**outer, **dict.fromkeys(compiled.form.fields)}
            self.shadowing |= logic.builtin_names(outer)
        self.deadline = time.monotonic() + MAX_SECONDS
        self.closed: set[Path] = set()
        self.refused: list[Refused] = []
        self.found: dict[tuple[str, str], Any] = {}

    def run(self, answers: Mapping[str, Any]) -> Judged:
        """Load the answers, settle every field, then inspect those that a person may set."""
        fields, before, access = self.compiled.form.fields, self.before, self.access
        frozen = {key for key in fields if level(access, key) != "edit"} if access else frozenset()
        given = {k: v for k, v in before.items() if k in fields} | dict(answers)
        loaded, wrong = load(
            self.compiled.schema, {k: v for k, v in given.items() if k not in frozen}
        )
        values: dict[str, Any] = {}
        try:
            for plan in self.compiled.plans:
                key = plan.item.key
                if key in frozen:
                    value = self.settle(plan, (key,), self.scope, before.get(key), True, True)
                else:
                    value = self.settle(
                        plan, (key,), self.scope, loaded.get(key), key in given, False
                    )
                    if plan.columns and value and (key,) not in self.closed:
                        value = self.settle_rows(plan, value, given.get(key))
                values[key] = value
                if self.compiled.has_rules:
                    self.scope[key] = typed(plan, value)
            # A wrong cell spoils its cell only, anything else wrong its whole field.
            bad = {one.path[:3] if fields_have_rows(fields, one) else one.path[:1] for one in wrong}
            for plan in self.compiled.plans:
                key = plan.item.key
                if (key,) not in self.closed and (key,) not in bad:
                    self.inspect(plan, (key,), self.scope, values[key], before.get(key))
                    if plan.columns and values[key]:
                        self.inspect_rows(plan, values[key], bad)
        except TooSlow:
            self.refused.append(Refused("too-slow", seconds=MAX_SECONDS))
        # What is wrong with an answer that is not taken does not matter.
        wrong = [one for one in wrong if not self.is_closed(one.path)]
        return Judged(
            {key: values[key] for key in fields if values.get(key) is not None},
            [field_error(refusal) for refusal in (wrong + self.refused)[:MAX_ERRORS]],
            tuple(k for k in fields if values.get(k) is None and before.get(k) is not None),
        )

    def is_closed(self, path: Path) -> bool:
        """Whether this place, or what it is part of, takes no answer."""
        return path[:1] in self.closed or path[:3] in self.closed

    def settle(
        self,
        plan: Plan,
        path: Path,
        scope: Mapping[str, Any],
        given: Any,
        answered: bool,
        frozen: bool,
    ) -> Any:
        """The value that a field has; the path is `closed` where a person may not set it."""
        item = plan.item
        if item.shown is not True and not self.holds(item.shown, scope):
            self.closed.add(path)
            return None
        if item.computed is not None:
            self.closed.add(path)
            return self.work_out(item, item.computed, path, scope)
        if frozen:
            self.closed.add(path)
            return given
        if item.read_only is not False and self.holds(item.read_only, scope):
            self.closed.add(path)
            answered = len(path) == 1 and item.key in self.before
            given = self.before.get(item.key) if answered else None
        if not answered and item.default is not None:
            return self.work_out(item, item.default, path, scope)
        return given

    def settle_rows(self, plan: Plan, rows: list[dict[str, Any]], given: Any) -> list[Any]:
        """The rows with their own rules worked out."""
        settled = []
        for place, row in enumerate(rows):
            scope = self.row_scope(plan, {})
            cells: dict[str, Any] = {}
            for column in plan.columns:
                key = column.item.key
                path = (plan.item.key, place, key)
                value = self.settle(column, path, scope, row.get(key), key in row, False)
                if value is not None:
                    cells[key] = value
                    if self.compiled.has_rules:
                        scope[key] = typed(column, value)
            settled.append({key: cells[key] for key in plan.item.columns if key in cells})
        return settled

    def row_scope(self, plan: Plan, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the rules of one row see: its cells before everything else."""
        if not self.compiled.has_rules:
            return {}
        self.mind_the_time()
        return {**self.scope, **{c.item.key: typed(c, row.get(c.item.key)) for c in plan.columns}}

    def holds(self, rule: Rule, scope: Mapping[str, Any]) -> bool:
        """Whether a condition is true."""
        return rule is True if not isinstance(rule, Expression) else self.value(rule, scope) is True

    def value(self, rule: Expression, scope: Mapping[str, Any]) -> Any:
        """What an expression gives."""
        self.mind_the_time()
        return logic.evaluate(rule.text, scope, self.shadowing)

    def work_out(self, item: Field, rule: Rule, path: Path, scope: Mapping[str, Any]) -> Any:
        """A computed or default value as an answer; one that does not fit is refused."""
        try:
            if isinstance(rule, Expression):
                return logic.as_answer(item, self.value(rule, scope))
            return logic.as_answer(item, rule)
        except Refused as refused:
            self.refused.append(refused.below(*path))
            return None

    def inspect(
        self, plan: Plan, path: Path, scope: Mapping[str, Any], value: Any, was: Any
    ) -> None:
        """What is wrong with a value that a person may set."""
        item = plan.item
        if value is None:
            if item.required is not False and self.holds(item.required, scope):
                self.refused.append(Refused("required", *path))
            return
        if plan.is_plain:
            return
        try:
            if plan.low is not None or plan.high is not None:
                plan.kind.check_range(
                    value, self.limit(plan, plan.low, scope), self.limit(plan, plan.high, scope)
                )
            if plan.kind.has_options and item.kind != "cascade":
                self.check_options(plan, value, scope)
            if plan.kind.refers_to is not None and value != was:
                self.check_references(plan, value, was)
        except Refused as refused:
            self.refused.append(refused.below(*path))
        for demand in item.demands:
            if self.value(demand.test, scope) is False:
                self.refused.append(Refused("rule-broken", *path, **in_both(demand.message)))
        if item.settings.get("unique") and len(path) == 1 and value != was:
            taken = self.references.taken if self.references else None
            if taken is not None and taken(item.key, value):
                self.refused.append(Refused("taken", *path))

    def inspect_rows(self, plan: Plan, rows: list[dict[str, Any]], bad: set[Path]) -> None:
        """What is wrong with the cells of a table."""
        table = plan.item.key
        was = self.before.get(table)
        old = was if isinstance(was, list) else []
        known = _names_in_rows(plan, old)
        for place, row in enumerate(rows):
            if (table, place) in bad:
                continue
            scope = self.row_scope(plan, row)
            for column in plan.columns:
                key = column.item.key
                path = (table, place, key)
                if path in self.closed or path in bad:
                    continue
                value = row.get(key)
                same = value is not None and (key, _frozen(value)) in known
                self.inspect(column, path, scope, value, value if same else None)
            if len(self.refused) > MAX_ERRORS:
                return
        for column in plan.columns:
            if column.item.settings.get("unique"):
                self.check_unique(table, column.item.key, rows)

    def check_unique(self, table: str, key: str, rows: list[dict[str, Any]]) -> None:
        """No two rows of a table have the same value in a `unique` column."""
        seen: dict[str, int] = {}
        for place, row in enumerate(rows):
            if row.get(key) is not None:
                first = seen.setdefault(_frozen(row[key]), place)
                if first != place:
                    self.refused.append(Refused("row-twice", table, place, key, row=first + 1))

    def check_options(self, plan: Plan, value: Any, scope: Mapping[str, Any]) -> None:
        """Everything picked is among the options."""
        options = plan.options
        if options is None and isinstance(plan.item.options, Expression):
            options = option_values(self.value(plan.item.options, scope))
        for path, picked in plan.kind.picks(value):
            if picked not in (options or ()):
                raise Refused("not-an-option", *path, value=picked)

    def check_references(self, plan: Plan, value: Any, was: Any) -> None:
        """Everything named exists; what was there before is not asked again."""
        kind = plan.kind
        family = kind.refers_to
        if family is None or self.references is None:
            return
        ask: Callable[[str], Any] | None = getattr(self.references, family)
        if ask is None:
            return
        known = [] if was is None else [name for _, name in kind.picks(was)]
        for path, name in kind.picks(value):
            if name in known:
                continue
            facts = self.looked_up(family, name, ask)
            if not facts:
                raise Refused(f"no-such-{family}", *path, name=name)
            if isinstance(kind, Attachment):
                try:
                    kind.accepts(plan.item, facts.name, facts.media_type, facts.size)
                except Refused as refused:
                    raise refused.below(*path) from None

    def looked_up(self, family: str, name: str, ask: Callable[[str], Any]) -> Any:
        """What is known of a thing; each is asked for once, and not for ever."""
        if (family, name) not in self.found:
            self.mind_the_time()
            self.found[family, name] = ask(name)
        return self.found[family, name]

    def mind_the_time(self) -> None:
        """Raises TooSlow when the judgement has taken longer than a request may."""
        if time.monotonic() > self.deadline:
            raise TooSlow

    def limit(self, plan: Plan, limit: Any, scope: Mapping[str, Any]) -> Any:
        """A constant limit as it is, an expression's value as the field's type."""
        if isinstance(limit, Expression):
            return logic.as_limit(plan.item, self.value(limit, scope))
        return limit


def field_error(refused: Refused) -> FieldError:
    """A refusal as an error of the request; its pointer begins with /values (RFC 6901)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in refused.path)
    return FieldError("/".join(("/values", *steps)), refused.code, refused.params)


def fields_have_rows(fields: Mapping[str, Field], refused: Refused) -> bool:
    """Whether a refusal is about a field made of rows."""
    item = fields.get(str(refused.path[0]))
    return item is not None and bool(item.columns)


def _names_in_rows(plan: Plan, rows: list[Any]) -> set[tuple[str, str]]:
    """What the rows of a table had before, by column: rows have no identity, values do."""
    return {
        (column.item.key, _frozen(row[column.item.key]))
        for column in plan.columns
        if not column.is_plain
        for row in rows
        if isinstance(row, dict) and column.item.key in row
    }


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
