"""DMN 1.1 to 1.5 XML into the model; what is unknown is left alone."""

from collections.abc import Iterator
from typing import Any

from workflows.dmn import model
from workflows.documents import (
    MAX_TABLE_BYTES,
    MAX_TABLE_NODES,
    DocumentError,
    local,
    namespace,
    read_xml,
)

MAX_NAME = 200
"""Characters of a name that the parser looks for."""
_FEEL = ("", "feel")


def read(data: bytes) -> model.Model:
    """The model of a document; DocumentError when the bytes are not a DMN document."""
    root = read_xml(data, max_bytes=MAX_TABLE_BYTES, max_nodes=MAX_TABLE_NODES, max_seconds=10.0)
    if local(root) != "definitions" or "/DMN/" not in namespace(root):
        raise DocumentError("not-dmn", found=local(root)[:60])
    return _Reader(root).document()


def _children(element: Any, *names: str) -> Iterator[Any]:
    own = namespace(element)
    for child in element:
        # Elements of other namespaces are extensions of some tool.
        if local(child) in names and namespace(child) == own:
            yield child


def _child(element: Any, *names: str) -> Any:
    return next(_children(element, *names), None)


def _spoken(name: str | None) -> str:
    return " ".join((name or "").split())


class _Reader:
    """Reads one document."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.namespace = root.get("namespace") or ""
        self.language = root.get("expressionLanguage") or ""

    def document(self) -> model.Model:
        nodes: dict[str, model.Node] = {}
        services: dict[str, model.Service] = {}
        for element in _children(
            self.root, "decision", "businessKnowledgeModel", "inputData", "decisionService"
        ):
            identity = element.get("id") or _spoken(element.get("name"))
            if local(element) == "decisionService":
                services[identity] = self.service(element, identity)
            else:
                nodes[identity] = self.node(element, identity)
        names = {_spoken(one.get("name")) for one in self.root.iter() if one.get("name")}
        return model.Model(
            names=frozenset(name for name in names if len(name) <= MAX_NAME),
            name=_spoken(self.root.get("name")),
            namespace=self.namespace,
            language=self.language,
            items=tuple(self.item(one) for one in _children(self.root, "itemDefinition")),
            nodes=nodes,
            services=services,
            imports=tuple(
                model.Import(
                    _spoken(one.get("name")),
                    one.get("namespace") or "",
                    one.get("importType") or "",
                )
                for one in _children(self.root, "import")
            ),
        )

    # -- requirements

    def reference(self, element: Any) -> str:
        """The id that an href points to; of another document, namespace#id."""
        href = (element.get("href") or "").strip()
        before, _, identity = href.rpartition("#")
        return identity if before in ("", self.namespace) else href

    def references(self, element: Any, requirement: str, *kinds: str) -> tuple[str, ...]:
        return tuple(
            self.reference(target)
            for required in _children(element, requirement)
            for target in _children(required, *kinds)
        )

    def variable(self, element: Any, fallback: str = "") -> model.Variable:
        found = _child(element, "variable")
        if found is None:
            return model.Variable(fallback)
        return model.Variable(_spoken(found.get("name")) or fallback, self.type(found))

    def node(self, element: Any, identity: str) -> model.Node:
        name = _spoken(element.get("name"))
        kind = local(element)
        logic: model.Logic = None
        if kind == "decision":
            logic = self.logic_of(element)
        elif kind == "businessKnowledgeModel":
            found = _child(element, "encapsulatedLogic")
            logic = self.function(found) if found is not None else None
        kinds: dict[str, Any] = {"decision": "decision", "inputData": "input"}
        return model.Node(
            kind=kinds.get(kind, "knowledge"),
            id=identity,
            name=name,
            variable=self.variable(element, name),
            logic=logic,
            inputs=self.references(element, "informationRequirement", "requiredInput"),
            decisions=self.references(element, "informationRequirement", "requiredDecision"),
            knowledge=self.references(element, "knowledgeRequirement", "requiredKnowledge"),
        )

    def service(self, element: Any, identity: str) -> model.Service:
        def targets(name: str) -> tuple[str, ...]:
            return tuple(self.reference(one) for one in _children(element, name))

        name = _spoken(element.get("name"))
        return model.Service(
            id=identity,
            name=name,
            variable=self.variable(element, name),
            outputs=targets("outputDecision"),
            encapsulated=targets("encapsulatedDecision"),
            input_decisions=targets("inputDecision"),
            input_data=targets("inputData"),
        )

    # -- types

    def type(self, element: Any) -> str:
        """A typeRef; DMN 1.1 wrote it as a child element and built-in types as feel:..."""
        found = element.get("typeRef")
        if found is None:
            child = _child(element, "typeRef")
            found = (child.text or "") if child is not None else ""
        found = _spoken(found)
        # DMN 1.1 wrote qualified names: feel:string, kie:tPerson.
        return found.rpartition(":")[2]

    def item(self, element: Any) -> model.Item:
        function = _child(element, "functionItem")
        return model.Item(
            name=_spoken(element.get("name")),
            type=self.type(element),
            is_collection=element.get("isCollection") in ("true", "1"),
            allowed=self.text(_child(element, "allowedValues")),
            constraint=self.text(_child(element, "typeConstraint")),
            components=tuple(self.item(one) for one in _children(element, "itemComponent")),
            parameters=None
            if function is None
            else tuple(
                model.Variable(_spoken(one.get("name")), self.type(one))
                for one in _children(function, "parameters")
            ),
            result="" if function is None else _spoken(function.get("outputTypeRef")),
        )

    # -- texts and logic

    def text(self, element: Any) -> model.Text | None:
        if element is None:
            return None
        found = _child(element, "text")
        body = "".join(found.itertext()) if found is not None else ""
        language = element.get("expressionLanguage") or self.language
        plain = language.lower().rstrip("/")
        is_feel = plain in _FEEL or "feel" in plain.rsplit("/", 1)[-1] or plain.endswith("/dmn")
        return model.Text(body.strip(), element.get("id") or "", "" if is_feel else language)

    def logic_of(self, element: Any) -> model.Logic:
        """The first expression among the children of an element."""
        for child in element:
            made = _LOGIC.get(local(child))
            if made is not None and namespace(child) == namespace(element):
                found: model.Logic = made(self, child)
                return found
        return None

    def inner(self, element: Any, name: str) -> model.Logic:
        found = _child(element, name)
        return self.logic_of(found) if found is not None else None

    def literal(self, element: Any) -> model.Literal_:
        text = self.text(element)
        return model.Literal_(text or model.Text("", ""), self.type(element))

    def table(self, element: Any) -> model.Table:
        return model.Table(
            element=element.get("id") or "",
            hit_policy=element.get("hitPolicy") or "UNIQUE",
            aggregation=element.get("aggregation") or "",
            inputs=tuple(self.input(one) for one in _children(element, "input")),
            outputs=tuple(
                model.Output(
                    _spoken(one.get("name")),
                    self.type(one),
                    self.text(_child(one, "outputValues")),
                    self.text(_child(one, "defaultOutputEntry")),
                    _spoken(one.get("label")),
                )
                for one in _children(element, "output")
            ),
            rules=tuple(self.rule(one) for one in _children(element, "rule")),
            annotations=tuple(_spoken(one.get("name")) for one in _children(element, "annotation")),
        )

    def input(self, element: Any) -> model.Input:
        expression = _child(element, "inputExpression")
        text = self.text(expression) or model.Text("", "")
        return model.Input(
            text,
            element.get("label") or text.text,
            self.type(expression) if expression is not None else "",
            self.text(_child(element, "inputValues")),
        )

    def rule(self, element: Any) -> model.Rule:
        def texts(name: str) -> tuple[model.Text, ...]:
            return tuple(self.text(one) or model.Text("", "") for one in _children(element, name))

        notes = (_child(one, "text") for one in _children(element, "annotationEntry"))
        description = _child(element, "description")
        return model.Rule(
            element.get("id") or "",
            texts("inputEntry"),
            texts("outputEntry"),
            tuple("" if note is None else (note.text or "").strip() for note in notes),
            "" if description is None else (description.text or "").strip(),
        )

    def context(self, element: Any) -> model.BoxedContext:
        entries = []
        for one in _children(element, "contextEntry"):
            variable = self.variable(one) if _child(one, "variable") is not None else None
            entries.append(model.Entry(variable, self.logic_of(one)))
        return model.BoxedContext(element.get("id") or "", tuple(entries))

    def boxed_list(self, element: Any) -> model.BoxedList:
        items = tuple(_LOGIC[local(one)](self, one) for one in element if local(one) in _LOGIC)
        return model.BoxedList(element.get("id") or "", items)

    def relation(self, element: Any) -> model.Relation:
        return model.Relation(
            element.get("id") or "",
            tuple(_spoken(one.get("name")) for one in _children(element, "column")),
            tuple(self.boxed_list(row).items for row in _children(element, "row")),
        )

    def invocation(self, element: Any) -> model.Invocation:
        bindings = []
        for one in _children(element, "binding"):
            parameter = _child(one, "parameter")
            name = _spoken(parameter.get("name")) if parameter is not None else ""
            bindings.append((name, self.logic_of(one)))
        return model.Invocation(element.get("id") or "", self.logic_of(element), tuple(bindings))

    def function(self, element: Any) -> model.FunctionDefinition:
        return model.FunctionDefinition(
            element.get("id") or "",
            element.get("kind") or "FEEL",
            tuple(
                model.Variable(_spoken(one.get("name")), self.type(one))
                for one in _children(element, "formalParameter")
            ),
            self.logic_of(element),
            self.type(element),
        )

    def conditional(self, element: Any) -> model.Conditional:
        return model.Conditional(
            element.get("id") or "",
            self.inner(element, "if"),
            self.inner(element, "then"),
            self.inner(element, "else"),
        )

    def filter(self, element: Any) -> model.BoxedFilter:
        return model.BoxedFilter(
            element.get("id") or "", self.inner(element, "in"), self.inner(element, "match")
        )

    def iterator(self, element: Any) -> model.Iterator_:
        kind = local(element)
        return model.Iterator_(
            element.get("id") or "",
            kind,
            _spoken(element.get("iteratorVariable")),
            self.inner(element, "in"),
            self.inner(element, "return" if kind == "for" else "satisfies"),
        )


_LOGIC: dict[str, Any] = {
    "literalExpression": _Reader.literal,
    "decisionTable": _Reader.table,
    "context": _Reader.context,
    "list": _Reader.boxed_list,
    "relation": _Reader.relation,
    "invocation": _Reader.invocation,
    "functionDefinition": _Reader.function,
    "conditional": _Reader.conditional,
    "filter": _Reader.filter,
    "for": _Reader.iterator,
    "every": _Reader.iterator,
    "some": _Reader.iterator,
}
