"""What hangs on a thing: a QR code that opens a new ticket about it, and what a scan may tell."""

import hashlib
import hmac
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import segno
from sqlalchemy import select

from engine.access.policy import Actor, require
from engine.assets.models import Asset, Place
from engine.db import db
from engine.errors import NotFound

_SIGNATURE = 16  # bytes
_QUIET_ZONE = 4  # modules around the code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Scanned:
    """An asset whose code somebody scanned, and where it is."""

    asset: Asset
    place: Place | None


def signature(secret: str, type_key: str, number: str) -> str:
    """What proves that a code was printed here, for this type of ticket and this asset."""
    text = f"asset-label\n{type_key}\n{number}".encode()
    return hmac.digest(secret.encode(), text, hashlib.sha256)[:_SIGNATURE].hex()


def url(base: str, secret: str, type_key: str, number: str) -> str:
    """The address in a code: the form of a type of ticket, filled in for an asset."""
    query = urlencode({"asset": number, "signature": signature(secret, type_key, number)})
    return f"{base}/p/new/{quote(type_key, safe='')}?{query}"


def png(address: str) -> bytes:
    """A code as a picture for printing."""
    out = io.BytesIO()
    _code(address).save(out, kind="png", scale=8, border=_QUIET_ZONE)
    return out.getvalue()


def svg(address: str) -> str:
    """A code as a drawing that scales."""
    out = io.BytesIO()
    look = {"border": _QUIET_ZONE, "omitsize": True, "light": "#fff"}
    _code(address).save(out, kind="svg", xmldecl=False, nl=False, **look)
    return out.getvalue().decode()


def _code(address: str) -> Any:
    return segno.make(address, error="m", micro=False, boost_error=False)


def scanned(actor: Actor, secret: str, type_key: str, number: str, given: str) -> Scanned:
    """The asset of a scanned code; who stands before it may know what it is and where."""
    require(actor, "see_people")
    # as bytes: compare_digest refuses text with anything but ASCII
    if not hmac.compare_digest(signature(secret, type_key, number).encode(), given.encode()):
        raise NotFound(kind="asset", id=number)
    row = db.session.execute(
        select(Asset, Place)
        .join(Place, Place.key == Asset.place, isouter=True)
        .where(Asset.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="asset", id=number)
    return Scanned(row[0], row[1])
