import pytest

from workflows.manifest import Manifest, ManifestError, read_manifest

SMALL = 'key = "printer"\nname = { zh-CN = "打印机报修", en = "Printer repair" }\n'


def read(text: str) -> Manifest:
    return read_manifest(text.encode())


def test_fills_in_what_the_smallest_manifest_leaves_out() -> None:
    manifest = read(SMALL)

    assert manifest.number == "PRINTER-{date}-{seq:4}"
    assert manifest.process == "process.bpmn"
    assert list(manifest.statuses) == ["open", "closed"]
    assert manifest.access.submit == ("everyone",)
    assert manifest.access.work == ("role:agent",)
    assert manifest.intake is None
    assert manifest.remarks == ()


def test_reads_everything_that_a_manifest_can_say() -> None:
    manifest = read(
        SMALL
        + """
number = "PRN-{date}-{seq:4}"
description = { zh-CN = "打印机坏了", en = "A broken printer" }
title = "哪里坏了？"
icon = "printer"
colour = "#1677ff"
department = "it"
intake = "report"
process = "main.bpmn"
progress = ["handling", { statuses = ["waiting", "done"], zh-CN = "完成", en = "Done" }]

[statuses]
handling = { category = "open", zh-CN = "处理中", en = "In progress" }
waiting = { category = "waiting", zh-CN = "等待" }
done = { category = "closed", zh-CN = "已办结", en = "Closed" }
gone = { category = "cancelled", zh-CN = "已取消" }

[groups]
it_support = { zh-CN = "IT 支持", en = "IT support" }
it-desk = {}

[access]
submit = ["role:requester", "department:it"]
see = ["group:it_support"]
work = ["group:it_support", "user:zhang"]

[[categories]]
key = "paper"
zh-CN = "卡纸"
children = [{ key = "tray", zh-CN = "纸盒" }]
"""
    )

    assert [status.key for status in manifest.statuses.values()] == [
        "handling",
        "waiting",
        "done",
        "gone",
    ]
    assert manifest.statuses["handling"].labels["en"] == "In progress"
    assert manifest.first_status.key == "handling"
    assert manifest.closing_status is not None
    assert manifest.closing_status.key == "done"
    assert [step.statuses for step in manifest.progress] == [("handling",), ("waiting", "done")]
    assert manifest.progress[0].labels["zh-CN"] == "处理中"
    assert manifest.categories[0].children[0].key == "tray"
    assert manifest.groups["it_support"].labels["en"] == "IT support"
    assert "it-desk" in manifest.groups
    assert manifest.access.work == ("group:it_support", "user:zhang")
    assert manifest.title == {"": "哪里坏了？"}
    assert manifest.remarks == ()


def test_shows_the_statuses_but_the_cancelled_as_progress_by_default() -> None:
    manifest = read(
        SMALL
        + '[statuses]\na = {category="new"}\nb = {category="closed"}\nc={category="cancelled"}'
    )

    assert [step.statuses for step in manifest.progress] == [("a",), ("b",)]


def test_warns_of_keys_that_nobody_reads_with_their_place() -> None:
    manifest = read(SMALL + 'colr = "blue"\n[statuses]\ndone = {category="closed", colour="red"}\n')

    assert [(one.severity, one.code, one.element) for one in manifest.remarks] == [
        ("warning", "key-unknown", "statuses.done.colour"),
        ("warning", "key-unknown", "colr"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("key = 'x'", "key-missing", "name"),
        ("name = 'x'", "key-missing", "key"),
        ("key = 'Printer'\nname = 'x'", "key-unreadable", "key"),
        ("key = '../x'\nname = 'x'", "key-unreadable", "key"),
        ("key = 7\nname = 'x'", "wrong-type", "key"),
        (SMALL + "name = 'twice'", "toml-not-readable", None),
        (SMALL + "number = 'X-{date}'", "number-pattern-no-sequence", "number"),
        (SMALL + "colour = 'url(x)'", "colour-unreadable", "colour"),
        (SMALL + "statuses = 'x'", "wrong-type", "statuses"),
        (SMALL + "[statuses]", "statuses-empty", "statuses"),
        (SMALL + "[statuses]\na = 'open'", "wrong-type", "statuses.a"),
        (SMALL + "[statuses]\na = {}", "key-missing", "statuses.a.category"),
        (
            SMALL + "[statuses]\na = {category='x'}",
            "status-category-unknown",
            "statuses.a.category",
        ),
        (SMALL + "[statuses]\na = {category='open'}", "statuses-without-end", "statuses"),
        (SMALL + "[statuses]\n'A b' = {category='open'}", "key-unreadable", "statuses.A b"),
        (SMALL + "[access]\nwork = 'agents'", "wrong-type", "access.work"),
        (SMALL + "[access]\nwork = ['agents']", "principal-unreadable", "access.work"),
        (SMALL + "[access]\nwork = ['role:boss']", "role-unknown", "access.work"),
        (SMALL + "progress = ['gone']", "status-unknown", "progress"),
        (SMALL + "[[categories]]\nkey='a'\n[[categories]]\nkey='a'", "category-twice", None),
        (SMALL + "icon = true", "wrong-type", "icon"),
        (SMALL + "intake = ''", "text-empty-or-long", "intake"),
    ],
)
def test_refuses_a_manifest_and_names_the_place(text: str, code: str, place: str | None) -> None:
    with pytest.raises(ManifestError) as refused:
        read(text)

    found = [(one.code, one.element) for one in refused.value.findings]
    assert code in [one for one, _ in found]
    if place is not None:
        assert (code, place) in found


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"a = " + b"[" * 100_000,
        b"=",
        b"\0",
        b"key = '''" + b"x" * 100_000,
        b"a." * 50_000 + b"b = 1",
    ],
)
def test_refuses_what_is_no_toml(data: bytes) -> None:
    with pytest.raises(ManifestError):
        read_manifest(data)
