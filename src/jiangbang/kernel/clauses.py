"""Clauses: CEL expressions over a dossier's facts, decided in three values.

A fact that is absent or None is unknown. Logic is Kleene's: `open` is the verdict only where the missing facts can
change the outcome, so `unknown || true` is met. Language: https://github.com/google/cel-spec, without messages, bytes,
unsigned numbers, timestamps and durations. An expression is compiled once to nested Python functions; deciding it costs
microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from jiangbang.kernel import cel_values as values
from jiangbang.kernel.cel_macros import MACROS
from jiangbang.kernel.cel_syntax import ClauseError, Node, parse
from jiangbang.kernel.cel_values import OperationError, Unknown

__all__ = ["Clause", "ClauseError", "Verdict", "compile_clause"]

# macros inside macros multiply: two levels are plenty for a condition, and all their rounds together are bounded
MAX_MACRO_DEPTH: Final = 4
MAX_ROUNDS: Final = 100_000

_FUNCTIONS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "size": values.size, "int": values.to_int, "double": values.to_double, "string": values.to_string,
}  # fmt: skip
_BINARY: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": values.equal, "!=": values.not_equal, "in": values.contains, "+": values.add, "-": values.subtract,
    "*": values.multiply, "/": values.divide, "%": values.remainder,
    **{symbol: values.ordering(symbol) for symbol in ("<", "<=", ">", ">=")},
}  # fmt: skip
_TEXT_METHODS: Final = ("contains", "startsWith", "endsWith", "matches")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a clause.

    `read`: the facts consulted, known or not, in order of first reading. `missing`: those unknown facts that keep the
    clause open, in the same order; empty when it is decided.
    """

    value: Literal["met", "not_met", "open"]
    read: tuple[str, ...]
    missing: tuple[str, ...]


class _Frame:
    """One evaluation: the facts, what was read of them, the variables of macros, the rounds left."""

    __slots__ = ("facts", "read", "rounds", "variables")

    def __init__(self, facts: Mapping[str, object], variables: int) -> None:
        self.facts = facts
        self.read: dict[str, None] = {}
        self.variables: list[Any] = [None] * variables
        self.rounds = MAX_ROUNDS


