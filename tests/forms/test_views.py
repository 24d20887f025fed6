"""What the reader of a step sees of a form."""

import json

from forms import compiler, documents
from tests.forms.test_documents import field, form

FORM = documents.read(
    form(
        field("title", "text", required=True),
        field("cost", "money"),
        field("price", "money", computed="= cost * 1.2"),
        field("level", "text", shown="= cost > 100"),
        field("why", "text", required='= title = "x"'),
        field("urgent", "text", required='= ticket.priority = "P0"'),
        field("low", "number", min="= cost"),
        field("who", "text", default="= ticket.requester"),
        field("area", "choice", options='= if cost > 100 then ["big"] else ["small"]'),
        field("end", "date", rules=[{"check": "= cost < 5", "message": "贵"}]),
        field(
            "lines",
            "table",
            columns=[field("n", "number", max="= cost"), field("m", "number", max="= n + cost")],
        ),
        layout=["title", {"group": "内部", "items": ["cost"]}, {"row": ["price", "level"]}],
        examples=[{"name": "示例", "values": {"title": "t", "cost": 3}}],
    )
)
SCOPE = {"ticket": {"priority": "P0", "requester": "zhoumin"}}


def test_without_access_and_scope_the_document_is_itself() -> None:
    assert compiler.visible(FORM, {}) == FORM.raw


def test_hidden_fields_are_taken_out_everywhere() -> None:
    seen = compiler.visible(FORM, {"cost": 200}, access={"cost": "hide"})

    assert "cost" not in [item["key"] for item in seen["fields"]]
    assert seen["layout"] == ["title", {"row": ["price", "level"]}]
    assert seen["examples"] == [{"name": "示例", "values": {"title": "t"}}]
    assert "cost" not in json.dumps(seen)


def test_rules_that_read_hidden_fields_become_constants() -> None:
    seen = compiler.visible(FORM, {"cost": 200}, access={"cost": "hide"})
    fields = {item["key"]: item for item in seen["fields"]}

    assert fields["level"]["shown"] is True
    assert fields["low"]["min"] == 200
    assert fields["area"]["options"] == [{"value": "big", "label": {"zh-CN": "big"}}]
    assert fields["end"]["rules"] == []
    assert "computed" not in fields["price"]
    assert fields["price"]["read_only"] is True
    assert fields["lines"]["columns"][0]["max"] == 200
    assert "max" not in fields["lines"]["columns"][1]


def test_rules_over_visible_fields_stay_rules() -> None:
    seen = compiler.visible(FORM, {}, access={"cost": "hide"})
    fields = {item["key"]: item for item in seen["fields"]}

    assert fields["why"]["required"] == '= title = "x"'


def test_rules_over_the_ticket_are_worked_out() -> None:
    seen = compiler.visible(FORM, {}, scope=SCOPE)
    fields = {item["key"]: item for item in seen["fields"]}

    assert fields["urgent"]["required"] is True
    assert fields["who"]["default"] == "zhoumin"


def test_read_only_fields_are_marked() -> None:
    seen = compiler.visible(FORM, {}, access={"*": "read", "title": "edit"})
    fields = {item["key"]: item for item in seen["fields"]}

    assert "read_only" not in fields["title"]
    assert fields["cost"]["read_only"] is True


def test_values_are_those_of_the_form_that_the_step_shows() -> None:
    values = {"title": "t", "cost": 3, "other": 1}

    assert compiler.readable(values, FORM, {"cost": "hide"}) == {"title": "t"}
    assert compiler.readable(values, FORM) == {"title": "t", "cost": 3}


def test_the_document_itself_is_not_changed() -> None:
    before = json.dumps(FORM.raw)

    compiler.visible(FORM, {"cost": 1}, scope=SCOPE, access={"cost": "hide", "title": "read"})

    assert json.dumps(FORM.raw) == before
