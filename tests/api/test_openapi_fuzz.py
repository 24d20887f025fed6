"""Calls made up from the description of the interface: never an accident, always as described."""

import os
from contextvars import Context
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi import checks

from engine.access import tokens
from engine.access.policy import SYSTEM
from tests import builders, tickets

EXAMPLES = int(os.environ.get("BANJIE_FUZZ_EXAMPLES", "4"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# Half of the calls are about things that are there.
KNOWN = {"username": "zhoumin", "key": "it-desk", "token_id": "none"}


def _operations(app: Flask) -> Any:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        yield found.ok()


@pytest.fixture
def token(app: Flask) -> str:
    """The key of an administrator, in a company with a ticket."""
    builders.person("admin")
    builders.person("zhoumin")
    builders.person("lina")
    tickets.deploy("loop", tickets.loop())
    made = builders.program_of(app, "zhoumin").post(
        "/api/v1/tickets", json={"type": "loop", "title": "打印机坏了", "values": {}}
    )
    assert made.status_code == 201, made.json
    KNOWN["number"] = made.json["number"]
    KNOWN["task_id"] = made.json["tasks"][0]["id"]
    _, secret = tokens.create(SYSTEM, "fuzz", username="admin")
    return secret


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_made_up_calls_never_cause_an_accident(
    app: Flask, token: str, mode: GenerationMode
) -> None:
    tried, accidents = [], {}
    for operation in _operations(app):
        tried.append(operation.label)
        try:
            _try(operation, mode, token)
        except Unsatisfiable:
            continue  # nothing can be wrong with a call that takes nothing
        except BaseExceptionGroup as failures:
            accidents[operation.label] = [str(each) for each in failures.exceptions]

    assert accidents == {}
    assert len(tried) > 40


def _try(operation: Any, mode: GenerationMode, token: str) -> None:
    count = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case) -> None:
        nonlocal count
        count += 1
        if count % 2:
            for name, value in KNOWN.items():
                if name in case.path_parameters:
                    case.path_parameters[name] = value
        headers = {"Authorization": f"Bearer {token}"}
        response = Context().run(case.call, headers=headers)
        case.validate_response(response, checks=CHECKS)

    call()
