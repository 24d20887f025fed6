"""Secrets of channels at rest: encrypted with a key that is derived from the installation's own."""

import json
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine import settings
from engine.errors import Unavailable

_NONCE = 12
_FORMAT = b"\x01"


def seal(values: Mapping[str, str], owner: str) -> bytes:
    """The values encrypted; `owner` is bound in, so that no row can borrow another's."""
    nonce = os.urandom(_NONCE)
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    return _FORMAT + nonce + _cipher().encrypt(nonce, text, owner.encode())


def unseal(sealed: bytes, owner: str) -> dict[str, str]:
    """The values again; raises Unavailable when the installation's secret key is another now."""
    if not sealed:
        return {}
    nonce, text = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        found: dict[str, str] = json.loads(_cipher().decrypt(nonce, text, owner.encode()))
    except InvalidTag:
        raise Unavailable(what="channel-secrets") from None
    return found


def _cipher() -> AESGCM:
    return AESGCM(_key(settings.current().secret))


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"banjie channel secrets").derive(secret.encode())
