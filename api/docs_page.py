"""A readable page of the OpenAPI document: no script, nothing from elsewhere."""

import json
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark;--line:#d0d5dd;--soft:#f5f7fa;--ink:#1d2939;--paper:#fff;
--dim:#667085}
@media (prefers-color-scheme:dark){:root{--line:#344054;--soft:#1d2939;--ink:#e4e7ec;
--paper:#101828;--dim:#98a2b3}}
body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);
background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}details{border:1px solid var(--line);
border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}
code,pre,b.m{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{background:var(--soft);padding:.6rem;overflow:auto;border-radius:4px}
b.m{display:inline-block;width:4.5rem;font-weight:700}
table{border-collapse:collapse;width:100%;margin:.4rem 0}td,th{border:1px solid var(--line);
padding:.25rem .5rem;text-align:left;vertical-align:top}
.dim{color:var(--dim)}nav a{margin-right:1rem}
"""
_METHODS = ("get", "post", "put", "patch", "delete")


def render(document: dict[str, Any]) -> str:
    """The whole page as HTML; every word of the document is escaped."""
    groups: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(_operation(method, path, operation))
    info = document["info"]
    links = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in groups)
    parts = [
        f'<h2 id="{escape(tag)}">{escape(tag)}</h2>' + "".join(operations)
        for tag, operations in groups.items()
    ]
    schemas = document.get("components", {}).get("schemas", {})
    parts.append('<h2 id="schemas">Schemas</h2>')
    parts += [_schema(name, schema) for name, schema in sorted(schemas.items())]
    title = f"{escape(info['title'])} API {escape(info['version'])}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(info.get('description', ''))}</p>"
        '<p><a href="/api/v1/openapi.json">openapi.json</a></p>'
        f'<nav>{links}<a href="#schemas">Schemas</a></nav>{"".join(parts)}</body></html>'
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    summary = escape(operation.get("summary", ""))
    body = [f"<p>{escape(operation.get('description', ''))}</p>"]
    if not operation.get("security"):
        body.append('<p class="dim">Needs nobody signed in.</p>')
    if parameters := operation.get("parameters"):
        rows = "".join(
            f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
            f"<td>{_type(each.get('schema', {}))}</td>"
            f"<td>{escape(each.get('description', ''))}</td></tr>"
            for each in parameters
        )
        body.append(
            f"<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>{rows}</table>"
        )
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        body.append(f"<p>Body <code>{escape(kind)}</code>: {_type(media.get('schema', {}))}</p>")
    rows = "".join(
        f"<tr><td>{escape(str(status))}</td><td>{escape(response.get('description', ''))}</td>"
        f"<td>{_contents(response)}</td></tr>"
        for status, response in operation.get("responses", {}).items()
    )
    body.append(f"<table><tr><th>status</th><th></th><th>content</th></tr>{rows}</table>")
    return (
        f'<details><summary><b class="m">{method.upper()}</b><code>{escape(path)}</code> '
        f'<span class="dim">{summary}</span></summary>{"".join(body)}</details>'
    )


def _contents(response: dict[str, Any]) -> str:
    return "<br>".join(
        f"<code>{escape(kind)}</code> {_type(media.get('schema', {}))}"
        for kind, media in response.get("content", {}).items()
    )


def _type(schema: dict[str, Any]) -> str:
    reference = schema.get("$ref")
    if reference:
        name = escape(reference.rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "any")
    return escape(" or ".join(kind) if isinstance(kind, list) else str(kind))


def _schema(name: str, schema: dict[str, Any]) -> str:
    text = escape(json.dumps(schema, ensure_ascii=False, indent=2))
    shown = escape(name)
    return (
        f'<details id="schema-{shown}"><summary><code>{shown}</code></summary>'
        f"<pre>{text}</pre></details>"
    )
