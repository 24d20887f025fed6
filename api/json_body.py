"""The JSON a request brings, bounded in depth and free of what no database can keep."""

import json
import math
import re
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from engine.errors import InputError, InvalidInput

MAX_DEPTH = 64
_MAX_DIGITS = 100  # of one integer; nothing here counts further
_SUSPICIOUS = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class MalformedJson(BadRequest):
    """The body is not JSON."""


def read_json() -> Any:
    """What the body says; an empty body says an empty object.

    Raises MalformedJson, UnsupportedMediaType, or InvalidInput for text that cannot be kept.
    """
    data = request.get_data()
    if not data:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        value = json.loads(data, parse_constant=_refuse, parse_float=_finite, parse_int=_bounded)
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise MalformedJson
    if _SUSPICIOUS.search(data):
        wrong: list[InputError] = []
        _find_unkeepable(value, "", wrong)
        if wrong:
            raise InvalidInput(wrong)
    return value


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number beyond all bounds")
    return number


def _bounded(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number beyond all bounds")
    return int(text)


def _depth(value: Any) -> int:
    """How deep lists and objects are nested, level by level."""
    level, depth = [value], 0
    while level:
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        depth += 1
        level = inner
    return depth


def _find_unkeepable(value: Any, pointer: str, wrong: list[InputError]) -> None:
    if isinstance(value, str):
        if _UNKEEPABLE.search(value):
            wrong.append(InputError(pointer, "null-character"))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _find_unkeepable(each, f"{pointer}/{index}", wrong)
    elif isinstance(value, dict):
        for key, each in value.items():
            if _UNKEEPABLE.search(key):
                wrong.append(InputError(pointer, "null-character"))
            else:
                step = key.replace("~", "~0").replace("/", "~1")
                _find_unkeepable(each, f"{pointer}/{step}", wrong)
