"""A form's field of kind asset takes the assets that are there."""

import pytest

from engine.access.policy import SYSTEM
from engine.assets.kinds import ASSET
from engine.records import commands
from tests import packages, tickets
from tests.conftest import AsUser


@pytest.mark.parametrize(("number", "status"), [("M-1", 201), ("M-2", 422), ("m-1", 422)])
def test_a_ticket_is_about_an_asset_that_is_there(
    as_user: AsUser, number: str, status: int
) -> None:
    commands.create(SYSTEM, ASSET, {"number": "M-1", "kind": "press", "names": {"en": "Press"}})
    form = packages.form("report", machine={"kind": "asset", "required": True})
    tickets.deploy("repair", packages.one_task(), report=form)
    body = {"type": "repair", "title": "Noise", "values": {"machine": number}}
    answer = as_user("zhoumin").post("/api/v1/tickets", json=body)
    assert answer.status_code == status, answer.json
    if status == 422:
        assert answer.json["errors"][0]["code"] == "no-such-asset"
