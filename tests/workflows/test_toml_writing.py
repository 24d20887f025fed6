"""Settings files are written so that they read the same, and keep what people said in comments."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import sla
from workflows.toml_writing import write

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/*.toml"))

_plain = st.text(max_size=20) | st.booleans() | st.integers(-(2**40), 2**40)
_value = st.recursive(
    _plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), _value, max_size=5))
def test_what_is_written_reads_the_same(document: dict[str, Any]) -> None:
    assert tomllib.loads(write(document)) == document


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_sample_written_anew_says_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    document = tomllib.loads(text)

    once = write(document, text)

    assert tomllib.loads(once) == document
    assert write(document, once) == once


def test_comments_above_tables_stay_with_their_table() -> None:
    before = (
        "# Whole file.\n\n# about the calendar\ncalendar = 'x'\n\n"
        "# first\n[[policy]]\nkey = 'a'\n\n# second\n# and more\n[[policy]]\nkey = 'b'\n"
    )
    document = {"calendar": "x", "policy": [{"key": "b"}, {"key": "c"}, {"key": "a"}]}

    text = write(document, before)

    assert text.startswith("# Whole file.\n")
    assert '# second\n# and more\n[[policy]]\nkey = "b"\n' in text
    assert '\n[[policy]]\nkey = "c"\n' in text
    assert '# first\n[[policy]]\nkey = "a"\n' in text


def test_conditions_stand_in_plain_quotes() -> None:
    text = write({"policy": [{"metric": "resolution", "when": 'priority = "P1"', "goals": []}]})

    assert "when = 'priority = \"P1\"'" in text
    assert [one.code for one in sla.read_sla(text.encode()).findings] == ["sla-goals-missing"]


def test_a_file_that_cannot_be_read_gives_no_comments() -> None:
    assert write({"a": 1}, "# head\n[[[\n") == "a = 1\n"
