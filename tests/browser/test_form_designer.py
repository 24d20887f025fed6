"""The form designer by mouse and keyboard, and every kind of field on the desktop and the phone."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import every_kind
from tests.browser.acting import call, no_findings

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]


def _open(page: Page) -> None:
    """The designer on a fresh draft of the package with every kind of field."""
    zipped = every_kind.package()
    call(page, "POST", "/deployments", zipped, "application/zip")
    call(page, "PUT", "/processes/every_kind/draft", zipped, "application/zip")
    page.goto("/design/every_kind/forms/all")
    expect(page.locator(".fd-paper")).to_be_visible()


def _file(page: Page, path: str = "forms/all.json") -> str:
    return str(call(page, "GET", f"/processes/every_kind/draft/files/{path}"))


def _saved(page: Page) -> None:
    page.wait_for_timeout(150)
    expect(page.locator("[data-save]")).to_have_attribute("data-save", "saved", timeout=8000)


def _keys(page: Page) -> list[str]:
    """The fields in the order in which they are drawn."""
    found: list[str] = page.locator(".fd-paper [data-item]").evaluate_all(
        "all => all.map((one) => one.dataset.item)"
    )
    return found


def test_a_form_is_built_by_mouse_and_saves_itself(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    _open(page)
    before = _file(page)

    # a click adds behind the picked field, in both languages and in view
    page.locator("[data-item=text]").click()
    page.locator(".fd-palette [data-kind=number]").click()
    assert _keys(page)[1:4] == ["text", "number_1", "textarea"]
    page.locator("[data-setting=label] input").first.fill("停机分钟")
    expect(page.locator(".fd-paper").get_by_text("停机分钟")).to_be_visible()

    # a drag from the palette drops where it is let go
    page.locator(".fd-palette [data-kind=date]").hover()
    page.mouse.down()
    target = page.locator("[data-item=number]").bounding_box()
    assert target is not None
    page.mouse.move(target["x"] + 60, target["y"] + 20, steps=12)
    shot(page, "forms-drag-1440-zh")
    page.mouse.up()
    keys = _keys(page)
    assert keys.index("date_1") == keys.index("number") - 1

    # when it is shown is picked, not written
    page.get_by_role("tab", name="逻辑").click()
    page.get_by_label("什么时候显示").first.click()
    page.locator(".ant-select-item-option", has_text="满足条件时").last.click()
    page.get_by_role("button", name="加一个条件").click()
    page.get_by_label("第 1 个条件的字段").click()
    page.locator(".ant-select-item-option[title='字段 choice']").click()
    page.get_by_label("第 1 个条件的值").click()
    page.locator(".ant-select-item-option[title=乙]").click()
    shot(page, "forms-logic-1440-zh")
    no_findings(page, "logic")
    _saved(page)
    form = json.loads(_file(page))
    made = {field["key"]: field for field in form["fields"]}
    assert made["date_1"]["shown"] == '= choice = "b"'
    assert made["number_1"]["label"] == {"zh-CN": "停机分钟", "en": "Number"}

    # everything can be undone; the file is then what it was, to the byte
    for _ in range(20):
        if page.get_by_role("button", name="撤销").is_disabled():
            break
        page.get_by_role("button", name="撤销").click()
    _saved(page)
    page.wait_for_timeout(1200)
    assert _file(page) == before
    page.keyboard.press("Control+y")
    expect(page.locator("[data-item=number_1]")).to_be_visible()


def test_a_form_is_built_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("admin")
    _open(page)
    page.locator("[data-item=title]").focus()
    page.keyboard.press("Enter")
    page.locator(".fd-palette [data-kind=boolean]").focus()
    page.keyboard.press("Enter")
    assert _keys(page)[:2] == ["title", "boolean_1"]
    page.locator("[data-item=boolean_1]").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert _keys(page)[:2] == ["boolean_1", "title"]
    page.locator("[data-item=boolean_1]").focus()
    page.keyboard.press("Control+d")
    assert _keys(page)[:3] == ["boolean_1", "boolean_2", "title"]
    page.locator("[data-item=boolean_1]").focus()
    page.keyboard.press("Delete")
    assert _keys(page)[:2] == ["boolean_2", "title"]
    page.keyboard.press("Control+z")
    assert _keys(page)[:3] == ["boolean_1", "boolean_2", "title"]


def test_who_sees_a_field_is_written_into_the_step(visit: Visit) -> None:
    page = visit("admin")
    _open(page)
    page.locator("[data-item=money]").click()
    page.get_by_role("tab", name="谁能看").click()
    page.get_by_label("在「处理」这一步").click()
    page.locator(".ant-select-item-option[title=隐藏]").click()
    _saved(page)
    page.wait_for_timeout(1200)
    line = '          <spiffworkflow:property name="status" value="handling" />\n'
    added = '          <spiffworkflow:property name="access" value="money:hide" />\n'
    assert _file(page, "process.bpmn") == every_kind.PROCESS.replace(line, line + added)
    assert _file(page) == every_kind.form_text()


def test_two_editors_are_told_of_each_other_and_none_loses_a_word(visit: Visit) -> None:
    first, second = visit("admin"), visit("admin")
    _open(first)
    second.goto("/design/every_kind/forms/all")
    second.locator("[data-item=text]").click()
    first.locator("[data-item=text]").click()
    first.locator("[data-setting=label] input").first.fill("甲写的")
    _saved(first)
    first.wait_for_timeout(1200)
    second.locator("[data-setting=label] input").first.fill("乙写的")
    expect(second.get_by_text("刚刚也改了这里")).to_be_visible(timeout=5000)
    assert "甲写的" in _file(first)
    second.get_by_role("button", name="用我的盖上").click()
    _saved(second)
    second.wait_for_timeout(1500)
    assert "乙写的" in _file(first)
    # who has nothing unsaved gets the newest
    expect(first.get_by_text("已换成最新的")).to_be_visible(timeout=20_000)
    expect(first.locator(".fd-paper").get_by_text("乙写的")).to_be_visible()


def test_what_could_not_be_saved_survives_a_reload(visit: Visit) -> None:
    page = visit("admin")
    _open(page)
    page.locator("[data-item=text]").click()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('none')) }")
    page.locator("[data-setting=label] input").first.fill("断网时写的")
    expect(page.get_by_text("改动已留在这台电脑上")).to_be_visible(timeout=5000)
    page.reload()
    expect(page.locator(".fd-paper").get_by_text("断网时写的")).to_be_visible()
    _saved(page)
    page.wait_for_timeout(1200)
    assert "断网时写的" in _file(page)


def test_a_file_that_is_no_form_is_put_right_by_hand(visit: Visit) -> None:
    page = visit("admin")
    _open(page)
    path = "/processes/every_kind/draft/files/forms/all.json"
    call(page, "PUT", path, b'{"key": "all", ', "application/octet-stream")
    page.goto("/design/every_kind/forms/all")
    expect(page.get_by_label("文件内容")).to_have_value('{"key": "all", ')
    page.get_by_label("文件内容").fill(every_kind.form_text())
    expect(page.locator(".fd-paper")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_designer_reads_well_in_every_dress(
    visit: Visit, shot: Shot, language: str, dark: bool
) -> None:
    page = visit("admin", language=language, dark=dark)
    _open(page)
    name = f"{language}-{'dark' if dark else 'light'}"
    page.locator("[data-item=table]").click()
    shot(page, f"forms-1440-{name}")
    no_findings(page, name)
    page.get_by_role("tab").nth(2).click()
    no_findings(page, f"{name} access")
    page.locator(".fd-bar .ant-segmented-item").nth(2).click()
    page.locator(".fd-bar .ant-segmented-item").nth(4).click()
    shot(page, f"forms-both-phone-1440-{name}")
    no_findings(page, f"{name} both")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def _photo() -> bytes:
    """A large photo with a camera's remarks in it."""
    picture = Image.new("RGB", (2400, 1200), "teal")
    remarks = Image.Exif()
    remarks[0x010F] = "A camera"
    out = io.BytesIO()
    picture.save(out, "jpeg", exif=remarks)
    return out.getvalue()


