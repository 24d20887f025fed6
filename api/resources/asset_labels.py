"""QR codes of assets: printed as labels, and read again when somebody scans one."""

from html import escape
from typing import Any

from flask import Response, current_app, request

from api import texts
from api.auth import actor
from api.http import json_response, language
from api.openapi import Blueprint
from api.schemas import records as schemas
from engine.access.names import in_language
from engine.access.policy import Actor, require
from engine.assets import labels
from engine.assets.kinds import ASSET
from engine.assets.models import Asset
from engine.deployments import queries as deployments
from engine.records import queries

blueprint = Blueprint("asset-labels", description="QR codes of assets")

MOST_LABELS = 300
_IMAGES = {
    "image/svg+xml": {"schema": {"type": "string"}},
    "image/png": {"schema": {"type": "string", "format": "binary"}},
}
_PAGE = {"text/html": {"schema": {"type": "string"}}}


@blueprint.route("/assets/<number>/label", methods=["GET"])
@blueprint.arguments(schemas.LabelQuery, location="query")
@blueprint.doc(responses={"200": {"description": "The code as a picture", "content": _IMAGES}})
def read_label(args: dict[str, Any], number: str) -> Response:
    """The QR code of an asset: its address opens a new ticket of a type, filled in for it."""
    who = actor()
    asset = _asset(who, args["type"], number)
    address = labels.url(_base(), _secret(), args["type"], asset.number)
    if args.get("format") == "png":
        return Response(labels.png(address), content_type="image/png")
    return Response(labels.svg(address), content_type="image/svg+xml")


@blueprint.route("/asset-labels", methods=["GET"])
@blueprint.arguments(schemas.LabelsQuery, location="query")
@blueprint.doc(responses={"200": {"description": "A page to print on A4", "content": _PAGE}})
def print_labels(args: dict[str, Any]) -> Response:
    """Labels of several assets as a page to print: 24 on a sheet of A4."""
    who = actor()
    numbers = [each.strip() for each in args["numbers"].split(",") if each.strip()]
    wanted = list(dict.fromkeys(numbers))[:MOST_LABELS]
    assets = [_asset(who, args["type"], number) for number in wanted]
    found = "".join(_label(args["type"], asset) for asset in assets)
    page = _SHEET.format(
        language=language(),
        title=escape(texts.word(language(), "asset-labels")),
        labels=found,
    )
    return Response(page, content_type="text/html; charset=utf-8")


@blueprint.route("/assets/<number>/scanned", methods=["GET"])
@blueprint.arguments(schemas.ScanQuery, location="query")
@blueprint.response(200, schemas.ScannedOut)
def read_scanned(args: dict[str, Any], number: str) -> Response:
    """The asset whose code was scanned; the signature of the code stands for being there."""
    who = actor()
    found = labels.scanned(who, _secret(), args["type"], number, args["signature"])
    asset, place = found.asset, found.place
    return json_response(
        {
            "number": asset.number,
            "name": in_language(asset.names, language(), asset.number),
            "kind": asset.kind,
            "place": asset.place,
            "place_name": in_language(place.names, language(), place.key) if place else None,
            "address": place.address if place else None,
            "lat": place.lat if place else None,
            "lng": place.lng if place else None,
        }
    )


def _asset(who: Actor, type_key: str, number: str) -> Asset:
    """An asset that staff may print a label of, for a type of ticket that is there."""
    require(who, "see_records")
    deployments.definition(who, type_key)
    asset: Asset = queries.record(who, ASSET, number)
    return asset


def _label(type_key: str, asset: Asset) -> str:
    address = labels.url(_base(), _secret(), type_key, asset.number)
    name = escape(in_language(asset.names, language(), asset.number))
    return (
        f"<li>{labels.svg(address)}<div><b>{name}</b><span>{escape(asset.number)}</span></div></li>"
    )


def _base() -> str:
    """Where people reach this installation."""
    return current_app.config["BANJIE"].public_url or request.host_url.rstrip("/")


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret


# Three columns of eight labels, 63 by 34 millimetres, as sheets of labels are sold.
_SHEET = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 12mm 10mm }}
* {{ box-sizing: border-box }}
body {{ margin: 0; color: #000; background: #fff;
  font: 11pt/1.3 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }}
ul {{ margin: 0; padding: 0; list-style: none; display: grid;
  grid-template-columns: repeat(3, 63mm); grid-auto-rows: 34mm }}
li {{ display: flex; align-items: center; gap: 2mm; padding: 1mm; break-inside: avoid;
  border: .2mm dashed #bbb; overflow: hidden }}
svg {{ flex: none; width: 30mm; height: 30mm }}
b, span {{ display: block; overflow-wrap: anywhere }}
b {{ font-weight: 600 }}
span {{ font-size: 9pt; font-variant-numeric: tabular-nums }}
</style></head><body><ul>{labels}</ul></body></html>
"""
