"""Calls to the outside: the address is looked up once, checked, and that very address is called.

Nothing of the environment is read (no proxy), no redirect is followed, time and size are bounded.
Addresses inside the house are refused unless an administrator has allowed their network.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3

TIMEOUT = 10.0  # seconds for all of one call
MAX_ANSWER = 64 * 1024
PORTS = frozenset({80, 443, 8080, 8443})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

# Global by the book, yet a way into the house: translated and tunnelled addresses, the shared
# range of carriers, and where clouds answer questions about the machine itself.
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "100.64.0.0/10",
        "192.0.0.0/24", "198.18.0.0/15", "168.63.129.16/32", "fd00:ec2::254/128",
    )
)  # fmt: skip


class Refused(Exception):
    """An address that must not be called."""


class NoAnswer(Exception):
    """The other side did not answer in time, or not in HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the beginning of the body."""

    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow: Sequence[Network] = (),
    timeout: float = TIMEOUT,
    resolve: Resolve | None = None,
) -> Answer:
    """Posts to an address; raises Refused or NoAnswer."""
    scheme, host, port, path = _taken_apart(url)
    address = check(host, port, allow, resolve or _look_up)
    deadline = time.monotonic() + timeout
    options: dict[str, Any] = {
        "host": address,
        "port": port,
        "timeout": urllib3.Timeout(total=timeout),
        "retries": False,
        "maxsize": 1,
    }
    pool: urllib3.HTTPConnectionPool
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED", **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(**options)
    # The name of the host goes into the header, its address into the connection.
    shown = f"[{host}]" if ":" in host else host
    named = {"Host": shown if port in (80, 443) else f"{shown}:{port}", "User-Agent": "banjie"}
    try:
        with pool:
            response = pool.urlopen(
                "POST", path, body=body, headers={**named, **headers}, redirect=False,
                preload_content=False,
            )  # fmt: skip
            return Answer(response.status, _begin(response, deadline))
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:500]) from error


def _begin(response: Any, deadline: float) -> bytes:
    found = b""
    for piece in response.stream(8192):
        found += piece
        if len(found) >= MAX_ANSWER or time.monotonic() > deadline:
            break
    response.close()
    return found[:MAX_ANSWER]


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise Refused("the address holds signs that none may")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(str(error)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("only http and https addresses are called")
    if parts.username is not None or parts.password is not None:
        raise Refused("the address holds a user name")
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port, path


def check(host: str, port: int, allow: Sequence[Network], resolve: Resolve | None = None) -> str:
    """The address to connect to; raises Refused unless every address of the name may be called.

    Ports beyond the usual ones of HTTP are for networks that the administrator allowed.
    """
    try:
        found = (resolve or _look_up)(host, port)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"{host}: {error}") from error
    if not found:
        raise NoAnswer(f"{host}: no address")
    for text in found:
        address = _plain(text)
        if any(address in network for network in allow if network.version == address.version):
            continue
        if not _is_outside(address):
            raise Refused(f"{host} leads to {address}, which is inside")
        if port not in PORTS:
            raise Refused(f"port {port} is not one of HTTP")
    return found[0]


def _plain(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address


def _is_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in one for one in _INSIDE if one.version == address.version)


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
