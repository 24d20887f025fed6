"""The public functions of `workflows` that stand on decisions and imports."""

import workflows
from tests.workflows.importing import files

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x"
 namespace="n"><decision id="size" name="The size"><decisionTable hitPolicy="FIRST">
 <input id="i"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
 <output id="o" name="size"/>
 <rule id="r1"><inputEntry id="c1"><text>&gt; 100</text></inputEntry>
 <outputEntry id="e1"><text>"big"</text></outputEntry></rule>
 <rule id="r2"><inputEntry id="c2"><text>-</text></inputEntry>
 <outputEntry id="e2"><text>"small"</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""


def test_evaluates_a_decision_by_id_and_by_name() -> None:
    assert workflows.evaluate_decision(TABLE, "size", {"amount": 200}).outputs == "big"
    assert workflows.evaluate_decision(TABLE, "The size", {"amount": 2}).outputs == "small"
    assert workflows.evaluate_decision(TABLE, "size", {"amount": 2}).trace


def test_gives_null_and_a_warning_for_what_cannot_be_evaluated() -> None:
    for document, name in ((TABLE, "nothing"), (b"<", "size")):
        decision = workflows.evaluate_decision(document, name, {})

        assert decision.outputs is None
        assert decision.warnings


def test_imports_bpmn() -> None:
    imported = workflows.import_bpmn(files.PLAIN, key="mine")

    assert imported.key == "mine"
    assert b'key = "mine"' in imported.files["package.toml"]
    assert imported.report
