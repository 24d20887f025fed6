"""The portal on the phone: without a network, after a lost session, by code, and what it loads."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser import every_kind
from tests.browser.acting import call, no_findings
from tests.browser.conftest import CHROMIUM, FLAGS, Server

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]
OpenPhone = Callable[[], Page]

OUTBOX = "[data-letter]"


@pytest.fixture
def phone(server: Server, chromium: Browser, visit: Visit) -> Iterator[OpenPhone]:
    """A requester's phone that may lose its network: what the console says then is no mistake."""
    call(visit("admin"), "POST", "/deployments", every_kind.package(), "application/zip")
    contexts: list[BrowserContext] = []

    def open_page() -> Page:
        context = chromium.new_context(
            base_url=server.url,
            locale="zh-CN",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto("/")
        page.locator("input[name=username]").fill("zhoumin")
        page.locator("input[name=password]").fill(server.password)
        page.locator("button[type=submit]").click()
        page.wait_for_url(lambda url: "/signin" not in url)
        page.goto("/p")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _installed(page: Page) -> None:
    """Waits until the service worker has kept what it needs and holds the page."""
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def _title(page: Page, text: str) -> None:
    page.locator("[data-field=title] input").fill(text)


def _submit(page: Page) -> None:
    page.locator("form button[type=submit]").click()


def _tickets(page: Page, title: str) -> list[dict[str, Any]]:
    found = json.loads(call(page, "GET", "/tickets?type=every_kind&limit=200"))["items"]
    return [one for one in found if one["title"] == title]


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "jpeg")
    return out.getvalue()


def test_a_report_without_a_network_goes_out_by_itself_with_its_photo(
    phone: OpenPhone, shot: Shot
) -> None:
    page = phone()
    _installed(page)
    page.goto("/p/new/every_kind")
    expect(page.locator("[data-field=photo]")).to_be_visible()

    page.context.set_offline(True)
    _title(page, "断网时报的")
    page.locator("[data-field=photo] input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _picture()}
    )
    expect(page.get_by_text("没有网络，恢复后自动上传")).to_be_visible()
    _submit(page)
    expect(page.locator(OUTBOX)).to_contain_text("断网时报的")
    page.reload()  # the application itself opens without a network
    expect(page.locator(OUTBOX)).to_contain_text("恢复后自动提交")
    expect(page.get_by_text("1 个文件")).to_be_visible()
    shot(page, "portal-offline-390-zh")

    page.context.set_offline(False)
    expect(page.locator(OUTBOX)).to_have_count(0, timeout=20_000)
    [ticket] = _tickets(page, "断网时报的")
    values = json.loads(call(page, "GET", f"/tickets/{ticket['number']}"))["values"]
    assert len(values["photo"]) == 1
    page.goto("/p/new/every_kind")
    expect(page.locator("[data-field=title] input")).to_have_value("")


def test_an_answer_that_is_lost_makes_no_second_ticket(phone: OpenPhone) -> None:
    page = phone()
    page.goto("/p/new/every_kind")
    _title(page, "回答丢了")

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()  # the server has it, the phone does not know
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/tickets", lose)
    _submit(page)
    expect(page.locator(OUTBOX)).to_be_visible()
    page.unroute("**/api/v1/tickets")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(OUTBOX)).to_have_count(0)
    assert len(_tickets(page, "回答丢了")) == 1


