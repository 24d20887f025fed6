"""The compact state of a running process: dropping what is finished, bytes and back.

Format 1: the byte 1, then zstd of msgpack of
`[process, variables, failure, done activities, gates, rows, parts]`; a part is
`[carrier, spec, isolated, variables, gates, rows]`; a row is
`[token id, parent row, spec, state, behalf, remembered]`. Ids are 16 bytes, the root is row 0.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgpack  # type: ignore[import-untyped]
import zstandard

from engine.processes.spiff.facts import ProcessFault
from engine.processes.spiff.scripting import FeelEngine
from engine.processes.spiff.specs import ProcessSpec
from engine.processes.spiff.tokens import LIVE, Part, Process, Run, Token, Workflow

FORMAT = 1
MAX_STATE = 4 * 1024 * 1024  # bytes before compression: far more than any process should remember
ENGINE = FeelEngine()

_DATETIME, _DATE, _TIME, _DURATION, _MONTHS, _DECIMAL, _SET, _UUID, _TUPLE, _INTEGER = range(1, 11)
_local = threading.local()


# --- forgetting ---------------------------------------------------------------------------------


def prune(process: Process) -> int:
    """Drop every finished token; says how many.

    Nothing in the engine asks for the past (it is in our tables): joins remember flows, loops and
    compensation remember counts, so a tree holds the root and what is live.
    """
    return sum(_prune(part) for part in list(process.parts()))


def _prune(workflow: Workflow) -> int:
    tasks = workflow.tasks
    root = workflow.task_tree
    kept = {key: token for key, token in tasks.items() if token._state & LIVE or token is root}
    dropped = len(tasks) - len(kept)
    if not dropped:
        return 0
    for token in kept.values():
        token._children = [child for child in token._children if child in kept]
    for token in kept.values():
        if token is not root and token._parent not in kept:
            token._parent = root.id
            root._children.append(token.id)
    workflow.tasks = kept
    workflow.last_task = None
    return dropped


# --- writing ------------------------------------------------------------------------------------


def encode(process: Process) -> bytes:
    """The process as bytes; raises ProcessFault for values that have no form or are too large."""
    data = [
        process.spec.name,
        process.data,
        process.failure,
        process.done_activities,
        process.gates,
        _rows(process),
        [
            [
                bytes.fromhex(carrier),
                part.spec.name,
                part.isolated,
                part.data if part.isolated else None,
                part.gates,
                _rows(part),
            ]
            for carrier, part in process.subprocesses.items()
        ],
    ]
    packed = pack(data)
    if len(packed) > MAX_STATE:
        raise ProcessFault("state-too-large", None, bytes=len(packed), maximum=MAX_STATE)
    return bytes((FORMAT,)) + _compressor().compress(packed)


def pack(data: Any) -> bytes:
    """Values as msgpack; raises ProcessFault for what has no form."""
    try:
        return bytes(msgpack.packb(data, default=_extension, use_bin_type=True, strict_types=True))
    except ProcessFault:
        raise
    except (TypeError, ValueError, OverflowError) as problem:
        raise ProcessFault("value-not-storable", None, reason=str(problem)) from problem


def unpack(packed: bytes) -> Any:
    """Values back from msgpack."""
    return msgpack.unpackb(packed, ext_hook=_restore, strict_map_key=False)


def _rows(workflow: Workflow) -> list[list[Any]]:
    index = {key: number for number, key in enumerate(workflow.tasks)}
    return [
        [
            bytes.fromhex(token.id),
            -1 if token._parent is None else index[token._parent],
            token.task_spec.name,
            token._state,
            token.triggered,
            token.internal_data or None,
        ]
        for token in workflow.tasks.values()
    ]


def _extension(value: Any) -> Any:
    kind = type(value)
    if kind is Decimal:
        return msgpack.ExtType(_DECIMAL, str(value).encode())
    if kind is datetime:
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
        text = (value.replace(tzinfo=None) if zone else value).isoformat()
        return msgpack.ExtType(_DATETIME, f"{text}|{value.fold}{zone}".encode())
    if kind is date:
        return msgpack.ExtType(_DATE, value.isoformat().encode())
    if kind is time:
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
        return msgpack.ExtType(
            _TIME, f"{value.replace(tzinfo=None) if zone else value}|{zone}".encode()
        )
    if kind is timedelta:
        return msgpack.ExtType(_DURATION, pack([value.days, value.seconds, value.microseconds]))
    if kind in (set, frozenset):
        return msgpack.ExtType(_SET, pack(list(value)))
    if kind is tuple:
        return msgpack.ExtType(_TUPLE, pack(list(value)))
    if kind is UUID:
        return msgpack.ExtType(_UUID, value.bytes)
    if kind is int:
        return msgpack.ExtType(_INTEGER, str(value).encode())
    if kind.__name__ == "YearsMonths":
        return msgpack.ExtType(_MONTHS, pack(value.total))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return list(value)
    raise TypeError(f"a process variable cannot hold {kind.__name__}")


def _restore(code: int, payload: bytes) -> Any:
    if code == _DECIMAL:
        return Decimal(payload.decode())
    if code == _DATETIME:
        text, _, rest = payload.decode().rpartition("|")
        moment = datetime.fromisoformat(text).replace(fold=int(rest[:1]))
        return moment.replace(tzinfo=ZoneInfo(rest[1:])) if rest[1:] else moment
    if code == _DATE:
        return date.fromisoformat(payload.decode())
    if code == _TIME:
        text, _, zone = payload.decode().rpartition("|")
        clock = time.fromisoformat(text)
        return clock.replace(tzinfo=ZoneInfo(zone)) if zone else clock
    if code == _DURATION:
        return timedelta(*unpack(payload))
    if code == _SET:
        return set(unpack(payload))
    if code == _TUPLE:
        return tuple(unpack(payload))
    if code == _UUID:
        return UUID(bytes=payload)
    if code == _INTEGER:
        return int(payload)
    if code == _MONTHS:
        from workflows.feel.values import YearsMonths

        return YearsMonths(unpack(payload))
    raise ValueError(f"unknown value kind {code}")


# --- reading ------------------------------------------------------------------------------------


class StateUnreadable(ValueError):
    """The bytes are no state, of a newer format, or of a diagram without these elements."""


def decode(
    blob: bytes, specs: dict[str, ProcessSpec], run: Run, rename: Callable[[str], str] = str
) -> Process:
    """The process back from bytes; raises StateUnreadable.

    `rename` gives the name that a node or part has in these specifications, for moving an
    instance to another version.
    """
    if not blob or blob[0] != FORMAT:
        raise StateUnreadable(f"state format {blob[0] if blob else None} is not known")
    try:
        packed = _decompressor().decompress(blob[1:], max_output_size=MAX_STATE * 2)
        name, variables, failure, done, gates, rows, parts = unpack(packed)
        process = Process(specs[rename(name)], specs, ENGINE, run)
        process.data = variables
        process.failure = failure
        process.done_activities = done
        process.gates = gates
        _fill(process, rows, rename)
        for carrier, spec, isolated, data, part_gates, part_rows in parts:
            token = process.find(carrier.hex())
            if token is None:
                raise StateUnreadable("a sub-process has lost its token")
            part = Part(specs[rename(spec)], token, isolated)
            if isolated:
                part.data = data
            part.gates = part_gates
            _fill(part, part_rows, rename)
    except StateUnreadable:
        raise
    except (
        zstandard.ZstdError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
    ) as problem:
        raise StateUnreadable(str(problem)) from problem
    return process


def _fill(workflow: Workflow, rows: list[list[Any]], rename: Callable[[str], str]) -> None:
    specs = workflow.spec.task_specs
    tokens: list[Token] = []
    for identity, parent, name, state, behalf, remembered in rows:
        above = tokens[parent] if parent >= 0 else None
        token = Token(workflow, specs[rename(name)], above, state, identity.hex())
        token.triggered = behalf
        if remembered:
            token.internal_data = remembered
        tokens.append(token)
    workflow.task_tree = tokens[0]
    workflow.completed = not any(token._state & LIVE for token in tokens)


def _compressor() -> zstandard.ZstdCompressor:
    """One a thread: making one costs more than using it."""
    found: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if found is None:
        found = _local.compressor = zstandard.ZstdCompressor(level=3)
    return found


def _decompressor() -> zstandard.ZstdDecompressor:
    found: zstandard.ZstdDecompressor | None = getattr(_local, "decompressor", None)
    if found is None:
        found = _local.decompressor = zstandard.ZstdDecompressor()
    return found
