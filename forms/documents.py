"""Form documents: JSON in, a checked `Form` out, or findings that say what is wrong with it.

A document is an object:

    key         a letter, then letters, digits and _ (any script), at most 64; the file's name
    title       words: {"zh-CN": "…", "en": "…"}, or one text
    description words (optional)
    fields      a list of fields
    layout      a list of items (optional). An item is a field's key, {"row": [keys]},
                {"group": words, "items": [items]} or
                {"tabs": [{"label": words, "items": [items]}]}.
                Fields that it does not name follow at the end
    examples    [{"name": words, "values": {…}}] to fill in from (optional)

A field has `key`, `kind`, `label` (words), optionally `help`, `placeholder` (words), `example`,
the logic `shown`, `required`, `read_only`, `computed`, `default` (a constant, or FEEL with a
leading `=`), `rules` [{"check": "=…", "message": words}] (broken only when false, so that a rule
over an empty field says nothing), `unique` (in a table among its rows, else among tickets), the
settings of its kind (`forms/kinds/`), `options` [{"value", "label": words, "children"?}] or "=…"
for choices, and `columns` (fields without tables and notes) for a table.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from forms.fields import KINDS
from forms.kinds.base import flag, is_empty, is_rule, words
from forms.kinds.texts import BadPattern, compiled
from forms.model import Demand, Expression, Field, Form, Option, Rule, Words
from workflows.findings import Finding

__all__ = ["Field", "Form", "FormInvalid", "read"]

MAX_BYTES = 1 << 19
MAX_FIELDS = 300
MAX_COLUMNS = 60
MAX_OPTIONS = 5000
MAX_DEPTH = 8
_KEY = re.compile(r"[^\W\d]\w{0,63}")
_LOGIC = ("shown", "required", "read_only", "computed", "default", "rules", "unique")
_WORDS = ("label", "help", "placeholder", "example")
_COMMON = {"key", "kind", "options", "columns", *_LOGIC, *_WORDS}
_FORM_KEYS = {"key", "title", "description", "fields", "layout", "examples"}
_KEYWORDS = ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function")
_OPERATORS = ("and", "or", "not", "between", "instance", "of", "external", "true", "false", "null")
RESERVED = {"ticket", *_KEYWORDS, *_OPERATORS}
"""Words of the expression language, and the name of the ticket itself."""


class FormInvalid(ValueError):
    """A document that is not a form; `findings` say why, one for each place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("; ".join(f"{item.element or ''} {item.code}" for item in findings))


def read(data: bytes | str | Mapping[str, Any]) -> Form:
    """The form in a document; raises FormInvalid. The same bytes give the same object."""
    if isinstance(data, Mapping):
        return _formed(data)
    return _read_text(data if isinstance(data, bytes) else data.encode("utf-8", "replace"))


def inspect(data: bytes | str | Mapping[str, Any]) -> tuple[Form | None, list[Finding]]:
    """The form if the document is one, and every remark on its shape, warnings included."""
    try:
        document = data if isinstance(data, Mapping) else _parsed(data)
    except FormInvalid as invalid:
        return None, invalid.findings
    reader = _Reader()
    form = reader.form(document)
    broken = any(finding.severity == "error" for finding in reader.findings)
    return (None if broken else form), reader.findings


@lru_cache(maxsize=128)
def _read_text(data: bytes) -> Form:
    return _formed(_parsed(data))


def _formed(document: Mapping[str, Any]) -> Form:
    form, findings = inspect(document)
    if form is None:
        raise FormInvalid([item for item in findings if item.severity == "error"])
    return form


