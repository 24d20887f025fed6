"""How a step wants to be approved, as typed values; kept with each round as it was at the time."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_NUMBERED = re.compile(r"(count|percent):(\d{1,3})\Z")
_PLAIN = ("all", "any", "sequential")


@dataclass(frozen=True, slots=True)
class Setting:
    """The rules of one approval step."""

    mode: str = "all"  # all, any, sequential, count, percent
    number: int = 0  # of count and percent
    reject: str = "first"  # first, unreachable, wait
    opinion: bool = False
    signature: bool = False
    return_to: str = "any"  # any, start, or ids of elements separated by commas
    resubmit: str = "walk_again"
    withdraw: str = "any"  # while the requester may: any, unacted, never
    weights: Mapping[str, int] = field(default_factory=dict)
    time_limit: str | None = None
    on_timeout: str = "remind"  # remind, agree, reject, expire, transfer:manager

    @property
    def is_sequential(self) -> bool:
        """Whether one is asked after the other."""
        return self.mode == "sequential"

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> "Setting":
        """Back from JSON."""
        return cls(**stored)

    def among(self, mode: str) -> "Setting":
        """For those whom an approver adds: his own rules, in another mode."""
        return Setting(
            mode=mode,
            opinion=self.opinion,
            signature=self.signature,
            return_to=self.return_to,
            resubmit=self.resubmit,
            time_limit=self.time_limit,
            on_timeout=self.on_timeout,
        )


def read(texts: Mapping[str, str]) -> Setting:
    """The setting in a step's properties, expressions already evaluated; unknown is the default."""
    mode, number = texts.get("approval", "all"), 0
    numbered = _NUMBERED.match(mode)
    if numbered:
        mode, number = numbered[1], int(numbered[2])
    elif mode not in _PLAIN:
        mode = "all"
    default = "unreachable" if numbered else "first"
    return Setting(
        mode=mode,
        number=number,
        reject=_one_of(texts.get("reject"), ("first", "unreachable", "wait"), default),
        opinion=texts.get("opinion") == "required",
        signature=texts.get("signature") == "required",
        return_to=texts.get("return_to") or "any",
        resubmit=_one_of(texts.get("resubmit"), ("walk_again", "straight_back"), "walk_again"),
        withdraw=_one_of(texts.get("withdraw"), ("any", "unacted", "never"), "any"),
        weights=weights(texts.get("weights", "")),
        time_limit=texts.get("time_limit") or None,
        on_timeout=texts.get("on_timeout") or "remind",
    )


def weights(text: str) -> dict[str, int]:
    """`zhang:2, li:1` as person → weight; what is no weight counts as one."""
    found: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.rpartition(":")
        if name.strip() and number.strip().isdigit() and 0 < int(number) < 1000:
            found[name.strip()] = int(number)
    return found


def _one_of(text: str | None, known: tuple[str, ...], default: str) -> str:
    return text if text in known else default
