"""Records come in from tables and go out to tables."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from engine.errors import TooLarge
from engine.records import sheets
from tests import builders
from tests.clients import Client
from tests.conftest import AsUser

PATH = "/api/v1/imports"
HEAD = "number,kind,names.zh-CN,names.en,owner,warranty,place"


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    builders.person("lina")


@pytest.fixture
def admin(as_user: AsUser) -> Client:
    return as_user("admin")


def sent(client: Client, record: str, data: bytes | str, *, dry_run: bool = False) -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post(
        f"{PATH}/{record}?dry_run={str(dry_run).lower()}",
        data={"file": (io.BytesIO(content), "table.csv")},
        content_type="multipart/form-data",
    )


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_table_makes_and_changes_records(admin: Client) -> None:
    table = f"{HEAD}\nM-1,press,冲床一号,Press one,lina,2027-01-31,\nM-2,press,冲床二号,,,,\n"
    tried = sent(admin, "assets", table, dry_run=True)
    assert tried.json == {"kept": False, "created": 2, "changed": 0, "same": 0, "errors": []}
    assert admin.get("/api/v1/assets").json["items"] == []

    assert sent(admin, "assets", table).json["created"] == 2
    asset = admin.get("/api/v1/assets/M-1").json
    assert asset["names"] == {"zh-CN": "冲床一号", "en": "Press one"}
    assert (asset["owner"], asset["warranty"]) == ("lina", "2027-01-31")

    again = f"{HEAD}\nM-1,press,冲床甲,,-,,\nM-2,press,冲床二号,,,,\n"
    assert sent(admin, "assets", again).json == {
        "kept": True,
        "created": 0,
        "changed": 1,
        "same": 1,
        "errors": [],
    }
    asset = admin.get("/api/v1/assets/M-1").json
    assert asset["names"] == {"zh-CN": "冲床甲", "en": "Press one"}
    assert (asset["owner"], asset["warranty"]) == (None, "2027-01-31")
    history = admin.get("/api/v1/record-history?kind=asset&record=M-1").json["items"]
    assert [each["action"] for each in history] == ["changed", "created"]


def test_every_rows_errors_are_told_and_nothing_is_kept(admin: Client) -> None:
    table = (
        f"{HEAD}\nM-1,press,好,,,,\nM-2,,坏,,nobody,31.1.2027,\n"
        "M 3,press,坏,,,,\nM-4,press,,,,,nowhere\nM-1,press,again,,,,\n,press,none,,,,\n"
    )
    for dry_run in (True, False):
        answer = sent(admin, "assets", table, dry_run=dry_run)
        assert answer.json["kept"] is False
        told = {(each["row"], each["column"], each["code"]) for each in answer.json["errors"]}
        assert told == {
            (3, "kind", "required"),
            (3, "owner", "unknown-user"),
            (3, "warranty", "not-a-day"),
            (4, "number", "key-form"),
            (5, "names", "required"),
            (5, "place", "unknown-place"),
            (6, "number", "row-again"),
            (7, "number", "required"),
        }
        assert all(each["detail"] != each["code"] for each in answer.json["errors"])
        assert admin.get("/api/v1/assets").json["items"] == []


def test_a_row_may_point_at_a_row_before_it(admin: Client) -> None:
    table = "key,names.en,parent\nsite,Site,\nhall,Hall,site\n"
    assert sent(admin, "places", table).json["created"] == 2
    assert admin.get("/api/v1/places/hall").json["parent"] == "site"


def test_shifts_and_absences_come_in_without_keys(admin: Client) -> None:
    shifts = "username;kind;weekdays;starts;ends\nlina;work;0,1,2;9:00;18:00\n"
    assert sent(admin, "shifts", shifts).json["created"] == 1
    shift = admin.get("/api/v1/shifts").json["items"][0]
    assert (shift["weekdays"], shift["starts"]) == ([0, 1, 2], "09:00")
    absences = "username,kind,starts_at,ends_at\nlina,leave,2026-12-01 09:00,2026-12-02 18:00\n"
    assert sent(admin, "absences", absences).json["created"] == 1
    absence = admin.get("/api/v1/absences").json["items"][0]
    assert absence["starts_at"] == "2026-12-01T01:00:00.000Z"


def test_a_workbook_is_read_as_people_see_it(admin: Client) -> None:
    data = workbook(
        ["number", "kind", "names.zh-CN", "warranty"],
        ["M-1", "press", 2026, date(2027, 1, 31)],
        [None, None, None, None],
        ["M-2", "press", True, "2027/02/01"],
    )
    answer = sent(admin, "assets", data)
    assert answer.json["created"] == 2, answer.json
    assert admin.get("/api/v1/assets/M-1").json["warranty"] == "2027-01-31"
    assert admin.get("/api/v1/assets/M-1").json["names"] == {"zh-CN": "2026"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(admin: Client, form: str) -> None:
    name = '=HYPERLINK("http://evil.example")'
    admin.post(
        "/api/v1/customers",
        json={"key": "acme", "names": {"zh-CN": name}, "domains": ["acme.example"], "vip": True},
    )
    admin.post(
        "/api/v1/contracts",
        json={
            "key": "c-1",
            "name": "+合同",
            "customer": "acme",
            "valid_from": "2026-01-01",
            "hours": 12.5,
            "types": ["repair"],
        },
    )
    for plural in ("customers", "contracts"):
        before = admin.get(f"/api/v1/{plural}").json["items"]
        data = admin.get(f"/api/v1/exports/{plural}?format={form}").data
        report = sent(admin, plural, data).json
        assert (report["errors"], report["created"]) == ([], 0)
        after = admin.get(f"/api/v1/{plural}").json["items"]
        assert after == before
    assert sent(admin, "customers", data).json["errors"] != []


def test_no_cell_that_goes_out_is_a_formula(admin: Client) -> None:
    for number, start in enumerate("=+-@"):
        admin.post("/api/v1/skills", json={"key": f"s{number}", "name": f"{start}1+1"})
    text = admin.get("/api/v1/exports/skills").data.decode("utf-8-sig")
    assert all(f",'{start}1+1" in text for start in "=+-@")
    book = load_workbook(io.BytesIO(admin.get("/api/v1/exports/skills?format=xlsx").data))
    cells = [cell for row in book.active for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(str(cell.value).startswith(("=", "+", "-", "@")) for cell in cells)


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (sheets.MAX_UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        pytest.param(b"", 422, "table-empty", id="nothing"),
        pytest.param(b"\x00\x01\x02", 422, "not-a-table", id="bytes"),
        pytest.param(b"\xff\xfe\xff\x81", 422, "not-a-table", id="no encoding"),
        pytest.param(b"PK\x03\x04 and no zip", 422, "not-a-table", id="a broken workbook"),
        pytest.param(_bomb(), 413, "too-large", id="a bomb"),
        pytest.param(b"key\n" + b"a\n" * 5002, 422, "too-many-rows", id="many rows"),
        pytest.param(b"k," * 90 + b"x\n", 422, "too-many-columns", id="many columns"),
        pytest.param(b"key\n" + b"x" * 5001, 422, "cell-too-long", id="a long cell"),
    ],
)
def test_refuses_what_is_no_table_or_too_much(
    admin: Client, data: bytes, status: int, code: str
) -> None:
    answer = sent(admin, "skills", data)
    assert answer.status_code == status, answer.json
    codes = [answer.json["code"], *(each["code"] for each in answer.json.get("errors", []))]
    assert code in codes


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("key,names.en,colour", "unknown-column"),
        ("key,names.en,key", "column-twice"),
        ("key,names.en", "table-empty"),
    ],
)
def test_refuses_a_table_with_a_wrong_head(admin: Client, head: str, code: str) -> None:
    rows = "" if code == "table-empty" else "\na,b,c"
    answer = sent(admin, "skills", f"{head}{rows}\n")
    assert [each["code"] for each in answer.json["errors"]] == [code]


def test_only_administrators_import(as_user: AsUser) -> None:
    assert sent(as_user("lina"), "skills", "key,names.en\na,A\n").status_code == 403


def test_a_table_of_gb18030_is_read(admin: Client) -> None:
    assert sent(admin, "skills", "key,names.zh-CN\nsmt,贴片机\n".encode("gb18030")).json["created"]
    assert admin.get("/api/v1/skills/smt").json["names"] == {"zh-CN": "贴片机"}


def test_refuses_more_bytes_than_it_takes() -> None:
    with pytest.raises(TooLarge):
        sheets.read(b"a" * (sheets.MAX_BYTES + 1))
