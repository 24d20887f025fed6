"""A ticket in the hands of a test: every act loads the state, does one thing, runs and saves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.processes.runtime import (
    Decide,
    Definition,
    Host,
    Instance,
    Limits,
    OpenTask,
    Step,
    Thrown,
    Wait,
    build,
)
from tests.engine.runtime.diagrams import Diagram

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


class Walk:
    """One instance, always through its bytes."""

    def __init__(
        self,
        *diagrams: Diagram | bytes,
        variables: dict[str, Any] | None = None,
        scope: Mapping[str, Any] | None = None,
        decide: Decide | None = None,
        limits: Limits | None = None,
        run: bool = True,
    ) -> None:
        self.definition: Definition = build(
            [d.xml() if isinstance(d, Diagram) else d for d in diagrams]
        )
        self.now = NOW
        self.scope = scope or {}
        self.decide = decide
        self.limits = limits or Limits()
        self.steps: list[Step] = []
        self.thrown: list[Thrown] = []
        self.instance = Instance.start(self.definition, variables=variables or {}, host=self.host)
        if run:
            self._settle()

    @property
    def host(self) -> Host:
        """What the engine lends now."""
        return Host(
            scope=self.scope,
            now=self.now,
            zone=ZoneInfo("Asia/Shanghai"),
            limits=self.limits,
            decide=self.decide,
        )

    def _load(self) -> Instance:
        self.instance = Instance.load(self.definition, self.blob, host=self.host)
        return self.instance

    def _settle(self) -> None:
        self.instance.run()
        self.steps += self.instance.steps
        self.thrown += self.instance.thrown
        self.blob = self.instance.dump()

    # --- doing ---------------------------------------------------------------------------

    def complete(self, element: str, /, **variables: Any) -> "Walk":
        """A person completes the (first) open task of an element."""
        instance = self._load()
        task = next(task for task in instance.tasks if task.element == element)
        instance.complete_task(task.id, variables)
        self._settle()
        return self

    def fire(self, element: str) -> bool:
        """The timer of an element comes, at the time it is due."""
        instance = self._load()
        wait = next(wait for wait in instance.waits if wait.element == element)
        assert wait.due is not None
        self.now = max(self.now, wait.due)
        instance = self._load()
        done = instance.fire_timer(wait.id)
        self._settle()
        return done

    def deliver(self, name: str, /, **payload: Any) -> bool:
        """A message or signal of a name arrives at the first token that waits for it."""
        instance = self._load()
        wait = next((wait for wait in instance.waits if wait.name == name), None)
        done = wait is not None and instance.deliver(wait.id, payload)
        self._settle()
        return done

    def serve(self, element: str, result: dict[str, Any]) -> "Walk":
        """A job reports that the work of a service task is done."""
        instance = self._load()
        service = next(service for service in instance.services if service.element == element)
        instance.complete_service(service.id, result)
        self._settle()
        return self

    def fail(self, element: str, code: str | None) -> bool:
        """A job reports that the work of a service task has failed."""
        instance = self._load()
        service = next(service for service in instance.services if service.element == element)
        done = instance.fail_service(service.id, code)
        self._settle()
        return done

    def advance(self, **span: float) -> "Walk":
        """Time passes; nothing fires by itself."""
        self.now += timedelta(**span)
        return self

    # --- seeing ----------------------------------------------------------------------------

    @property
    def tasks(self) -> list[OpenTask]:
        """The open tasks."""
        return self.instance.tasks

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        return sorted(task.element for task in self.instance.tasks)

    @property
    def waits(self) -> list[Wait]:
        """What is waited for."""
        return self.instance.waits

    @property
    def waiting(self) -> list[str]:
        """The elements that wait for something, sorted."""
        return sorted(wait.element for wait in self.instance.waits)

    @property
    def ended(self) -> bool:
        """Whether the process is through."""
        return self.instance.ended

    @property
    def variables(self) -> dict[str, Any]:
        """The process's variables."""
        return self.instance.variables

    def entered(self, *events: str) -> list[str]:
        """The elements that were entered (or had one of these events), in order."""
        wanted = events or ("entered",)
        return [step.element for step in self.steps if step.event in wanted]
