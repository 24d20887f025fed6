"""Idempotency-Key: the same POST again gives the first answer again, and no second effect.

The view runs inside one command together with the row that keeps its answer, so that both are
there or neither is. The row is written first: a parallel repeat waits for it, then reads it.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request

from api.auth import CALLER
from engine import idempotency, uow
from engine.errors import InvalidInput

_KEPT = "banjie.kept_answer"


def answer(dispatch: Callable[[], Any]) -> Any:
    """Runs the view, or gives the answer it gave the first time."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST" or CALLER not in request.environ:
        return dispatch()
    if not 0 < len(key) <= 255 or not (key.isascii() and key.isprintable()):
        raise InvalidInput.at("", "bad-idempotency-key")
    return _once(request.environ[CALLER].actor.username, key, _request_hash(), dispatch)


def keep_instead(body: bytes) -> None:
    """What to keep of this answer, when the answer itself holds a secret."""
    request.environ[_KEPT] = body


@uow.command
def _once(username: str, key: str, request_hash: bytes, dispatch: Callable[[], Any]) -> Response:
    first = idempotency.begin(username, key, request_hash)
    if first is not None:
        response = Response(first.body, first.status, content_type="application/json")
        response.headers["Idempotency-Replayed"] = "true"
        if first.etag:
            response.headers["ETag"] = first.etag
        if first.location:
            response.headers["Location"] = first.location
        return response
    if request.mimetype == "multipart/form-data":
        for _, file in request.files.items(multi=True):
            file.stream.seek(0)  # a second attempt of the transaction reads it again
    response = current_app.make_response(dispatch())
    body = request.environ.get(_KEPT)
    idempotency.keep(
        username,
        key,
        status=response.status_code,
        body=response.get_data() if body is None else body,
        etag=response.headers.get("ETag"),
        location=response.headers.get("Location"),
    )
    return response


def _request_hash() -> bytes:
    """What was asked for, without what may differ between two tries of the same call."""
    digest = hashlib.sha256(request.full_path.encode("utf-8", "surrogatepass"))
    if request.mimetype != "multipart/form-data":
        digest.update(b"\n" + request.get_data())
        return digest.digest()
    # The boundary is new in each try; the parts are not.
    # repr keeps apart what a name or value could otherwise run into; a part may have no name.
    for part in sorted(map(repr, request.form.items(multi=True))):
        digest.update(f"\n{part}".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: repr(item[0])):
        digest.update(f"\n{(name, file.filename, file.mimetype)!r}\n".encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.digest()
