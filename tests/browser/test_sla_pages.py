"""Clocks on tickets, and the pages of calendars, service levels, notices and channels."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn

Shot = Callable[[Page, str], None]


def begin_draft(page: Page) -> None:
    begin = page.get_by_role("button", name=re.compile("^从|开始"))
    expect(begin.or_(page.get_by_text("已保存到草稿"))).to_be_visible()
    if begin.is_visible():
        begin.click()


def test_clocks_stand_in_the_list_and_on_the_ticket(visit: SignIn, shot: Shot) -> None:
    page = visit("sunqian")
    page.goto("/work?queue=any")
    row = page.locator(".ticket-row").filter(has=page.locator(".clock")).first
    expect(row.locator(".clock")).to_contain_text(re.compile("剩|超时|按时|晚了|暂停"))
    row.click()
    cards = page.locator(".clock-card")
    expect(cards.first).to_be_visible()
    shot(page, "clocks-1440")

    cards.first.click()
    more = page.locator(".clock-more")
    expect(more.get_by_text("时限", exact=True)).to_be_visible()
    expect(more.get_by_text("依据")).to_be_visible()
    shot(page, "clock-more-1440")


def test_a_clock_is_given_more_time_with_a_reason(visit: SignIn) -> None:
    page = visit("zhaomingyuan")
    page.goto("/work?queue=any")
    page.locator(
        ".ticket-row:has(.clock[data-face=breached], .clock[data-face=running])"
    ).first.click()
    page.locator(".clock-card:is([data-face=breached], [data-face=running])").first.click()
    more = page.locator(".clock-more")
    more.get_by_role("button", name="延期").click()
    more.get_by_label("原因").fill("供应商停电")
    more.get_by_role("button", name="延期").click()
    expect(more).to_be_hidden()


def test_the_month_shows_holidays_and_a_date_is_closed(visit: SignIn, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/calendars?calendar=cn_office")
    expect(page.locator(".month")).to_be_visible()
    shot(page, "calendars-1440")
    day = page.locator("button.month-day:not([data-closed])").nth(3)
    date = day.get_attribute("data-date")
    day.click()
    page.get_by_role("combobox", name="这一天").click()
    page.locator(".ant-select-item-option", has_text="休息").click()
    page.get_by_label("名称，例如：除夕").fill("盘点")
    page.get_by_role("button", name="确定").click()
    page.get_by_role("button", name="保存").click()
    expect(page.locator(f"[data-date='{date}'][data-closed]")).to_contain_text("盘点")


def test_due_times_follow_the_policy_as_it_is_edited(visit: SignIn, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/design/it_incident/sla")
    begin_draft(page)
    due = page.locator(".due-list [data-clock=resolution]")
    expect(due).to_contain_text("8 时")
    page.get_by_role("button", name=re.compile("^解决")).click()
    shot(page, "sla-1440")
    page.get_by_role("spinbutton", name="时限 3 的长度").fill("6")
    page.get_by_role("spinbutton", name="时限 3 的长度").blur()
    expect(due).to_contain_text("6 时")
    expect(page.get_by_text("已保存到草稿")).to_be_visible()


def test_a_notice_and_its_words_are_written(visit: SignIn, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/design/equipment_repair/notifications")
    begin_draft(page)
    page.get_by_role("button", name=re.compile("状态改变.*on_the_way")).click()
    words = page.get_by_label(re.compile("^模板 · ")).first
    expect(words).to_have_value(re.compile("ticket"))
    page.get_by_role("button", name="看看样子").first.click()
    expect(page.locator(".template-html")).to_be_visible()
    shot(page, "notices-1440")


def test_a_channel_is_made_from_what_its_kind_asks_for(visit: SignIn, shot: Shot) -> None:
    page = visit("admin")
    page.goto("/settings")
    page.get_by_role("button", name="添加渠道").click()
    page.get_by_role("menuitem").filter(has_text="钉钉").click()
    drawer = page.get_by_role("dialog")
    drawer.locator("input[type=password]").first.fill("0" * 64)
    shot(page, "channel-1440")
    drawer.get_by_role("button", name="保存").click()
    expect(page.locator("[data-channel=dingtalk]")).to_be_visible()
    page.get_by_role("tab", name="发送记录").click()
    expect(page.get_by_text("没有这样的记录")).to_be_visible()


def test_routing_can_be_tried_beside_the_table_in_force(visit: SignIn) -> None:
    page = visit("admin")
    page.goto("/design/it_incident/routing")
    expect(page.get_by_text("还没有不一样的")).to_be_visible()


@pytest.mark.parametrize("path", ["/calendars", "/design/it_incident/sla", "/settings"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wider_than_a_phone(visit: SignIn, shot: Shot, path: str, language: str) -> None:
    page = visit("admin", phone=True, language=language, dark=language == "en")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    shot(page, f"sla{path.replace('/', '-')}-390-{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
