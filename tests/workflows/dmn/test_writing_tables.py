"""A whole table written back changes what changed and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from workflows.dmn.checks import check
from workflows.dmn.drawing import Drawn, DrawnInput, DrawnNote, DrawnOutput, DrawnRule, drawn
from workflows.dmn.table_writer import blank, write_table
from workflows.documents import DocumentError

ROOT = Path(__file__).parents[3]
SAMPLE = (ROOT / "samples/it_incident/decisions/routing.dmn").read_bytes()
HAND = b"""<?xml version="1.0"?>
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
    namespace="urn:d" xmlns:x="urn:x">
  <dmn:decision id="pick" name="Pick">
    <dmn:extensionElements><x:keep a="1"/></dmn:extensionElements>
    <dmn:decisionTable id="t">
      <dmn:input id="i1" label='A &amp; B'>
        <dmn:inputExpression typeRef="string"><dmn:text><![CDATA[a]]></dmn:text>
        </dmn:inputExpression>
        </dmn:input>
      <!-- the amount -->
      <dmn:input id="i2">
        <dmn:inputExpression typeRef="number"><dmn:text>b</dmn:text></dmn:inputExpression>
        </dmn:input>
      <dmn:output id="o1" name="x" x:width="7"/>
      <dmn:annotation name="why"/>
      <dmn:rule id="r1">
        <dmn:inputEntry id="c1"><dmn:text>"p"</dmn:text></dmn:inputEntry>
        <dmn:inputEntry id="c2"><dmn:text>&lt; 5</dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="c3"><dmn:text>1</dmn:text></dmn:outputEntry>
        <dmn:annotationEntry><dmn:text>first</dmn:text></dmn:annotationEntry>
      </dmn:rule>
      <!-- the second -->
      <dmn:rule id="r2">
        <dmn:inputEntry id="c4"><dmn:text>"q"</dmn:text></dmn:inputEntry>
        <dmn:inputEntry id="c5"/>
        <dmn:outputEntry id="c6"><dmn:text>2</dmn:text></dmn:outputEntry>
      </dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
