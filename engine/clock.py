"""What time it is: the machine's clock plus an offset that tests and the sandbox move."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far the clock has been moved ahead of the machine's."""
    return _offset


def advance(by: timedelta) -> None:
    """Moves the clock of this process ahead."""
    global _offset
    _offset += by


def reset() -> None:
    """Puts the clock back to the machine's."""
    global _offset
    _offset = timedelta()
