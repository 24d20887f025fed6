"""Approvals written for other engines as multi-instance tasks, and brought back."""

import pytest

from tests import approvals
from workflows import bpmn
from workflows.documents import BPMN, read_xml
from workflows.exporting import as_multi_instance
from workflows.extensions import settings_of
from workflows.importing import import_bpmn


@pytest.mark.parametrize("mode", ["all", "any", "sequential", "count:2", "percent:60"])
@pytest.mark.parametrize("keep", [True, False])
def test_an_approval_comes_back_as_it_was(mode: str, keep: bool) -> None:
    given = approvals.process(approval=mode, approvers="group:board", reject="wait")

    written = as_multi_instance(given)

    [marker] = read_xml(written).iter(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    assert marker.get("isSequential") == ("true" if mode == "sequential" else "false")
    if not keep:  # another engine has dropped what it does not know
        written = written.replace(b'name="approval" ', b'name="forgotten" ')
    files = import_bpmn(written).files
    [path] = [one for one in files if one.endswith(".bpmn")]
    [process] = bpmn.read(files[path]).processes
    settings = settings_of(process.elements["approve"])
    assert settings.approval["approval"].text == mode
    assert process.elements["approve"].loop is None
    if keep:
        assert settings.approval["approvers"].text == "group:board"
        assert settings.approval["reject"].text == "wait"
