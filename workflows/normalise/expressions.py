"""Conditions and timer texts as FEEL: a leading `=` dropped, timer literals in quotes."""

from workflows.normalise.work import Work

_EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
)
_TIMES = ("timeDate", "timeDuration", "timeCycle")


def settle(work: Work) -> None:
    """Every expression of the document; an empty one is left out."""
    for node in work.all(*_EXPRESSIONS):
        text = expression("".join(str(part) for part in node.itertext()))
        parent = node.getparent()
        if not text and parent is not None:
            parent.remove(node)
            continue
        for child in list(node):
            node.remove(child)
        node.text = text
    for node in work.all(*_TIMES):
        node.text = timer("".join(str(part) for part in node.itertext()))


def expression(text: str) -> str:
    """The expression without the `=` that may lead it."""
    return text.strip().removeprefix("=").strip()


def timer(text: str) -> str:
    """The FEEL text of a timer: what follows a leading `=`, else the literal as a string."""
    bare = text.strip()
    if bare.startswith("="):
        return bare[1:].strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return bare
    escaped = bare.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
