"""The shared cases: one table of expressions per section of the standard."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workflows import feel

CASES = json.loads((Path(__file__).parents[2] / "feel_cases.json").read_text("utf-8"))


def as_json(value: Any) -> Any:
    """A FEEL value as the cases write it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['section']}: {case['expression']}" for case in CASES]
)
def test_gives_the_value_that_the_standard_says(case: dict[str, Any]) -> None:
    found = as_json(feel.evaluate(case["expression"], case["context"]))

    assert found == case["result"]
    assert isinstance(found, bool) == isinstance(case["result"], bool)
