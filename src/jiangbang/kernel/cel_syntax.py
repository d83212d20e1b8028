"""From the text of a clause to a small tree of our own: the boundary to cel-python's parser.

Only the grammar is cel-python's; the tree below is all that `clauses` sees. Every node keeps its source text, so that
an error can name the part of the clause that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from lark import Token, Tree
from lark.exceptions import UnexpectedToken

# a clause is a sentence, not a program: longer or deeper ones are refused before they cost anything
MAX_LENGTH: Final = 4000
MAX_DEPTH: Final = 60
# characters of the expression that an error shows at most
_SHOWN: Final = 80
INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1

NodeKind = Literal[
    "literal",
    "name",
    "list",
    "map",
    "select",
    "index",
    "call",
    "method",
    "or",
    "and",
    "binary",
    "not",
    "negate",
    "choose",
]
# CEL's reserved words and keywords: no fact or variable may have such a name
RESERVED: Final = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
    "namespace", "null", "package", "return", "true", "var", "void", "while",
})  # fmt: skip

_BINARY: Final = {
    "relation_lt": "<", "relation_le": "<=", "relation_gt": ">", "relation_ge": ">=", "relation_eq": "==",
    "relation_ne": "!=", "relation_in": "in", "addition_add": "+", "addition_sub": "-",
    "multiplication_mul": "*", "multiplication_div": "/", "multiplication_mod": "%",
}  # fmt: skip
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)", re.DOTALL)
_SIMPLE_ESCAPES: Final = dict(zip("abfnrtv\\\"'`?", "\a\b\f\n\r\t\v\\\"'`?", strict=True))


class ClauseError(ValueError):
    """A clause that cannot be read or decided. `part` is the piece of the expression that the sentence is about."""

    def __init__(self, reason: str, part: str) -> None:
        shown = part if len(part) <= _SHOWN else part[:_SHOWN] + "…"
        super().__init__(f"{reason}: {shown}" if part else reason)
        self.reason = reason
        self.part = part


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `value` is the literal, name or operator, `children` the operands (of a method, the receiver first)."""

    kind: NodeKind
    value: Any
    children: tuple[Node, ...]
    source: str


def parse(expression: str) -> Node:
    """The tree of an expression. Raises ClauseError with one sentence that says where the syntax is wrong."""
    if len(expression) > MAX_LENGTH:
        raise ClauseError(f"the clause is longer than {MAX_LENGTH} characters", "")
    if not expression.strip():
        raise ClauseError("the clause is empty", "")
    _check_quotes(expression)
    return _Reader(expression).read(_parse_tree(expression), 0)


def _parse_tree(expression: str) -> Tree[Token]:
    # celpy pulls in packages worth 90 ms and builds its grammar in 200 ms; who only evaluates need not wait for them
    from celpy.celparser import CELParseError, CELParser  # noqa: PLC0415

    try:
        return CELParser().parse(expression)
    except CELParseError as error:
        raise _syntax_error(expression, error.__context__) from None


def _syntax_error(expression: str, error: BaseException | None) -> ClauseError:
    """Where the parser stopped, in one sentence."""
    at: object = getattr(error, "pos_in_stream", None)
    if not isinstance(at, int) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return ClauseError("the clause ends too early", expression[-20:].strip())
    line = expression.count("\n", 0, at) + 1
    place = f"line {line}, character {at - expression.rfind(chr(10), 0, at)}" if line > 1 else f"character {at + 1}"
    return ClauseError(f"the clause cannot be read at {place}", expression[at : at + 20])


def _check_quotes(text: str) -> None:
    """Refuse unclosed, triple-quoted and bytes literals before the grammar sees them.

    The grammar's pattern for strings backtracks exponentially on an unclosed string full of backslashes.
    """
    at = 0
    while at < len(text):
        if text.startswith("//", at):
            at = (text.find("\n", at) + 1) or len(text)
        elif text[at] in "\"'":
            at = _end_of_string(text, at)
        else:
            at += 1


def _end_of_string(text: str, start: int) -> int:
    """The position after the closing quote."""
    quote = text[start]
    if text.startswith(quote * 3, start):
        raise ClauseError("triple-quoted strings are not used in clauses", text[start : start + 20])
    raw = text[start - 1 : start] in ("r", "R")
    at = start + 1
    while at < len(text) and text[at] not in "\r\n":
        if text[at] == "\\":
            if raw and text[at + 1 : at + 2] == quote:
                raise ClauseError("a raw string has no backslash before a quote", text[start : at + 2])
            at += 2
        elif text[at] == quote:
            return at + 1
        else:
            at += 1
    raise ClauseError("a string is not closed", text[start : start + 20])


