"""A place in the tokens of a text: looking, taking, and saying what was expected there."""

from collections.abc import Iterable
from functools import lru_cache

from workflows.feel.bounds import MAX_NODES, FeelSyntaxError
from workflows.feel.scanner import END, MARK, NAME, OTHER, Names, Token, scan

# Words that end a name; the others (for, if, some ...) only matter where an expression begins.
STOPS = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies"})
_FULL_WIDTH = "、。“”‘’《》【】"

# Names of types and functions with a keyword inside; the host adds those of its functions.
KNOWN_NAMES = Names(
    (
        "date and time",
        "years and months duration",
        "days and time duration",
    )
)


@lru_cache(256)
def _known(names: frozenset[str]) -> Names:
    return Names(names, KNOWN_NAMES)


class Cursor:
    """The tokens of one text, the names known in it, and a place among them."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self.tokens = scan(text)
        self.at = 0
        self.nodes = 0
        self.names = Names((), _known(frozenset(names)))

    def peek(self, ahead: int = 0) -> Token:
        """A token ahead, END beyond the last."""
        if not ahead:
            return self.tokens[self.at]
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def is_mark(self, text: str, ahead: int = 0) -> bool:
        """Whether a token ahead is this operator or bracket."""
        token = self.peek(ahead)
        return token.kind == MARK and token.text == text

    def is_word(self, text: str, ahead: int = 0) -> bool:
        """Whether a token ahead is this word."""
        token = self.peek(ahead)
        return token.kind == NAME and token.text == text

    def take(self) -> Token:
        """The token here, and step over it."""
        token = self.tokens[self.at]
        if token.kind != END:
            self.at += 1
        return token

    def skip(self, mark: str) -> bool:
        """Step over this mark if it is here."""
        if self.is_mark(mark):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Step over this mark or word, which must be here."""
        token = self.peek()
        if token.text != text or token.kind not in (MARK, NAME):
            raise self.unexpected(text)
        return self.take()

    def count(self) -> None:
        """Count one node of the tree."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise FeelSyntaxError("too-many-parts", {"limit": MAX_NODES}, self.peek().start)

    def unexpected(self, expected: str = "") -> FeelSyntaxError:
        """The error that the token here is."""
        token = self.peek()
        if token.kind == END:
            if expected:
                return FeelSyntaxError("ends-too-early", {"expected": expected}, token.start)
            return FeelSyntaxError("expression-missing", {}, token.start)
        if token.kind == OTHER and (
            "\uff00" <= token.text <= "\uff5e" or token.text in _FULL_WIDTH
        ):
            return FeelSyntaxError("full-width-mark", {"found": token.text}, token.start)
        if token.text == "=" and self.at and self.tokens[self.at - 1].text == "=":
            return FeelSyntaxError("double-equals", {}, token.start)
        found = token.text[:40]
        if expected:
            params = {"expected": expected, "found": found}
            return FeelSyntaxError("expected-other", params, token.start)
        return FeelSyntaxError("unexpected", {"found": found}, token.start)

    def name(self) -> str:
        """A name: the longest known one, or the words up to the next keyword or mark."""
        known = self.names.match(self.tokens, self.at)
        if known is not None:
            self.at += known[1]
            return known[0]
        token = self.peek()
        if token.kind != NAME:
            raise self.unexpected("name")
        self.at += 1
        if token.text == "?":
            return "?"
        words = [token.text]
        while self.peek().kind == NAME and not self._ends_name():
            words.append(self.take().text)
        return " ".join(words) if len(words) > 1 else words[0]

    def _ends_name(self) -> bool:
        text = self.peek().text
        return (
            text in STOPS
            or text == "?"
            or (text == "instance" and self.is_word("of", 1))
            or (text == "external" and self.is_mark("{", 1))
        )

    def key(self, closing: str = ":") -> str:
        """A key or parameter name: everything up to a mark, with single spaces between words."""
        first = self.peek()
        while not self.is_mark(closing):
            token = self.peek()
            if token.kind in (END, "string") or token.text in _NOT_IN_NAMES:
                raise self.unexpected(closing)
            self.at += 1
        if first.end == 0 or self.peek().start == first.start:
            raise self.unexpected("name")
        found = " ".join(self.text[first.start : self.tokens[self.at - 1].end].split())
        self.names.add(found)
        return found


_NOT_IN_NAMES = frozenset("(){}[],:<>=") | {"<=", ">=", "!=", "->", ".."}