def _code(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


@pytest.mark.parametrize("phone", [False, True])
def test_every_kind_is_filled_in_sent_and_read(visit: Visit, shot: Shot, phone: bool) -> None:
    owner = visit("admin")
    call(owner, "POST", "/deployments", every_kind.package(), "application/zip")
    page = visit("zhoumin", phone=phone)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.2001, "longitude": 121.4, "accuracy": 8})
    page.goto("/p/new/every_kind")

    def field(key: str) -> Any:
        return page.locator(f"[data-field={key}]")

    def pick(key: str, *options: str) -> None:
        field(key).locator("input").first.click()
        for option in options:
            page.locator(
                ".ant-select-dropdown:visible, .ant-cascader-dropdown:visible"
            ).get_by_text(option, exact=True).first.click()

    for key, text in {
        "title": "每一种",
        "text": "一行",
        "phone": "13800006217",
        "email": "a@example.com",
        "url": "https://example.com",
        "id_number": "110105194912310021",
        "number": "21",
        "money": "9.5",
    }.items():
        field(key).locator("input").first.fill(text)
    field("textarea").locator("textarea").fill("几行\n文字")
    area = field("richtext").locator("[contenteditable]")
    area.click()
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    days = {"date": "2026-03-02", "time": "10:30", "datetime": "2026-03-02 10:30"}
    for key, text in days.items():
        field(key).locator("input").first.fill(text.replace(" ", "T") if phone else text)
        if not phone:
            page.keyboard.press("Enter")
    for at, text in enumerate(("2026-03-02", "2026-03-05")):
        day = field("date_range").locator("input").nth(at)
        if phone:
            day.fill(text)
        else:
            day.click()
            page.keyboard.type(text)
            page.keyboard.press("Enter")
    for key in ("boolean", "choice", "choices"):
        field(key).locator("label.tile").first.click()
    pick("cascade", "X", "甲")
    field("user").locator("input").click()
    page.keyboard.type("sunqian")
    page.locator(".ant-select-item-option").get_by_text("sunqian").click()
    for key in ("group", "department"):
        field(key).locator("input").click()
        page.keyboard.press("Enter")
    field("rating").locator("[role=radio]").nth(3).click()
    field("attachment").locator("input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    field("photo").locator("input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    )
    expect(field("photo").locator("img")).to_be_visible()
    drawn = field("photo").locator("img").evaluate("one => [one.naturalWidth, one.naturalHeight]")
    assert drawn == [800, 400]
    sent = page.evaluate(
        "async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]",
        field("photo").locator("img").get_attribute("src"),
    )
    assert not Image.open(io.BytesIO(bytes(sent))).getexif()
    canvas = field("signature").locator("canvas")
    canvas.evaluate("one => one.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=8)
    page.mouse.up()
    field("signature").locator("button").first.click()
    expect(field("signature").locator("img")).to_be_visible()
    field("location").locator("button").click()
    expect(field("location").get_by_text("31.20010, 121.40000")).to_be_visible()
    field("scan").locator(".scan-button").click()
    field("scan").locator("input[type=file]").set_input_files(
        {"name": "code.png", "mimeType": "image/png", "buffer": _code("SMT-03")}
    )
    expect(field("scan").locator("input").first).to_have_value("SMT-03")
    table = field("table")
    table.get_by_role("button", name="添加一行").click()
    for at, text in enumerate(("真空泵", "3", "2.5")):
        table.locator("input").nth(at).fill(text)
    table.get_by_role("button", name="复制第 1 行").click()
    expect(table.get_by_text("15.00")).to_be_visible()
    shot(page, f"every-kind-{390 if phone else 1440}-zh")
    no_findings(page, "filled in")

    # a wrong answer is said at its field, and the cursor stands there
    page.locator("form button[type=submit]").click()
    expect(field("id_number").locator(".field-error")).to_contain_text("身份证号不对")
    field("id_number").locator("input").fill("11010519491231002x")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/p/tickets/**")
    number = page.url.rsplit("/", 1)[1]
    values = json.loads(call(page, "GET", f"/tickets/{number}"))["values"]
    assert set(values) >= set(every_kind.KINDS) - {"note", "asset", "ticket"}
    assert values["richtext"] == "**bold**"
    assert values["scan"] == "SMT-03"
    assert values["computed"] == 42
    assert [row["sum"] for row in values["table"]] == [7.5, 7.5]
    assert values["id_number"] == "11010519491231002X"

    # the same form in the step of an agent
    agent = visit("admin", phone=phone)
    agent.goto(f"/work/{number}")
    expect(agent.locator("[data-field=scan] input").first).to_have_value("SMT-03")
    expect(agent.locator("[data-field=richtext] strong")).to_have_text("bold")
    shot(agent, f"every-kind-step-{390 if phone else 1440}-zh")


def test_a_file_waits_for_the_network_and_is_kept_over_a_reload(visit: Visit) -> None:
    owner = visit("admin")
    call(owner, "POST", "/deployments", every_kind.package(), "application/zip")
    page = visit("zhoumin", phone=True)
    page.goto("/p/new/every_kind")
    photo = page.locator("[data-field=photo]")
    page.evaluate(
        "() => { XMLHttpRequest.prototype.send = function () { setTimeout(this.onerror) } }"
    )
    photo.locator("input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    )
    expect(photo.get_by_text("没有网络，恢复后自动上传")).to_be_visible()
    page.locator("form button[type=submit]").click()
    expect(photo.locator(".field-error")).to_contain_text("还有 1 个文件没传完")
    page.reload()
    expect(photo.locator("img")).to_be_visible()


def test_a_table_of_500_rows_stays_smooth(visit: Visit) -> None:
    owner = visit("admin")
    call(owner, "POST", "/deployments", every_kind.package(), "application/zip")
    page = visit("zhoumin")
    rows = [{"part": f"备件 {n}", "pieces": n, "price": 1.5} for n in range(500)]
    draft = {"values": {"table": rows}, "key": "k", "sent": "", "at": "2026-03-02T10:00:00Z"}
    page.evaluate(
        "text => localStorage.setItem('banjie.draft.zhoumin.new.every_kind', text)",
        json.dumps(draft),
    )
    page.goto("/p/new/every_kind")
    view = page.locator("[data-field=table] .rows-view")
    expect(view.get_by_label("备件, 第 1 行")).to_have_value("备件 0")
    expect(page.locator("[data-field=table]").get_by_text("共 500 行")).to_be_visible()
    assert view.locator("tbody tr").count() < 60
    view.scroll_into_view_if_needed()
    slowest = view.evaluate(
        """async (one) => {
          let last = performance.now(), slowest = 0
          for (let n = 0; n < 60; n++) {
            one.scrollTop += 250
            const now = await new Promise(requestAnimationFrame)
            slowest = Math.max(slowest, now - last)
            last = now
          }
          return slowest
        }"""
    )
    print(f"slowest frame {slowest:.0f} ms")  # noqa: T201
    assert slowest < 400  # a figure for a busy machine; `make bench` has the strict one
    view.evaluate("one => one.scrollTop = one.scrollHeight")
    last = view.get_by_label("备件, 第 500 行")
    expect(last).to_have_value("备件 499")
    last.click()
    page.keyboard.press("Enter")
    expect(view.get_by_label("备件, 第 501 行")).to_be_focused()
    assert re.search("共 501 行", page.locator("[data-field=table]").inner_text())