_Run = Callable[[_Frame], Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """A compiled clause. `names`: the facts that it may read, in order of appearance."""

    expression: str
    names: tuple[str, ...]
    _run: _Run = field(repr=False, compare=False)

    def evaluate(self, facts: Mapping[str, object]) -> Verdict:
        """Decide over these facts: bool, int, float, str, lists and maps of them; None or absent is unknown.

        Raises ClauseError naming the sub-expression for a type mismatch, an overflow or a division by zero that the
        outcome hangs on.
        """
        frame = _Frame(facts, MAX_MACRO_DEPTH)
        outcome = self._run(frame)
        read = tuple(frame.read)
        if outcome is True:
            return Verdict("met", read, ())
        if outcome is False:
            return Verdict("not_met", read, ())
        if type(outcome) is Unknown:
            return Verdict("open", read, tuple(name for name in read if name in outcome.names))
        raise ClauseError(f"the clause gives {values.known_type(outcome)}, not true or false", self.expression)


def compile_clause(expression: str, facts: Collection[str] | None = None) -> Clause:
    """Compile a CEL expression. With `facts`, every name must be one of these declared facts.

    Raises ClauseError with one sentence for a syntax error, an unknown name or function, or CEL that clauses do not
    use.
    """
    compiler = _Compiler(facts)
    run = compiler.compile(parse(expression))
    return Clause(expression, tuple(compiler.names), run)


class _Compiler:
    """From nodes to functions over a frame."""

    def __init__(self, facts: Collection[str] | None) -> None:
        self._facts = facts
        self._scope: list[str] = []
        self.names: dict[str, None] = {}

    def compile(self, node: Node) -> _Run:
        match node.kind:
            case "literal":
                return _constant(node.value)
            case "name":
                return self._name(node)
            case "and" | "or":
                return _chain([self.compile(term) for term in node.children], node, decisive=node.kind == "or")
            case "binary":
                left, right = (self.compile(child) for child in node.children)
                if node.value == "in" and _is_text_list(node.children[1]):
                    return _one_of(left, right, node)
                return _apply(_BINARY[node.value], (left, right), node)
            case "not":
                return _opposite(self.compile(node.children[0]), node)
            case "negate":
                return _apply(values.negate, (self.compile(node.children[0]),), node)
            case "choose":
                return _choice([self.compile(child) for child in node.children], node)
            case "list":
                return _list([self.compile(child) for child in node.children])
            case "map":
                return _map([self.compile(child) for child in node.children], node)
            case "index":
                container, key = node.children
                return _apply(values.index, (self.compile(container), self.compile(key)), node)
            case "select":
                return _apply(values.index, (self.compile(node.children[0]), _constant(node.value)), node)
            case "call":
                return self._call(node)
            case "method":
                return self._method(node)

    def _name(self, node: Node) -> _Run:
        name = node.value
        # the innermost macro's variable hides an outer one and a fact of the same name
        for level in range(len(self._scope) - 1, -1, -1):
            if self._scope[level] == name:
                return _variable(level)
        if self._facts is not None and name not in self._facts:
            raise ClauseError("the clause names a fact that is not declared", name)
        self.names[name] = None
        return _fact(name, node)

    def _call(self, node: Node) -> _Run:
        if node.value == "has":
            if len(node.children) != 1 or node.children[0].kind != "select":
                raise ClauseError("has() asks for a member of a map, as in has(contest.rank)", node.source)
            select = node.children[0]
            return _apply(values.has, (self.compile(select.children[0]), _constant(select.value)), node)
        function = _FUNCTIONS.get(node.value)
        if function is None:
            raise ClauseError("the clause calls an unknown function", node.source)
        return _apply(function, self._arguments(node, 1), node)

    def _method(self, node: Node) -> _Run:
        if node.value in MACROS:
            return self._macro(node)
        if node.value == "size":
            return _apply(values.size, self._arguments(node, 1), node)
        if node.value not in _TEXT_METHODS:
            raise ClauseError("the clause calls an unknown function", node.source)
        if node.value == "matches" and node.children[-1].kind == "literal":
            _check_pattern(node.children[-1])
        return _apply(values.text_test(node.value), self._arguments(node, 2), node)

    def _arguments(self, node: Node, count: int) -> tuple[_Run, ...]:
        if len(node.children) != count:
            raise ClauseError(f"{node.value}() has the wrong number of arguments", node.source)
        return tuple(self.compile(child) for child in node.children)

    def _macro(self, node: Node) -> _Run:
        if len(node.children) != 3 or node.children[1].kind != "name":
            raise ClauseError(f"{node.value}() takes a variable and an expression", node.source)
        if len(self._scope) == MAX_MACRO_DEPTH:
            raise ClauseError(f"more than {MAX_MACRO_DEPTH} macros stand inside each other", node.source)
        items = self.compile(node.children[0])
        level = len(self._scope)
        self._scope.append(node.children[1].value)
        body = self.compile(node.children[2])
        self._scope.pop()
        return _loop(MACROS[node.value], items, level, body, node)


def _check_pattern(node: Node) -> None:
    if type(node.value) is str:
        try:
            values.pattern(node.value)
        except OperationError as fault:
            raise ClauseError(str(fault), node.source) from None


def _constant(value: Any) -> _Run:
    return lambda frame: value  # noqa: ARG005


def _variable(level: int) -> _Run:
    return lambda frame: frame.variables[level]


def _fact(name: str, node: Node) -> _Run:
    missing = Unknown(frozenset((name,)))

    def run(frame: _Frame) -> Any:
        frame.read[name] = None
        value = frame.facts.get(name)
        kind = type(value)
        if kind is bool or kind is int or kind is str:
            return value
        if value is None:
            return missing
        try:
            return values.fact_value(value)
        except OperationError as fault:
            raise ClauseError(str(fault), node.source) from None

    return run


def _apply(function: Callable[..., Any], arguments: tuple[_Run, ...], node: Node) -> _Run:
    """A function that deals with unknown arguments itself; its faults are given their place in the clause."""
    if len(arguments) == 1:
        (only,) = arguments

        def run_one(frame: _Frame) -> Any:
            value = only(frame)
            try:
                return function(value)
            except OperationError as fault:
                raise ClauseError(str(fault), node.source) from None

        return run_one
    left, right = arguments

    def run_two(frame: _Frame) -> Any:
        first, second = left(frame), right(frame)
        try:
            return function(first, second)
        except OperationError as fault:
            raise ClauseError(str(fault), node.source) from None

    return run_two


def _is_text_list(node: Node) -> bool:
    return node.kind == "list" and all(item.kind == "literal" and type(item.value) is str for item in node.children)


def _one_of(item: _Run, texts: _Run, node: Node) -> _Run:
    """`x in ['a', 'b']`, the commonest test of a letter, by one look into a set; what is no known text goes the long way."""
    known = frozenset(child.value for child in node.children[1].children)

    def constant(value: Any) -> _Run:
        return _apply(values.contains, (_constant(value), texts), node)

    def run(frame: _Frame) -> Any:
        value = item(frame)
        return value in known if type(value) is str else constant(value)(frame)

    return run


def _chain(terms: list[_Run], node: Node, *, decisive: bool) -> _Run:
    """&& and ||: the decisive value wins over unknown, unknown over an error, an error over the rest, as CEL has it."""
    sources = [child.source for child in node.children]

    def run(frame: _Frame) -> Any:
        unknown: Unknown | None = None
        fault: ClauseError | None = None
        for term, source in zip(terms, sources, strict=True):
            try:
                outcome = term(frame)
            except ClauseError as error:
                fault = fault or error
                continue
            if outcome is decisive:
                return decisive
            if type(outcome) is Unknown:
                unknown = values.union(unknown, outcome)
            elif type(outcome) is not bool:
                fault = fault or ClauseError(f"a condition is true or false, not {values.known_type(outcome)}", source)
        if unknown is not None:
            return unknown
        if fault is not None:
            raise fault
        return not decisive

    return run


def _opposite(operand: _Run, node: Node) -> _Run:
    def run(frame: _Frame) -> Any:
        outcome = operand(frame)
        if outcome is True:
            return False
        if outcome is False:
            return True
        if type(outcome) is Unknown:
            return outcome
        raise ClauseError(f"! takes true or false, not {values.known_type(outcome)}", node.source)

    return run


def _choice(parts: list[_Run], node: Node) -> _Run:
    """condition ? a : b. With an unknown condition the outcome is known only where both sides agree."""
    condition, yes, no = parts

    def run(frame: _Frame) -> Any:
        outcome = condition(frame)
        if outcome is True:
            return yes(frame)
        if outcome is False:
            return no(frame)
        if type(outcome) is not Unknown:
            raise ClauseError(f"? takes true or false, not {values.known_type(outcome)}", node.source)
        return _either(outcome, _attempt(yes, frame), _attempt(no, frame))

    return run


def _attempt(run: _Run, frame: _Frame) -> Any:
    try:
        return run(frame)
    except ClauseError as error:
        return error


def _either(condition: Unknown, yes: Any, no: Any) -> Any:
    if isinstance(yes, ClauseError) and isinstance(no, ClauseError):
        raise yes
    if not isinstance(yes, ClauseError) and not isinstance(no, ClauseError) and values.certainly_equal(yes, no):
        return yes
    for side in (yes, no):
        if type(side) is Unknown:
            condition = values.union(condition, side)
    return condition


def _list(items: list[_Run]) -> _Run:
    """A list keeps unknown members as such: its size is known all the same."""
    return lambda frame: [item(frame) for item in items]


def _map(parts: list[_Run], node: Node) -> _Run:
    pairs = list(zip(parts[::2], parts[1::2], strict=True))

    def run(frame: _Frame) -> Any:
        entries: dict[Any, Any] = {}
        for key_run, value_run in pairs:
            key = key_run(frame)
            if type(key) is Unknown:
                return key
            if type(key) not in (bool, int, str) or key in entries:
                raise ClauseError("the keys of a map are texts, numbers or truth values, each once", node.source)
            entries[key] = value_run(frame)
        return entries

    return run


def _loop(
    macro: Callable[[list[Any], Callable[[Any], Any]], Any], items: _Run, level: int, body: _Run, node: Node
) -> _Run:
    def run(frame: _Frame) -> Any:
        over = items(frame)
        if type(over) is Unknown:
            return over
        if type(over) is dict:
            over = list(over)
        if type(over) is not list:
            raise ClauseError(
                f"{node.value}() goes through a list or a map, not {values.known_type(over)}", node.source
            )
        frame.rounds -= len(over)
        if frame.rounds < 0:
            raise ClauseError(f"the clause takes more than {MAX_ROUNDS} rounds", node.source)

        def test(item: Any) -> Any:
            frame.variables[level] = item
            return body(frame)

        try:
            return macro(over, test)
        except OperationError as fault:
            raise ClauseError(str(fault), node.source) from None

    return run
