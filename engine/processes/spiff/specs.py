"""The library's process specification, lean: our elements and nothing the diagram does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

if TYPE_CHECKING:
    from engine.processes.spiff.gateways import Inclusive
    from engine.processes.spiff.nodes import Node
    from engine.processes.spiff.scopes import AdHoc


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a diagram as the rest of the engine knows it.

    `kind` is the BPMN tag (`userTask`); `enclosing` are the sub-processes around it in its own
    diagram, outermost first; `lane` is not read here.
    """

    id: str
    kind: str
    name: str | None
    process: str
    enclosing: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    attached_to: str | None = None


class ProcessSpec(WorkflowSpec):  # type: ignore[misc]
    """A process or sub-process: its nodes, and which of them begin.

    `starts` get a token when it starts; `watchers` are the events that start its event
    sub-processes; `process` is the id of the diagram it belongs to.
    """

    task_specs: "dict[str, Node]"

    def __init__(self, name: str, process: str) -> None:
        super().__init__(name=name)
        self.process = process
        self.starts: list[Node] = []
        self.watchers: list[Node] = []
        self.ad_hoc: AdHoc | None = None  # the ad-hoc sub-process whose inside this is
        self.undo: Node | None = None  # undoes everything inside a cancelled transaction
        self.joins: list[Inclusive] = []  # inclusive and complex: looked at when nothing else moves
        # What the library's workflow looks for; variables are ours.
        self.data_objects: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
