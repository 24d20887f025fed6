"""Service levels of a package: the policies in `sla.toml`, read and judged."""

from workflows.sla.conditions import NAMES, Condition
from workflows.sla.model import (
    FILE,
    METRICS,
    Document,
    Goal,
    Mark,
    Policy,
    Step,
)
from workflows.sla.reader import read_sla

__all__ = [
    "FILE",
    "METRICS",
    "NAMES",
    "Condition",
    "Document",
    "Goal",
    "Mark",
    "Policy",
    "Step",
    "read_sla",
]