class _Reader:
    """Turns the parser's tree, one level per precedence, into nodes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._readers: dict[str, Callable[[Tree[Token], int], Node]] = {
            "expr": self._choose,
            "conditionalor": self._chain,
            "conditionaland": self._chain,
            "relation": self._binary,
            "addition": self._binary,
            "multiplication": self._binary,
            "unary": self._unary,
            "member_dot": self._select,
            "member_dot_arg": self._method,
            "member_index": self._index,
            "ident": self._name,
            "ident_arg": self._call,
            "list_lit": self._list,
            "map_lit": self._map,
            "literal": self._literal,
        }

    def read(self, tree: Tree[Token] | Token, depth: int) -> Node:
        """One node. Levels that hold nothing but the next are skipped without recursion."""
        if depth > MAX_DEPTH:
            raise ClauseError("the clause is nested too deeply", self._text[:20])
        while isinstance(tree, Tree) and len(tree.children) == 1 and isinstance(tree.children[0], Tree):
            if tree.data in ("list_lit", "map_lit"):
                break
            tree = tree.children[0]
        if not isinstance(tree, Tree):
            raise ClauseError("the clause cannot be read", str(tree))
        reader = self._readers.get(str(tree.data))
        if reader is None:
            raise ClauseError("this part of CEL is not used in clauses", self._source(tree))
        return reader(tree, depth + 1)

    def _source(self, tree: Tree[Token]) -> str:
        if tree.meta.empty:
            return ""
        return self._text[tree.meta.start_pos : tree.meta.end_pos]

    def _node(self, kind: NodeKind, value: Any, children: tuple[Node, ...], tree: Tree[Token]) -> Node:
        return Node(kind, value, children, self._source(tree))

    def _choose(self, tree: Tree[Token], depth: int) -> Node:
        return self._node("choose", None, tuple(self.read(child, depth) for child in tree.children), tree)

    def _chain(self, tree: Tree[Token], depth: int) -> Node:
        """`a && b && c` as one node with three children: the parser leans them to the left."""
        terms: list[Tree[Token] | Token] = []
        level: Tree[Token] | Token = tree
        while isinstance(level, Tree) and level.data == tree.data:
            terms.append(level.children[-1])
            if len(level.children) == 1:
                break
            level = level.children[0]
        children = tuple(self.read(term, depth) for term in reversed(terms))
        return self._node("or" if tree.data == "conditionalor" else "and", None, children, tree)

    def _binary(self, tree: Tree[Token], depth: int) -> Node:
        head, right = tree.children
        assert isinstance(head, Tree)
        left = self.read(head.children[0], depth)
        return self._node("binary", _BINARY[str(head.data)], (left, self.read(right, depth)), tree)

    def _unary(self, tree: Tree[Token], depth: int) -> Node:
        head, operand = tree.children
        assert isinstance(head, Tree)
        kind: NodeKind = "not" if head.data == "unary_not" else "negate"
        return self._node(kind, None, (self.read(operand, depth),), tree)

    def _select(self, tree: Tree[Token], depth: int) -> Node:
        return self._node("select", str(tree.children[1]), (self.read(tree.children[0], depth),), tree)

    def _method(self, tree: Tree[Token], depth: int) -> Node:
        receiver = self.read(tree.children[0], depth)
        arguments = self._items(tree.children[2:], depth)
        return self._node("method", str(tree.children[1]), (receiver, *arguments), tree)

    def _index(self, tree: Tree[Token], depth: int) -> Node:
        return self._node("index", None, tuple(self.read(child, depth) for child in tree.children), tree)

    def _name(self, tree: Tree[Token], depth: int) -> Node:
        del depth
        name = str(tree.children[0])
        if name in RESERVED:
            raise ClauseError("this word is reserved by CEL", name)
        return self._node("name", name, (), tree)

    def _call(self, tree: Tree[Token], depth: int) -> Node:
        return self._node("call", str(tree.children[0]), self._items(tree.children[1:], depth), tree)

    def _list(self, tree: Tree[Token], depth: int) -> Node:
        return self._node("list", None, self._items(tree.children, depth), tree)

    def _map(self, tree: Tree[Token], depth: int) -> Node:
        """Keys and values in turn."""
        return self._node("map", None, self._items(tree.children, depth), tree)

    def _items(self, children: list[Tree[Token] | Token], depth: int) -> tuple[Node, ...]:
        """The members of the one `exprlist` or `mapinits`, if there is one."""
        if not children:
            return ()
        assert isinstance(children[0], Tree)
        return tuple(self.read(child, depth) for child in children[0].children)

    def _literal(self, tree: Tree[Token], depth: int) -> Node:
        del depth
        token = tree.children[0]
        assert isinstance(token, Token)
        return self._node("literal", _literal_value(token), (), tree)


def _literal_value(token: Token) -> bool | int | float | str | None:
    text = str(token)
    if token.type == "BOOL_LIT":
        return text == "true"
    if token.type == "NULL_LIT":
        return None
    if token.type == "STRING_LIT":
        return _string_value(text)
    if token.type == "FLOAT_LIT":
        return float(text)
    if token.type == "INT_LIT":
        value = int(text, 16 if "0x" in text else 10)
        if not INT_MIN <= value <= INT_MAX:
            raise ClauseError("this number does not fit into 64 bits", text[:40])
        return value
    raise ClauseError("unsigned numbers and bytes are not used in clauses", text[:40])


def _string_value(text: str) -> str:
    if text[0] in "rR":
        return text[2:-1]
    return _ESCAPE.sub(lambda match: _unescaped(match[1], text), text[1:-1])


def _unescaped(escape: str, text: str) -> str:
    if len(escape) == 1:
        if escape not in _SIMPLE_ESCAPES:
            raise ClauseError(f"the string has an unknown escape \\{escape}", text[:40])
        return _SIMPLE_ESCAPES[escape]
    code = int(escape, 8) if escape[0].isdigit() else int(escape[1:], 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise ClauseError(f"the string has an escape that is no character \\{escape}", text[:40])
    return chr(code)
