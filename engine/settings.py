"""How this installation runs: what the engine needs to know of its surroundings."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Settings:
    """Set once at start, by the process that hosts the engine.

    `steps` and `seconds` bound one command's run of a process; sizes are in bytes.
    `outgoing_allow` are the networks inside the house that may be called all the same.
    """

    data_dir: Path
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    steps: int = 2000
    seconds: float = 2.0
    max_file_size: int = 25 * 1024 * 1024
    secret: str = field(default="", repr=False)
    public_url: str | None = None
    outgoing_allow: tuple[IPv4Network | IPv6Network, ...] = ()


_current: Settings | None = None


def install(settings: Settings) -> None:
    """Makes these the settings in force."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings in force."""
    if _current is None:
        raise Unavailable(what="settings")
    return _current
