"""Questions that an import has left on the elements of a process, until a person answers them."""

from workflows.bpmn import properties_of
from workflows.checks.context import Context, Loaded
from workflows.checks.raw import owner_of
from workflows.documents import BPMN

TODO = "todo"


def check(context: Context, loaded: Loaded) -> None:
    """Every property `todo` of the file, each line a question.

    A warning: what an import leaves open is done by a person until it is answered, so the draft
    can be tried, and deployed, as it is.
    """
    for holder in loaded.root.iter(f"{{{BPMN}}}extensionElements"):
        node = holder.getparent()
        if node is None:
            continue
        found = properties_of(node)
        if TODO not in found:
            continue
        chinese = found[TODO].splitlines()
        english = found.get(f"{TODO}.en", "").splitlines()
        for place, text in enumerate(chinese):
            told = english[place] if place < len(english) else text
            context.warn(loaded.path, "question-open", owner_of(node), text_zh=text, text_en=told)
