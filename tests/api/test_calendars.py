"""Calendars over the interface: written, read, added up, imported, and guarded."""

import io
from typing import Any

import pytest
from flask import Flask

from engine.sla import calendar_commands
from engine.sla.calendar_commands import ensure_calendars
from tests.clients import Client
from tests.conftest import AsUser

DAY = [["09:00", "12:00"], ["13:30", "18:00"]]
OFFICE = {
    "name": "办公",
    "tz": "Asia/Shanghai",
    "weekly": [DAY, DAY, DAY, DAY, DAY, [], []],
    "exceptions": {
        "2026-02-16": {"kind": "closed"},
        "2026-02-14": {"kind": "makeup", "as_weekday": 0},
        "2026-02-17": {"kind": "custom", "windows": [["22:00", "06:00"]]},
    },
}


@pytest.fixture
def owner(as_user: AsUser) -> Client:
    return as_user("wangfang", "process_owner")


def put(client: Client, key: str = "office", **changed: Any) -> Any:
    return client.put(f"/api/v1/calendars/{key}", json={**OFFICE, **changed})


def due(client: Client, start: str, seconds: int, key: str = "office") -> str:
    answer = client.post(f"/api/v1/calendars/{key}/add", json={"start": start, "seconds": seconds})
    assert answer.status_code == 200, answer.json
    return str(answer.json["due"])


def test_a_calendar_is_written_read_changed_and_removed(owner: Client) -> None:
    made = put(owner)
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/calendars/office"

    read = owner.get("/api/v1/calendars/office").json
    assert read["weekly"] == OFFICE["weekly"]
    assert read["exceptions"] == OFFICE["exceptions"]
    assert (read["version"], read["rev"]) == (1, 1)

    renamed = put(owner, name="新名")
    assert renamed.status_code == 200
    assert (renamed.json["version"], renamed.json["rev"]) == (1, 2)
    changed = put(owner, exceptions={})
    assert (changed.json["version"], changed.json["rev"]) == (2, 3)

    assert [one["key"] for one in owner.get("/api/v1/calendars").json["items"]] == ["office"]
    assert owner.delete("/api/v1/calendars/office").status_code == 204
    assert owner.get("/api/v1/calendars/office").status_code == 404


def test_working_time_is_added_and_counted(owner: Client) -> None:
    put(owner)

    assert due(owner, "2026-03-02T11:30:00+08:00", 7200) == "2026-03-02T07:00:00.000Z"
    # From Friday over the make-up day, past the day off, into the night shift of the 17th.
    assert due(owner, "2026-02-13T17:00:00+08:00", 3600 * 9) == "2026-02-17T14:30:00.000Z"
    between = {"start": "2026-02-13T17:00:00+08:00", "end": "2026-02-17T14:30:00Z"}
    answer = owner.post("/api/v1/calendars/office/between", json=between)
    assert answer.json == {"seconds": 3600 * 9}
    backwards = {"start": between["end"], "end": between["start"]}
    answer = owner.post("/api/v1/calendars/office/between", json=backwards)
    assert answer.json == {"seconds": 0}


