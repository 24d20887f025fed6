"""The forms an operand can have: literals, names, brackets, for, if, quantifiers, functions."""

from decimal import Decimal

from workflows.feel import tree
from workflows.feel.bounds import FeelSyntaxError
from workflows.feel.cursor import Cursor
from workflows.feel.literals import at_literal, number_literal
from workflows.feel.scanner import END, MARK, NAME, NUMBER, STRING, string_value

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
COMPARISON, POWER = 3, 6
_CONSTANTS = {"true": True, "false": False, "null": None}
# What may follow the "[" that closes a range; anything else makes it the beginning of a filter.
_AFTER_RANGE = frozenset({")", "]", ",", "}", "", "and", "or", "then", "else", "return", "="})


class Primary(Cursor):
    """Operands; `expression` comes from the parser proper."""

    # Inside the second end of a range, where "[" may close it instead of opening a filter.
    range_end = False
    # range("[1..)") may leave an end out, a range in an expression may not.
    open_ranges = False

    def expression(self, floor: int = 0) -> tree.Node:
        """An expression whose operators bind tighter than `floor`."""
        raise NotImplementedError

    def inside(self, floor: int = 0) -> tree.Node:
        """An expression inside brackets, where the end of an outer range does not matter."""
        before, self.range_end = self.range_end, False
        node = self.expression(floor)
        self.range_end = before
        return node

    def prefix(self, floor: int = POWER) -> tree.Node:
        """A signed operand with all that is attached to its end; where an expression begins,
        also a comparison without a left side."""
        token = self.peek()
        if token.kind == MARK:
            if token.text == "-":
                self.take()
                self.count()
                operand = self.expression(POWER)
                if isinstance(operand, tree.Literal) and type(operand.value) is Decimal:
                    return tree.Literal(token.start, -operand.value)
                return tree.Negation(token.start, operand)
            if token.text in COMPARISONS and not floor:
                return self.unary_comparison()
        return self.postfix(self.operand())

    def unary_comparison(self) -> tree.Node:
        """< operand."""
        token = self.take()
        self.count()
        return tree.UnaryComparison(token.start, token.text, self.expression(COMPARISON))

    def postfix(self, node: tree.Node) -> tree.Node:
        """Paths, filters, calls and type tests attached to an operand."""
        while True:
            token = self.peek()
            if token.kind == NAME:
                if token.text != "instance" or not self.is_word("of", 1):
                    return node
                self.at += 2
                self.count()
                node = tree.InstanceOf(token.start, node, self.type())
            elif token.kind != MARK:
                return node
            elif token.text == ".":
                self.take()
                self.count()
                node = tree.Path(token.start, node, self.name())
            elif token.text == "(":
                node = self.call(node)
            elif token.text == "[" and not (self.range_end and self.closes_range()):
                self.take()
                self.count()
                node = tree.Filter(token.start, node, self.inside())
                self.expect("]")
            else:
                return node

    def closes_range(self) -> bool:
        """Whether the "[" here ends a range."""
        after = self.peek(1)
        return after.kind == END or after.text in _AFTER_RANGE

    def operand(self) -> tree.Node:
        """An operand without what is attached to it."""
        self.count()
        token = self.peek()
        if self.names.match(self.tokens, self.at) is not None:
            return tree.Name(token.start, self.name())
        if token.kind == NUMBER:
            self.take()
            return tree.Literal(token.start, number_literal(token.text, token.start))
        if token.kind == STRING:
            self.take()
            return tree.Literal(token.start, string_value(token.text))
        if token.kind == NAME:
            return self.word()
        if token.kind == MARK:
            if token.text == "(":
                return self.parenthesis()
            if token.text in "[]":
                return self.bracket()
            if token.text == "{":
                return self.context()
            if token.text == "@" and self.peek(1).kind == STRING:
                self.take()
                return tree.Literal(
                    token.start, at_literal(string_value(self.take().text), token.start)
                )
        raise self.unexpected()

    def word(self) -> tree.Node:
        """A constant, a form that begins with a keyword, or a name."""
        token = self.peek()
        text = token.text
        named = self.peek(1).kind == NAME
        if text in _CONSTANTS:
            self.take()
            return tree.Literal(token.start, _CONSTANTS[text])
        if text == "if":
            return self.if_form()
        if text == "for" and named:
            return self.for_form()
        if text in ("some", "every") and named:
            return self.quantified()
        if text == "function" and self.is_mark("(", 1):
            return self.function()
        return tree.Name(token.start, self.name())

    # -- brackets

    def parenthesis(self) -> tree.Node:
        """(expression), or a range with an open start."""
        at = self.take().start
        if self.open_ranges and self.is_mark(".."):
            return self.range_rest(at, None, False)
        node = self.inside()
        if self.is_mark(".."):
            return self.range_rest(at, node, False)
        self.expect(")")
        return node

    def bracket(self) -> tree.Node:
        """A list, or a range."""
        token = self.take()
        if self.open_ranges and self.is_mark(".."):
            return self.range_rest(token.start, None, token.text == "[")
        if token.text == "]":
            start = self.inside()
            if not self.is_mark(".."):
                raise self.unexpected("..")
            return self.range_rest(token.start, start, False)
        if self.skip("]"):
            return tree.ListNode(token.start, ())
        items = [self.inside()]
        if self.is_mark(".."):
            return self.range_rest(token.start, items[0], True)
        while self.skip(","):
            items.append(self.inside())
        self.expect("]")
        return tree.ListNode(token.start, tuple(items))

    def range_rest(self, at: int, start: tree.Node | None, included: bool) -> tree.Node:
        """The second end of a range and the bracket that closes it."""
        self.expect("..")
        if self.open_ranges and self.peek().text in ("]", ")", "["):
            end = None
        else:
            before, self.range_end = self.range_end, True
            end = self.expression()
            self.range_end = before
        closing = self.take()
        if closing.kind != MARK or closing.text not in ("]", ")", "["):
            self.at -= closing.kind != END
            raise self.unexpected("]")
        return tree.RangeNode(at, start, end, included, closing.text == "]")

    def context(self) -> tree.Node:
        """{key: expression, ...}."""
        at = self.take().start
        entries: dict[str, tree.Node] = {}
        while not self.is_mark("}"):
            place = self.peek()
            if place.kind == STRING:
                key = string_value(self.take().text)
                self.names.add(key)
            else:
                key = self.key()
            self.expect(":")
            if key in entries:
                raise FeelSyntaxError("duplicate-key", {"key": key[:40]}, place.start)
            entries[key] = self.inside()
            if not self.skip(","):
                break
        self.expect("}")
        return tree.ContextNode(at, tuple(entries.items()))

    def call(self, function: tree.Node) -> tree.Node:
        """function(arguments), by position or by name."""
        at = self.take().start
        self.count()
        arguments: list[tree.Node] = []
        names: list[str] = []
        by_name = self.is_named_argument()
        while not self.is_mark(")"):
            if by_name:
                place = self.peek()
                name = string_value(self.take().text) if place.kind == STRING else self.key()
                if name in names:
                    raise FeelSyntaxError("duplicate-key", {"key": name[:40]}, place.start)
                names.append(name)
                self.expect(":")
            arguments.append(self.inside())
            if not self.skip(","):
                break
            if self.is_mark(")"):
                raise self.unexpected()
        self.expect(")")
        at = function.at if isinstance(function, tree.Name) else at
        return tree.Call(at, function, tuple(arguments), tuple(names) if by_name else None)

    def is_named_argument(self) -> bool:
        """Whether "name :" begins here."""
        ahead = 0
        if self.peek().kind == STRING:
            return self.is_mark(":", 1)
        while self.peek(ahead).kind == NAME:
            ahead += 1
        return ahead > 0 and self.is_mark(":", ahead)

    # -- forms that begin with a keyword

    def if_form(self) -> tree.Node:
        """if ... then ... else ..., a chain of them being one node."""
        at = self.peek().start
        branches = []
        while True:
            self.expect("if")
            self.count()
            condition = self.inside()
            self.expect("then")
            branches.append((condition, self.inside()))
            self.expect("else")
            if not self.is_word("if"):
                return tree.If(at, tuple(branches), self.expression())

    def iterations(self) -> tuple[tree.Iteration, ...]:
        """name in source, name in source."""
        made = []
        while True:
            token = self.peek()
            self.count()
            name = self.name()
            self.names.add(name)
            self.expect("in")
            source = self.expression()
            until = None
            if self.skip(".."):
                until = self.expression()
            made.append(tree.Iteration(token.start, name, source, until))
            if not self.skip(","):
                return tuple(made)

    def for_form(self) -> tree.Node:
        """for ... return ..."""
        at = self.take().start
        iterations = self.iterations()
        self.expect("return")
        return tree.For(at, iterations, self.expression())

    def quantified(self) -> tree.Node:
        """some / every ... satisfies ..."""
        token = self.take()
        iterations = self.iterations()
        self.expect("satisfies")
        return tree.Quantified(token.start, token.text == "every", iterations, self.expression())

    def function(self) -> tree.Node:
        """function(parameters) body, function(parameters) external {...}."""
        at = self.take().start
        self.expect("(")
        parameters: dict[str, tree.TypeNode | None] = {}
        while not self.is_mark(")"):
            place = self.peek()
            name = self.name()
            self.names.add(name)
            if name in parameters:
                raise FeelSyntaxError("duplicate-key", {"key": name[:40]}, place.start)
            parameters[name] = self.type() if self.skip(":") else None
            if not self.skip(","):
                break
        self.expect(")")
        result = self.type() if self.skip(":") else None
        external = self.is_word("external") and self.is_mark("{", 1)
        if external:
            self.take()
        return tree.FunctionNode(at, tuple(parameters.items()), result, self.expression(), external)

    # -- types

    def type(self, depth: int = 0) -> tree.TypeNode:
        """A type, as after `instance of`."""
        at = self.peek().start
        self.count()
        if depth > 10:
            raise FeelSyntaxError("too-deep", {"limit": 10}, at)
        name = self.name()
        while self.is_mark(".") and self.peek(1).kind == NAME:
            self.take()
            name += "." + self.name()
        if not self.is_mark("<") or name not in ("list", "range", "context", "function"):
            return tree.TypeNode(at, name)
        self.take()
        parameters: list[tree.TypeNode] = []
        entries: list[tuple[str, tree.TypeNode]] = []
        while not self.is_mark(">"):
            if name == "context":
                key = self.key()
                self.expect(":")
                entries.append((key, self.type(depth + 1)))
            else:
                parameters.append(self.type(depth + 1))
            if not self.skip(","):
                break
        self.expect(">")
        result = None
        if name == "function":
            self.expect("->")
            result = self.type(depth + 1)
        if name in ("list", "range") and len(parameters) != 1:
            raise FeelSyntaxError("one-type-expected", {"type": name}, at)
        return tree.TypeNode(at, name, tuple(parameters), tuple(entries), result)
