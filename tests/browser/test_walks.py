"""People at work in the browser: report, triage, live news, diagram, both languages, the phone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]


def _report(page: Page, title: str) -> str:
    """A requester reports an IT incident; the number of the ticket."""
    page.goto("/p/new/it_incident")
    page.locator("[data-field=title] input").fill(title)
    page.locator("[data-field=category] input").click()
    page.get_by_role("menuitemcheckbox", name="网络与 VPN").click()
    page.get_by_role("menuitemcheckbox", name="VPN 连不上").click()
    page.get_by_text("只影响我自己").click()
    page.locator("[data-field=description] textarea").fill("早上开始连不上")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/p/tickets/**")
    return page.url.rsplit("/", 1)[1]


def test_a_report_reaches_the_desk_and_both_see_each_others_steps_live(
    visit: Visit, shot: Shot
) -> None:
    requester = visit("zhoumin")
    agent = visit("huangjie")
    agent.goto("/work?queue=all")
    number = _report(requester, "浏览器里报的 VPN 故障")

    # the list of the agent shows it without a reload
    row = agent.get_by_text("浏览器里报的 VPN 故障")
    expect(row).to_be_visible(timeout=2000)
    shot(requester, "portal-ticket-1440-zh")
    row.click()
    expect(agent.get_by_text(number).first).to_be_visible()
    shot(agent, "work-1440-zh")

    # the agent answers; the requester reads it within two seconds
    agent.get_by_placeholder("输入消息").fill("马上看")
    agent.get_by_role("button", name="发送").click()
    expect(requester.get_by_text("马上看")).to_be_visible(timeout=2000)


def test_the_diagram_shows_where_the_ticket_stands(visit: Visit, shot: Shot) -> None:
    requester, agent = visit("zhoumin"), visit("huangjie")
    number = _report(requester, "看流程图")
    agent.goto(f"/work/{number}")
    agent.get_by_role("tab", name=re.compile("流程图")).click()

    expect(agent.locator(".djs-element[data-element-id=triage]")).to_be_visible()
    expect(agent.locator(".bjs-powered-by")).to_be_visible()
    shot(agent, "workflow-1440-zh")


def test_english_is_complete_where_chinese_is(visit: Visit, shot: Shot) -> None:
    page = visit("huangjie")
    page.goto("/work?queue=all")
    page.get_by_role("button", name=re.compile("语言、外观")).click()
    page.get_by_role("menuitem", name="English").click()
    expect(page.get_by_text("New ticket")).to_be_visible()
    shot(page, "work-1440-en")

    for place in ("header", "nav[aria-label]"):
        for words in page.locator(place).all_inner_texts():
            left = re.sub(r"\b[\u4e00-\u9fff]$", "", words)  # the initial of a Chinese name
            assert not re.search("[\u4e00-\u9fff]", left), words


def test_no_page_scrolls_sideways(visit: Visit, shot: Shot) -> None:
    for phone in (False, True):
        for who, path, name in (
            ("zhoumin", "/p", "portal"),
            ("zhoumin", "/p/new/it_incident", "report"),
            ("zhoumin", "/p/tickets", "mine"),
            ("huangjie", "/work", "work"),
            ("admin", "/design", "design"),
            ("admin", "/people", "people"),
            ("admin", "/running", "running"),
        ):
            page = visit(who, phone=phone)
            page.goto(path)
            page.wait_for_timeout(900)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= (390 if phone else 1440), (path, width)
            shot(page, f"{name}-page-{390 if phone else 1440}-zh")
            page.context.close()


def test_the_sign_in_page_says_what_is_wrong(visit: Visit, shot: Shot) -> None:
    page = visit(None)
    page.goto("/signin")
    page.locator("input[name=username]").fill("zhoumin")
    page.locator("input[name=password]").fill("wrong")
    page.locator("button[type=submit]").click()

    expect(page.get_by_text(re.compile("密码不正确"))).to_be_visible()
    shot(page, "signin-1440-zh")


def test_a_missing_chunk_is_not_answered_with_the_page(visit: Visit) -> None:
    page = visit(None)

    assert page.request.get("/assets/nothing-here.js").status == 404