def test_a_change_holds_for_the_next_question(owner: Client) -> None:
    put(owner)
    assert due(owner, "2026-03-02T09:00:00+08:00", 3600) == "2026-03-02T02:00:00.000Z"

    put(owner, tz="UTC")

    assert due(owner, "2026-03-02T09:00:00+08:00", 3600) == "2026-03-02T10:00:00.000Z"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"tz": "Mars/Olympus"}, "/tz", "calendar-zone-unknown"),
        ({"tz": "../etc/passwd"}, "/tz", "calendar-zone-unknown"),
        ({"weekly": [[]] * 6}, "/weekly", "calendar-weekly-not-seven"),
        ({"weekly": "x"}, "/weekly", "calendar-weekly-not-seven"),
        ({"weekly": [[]] * 7, "exceptions": {}}, "/weekly", "calendar-no-open-time"),
        ({"weekly": [1, *[[]] * 6]}, "/weekly/0", "calendar-windows-unreadable"),
        ({"weekly": [[["09:00"]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-malformed"),
        ({"weekly": [[["9", "10"]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-malformed"),
        ({"weekly": [[["24:00", "09:00"]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-malformed"),
        ({"weekly": [[["09:00", "24:01"]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-malformed"),
        ({"weekly": [[["09:00", None]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-malformed"),
        ({"weekly": [[["09:00", "09:00"]], *[[]] * 6]}, "/weekly/0/0", "calendar-window-empty"),
        ({"exceptions": []}, "/exceptions", "calendar-exceptions-unreadable"),
        ({"exceptions": {"x": {}}}, "/exceptions/x", "calendar-date-unreadable"),
        (
            {"exceptions": {"2026-02-30": {"kind": "closed"}}},
            "/exceptions/2026-02-30",
            "calendar-date-unreadable",
        ),
        (
            {"exceptions": {"2026-02-14": {"kind": "open"}}},
            "/exceptions/2026-02-14/kind",
            "calendar-kind-unknown",
        ),
        (
            {"exceptions": {"2026-02-14": {"kind": "makeup", "as_weekday": 7}}},
            "/exceptions/2026-02-14/as_weekday",
            "calendar-weekday-unreadable",
        ),
        (
            {"exceptions": {"2026-02-14": {"kind": "makeup"}}},
            "/exceptions/2026-02-14/as_weekday",
            "calendar-weekday-unreadable",
        ),
        (
            {"exceptions": {"2026-02-14": {"kind": "custom", "windows": [["10:00", "10:00"]]}}},
            "/exceptions/2026-02-14/windows/0",
            "calendar-window-empty",
        ),
        ({"holidays": "XX"}, "/holidays", "not-a-choice"),
        ({"name": ""}, "/name", "length-between"),
    ],
)
def test_a_broken_calendar_is_refused_with_the_place(
    owner: Client, changed: dict[str, Any], pointer: str, code: str
) -> None:
    refused = put(owner, **changed)

    assert refused.status_code == 422
    said = [(one["pointer"], one["code"]) for one in refused.json["errors"]]
    assert said == [(pointer, code)]
    assert refused.json["errors"][0]["detail"] not in ("", code)


def test_overlapping_windows_count_once_and_one_past_midnight_goes_on(owner: Client) -> None:
    nights = [[["22:00", "06:00"], ["05:00", "07:00"], ["23:00", "24:00"]], *[[]] * 6]

    assert put(owner, weekly=nights, exceptions={}).status_code == 201
    # Monday 05:00 to 07:00, then from 22:00 to Tuesday 06:00 without counting 23:00 twice.
    assert due(owner, "2026-03-02T00:00:00+08:00", 10 * 3600) == "2026-03-02T22:00:00.000Z"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"start": "yesterday", "seconds": 1}, "/start"),
        ({"start": "2026-03-02T00:00:00", "seconds": 1}, "/start"),
        ({"start": "2026-03-02T00:00:00Z", "seconds": -1}, "/seconds"),
        ({"start": "2026-03-02T00:00:00Z", "seconds": 1.5}, "/seconds"),
        ({"start": "2026-03-02T00:00:00Z", "seconds": 10**15}, "/seconds"),
        ({"start": "9000-03-02T00:00:00Z", "seconds": 1}, "/start"),
        ({"start": "2026-03-02T00:00:00Z", "seconds": 3 * 10**9}, "/seconds"),
        ({"seconds": 1}, "/start"),
    ],
)
def test_what_cannot_be_added_is_refused(owner: Client, body: dict[str, Any], pointer: str) -> None:
    put(owner)

    refused = owner.post("/api/v1/calendars/office/add", json=body)

    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_everybody_sees_calendars_and_only_owners_and_administrators_change_them(
    app: Flask, as_user: AsUser, client: Client, owner: Client
) -> None:
    put(owner)
    requester, agent = as_user("zhoumin", "requester"), as_user("lina", "agent")

    assert requester.get("/api/v1/calendars/office").status_code == 200
    assert due(requester, "2026-03-02T11:30:00+08:00", 7200) == "2026-03-02T07:00:00.000Z"
    for other in (requester, agent):
        assert put(other).status_code == 403
        assert other.delete("/api/v1/calendars/office").status_code == 403
        assert other.post("/api/v1/public-holidays/china").status_code == 403
        assert other.post("/api/v1/calendars/office/import").status_code == 403
    assert put(as_user("root1", "administrator")).status_code == 200
    assert client.get("/api/v1/calendars").status_code == 401


def test_an_old_version_is_not_overwritten(owner: Client) -> None:
    tag = put(owner).headers["ETag"]
    put(owner, name="b")

    stale = owner.put("/api/v1/calendars/office", json=OFFICE, headers={"If-Match": tag})

    assert (stale.status_code, stale.json["code"]) == (412, "stale-version")


def test_an_installation_has_two_calendars_with_the_public_holidays(owner: Client) -> None:
    ensure_calendars()
    ensure_calendars()

    listed = owner.get("/api/v1/calendars").json["items"]
    assert [(one["key"], one["version"]) for one in listed] == [("always", 1), ("cn_office", 1)]
    assert due(owner, "2026-02-13T17:00:00+08:00", 8 * 3600, "cn_office") == (
        "2026-02-14T09:30:00.000Z"
    )
    assert due(owner, "2026-02-21T03:00:00+08:00", 300, "always") == "2026-02-20T19:05:00.000Z"
    for key in ("always", "cn_office"):
        refused = owner.delete(f"/api/v1/calendars/{key}")
        assert (refused.status_code, refused.json["code"]) == (409, "built-in")
    assert put(owner, "always").status_code == 409
    assert owner.post("/api/v1/public-holidays/china").json == {"years": []}


def test_a_month_shows_holidays_make_up_days_and_years_to_come(owner: Client) -> None:
    ensure_calendars()
    path = "/api/v1/calendars/cn_office/days?from={}&to={}"

    days = owner.get(path.format("2026-02-13", "2026-02-15")).json["days"]
    assert [(one["date"], one["kind"], one["windows"], one["name"]) for one in days] == [
        ("2026-02-13", "weekly", DAY, None),
        ("2026-02-14", "makeup", DAY, "春节调休上班"),
        ("2026-02-15", "closed", [], "春节"),
    ]
    english = owner.get(path.format("2026-02-15", "2026-02-15"), headers={"Accept-Language": "en"})
    assert english.json["days"][0]["name"] == "Spring Festival"
    assert not days[0]["provisional"]
    later = owner.get(path.format("2027-01-01", "2027-01-01")).json["days"]
    assert later[0]["provisional"]
    assert owner.get(path.format("2026-02-02", "2026-02-01")).status_code == 422
    assert owner.get(path.format("2026-02-02", "2028-02-01")).status_code == 422


def upload(client: Client, name: str, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post("/api/v1/calendars/office/import", data={"file": (io.BytesIO(data), name)})


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20270101
DTEND;VALUE=DATE:20270104
SUMMARY:元旦 休
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20270109
SUMMARY:元旦 班
END:VEVENT
END:VCALENDAR
"""
CSV = """date,kind,as_weekday,windows,name,name_en
2027-01-01,closed,,,元旦,New Year
2027-01-09,makeup,4,,,
2027-01-10,custom,,09:00-12:00 22:00-02:00,,
"""


def test_exceptions_come_in_from_a_calendar_file(owner: Client) -> None:
    put(owner)

    exceptions = upload(owner, "feiertage.ics", ICS.replace("\n", "\r\n")).json["exceptions"]

    named = {"zh-CN": "元旦 休", "en": "元旦 休"}
    assert exceptions["2027-01-03"] == {"kind": "closed", "name": named}
    assert "2027-01-04" not in exceptions
    assert exceptions["2027-01-09"]["kind"] == "makeup"
    assert exceptions["2026-02-16"] == {"kind": "closed"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_exceptions_come_in_from_a_table(owner: Client, encoding: str) -> None:
    put(owner)

    exceptions = upload(owner, "a.csv", CSV.encode(encoding)).json["exceptions"]

    names = {"zh-CN": "元旦", "en": "New Year"}
    assert exceptions["2027-01-01"] == {"kind": "closed", "name": names}
    assert exceptions["2027-01-09"] == {"kind": "makeup", "as_weekday": 4}
    windows = [["09:00", "12:00"], ["22:00", "02:00"]]
    assert exceptions["2027-01-10"] == {"kind": "custom", "windows": windows}


def test_exceptions_come_in_from_json(owner: Client) -> None:
    put(owner)

    read = upload(owner, "a.json", '[{"date": "2027-01-01", "kind": "closed"}]')
    assert "2027-01-01" in read.json["exceptions"]
    read = upload(owner, "a.json", '{"exceptions": {"2027-01-02": {"kind": "closed"}}}')
    assert {"2027-01-01", "2027-01-02"} <= set(read.json["exceptions"])


@pytest.mark.parametrize(
    ("name", "text", "pointer", "code"),
    [
        ("a.txt", "x", "/file", "calendar-file-unknown"),
        ("a.ics", "x", "/file", "calendar-file-unreadable"),
        ("a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "/file", "calendar-file-empty"),
        (
            "a.ics",
            ICS.replace("SUMMARY", "RRULE:FREQ=DAILY\nSUMMARY", 1),
            "/1/rrule",
            "calendar-event-repeats",
        ),
        ("a.csv", "day\n2027-01-01\n", "/file", "calendar-columns-missing"),
        (
            "a.csv",
            "date,kind\n2027-01-01,closed\nx,closed\n",
            "/3/date",
            "calendar-date-unreadable",
        ),
        ("a.csv", "date,kind\n2027-01-01,open\n", "/2/kind", "calendar-kind-unknown"),
        ("a.json", "{", "/file", "calendar-file-unreadable"),
        ("a.json", "[1]", "/0/date", "calendar-date-unreadable"),
        ("a.json", b"\xff\xff", "/file", "calendar-file-unreadable"),
    ],
)
def test_a_file_with_a_wrong_row_changes_nothing(
    owner: Client, name: str, text: str | bytes, pointer: str, code: str
) -> None:
    put(owner)

    refused = upload(owner, name, text)

    assert refused.status_code == 422, refused.json
    assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [(pointer, code)]
    assert owner.get("/api/v1/calendars/office").json["rev"] == 1


def test_a_calendar_that_something_needs_is_not_removed(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(owner)
    monkeypatch.setattr(calendar_commands, "_users", [lambda key: key == "office"])

    refused = owner.delete("/api/v1/calendars/office")

    assert (refused.status_code, refused.json["code"]) == (409, "in-use")


def test_a_calendar_made_again_counts_its_versions_on(owner: Client) -> None:
    put(owner)
    owner.delete("/api/v1/calendars/office")

    assert put(owner, tz="UTC").json["version"] == 2
    assert due(owner, "2026-03-02T09:00:00Z", 3600) == "2026-03-02T10:00:00.000Z"
