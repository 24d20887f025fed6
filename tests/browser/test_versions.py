"""Versions in the browser: compared, rolled back, rolled out; tickets moved along and back."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.own_types import call, changed, deploy, sample

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]

VALUES = {"category": ["network", "vpn"], "impact": "me", "description": "早上开始连不上"}


def report(page: Page, key: str, title: str = "VPN 连不上") -> dict[str, Any]:
    """A ticket of a type made from the IT incident."""
    found: dict[str, Any] = call(
        page, "POST", "/tickets", {"type": key, "title": title, "values": VALUES}
    )
    return found


def step(page: Page, ticket: dict[str, Any], action: str, **values: Any) -> dict[str, Any]:
    """The open step of a ticket done as whoever is signed in; the ticket after it."""
    task = call(page, "GET", f"/tasks/{ticket['tasks'][0]['id']}")
    if "claim" in task["may"]:
        call(page, "POST", f"/tasks/{task['id']}/claim", {})
    given = {key: value for key, value in task["values"].items() if value is not None}
    body = {"values": {**given, **values}, "action": action}
    call(page, "POST", f"/tasks/{task['id']}/complete", body)
    after: dict[str, Any] = call(page, "GET", f"/tickets/{ticket['number']}")
    return after


def test_two_versions_are_compared_on_the_diagram_and_in_words(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    files = sample("it_incident", "compared")
    deploy(page, files)
    deploy(page, changed(files, wait_requester="await_answer", 三天没有回音="五天没有回音"))

    page.goto("/design/compared/versions")
    page.get_by_role("button", name="和 v1 比较").click()

    expect(
        page.locator(".djs-element.tint-removed[data-element-id=wait_requester]")
    ).to_be_visible()
    expect(page.locator(".djs-element.tint-added[data-element-id=await_answer]")).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_have_count(2)
    expect(page.get_by_text("名称从 三天没有回音 改为 五天没有回音")).to_be_visible()
    page.locator(".change", has_text="五天没有回音").click()
    expect(page.locator(".djs-element.picked[data-element-id=no_answer]")).to_have_count(2)
    shot(page, "compare-1440-zh")


def test_an_older_version_is_taken_up_again(visit: Visit) -> None:
    page = visit("admin")
    files = sample("it_incident", "rolled_back")
    deploy(page, files)
    deploy(page, changed(files, 分诊="先看看"))

    page.goto("/design/rolled_back/versions?version=1")
    page.get_by_role("button", name="退回这一版").click()
    page.get_by_role("tooltip").get_by_role("button", name="退回这一版").click()

    row = page.locator("[data-version='3']")
    expect(row.get_by_text("线上")).to_be_visible()
    expect(page.locator(".djs-element[data-element-id=triage]")).to_contain_text("分诊")
    assert report(page, "rolled_back")["version"] == 3

    row.get_by_role("button", name="停收").click()
    page.get_by_role("tooltip").get_by_role("button", name="停收").click()
    expect(row.get_by_text("已停收")).to_be_visible()
    row.get_by_role("button", name="恢复接收").click()
    expect(row.get_by_text("线上")).to_be_visible()


def test_the_newest_version_goes_to_a_department_first_and_then_to_all(
    visit: Visit, shot: Shot
) -> None:
    page, elsewhere = visit("admin"), visit("zhoumin")
    files = sample("it_incident", "rolled_out")
    deploy(page, files)
    deploy(page, changed(files, 分诊="先看看"))

    page.goto("/design/rolled_out/versions")
    page.get_by_role("button", name="先给一部分人用").click()
    page.get_by_role("combobox", name="这些部门先用").click()
    page.get_by_title("设备部").click()
    page.keyboard.press("Escape")
    page.get_by_role("slider").press("Home")
    page.get_by_role("button", name="就这样").click()

    expect(page.get_by_text("用 v2 的：设备部；其余用 v1。")).to_be_visible()
    expect(page.locator("[data-version='2']").get_by_text("部分人在用")).to_be_visible()
    shot(page, "versions-1440-zh")
    assert report(elsewhere, "rolled_out")["version"] == 1

    page.get_by_role("button", name="全部用 v2").click()
    expect(page.get_by_text("新工单都用 v2。")).to_be_visible()
    assert report(elsewhere, "rolled_out")["version"] == 2


def test_tickets_are_moved_by_picking_steps_and_moved_back_with_their_timer(
    visit: Visit, shot: Shot
) -> None:
    page, requester = visit("admin"), visit("zhoumin")
    files = sample("it_incident", "moved")
    deploy(page, files)
    fresh = report(requester, "moved", "刚报的")
    waiting = report(requester, "moved", "等补充的")
    waiting = call(page, "GET", f"/tickets/{waiting['number']}")
    waiting = step(page, waiting, "accept", urgency="low")
    waiting = step(page, waiting, "need_info", question="是哪台电脑？")
    assert waiting["tasks"][0]["element"] == "wait_requester"
    deploy(page, changed(files, wait_requester="await_answer"))

    page.goto("/design/moved/versions?version=1")
    page.get_by_role("button", name="把 2 张迁到 v2").click()
    verdicts = page.locator("[data-verdicts]")
    expect(verdicts.locator("li", has_text=waiting["number"])).to_contain_text("要对应")
    expect(verdicts.locator("li", has_text=fresh["number"])).to_contain_text("可迁")

    # the step that is gone on the upper diagram, its new home on the lower one
    old, new = page.locator(".pair > .diagram-box").all()
    old.locator(".djs-element[data-element-id=wait_requester] .djs-hit").first.click()
    new.locator(".djs-element[data-element-id=await_answer] .djs-hit").first.click()
    expect(verdicts.locator("li", has_text=waiting["number"])).to_contain_text("可迁")
    shot(page, "migrate-1440-zh")
    page.get_by_role("button", name="迁移 2 张").click()

    done = page.locator("[data-migration]")
    expect(done).to_contain_text("迁了 2 张", timeout=20_000)
    expect(page.locator("[data-version='2']")).to_contain_text("在办 2")

    # the ticket as people see it: on the new step, its timer as it was
    page.goto(f"/work/{waiting['number']}")
    page.get_by_role("tab", name="流程图").click()
    expect(page.locator(".djs-element.live[data-element-id=await_answer]")).to_be_visible()
    expect(page.locator(".badge", has_text="触发")).to_be_visible()
    assert call(page, "GET", f"/tickets/{waiting['number']}")["version"] == 2

    page.goto("/design/moved/versions")
    page.get_by_role("button", name="退回", exact=True).click()
    page.get_by_role("tooltip").get_by_role("button", name="退回", exact=True).click()
    expect(done).to_contain_text("退回 2 张", timeout=20_000)
    expect(page.locator("[data-version='1']")).to_contain_text("在办 2")
    page.goto(f"/work/{waiting['number']}")
    page.get_by_role("tab", name="流程图").click()
    expect(page.locator(".djs-element.live[data-element-id=wait_requester]")).to_be_visible()


def test_running_shows_heat_and_the_tickets_of_a_step(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/running?type=it_incident")

    expect(page.locator(".djs-element[data-element-id=handle]")).to_have_class(
        re.compile("tint-heat")
    )
    expect(page.get_by_role("table")).to_be_visible()
    shot(page, "running-1440-zh")
    page.locator(".djs-element[data-element-id=triage] .djs-hit").first.click()
    expect(page.get_by_role("button", name="只看“分诊”")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("分诊")
    page.get_by_text("停留多久").click()
    expect(page.get_by_text("停留时间中位数")).to_be_visible()


def test_versions_and_running_fit_a_phone_in_english(visit: Visit, shot: Shot) -> None:
    page = visit("admin", phone=True, language="en", dark=True)
    for path, name in (("/design/it_incident/versions", "versions"), ("/running", "running")):
        page.goto(path)
        expect(page.locator(".djs-element").first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (path, wide)
        shot(page, f"{name}-390-en-dark")
