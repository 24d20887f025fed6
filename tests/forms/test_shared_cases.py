"""The cases that the browser runs too: one meaning of a form on both sides."""

import json
from pathlib import Path
from typing import Any

import pytest

from forms import compiler, documents

SHARED = json.loads((Path(__file__).parents[1] / "form_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_judges_as_both_sides_agree(case: dict[str, Any]) -> None:
    form = documents.read(SHARED["forms"][case["form"]])
    circumstances = {key: case[key] for key in ("scope", "access", "before") if key in case}

    judged = compiler.judge(form, case["answers"], **circumstances)

    if "values" in case:
        assert judged.errors == []
        assert judged.values == case["values"]
        assert json.loads(json.dumps(judged.values)) == judged.values
    else:
        found = {(error.pointer, error.code): dict(error.params) for error in judged.errors}
        assert set(found) == {(error["pointer"], error["code"]) for error in case["errors"]}
        for error in case["errors"]:
            params = error.get("params", {})
            assert {key: found[error["pointer"], error["code"]][key] for key in params} == params
