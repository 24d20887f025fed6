"""What an import has to say: each thing translated, each thing lost, each question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workflows.texts import sentence

Kind = Literal["translated", "lost", "question"]

MAX_NOTES = 1_000  # a person reads no more; the last note counts what was left out
MAX_VALUE = 300  # characters of a foreign text inside a sentence


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report.

    `element` is the id of the element in the draft; `code` is stable and has a sentence in every
    language, `params` fill its blanks (a blank with a text by language has `_zh` and `_en`).
    """

    kind: Kind
    code: str
    element: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence in a language."""
        return sentence("workflows.importing", language, self.code, self.params)


class Report:
    """Collects notes, each once, up to a bound."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._said: set[tuple[Any, ...]] = set()
        self._left_out = 0

    def add(self, kind: Kind, code: str, element: str | None, /, **params: Any) -> Note | None:
        """Remember a note; None when it was said before or there is no more room."""
        short = {name: _short(value) for name, value in params.items()}
        note = Note(kind, code, None if element is None else element[:200], short)
        said = (kind, code, note.element, *short.values())
        if said in self._said:
            return None
        if len(self.notes) >= MAX_NOTES:
            self._left_out += 1
            return None
        self._said.add(said)
        self.notes.append(note)
        return note

    def finish(self) -> list[Note]:
        """All notes, with a last one that counts those without room."""
        if not self._left_out:
            return self.notes
        return [*self.notes, Note("lost", "report-cut", params={"count": self._left_out})]


def _short(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= MAX_VALUE:
        return value
    return value[:MAX_VALUE] + "…"
