"""Exceptions of a calendar out of a file: iCalendar, CSV or JSON, each mistake with its row."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.errors import InputError, InvalidInput, TooLarge
from engine.sla.calendar_documents import MAX_EXCEPTIONS, read_date, read_rule, stronger
from engine.sla.calendars import DayRule

MAX_BYTES = 1_000_000
MAX_DAYS_OF_EVENT = 60
_MAX_ERRORS = 50
_COLUMNS = ("date", "kind", "as_weekday", "windows", "name", "name_en")

# A row of a file: where it stands, the date, and what is said of it.
Row = tuple[str, object, object]


def read_exceptions(name: str, data: bytes) -> dict[date, DayRule]:
    """The rules of single dates in a file; its name says the format. Raises InvalidInput."""
    if len(data) > MAX_BYTES:
        raise TooLarge(limit=MAX_BYTES)
    suffix = name.lower().rpartition(".")[2]
    reader = {"ics": _from_ics, "csv": _from_csv, "json": _from_json}.get(suffix)
    if reader is None:
        raise InvalidInput.at("/file", "calendar-file-unknown")
    return _rules(reader(data))


def _rules(rows: Iterable[Row]) -> dict[date, DayRule]:
    found: dict[date, DayRule] = {}
    wrong: list[InputError] = []
    for count, (place, day, said) in enumerate(rows):
        if count >= MAX_EXCEPTIONS:
            wrong.append(
                InputError("/file", "calendar-too-many-exceptions", {"limit": MAX_EXCEPTIONS})
            )
            break
        read = day if isinstance(day, date) else read_date(day)
        if read is None:
            shown = {"value": str(day or "")[:40]}
            wrong.append(InputError(f"{place}/date", "calendar-date-unreadable", shown))
        else:
            try:
                rule = read_rule(said, place)
            except InvalidInput as error:
                wrong += error.errors
            else:
                found[read] = stronger(found[read], rule) if read in found else rule
        if len(wrong) >= _MAX_ERRORS:
            break
    if wrong:
        raise InvalidInput(wrong[:_MAX_ERRORS])
    if not found:
        raise InvalidInput.at("/file", "calendar-file-empty")
    return found


def _from_json(data: bytes) -> Iterator[Row]:
    """`{"2026-02-14": {…}}`, a calendar with `exceptions`, or a list of rules with `date`."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise InvalidInput.at("/file", "calendar-file-unreadable") from None
    if isinstance(value, dict) and isinstance(value.get("exceptions"), dict):
        value = value["exceptions"]
    if isinstance(value, dict):
        for day, said in value.items():
            yield f"/{str(day)[:40]}", day, said
    elif isinstance(value, list):
        for index, each in enumerate(value):
            said = dict(each) if isinstance(each, dict) else {}
            yield f"/{index}", said.pop("date", None), said
    else:
        raise InvalidInput.at("/file", "calendar-file-unreadable")


def _from_csv(data: bytes) -> Iterator[Row]:
    """Columns date, kind, as_weekday, windows (09:00-12:00 13:30-18:00), name and name_en."""
    reader = csv.DictReader(io.StringIO(_text(data)), strict=True)
    try:
        columns = [(each or "").strip().lower() for each in reader.fieldnames or ()]
        if "date" not in columns or "kind" not in columns:
            known = ", ".join(_COLUMNS)
            raise InvalidInput.at("/file", "calendar-columns-missing", columns=known)
        reader.fieldnames = columns
        for number, row in enumerate(reader, 2):
            filled = {key: value.strip() for key, value in row.items() if isinstance(value, str)}
            if any(filled.values()):
                yield f"/{number}", filled.get("date"), _said_in(filled)
    except csv.Error:
        raise InvalidInput.at("/file", "calendar-file-unreadable") from None


def _said_in(row: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": row.get("kind", "").lower()}
    weekday, windows = row.get("as_weekday"), row.get("windows")
    if weekday:
        said["as_weekday"] = int(weekday) if weekday.isascii() and weekday.isdigit() else weekday
    if windows or said["kind"] == "custom":
        said["windows"] = [window.split("-") for window in (windows or "").split()]
    names = {"zh-CN": row.get("name"), "en": row.get("name_en")}
    if any(names.values()):
        said["name"] = {language: name for language, name in names.items() if name}
    return said


def _from_ics(data: bytes) -> Iterator[Row]:
    """Events of whole days: days off, or days to make up where the title says 班."""
    from icalendar import Calendar  # who imports nothing pays nothing

    try:
        events = list(Calendar.from_ical(_text(data)).walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError):
        raise InvalidInput.at("/file", "calendar-file-unreadable") from None
    for number, event in enumerate(events, 1):
        yield from _days_of(f"/{number}", event)


def _days_of(place: str, event: Any) -> Iterator[Row]:
    if event.get("RRULE") is not None:
        raise InvalidInput.at(f"{place}/rrule", "calendar-event-repeats")
    first, last = _date_of(event, "DTSTART"), _date_of(event, "DTEND")
    if first is None:
        yield f"{place}", None, {}
        return
    title = str(event.get("SUMMARY") or "").strip()[:100]
    # The end of an event of whole days is the day after.
    count = max(1, (last - first).days) if last is not None else 1
    if count > MAX_DAYS_OF_EVENT:
        raise InvalidInput.at(f"{place}/dtend", "calendar-event-long", limit=MAX_DAYS_OF_EVENT)
    said: dict[str, Any] = {"kind": "makeup", "as_weekday": 0} if "班" in title else {}
    said.setdefault("kind", "closed")
    if title:
        said["name"] = title
    for more in range(count):
        yield place, first + timedelta(days=more), said


def _date_of(event: Any, name: str) -> date | None:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _text(data: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8, or the Chinese encoding before it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput.at("/file", "calendar-file-unreadable")
