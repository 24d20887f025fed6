"""Context functions (DMN 1.5, 10.3.4.10) and not()."""

from typing import Any

from workflows.feel.bounds import Problem, State
from workflows.feel.functions.registry import feel


@feel("not(negand: any)")
def _not(negand: Any) -> bool | None:
    return not negand if type(negand) is bool else None


@feel("get value(m: context, key: string)")
def _get_value(m: dict[str, Any], key: str) -> Any:
    return m.get(key)


@feel("get value(context: context, keys: list)")
def _get_value_along(m: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = m
    for key in keys:
        if type(value) is not dict or type(key) is not str or key not in value:
            raise Problem("no-such-entry", entry=str(key)[:40])
        value = value[key]
    return value if keys else None


@feel("get entries(m: context)", with_state=True)
def _get_entries(state: State, m: dict[str, Any]) -> list[Any]:
    return state.items([{"key": key, "value": value} for key, value in m.items()])


@feel("context(entries: list)", with_state=True)
def _context(state: State, entries: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in state.items(entries):
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise Problem("key-and-value-expected")
        if entry["key"] in made:
            raise Problem("duplicate-key", key=entry["key"][:40])
        made[entry["key"]] = entry["value"]
    return made


@feel("context put(context: context, key: string, value: any)", with_state=True)
def _context_put(state: State, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    state.charge(1 + len(context) // 4)
    return {**context, key: value}


@feel("context put(context: context, keys: list, value: any)", with_state=True)
def _context_put_along(
    state: State, context: dict[str, Any], keys: list[Any], value: Any
) -> dict[str, Any]:
    if not keys or len(keys) > 60 or not all(type(key) is str for key in keys):
        raise Problem("list-of-strings-expected")
    state.charge(1 + len(context) // 4)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0], {})
    if type(inner) is not dict:
        raise Problem("no-such-entry", entry=keys[0][:40])
    return {**context, keys[0]: _context_put_along(state, inner, keys[1:], value)}


@feel("context merge(contexts: list)", with_state=True)
def _context_merge(state: State, contexts: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            raise Problem("list-of-contexts-expected")
        state.charge(1 + len(context) // 4)
        made.update(context)
    return made
