"""What browser tests do beside clicking: calls with a page's own session, and axe's judgement."""

import base64
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "admin_ui/node_modules/axe-core/axe.min.js"

_CALL = """async ([method, path, type, bytes, match]) => {
  const session = await (await fetch('/api/v1/session')).json()
  const key = 'k' + crypto.getRandomValues(new Uint32Array(2)).join('')
  const headers = {'X-CSRF-Token': session.csrf, 'Idempotency-Key': key}
  if (type) headers['Content-Type'] = type
  if (match) headers['If-None-Match'] = match
  const body = bytes === null ? undefined : Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))
  const answer = await fetch('/api/v1' + path, {method, headers, body})
  return [answer.status, await answer.text()]
}"""


def call(page: Page, method: str, path: str, body: bytes | None = None, kind: str = "") -> str:
    """A call with the session of the page; the answer as text."""
    data = None if body is None else base64.b64encode(body).decode()
    status, text = page.evaluate(_CALL, [method, path, kind, data, ""])
    assert status < 400, text
    return str(text)


def no_findings(page: Page, name: str) -> None:
    """Axe has nothing against the page."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert told == [], f"{name}: {told}"
