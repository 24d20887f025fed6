"""A document changed in one place is the same bytes everywhere else."""

import pytest

from workflows.dmn import evaluate_decision
from workflows.dmn.writer import AddRule, RemoveRule, SetCell, SetLiteral, rewrite
from workflows.documents import DocumentError

TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/"   namespace='n'
    xmlns:tool="urn:tool"  tool:version="1 &gt; 0">
  <dmn:decision id="d" name="优先级">
    <dmn:decisionTable id="t" hitPolicy="FIRST">
      <dmn:input id="i">
        <dmn:inputExpression><dmn:text>a</dmn:text></dmn:inputExpression>
      </dmn:input>
      <dmn:output id="o" name="out"/>
      <dmn:rule id="r1">
        <dmn:inputEntry id="r1i"><dmn:text><![CDATA[< 5]]></dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="r1o"><dmn:text>"低"</dmn:text></dmn:outputEntry>
      </dmn:rule>
      <dmn:rule id="r2">
        <dmn:inputEntry id="r2i"/>
        <dmn:outputEntry><dmn:text/></dmn:outputEntry>
      </dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <dmn:decision id="l">
    <dmn:literalExpression><dmn:text>1 + 1</dmn:text></dmn:literalExpression>
  </dmn:decision>
  <tool:layout x="1"
     y='2' />
</dmn:definitions>
"""
DATA = TEXT.encode()


def test_no_change_is_the_same_bytes() -> None:
    assert rewrite(DATA, []) == DATA


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (SetCell("d", 1, 1, "< 7"), "<![CDATA[< 5]]>", "&lt; 7"),
        (SetCell("优先级", 1, 2, '"高"'), '"低"', '"高"'),
        (SetCell("d", 2, 1, "> 3"), '<dmn:inputEntry id="r2i"/>',
         '<dmn:inputEntry id="r2i"><dmn:text>&gt; 3</dmn:text></dmn:inputEntry>'),
        (SetCell("d", 2, 2, "5"), "<dmn:text/>", "<dmn:text>5</dmn:text>"),
        (SetLiteral("l", "2 < 3"), "1 + 1", "2 &lt; 3"),
        (RemoveRule("d", 2), TEXT[TEXT.index('      <dmn:rule id="r2"'):
                                  TEXT.index("    </dmn:decisionTable>")], ""),
        (AddRule("d", 9, ("[5..9]",), ('"中"',)), "      </dmn:rule>\n    </dmn:decisionTable>",
         '      </dmn:rule>\n      <dmn:rule id="rule_1">\n'
         '        <dmn:inputEntry id="inputEntry_1"><dmn:text>[5..9]</dmn:text></dmn:inputEntry>\n'
         '        <dmn:outputEntry id="outputEntry_1"><dmn:text>"中"</dmn:text></dmn:outputEntry>\n'
         "      </dmn:rule>\n    </dmn:decisionTable>"),
        (AddRule("d", 1, ("1",), ("2",)), '      <dmn:rule id="r1">',
         '      <dmn:rule id="rule_1">\n        <dmn:inputEntry id="inputEntry_1"><dmn:text>1'
         "</dmn:text></dmn:inputEntry>\n        <dmn:outputEntry id=\"outputEntry_1\"><dmn:text>2"
         '</dmn:text></dmn:outputEntry>\n      </dmn:rule>\n      <dmn:rule id="r1">'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_only_the_place_of_the_change_differs(
    change: object, before: str, after: str, encoding: str
) -> None:
    declared = {"gb18030": "GB18030", "utf-16": "UTF-16"}.get(encoding, "UTF-8")
    text = TEXT.replace('encoding="UTF-8"', f'encoding="{declared}"')
    assert text.count(before) == 1

    made = rewrite(text.encode(encoding), [change])  # type: ignore[list-item]

    assert made == text.replace(before, after).encode(encoding)


def test_several_changes_at_once_and_the_table_decides_anew() -> None:
    changes = [
        SetCell("d", 1, 2, '"少"'),
        SetCell("d", 2, 1, "-"),
        SetCell("d", 2, 2, '"多"'),
        AddRule("d", 2, ("5",), ('"五"',)),
    ]

    made = rewrite(DATA, changes)

    answers = [evaluate_decision(made, "d", {"a": value}).outputs for value in (1, 5, 6)]
    assert answers == ["少", "五", "多"]


@pytest.mark.parametrize(
    "change",
    [
        SetCell("nowhere", 1, 1, "1"),
        SetCell("d", 0, 1, "1"),
        SetCell("d", 3, 1, "1"),
        SetCell("d", 1, 3, "1"),
        SetLiteral("d", "1"),
        RemoveRule("l", 1),
        AddRule("d", 1, (), ()),
    ],
)
def test_a_place_that_is_not_there_is_refused(change: object) -> None:
    with pytest.raises(DocumentError) as refused:
        rewrite(DATA, [change])  # type: ignore[list-item]

    assert refused.value.code in ("decision-unknown", "place-unknown")