</dmn:definitions>
"""


def table(data: bytes, decision: str) -> Drawn:
    found = drawn(data, decision)
    assert found is not None
    return found


def same(one: Drawn, other: Drawn) -> bool:
    """The same table, wherever its parts came from."""

    def bare(of: Drawn) -> Drawn:
        return replace(
            of,
            inputs=tuple(replace(item, source=None) for item in of.inputs),
            outputs=tuple(replace(item, source=None) for item in of.outputs),
            notes=tuple(replace(item, source=None) for item in of.notes),
            rules=tuple(replace(item, source=None) for item in of.rules),
        )

    return bare(one) == bare(other)


@pytest.mark.parametrize(("data", "decision"), [(SAMPLE, "routing"), (HAND, "pick")])
def test_a_table_that_did_not_change_is_the_same_to_the_byte(data: bytes, decision: str) -> None:
    assert write_table(data, decision, table(data, decision)) == data


def test_one_cell_changes_one_stretch() -> None:
    before = table(SAMPLE, "routing")
    rule = replace(before.rules[1], tests=('"system","app"',))
    wanted = replace(before, rules=(before.rules[0], rule, before.rules[2]))

    made = write_table(SAMPLE, "routing", wanted)

    assert made == SAMPLE.replace(b'<text>"system"</text>', b'<text>"system","app"</text>')


@pytest.mark.parametrize(("data", "decision"), [(SAMPLE, "routing"), (HAND, "pick")])
def test_rows_move_there_and_back_to_the_same_bytes(data: bytes, decision: str) -> None:
    before = table(data, decision)
    turned = tuple(reversed(before.rules))

    made = write_table(data, decision, replace(before, rules=turned))
    again = table(made, decision)
    back = write_table(made, decision, replace(again, rules=tuple(reversed(again.rules))))

    assert same(again, replace(before, rules=turned))
    assert sorted(made.split()) == sorted(data.split())
    assert back == data


def _more_rows(one: Drawn) -> Drawn:
    empty = DrawnRule(
        None,
        ("-",) * len(one.inputs),
        ("null",) * len(one.outputs),
        ("",) * len(one.notes),
        "< & >",
    )
    return replace(one, rules=(empty, *one.rules, replace(one.rules[0], source=None)))


def _no_rows(one: Drawn) -> Drawn:
    return replace(one, rules=())


def _more_columns(one: Drawn) -> Drawn:
    rules = (
        replace(
            rule,
            tests=("> 1", *rule.tests),
            results=(*rule.results, '"z"'),
            notes=(*rule.notes, "n"),
        )
        for rule in one.rules
    )
    return replace(
        one,
        inputs=(DrawnInput(None, "ticket.priority", "优先级", "string", '"P0","P1"'), *one.inputs),
        outputs=(*one.outputs, DrawnOutput(None, "more", "更多", "string", '"z"', '"z"')),
        notes=(*one.notes, DrawnNote(None, "备注")),
        rules=tuple(rules),
    )


def _fewer_columns(one: Drawn) -> Drawn:
    rules = tuple(
        replace(rule, tests=rule.tests[:-1], results=rule.results[:1], notes=())
        for rule in one.rules
    )
    return replace(one, inputs=one.inputs[:-1], outputs=one.outputs[:1], notes=(), rules=rules)


def _heads(one: Drawn) -> Drawn:
    column = replace(one.inputs[0], expression="a < b", label='"<"', type="number", values="1,2")
    result = replace(one.outputs[0], name="y", label="Y", type="number", values="1,2", default="2")
    return replace(
        one,
        name="别的名字",
        hit_policy="COLLECT",
        aggregation="SUM",
        inputs=(column, *one.inputs[1:]),
        outputs=(result, *one.outputs[1:]),
    )


def _descriptions(one: Drawn) -> Drawn:
    return replace(one, rules=tuple(replace(rule, description="新 & 旧") for rule in one.rules))


def _columns_turned(one: Drawn) -> Drawn:
    rules = tuple(replace(rule, tests=tuple(reversed(rule.tests))) for rule in one.rules)
    return replace(one, inputs=tuple(reversed(one.inputs)), rules=rules)


@pytest.mark.parametrize(("data", "decision"), [(SAMPLE, "routing"), (HAND, "pick")])
@pytest.mark.parametrize(
    "change",
    [_more_rows, _no_rows, _more_columns, _fewer_columns, _heads, _descriptions, _columns_turned],
)
def test_what_is_wanted_is_what_is_read_again(data: bytes, decision: str, change: object) -> None:
    wanted = change(table(data, decision))  # type: ignore[operator]

    made = write_table(data, decision, wanted)

    assert same(table(made, decision), wanted)
    assert b"x:keep" in made or data is SAMPLE
    assert write_table(made, decision, table(made, decision)) == made


def test_a_new_table_begins_empty_and_is_filled() -> None:
    data = blank("who", "派给谁", "urn:banjie:test")
    wanted = Drawn(
        "派给谁",
        "FIRST",
        "",
        (DrawnInput(None, "ticket.priority", "优先级", "string"),),
        (DrawnOutput(None, "group", "派给", "string"),),
        (),
        (DrawnRule(None, ('"P0"',), ('"it"',)), DrawnRule(None, ("-",), ('"desk"',))),
    )

    made = write_table(data, "who", wanted)

    assert same(table(made, "who"), wanted)
    assert [each for each in check("who.dmn", made) if each.severity == "error"] == []


def test_a_place_that_is_not_there_is_refused() -> None:
    before = table(SAMPLE, "routing")
    for source in (3, -1, 0):
        rules = (before.rules[0], replace(before.rules[1], source=source))
        with pytest.raises(DocumentError):
            write_table(SAMPLE, "routing", replace(before, rules=rules))
    with pytest.raises(DocumentError):
        write_table(SAMPLE, "routing", replace(before, inputs=()))
    with pytest.raises(DocumentError):
        write_table(SAMPLE, "nobody", before)