def _parsed(data: bytes | str) -> Mapping[str, Any]:
    def invalid(code: str, **params: Any) -> FormInvalid:
        return FormInvalid([Finding("error", "", code, params=params)])

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            raise invalid("key-twice", key=next(n for n in names if names.count(n) > 1))
        return found

    def refuse(constant: str) -> Any:
        raise invalid("form-not-json", reason=constant)

    if len(data) > MAX_BYTES:
        raise invalid("form-too-large", max=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        document = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except FormInvalid:
        raise
    except RecursionError:
        raise invalid("form-not-json", reason="nesting") from None
    except ValueError as error:
        raise invalid("form-not-json", reason=str(error)[:200]) from None
    if not isinstance(document, dict):
        raise invalid("form-not-an-object")
    return document


class _Reader:
    """Reads one document and collects everything that is wrong with it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.options_left = MAX_OPTIONS

    def error(self, code: str, element: str | None = None, **params: Any) -> None:
        self.findings.append(Finding("error", "", code, element, params=params))

    def warning(self, code: str, element: str | None = None, **params: Any) -> None:
        self.findings.append(Finding("warning", "", code, element, params=params))

    def form(self, document: Mapping[str, Any]) -> Form:
        key = document.get("key")
        if not _is_key(key):
            self.error("form-key", key=_short(key))
        if not words(document.get("title")):
            self.error("words-missing", setting="title")
        for name in document:
            if name not in _FORM_KEYS:
                self.warning("unknown-setting", setting=_short(name))
        fields = self.fields(document.get("fields"), "", MAX_FIELDS)
        layout = document.get("layout", [])
        self.layout(layout, fields)
        self.examples(document.get("examples", []), fields)
        return Form(str(key), _words(document.get("title")), fields, layout, document)

    def fields(self, raw: Any, prefix: str, limit: int) -> dict[str, Field]:
        where = prefix.rstrip(".") or None
        if not isinstance(raw, list) or not raw:
            self.error("fields-missing", where)
            return {}
        if len(raw) > limit:
            self.error("too-many-fields", where, max=limit)
            return {}
        found: dict[str, Field] = {}
        for place, item in enumerate(raw):
            if not isinstance(item, dict):
                self.error("field-not-an-object", where, place=place + 1)
                continue
            key = item.get("key")
            if not isinstance(key, str) or not _is_key(key):
                self.error("field-key", where, place=place + 1, key=_short(key))
                continue
            if key in found:
                self.error("duplicate-key", prefix + key, key=key)
                continue
            field = self.field(item, key, prefix)
            if field is not None:
                found[key] = field
        return found

    def field(self, item: dict[str, Any], key: str, prefix: str) -> Field | None:
        element = prefix + key
        if key in RESERVED:
            self.error("reserved-key", element, key=key)
        name = item.get("kind")
        kind = KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            self.error("unknown-kind", element, kind=_short(name))
            return None
        if prefix and kind.name in ("table", "note"):
            self.error("not-in-a-table", element, kind=kind.name)
            return None
        settings = {}
        for setting, value in item.items():
            check = kind.settings.get(setting)
            if check is not None:
                if check(value):
                    settings[setting] = value
                else:
                    self.error("bad-setting", element, setting=setting, value=_short(value))
            elif setting not in _COMMON:
                self.warning("unknown-setting", element, setting=_short(setting))
        for setting in ("label", "help", "placeholder"):
            if setting in item and not words(item[setting]):
                self.error("bad-setting", element, setting=setting, value=_short(item[setting]))
        if kind.holds_value and not item.get("label"):
            self.warning("words-missing", element, setting="label")
        for low, high in (("min", "max"), ("min_length", "max_length"), ("min_rows", "max_rows")):
            if _crossed(settings.get(low), settings.get(high)):
                self.error("limits-crossed", element, low=low, high=high)
        if "pattern" in settings:
            try:
                compiled(settings["pattern"])
            except BadPattern as bad:
                self.error("bad-pattern", element, pattern=settings["pattern"], reason=str(bad))
        if "unique" in item:
            if flag(item["unique"]):
                settings["unique"] = item["unique"]
            else:
                self.error("bad-setting", element, setting="unique", value=_short(item["unique"]))
        return Field(
            key=key,
            kind=kind.name,
            label=_words(item.get("label", key)),
            settings=settings,
            shown=self.rule(item, "shown", element, True),
            required=self.rule(item, "required", element, False),
            read_only=self.rule(item, "read_only", element, False),
            computed=self.computed(item, element, kind.name),
            default=_rule(item.get("default")),
            options=self.options(item, element, kind.has_options, name == "cascade"),
            demands=self.demands(item.get("rules", []), element),
            columns=self.columns(item, element, kind.name),
        )

    def rule(self, item: dict[str, Any], name: str, element: str, usual: bool) -> Rule:
        raw = item.get(name, usual)
        if isinstance(raw, bool) or is_rule(raw):
            return _rule(raw)
        self.error("bad-setting", element, setting=name, value=_short(raw))
        return usual

    def computed(self, item: dict[str, Any], element: str, kind: str) -> Rule:
        raw = item.get("computed")
        if raw is None and kind != "computed":
            return None
        if is_rule(raw) and kind != "note":
            return _rule(raw)
        self.error("bad-setting", element, setting="computed", value=_short(raw))
        return None

    def demands(self, raw: Any, element: str) -> tuple[Demand, ...]:
        if not isinstance(raw, list) or len(raw) > 20:
            self.error("bad-setting", element, setting="rules", value=_short(raw))
            return ()
        found = []
        for item in raw:
            if isinstance(item, dict) and is_rule(item.get("check")) and words(item.get("message")):
                found.append(Demand(Expression(item["check"][1:]), _words(item["message"])))
            else:
                self.error("bad-setting", element, setting="rules", value=_short(item))
        return tuple(found)

    def columns(self, item: dict[str, Any], element: str, kind: str) -> dict[str, Field]:
        if kind != "table":
            if "columns" in item:
                self.error("bad-setting", element, setting="columns", value="")
            return {}
        return self.fields(item.get("columns"), element + ".", MAX_COLUMNS)

    def options(
        self, item: dict[str, Any], element: str, wanted: bool, tree: bool
    ) -> tuple[Option, ...] | Expression:
        raw = item.get("options")
        if not wanted:
            if raw is not None:
                self.error("bad-setting", element, setting="options", value="")
            return ()
        if isinstance(raw, str) and is_rule(raw) and not tree:
            return Expression(raw[1:])
        if not isinstance(raw, list) or not raw:
            self.error("options-missing", element)
            return ()
        return self.option_list(raw, element, MAX_DEPTH if tree else 1)

    def option_list(self, raw: list[Any], element: str, depth: int) -> tuple[Option, ...]:
        found: dict[str, Option] = {}
        for item in raw:
            self.options_left -= 1
            if self.options_left < 0:
                if self.options_left == -1:
                    self.error("too-many-options", element, max=MAX_OPTIONS)
                break
            value = item.get("value") if isinstance(item, dict) else None
            if (
                not isinstance(item, dict)
                or not isinstance(value, str)
                or is_empty(value)
                or len(value) > 200
                or not words(item.get("label", value))
            ):
                self.error("bad-option", element, value=_short(value))
                continue
            if value in found:
                self.error("duplicate-option", element, value=value)
                continue
            children = item.get("children", [])
            if not isinstance(children, list) or (children and depth <= 1):
                self.error("bad-option", element, value=value)
                continue
            below = self.option_list(children, element, depth - 1)
            found[value] = Option(value, _words(item.get("label", value)), below)
        return tuple(found.values())

    def layout(self, raw: Any, fields: Mapping[str, Field]) -> None:
        seen: set[str] = set()
        self.items(raw, fields, seen, MAX_DEPTH)
        for key in fields if seen else ():
            if key not in seen:
                self.warning("not-in-layout", key)

    def items(self, raw: Any, fields: Mapping[str, Field], seen: set[str], depth: int) -> None:
        if not isinstance(raw, list) or depth == 0 or len(raw) > 2 * MAX_FIELDS:
            self.error("bad-layout", item=_short(raw))
            return
        for item in raw:
            if isinstance(item, str):
                if item not in fields:
                    self.error("layout-unknown-field", item[:64], key=item[:64])
                elif item in seen:
                    self.error("layout-twice", item, key=item)
                seen.add(item)
            elif not isinstance(item, dict):
                self.error("bad-layout", item=_short(item))
            elif "row" in item:
                row = item["row"]
                if not isinstance(row, list) or not all(isinstance(key, str) for key in row):
                    self.error("bad-layout", item=_short(item))
                else:
                    self.items(row, fields, seen, depth - 1)
            elif words(item.get("group")):
                self.items(item.get("items"), fields, seen, depth - 1)
            elif isinstance(item.get("tabs"), list) and item["tabs"]:
                for tab in item["tabs"]:
                    if isinstance(tab, dict) and words(tab.get("label")):
                        self.items(tab.get("items"), fields, seen, depth - 1)
                    else:
                        self.error("bad-layout", item=_short(tab))
            else:
                self.error("bad-layout", item=_short(item))

    def examples(self, raw: Any, fields: Mapping[str, Field]) -> None:
        if not isinstance(raw, list) or len(raw) > 50:
            self.error("bad-setting", setting="examples", value=_short(raw))
            return
        for item in raw:
            values = item.get("values") if isinstance(item, dict) else None
            if not isinstance(values, dict) or not words(item.get("name")):
                self.error("bad-setting", setting="examples", value=_short(item))
                continue
            for key in values:
                if key not in fields:
                    self.error("example-unknown-field", key, key=key)


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def _words(raw: Any) -> Words:
    if isinstance(raw, Mapping):
        return raw
    return {"zh-CN": raw if isinstance(raw, str) else ""}


def _rule(raw: Any) -> Rule:
    return Expression(raw[1:]) if isinstance(raw, str) and raw.startswith("=") else raw


def _crossed(low: Any, high: Any) -> bool:
    """Whether two constant limits leave nothing between them."""
    if low is None or high is None or is_rule(low) or is_rule(high) or type(high) is str:
        return type(low) is str and type(high) is str and low[:1] != "=" != high[:1] and low > high
    return bool(low > high)


def _short(value: Any) -> str:
    """Enough of a wrong value to recognise it."""
    try:
        return str(value)[:80]
    except RecursionError:
        return "[…]"
