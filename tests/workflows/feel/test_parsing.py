"""What is refused before anything is evaluated, in which words, and that nothing else happens."""

import json
import time
from collections.abc import Iterable
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import feel
from workflows.feel import FeelSyntaxError
from workflows.texts import LANGUAGES, sentence

REFUSED = [
    ("", "expression-missing", 0),
    ("1 +", "expression-missing", 3),
    ("(1", "ends-too-early", 2),
    ("[1, 2", "ends-too-early", 5),
    ("1 2", "unexpected", 2),
    ("a == b", "double-equals", 3),
    ("if a then b", "ends-too-early", 11),
    ("if a 1 then c else d", "expected-other", 5),
    ("for x return x", "expected-other", 6),
    ('"abc', "string-not-closed", 0),
    ("1 /* never closed", "comment-not-closed", 2),
    ("金额 ＞ 5", "full-width-mark", 3),
    ("“VIP”", "full-width-mark", 0),
    ("f(1，2)", "full-width-mark", 3),
    ("{a: 1, a: 2}", "duplicate-key", 7),
    ('@"tomorrow"', "not-a-date-or-duration", 0),
    ("1e99999", "number-too-big", 0),
    ("function(a, a) 1", "duplicate-key", 12),
    ("x instance of list<number, string>", "one-type-expected", 14),
    ("[1..]", "expression-missing", 5),
    ("1 in (2, ", "expression-missing", 9),
    ("f(1, )", "unexpected", 5),
    ("a.", "ends-too-early", 2),
    (")", "unexpected", 0),
    ("x" * 10_001, "text-too-long", 10_000),
    ("(" * 100 + "1" + ")" * 100, "too-deep", 60),
    ("-" * 100 + "1", "too-deep", 60),
    ("[" * 5_000, "too-deep", 60),
    ("x" + ".y" * 200, "too-deep", 0),
    ("+".join("1" * 4_000), "too-many-parts", 5_000),
]


@pytest.mark.parametrize(("text", "code", "position"), REFUSED, ids=[t[:20] for t, _, _ in REFUSED])
def test_names_the_place_and_the_reason_of_a_syntax_error(
    text: str, code: str, position: int
) -> None:
    (remark,) = feel.check(text)

    assert (remark.code, remark.position) == (code, position)


def test_evaluating_a_text_that_is_no_expression_gives_null() -> None:
    assert feel.evaluate("1 +") is None
    assert feel.unary("[1..", 1) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_remark_has_a_sentence_without_open_blanks(language: str) -> None:
    for text, code, _ in REFUSED:
        (remark,) = feel.check(text)

        said = sentence("workflows.feel", language, remark.code, remark.params)

        assert said != code
        assert "{" not in said or "{" in text


def test_both_languages_know_the_same_codes() -> None:
    folder = files("workflows.feel.texts")
    known = [set(json.loads((folder / f"{one}.json").read_text("utf-8"))) for one in LANGUAGES]

    assert known[0] == known[1]


def test_a_longer_name_in_scope_wins_over_its_parts() -> None:
    assert feel.compile("a-b", ["a-b"]).names == {"a-b"}
    assert feel.compile("a-b").names == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "names", "inside_filters"),
    [
        ("a + b.c", {"a", "b"}, set()),
        ("for x in xs return x + y", {"xs", "y"}, set()),
        ("some x in xs satisfies x = limit", {"xs", "limit"}, set()),
        ("items[price > limit]", {"items", "price", "limit"}, {"price", "limit"}),
        ("{a: 1, b: a + c}", {"c"}, set()),
        ("(function(x) x + k)(1)", {"k"}, set()),
        ("sum(xs) + string length(s)", {"xs", "s"}, set()),
        ("my function(1)", {"my function"}, set()),
        ("客户 等级 in (允许)", {"客户 等级", "允许"}, set()),
    ],
)
def test_knows_the_names_that_an_expression_uses(
    text: str, names: set[str], inside_filters: set[str]
) -> None:
    compiled = feel.compile(text)

    assert compiled.names == names
    assert compiled.filter_names == inside_filters
    assert feel.names(text) == names


_WORDS = st.sampled_from(
    r"""if then else for in return some every satisfies and or not between function external
    instance of list context range null true false item partial date and time string length
    1 2.5 .5 1e9 "a" "\u00 "\u4e2d" @ @"P1D" ( ) [ ] { } , : . .. - + * ** / // /* */ = != <
    <= > >= -> ? a b 客户 等级 ， “ ' # \ $ 🐎 &""".split()  # noqa: SIM905
)


REASONS = json.loads((files("workflows.feel.texts") / "en.json").read_text("utf-8"))


def _allowed(text: str, names: Iterable[str] = ()) -> None:
    started = time.process_time()
    for compile_text in (feel.compile, feel.compile_unary):
        try:
            compiled = compile_text(text, names)
        except FeelSyntaxError as error:
            place, said = error.position, error.code
        else:
            place, said = 0, compiled.text
        assert 0 <= place <= len(text)
        assert said == text or said in REASONS
    assert time.process_time() - started < 2


@settings(max_examples=400, deadline=None)
@given(st.lists(_WORDS, max_size=40).map(" ".join))
def test_any_sequence_of_words_is_an_expression_or_a_syntax_error(text: str) -> None:
    _allowed(text, ["a b", "客户 等级", "a-b"])
    feel.evaluate(text, {"a": 1, "b": [1, 2], "a b": {"a": 3}})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_is_an_expression_or_a_syntax_error(text: str, names: list[str]) -> None:
    _allowed(text, names)
    feel.evaluate(text, {"a": 1})


@pytest.mark.parametrize(
    "text",
    [
        "x in (" * 1_600,
        "not(" * 1_600,
        "a(b:" * 1_600,
        "{a:" * 1_600,
        '"' + "\\" * 4_500,
        "/*" * 4_500,
        "a " * 4_900,
        "if a then b else " * 600 + "c",
        "1..2" * 1_600,
        "]" * 4_500,
        "a[" * 4_500,
        " ".join(["function(x)"] * 1_500),
        "x instance of list<" * 900,
        "@" * 4_500,
        "a and " * 1_600 + "a",
        "1 + " * 4_000 + "1",
        "[" + "1," * 2_400 + "1]",
    ],
    ids=lambda text: text[:12],
)
def test_hostile_texts_are_answered_quickly(text: str) -> None:
    _allowed(text)
    feel.evaluate(text, {"a": True, "x": 1})
