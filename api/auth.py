"""Who is calling, decided once per request: a browser's session cookie or an API token.

Every call under /api/v1 needs somebody who is signed in, unless its view is marked `public`. A
write with a cookie must carry the session's CSRF token and come from our own pages.
"""

import hmac
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from engine.access import identity
from engine.access.identity import Caller, Opened
from engine.access.policy import Actor
from engine.errors import CsrfFailed, NotSignedIn

F = TypeVar("F", bound=Callable[..., Any])

CALLER = "banjie.caller"
PREFIX = "/api/v1/"
_COOKIE = "banjie"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def public(view: F) -> F:
    """Marks a view that answers strangers too."""
    view._public = True  # type: ignore[attr-defined]
    return view


def caller() -> Caller:
    """Who is calling, and by which means; raises NotSignedIn for nobody."""
    found: Caller | None = request.environ.get(CALLER)
    if found is None:
        raise NotSignedIn
    return found


def actor() -> Actor:
    """Who is calling, as the policy wants to know it; raises NotSignedIn for nobody."""
    return caller().actor


def cookie_name() -> str:
    """The session cookie; over TLS the browser keeps it to this host and path."""
    return f"__Host-{_COOKIE}" if request.is_secure else _COOKIE


def session_secret() -> str | None:
    """The value of the session cookie, if there is one."""
    return request.cookies.get(cookie_name())


def remember(response: Response, opened: Opened) -> None:
    """Gives a browser the cookie of its new session."""
    response.set_cookie(
        cookie_name(),
        opened.secret,
        max_age=int(identity.SESSION_LASTS.total_seconds()),
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Takes the session cookie back."""
    response.delete_cookie(
        cookie_name(), path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )


def identify() -> Caller | None:
    """Whoever the credentials of the request belong to; refuses wrong ones."""
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        found = identity.by_token(token.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise NotSignedIn
        return found
    secret = session_secret()
    again = bool(request.environ.get("banjie.still"))  # an event stream asks whether it may go on
    found = identity.by_session(secret, use=not again) if secret else None
    if found is not None and request.method not in _READS:
        _check_origin()
        given = request.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(given.encode(), (found.csrf or "").encode()):
            raise CsrfFailed
    return found


def _check_origin() -> None:
    """Refuses a write that another site has sent through the reader's browser."""
    origin = request.headers.get("Origin")
    if origin is None:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise CsrfFailed
        return
    ours = {request.host}
    public_url = current_app.config["BANJIE"].public_url
    if public_url:
        ours.add(urlsplit(public_url).netloc)
    # Behind a proxy that ends TLS the scheme differs; the host and port say enough.
    if urlsplit(origin).netloc not in ours:
        raise CsrfFailed


def init_app(app: Flask) -> None:
    """Asks at the door of every call."""
    known: dict[tuple[str | None, str], bool] = {}

    def is_public(endpoint: str, method: str) -> bool:
        key = (endpoint, method)
        if key not in known:
            view: Any = app.view_functions[endpoint]
            view_class = getattr(view, "view_class", None)
            if view_class is not None:
                name = "get" if method == "HEAD" else method.lower()
                view = getattr(view_class, name, view)
            known[key] = method == "OPTIONS" or getattr(view, "_public", False)
        return known[key]

    @app.before_request
    def ask() -> None:
        if request.endpoint is None or not request.path.startswith(PREFIX):
            return
        if is_public(request.endpoint, request.method):
            if request.method not in _READS:
                _check_origin()
            return
        found = identify()
        if found is None:
            raise NotSignedIn
        request.environ[CALLER] = found
