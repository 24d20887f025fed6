"""Every code that forms give has its sentence in both languages."""

import re
from pathlib import Path

import pytest

from forms import checks
from forms.kinds.base import in_both
from tests.forms.test_documents import field, form
from workflows.texts import LANGUAGES, catalogue, sentence

SOURCES = Path(__file__).parents[2] / "forms"
GIVEN = re.compile(
    r"(?:Refused|self\.error|self\.warning|_error|_warning|invalid)"
    r'\(\s*(f?)"([a-z{}-]+)"'
)


def codes() -> set[str]:
    found = {"not-an-object", "access-hides-required"}
    for path in SOURCES.rglob("*.py"):
        for computed, code in GIVEN.findall(path.read_text("utf-8")):
            if not computed:
                found.add(code)
    families = ("user", "group", "department", "asset", "ticket", "file")
    return found | {f"no-such-{family}" for family in families}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    assert codes() - catalogue("forms", language).keys() == set()
    assert len(codes()) > 70


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    zh, en = (catalogue("forms", language) for language in LANGUAGES)

    assert zh.keys() == en.keys()
    for code in zh.keys() - {"rule-broken", "bad-expression"}:
        assert set(re.findall(r"{(.*?)}", zh[code])) == set(re.findall(r"{(.*?)}", en[code])), code


def test_a_rule_that_is_not_understood_is_explained_in_both_languages() -> None:
    [finding] = checks.check("forms/f.json", form(field("a", "text", shown="= b +")))

    for language, said in (("zh-CN", "规则从第"), ("en", "is not understood from character")):
        text = sentence("forms", language, finding.code, finding.params)
        assert said in text
        assert "{" not in text
        assert finding.params["reason"] not in text


def test_a_forms_own_message_is_its_sentence() -> None:
    blanks = in_both({"zh-CN": "请填料号", "en": "A part number, please"})

    assert sentence("forms", "zh-CN", "rule-broken", blanks) == "请填料号"
    assert sentence("forms", "en", "rule-broken", blanks) == "A part number, please"
    assert sentence("forms", "en", "rule-broken", in_both("只有中文")) == "只有中文"
