from tests.packages import bpmn, flow, form, manifest, package, user_task
from workflows.diff import Change, diff

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">'
    '<decision id="priority" name="Priority"><decisionTable hitPolicy="{policy}">'
    '<output id="o" name="priority"/>{rules}</decisionTable></decision></definitions>'
)
RULE = (
    "<rule><inputEntry><text>{when}</text></inputEntry>"
    '<outputEntry><text>"{then}"</text></outputEntry></rule>'
)


def process(step: str) -> bytes:
    """A process of one step `t`."""
    return bpmn(START + step + END + flow("s", "t") + flow("t", "e"))


def changes(path: str, before: bytes, after: bytes) -> list[tuple[object, ...]]:
    """What changed in one file: element, kind, fact, before and after."""
    one, other = package(replaced={path: before}), package(replaced={path: after})
    found = diff(one, other)
    assert {change.document for change in found} <= {path}
    return [(one.element, one.kind, one.what, one.before, one.after) for one in found]


def test_finds_nothing_between_equal_packages() -> None:
    assert diff(package(), package()) == []


def test_names_files_that_came_and_went() -> None:
    found = diff(package(replaced={"a.md": b"x"}), package(replaced={"b.md": b"x"}))

    assert found == [
        Change("a.md", None, "removed", "file"),
        Change("b.md", None, "added", "file"),
    ]


def test_says_what_changed_on_an_element() -> None:
    before = process(user_task("t", name="处理", groups="it", due="PT4H"))
    after = process(user_task("t", name="修理", groups="network", form="report"))

    assert changes("process.bpmn", before, after) == [
        ("t", "changed", "name", "处理", "修理"),
        ("t", "changed", "property groups", "it", "network"),
        ("t", "removed", "property due", "PT4H", None),
        ("t", "added", "property form", None, "report"),
    ]


def test_names_elements_and_flows_that_came_and_went() -> None:
    before = process(user_task("t", name="Work"))
    after = bpmn(START + END + flow("s", "e"))

    assert changes("process.bpmn", before, after) == [
        ("t", "removed", "userTask", "Work", None),
        ("s_t", "removed", "flow", "s_t", None),
        ("t_e", "removed", "flow", "t_e", None),
        ("s_e", "added", "flow", None, "s_e"),
    ]


def test_says_when_only_the_drawing_moved() -> None:
    before = process(user_task("t"))
    after = before.replace(
        b"</bpmn:definitions>",
        b'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"/></bpmn:definitions>',
    )

    assert changes("process.bpmn", before, after) == [(None, "changed", "layout", None, None)]


def test_says_what_changed_in_a_form_field_by_field() -> None:
    before = form("report", place={"kind": "text"}, old={"kind": "date"}, z={"kind": "text"})
    after = form("report", z={"kind": "text"}, place={"kind": "text", "required": True})

    found = changes("forms/report.json", before, after)

    assert found == [
        ("place", "added", "required", None, "True"),
        ("old", "removed", "date", "old", None),
        ("fields", "changed", "order", "place, z", "z, place"),
    ]


def test_says_what_changed_in_the_manifest() -> None:
    before = manifest()
    after = before.replace(b"In progress", b"Working").replace(b"done =", b"finished =")

    found = changes("package.toml", before, after)

    assert ("statuses.handling.en", "changed", "value", "In progress", "Working") in found
    assert ("statuses.done.category", "removed", "value", "closed", None) in found
    assert ("statuses.finished.category", "added", "value", None, "closed") in found


def test_says_when_statuses_changed_places() -> None:
    head = b'key = "printer"\nname = "x"\n[statuses]\n'
    one, two = b'a = {category = "open"}\n', b'b = {category = "closed"}\n'

    assert changes("package.toml", head + one + two, head + two + one) == [
        ("statuses", "changed", "order", "a, b", "b, a")
    ]


def test_says_what_changed_in_a_decision_rule_by_rule() -> None:
    rules = RULE.format(when='"P1"', then="a") + RULE.format(when="-", then="b")
    before = DMN.format(policy="FIRST", rules=rules).encode()
    after = DMN.format(policy="UNIQUE", rules=rules.replace('"b"', '"c"')).encode()

    assert changes("decisions/x.dmn", before, after) == [
        ("priority", "changed", "hit policy", "FIRST", "UNIQUE"),
        ("priority", "changed", "rule 2", '- | "b"', '- | "c"'),
    ]


def test_says_only_that_a_file_changed_which_it_cannot_read() -> None:
    assert changes("process.bpmn", b"<", b"<<") == [(None, "changed", "layout", None, None)]
    assert changes("README.md", b"a", b"b") == [(None, "changed", "text", None, None)]
    assert changes("forms/report.json", b"{", b"[") == [(None, "changed", "text", None, None)]
