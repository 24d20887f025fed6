"""Walking a sample's ticket through the public interface, with time jumps."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine import clock
from engine.access.policy import SYSTEM
from engine.deployments import commands as deployments
from engine.jobs import runner
from tests import builders
from tests.clients import Client
from workflows import packages

SAMPLES = Path(__file__).parents[2] / "samples"

SignIn = Callable[..., Client]


class Walk:
    """One ticket of a sample on its way, and the people who push it."""

    def __init__(self, as_user: SignIn, key: str) -> None:
        self._as_user = as_user
        deployments.deploy(SYSTEM, packages.read_folder(SAMPLES / key))
        self.key = key
        self.number = ""

    def person(self, username: str, *roles: str, groups: tuple[str, ...] = ()) -> Client:
        """Somebody signed in."""
        return self._as_user(username, *roles, groups=groups)

    def report(self, username: str, title: str, **values: Any) -> None:
        """The ticket is created."""
        response = self._as_user(username).post(
            "/api/v1/tickets", json={"type": self.key, "title": title, "values": values}
        )
        assert response.status_code == 201, response.get_json()
        self.number = response.get_json()["number"]

    def ticket(self, username: str = "admin") -> dict[str, Any]:
        """The ticket as somebody sees it."""
        response = self._as_user(username).get(f"/api/v1/tickets/{self.number}")
        assert response.status_code == 200, response.get_json()
        found: dict[str, Any] = response.get_json()
        return found

    def status(self) -> str:
        """The key of its status."""
        return str(self.ticket()["status"]["key"])

    def open(self) -> list[str]:
        """The elements of its open tasks."""
        return [task["element"] for task in self.ticket()["tasks"]]

    def do(self, username: str, element: str, action: str | None = None, **values: Any) -> None:
        """Somebody completes the open task of an element."""
        [task] = [one for one in self.ticket()["tasks"] if one["element"] == element]
        response = self._as_user(username).post(
            f"/api/v1/tasks/{task['id']}/complete", json={"values": values, "action": action}
        )
        assert response.status_code == 200, response.get_json()

    def wait(self, **duration: float) -> None:
        """Time passes, and what is due is done."""
        clock.advance(timedelta(**duration))
        while runner.run_due():
            pass

    def set_time(self, text: str) -> None:
        """Moves the clock on to an instant in Shanghai, `2027-03-01 09:00`, doing nothing due."""
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        clock.advance(at - clock.now())

    def clock(self, key: str) -> dict[str, Any]:
        """One of its clocks, with `due` as the clock in Shanghai shows it."""
        [found] = [one for one in self.ticket()["clocks"] if one["key"] == key]
        if found["due"] is not None:
            at = datetime.fromisoformat(found["due"]).astimezone(ZoneInfo("Asia/Shanghai"))
            found["due"] = at.strftime("%m-%d %H:%M")
        return dict(found)

    def facts(self, kind: str) -> list[dict[str, Any]]:
        """The facts of one kind in its history."""
        response = self._as_user("admin").get(f"/api/v1/tickets/{self.number}/history?limit=200")
        return [fact for fact in response.get_json()["items"] if fact["kind"] == kind]

    def kinds(self) -> list[str]:
        """The kinds of its history, whose sequence must be whole."""
        response = self._as_user("admin").get(f"/api/v1/tickets/{self.number}/history?limit=200")
        facts = response.get_json()["items"]
        assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))
        return [fact["kind"] for fact in facts]


def people(*names: tuple[str, tuple[str, ...], tuple[str, ...]]) -> None:
    """Accounts with roles and groups."""
    for username, roles, groups in names:
        builders.person(username, *roles, groups=groups)
