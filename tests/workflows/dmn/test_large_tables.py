"""A table as long as departments keep them goes through a package's checks and is found in."""

import time
from typing import Any

from tests.packages import package as package_with
from workflows import check, evaluate_decision


def test_ten_thousand_rules_of_nine_columns_are_a_package_and_decide_at_once(
    table: Any, document: Any
) -> None:
    columns = 8
    rows = [
        [*(f'"k{at * (column + 3) % 1000}"' for column in range(columns - 1)), f'"v{at}"', f"{at}"]
        for at in range(10_000)
    ]
    names = tuple(f"x{column}" for column in range(columns))
    xml = document(table(rows, inputs=names))
    deployed = package_with(replaced={"decisions/big.dmn": xml})

    findings = [one for one in check(deployed) if one.document == "decisions/big.dmn"]

    assert [one.code for one in findings if one.severity == "error"] == []
    context = {name: f"k{9876 * (at + 3) % 1000}" for at, name in enumerate(names)}
    context[names[-1]] = "v9876"
    evaluate_decision(xml, "D", context)
    started = time.process_time()
    answer = evaluate_decision(xml, "D", context)
    assert answer.outputs == 9876
    assert time.process_time() - started < 0.05
