"""Kinds whose answer names something kept elsewhere: people, assets, files, places."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from forms.kinds.base import (
    MAX_NAME,
    Check,
    Kind,
    need_text,
    number,
    one_of,
    texts,
    whole,
    words,
)
from forms.kinds.numbers import exact, load_number
from forms.model import Field, Refused

_FILE_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_EARTH_METRES = 6_371_000.0


class Named(Kind):
    """A kind whose answer is the name of one thing of a family."""

    def load(self, field: Field, value: Any) -> str:
        name = need_text(value, MAX_NAME).strip()
        if "\n" in name or "\r" in name:
            raise Refused("several-lines")
        return name

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        return (((), value),)


class User(Named):
    """`user`: a username."""

    name = refers_to = "user"


class Group(Named):
    """`group`: a group's key."""

    name = refers_to = "group"


class Department(Named):
    """`department`: a department's key."""

    name = refers_to = "department"


class Asset(Named):
    """`asset`: an asset's number; `scan` true offers the camera first."""

    name = refers_to = "asset"


class Ticket(Named):
    """`ticket`: a ticket's number."""

    name = refers_to = "ticket"


class Attachment(Kind):
    """`attachment`: a list of file ids; `max_files` (10), `max_size` in bytes, `types`.

    A type is a media type (`application/pdf`, `image/*`) or an ending (`.log`).
    """

    name = "attachment"
    refers_to = "file"
    most_files: ClassVar[int] = 10
    types: ClassVar[tuple[str, ...]] = ()
    settings: ClassVar = {
        "max_files": whole(1, 50),
        "max_size": whole(1, 1 << 30),
        "types": texts(40),
    }

    def load(self, field: Field, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise Refused("not-a-list")
        most: int = field.settings.get("max_files", self.most_files)
        if len(value) > most:
            raise Refused("too-many", max=most)
        for place, item in enumerate(value):
            if not isinstance(item, str) or not _FILE_ID.fullmatch(item):
                raise Refused("not-a-file", place)
        if len(set(value)) != len(value):
            raise Refused("picked-twice")
        return list(value)

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        return (((place,), item) for place, item in enumerate(value))

    def accepts(self, field: Field, name: str, media_type: str, size: int) -> None:
        """Raises Refused when a file of this name, type and size may not be given here."""
        limit = field.settings.get("max_size")
        if limit is not None and size > limit:
            raise Refused("file-too-large", max=limit)
        types = field.settings.get("types", self.types)
        if types and not any(_is_type(wanted, name, media_type) for wanted in types):
            raise Refused("file-type", types=", ".join(types))


class Photo(Attachment):
    """`photo`: a list of file ids of pictures, at most 9; `source` camera: no album.

    `max_side`: the browser makes the longer side at most so many pixels (1,920).
    """

    name = "photo"
    most_files = 9
    types = ("image/*",)
    settings: ClassVar = {
        **Attachment.settings,
        "source": one_of("any", "camera"),
        "max_side": whole(320, 8000),
    }


class Signature(Attachment):
    """`signature`: the file id of one drawn picture."""

    name = "signature"
    types = ("image/*",)
    settings: ClassVar = {}

    def load(self, field: Field, value: Any) -> Any:
        if not isinstance(value, str) or not _FILE_ID.fullmatch(value):
            raise Refused("not-a-file")
        return value

    def picks(self, value: Any) -> Iterable[tuple[tuple[str | int, ...], Any]]:
        return (((), value),)


def _is_fence(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"lat", "lng", "metres"}
        and all(number(part) and not isinstance(part, str) for part in value.values())
        and -90 <= value["lat"] <= 90
        and -180 <= value["lng"] <= 180
        and value["metres"] > 0
    )


class Location(Kind):
    """`location`: `{lat, lng, accuracy?, address?}`, WGS 84 degrees and metres.

    `within` `{lat, lng, metres}` is a fence; `max_accuracy` metres refuses a rough fix. `consent`
    is what the person reads before the device is asked.
    """

    name = "location"
    settings: ClassVar[dict[str, Check]] = {
        "within": _is_fence,
        "max_accuracy": whole(1, 100_000),
        "consent": words,
    }
    _parts: ClassVar = {"lat": (-90, 90), "lng": (-180, 180), "accuracy": (0, 1_000_000)}

    def load(self, field: Field, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused("not-a-location")
        loaded: dict[str, Any] = {}
        for key, part in value.items():
            if key not in self._parts and key != "address":
                raise Refused("unknown-field", str(key)[:200], key=str(key)[:200])
            if part is None:
                continue
            try:
                loaded[key] = need_text(part, 500) if key == "address" else self._part(key, part)
            except Refused as refused:
                raise Refused(refused.code, key, **refused.params) from None
        for key in ("lat", "lng"):
            if key not in loaded:
                raise Refused("required", key)
        rough = field.settings.get("max_accuracy")
        if rough is not None and loaded.get("accuracy", 0) > rough:
            raise Refused("too-rough", max=rough)
        fence = field.settings.get("within")
        if fence is not None and _metres(loaded, fence) > fence["metres"]:
            raise Refused("outside-the-fence", metres=fence["metres"])
        return loaded

    def _part(self, key: str, part: Any) -> int | float:
        # Phones send more digits than a place has: 7 after the point are a centimetre.
        low, high = self._parts[key]
        measured = load_number(round(part, 7) if isinstance(part, float) else part, 7)
        if not low <= measured <= high:
            raise Refused("not-in-range", min=low, max=high)
        return measured

    def typed(self, value: Any) -> dict[str, str | Decimal]:
        return {k: v if isinstance(v, str) else exact(v) for k, v in value.items()}


def _metres(here: Any, there: Any) -> float:
    """The distance on a sphere (haversine)."""
    north, other = math.radians(here["lat"]), math.radians(there["lat"])
    east = math.radians(there["lng"] - here["lng"])
    half = (
        math.sin((other - north) / 2) ** 2
        + math.cos(north) * math.cos(other) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def _is_type(wanted: str, name: str, media_type: str) -> bool:
    if wanted.startswith("."):
        return name.lower().endswith(wanted.lower())
    if wanted.endswith("/*"):
        return media_type.lower().startswith(wanted[:-1].lower())
    return media_type.lower() == wanted.lower()


KINDS = (
    User(),
    Group(),
    Department(),
    Asset(),
    Ticket(),
    Attachment(),
    Photo(),
    Signature(),
    Location(),
)
