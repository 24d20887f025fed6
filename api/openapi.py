"""The description of the interface: OpenAPI 3.1 made from the code, and a page to read it."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

import flask
import flask_smorest
from flask import Flask, Response, current_app
from marshmallow import fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from api import problems
from api.auth import public
from api.docs_page import render
from api.http import body, json_response
from api.json_body import read_json
from api.schemas.base import Schema
from engine import __version__

_EXTENSION = "banjie-openapi"

F = TypeVar("F", bound=Callable[..., Any])


class _Parser(FlaskParser):
    """Refuses query parameters that nobody reads, instead of leaving them out."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": "raise",
    }

    def load_json(self, req: Any, schema: Any) -> Any:
        return read_json()


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # it ships no types
    """A part of the interface: its views are described, and are under /api/v1."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, *, description: str = "") -> None:
        super().__init__(name, f"api.resources.{name}", url_prefix="/api/v1")
        self.description = description

    def body(self, schema: Schema) -> Callable[[F], F]:
        """Like `arguments` for a JSON body, but read the short way: for views on the hot path."""

        def decorate(view: F) -> F:
            described = self.arguments(schema)(view)

            @wraps(described)  # carries the description
            def run(*args: Any, **kwargs: Any) -> Any:
                return view(body(schema), *args, **kwargs)

            return cast(F, run)

        return decorate


class _Api(flask_smorest.Api):  # type: ignore[misc]
    def handle_http_exception(self, error: HTTPException) -> Response:
        return problems.of_framework(error)


class InputErrorOut(Schema):
    """One thing wrong with what came in."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer to the place"})
    code = fields.String(required=True)
    detail = fields.String(required=True)
    params = fields.Dict()


class FindingOut(Schema):
    """One remark on a package."""

    severity = fields.String(required=True, validate=validate.OneOf(["error", "warning"]))
    document = fields.String(required=True)
    element = fields.String(allow_none=True)
    cell = fields.String(allow_none=True)
    code = fields.String(required=True)
    params = fields.Dict()
    text = fields.String(required=True)


class Problem(Schema):
    """What went wrong, as RFC 9457 says it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    code = fields.String(required=True)
    params = fields.Dict(required=True)
    errors = fields.List(fields.Nested(InputErrorOut))
    findings = fields.List(fields.Nested(FindingOut))
    trace_id = fields.String()


blueprint = flask.Blueprint("description", __name__)


@blueprint.get("/api/v1/openapi.json")
@public
def openapi_json() -> Response:
    """The OpenAPI document."""
    return json_response(document(current_app))


@blueprint.get("/api/docs")
@public
def docs() -> Response:
    """The same, for people."""
    return Response(render(document(current_app)), content_type="text/html; charset=utf-8")


def init_app(app: Flask) -> Any:
    """The registry that blueprints are told to."""
    app.config.update(
        API_TITLE="Banjie 办结",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
    )
    api = _Api(app, spec_kwargs={"info": {"description": _ABOUT}})
    app.extensions[_EXTENSION] = {"api": api, "document": None}
    spec = api.spec
    spec.components.security_scheme(
        "session",
        {
            "type": "apiKey",
            "in": "cookie",
            "name": "banjie",
            "description": "The browser's session; writes also carry X-CSRF-Token. "
            "Over TLS the cookie is named __Host-banjie.",
        },
    )
    spec.components.security_scheme(
        "token",
        {"type": "http", "scheme": "bearer", "description": "An API token from POST /tokens."},
    )
    spec.components.schema("Problem", schema=Problem)
    return api


def document(app: Flask) -> dict[str, Any]:
    """The whole OpenAPI document of an application; made once."""
    kept = app.extensions[_EXTENSION]
    if kept["document"] is None:
        made = kept["api"].spec.to_dict()
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                if method in _METHODS:
                    _complete(app, path, method, operation)
        kept["document"] = made
    document: dict[str, Any] = kept["document"]
    return document


_METHODS = ("get", "post", "put", "patch", "delete")
_PROBLEM_CONTENT = {problems.PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ABOUT = (
    "Everything the browser does goes through this interface. Errors are "
    "application/problem+json (RFC 9457), times RFC 3339 in UTC, lists are read page by page with "
    "`limit` and `cursor`. Texts are in the language of Accept-Language: zh-CN or en."
)
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key and body again give the first answer again.",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "description": "The ETag that was read; refused with 412 when it is no longer the newest.",
}


def _complete(app: Flask, path: str, method: str, operation: dict[str, Any]) -> None:
    """Says of an operation what holds for all of its kind: security, headers, problems."""
    responses = operation.setdefault("responses", {})
    is_public = _is_public(app, path, method)
    operation["security"] = [] if is_public else [{"session": []}, {"token": []}]
    operation.setdefault("operationId", _operation_id(path, method))
    parameters = operation.setdefault("parameters", [])
    if method == "post" and not is_public:
        parameters.append(_IDEMPOTENCY_KEY)
    if method in ("put", "patch", "delete"):
        parameters.append(_IF_MATCH)
    refuse = partial(_refuse, responses)
    if not is_public:
        refuse(401, "Nobody is signed in")
        refuse(403, "The caller may not do this")
    if "{" in path:
        refuse(404, "Not there, or not for the caller")
    if "requestBody" in operation:
        refuse(400, "The body is not JSON")
        refuse(413, "More bytes than are taken")
        refuse(415, "Not a type of body that is taken")
    if method != "get":
        refuse(409, "Not in this state")
        refuse(412, "Not the newest version")
    if parameters or "requestBody" in operation:
        refuse(422, "What came in is not what was asked for; `errors` name each place")
    refuse(503, "Something is away for a moment; Retry-After says when to come again")
    refuse("default", "Any other problem")
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            response.setdefault("content", _PROBLEM_CONTENT)
    if not operation["parameters"]:
        del operation["parameters"]


def _refuse(responses: dict[str, Any], status: int | str, description: str) -> None:
    if str(status) not in responses or "content" not in responses[str(status)]:
        responses[str(status)] = {"description": description, "content": _PROBLEM_CONTENT}


def _operation_id(path: str, method: str) -> str:
    words = [part.strip("{}") for part in path.removeprefix("/api/v1").split("/") if part]
    return "_".join([method, *words]).replace("-", "_")


def _is_public(app: Flask, path: str, method: str) -> bool:
    for rule in app.url_map.iter_rules():
        if _as_template(rule.rule) == path and method.upper() in (rule.methods or ()):
            view: Any = app.view_functions[rule.endpoint]
            view_class = getattr(view, "view_class", None)
            return bool(getattr(getattr(view_class, method, view), "_public", False))
    return False


def _as_template(rule: str) -> str:
    """`/users/<string:name>` as OpenAPI writes it: `/users/{name}`."""
    parts = []
    for part in rule.split("<"):
        inside, closing, rest = part.partition(">")
        parts.append("{" + inside.rpartition(":")[2] + "}" + rest if closing else part)
    return "".join(parts)
