"""E-mail over SMTP: one thread a ticket, marked as written by a program."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from engine.notify.channels.base import (
    ChannelKind,
    GiveUp,
    Message,
    Setting,
    TryAgain,
    Values,
)

_TIMEOUT = 10.0


class Email(ChannelKind):
    """One mail server; a digest puts what waited for a person into one mail."""

    name = "email"
    personal = True
    together = 50
    size = 200_000
    settings = (
        Setting("host", required=True),
        Setting("port", "number", required=True, default=587),
        Setting("security", "choice", default="starttls", choices=("starttls", "tls", "none")),
        Setting("username"),
        Setting("password", "secret"),
        Setting("sender", required=True),
    )

    def send(self, values: Values, message: Message) -> None:
        """Hands one mail to the server."""
        mail = written(values, message)
        try:
            with _connected(values) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()), (550, b""))
            _refused(code, reason)
        except smtplib.SMTPSenderRefused as error:
            raise TryAgain(f"{error.smtp_code} {error.smtp_error!r}") from error
        except smtplib.SMTPAuthenticationError as error:
            raise TryAgain(f"the server does not let us in: {error.smtp_code}") from error
        except smtplib.SMTPResponseException as error:
            _refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            raise TryAgain(f"{type(error).__name__}: {error}"[:500]) from error


def _refused(code: int, reason: bytes | str) -> None:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    said = f"{code} {text}"[:500]
    if 400 <= code < 500:
        raise TryAgain(said, whole=False)
    raise GiveUp(said)


def _connected(values: Values) -> smtplib.SMTP:
    host, port = str(values["host"]), int(values["port"])
    security = values.get("security") or "starttls"
    server: smtplib.SMTP
    if security == "tls":
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT)
    try:
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if values.get("username"):
            server.login(str(values["username"]), str(values.get("password") or ""))
    except BaseException:
        server.close()
        raise
    return server


def written(values: Values, message: Message) -> EmailMessage:
    """The mail: text and HTML, in the thread of its ticket."""
    first = message.contents[0]
    name, address = parseaddr(str(values["sender"]))
    user, _, domain = address.rpartition("@")
    mail = EmailMessage()
    mail["From"] = Address(name or "Banjie", user, domain)
    mail["To"] = message.target
    mail["Subject"] = _line(_subject(message.contents, first))
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    ticket = first.get("ticket")
    if ticket and len(message.contents) == 1:
        # The first mail of the thread need not exist: its id is what holds the others together.
        root = f"<ticket.{ticket}@{domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
    kind = first.get("type") or "notices"
    mail["List-Id"] = f"<{kind}.banjie.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    text = "\n\n--\n\n".join(_text(content) for content in message.contents)
    html = "<hr>".join(_html(content) for content in message.contents)
    mail.set_content(text)
    mail.add_alternative(f"<!doctype html><html><body>{html}</body></html>", subtype="html")
    return mail


def _subject(contents: Sequence[Mapping[str, Any]], first: Mapping[str, Any]) -> str:
    if len(contents) == 1:
        ticket = first.get("ticket")
        return f"[{ticket}] {first['subject']}" if ticket else str(first["subject"])
    return f"{first.get('digest') or 'Banjie'} ({len(contents)})"


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def _text(content: Mapping[str, Any]) -> str:
    return "\n\n".join(str(content[part]) for part in ("text", "url") if content.get(part))


def _html(content: Mapping[str, Any]) -> str:
    return str(content.get("html") or "")