def test_what_the_server_refuses_later_can_be_changed(phone: OpenPhone) -> None:
    page = phone()
    page.goto("/p/new/every_kind")
    _title(page, "附件不对")
    page.context.set_offline(True)
    _submit(page)
    expect(page.locator(OUTBOX)).to_be_visible()

    said = {"code": "invalid-input", "title": "填写有误", "detail": "标题不能用"}
    page.route(
        "**/api/v1/tickets",
        lambda route: (
            route.fulfill(status=422, json=said)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.context.set_offline(False)
    expect(page.locator("[data-letter=refused]")).to_contain_text("标题不能用", timeout=20_000)
    page.unroute("**/api/v1/tickets")
    page.get_by_role("button", name="修改后再交").click()
    expect(page.locator("[data-field=title] input")).to_have_value("附件不对")
    expect(page.locator(OUTBOX)).to_have_count(0)


def test_a_session_that_ended_loses_nothing(phone: OpenPhone, server: Server) -> None:
    page = phone()
    page.goto("/p/new/every_kind")
    _title(page, "会话过期前写的")
    page.context.clear_cookies()
    _submit(page)
    page.wait_for_url("**/signin?**")
    page.locator("input[name=username]").fill("zhoumin")
    page.locator("input[name=password]").fill(server.password)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/p/new/every_kind")
    expect(page.locator("[data-field=title] input")).to_have_value("会话过期前写的")
    _submit(page)
    page.wait_for_url("**/p/tickets/**")


def test_a_second_tab_with_the_same_draft_is_told(phone: OpenPhone) -> None:
    first = phone()
    first.goto("/p/new/every_kind")
    expect(first.locator("[data-field=title]")).to_be_visible()
    second = first.context.new_page()
    second.goto("/p/new/every_kind")
    for page in (first, second):
        expect(page.get_by_text("在另一个标签页里也开着")).to_be_visible()
    _title(second, "第二个标签页写的")
    expect(first.get_by_text("另一个标签页改了这份草稿")).to_be_visible()
    first.get_by_role("button", name="换成那边的").click()
    expect(first.locator("[data-field=title] input")).to_have_value("第二个标签页写的")


def test_a_draft_that_is_discarded_leaves_no_files_behind(visit: Visit) -> None:
    owner = visit("admin")
    call(owner, "POST", "/deployments", every_kind.package(), "application/zip")
    page = visit("zhoumin")
    page.goto("/p/new/every_kind")
    _title(page, "不要了")
    page.evaluate(
        "() => { XMLHttpRequest.prototype.send = function () { setTimeout(this.onerror) } }"
    )
    page.locator("[data-field=photo] input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _picture()}
    )
    expect(page.get_by_text("没有网络，恢复后自动上传")).to_be_visible()
    page.get_by_role("button", name="不要草稿").click()
    page.wait_for_url("**/p")
    count = """() => new Promise((resolve) => {
      const request = indexedDB.open('banjie-waiting')
      request.onsuccess = () => {
        const all = request.result.transaction('files').objectStore('files').count()
        all.onsuccess = () => { request.result.close(); resolve(all.result) }
      }
    })"""
    page.wait_for_timeout(300)
    assert page.evaluate(count) == 0


def test_the_application_can_be_installed_and_keeps_no_answers(phone: OpenPhone) -> None:
    page = phone()
    _installed(page)
    manifest = page.request.get("/manifest.webmanifest").json()
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/p")
    for icon in manifest["icons"]:
        answer = page.request.get(icon["src"])
        assert answer.status == 200
        if icon["type"] == "image/png":
            side = int(icon["sizes"].split("x")[0])
            assert Image.open(io.BytesIO(answer.body())).size == (side, side)
    kept = page.evaluate(
        """async () => {
          const all = []
          for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys()) all.push(one.url)
          return all
        }"""
    )
    assert len(kept) > 20
    assert [one for one in kept if "/api/" in one] == []


@pytest.fixture(scope="session")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of a printed code, as a camera would see it."""
    out = io.BytesIO()
    address = "https://desk.example/p/new/equipment_repair?asset=SMT-03&signature=none"
    segno.make_qr(address).save(out, kind="png", scale=6, border=6)
    code = Image.open(out).convert("L")
    frame = Image.new("L", (640, 480), 255)
    frame.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    path = tmp_path_factory.mktemp("camera") / "code.y4m"
    grey = bytes([128]) * (640 * 480 // 2)
    picture = b"FRAME\n" + frame.tobytes() + grey
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + picture * 10)
    return path


def test_a_printed_code_is_scanned_and_opens_its_form(
    server: Server, chromium: Browser, label: Path, shot: Shot
) -> None:
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *FLAGS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={label}",
        ],
    )
    try:
        viewport = {"width": 390, "height": 844}
        page = browser.new_page(base_url=server.url, locale="zh-CN", viewport=viewport)
        page.goto("/")
        page.locator("input[name=username]").fill("zhoumin")
        page.locator("input[name=password]").fill(server.password)
        page.locator("button[type=submit]").click()
        page.get_by_role("button", name="扫码").click()
        # a phone reads the whole code at once, so the form may be there in a moment
        page.wait_for_url("**/p/new/equipment_repair?asset=SMT-03**")
        expect(page.locator("[data-field=machine] input").first).to_be_visible()
        shot(page, "portal-scanned-390-zh")
    finally:
        browser.close()


def test_a_printed_label_fills_in_the_form(visit: Visit) -> None:
    admin = visit("admin")
    asset = {"number": "PORTAL-01", "kind": "smt", "name": "贴片机"}
    call(admin, "POST", "/assets", json.dumps(asset).encode(), "application/json")
    drawn = call(admin, "GET", "/assets/PORTAL-01/label?type=equipment_repair")
    assert "<svg" in drawn
    labels = "/api/v1/assets/PORTAL-01/label?type=equipment_repair&format=png"
    picture = Image.open(io.BytesIO(admin.request.get(labels).body()))
    [code] = zxingcpp.read_barcodes(picture)
    page = visit("zhoumin", phone=True)
    page.goto("/p" + str(code.text).partition("/p")[2])
    expect(page.locator("[data-field=machine] input").first).to_have_value("PORTAL-01")


def _closed(requester: Page, admin: Page, title: str) -> str:
    """A ticket that is done; its number."""
    body = json.dumps({"type": "every_kind", "title": title, "values": {"title": title}})
    told = json.loads(call(requester, "POST", "/tickets", body.encode(), "application/json"))
    task = told["tasks"][0]["id"]
    call(admin, "POST", f"/tasks/{task}/complete", b'{"values": {}}', "application/json")
    return str(told["number"])


def test_a_ticket_is_rated_in_the_portal(visit: Visit, shot: Shot) -> None:
    admin = visit("admin")
    call(admin, "POST", "/deployments", every_kind.package(), "application/zip")
    page = visit("zhoumin", phone=True)
    number = _closed(page, admin, "请评价")
    page.goto(f"/p/tickets/{number}")
    page.get_by_role("radio", name="4 分，满意").check(force=True)
    page.get_by_label("想说的话（选填）").fill("很快")
    shot(page, "portal-rating-390-zh")
    no_findings(page, "rating")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("img", name="评了 4 分，满分 5 分")).to_be_visible()
    expect(page.get_by_text("很快")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_ticket_is_rated_by_a_link_without_a_sign_in(
    visit: Visit, shot: Shot, language: str
) -> None:
    admin = visit("admin")
    call(admin, "POST", "/deployments", every_kind.package(), "application/zip")
    number = _closed(visit("zhoumin"), admin, "Link")
    link = json.loads(call(admin, "GET", f"/tickets/{number}/rating-link"))["url"]
    page = visit(None, phone=True)
    if language == "en":
        page.evaluate("localStorage.setItem('banjie.language', 'en')")
    page.goto("/rate/" + link.rpartition("/")[2])
    page.get_by_role("radio").nth(4).check(force=True)
    shot(page, f"rate-link-390-{language}")
    no_findings(page, language)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.locator(".stars-given")).to_be_visible()
    page.goto("/rate/1.2.3")
    expect(page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("small", [False, True])
def test_every_page_of_the_portal_reads_well(
    visit: Visit, shot: Shot, small: bool, language: str, dark: bool
) -> None:
    page = visit("zhoumin", phone=small, dark=dark)
    if language == "en":
        page.evaluate("localStorage.setItem('banjie.language', 'en')")
    dress = f"{390 if small else 1440}-{language}-{'dark' if dark else 'light'}"
    for path in ("/p", "/p/new/equipment_repair", "/p/tickets", "/p/scan", "/p/me"):
        page.goto(path)
        page.wait_for_load_state("networkidle") if path != "/p" else page.wait_for_timeout(800)
        name = f"portal{path.removeprefix('/p').replace('/', '-')}-{dress}"
        shot(page, name)
        no_findings(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize(
    ("path", "most"), [("/p", 350), ("/p/new/equipment_repair", 520), ("/work", 520)]
)
def test_the_first_load_is_small(
    server: Server, chromium: Browser, path: str, most: int, visit: Visit
) -> None:
    signed = visit("zhoumin" if path.startswith("/p") else "huangjie", phone=True)
    state = signed.context.storage_state()
    context = chromium.new_context(
        base_url=server.url,
        storage_state=state,
        viewport={"width": 390, "height": 844},
        service_workers="block",
    )
    page = context.new_page()
    sizes: dict[str, int] = {}

    def weigh(url: str, body: bytes) -> None:
        sizes[url] = len(gzip.compress(body, 6))

    page.on(
        "response",
        lambda answer: (
            weigh(answer.url, answer.body())
            if "/api/" not in answer.url and answer.status == 200
            else None
        ),
    )
    page.goto(path)
    page.wait_for_timeout(2500)
    total = sum(sizes.values()) / 1024
    print(f"{path}: {total:.0f} KiB in {len(sizes)} files")  # noqa: T201
    context.close()
    assert total <= most, sorted(sizes.items(), key=lambda one: -one[1])[:12]
