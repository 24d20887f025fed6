"""The other side of channels for tests: a mail server, robots and receivers of webhooks.

They speak the wire formats that the vendors document, and refuse what the vendors refuse.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller


@dataclass
class Robots:
    """One loopback server for every vendor: /dingtalk, /feishu/<hook>, /wecom, /webhook.

    `secret` is what signatures are verified with; `trouble` maps a path to a status, `delay` is
    how long every answer takes.
    """

    port: int = 0
    secret: str = "SECabc123"  # noqa: S105
    webhook_key: bytes = b"a key for webhooks, of the tests"
    got: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    trouble: dict[str, int] = field(default_factory=dict)
    delay: dict[str, float] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of a robot."""
        return f"http://127.0.0.1:{self.port}{path}"

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """What arrived at a path, in order."""
        return [body for where, body, _ in self.got if where == path]

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str], raw: bytes) -> Any:
        """What the vendor says to a post."""
        body = json.loads(raw)
        refusal = None
        if path == "/dingtalk":
            refusal = self._dingtalk(query, body)
        elif path.startswith("/feishu/"):
            refusal = self._feishu(body)
        elif path == "/wecom":
            refusal = self._wecom(query, body)
        elif path == "/webhook":
            refusal = self._webhook(headers, raw)
        if refusal is not None:
            return refusal
        self.got.append((path, body, headers))
        return {"code": 0, "msg": "success"} if "feishu" in path else {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, query: dict[str, str], body: dict[str, Any]) -> Any:
        stamp = query.get("timestamp", "")
        text = f"{stamp}\n{self.secret}".encode()
        sign = base64.b64encode(hmac.digest(self.secret.encode(), text, hashlib.sha256)).decode()
        if query.get("sign") != sign:
            return {"errcode": 310000, "errmsg": "sign not match"}
        if body["msgtype"] != "text" or not body["text"]["content"]:
            return {"errcode": 400001, "errmsg": "bad body"}
        return None

    def _feishu(self, body: dict[str, Any]) -> Any:
        key = f"{body.get('timestamp')}\n{self.secret}".encode()
        sign = base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()
        if body.get("sign") != sign:
            return {"code": 19021, "msg": "sign match fail"}
        if body["msg_type"] != "post" or not body["content"]["post"]["zh_cn"]["content"]:
            return {"code": 9499, "msg": "Bad Request"}
        return None

    def _wecom(self, query: dict[str, str], body: dict[str, Any]) -> Any:
        if query.get("key") != "robot":
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if len(body["text"]["content"].encode()) > 2048:
            return {"errcode": 40058, "errmsg": "content too long"}
        return None

    def _webhook(self, headers: dict[str, str], raw: bytes) -> Any:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
        digest = hmac.digest(self.webhook_key, signed, hashlib.sha256)
        if headers["webhook-signature"] != "v1," + base64.b64encode(digest).decode():
            return 401
        return None


@contextmanager
def robots() -> Iterator[Robots]:
    """The vendors' server on a free port of loopback."""
    state = Robots()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(state.delay.get(parts.path, 0))
            status = state.trouble.get(parts.path, 200)
            said: Any = {}
            if status == 200:
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = state.answer(parts.path, query, headers, raw)
                status, said = (said, {}) if isinstance(said, int) else (200, said)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """What a mail server took; it refuses the addresses in `unknown` for good."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    busy: bool = False

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Takes or refuses a recipient."""
        if self.busy:
            return "451 try again later"
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keeps a mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server on a free port of loopback."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
