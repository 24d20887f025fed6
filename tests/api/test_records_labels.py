"""QR codes of assets: what is printed is read again, and opens the form for the asset."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from engine.access.policy import SYSTEM
from engine.deployments import commands
from tests import builders
from tests.clients import Client
from tests.conftest import AsUser
from tests.packages import package

TYPE = "repair"


@pytest.fixture
def admin(app: Flask, as_user: AsUser) -> Client:
    builders.person("zhoumin")
    admin = as_user("admin")
    commands.deploy(SYSTEM, package(TYPE))
    place = {"key": "hall-3", "name": "三号厂房", "address": "深圳", "lat": 22.5, "lng": 114.1}
    admin.post("/api/v1/places", json=place)
    asset = {"number": "SMT-03", "kind": "smt", "name": "贴片机 <3>", "place": "hall-3"}
    assert admin.post("/api/v1/assets", json=asset).status_code == 201
    return admin


def scanned(client: Client) -> str:
    answer = client.get(f"/api/v1/assets/SMT-03/label?type={TYPE}&format=png")
    assert answer.content_type == "image/png"
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    return str(code.text)


def test_a_printed_code_opens_the_form_for_its_asset(admin: Client, as_user: AsUser) -> None:
    address = urlsplit(scanned(admin))
    query = parse_qs(address.query)
    assert address.path == f"/p/new/{TYPE}"
    assert query["asset"] == ["SMT-03"]

    zhoumin = as_user("zhoumin")
    assert zhoumin.get("/api/v1/assets/SMT-03").status_code == 404
    path = f"/api/v1/assets/SMT-03/scanned?type={TYPE}&signature={query['signature'][0]}"
    told = zhoumin.get(path).json
    assert (told["name"], told["place_name"], told["lat"]) == ("贴片机 <3>", "三号厂房", 22.5)


@pytest.mark.parametrize("change", ["signature", "not ASCII", "number", "type"])
def test_a_code_that_was_not_printed_here_tells_nothing(
    admin: Client, as_user: AsUser, change: str
) -> None:
    admin.post("/api/v1/assets", json={"number": "SMT-04", "kind": "smt", "name": "x"})
    signature = parse_qs(urlsplit(scanned(admin)).query)["signature"][0]
    number = "SMT-04" if change == "number" else "SMT-03"
    type_key = "other" if change == "type" else TYPE
    if change == "signature":
        signature = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    if change == "not ASCII":
        signature = "签名"
    path = f"/api/v1/assets/{number}/scanned?type={type_key}&signature={signature}"
    assert as_user("zhoumin").get(path).status_code == 404


def test_labels_are_printed_as_a_page(admin: Client) -> None:
    answer = admin.get(f"/api/v1/asset-labels?type={TYPE}&numbers=SMT-03,SMT-03")
    assert answer.content_type.startswith("text/html")
    assert answer.text.count("<svg") == 1
    assert "贴片机 &lt;3&gt;" in answer.text
    assert "size: A4" in answer.text


def test_labels_are_for_staff_and_for_what_is_there(admin: Client, as_user: AsUser) -> None:
    assert as_user("zhoumin").get(f"/api/v1/assets/SMT-03/label?type={TYPE}").status_code == 403
    assert admin.get("/api/v1/assets/SMT-03/label?type=none").status_code == 404
    assert admin.get(f"/api/v1/assets/NONE/label?type={TYPE}").status_code == 404
