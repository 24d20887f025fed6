"""The bytes of a running process: what comes back, how large they are, how they grow."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes import state
from engine.processes.runtime import (
    Definition,
    Host,
    Instance,
    ProcessFault,
    StateUnreadable,
    build,
)
from tests.engine.runtime.diagrams import Diagram, timer
from tests.engine.runtime.walking import NOW, Walk

VALUES = [
    None,
    True,
    0,
    -(2**63),
    2**200,
    1.5,
    "文字",
    b"bytes",
    Decimal("12.3400"),
    Decimal("1E+30"),
    date(2026, 3, 1),
    time(9, 30),
    time(9, 30, tzinfo=UTC),
    time(9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2026, 3, 1, 9, 30),  # noqa: DTZ001 - FEEL knows local times
    datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=8))),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    timedelta(days=3, seconds=4, microseconds=5),
    UUID(int=7),
    {1, 2, 3},
    (1, "two"),
    [1, [2, {"a": [Decimal("3")]}]],
    {"a": {"b": {"c": date(2026, 1, 1)}}, "空 格": 1},
]


def waiting() -> Definition:
    """A process with one user task."""
    d = Diagram()
    d.start()
    d.user("work")
    d.line("start", "work")
    return build([d.xml()])


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    definition, host = waiting(), Host(now=NOW)
    instance = Instance.start(definition, variables={"x": value}, host=host)
    instance.run()

    found = Instance.load(definition, instance.dump(), host=host).variables["x"]

    assert found == value
    assert type(found) is type(value)
    if isinstance(value, datetime):
        assert (found.fold, found.utcoffset()) == (value.fold, value.utcoffset())
        assert str(found.tzinfo) == str(value.tzinfo)


def test_a_duration_of_months_comes_back() -> None:
    from workflows.feel.values import YearsMonths

    found = state.unpack(state.pack([YearsMonths(15), YearsMonths(-1)]))

    assert found == [YearsMonths(15), YearsMonths(-1)]


@pytest.mark.parametrize("value", [object(), lambda: 1, type, {"a": [object()]}])
def test_a_value_without_a_form_is_a_fault(value: Any) -> None:
    instance = Instance.start(waiting(), variables={"x": value}, host=Host(now=NOW))

    with pytest.raises(ProcessFault) as fault:
        instance.dump()

    assert fault.value.code == "value-not-storable"


def test_values_nested_without_end_are_a_fault() -> None:
    value: list[Any] = []
    value.append(value)
    instance = Instance.start(waiting(), variables={"x": value}, host=Host(now=NOW))

    with pytest.raises(ProcessFault) as fault:
        instance.dump()

    assert fault.value.code == "value-not-storable"


def test_too_much_to_remember_is_a_fault() -> None:
    instance = Instance.start(waiting(), variables={"x": "a" * 5_000_000}, host=Host(now=NOW))

    with pytest.raises(ProcessFault) as fault:
        instance.dump()

    assert fault.value.code == "state-too-large"


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bytes_that_are_no_state_are_refused(blob: bytes) -> None:
    with pytest.raises(StateUnreadable):
        Instance.load(DEFINITION, blob, host=Host(now=NOW))


def test_a_state_cut_or_turned_is_refused_or_another_state() -> None:
    instance = Instance.start(DEFINITION, variables={"a": [1, 2, 3]}, host=Host(now=NOW))
    blob = instance.dump()
    for length in range(len(blob)):
        with pytest.raises(StateUnreadable):
            Instance.load(DEFINITION, blob[:length], host=Host(now=NOW))


def test_the_first_byte_is_the_format() -> None:
    blob = Instance.start(DEFINITION, variables={}, host=Host(now=NOW)).dump()

    assert blob[0] == 1
    with pytest.raises(StateUnreadable):
        Instance.load(DEFINITION, bytes((99,)) + blob[1:], host=Host(now=NOW))


def test_a_state_of_another_diagram_is_refused() -> None:
    d = Diagram()
    d.start()
    d.user("other")
    d.line("start", "other")
    instance = Instance.start(waiting(), variables={}, host=Host(now=NOW))
    instance.run()

    with pytest.raises(StateUnreadable):
        Instance.load(build([d.xml()]), instance.dump(), host=Host(now=NOW))


def test_a_state_moves_to_another_version_by_a_map_of_names() -> None:
    d = Diagram()
    d.start()
    d.user("new_name")
    d.line("start", "new_name")
    instance = Instance.start(waiting(), variables={"a": 1}, host=Host(now=NOW))
    instance.run()
    names = {"work": "new_name"}

    moved = Instance.load(
        build([d.xml()]),
        instance.dump(),
        host=Host(now=NOW),
        rename=lambda name: names.get(name, name),
    )

    assert [task.element for task in moved.tasks] == ["new_name"]
    assert moved.tasks[0].id == instance.tasks[0].id
    assert moved.variables == {"a": 1}


def looping() -> Diagram:
    """Handle, confirm, and back as often as somebody says no; a timer on each."""
    d = Diagram()
    d.start()
    d.node("exclusiveGateway", "merge")
    d.user("handle")
    d.user("confirm")
    d.node("exclusiveGateway", "gw", default="f_gw_end")
    d.end()
    d.line("start", "merge", "handle", "confirm", "gw", "end")
    d.flow("gw", "merge", 'answer = "no"')
    d.boundary("slow", "handle", timer("PT4H"), interrupting=False)
    d.script("escalate", "escalated = true")
    d.line("slow", "escalate")
    d.boundary("silent", "confirm", timer("P3D"))
    d.line("silent", "end")
    return d


def test_a_ticket_reopened_a_thousand_times_does_not_grow() -> None:
    walk = Walk(looping())
    sizes = []
    for _ in range(1000):
        walk.complete("handle")
        walk.steps.clear()
        walk.complete("confirm", answer="no")
        sizes.append(len(walk.blob))

    assert max(sizes) <= sizes[0] + 8
    assert max(sizes) <= 2000
    assert walk.complete("handle").complete("confirm", answer="yes").ended


def test_a_branch_that_loops_beside_one_that_waits_does_not_grow() -> None:
    d = looping()
    d.parts = [part for part in d.parts if 'id="f_start_merge"' not in part]
    d.node("parallelGateway", "fork")
    d.user("beside")
    d.node("parallelGateway", "join")
    d.line("start", "fork", "merge")
    d.line("fork", "beside", "join")
    walk = Walk(
        d.xml().replace(
            b'id="f_gw_end" sourceRef="gw" targetRef="end"',
            b'id="f_gw_end" sourceRef="gw" targetRef="join"',
        )
    )
    sizes = []
    for _ in range(200):
        walk.complete("handle").complete("confirm", answer="no")
        sizes.append(len(walk.blob))

    assert max(sizes) <= sizes[0] + 8
    assert walk.complete("handle").complete("confirm", answer="yes").open == ["beside"]
    assert walk.complete("beside").ended


def test_variables_are_not_shared_between_a_state_and_its_copy() -> None:
    walk = Walk(looping(), variables={"list": [1]})
    first = Instance.load(walk.definition, walk.blob, host=walk.host)
    second = Instance.load(walk.definition, walk.blob, host=walk.host)
    first.variables["list"].append(2)

    assert second.variables["list"] == [1]


DEFINITION = waiting()
