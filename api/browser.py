"""The browser application: its page for every address that is not the interface's, its files."""

from flask import Blueprint, Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

import admin_ui
from api import problems

blueprint = Blueprint("browser", __name__)

_OTHERS = ("/api/", "/assets/", "/health/", "/metrics")
_NOT_BUILT = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Banjie 办结</title>'
    "</head>"
    "<body><h1>Banjie 办结</h1><p>浏览器界面尚未构建。请在项目目录运行 <code>make ui</code>。</p>"
    "<p>The browser application is not built yet. Run <code>make ui</code> in the project folder."
    "</p></body></html>"
)


@blueprint.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A built file; its name holds a hash of its content, so it never changes."""
    response = send_from_directory(admin_ui.DIST / "assets", name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/")
def page() -> Response:
    """The page of the application, which reads the address itself."""
    if (admin_ui.DIST / "index.html").is_file():
        response = send_from_directory(admin_ui.DIST, "index.html")
    else:
        response = Response(_NOT_BUILT, 200, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page_or_problem(error: NotFound) -> Response:
    """An address that nobody serves is the application's, or one of its files (an icon)."""
    unknown = request.routing_exception is not None
    if not unknown or request.method not in ("GET", "HEAD") or request.path.startswith(_OTHERS):
        return problems.of_framework(error)
    name = request.path.removeprefix("/")
    if name != "index.html" and "/" not in name and (admin_ui.DIST / name).is_file():
        response = send_from_directory(admin_ui.DIST, name)
        response.headers["Cache-Control"] = "no-cache"
        return response
    return page()


def init_app(app: Flask) -> None:
    """Serves what is left over after every other address."""
    app.register_blueprint(blueprint)
    app.register_error_handler(NotFound, _page_or_problem)
