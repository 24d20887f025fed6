"""Code-like expressions of other engines, read and written again as FEEL.

One reader for JUEL (`${a.b == 'x' && !c}`), Groovy, JavaScript and Python: the operators of all of
them are known, their calls only where FEEL has the same. Anything else raises CannotTranslate.
"""

from collections.abc import Callable

from workflows.importing.code_scanner import CannotTranslate, Token, scan

__all__ = ["CannotTranslate", "bare", "quoted", "translate"]

MAX_DEPTH = 30
_COMPARE = {
    "==": "=",
    "===": "=",
    "!=": "!=",
    "!==": "!=",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
}
_CONSTANTS = {
    "true": "true",
    "True": "true",
    "false": "false",
    "False": "false",
    "null": "null",
    "None": "null",
    "undefined": "null",
    # What these engines give every process, and what it is here.
    "initiator": "ticket.requester",
    "starter": "ticket.requester",
    "authenticatedUserId": "ticket.requester",
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
}
_SPANS = {
    "plusYears": "P{}Y",
    "plusMonths": "P{}M",
    "plusWeeks": "P{}W",
    "plusDays": "P{}D",
    "plusHours": "PT{}H",
    "plusMinutes": "PT{}M",
    "plusSeconds": "PT{}S",
}
_READERS = frozenset({"value", "numberValue", "stringValue", "boolValue", "toDate", "toString"})
_HOLDERS = frozenset({"execution", "delegateExecution", "task", "variables", "vars", "var"})
_RESERVED = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies"}
) | {
    "function",
    "and",
    "or",
    "not",
    "between",
    "instance",
    "of",
}


def translate(text: str) -> str:
    """The same expression in FEEL; raises CannotTranslate."""
    reader = _Reader(scan(text))
    found = reader.expression()
    if reader.next.kind != "end":
        raise CannotTranslate
    return found


