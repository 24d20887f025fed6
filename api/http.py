"""Reading requests and writing answers: JSON, languages, headers, entity tags."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, Response, request
from flask.json.provider import JSONProvider
from marshmallow import Schema
from werkzeug.exceptions import NotFound

from api.json_body import read_json
from engine.errors import InvalidInput, StaleVersion

LANGUAGES = ("zh-CN", "en")

# Nothing of another origin, no inline script; what the browser application needs and no more.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_JSON = "application/json"
_DATA = frozenset({_JSON, "application/problem+json"})
_SAFE_INTEGER = 2**53


def plain(value: object) -> object:
    """What JSON has no form for: exact numbers, instants, sets, dates."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _number(value: Decimal) -> int | float | str:
    """The same number in JSON; text when a double would not be the same."""
    if value.is_finite():
        if value == value.to_integral_value() and abs(value) < _SAFE_INTEGER:
            return int(value)
        if Decimal(repr(float(value))) == value:
            return float(value)
    return str(value)


def instant(value: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the millisecond."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_encoder = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=plain, check_circular=False
)


def dumps(value: object) -> str:
    """Compact JSON, Chinese left readable."""
    return _encoder.encode(value)


class Json(JSONProvider):
    """Flask's JSON done our way."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return _encoder.encode(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s)


def json_response(
    value: object,
    status: int = 200,
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer of JSON; a GET whose If-None-Match names the entity tag is answered by 304."""
    if etag is not None and request.method == "GET" and etag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(_encoder.encode(value).encode(), status, content_type=_JSON)
    if etag is not None:
        response.headers["ETag"] = f'"{etag}"'
    if headers:
        response.headers.extend(headers)
    return response


def body(schema: Schema) -> Any:
    """The JSON object of the request, checked by a schema (an instance, made once).

    For views on the hot path; others use `blueprint.arguments`.
    """
    return schema.load(read_json())


def entity_tag(version: int) -> str:
    """The entity tag (without quotes) of a row at a version."""
    return str(version)


def expected_version() -> int | None:
    """The version that If-Match names; None when the caller does not care."""
    if not request.headers.get("If-Match"):
        return None
    tags = request.if_match
    if tags.star_tag:
        return None
    known = [int(tag) for tag in tags.as_set() if tag.isdigit() and len(tag) < 10]
    if len(known) != 1:
        raise StaleVersion(expected=request.headers["If-Match"][:80], found=None)
    return known[0]


def language() -> str:
    """The reader's language: Accept-Language, else his own, else Chinese."""
    environ = request.environ
    asked = environ.get("HTTP_ACCEPT_LANGUAGE")
    if asked:
        known = _asked.get(asked)
        if known is None:
            known = _negotiated(asked)
            if len(_asked) < 500:  # browsers send few forms of it; callers must not fill memory
                _asked[asked] = known
        if known:
            return known
    caller = environ.get("banjie.caller")
    return caller.actor.language if caller is not None else LANGUAGES[0]


_asked: dict[str, str] = {}


def _negotiated(header: str) -> str:
    """The best of our languages that a header names; empty when it names none."""
    if header in LANGUAGES:
        return header
    for wanted, quality in request.accept_languages:
        family = wanted.lower().partition("-")[0]
        if quality > 0 and family in ("zh", "en"):
            return "zh-CN" if family == "zh" else "en"
    return ""


def identifier(text: str, most: int = 2**31 - 1) -> int:
    """The number behind an opaque id; NotFound's caller decides for others: -1 is never there."""
    if text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most:
        return int(text)
    return -1


def init_app(app: Flask) -> None:
    """Puts the protecting headers on every answer, and refuses what cannot name anything."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        if response.content_type in _DATA:
            # Nothing in a browser runs or frames it; the long headers would only cost time.
            headers["X-Content-Type-Options"] = "nosniff"
        else:
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        environ = request.environ
        if environ["wsgi.url_scheme"] == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if environ["PATH_INFO"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
            headers["Content-Language"] = language()
            headers["Vary"] = "Accept-Language, Cookie, Authorization"
        return response

    @app.before_request
    def refuse_unkeepable() -> None:
        """No database keeps the null character, so nothing is named by it."""
        environ = request.environ
        if "\x00" in environ["PATH_INFO"]:
            raise NotFound
        if "%00" in environ.get("QUERY_STRING", ""):
            names = [name for name, value in request.args.items(multi=True) if "\x00" in value]
            raise InvalidInput.at(f"?{names[0] if names else ''}", "null-character")


def named(given: dict[str, Any]) -> dict[str, str]:
    """Takes `name` and `names` out of a body: the names by language that they say."""
    names: dict[str, str] = given.pop("names", None) or {}
    name = given.pop("name", None)
    return {**names, language(): name} if name else names
