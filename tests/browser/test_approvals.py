"""Approvals in the browser: from the list in two taps, on the page with all that can be done."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]

AXE = Path(__file__).parents[2] / "admin_ui/node_modules/axe-core/axe.min.js"
_CALL = """async ([method, path, body]) => {
  const session = await (await fetch('/api/v1/session')).json()
  const answer = await fetch('/api/v1' + path, {
    method, body: body === null ? undefined : JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf ?? '' } })
  return { status: answer.status, body: await answer.json() }
}"""


def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Asks the interface as the person whose page it is."""
    answer = page.evaluate(_CALL, [method, path, body])
    assert answer["status"] < 300, answer
    return answer["body"]


def buy(page: Page, title: str, amount: int = 3000) -> tuple[str, str]:
    """A purchase that waits for the first manager: its number, its task."""
    values = {"kind": "equipment", "items": "24 寸显示器 6 台", "amount": amount, "reason": "换旧"}
    body = {"type": "purchase_request", "title": title, "values": values}
    ticket = call(page, "POST", "/tickets", body)
    return ticket["number"], ticket["tasks"][0]["id"]


def act(page: Page, task: str, action: str, **more: Any) -> Any:
    return call(page, "POST", f"/approvals/{task}/actions", {"action": action, **more})


def open_task(page: Page, number: str) -> str:
    [task] = call(page, "GET", f"/tasks?ticket={number}")["items"]
    return str(task["id"])


def row(page: Page, title: str) -> Locator:
    return page.locator(".approval-row", has_text=title)


def seat(page: Page, username: str) -> Locator:
    return page.locator(f".round.open [data-person={username}]").first


@pytest.mark.parametrize("phone", [False, True])
def test_yes_is_said_from_the_list_in_two_taps_and_can_be_taken_back(
    visit: Visit, shot: Shot, phone: bool
) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan", phone=phone)
    title = f"列表里同意 {phone}"
    number, _ = buy(requester, title)
    lead.goto("/approvals")
    shot(lead, f"approvals-{'390' if phone else '1440'}")

    row(lead, title).get_by_role("button", name="同意", exact=True).click()
    row(lead, title).get_by_role("button", name="确认同意").click()

    expect(row(lead, title)).to_have_count(0)
    assert call(lead, "GET", f"/tickets/{number}")["status"]["key"] == "countersigning"
    lead.goto("/approvals?box=done")
    expect(row(lead, title)).to_contain_text("同意")


def test_a_vote_that_decided_can_be_taken_back_until_the_next_has_acted(visit: Visit) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    title = "点错了"
    number, task = buy(requester, title)
    lead.goto("/approvals?q=点错了")
    row(lead, title).get_by_role("button", name="同意", exact=True).click()
    row(lead, title).get_by_role("button", name="确认同意").click()
    lead.locator(".undo").click()
    expect(row(lead, title)).to_be_visible()  # it is his to decide again
    again = open_task(lead, number)
    assert again != task
    lead.goto(f"/approvals/{again}")
    expect(lead.locator(".stations")).to_contain_text("已撤回意见")
    expect(lead.get_by_role("button", name="同意", exact=True)).to_be_visible()


def test_who_stands_in_for_whom_is_said(visit: Visit) -> None:
    requester, lead, admin = visit("sunqian"), visit("zhaomingyuan"), visit("admin")
    now = datetime.now(UTC)
    away = {
        "username": "zhaomingyuan",
        "kind": "leave",
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
        "deputy": "huangjie",
    }
    absence = call(lead, "POST", "/absences", away)
    try:
        _, task = buy(requester, "主管不在")
    finally:
        call(lead, "PATCH", f"/absences/{absence['id']}", {"types": ["leave_request"]})
    deputy = visit("huangjie")
    deputy.goto(f"/approvals/{task}")
    expect(seat(deputy, "huangjie")).to_contain_text("黄杰 代 赵明远")
    admin.goto(f"/approvals/{task}")
    admin.get_by_role("button", name="改由别人审").click()
    _pick(admin, "linwei")
    admin.get_by_role("button", name="确认转交").click()
    expect(seat(admin, "linwei")).to_contain_text("等待处理")


def test_the_page_shows_the_matter_and_who_is_waited_for(visit: Visit, shot: Shot) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    number, task = buy(requester, "采购 24 寸显示器 6 台", 11598)
    requester.goto(f"/approvals/{task}")
    expect(requester.locator("[data-waiting]")).to_contain_text("赵明远")
    lead.goto(f"/approvals/{task}")
    expect(lead.locator(".matter-figure b")).to_contain_text("11,598")
    expect(lead.locator(".approval-side")).to_contain_text("等您审")
    shot(lead, "approval-1440")

    lead.get_by_label("意见").fill("现有屏幕确实太小。")
    lead.get_by_role("button", name="同意", exact=True).click()

    expect(lead.get_by_text("已同意", exact=False).first).to_be_visible()
    # news reaches the requester without a reload
    expect(requester.locator("[data-waiting]")).to_contain_text("李佳宁", timeout=5000)
    expect(requester.locator(".stations")).to_contain_text("现有屏幕确实太小。")
    assert call(lead, "GET", f"/tickets/{number}")["status"]["key"] == "countersigning"