def quoted(text: str) -> str:
    """A FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


class _Reader:
    """Precedence climbing; every method gives FEEL text, in brackets where it could be misread."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def take(self) -> Token:
        token = self.next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def found(self, *texts: str) -> str | None:
        """Takes the next token if it is one of these, and is no string."""
        if self.next.kind in ("mark", "name") and self.next.text in texts:
            return self.take().text
        return None

    def need(self, text: str) -> None:
        if self.found(text) is None:
            raise CannotTranslate

    def expression(self) -> str:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CannotTranslate
        value = self._or()
        if self.found("?"):
            if self.found(":"):  # a ?: b
                other = self.expression()
                value = f"(if {value} != null then {value} else {other})"
            else:
                yes = self.expression()
                self.need(":")
                value = f"(if {value} then {yes} else {self.expression()})"
        elif self.found("if"):  # a if b else c
            condition = self._or()
            self.need("else")
            value = f"(if {condition} then {value} else {self.expression()})"
        self._depth -= 1
        return value

    def _chain(self, inner: Callable[[], str], words: dict[str, str]) -> tuple[str, int]:
        value, count = inner(), 0
        while (operator := self.found(*words)) is not None:
            value = f"{value} {words[operator]} {inner()}"
            count += 1
        return value, count

    def _or(self) -> str:
        value, count = self._chain(self._and, {"||": "or", "or": "or"})
        return f"({value})" if count and self._depth > 1 else value

    def _and(self) -> str:
        value, count = self._chain(self._not, {"&&": "and", "and": "and"})
        return f"({value})" if count else value

    def _not(self) -> str:
        if self.found("not"):
            self._deeper()
            value = f"not({self._not()})"
            self._depth -= 1
            return value
        return self._comparison()

    def _comparison(self) -> str:
        value = self._sum()
        count = 0
        while True:
            if (operator := self.found(*_COMPARE)) is not None:
                value = f"{value} {_COMPARE[operator]} {self._sum()}"
            elif self.found("is"):
                value = f"{value} {'!=' if self.found('not') else '='} {self._sum()}"
            elif self.found("in"):
                value = f"list contains({self._sum()}, {value})"
            elif self.next.text == "not" and self._tokens[self._at + 1].text == "in":
                self._at += 2
                value = f"not(list contains({self._sum()}, {value}))"
            else:
                break
            count += 1
        if count > 1:
            raise CannotTranslate
        return value

    def _sum(self) -> str:
        value, count = self._chain(self._product, {"+": "+", "-": "-"})
        return f"({value})" if count else value

    def _product(self) -> str:
        value = self._unary()
        count = 0
        while (operator := self.found("*", "/", "%", "div", "mod")) is not None:
            other = self._unary()
            if operator in ("%", "mod"):
                value = f"modulo({value}, {other})"
            else:
                value = f"{value} {'*' if operator == '*' else '/'} {other}"
                count += 1
        return f"({value})" if count else value

    def _unary(self) -> str:
        if self.found("!"):
            self._deeper()
            value = f"not({self._unary()})"
        elif self.found("-"):
            self._deeper()
            value = f"-{self._unary()}"
        elif self.found("empty"):
            self._deeper()
            value = is_empty(self._unary())
        else:
            return self._postfix()
        self._depth -= 1
        return value

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CannotTranslate

    def _postfix(self) -> str:
        value = self._primary()
        while True:
            if self.found("."):
                token = self.take()
                if token.kind != "name":
                    raise CannotTranslate
                if self.found("("):
                    value = _method(value, token.text, self._arguments(")"))
                else:
                    value = _member(value, token.text)
            elif self.found("["):
                arguments = self._arguments("]")
                if len(arguments) != 1:
                    raise CannotTranslate
                value = _item(value, arguments[0])
            else:
                return value

    def _primary(self) -> str:
        token = self.take()
        if token.kind == "number":
            return token.text
        if token.kind == "string":
            return quoted(token.text)
        if token.kind == "name":
            if self.found("("):
                return _call(token.text, self._arguments(")"))
            if self.next.text == ":" and self.next.kind == "mark" and token.text in _HOLDERS:
                self.take()  # vars:get(name)
                function = self.take()
                self.need("(")
                return _call(function.text, self._arguments(")"))
            if token.text in _CONSTANTS:
                return _CONSTANTS[token.text]
            if token.text in _RESERVED or "$" in token.text:
                raise CannotTranslate
            return token.text
        if token.text == "(":
            inner = self.expression()
            if self.next.text == ",":  # a tuple
                self.take()
                return f"[{', '.join([inner, *self._arguments(')')])}]"
            self.need(")")
            return inner if inner.startswith("(") and _closed(inner) else f"({inner})"
        if token.text == "[":
            return f"[{', '.join(self._arguments(']'))}]"
        raise CannotTranslate

    def _arguments(self, end: str) -> list[str]:
        found: list[str] = []
        while self.found(end) is None:
            if found:
                self.need(",")
                if self.found(end) is not None:
                    break
            found.append(self.expression())
        return found


def is_empty(value: str) -> str:
    """JUEL's `empty`: null, an empty text or an empty list."""
    return (
        f"(if {value} = null then true else if {value} instance of string "
        f'then {value} = "" else {value} = [])'
    )


def bare(text: str) -> str:
    """A text without brackets around all of it."""
    while text.startswith("(") and _closed(text):
        text = text[1:-1].strip()
    return text


def _closed(text: str) -> bool:
    """Whether the first bracket of a text closes at its end."""
    depth = place = 0
    while place < len(text):
        char = text[place]
        if char == '"':
            place += 1
            while place < len(text) and text[place] != '"':
                place += 1 + (text[place] == "\\")
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place == len(text) - 1
        place += 1
    return False


def _member(value: str, name: str) -> str:
    if name in ("length", "size"):
        return f"count({value})"
    if value in _HOLDERS and name == "processBusinessKey":
        return "ticket.number"
    if name in _RESERVED or name in ("class",):
        raise CannotTranslate
    return f"{value}.{name}"


def _item(value: str, key: str) -> str:
    if key.startswith('"'):
        return f"get value({value}, {key})"
    return f"{value}[{int(key) + 1}]" if key.isdigit() else f"{value}[{key} + 1]"


