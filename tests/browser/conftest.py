"""A real server with the samples and the demo's people, and a real browser in front of it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "screenshots"
ADMIN_PASSWORD = "browser tests only 1"  # noqa: S105
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine is slow, not wrong; what has to be quick says so where it is looked at.
expect.set_options(timeout=15_000)
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser or a built application there is nothing to walk through."""
    missing = None
    if CHROMIUM is None:
        missing = "chromium is not installed"
    elif not (ROOT / "admin_ui/dist/index.html").exists():
        missing = "the browser application is not built: make ui"
    if missing and os.environ.get("BANJIE_REQUIRE_SERVICES"):
        pytest.exit(missing, returncode=1)
    if missing:
        for item in items:
            if "tests/browser" in str(item.path):
                item.add_marker(pytest.mark.skip(reason=missing))


@dataclass(frozen=True)
class Server:
    """Where the server listens, and the one password of the demonstration's people."""

    url: str
    password: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`banjie serve` on a free port with samples and the demo's people and tickets."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BANJIE_")},
        "BANJIE_DATA_DIR": str(folder),
        "BANJIE_ADMIN_PASSWORD": ADMIN_PASSWORD,
        "BANJIE_BIND": f"127.0.0.1:{port}",
    }
    run = [sys.executable, "-m", "api"]
    told = subprocess.run(  # noqa: S603
        [*run, "demo"], env=environ, cwd=ROOT, check=True, timeout=180, capture_output=True
    ).stdout.decode()
    password = re.search(r"people, password (\S+):", told)
    assert password is not None, told
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(  # noqa: S603
        [*run, "serve"], env=environ, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/live", process)
        yield Server(f"http://127.0.0.1:{port}", password[1])
    finally:
        process.terminate()
        process.wait(15)
        log.close()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test gets profiles of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


SignIn = Callable[..., Page]


@pytest.fixture
def visit(server: Server, chromium: Browser) -> Iterator[SignIn]:
    """`visit("sunqian")` gives that person's page after a real sign-in; several at once are fine.

    A request to another host, a failed script or an error on the console fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(
        username: str | None, *, phone: bool = False, language: str = "zh-CN", dark: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=server.url,
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)

        def judge(request: Request) -> None:
            if not request.url.startswith((server.url, "data:", "blob:")):
                wrong.append(f"request to {request.url}")

        page.on("request", judge)
        page.on("pageerror", lambda error: wrong.append(f"error on the page: {error}"))
        page.on(
            "console",
            lambda message: (
                wrong.append(f"console: {message.text}")
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        page.goto("/")
        if username is not None:
            page.locator("input[name=username]").fill(username)
            password = ADMIN_PASSWORD if username == "admin" else server.password
            page.locator("input[name=password]").fill(password)
            page.locator("button[type=submit]").click()
            page.wait_for_url(lambda url: "/signin" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page for a person to look at, in screenshots/."""

    def take(page: Page, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        page.wait_for_timeout(250)  # let the transitions end
        page.screenshot(path=SHOTS / f"{name}.png")

    return take
