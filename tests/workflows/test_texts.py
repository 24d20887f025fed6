import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import bpmn, files, flow, manifest, package, user_task
from workflows.checks import Known, check
from workflows.findings import Finding
from workflows.packages import PackageError, from_files
from workflows.texts import LANGUAGES, catalogue, sentence

ROOT = Path(__file__).parents[2] / "workflows"
SOURCES = [
    *ROOT.glob("*.py"),
    *(ROOT / "checks").glob("*.py"),
    *(ROOT / "normalise").glob("*.py"),
    *(ROOT / "sla").glob("*.py"),
]
# Texts in quotes that look like codes and are none.
OTHER = re.compile(r"utf-|gb-|sub-start|event-sub-start|-\d|zh-CN")


def used_codes() -> set[str]:
    """The codes that the sources name."""
    quoted = re.compile(r'"([a-z]+(?:-[a-z0-9]+)+)"')
    found = {code for path in SOURCES for code in quoted.findall(path.read_text("utf-8"))}
    kinds = {f"{kind}-unknown" for kind in ("group", "user", "department")}
    return {code for code in found if not OTHER.search(code)} | kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_has_a_sentence_for_every_code(language: str) -> None:
    assert used_codes() - set(catalogue("workflows", language)) == set()


def test_has_no_sentence_that_only_one_language_has() -> None:
    first, second = (set(catalogue("workflows", language)) for language in LANGUAGES)

    assert first == second


def test_fills_the_same_blanks_in_every_language() -> None:
    blank = re.compile(r"(?<!\{)\{(\w+?)(?:_zh|_en)?\}")
    chinese, english = (catalogue("workflows", language) for language in LANGUAGES)

    for code, text in chinese.items():
        assert set(blank.findall(text)) == set(blank.findall(english[code])), code


def broken_packages() -> list[Finding]:
    """Findings of many kinds."""
    step = user_task("t", status="x", form="y", groups="g", users="u", access="a:b", due="z")
    body = (
        '<bpmn:startEvent id="s"/><bpmn:startEvent id="s"/>'
        + step
        + '<bpmn:serviceTask id="v"/><bpmn:scriptTask id="k"><bpmn:script>x</bpmn:script>'
        + '</bpmn:scriptTask><bpmn:callActivity id="c" calledElement="n"/>'
        + '<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:timerEventDefinition>'
        + "<bpmn:timeDuration>4h</bpmn:timeDuration></bpmn:timerEventDefinition>"
        + "</bpmn:boundaryEvent>"
        + flow("s", "t")
        + '<bpmn:sequenceFlow id="f" sourceRef="t" targetRef="v"><bpmn:conditionExpression>1 +'
        + "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    known = Known(groups=set(), users=set(), numbers={"x": "PRINTER-{date}-{seq:4}"})
    found: list[Finding] = []
    for data in (bpmn(body), bpmn(body.replace('<bpmn:startEvent id="s"/>', "", 1)), b"<", b""):
        found += check(package(replaced={"process.bpmn": data, "x.json": b"{"}), known)
    for wrong in (
        {"package.toml": b"key = 1"},
        {"package.toml": manifest(more="[access]\nwork=['x','role:y']\nsee=1")},
        {"package.toml": manifest(number="X")},
        {"../x": b""},
        {"x.exe": b""},
        {"x.md": b"\xff"},
    ):
        with pytest.raises(PackageError) as refused:
            from_files({**files(), **wrong})
        found += refused.value.findings
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_leaves_no_blank_open(language: str) -> None:
    found = broken_packages()

    assert len({finding.code for finding in found}) > 20
    for finding in found:
        text = sentence("workflows", language, finding.code, finding.params)
        assert text != finding.code
        assert not re.search(r"\{(?!date|seq)[a-z_]+\}", text), (finding.code, text)


def test_importing_the_package_reads_no_heavy_library() -> None:
    code = "import sys, workflows; print(sorted({'lxml', 'workflows.feel'} & set(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603

    assert run.stdout.strip() == b"[]"
