"""What a field of a record takes, and how a cell of a table says it."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from engine import settings
from engine.access import names
from engine.errors import InputError, InvalidInput

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9](-*[a-z0-9])*\.)+[a-z]{2,63}")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_MANY = 200


class Refusal(Exception):
    """A value that a field does not take."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `check` gives the value to keep, `read` and `write` are for cells of tables."""

    name: str
    required: bool = False

    def check(self, value: Any) -> Any:
        """The value to keep; raises Refusal or InvalidInput."""
        raise NotImplementedError

    def read(self, cell: str) -> Any:
        """The value that a cell says, still to be checked."""
        return cell

    def write(self, value: Any) -> str:
        """The cell that says a value."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Text(Field):
    """Text of one line."""

    most: int = 200

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or _UNKEEPABLE.search(value):
            raise Refusal("not-text")
        if len(value) > self.most:
            raise Refusal("too-long", max=self.most)
        return value.strip()


@dataclass(frozen=True, slots=True)
class Key(Text):
    """The key of something kept elsewhere that is not looked at here."""

    most: int = 64


@dataclass(frozen=True, slots=True)
class Pointer(Key):
    """The key of another record, which must be there; `table` is where."""

    table: str = ""


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        if value not in self.options:
            raise Refusal("not-a-choice", choices=", ".join(self.options))
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """Yes or no."""

    _words: ClassVar[Mapping[str, bool]] = {
        **dict.fromkeys(("true", "yes", "1", "是"), True),
        **dict.fromkeys(("false", "no", "0", "否"), False),
    }

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Refusal("not-true-or-false")
        return value

    def read(self, cell: str) -> Any:
        return self._words.get(cell.lower(), cell)

    def write(self, value: Any) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A number between two others; `whole` takes none with a fraction."""

    low: float = 0
    high: float = 1_000_000
    whole: bool = False

    def check(self, value: Any) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("not-a-number")
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise Refusal("between", min=self.low, max=self.high)
        if self.whole and value != int(value):
            raise Refusal("not-a-whole-number")
        return int(value) if self.whole else float(value)

    def read(self, cell: str) -> Any:
        try:
            return float(cell)
        except ValueError:
            return cell

    def write(self, value: Any) -> str:
        return f"{value:.15g}"


@dataclass(frozen=True, slots=True)
class Day(Field):
    """A day of the calendar."""

    def check(self, value: Any) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise Refusal("not-a-day")
        return value

    def read(self, cell: str) -> Any:
        try:
            return date.fromisoformat(cell.replace("/", "-")[:10])
        except ValueError:
            return cell

    def write(self, value: Any) -> str:
        return str(value.isoformat())


@dataclass(frozen=True, slots=True)
class Instant(Field):
    """A point in time; a cell without an offset is on the clock of the installation."""

    def check(self, value: Any) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise Refusal("not-a-time")
        return value.astimezone(UTC)

    def read(self, cell: str) -> Any:
        try:
            instant = datetime.fromisoformat(cell.replace("/", "-"))
            if instant.tzinfo is None:
                instant = instant.replace(tzinfo=settings.current().time_zone)
            return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            return cell

    def write(self, value: Any) -> str:
        return str(value.astimezone(settings.current().time_zone).isoformat(timespec="minutes"))


@dataclass(frozen=True, slots=True)
class ClockTime(Field):
    """A time of day, such as 09:00."""

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise Refusal("not-a-clock-time")
        return value

    def read(self, cell: str) -> Any:
        hours, colon, minutes = cell.partition(":")
        return f"{hours:0>2}:{minutes[:2]}" if colon else cell


@dataclass(frozen=True, slots=True)
class _Several(Field):
    """A list without doubles; a cell separates its items by commas."""

    def check(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Refusal("not-a-list")
        if len(value) > _MANY:
            raise Refusal("too-many-items", max=_MANY)
        return list(dict.fromkeys(self.item(each) for each in value))

    def item(self, value: Any) -> Any:
        """One of the list, checked."""
        raise NotImplementedError

    def read(self, cell: str) -> Any:
        return [part.strip() for part in re.split("[,，;；]", cell) if part.strip()]

    def write(self, value: Any) -> str:
        return ", ".join(map(str, value))


@dataclass(frozen=True, slots=True)
class Keys(_Several):
    """Keys of things kept elsewhere that are not looked at here."""

    def item(self, value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= 64 or _UNKEEPABLE.search(value):
            raise Refusal("key-form")
        return value


@dataclass(frozen=True, slots=True)
class Domains(_Several):
    """Domains of mail addresses, such as acme.example."""

    def item(self, value: Any) -> str:
        domain = value.strip().lower().removeprefix("@") if isinstance(value, str) else ""
        if not _DOMAIN.fullmatch(domain):
            raise Refusal("not-a-domain", value=str(value)[:60])
        return domain


@dataclass(frozen=True, slots=True)
class Weekdays(_Several):
    """Days of the week, 0 is Monday."""

    def item(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 6:
            raise Refusal("not-a-weekday")
        return value

    def check(self, value: Any) -> list[Any]:
        days = _Several.check(self, value)
        if not days:
            raise Refusal("required")
        return sorted(days)

    def read(self, cell: str) -> Any:
        return [
            int(part) if part.isascii() and part.isdigit() else part
            for part in _Several.read(self, cell)
        ]


@dataclass(frozen=True, slots=True)
class Names(Field):
    """A name in each language; a table has a column for each: names.zh-CN, names.en."""

    name: str = "names"
    required: bool = True

    def check(self, value: Any) -> dict[str, str]:
        return names.check_names(value)


def check(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    *,
    new: bool,
    exists: Callable[[str, str], bool],
) -> dict[str, Any]:
    """The values to keep of those given; raises InvalidInput with every place that is wrong.

    None empties a field. `exists` says whether a table has a key.
    """
    kept: dict[str, Any] = {}
    wrong: list[InputError] = []
    for field in fields:
        value = values.get(field.name)
        if value is None or value == "":
            if field.required and (new or field.name in values):
                wrong.append(InputError(f"/{field.name}", "required"))
            elif field.name in values:
                kept[field.name] = None
            continue
        try:
            kept[field.name] = field.check(value)
            if isinstance(field, Pointer) and not exists(field.table, kept[field.name]):
                raise Refusal(f"unknown-{_WORDS[field.table]}", value=value)
        except Refusal as refusal:
            wrong.append(InputError(f"/{field.name}", refusal.code, refusal.params))
        except InvalidInput as invalid:
            wrong += invalid.errors
    if wrong:
        raise InvalidInput(wrong)
    return kept


_WORDS = {
    "user_account": "user",
    "place": "place",
    "customer": "customer",
    "asset": "asset",
}
