"""What a check has to say about a document: where, how grave, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a document of a package.

    `code` is stable and has a sentence in every language (`texts/<language>.json` beside the
    package that reports it); `params` fill the blanks of that sentence. `element` is the id of a
    BPMN or DMN element or the key of a form field, `cell` a place inside it ("rule 3, column 2").
    """

    severity: Severity
    document: str
    code: str
    element: str | None = None
    cell: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def within(self, document: str) -> "Finding":
        """The same remark, said of another document name."""
        return replace(self, document=document)


def errors(findings: list[Finding]) -> list[Finding]:
    """Only the remarks that stop a deployment."""
    return [finding for finding in findings if finding.severity == "error"]
