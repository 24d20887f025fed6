"""All kinds of fields by name."""

from collections.abc import Mapping

from forms.kinds import choices, numbers, others, texts, things, times
from forms.kinds.base import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for family in (texts, numbers, times, choices, things, others)
    for kind in family.KINDS
}
