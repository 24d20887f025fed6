"""Passwords: argon2id at rest, and what a new one must satisfy."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidInput

MIN_LENGTH = 8
MAX_LENGTH = 128

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# Tried first by everybody; length alone does not keep them out.
_WELL_KNOWN = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "66666666",
        "88888888",
        "password",
        "passw0rd",
        "qwertyui",
        "qwerty123",
        "asdfghjk",
        "iloveyou",
        "1qaz2wsx",
        "abc12345",
        "abcd1234",
        "a1234567",
        "administrator",
        "admin123",
        "admin888",
        "password1",
        "5201314520",
        "woaini1314",
    ]
)


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Whether a password belongs to a hash; takes as long when there is none."""
    try:
        right = _hasher.verify(kept or _nobody(), password[: MAX_LENGTH * 4])
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)


def check(password: str, username: str, pointer: str = "/password") -> None:
    """Raises InvalidInput for a password that is too short, too long or known to everybody."""
    if len(password) < MIN_LENGTH:
        raise InvalidInput.at(pointer, "password-too-short", min=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise InvalidInput.at(pointer, "too-long", max=MAX_LENGTH)
    if password.lower() in _WELL_KNOWN or password.lower() == username.lower():
        raise InvalidInput.at(pointer, "password-well-known")


@cache
def _nobody() -> str:
    """A hash that no password is kept under, so that unknown names cost the same time."""
    return _hasher.hash("nobody has this password")
