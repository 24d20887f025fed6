"""A new type begins as a copy of a sample, which can be deployed as it is."""

import pytest
from flask import Flask

from api import sample_types
from tests.conftest import AsUser
from workflows.copying import copied

NAME = {"zh-CN": "打印机", "en": "Printers"}


def test_samples_are_listed_with_their_drawing(as_user: AsUser) -> None:
    found = as_user("chenjing", "process_owner").get("/api/v1/samples").get_json()["samples"]
    by_key = {one["key"]: one for one in found}
    assert set(by_key) >= {"it_incident", "leave_request", "customer_complaint"}
    assert by_key["it_incident"]["name"]["en"] == "IT incident"
    assert "BPMNDiagram" in by_key["it_incident"]["process"]
    assert as_user("lina").get("/api/v1/samples").status_code == 403


@pytest.mark.parametrize("sample", [one.manifest.key for one in sample_types.all_of_them()])
def test_a_copy_is_deployed_beside_its_sample(app: Flask, as_user: AsUser, sample: str) -> None:
    admin = as_user("admin")
    original = sample_types.find(sample)
    assert original is not None
    path = f"/api/v1/samples/{sample}/copies"
    made = admin.post(path, json={"key": "printers", "prefix": "PR", "name": NAME})
    assert made.status_code == 201
    assert len(made.get_json()["files"]) == len(original.files)

    manifest = admin.get("/api/v1/processes/printers/draft/files/package.toml").data.decode()
    assert 'key = "printers"' in manifest
    assert 'number = "PR-{date}-{seq:4}"' in manifest
    again = admin.post(path, json={"key": "printers", "prefix": "PR", "name": NAME})
    assert again.status_code == 409

    checked = admin.post("/api/v1/deployments/check", json={"draft": "printers"}).get_json()
    wrong = {one["code"] for one in checked["findings"] if one["severity"] == "error"}
    # People and departments of the demonstration are not there; nothing else is missing.
    assert wrong <= {"unknown-department", "unknown-user", "unknown-group"}


def test_nothing_but_the_identity_changes() -> None:
    files = {
        "package.toml": b'# ours\nkey = "a"\nnumber = "A-{seq:4}"\nname = { en = "A" }  # said\n'
        b'intake = "report"\n\n[statuses]\nname = { category = "open", en = "x" }\n',
        "process.bpmn": b'<x calledElement="a:part"/><y calledElement="b:part" id="a"/>',
        "README.md": "a 的说明".encode(),
    }
    found = copied(files, "b2", "B-{date}-{seq:4}", NAME)
    assert found["package.toml"].decode() == (
        '# ours\nkey = "b2"\nnumber = "B-{date}-{seq:4}"\n'
        'name = { zh-CN = "打印机", en = "Printers" }\n'
        'intake = "report"\n\n[statuses]\nname = { category = "open", en = "x" }\n'
    )
    assert (
        found["process.bpmn"] == b'<x calledElement="b2:part"/><y calledElement="b:part" id="a"/>'
    )
    assert found["README.md"] == files["README.md"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"key": "Printers!", "prefix": "PR", "name": NAME}, 422),
        ({"key": "printers", "prefix": "pr-1", "name": NAME}, 422),
        ({"key": "printers", "prefix": "PR", "name": {}}, 422),
    ],
)
def test_a_bad_identity_is_refused(as_user: AsUser, body: dict[str, object], status: int) -> None:
    admin = as_user("admin")
    assert admin.post("/api/v1/samples/it_incident/copies", json=body).status_code == status
    assert admin.post("/api/v1/samples/nothing/copies", json={**body, "key": "x"}).status_code in (
        404,
        422,
    )
