"""Kinds whose answer is picked from options."""

from collections.abc import Iterable
from typing import Any, ClassVar

from forms.kinds.base import Kind, flag, need_text, one_of, whole
from forms.model import Field, Option, Refused

MAX_OPTION = 200
MAX_DEPTH = 8


class Choice(Kind):
    """`choice`: the value of one option; `style` says how it is drawn."""

    name = "choice"
    has_options = True
    settings: ClassVar = {"style": one_of("select", "radio", "cards")}

    def load(self, field: Field, value: Any) -> str:
        return need_text(value, MAX_OPTION)

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        return (((), value),)


class Choices(Kind):
    """`choices`: values of several options, each once; `min_items`, `max_items`."""

    name = "choices"
    has_options = True
    settings: ClassVar = {
        "style": one_of("select", "checkbox"),
        "min_items": whole(0, 200),
        "max_items": whole(1, 200),
    }

    def load(self, field: Field, value: Any) -> list[str]:
        picked = _texts(value, 200)
        if len(set(picked)) != len(picked):
            raise Refused("picked-twice")
        least: int = field.settings.get("min_items", 0)
        most: int = field.settings.get("max_items", 200)
        if len(picked) < least:
            raise Refused("too-few", min=least)
        if len(picked) > most:
            raise Refused("too-many", max=most)
        return picked

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        return (((place,), item) for place, item in enumerate(value))


class Cascade(Kind):
    """`cascade`: the path of values from the root of a tree of options.

    It must end at a leaf unless `any_level` is true.
    """

    name = "cascade"
    has_options = True
    settings: ClassVar = {"any_level": flag}

    def load(self, field: Field, value: Any) -> list[str]:
        path = _texts(value, MAX_DEPTH)
        if isinstance(field.options, tuple):
            level: tuple[Option, ...] = field.options
            for step in path:
                found = next((option for option in level if option.value == step), None)
                if found is None:
                    raise Refused("not-an-option", value=step)
                level = found.children
            if level and not field.settings.get("any_level", False):
                raise Refused("not-a-leaf")
        return path


def _texts(value: Any, limit: int) -> list[str]:
    if not isinstance(value, list):
        raise Refused("not-a-list")
    if len(value) > limit:
        raise Refused("too-many", max=limit)
    picked = []
    for place, item in enumerate(value):
        try:
            picked.append(need_text(item, MAX_OPTION))
        except Refused as refused:
            raise Refused(refused.code, place, **refused.params) from None
    return picked


KINDS = (Choice(), Choices(), Cascade())
