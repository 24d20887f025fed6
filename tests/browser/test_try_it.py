"""A draft tried in the browser: reported, worked, its clock moved on, and kept as an example."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.own_types import call, changed, sample

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]

OPENING = 90_000  # a sandbox is a process of its own


def test_a_draft_is_tried_to_its_end_and_kept_as_an_example(visit: Visit, shot: Shot) -> None:
    page = visit("admin")
    files = changed(sample("it_incident", "tried"), 分诊="先看看")
    texts = {path: data.decode() for path, data in files.items()}
    call(page, "PUT", "/processes/tried/draft", {"files": texts})

    page.goto("/design/tried/try")
    expect(page.get_by_role("heading", name="先提交一张")).to_be_visible(timeout=OPENING)
    page.locator("[data-field=category] input").click()
    page.get_by_role("menuitemcheckbox", name="网络与 VPN").click()
    page.get_by_role("menuitemcheckbox", name="VPN 连不上").click()
    page.get_by_text("只影响我自己").click()
    page.locator("[data-field=description] textarea").fill("早上开始连不上")
    page.get_by_role("button", name="提交", exact=True).click()

    # the token stands on the first step, which is done as the group it is meant for
    expect(page.locator(".djs-element.live[data-element-id=triage]")).to_be_visible()
    triage = page.locator("[data-step=triage]")
    expect(triage.get_by_role("heading", name="先看看")).to_be_visible()
    triage.locator("[data-field=urgency]").get_by_text("不急").click()
    triage.get_by_role("button", name="派单处理").click()
    handle = page.locator("[data-step=handle]")
    handle.locator("[data-field=question] textarea").fill("是哪台电脑？")
    handle.get_by_role("button", name="请报修人补充").click()
    expect(page.locator("[data-step=wait_requester]")).to_be_visible()
    shot(page, "try-1440-zh")

    # three days without an answer: the timer takes it back
    for _ in range(3):
        now = page.locator("[data-now]").get_attribute("data-now")
        page.get_by_role("button", name="过 1 天").click()
        expect(page.locator(f"[data-now='{now}']")).to_have_count(0, timeout=20_000)
    expect(handle).to_be_visible(timeout=20_000)
    expect(page.get_by_text("“三天没有回音”到时间了")).to_be_visible()

    page.get_by_role("button", name="留作示例").click()
    page.get_by_label("示例的名字").fill("asked_and_waited")
    page.get_by_role("button", name="留下", exact=True).click()
    expect(page.get_by_text("已存为 examples/asked_and_waited.json")).to_be_visible(timeout=20_000)
    found = call(page, "GET", "/processes/tried/draft")["files"]
    assert "examples/asked_and_waited.json" in [one["path"] for one in found]
    assert call(page, "GET", "/tickets?type=tried")["items"] == []


def test_a_draft_with_faults_says_what_is_wrong_instead(visit: Visit) -> None:
    page = visit("admin")
    files = changed(sample("it_incident", "faulty"), **{'value="triage"': 'value="missing_form"'})
    texts = {path: data.decode() for path, data in files.items()}
    call(page, "PUT", "/processes/faulty/draft", {"files": texts})

    page.goto("/design/faulty/try")

    expect(page.get_by_text("草稿还有问题，先改好再试。")).to_be_visible()
    expect(page.get_by_text("missing_form").first).to_be_visible()
