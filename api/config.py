"""What an installation is told from outside: environment variables, or a file with the same names.

The environment wins over the file. The file is `BANJIE_CONFIG`, or `banjie.conf` in the data
folder: lines of `NAME=value`, `#` begins a comment.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

DEFAULT_BIND = "127.0.0.1:8080"
_SECRET_FILE = "secret.key"  # noqa: S105  a file name
_MIN_SECRET = 16


class ConfigError(ValueError):
    """A setting that cannot be used; its text names the variable and what was expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process. Sizes are in bytes."""

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    broker_url: str | None = None
    admin_password: str | None = field(default=None, repr=False)
    bind: str = DEFAULT_BIND
    public_url: str | None = None
    trusted_proxies: int = 0
    max_request: int = 32 * 1024 * 1024
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    sign_in_limit: str = "20 per minute"  # refused attempts, per address
    outgoing_allow: tuple[IPv4Network | IPv6Network, ...] = ()  # inside, and called all the same


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The settings as environment and file give them; writes a secret key if there is none yet."""
    environ = os.environ if environ is None else environ
    data_dir = Path(environ.get("BANJIE_DATA_DIR") or "data").expanduser().absolute()
    named = environ.get("BANJIE_CONFIG")
    values = _read(Path(named) if named else data_dir / "banjie.conf", required=bool(named))
    values.update({key: value for key, value in environ.items() if key.startswith("BANJIE_")})
    data_dir = Path(values.get("BANJIE_DATA_DIR") or data_dir).expanduser().absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Config(
        data_dir=data_dir,
        database_url=_database_url(values.get("BANJIE_DATABASE_URL"), data_dir),
        secret_key=_secret(values.get("BANJIE_SECRET_KEY"), data_dir),
        broker_url=values.get("BANJIE_BROKER_URL") or None,
        admin_password=values.get("BANJIE_ADMIN_PASSWORD") or None,
        bind=_bind(values.get("BANJIE_BIND") or DEFAULT_BIND),
        public_url=(values.get("BANJIE_PUBLIC_URL") or "").rstrip("/") or None,
        trusted_proxies=_number(values, "BANJIE_TRUSTED_PROXIES", 0, 10),
        max_request=_number(values, "BANJIE_MAX_REQUEST_MB", 32, 1024) * 1024 * 1024,
        time_zone=_time_zone(values.get("BANJIE_TIME_ZONE") or "Asia/Shanghai"),
        outgoing_allow=_networks(values.get("BANJIE_OUTGOING_ALLOW") or ""),
    )


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(
            f"BANJIE_OUTGOING_ALLOW is a list of networks such as 10.1.0.0/16: {error}"
        ) from None


def _read(path: Path, required: bool) -> dict[str, str]:
    if not path.is_file():
        if required:
            raise ConfigError(f"BANJIE_CONFIG names {path}, but there is no such file")
        return {}
    values = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().startswith("BANJIE_"):
            raise ConfigError(f"{path}:{number}: expected BANJIE_NAME=value, found {text!r}")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _database_url(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'banjie.db'}"
    # The driver of the lock file is psycopg 3; people write the plain scheme.
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("BANJIE_DATABASE_URL must be a sqlite:/// or postgresql:// address")
    return url


def _secret(given: str | None, data_dir: Path) -> str:
    """The given key, or the one in the data folder: made at the first start, ours alone to read."""
    if given:
        if len(given) < _MIN_SECRET:
            raise ConfigError(f"BANJIE_SECRET_KEY needs at least {_MIN_SECRET} characters")
        return given
    path = data_dir / _SECRET_FILE
    try:
        # Created whole and closed to others; two processes starting together agree on one.
        made = data_dir / f".{_SECRET_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        if not path.exists():
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(made, path)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return path.read_text("ascii").strip()
    except OSError as error:
        raise ConfigError(f"the secret key in {path} cannot be kept: {error.strerror}") from error


def _bind(bind: str) -> str:
    host, colon, port = bind.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise ConfigError(f"BANJIE_BIND must be host:port, found {bind!r}")
    return bind


def _number(values: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = values.get(name) or str(default)
    if not text.isdigit() or int(text) > most:
        raise ConfigError(f"{name} must be a number from 0 to {most}, found {text!r}")
    return int(text)


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"BANJIE_TIME_ZONE names no time zone: {name!r}") from error
