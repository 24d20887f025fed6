"""Ticket types of a test's own, made from a sample, so that one walk does not disturb another."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests import packages

Files = dict[str, bytes]
SAMPLES = Path(__file__).parents[2] / "samples"


def sample(name: str, key: str) -> Files:
    """The files of a sample as another type, without its examples."""
    folder = SAMPLES / name
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "examples" not in path.parts and "__pycache__" not in path.parts
    }
    toml = found["package.toml"].decode().replace(f'key = "{name}"', f'key = "{key}"', 1)
    prefix = key.upper().replace("_", "")
    found["package.toml"] = re.sub(r'number = "\w+-', f'number = "{prefix}-', toml).encode()
    return found


def changed(files: Files, **words: str) -> Files:
    """The same files with words of the diagram replaced."""
    text = files["process.bpmn"].decode()
    for old, new in words.items():
        text = text.replace(old, new)
    return {**files, "process.bpmn": text.encode()}


def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """A call of the interface as whoever is signed in on the page."""
    csrf = page.request.get("/api/v1/session").json()["csrf"]
    answer = page.request.fetch(
        f"/api/v1{path}", method=method, data=body, headers={"X-CSRF-Token": csrf}
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.status != 204 else None


def deploy(page: Page, files: Files) -> int:
    """A new version of the type; its number."""
    csrf = page.request.get("/api/v1/session").json()["csrf"]
    answer = page.request.post(
        "/api/v1/deployments",
        multipart={
            "package": {
                "name": "package.zip",
                "mimeType": "application/zip",
                "buffer": packages.zipped(files),
            }
        },
        headers={"X-CSRF-Token": csrf},
    )
    assert answer.ok, answer.text()
    number: int = answer.json()["version"]
    return number
