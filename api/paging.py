"""Cursors: where a page of a list ended, as signed text that callers carry and cannot read into."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app, request

from engine.errors import InvalidInput
from engine.paging import DEFAULT_LIMIT, Page, Window, cut

T = TypeVar("T")

_SIGNATURE = 12  # bytes; a forged cursor could only misplace a page, never show more


def window(args: Mapping[str, Any], order: str = "") -> Window:
    """The part of a list that `limit` and `cursor` name; `order` is the list's sorting."""
    cursor = args.get("cursor")
    limit = args.get("limit") or DEFAULT_LIMIT
    return Window(limit, _decode(cursor, order) if cursor else None)


def listing(page: Page[Any], order: str = "") -> dict[str, Any]:
    """A page as the interface shows it."""
    return {"items": page.items, "next": _encode(page.next, order) if page.next else None}


def page_of(
    everything: Sequence[T], key: Callable[[T], str], args: Mapping[str, Any], order: str = ""
) -> Page[T]:
    """A page of a short list that is at hand as a whole, ordered by a unique key."""
    part = window(args, order)
    ordered = sorted(everything, key=key)
    if part.after is not None:
        last = str(part.after[0])
        ordered = [each for each in ordered if key(each) > last]
    return cut(ordered, part, lambda each: (key(each),))


def _encode(values: tuple[Any, ...], order: str) -> str:
    text = json.dumps([_write(value) for value in values], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_sign(text, order) + text).decode().rstrip("=")


def _decode(cursor: str, order: str) -> tuple[Any, ...]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        raise InvalidInput.at("?cursor", "bad-cursor") from None
    text = raw[_SIGNATURE:]
    if not hmac.compare_digest(raw[:_SIGNATURE], _sign(text, order)):
        raise InvalidInput.at("?cursor", "bad-cursor")
    return tuple(_read(value) for value in json.loads(text))


def _sign(text: bytes, order: str) -> bytes:
    """Ties the place to this list and this sorting."""
    key = current_app.config["SECRET_KEY"].encode()
    scope = f"cursor\n{request.path}\n{order}\n".encode()
    return hmac.digest(key, scope + text, hashlib.sha256)[:_SIGNATURE]


def _write(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"])
    return value