def _unquoted(text: str) -> str:
    """The name in a string literal."""
    name = text[1:-1] if text.startswith('"') else ""
    if not name.isidentifier() or name in _RESERVED:
        raise CannotTranslate
    return _CONSTANTS.get(name, name)


def _method(value: str, name: str, arguments: list[str]) -> str:
    one = arguments[0] if len(arguments) == 1 else None
    if not arguments:
        if name in ("isEmpty", "empty"):
            return is_empty(value)
        if name in ("size", "length"):
            return f"count({value})"
        if name == "toLowerCase":
            return f"lower case({value})"
        if name == "toUpperCase":
            return f"upper case({value})"
        if name in _READERS:
            return value
        if name in ("processBusinessKey", "getProcessBusinessKey", "getBusinessKey"):
            return "ticket.number"
        for prefix in ("get", "is"):
            rest = name.removeprefix(prefix)
            if rest != name and rest[:1].isupper():
                return _member(value, rest[0].lower() + rest[1:])
        raise CannotTranslate
    if one is None:
        raise CannotTranslate
    if value in _HOLDERS and name in ("getVariable", "getVariableLocal", "get"):
        return _unquoted(one)
    if value in _HOLDERS and name in ("hasVariable", "hasVariableLocal"):
        return f"{_unquoted(one)} != null"
    if name == "equals":
        return f"({value} = {one})"
    if name == "equalsIgnoreCase":
        return f"(lower case({value}) = lower case({one}))"
    if name in ("contains", "includes"):
        return (
            f"(if {value} instance of string then contains({value}, {one}) "
            f"else list contains({value}, {one}))"
        )
    if name in ("startsWith", "startswith"):
        return f"starts with({value}, {one})"
    if name in ("endsWith", "endswith"):
        return f"ends with({value}, {one})"
    if name == "matches":
        return f"matches({value}, {one})"
    if name == "prop":
        return f"{value}.{_unquoted(one)}"
    if name in ("get", "getValue"):
        return _item(value, one)
    if name in _SPANS and one.isdigit():
        return f'({value} + duration("{_SPANS[name].format(one)}"))'
    raise CannotTranslate


_FUNCTIONS: dict[tuple[str, int], Callable[..., str]] = {
    ("now", 0): lambda: "now()",
    ("dateTime", 0): lambda: "now()",
    ("S", 1): str,
    ("JSON", 1): str,
    ("str", 1): lambda value: f"string({value})",
    ("int", 1): lambda value: f"number({value})",
    ("float", 1): lambda value: f"number({value})",
    ("len", 1): lambda value: f"count({value})",
    ("get", 1): _unquoted,
    ("getVariable", 1): _unquoted,
    ("exists", 1): lambda name: f"{_unquoted(name)} != null",
    ("isNotEmpty", 1): lambda name: f"not({is_empty(_unquoted(name))})",
    ("isEmpty", 1): lambda name: is_empty(_unquoted(name)),
    ("equals", 2): lambda name, value: f"({_name(name)} = {value})",
    ("eq", 2): lambda name, value: f"({_name(name)} = {value})",
    ("notEquals", 2): lambda name, value: f"({_name(name)} != {value})",
    ("ne", 2): lambda name, value: f"({_name(name)} != {value})",
    ("gt", 2): lambda name, value: f"({_name(name)} > {value})",
    ("greaterThan", 2): lambda name, value: f"({_name(name)} > {value})",
    ("gte", 2): lambda name, value: f"({_name(name)} >= {value})",
    ("lt", 2): lambda name, value: f"({_name(name)} < {value})",
    ("lessThan", 2): lambda name, value: f"({_name(name)} < {value})",
    ("lte", 2): lambda name, value: f"({_name(name)} <= {value})",
}


def _name(text: str) -> str:
    """A variable, given by name as in `vars:eq('x', 1)` or as itself."""
    return _unquoted(text) if text.startswith('"') else text


def _call(name: str, arguments: list[str]) -> str:
    function = _FUNCTIONS.get((name, len(arguments)))
    if function is None:
        raise CannotTranslate
    return function(*arguments)
