"""What every way to an element goes through: its dominators."""

from workflows.bpmn import Element, Process


def dominators(process: Process, element: str) -> list[str]:
    """The elements that every token has passed before it came to this one, the last one first."""
    nearest = immediate_dominators(process)
    found: list[str] = []
    while element in nearest and nearest[element] not in ("", element):
        element = nearest[element]
        found.append(element)
    return found


def immediate_dominators(process: Process) -> dict[str, str]:
    """Element → its immediate dominator among the elements reached from the start, by flows alone.

    The iterative algorithm of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm").
    """
    order, before = _order(process)
    rank = {identity: number for number, identity in enumerate(order)}
    found = {order[0]: order[0]}
    changed = True
    rounds = 0
    while changed and rounds < 50:  # a few rounds settle what people draw
        changed, rounds = False, rounds + 1
        for identity in order[1:]:
            known = [one for one in before[identity] if one in found]
            nearest = known[0]
            for other in known[1:]:
                nearest = _meet(nearest, other, found, rank)
            if found.get(identity) != nearest:
                found[identity] = nearest
                changed = True
    return found if not changed else {}


def _meet(one: str, other: str, found: dict[str, str], rank: dict[str, int]) -> str:
    while one != other:
        while rank[one] > rank[other]:
            one = found[one]
        while rank[other] > rank[one]:
            other = found[other]
    return one


def _order(process: Process) -> tuple[list[str], dict[str, list[str]]]:
    """The reached elements, each before those that only come after it, and who leads to each."""
    onwards: dict[str, list[str]] = {"": []}
    for element in process.elements.values():
        onwards[element.id] = [process.flows[flow].target for flow in element.outgoing]
        if _is_first(element):
            onwards[""].append(element.id)
    for element in process.of_kind("boundaryEvent"):
        if element.attached_to:
            onwards[element.attached_to].append(element.id)
    before: dict[str, list[str]] = {}
    seen, done = {""}, []
    todo = [("", iter(onwards[""]))]
    while todo:
        identity, targets = todo[-1]
        for target in targets:
            before.setdefault(target, []).append(identity)
            if target not in seen:
                seen.add(target)
                todo.append((target, iter(onwards[target])))
                break
        else:
            done.append(identity)
            todo.pop()
    return done[::-1], before


def _is_first(element: Element) -> bool:
    """Whether a token may appear here without coming by a flow."""
    return not element.incoming and element.kind != "boundaryEvent"
