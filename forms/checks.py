"""What a form document must satisfy, alone and together with the step that shows it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from forms import logic
from forms.compiler import judge
from forms.documents import inspect
from forms.fields import KINDS
from forms.model import Expression, Field, Form, Refused, level
from workflows import feel, texts
from workflows.findings import Finding

MAX_FINDINGS = 500


def check(
    document_name: str,
    form_data: bytes | str | Mapping[str, Any],
    known_names: Iterable[str] = (),
) -> list[Finding]:
    """Every remark on a form document; `element` is the field's key, a column as `table.column`.

    `known_names` are what expressions may read beside the form's own fields and `ticket`: process
    variables and the fields of the package's other forms. Never raises for what the document is.
    """
    form, findings = inspect(form_data)
    if form is not None:
        findings = [*findings, *_key(document_name, form), *_logic(form, frozenset(known_names))]
    return [finding.within(document_name) for finding in findings[:MAX_FINDINGS]]


def check_step(
    document_name: str, element: str, form: Form, access: Mapping[str, str]
) -> list[Finding]:
    """What a step's access `{field: edit | read | hide}` does to the form that it shows.

    Whether the fields and levels exist is said by the check of the process.
    """
    return [
        Finding("warning", document_name, "access-hides-required", element, params={"key": key})
        for key, item in form.fields.items()
        if item.required is True and item.computed is None and level(access, key) == "hide"
    ]


def _key(document_name: str, form: Form) -> Iterator[Finding]:
    path = PurePosixPath(document_name)
    if path.suffix == ".json" and path.stem != form.key:
        yield _error("key-differs-from-file", None, key=form.key, file=path.name)


def _logic(form: Form, known: frozenset[str]) -> Iterator[Finding]:
    names = known | form.fields.keys() | {"ticket"}
    for key, item in form.fields.items():
        yield from _field(item, key, names)
        for column in item.columns.values():
            yield from _field(column, f"{key}.{column.key}", names | item.columns.keys())
        yield from _cycles(item.columns, f"{key}.")
    yield from _cycles(form.fields, "")
    yield from _examples(form)


def _field(item: Field, element: str, names: frozenset[str]) -> Iterator[Finding]:
    shadowing = logic.builtin_names(names)
    for setting, text in logic.expressions(item):
        problems = feel.check(text, shadowing)
        for code, params, position in problems[:3]:
            yield _error(
                "bad-expression",
                element,
                setting=setting,
                position=position + 1,
                reason=code,
                reason_zh=texts.sentence("workflows.feel", "zh-CN", code, params),
                reason_en=texts.sentence("workflows.feel", "en", code, params),
            )
        if not problems:
            found = {name.partition(".")[0] for name in logic.names_in(text, shadowing)}
            optional = logic.program(text, shadowing)
            fields_of_elements = optional.filter_names if optional else frozenset()
            for name in sorted(found - names - fields_of_elements):
                yield _warning("unknown-name", element, setting=setting, name=name)
    if item.shown is False:
        yield _warning("never-shown", element)
    if item.default is not None and not isinstance(item.default, Expression):
        yield from _default(item, element)


def _default(item: Field, element: str) -> Iterator[Finding]:
    """A constant default has to be an answer that the field takes."""
    kind = KINDS[item.kind]
    if not kind.holds_value or item.kind == "table" or item.computed is not None:
        yield _error("bad-setting", element, setting="default", value=str(item.default)[:80])
        return
    try:
        value = kind.load(item, item.default)
        if kind.has_options and isinstance(item.options, tuple) and item.kind != "cascade":
            options = {option.value for option in item.options}
            for _, picked in kind.picks(value):
                if picked not in options:
                    raise Refused("not-an-option", value=picked)
    except Refused:
        yield _error("bad-default", element, value=str(item.default)[:80])


def _cycles(fields: Mapping[str, Field], prefix: str) -> Iterator[Finding]:
    for ring in logic.in_order(fields)[1]:
        yield _error("logic-cycle", prefix + ring[0], keys=", ".join(ring))


def _examples(form: Form) -> Iterator[Finding]:
    """Examples fill in a part of a form: what they say has to fit, the rest may be missing."""
    for place, example in enumerate(form.raw.get("examples", []), 1):
        given = example["values"]
        for error in judge(form, given).errors:
            key = error.pointer.split("/")[2]
            if error.code != "required" and key in given:
                yield _warning("example-not-valid", key, place=place, value=str(given[key])[:80])


def _error(code: str, element: str | None, **params: Any) -> Finding:
    return Finding("error", "", code, element, params=params)


def _warning(code: str, element: str | None, **params: Any) -> Finding:
    return Finding("warning", "", code, element, params=params)
