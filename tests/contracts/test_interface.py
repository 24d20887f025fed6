"""What holds for every call of the interface, whoever wrote it."""

import re

import pytest
from flask import Flask

from api import openapi
from tests.clients import Client

METHODS = ("get", "post", "put", "patch", "delete")

# The only calls that strangers may make.
PUBLIC = {
    ("post", "/api/v1/session"),
    ("get", "/api/v1/rating-links/{token}"),
    ("post", "/api/v1/rating-links/{token}"),
}


def _operations(app: Flask) -> list[tuple[str, str, dict]]:
    return [
        (method, path, operation)
        for path, operations in openapi.document(app)["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]


def test_every_call_asks_who_is_calling(app: Flask, client: Client) -> None:
    for method, path, _ in _operations(app):
        if (method, path) in PUBLIC:
            continue
        address = re.sub(r"\{[^}]*\}", "1", path)
        answer = client.open(address, method=method.upper(), json={})
        assert answer.status_code == 401, (method, path)
        assert answer.json["code"] == "not-signed-in"


def test_what_is_public_is_listed_here(app: Flask) -> None:
    described = {
        (method, path) for method, path, operation in _operations(app) if not operation["security"]
    }

    assert described == PUBLIC


def test_every_list_is_read_page_by_page(app: Flask) -> None:
    schemas = openapi.document(app)["components"]["schemas"]
    lists = []
    for method, path, operation in _operations(app):
        if method != "get":
            continue
        content = operation["responses"].get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        shape = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        assert schema.get("type") != "array", f"{path} answers a bare list"
        if "items" in shape.get("properties", {}):
            lists.append(path)
            assert "next" in shape["properties"], path
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert {"limit", "cursor"} <= names, path
    assert "/api/v1/users" in lists
    assert "/api/v1/tickets" in lists


def test_every_call_is_described_in_words(app: Flask) -> None:
    silent = [
        (method, path)
        for method, path, operation in _operations(app)
        if not operation.get("summary") or not operation.get("tags")
    ]

    assert silent == []


def test_every_successful_json_answer_has_a_schema(app: Flask) -> None:
    bare = []
    for method, path, operation in _operations(app):
        for status, response in operation["responses"].items():
            if not status.startswith("2") or status == "204":
                continue
            content = response.get("content", {})
            if not content or any(not media.get("schema") for media in content.values()):
                bare.append((method, path, status))
    assert bare == []


def test_every_refusal_is_described_as_a_problem(app: Flask) -> None:
    for method, path, operation in _operations(app):
        for status, response in operation["responses"].items():
            if status == "default" or status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (method, path)


@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/users", "/health/ready"])
def test_the_interface_never_answers_html(client: Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"):
        answer = client.open(path, method=method)
        assert "html" not in answer.content_type or method == "OPTIONS", method
