from datetime import date

import pytest

from workflows.numbers import PatternError, parse_pattern, patterns_collide

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("pattern", "sequence", "number"),
    [
        ("INC-{date}-{seq:4}", 1, "INC-20261122-0001"),
        ("INC-{date}-{seq:4}", 12_345, "INC-20261122-12345"),
        ("{year}/{month}/{seq}", 7, "2026/11/7"),
        ("A{seq:2}", 3, "A03"),
        ("{year}{month}{day}{seq:3}", 9, "20261122009"),
    ],
)
def test_renders_a_number(pattern: str, sequence: int, number: str) -> None:
    assert parse_pattern(pattern).render(DAY, sequence) == number


def test_counts_anew_when_a_date_part_changes() -> None:
    pattern = parse_pattern("INC-{year}-{seq:4}")

    assert pattern.scope(DAY) == pattern.scope(date(2026, 1, 1))
    assert pattern.scope(DAY) != pattern.scope(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("INC-{date}", "number-pattern-no-sequence"),
        ("", "number-pattern-no-sequence"),
        ("{seq}-{seq}", "number-pattern-two-sequences"),
        ("INC-{week}-{seq}", "number-pattern-unreadable"),
        ("INC-{seq:0}", "number-pattern-unreadable"),
        ("INC-{seq:99}", "number-pattern-unreadable"),
        ("INC {seq}", "number-pattern-unreadable"),
        ("INC-{seq", "number-pattern-unreadable"),
        ("工单{seq}", "number-pattern-unreadable"),
        ("{date:4}{seq}", "number-pattern-unreadable"),
        ("A-{month}-{seq}", "number-pattern-not-unique"),
        ("A-{year}-{day}-{seq}", "number-pattern-not-unique"),
        ("A" * 61 + "{seq}", "number-pattern-too-long"),
    ],
)
def test_refuses_a_pattern_that_cannot_be_used(pattern: str, code: str) -> None:
    with pytest.raises(PatternError) as refused:
        parse_pattern(pattern)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("first", "second", "collide"),
    [
        ("INC-{date}-{seq:4}", "INC-{date}-{seq:4}", True),
        ("INC-{date}-{seq:4}", "CHG-{date}-{seq:4}", False),
        ("INC-{date}-{seq:4}", "INC-{date}-{seq:6}", True),  # the 100,000th of a day
        ("INC-{date}-{seq:4}", "INC-{year}-{seq:4}", False),  # 8 digits, dash / 4 digits, dash
        ("INC-{date}{seq:4}", "INC-{seq:4}", True),
        ("INC-{date}", "INC", None),
        ("A{seq:1}", "A1{seq:1}", True),
        ("A{seq:1}", "A{seq:1}B", False),
        ("A{seq:1}-{year}", "A{year}-{seq:1}", True),
        ("inc-{seq:4}", "INC-{seq:4}", True),  # numbers are found without regard to case
        ("{seq:9}", "{date}{seq:1}", True),
        ("X-{seq:3}", "X-{seq:3}/1", False),
        ("IT-{seq:4}", "IT2-{seq:4}", False),
    ],
)
def test_says_whether_two_patterns_could_give_the_same_number(
    first: str, second: str, collide: bool | None
) -> None:
    if collide is None:
        with pytest.raises(PatternError):
            patterns_collide(first, second)
        return

    assert patterns_collide(first, second) is collide
    assert patterns_collide(second, first) is collide
