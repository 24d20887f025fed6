"""Which services the tests may use: PostgreSQL, Redis, RabbitMQ on their standard local ports."""

import os
import socket

import pytest

PORTS = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672}


def required() -> bool:
    """Whether a missing service is a failure."""
    return bool(os.environ.get("BANJIE_REQUIRE_SERVICES"))


def answers(service: str) -> bool:
    """Whether something listens on the service's port."""
    try:
        socket.create_connection(("127.0.0.1", PORTS[service]), timeout=2).close()
    except OSError:
        return False
    return True


def need(service: str) -> None:
    """Skips the test without the service, or fails it where services are required."""
    if answers(service):
        return
    said = f"{service} does not answer on 127.0.0.1:{PORTS[service]}"
    if required():
        pytest.fail(said)
    pytest.skip(said)
