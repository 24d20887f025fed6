"""Every page, in both languages, in light and dark: readable for everybody, nothing cut off."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import call, no_findings

Visit = Callable[..., Page]
Shot = Callable[[Page, str], None]

LOOKS = [
    pytest.param(language, dark, id=f"{language}-{'dark' if dark else 'light'}")
    for language in ("zh-CN", "en")
    for dark in (False, True)
]
TYPE = "purchase_request"
OF_TYPE = ("", "/try", "/versions", "/rules", "/sla", "/notifications", "/routing", "/compare")


def _in(visit: Visit, who: str, language: str, *, dark: bool, phone: bool = False) -> Page:
    """Somebody's page in a language, which his account says from then on."""
    page = visit(who, language=language, dark=dark, phone=phone)
    body = json.dumps({"language": language}).encode()
    call(page, "PATCH", "/session", body, "application/json")
    page.evaluate("language => localStorage.setItem('banjie.language', language)", language)
    return page


def _look(page: Page, path: str, language: str) -> None:
    """Opens a page and has it judged once all of it is there."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main").first).to_be_visible()
    no_findings(page, f"{path} {language}")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{path} {language}: {wide} px too wide"


def _first(page: Page, path: str, *keys: str) -> str:
    found = json.loads(call(page, "GET", path))["items"][0]
    for key in keys:
        found = found[key]
    return str(found)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_the_pages_of_requesters(visit: Visit, language: str, dark: bool) -> None:
    page = _in(visit, "sunqian", language, dark=dark, phone=True)
    number = _first(page, "/tickets?limit=1", "number")
    for path in (
        *("/p", "/p/new/it_incident", "/p/new/purchase_request", "/p/tickets"),
        *(f"/p/tickets/{number}", "/p/me", "/p/notices", "/p/approvals", "/p/scan"),
    ):
        _look(page, path, language)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_the_pages_of_those_who_work(visit: Visit, language: str, dark: bool) -> None:
    page = _in(visit, "admin", language, dark=dark)
    number = _first(page, "/tickets?type=it_incident&limit=1", "number")
    for path in (
        *("/work", f"/work/{number}", f"/work/{number}?tab=diagram", "/board", "/approvals"),
        *("/notices", "/running", "/records", "/people", "/calendars", "/settings"),
    ):
        _look(page, path, language)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_the_pages_of_process_owners(visit: Visit, language: str, dark: bool) -> None:
    page = _in(visit, "admin", language, dark=dark)
    newest = int(_first(page, f"/processes/{TYPE}/versions", "version"))
    body = json.dumps({"version": newest}).encode()
    call(page, "PUT", f"/processes/{TYPE}/draft", body, "application/json")
    _look(page, "/design", language)
    for part in OF_TYPE:
        _look(page, f"/design/{TYPE}{part}", language)
    _look(page, f"/design/{TYPE}/forms/request", language)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_the_sign_in(visit: Visit, language: str, dark: bool) -> None:
    page = visit(None, language=language, dark=dark)
    page.evaluate("language => localStorage.setItem('banjie.language', language)", language)
    page.goto("/signin")
    expect(page.locator("button[type=submit]")).to_be_visible()
    no_findings(page, f"sign-in {language}")
