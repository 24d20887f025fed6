"""Everything that is said is said in both languages, with the same blanks."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import texts
from engine import errors
from engine.access.policy import ROLES
from engine.errors import EngineError
from workflows.texts import LANGUAGES, catalogue

_SUFFIX = re.compile("_(zh|en)$")
ROOT = Path(__file__).parents[2]


def _kinds(kind: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


def _blanks(text: str) -> set[str]:
    """The blanks of a sentence; one that is a word of a language counts as the same in each."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return {"sentence" if name in LANGUAGES else _SUFFIX.sub("", name) for name in names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_code_has_a_title_and_a_detail(language: str) -> None:
    codes = {kind.code for kind in _kinds()}

    for code in codes:
        title, detail = texts.problem(language, code, {})
        assert title != code, code
        assert detail, code


def test_error_codes_are_unique() -> None:
    codes = [kind.code for kind in _kinds()]

    assert sorted(codes) == sorted(set(codes))
    assert errors.TaskTaken.code == "task-taken"


def test_problems_speak_of_the_same_things_in_both_languages() -> None:
    chinese, english = (texts.catalogue(language) for language in LANGUAGES)

    assert set(chinese) == set(english)
    assert set(chinese["words"]) == set(english["words"])
    for code, entry in chinese.items():
        assert type(entry) is type(english[code]), code
        if isinstance(entry, str):
            assert _blanks(entry) == _blanks(english[code]), code
        elif "detail" in entry:
            assert _blanks(entry["detail"]) == _blanks(english[code]["detail"]), code


@pytest.mark.parametrize("package", ["workflows", "forms"])
def test_findings_speak_of_the_same_things_in_both_languages(package: str) -> None:
    chinese, english = (catalogue(package, language) for language in LANGUAGES)

    assert set(chinese) == set(english)
    assert {code: _blanks(text) for code, text in chinese.items()} == {
        code: _blanks(text) for code, text in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_a_name(language: str) -> None:
    for role in ROLES:
        assert texts.word(language, f"role:{role}") != f"role:{role}"


def _called(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _literal(node: ast.Call, place: int) -> str | None:
    if len(node.args) > place and isinstance(node.args[place], ast.Constant):
        value = node.args[place].value
        return value if isinstance(value, str) else None
    return None


def test_every_input_error_in_the_code_has_a_sentence() -> None:
    used = {
        code
        for package in ("engine", "api")
        for path in (ROOT / package).rglob("*.py")
        for name, call in _called(path)
        if name in ("InvalidInput.at", "InputError", "errors.InputError")
        for code in [_literal(call, 1)]
        if code is not None
    }

    assert "unknown-user" in used
    for language in LANGUAGES:
        assert {code for code in used if texts.input_error(language, code, {}) == code} == set()


def test_every_kind_of_thing_not_found_has_a_word() -> None:
    used = {
        keyword.value.value
        for path in (ROOT / "engine").rglob("*.py")
        for name, call in _called(path)
        if name.rpartition(".")[2] in ("NotFound", "AlreadyExists", "InUse")
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }

    assert "user" in used
    for language in LANGUAGES:
        words = texts.catalogue(language)["words"]
        assert {kind for kind in used if f"kind:{kind}" not in words} == set()
