"""Packages come in over the interface: good ones become versions, bad ones are told why."""

import io
import json
import struct
import time
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests import packages
from tests.clients import Client
from tests.conftest import AsUser


def send(
    client: Client, data: bytes, path: str = "/api/v1/deployments", **headers: str
) -> TestResponse:
    """A deployment as a browser's form sends it; large ones as the body itself."""
    if len(data) > 500_000:
        return client.post(path, data=data, content_type="application/zip", headers=headers)
    form = {"package": (io.BytesIO(data), "package.zip")}
    return client.post(path, data=form, headers=headers)


def deploy(client: Client, files: Mapping[str, bytes] | None = None) -> TestResponse:
    return send(client, packages.zipped(files or packages.files()))


def test_deploying_a_zip_makes_a_version(as_user: AsUser) -> None:
    owner = as_user("chenjing")

    answer = deploy(owner)

    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["key"], answer.json["version"], answer.json["created"]) == (
        "printer",
        1,
        True,
    )
    assert answer.headers["Location"] == "/api/v1/processes/printer/versions/1"
    assert owner.get(answer.headers["Location"]).status_code == 200


def test_deploying_the_same_again_answers_200_with_the_same_version(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    answer = deploy(owner)

    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["version"], answer.json["created"]) == (1, False)


def test_a_zip_may_be_the_body_itself_and_may_hold_one_folder(as_user: AsUser) -> None:
    inside = {f"printer/{path}": data for path, data in packages.files().items()}

    answer = as_user("chenjing").post(
        "/api/v1/deployments", data=packages.zipped(inside), content_type="application/zip"
    )

    assert answer.status_code == 201


