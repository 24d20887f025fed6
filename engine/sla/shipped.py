"""The calendars that come with the product: they are there before anything is written."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.sla import holidays
from engine.sla.calendar_documents import read_calendar, write_calendar
from engine.sla.calendars import ALWAYS, Calendar

OFFICE = "cn_office"

_DAY = [["09:00", "12:00"], ["13:30", "18:00"]]
SHIPPED: Mapping[str, Mapping[str, Any]] = {
    ALWAYS.key: {"name": "全天候 7×24", "holidays": None, **write_calendar(ALWAYS)},
    OFFICE: {
        "name": "工作时间（中国法定工作日）",
        "holidays": holidays.CHINA,
        "tz": "Asia/Shanghai",
        "weekly": [_DAY, _DAY, _DAY, _DAY, _DAY, [], []],
        "exceptions": {},
    },
}


@cache
def shipped(key: str) -> Calendar | None:
    """A calendar as it comes, at version 0."""
    if key == ALWAYS.key:
        return ALWAYS
    if key not in SHIPPED:
        return None
    own, public = read_calendar(SHIPPED[key], key=key), holidays.china()
    return Calendar(own.zone, own.weekly, public.rules, key, 0, public.years[-1])
