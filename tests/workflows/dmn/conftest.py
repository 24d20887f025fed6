"""Small DMN documents made from rows of text."""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

import pytest

Document = Callable[..., bytes]
Table = Callable[..., str]


def _text(name: str, text: str | None) -> str:
    return "" if text is None else f"<{name}><text>{escape(text)}</text></{name}>"


@pytest.fixture
def table() -> Table:
    """A decision with a table: inputs "name: type", outputs, rows of cells as in a drawing."""

    def make(
        rows: Sequence[Sequence[str]],
        inputs: Sequence[str] = ("a",),
        outputs: Sequence[str] = ("out",),
        policy: str = "UNIQUE",
        aggregation: str = "",
        values: Sequence[str | None] = (),
        defaults: Sequence[str | None] = (),
        input_values: Sequence[str | None] = (),
        type_: str = "",
        requires: str = "",
    ) -> str:
        def listed(items: Sequence[str | None], at: int) -> str | None:
            return items[at] if at < len(items) else None

        head = ""
        for at, column in enumerate(inputs):
            name, _, type_of = column.partition(": ")
            reference = f" typeRef={quoteattr(type_of)}" if type_of else ""
            head += f"<input id='i{at}' label={quoteattr(name)}>"
            head += f"<inputExpression{reference}><text>{escape(name)}</text></inputExpression>"
            head += _text("inputValues", listed(input_values, at)) + "</input>"
        for at, column in enumerate(outputs):
            name, _, type_of = column.partition(": ")
            reference = f" typeRef={quoteattr(type_of)}" if type_of else ""
            head += f"<output id='o{at}' name={quoteattr(name)}{reference}>"
            head += _text("outputValues", listed(values, at))
            head += _text("defaultOutputEntry", listed(defaults, at)) + "</output>"
        body = ""
        for number, row in enumerate(rows, 1):
            body += f"<rule id='r{number}'>"
            body += "".join(_text("inputEntry", cell) for cell in row[: len(inputs)])
            body += "".join(_text("outputEntry", cell) for cell in row[len(inputs) :]) + "</rule>"
        aggregated = f" aggregation='{aggregation}'" if aggregation else ""
        typed = f" typeRef='{type_}'" if type_ else ""
        return (
            f"<decision id='d' name='D'><variable name='D'{typed}/>{requires}"
            f"<decisionTable id='t' hitPolicy='{policy}'{aggregated}>{head}{body}"
            "</decisionTable></decision>"
        )

    return make


@pytest.fixture
def document() -> Document:
    """A document of these parts, in the namespace of a version of the standard."""

    def make(*parts: str, version: str = "20230324") -> bytes:
        return (
            f'<definitions xmlns="https://www.omg.org/spec/DMN/{version}/MODEL/" '
            f'namespace="urn:test" name="test" id="test">{"".join(parts)}</definitions>'
        ).encode()

    return make
