"""A small application behind the real server, for tests of the server: `serving.py PORT FILE`."""

import sys
import time
from typing import Any

from flask import Flask, Response, jsonify, request, send_file

from api import server
from api.live import STREAM

app = Flask("serving")
app.config["MAX_CONTENT_LENGTH"] = 3 * 1024 * 1024


@app.route("/echo/<path:name>", methods=["GET", "POST"])
def echo(name: str) -> Response:
    return jsonify(
        name=name,
        arguments=request.args.to_dict(),
        headers={key: value for key, value in request.headers.items() if key.startswith("X-")},
        cookies=request.cookies.to_dict(),
        size=len(request.get_data()),
        address=request.remote_addr,
    )


@app.get("/cookies")
def cookies() -> Response:
    response = Response("两个")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


@app.get("/file")
def file() -> Response:
    return send_file(sys.argv[2])


@app.get("/slow")
def slow() -> str:
    time.sleep(1.0)
    return "done"


@app.get("/broken")
def broken() -> str:
    raise SystemExit("not even an exception")


@app.get("/stream")
def stream() -> Response:
    streams: Any = app.extensions["banjie-streams"]
    if not request.environ.get("banjie.still"):
        request.environ[STREAM] = streams.reserve("lina")
    return Response("", content_type="text/event-stream")


if __name__ == "__main__":
    server.run(app, "127.0.0.1", int(sys.argv[1]), threads=2)
