"""Tokens into a tree: precedence climbing, with the names in scope deciding where a name ends."""

from collections.abc import Iterable
from typing import TypeVar

from workflows.feel import tree
from workflows.feel.bounds import MAX_DEPTH, FeelSyntaxError
from workflows.feel.primary import COMPARISON, COMPARISONS, POWER, Primary
from workflows.feel.scanner import END, MARK, NAME

_OR, _AND, _SUM, _PRODUCT = 1, 2, 4, 5
_CHAINS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": POWER}
_MAX_HEIGHT = 2 * MAX_DEPTH


def parse_expression(text: str, names: Iterable[str] = ()) -> tree.Node:
    """The tree of a text; FeelSyntaxError when it is not an expression."""
    parser = _Parser(text, names)
    node = parser.expression()
    return _finished(parser, node)


def parse_tests(text: str, names: Iterable[str] = ()) -> tree.UnaryTests:
    """The tree of the unary tests in a decision table cell."""
    parser = _Parser(text, names)
    if parser.is_mark("-") and parser.peek(1).kind == END:
        return tree.UnaryTests(0, (), False)
    if parser.is_word("not") and parser.is_mark("(", 1):
        try:
            parser.at = 2
            tests = parser.test_list()
            parser.expect(")")
            return _finished(parser, tree.UnaryTests(0, tests, True))
        except FeelSyntaxError:
            # "not(a) and b" is an expression that happens to begin with the function.
            parser = _Parser(text, names)
    return _finished(parser, tree.UnaryTests(0, parser.test_list(), False))


def parse_range(text: str) -> tree.Node:
    """The tree of the text that the function range() takes; either end may be left out."""
    parser = _Parser(text, ())
    parser.open_ranges = True
    return _finished(parser, parser.operand())


_Tree = TypeVar("_Tree", bound=tree.Node)


def _finished(parser: "_Parser", node: _Tree) -> _Tree:
    if parser.peek().kind != END:
        raise parser.unexpected()
    if tree.height(node, _MAX_HEIGHT) >= _MAX_HEIGHT:
        raise FeelSyntaxError("too-deep", {"limit": _MAX_HEIGHT}, 0)
    return node


class _Parser(Primary):
    """Operators between operands."""

    depth = 0

    def test_list(self) -> tuple[tree.Node, ...]:
        """test, test, ..."""
        tests = [self.inside()]
        while self.skip(","):
            tests.append(self.inside())
        return tuple(tests)

    def expression(self, floor: int = 0) -> tree.Node:
        """An expression whose operators bind tighter than `floor`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelSyntaxError("too-deep", {"limit": MAX_DEPTH}, self.peek().start)
        node = self.operators(self.prefix(floor), floor)
        self.depth -= 1
        return node

    def operators(self, node: tree.Node, floor: int) -> tree.Node:
        """All operators that follow an operand and bind tighter than `floor`."""
        while True:
            made = self.operator(node, floor)
            if made is None:
                return node
            node = made

    def operator(self, left: tree.Node, floor: int) -> tree.Node | None:
        """The next operator on `left`, if it binds tighter than `floor`."""
        token = self.peek()
        text = token.text
        if token.kind == MARK:
            power = _CHAINS.get(text)
            if power is not None:
                return self.chain(left, power) if power > floor else None
            if text in COMPARISONS and floor < COMPARISON:
                self.take()
                self.count()
                return tree.Comparison(token.start, text, left, self.expression(COMPARISON))
        elif token.kind == NAME:
            if text == "or" and floor < _OR:
                return self.logic(left, "or", _OR)
            if text == "and" and floor < _AND:
                return self.logic(left, "and", _AND)
            if text == "between" and floor < COMPARISON:
                self.take()
                self.count()
                low = self.expression(COMPARISON)
                self.expect("and")
                return tree.Between(token.start, left, low, self.expression(COMPARISON))
            if text == "in" and floor < COMPARISON:
                self.take()
                self.count()
                return tree.In(token.start, left, self.in_tests())
        return None

    def chain(self, first: tree.Node, power: int) -> tree.Node:
        """A run of operators of one precedence as one node, so that long sums stay shallow."""
        rest: list[tuple[str, tree.Node, int]] = []
        while self.peek().kind == MARK and _CHAINS.get(self.peek().text) == power:
            token = self.take()
            self.count()
            rest.append((token.text, self.expression(power), token.start))
        return tree.Chain(rest[0][2], first, tuple(rest))

    def logic(self, first: tree.Node, word: str, power: int) -> tree.Node:
        """A run of `and` or of `or` as one node."""
        at = self.peek().start
        operands = [first]
        while self.is_word(word):
            self.take()
            self.count()
            operands.append(self.expression(power))
        return tree.Logic(at, word, tuple(operands))

    def in_tests(self) -> tuple[tree.Node, ...]:
        """What may follow `in`: tests in parentheses, or one operand."""
        if self.peek().kind == MARK and self.peek().text in COMPARISONS:
            return (self.unary_comparison(),)
        if not self.is_mark("("):
            return (self.expression(COMPARISON),)
        at = self.take().start
        tests = self.test_list()
        if len(tests) > 1:
            self.expect(")")
            return tests
        # One operand in parentheses: a range, or the beginning of any other expression.
        node = tests[0]
        if self.is_mark(".."):
            node = self.range_rest(at, node, False)
        else:
            self.expect(")")
        return (self.operators(self.postfix(node), COMPARISON),)