def test_a_changed_package_says_what_changed(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    deploy(owner)

    answer = deploy(owner, packages.files(replaced={"process.bpmn": packages.one_task("上门处理")}))

    assert answer.json is not None
    assert answer.json["version"] == 2
    assert answer.json["changes"] == [
        {
            "document": "process.bpmn",
            "element": "handle",
            "kind": "changed",
            "what": "name",
            "before": "处理",
            "after": "上门处理",
        }
    ]


def test_a_repeated_deployment_with_its_key_gives_the_first_answer(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    data = packages.zipped(packages.files())
    first = send(owner, data, **{"Idempotency-Key": "one"})

    again = send(owner, data, **{"Idempotency-Key": "one"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json


def test_a_draft_is_deployed_by_its_key(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    files = {path: data.decode() for path, data in packages.files().items()}
    owner.put("/api/v1/processes/printer/draft", json={"files": files})

    answer = owner.post("/api/v1/deployments", json={"draft": "printer"})

    assert answer.status_code == 201
    assert owner.get("/api/v1/processes/printer/draft").json["base"] == 1  # type: ignore[index]


def test_a_draft_that_has_changed_since_is_not_deployed(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    files = {path: data.decode() for path, data in packages.files().items()}
    seen = owner.put("/api/v1/processes/printer/draft", json={"files": files}).headers["ETag"]
    owner.put("/api/v1/processes/printer/draft/files/README.md", data=b"meanwhile")

    answer = owner.post(
        "/api/v1/deployments", json={"draft": "printer"}, headers={"If-Match": seen}
    )

    assert answer.status_code == 412
    assert owner.get("/api/v1/processes/printer").status_code == 404


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_findings_name_the_place_in_the_readers_language(as_user: AsUser, language: str) -> None:
    process = packages.one_task(groups="nobody_knows")
    data = packages.zipped(packages.files(replaced={"process.bpmn": process}))

    answer = send(as_user("chenjing"), data, **{"Accept-Language": language})

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"] == "definition-invalid"
    [finding] = [one for one in answer.json["findings"] if one["severity"] == "error"]
    assert (finding["document"], finding["element"], finding["code"]) == (
        "process.bpmn",
        "handle",
        "group-unknown",
    )
    assert finding["text"] != "group-unknown"
    assert "nobody_knows" in finding["text"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in finding["text"]) is (
        language == "zh-CN"
    )


def test_checking_answers_with_findings_and_deploys_nothing(as_user: AsUser) -> None:
    owner = as_user("chenjing")
    good = send(owner, packages.zipped(packages.files()), "/api/v1/deployments/check")
    process = packages.one_task(status="nonsense")
    wrong = packages.zipped(packages.files(replaced={"process.bpmn": process}))

    bad = send(owner, wrong, "/api/v1/deployments/check")

    assert (good.status_code, bad.status_code) == (200, 200)
    assert good.json is not None
    assert bad.json is not None
    assert [one for one in good.json["findings"] if one["severity"] == "error"] == []
    assert "status-unknown" in [one["code"] for one in bad.json["findings"]]
    assert owner.get("/api/v1/processes").json == {"items": [], "next": None}


@pytest.mark.parametrize("username", ["zhoumin", "lina", "zhaoyun"])
def test_who_does_not_own_processes_may_not_deploy_or_check(as_user: AsUser, username: str) -> None:
    stranger = as_user(username)
    data = packages.zipped(packages.files())

    for path in ("/api/v1/deployments", "/api/v1/deployments/check"):
        answer = send(stranger, data, path)
        assert answer.status_code == 403
        assert answer.json is not None
        assert answer.json["code"] == "not-allowed"


def test_nobody_deploys_without_signing_in(client: Client) -> None:
    assert deploy(client).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"json": {}}, 422, "invalid-input"),
        ({"json": {"draft": 5}}, 422, "invalid-input"),
        ({"json": {"draft": "no_such"}}, 404, "not-found"),
        ({"json": {"draft": "a\x00b"}}, 422, "invalid-input"),
        ({"json": []}, 422, "invalid-input"),
        ({"json": {"draft": "a", "more": 1}}, 422, "invalid-input"),
        ({"data": b"{", "content_type": "application/json"}, 400, "malformed-json"),
        ({"data": b"x", "content_type": "text/plain"}, 415, "unsupported-media-type"),
        ({"data": {"other": "x"}}, 415, "unsupported-media-type"),
        ({"data": {"other": (io.BytesIO(b"x"), "x.zip")}}, 422, "invalid-input"),
        ({}, 415, "unsupported-media-type"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/deployments", "/api/v1/deployments/check"])
def test_a_body_that_is_no_package_is_refused(
    as_user: AsUser, body: dict[str, Any], status: int, code: str, path: str
) -> None:
    # The stream of an upload can be read only once.
    if isinstance(body.get("data"), dict):
        body = {"data": {name: _fresh(part) for name, part in body["data"].items()}}

    answer = as_user("chenjing").post(path, **body)

    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["code"] == code


def _fresh(part: Any) -> Any:
    return (io.BytesIO(b"x"), "x.zip") if isinstance(part, tuple) else part


# What strangers send. Each is refused with a finding, within two seconds, and nothing of it is run.


def chain(length: int, kind: str = "task") -> bytes:
    steps = "".join(f'<bpmn:{kind} id="n{i}"/>' for i in range(length))
    flows = "".join(packages.flow(f"n{i}", f"n{i + 1}") for i in range(length - 1))
    return packages.bpmn(
        f'<bpmn:startEvent id="begin"/>{steps}<bpmn:endEvent id="finish"/>{flows}'
        + packages.flow("begin", "n0")
        + packages.flow(f"n{length - 1}", "finish")
    )


def circle_of_calls() -> dict[str, bytes]:
    def process(identity: str, called: str) -> bytes:
        return packages.bpmn(
            f'<bpmn:startEvent id="b{identity}"/>'
            f'<bpmn:callActivity id="c{identity}" calledElement="{called}"/>'
            f'<bpmn:endEvent id="e{identity}"/>'
            + packages.flow(f"b{identity}", f"c{identity}")
            + packages.flow(f"c{identity}", f"e{identity}"),
            process=identity,
        )

    return {
        "process.bpmn": process("main", "other"),
        "processes/other.bpmn": process("other", "main"),
    }


def condition(text: str) -> bytes:
    return packages.bpmn(
        '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="g" default="g_b"/>'
        '<bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>'
        + packages.flow("begin", "g")
        + '<bpmn:sequenceFlow id="g_a" sourceRef="g" targetRef="a"><bpmn:conditionExpression>'
        + text
        + "</bpmn:conditionExpression></bpmn:sequenceFlow>"
        + packages.flow("g", "b")
    )


DTD = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{}]>'
BOMB = DTD.format(
    "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEAD = packages.HEAD.partition("\n")[2]
LOOP = packages.bpmn(
    '<bpmn:startEvent id="begin"/><bpmn:task id="a"/><bpmn:task id="b"/>'
    + packages.flow("begin", "a")
    + packages.flow("a", "b")
    + packages.flow("b", "a")
)
SCRIPT = packages.bpmn(
    '<bpmn:startEvent id="begin"/><bpmn:scriptTask id="s"><bpmn:script>'
    "import os; os.system('touch /tmp/pwned')</bpmn:script></bpmn:scriptTask>"
    '<bpmn:endEvent id="finish"/>' + packages.flow("begin", "s") + packages.flow("s", "finish")
)
HOSTILE: dict[str, dict[str, bytes | None]] = {
    "entities": {
        "process.bpmn": packages.one_task().replace(
            b'<?xml version="1.0" encoding="UTF-8"?>', BOMB.encode()
        )
    },
    "outside entity": {"process.bpmn": (OUTSIDE + HEAD + "&a;</bpmn:definitions>").encode()},
    "deep": {"process.bpmn": b"<a>" * 50_000},
    "not xml": {"process.bpmn": b"\x00\x01\x02"},
    "empty": {"process.bpmn": b""},
    "not bpmn": {"process.bpmn": b"<html/>"},
    "5,000 nodes": {"process.bpmn": chain(5_000)},
    "5,000 user tasks": {"process.bpmn": chain(5_000, "userTask")},
    "duplicate ids": {"process.bpmn": packages.one_task().replace(b'id="finish"', b'id="handle"')},
    "circle of calls": dict(circle_of_calls()),
    "loop without a wait": {"process.bpmn": LOOP},
    "code in a condition": {
        "process.bpmn": condition('__import__("os").system("touch /tmp/pwned")')
    },
    "code in a script": {"process.bpmn": SCRIPT},
    "a long condition": {"process.bpmn": condition("(" * 100_000)},
    "no process": {"process.bpmn": None},
    "no manifest": {"package.toml": None},
    "manifest of another world": {"package.toml": b"\xff\xfe"},
    "manifest too deep": {"package.toml": b"a = " + b"[" * 100_000},
    "key that is none": {"package.toml": packages.manifest().replace(b'"printer"', b'"../etc"')},
    "form too deep": {"forms/report.json": b"[" * 100_000},
    "form of huge numbers": {
        "forms/report.json": b'{"key": "report", "fields": [' + b"9" * 100_000 + b"]}"
    },
    "form that is none": {"forms/report.json": b"[]"},
    "decision with entities": {
        "decisions/a.dmn": (
            BOMB
            + '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">&j;</definitions>'
        ).encode()
    },
    "decision that is none": {"decisions/a.dmn": b"<nothing/>"},
    "a program": {"run.sh": b"#!/bin/sh"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_with_findings_within_two_seconds(
    as_user: AsUser, name: str
) -> None:
    owner = as_user("chenjing")
    files = packages.files(replaced=HOSTILE[name])

    before = time.thread_time()  # what else runs on the machine does not count
    answer = deploy(owner, files)
    took = time.thread_time() - before

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["code"] == "definition-invalid"
    assert "error" in {one["severity"] for one in answer.json["findings"]}
    assert all(one["text"] != one["code"] for one in answer.json["findings"])
    assert took < 2
    assert owner.get("/api/v1/processes").json == {"items": [], "next": None}


def _entry(path: str, link: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in packages.files().items():
            archive.writestr(name, data)
        info = zipfile.ZipInfo(path)
        info.create_system = 3
        info.external_attr = (0o120777 if link else 0o100644) << 16
        archive.writestr(info, b"/etc/passwd")
    return buffer.getvalue()


def _bomb() -> bytes:
    return packages.zipped(packages.files(replaced={"long.md": b"x" * 19_000_000}))


def _lying_bomb() -> bytes:
    """Says ten bytes and unpacks to ten million."""
    data = packages.zipped({"long.md": b"x" * 10_000_000})
    size = struct.pack("<I", 10_000_000)
    return data.replace(size, struct.pack("<I", 10))


def _corrupt() -> bytes:
    data = bytearray(packages.zipped(packages.files()))
    start = data.index(b"package.toml") + len("package.toml")
    data[start : start + 40] = b"\xff" * 40
    return bytes(data)


def _many() -> bytes:
    return packages.zipped({f"f{number}.md": b"" for number in range(5_000)})


def _twice() -> bytes:
    data = packages.zipped({"package.toml": packages.manifest(), "package.tomm": b"x"})
    return data.replace(b"package.tomm", b"package.toml")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: _entry("../../evil.md"), id="slip"),
        pytest.param(lambda: _entry("/etc/evil.md"), id="absolute"),
        pytest.param(lambda: _entry("forms\\..\\evil.json"), id="backslash"),
        pytest.param(lambda: _entry("link.md", link=True), id="link"),
        pytest.param(_bomb, id="bomb"),
        pytest.param(_lying_bomb, id="lying bomb"),
        pytest.param(_corrupt, id="corrupt"),
        pytest.param(_many, id="many files"),
        pytest.param(_twice, id="one name twice"),
        pytest.param(lambda: b"", id="empty"),
        pytest.param(lambda: b"PK\x03\x04 no zip", id="no zip"),
        pytest.param(lambda: packages.zipped({}), id="empty zip"),
        pytest.param(lambda: packages.zipped(packages.files())[:-30], id="cut"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/deployments", "/api/v1/deployments/check"])
def test_a_hostile_zip_is_refused_within_two_seconds(as_user: AsUser, data: Any, path: str) -> None:
    owner = as_user("chenjing")
    sent = data()

    before = time.thread_time()  # what else runs on the machine does not count
    answer = send(owner, sent, path)
    took = time.thread_time() - before

    assert answer.json is not None
    assert answer.status_code == (200 if path.endswith("check") else 422)
    assert "error" in {one["severity"] for one in answer.json["findings"]}
    assert took < 2


def test_a_package_that_is_too_large_is_refused(as_user: AsUser) -> None:
    answer = send(as_user("chenjing"), b"x" * 20_000_001)

    assert answer.status_code == 413
    assert json.loads(answer.data)["code"] == "too-large"
