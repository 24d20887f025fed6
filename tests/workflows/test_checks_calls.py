from tests.packages import bpmn, flow, package
from workflows.checks import Known, check
from workflows.constructs import MAX_CALL_DEPTH


def calling(process: str, *targets: str) -> bytes:
    """A process that calls these, one after the other."""
    steps = "".join(
        f'<bpmn:callActivity id="c{number}_{process}" calledElement="{target}"/>'
        for number, target in enumerate(targets)
    )
    ways = "".join(
        flow(f"c{number}_{process}", f"c{number + 1}_{process}")
        for number in range(len(targets) - 1)
    )
    return bpmn(f'<bpmn:userTask id="t_{process}"/>' + steps + ways, process=process)


def codes(files: dict[str, bytes], known: Known | None = None) -> list[tuple[str, str | None]]:
    """Code and element of the errors."""
    found = check(package(replaced=files), known)
    return [(one.code, one.element) for one in found if one.severity == "error"]


def test_follows_a_call_into_another_file() -> None:
    files = {"process.bpmn": calling("main", "parts"), "processes/parts.bpmn": calling("parts")}

    assert codes(files) == []


def test_refuses_a_call_of_a_process_that_is_not_there() -> None:
    assert codes({"process.bpmn": calling("main", "nowhere")}) == [("call-unknown", "c0_main")]


def test_refuses_a_process_that_calls_itself() -> None:
    assert codes({"process.bpmn": calling("main", "main")}) == [("call-circle", "c0_main")]


def test_refuses_a_circle_of_calls_and_names_it() -> None:
    files = {
        "process.bpmn": calling("main", "a", "b"),
        "processes/a.bpmn": calling("a", "b"),
        "processes/b.bpmn": calling("b", "a"),
    }

    found = [one for one in check(package(replaced=files)) if one.code == "call-circle"]

    assert [(one.document, one.params["circle"]) for one in found] == [
        ("processes/b.bpmn", "a → b → a")
    ]


def test_takes_two_calls_of_the_same_process() -> None:
    files = {
        "process.bpmn": calling("main", "a", "b", "a"),
        "processes/a.bpmn": calling("a", "b"),
        "processes/b.bpmn": calling("b"),
    }

    assert codes(files) == []


def test_refuses_calls_that_are_nested_too_deeply() -> None:
    names = ["main", *(f"p{number}" for number in range(MAX_CALL_DEPTH + 1))]
    files = {
        f"processes/{name}.bpmn": calling(name, *following)
        for name, following in zip(names, [[one] for one in names[1:]] + [[]], strict=True)
    }
    files["process.bpmn"] = files.pop("processes/main.bpmn")

    assert codes(files) == [("call-too-deep", "main")]


def test_refuses_a_process_id_that_two_files_use() -> None:
    files = {"process.bpmn": calling("main"), "processes/x.bpmn": calling("main")}

    assert codes(files) == [("process-twice", "main")]


def test_asks_the_installation_for_processes_of_other_packages() -> None:
    known = Known(processes={"parts": {"order"}})
    files = {"process.bpmn": calling("main", "parts:order", "parts:lost", "moon:land")}

    assert codes(files) == []
    assert codes(files, known) == [
        ("call-unknown", "c1_main"),
        ("call-package-unknown", "c2_main"),
    ]


def test_refuses_a_call_that_says_nothing() -> None:
    files = {"process.bpmn": bpmn('<bpmn:userTask id="t"/><bpmn:callActivity id="c"/>')}

    assert codes(files) == [("call-empty", "c")]