def test_somebody_without_a_desk_approves_in_the_portal(visit: Visit, shot: Shot) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    number, task = buy(requester, "门户里会签")
    act(lead, task, "agree")
    finance = visit("lijianing", phone=True)
    countersign = open_task(requester, number)
    finance.goto(f"/approvals/{countersign}")
    finance.wait_for_url(f"**/p/approvals/{countersign}")
    expect(finance.locator(".round-bar")).to_have_attribute("aria-label", re.compile("2"))
    shot(finance, "approval-390")
    finance.locator("[data-field=budget_line] input").fill("6602-03")

    finance.get_by_role("button", name="同意", exact=True).click()
    finance.get_by_role("dialog").get_by_label("意见").fill("余额够")
    finance.get_by_role("dialog").get_by_role("button", name="确认同意").click()

    expect(seat(finance, "lijianing")).to_contain_text("余额够")
    assert call(finance, "GET", f"/tasks/{countersign}")["values"]["budget_line"] == "6602-03"
    finance.get_by_role("button", name="更多操作").click()
    finance.get_by_role("menuitem", name="撤回").click()
    finance.get_by_role("button", name="确认撤回").click()
    expect(seat(finance, "lijianing")).to_contain_text("等您审")


def test_adding_transferring_returning_and_urging(visit: Visit) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    _, task = buy(requester, "加签转交退回")
    lead.goto(f"/approvals/{task}")
    lead.get_by_role("button", name="加签").click()
    lead.get_by_role("menuitem", name="前加签").click()
    panel = lead.locator(".approval-panel")
    lead.get_by_role("button", name="确认前加签").click()
    expect(panel.locator(".field-error")).to_be_visible()  # whom?
    _pick(lead, "huangjie")
    lead.get_by_role("button", name="确认前加签").click()
    expect(lead.locator(".added")).to_contain_text("前加签")
    expect(lead.get_by_role("button", name="同意", exact=True)).to_have_count(0)

    requester.goto(f"/approvals/{task}")
    requester.get_by_role("button", name="催办").click()
    expect(requester.locator("[data-waiting]")).to_contain_text("催过 1 次")
    expect(requester.get_by_role("button", name=re.compile("已催 1 次"))).to_be_disabled()

    added = visit("huangjie")
    act(added, task, "agree", comment="可以")
    expect(lead.get_by_role("button", name="同意", exact=True)).to_be_visible(timeout=5000)
    lead.get_by_role("button", name="退回").click()
    lead.get_by_label("意见").fill("请补充报价")
    lead.locator(".approval-panel").get_by_text("直接回到我这里").click()
    lead.get_by_role("button", name="确认退回").click()
    expect(lead.locator(".stations")).to_contain_text("已退回")
    expect(lead.locator(".stations")).to_contain_text("请补充报价")


def _pick(page: Page, username: str) -> None:
    page.locator(".approval-panel .ant-select input").fill(username)
    page.locator(".ant-select-item-option", has_text=username).click()


def test_several_are_decided_at_once_and_the_refused_say_why(visit: Visit, shot: Shot) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    _, first = buy(requester, "批量甲")
    buy(requester, "批量乙")
    lead.goto("/approvals?q=批量")
    for title in ("批量甲", "批量乙"):
        row(lead, title).get_by_role("checkbox").check()
    act(requester, first, "withdraw")  # behind his back

    lead.get_by_role("button", name="全部同意").click()

    expect(lead.get_by_text("已处理")).to_be_visible()
    expect(row(lead, "批量乙")).to_have_count(0)


def test_a_copy_tells_when_it_was_read(visit: Visit) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    _, task = buy(requester, "抄送给人看")
    act(lead, task, "cc", users=["zhoumin"])
    lead.goto(f"/approvals/{task}")
    expect(lead.locator(".approval-side")).to_contain_text("未读")
    reader = visit("zhoumin")
    reader.goto("/p/approvals?box=copied")
    expect(row(reader, "抄送给人看")).to_contain_text("未读")
    row(reader, "抄送给人看").locator("[data-open]").click()
    expect(reader.get_by_role("heading", name="抄送给人看")).to_be_visible()
    lead.reload()
    expect(lead.locator(".approval-side")).to_contain_text("已读")


def test_the_keyboard_goes_from_row_to_row(visit: Visit) -> None:
    requester, lead = visit("sunqian"), visit("zhaomingyuan")
    buy(requester, "键盘一")
    buy(requester, "键盘二")
    lead.goto("/approvals?q=键盘")
    expect(lead.locator(".approval-row")).to_have_count(2)
    lead.keyboard.press("j")
    lead.keyboard.press("j")
    lead.keyboard.press("x")
    expect(lead.get_by_text("已选 1 项")).to_be_visible()
    lead.keyboard.press("Enter")
    lead.wait_for_url("**/approvals/*")


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize(("language", "dark"), [("zh-CN", False), ("zh-CN", True), ("en", False)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Visit, shot: Shot, phone: bool, language: str, dark: bool
) -> None:
    requester = visit("sunqian")
    _, task = buy(requester, "看看有没有障碍", 260_000)
    lead = visit("zhaomingyuan", phone=phone, language=language, dark=dark)
    if phone:
        act(lead, task, "add_parallel", users=["huangjie", "linwei"])
    name = f"{'390' if phone else '1440'}-{language}-{'dark' if dark else 'light'}"
    for path, shown in (("/approvals", ".approval-row"), (f"/approvals/{task}", ".stations")):
        lead.goto(path)
        expect(lead.locator(shown).first).to_be_visible()
        if shown == ".stations":
            lead.get_by_role("button", name=re.compile("^(拒绝|Reject)$")).click()
            expect(lead.locator(".approval-panel")).to_be_visible()
        lead.wait_for_timeout(400)
        shot(lead, f"{'approvals' if shown != '.stations' else 'approval'}-{name}")
        lead.evaluate(AXE.read_text())  # the page itself loads no foreign script
        found = lead.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        wrong = [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]]
        assert wrong == []
        wide = lead.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
