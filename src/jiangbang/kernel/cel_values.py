"""The values of clauses and what may be done with them: CEL's types, strict, with unknown as one more value.

Types never mix silently: a text compared with a number is a mistake in the clause or in the data, and says so. The one
exception is CEL's own: whole numbers and decimals compare by value. Operations raise `OperationError`; `clauses` adds
which part of the clause it was.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import re2  # type: ignore[import-untyped]  # google-re2 ships no stubs; `pattern` gives it a type

from jiangbang.kernel.cel_syntax import INT_MAX, INT_MIN

MAX_PATTERN_LENGTH: Final = 1000
# texts and lists made by + ; keeps a clause from growing without bound
MAX_SIZE: Final = 1_000_000


class OperationError(Exception):
    """An operation that has no value."""


class Unknown:
    """A value that is not known because these facts are missing."""

    __slots__ = ("names",)

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names


def union(first: Unknown | None, second: Unknown) -> Unknown:
    """Unknown for the reasons of both."""
    if first is None or first is second:
        return second
    return Unknown(first.names | second.names)


def known_type(value: Any) -> str:
    """CEL's name of the value's type, for messages. bool before int: Python counts it as one."""
    for python, name in _TYPE_NAMES:
        if isinstance(value, python):
            return name
    return type(value).__name__


_TYPE_NAMES: Final[tuple[tuple[type, str], ...]] = (
    (type(None), "null"), (bool, "bool"), (int, "int"), (float, "double"), (str, "string"),
    (list, "list"), (dict, "map"),
)  # fmt: skip
_EXACT_TYPES: Final = frozenset({bool, int, float, str})
# Python's own conversions also take spaces, underscores and other scripts' digits
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


def fact_value(value: Any) -> Any:
    """A fact as a CEL value: subclasses become plain values. Raises OperationError for what clauses do not know."""
    if type(value) in _EXACT_TYPES or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [fact_value(item) for item in value]
    if isinstance(value, Mapping):
        return {fact_value(key): fact_value(item) for key, item in value.items()}
    raise OperationError(f"a value of type {type(value).__name__} cannot be used in clauses")


def equal(left: Any, right: Any) -> Any:
    """== : true, false or unknown. Lists and maps compare member by member, as far as their members are known."""
    kind, other = type(left), type(right)
    if kind is Unknown or other is Unknown:
        return _unknown_of(left, right)
    if kind is other:
        if kind is list:
            return _equal_lists(left, right)
        if kind is dict:
            return _equal_maps(left, right)
        return left == right
    if left is None or right is None:
        return False
    if kind in _NUMBERS and other in _NUMBERS:
        return left == right
    raise OperationError(f"{known_type(left)} and {known_type(right)} cannot be compared")


def not_equal(left: Any, right: Any) -> Any:
    """!= : the opposite of ==."""
    outcome = equal(left, right)
    return outcome if type(outcome) is Unknown else not outcome


def certainly_equal(left: Any, right: Any) -> bool:
    """Whether both are known, of one type and equal."""
    try:
        return type(left) is type(right) and equal(left, right) is True
    except OperationError:
        return False


def contains(item: Any, container: Any) -> Any:
    """`item in container`: in a list by ==, in a map by key."""
    if type(container) is dict:
        container = list(container)
    if type(container) is not list:
        if type(container) is Unknown:
            return container if type(item) is not Unknown else union(container, item)
        raise OperationError(f"in looks into a list or a map, not into {known_type(container)}")
    return any_of(container, lambda member: equal(item, member))


def any_of(items: list[Any], test: Callable[[Any], Any]) -> Any:
    """Kleene's `or` over the items, errors absorbed where another item decides, as in CEL's ||."""
    return _quantify(items, test, True)


def all_of(items: list[Any], test: Callable[[Any], Any]) -> Any:
    """Kleene's `and` over the items."""
    return _quantify(items, test, False)


def _quantify(items: list[Any], test: Callable[[Any], Any], decisive: bool) -> Any:
    unknown: Unknown | None = None
    fault: Exception | None = None
    for item in items:
        try:
            outcome = test(item)
        except (OperationError, ValueError) as error:
            fault = fault or error
            continue
        if outcome is decisive:
            return decisive
        if type(outcome) is Unknown:
            unknown = union(unknown, outcome)
        elif type(outcome) is not bool:
            fault = fault or OperationError(f"a condition is true or false, not {known_type(outcome)}")
    if unknown is not None:
        return unknown
    if fault is not None:
        raise fault
    return not decisive


def ordering(symbol: str) -> Callable[[Any, Any], Any]:
    """One of < <= > >= over numbers, texts (by code point) and truth values."""
    compare = _ORDERINGS[symbol]

    def apply(left: Any, right: Any) -> Any:
        kind, other = type(left), type(right)
        if kind is other and kind in _EXACT_TYPES:
            return compare(left, right)
        if kind is Unknown or other is Unknown:
            return _unknown_of(left, right)
        if kind in _NUMBERS and other in _NUMBERS:
            return compare(left, right)
        raise OperationError(f"{known_type(left)} and {known_type(right)} cannot be compared by {symbol}")

    return apply


def add(left: Any, right: Any) -> Any:
    """+ : numbers of one type; texts and lists are joined."""
    kind = type(left)
    if kind is type(right) and kind in (str, list):
        if len(left) + len(right) > MAX_SIZE:
            raise OperationError(f"the result of + has more than {MAX_SIZE} parts")
        return left + right
    return _arithmetic("+", operator.add, left, right)


def subtract(left: Any, right: Any) -> Any:
    """- : numbers of one type."""
    return _arithmetic("-", operator.sub, left, right)


def multiply(left: Any, right: Any) -> Any:
    """* : numbers of one type."""
    return _arithmetic("*", operator.mul, left, right)


def divide(left: Any, right: Any) -> Any:
    """/ : whole numbers divide toward zero; by 0 is an error for them and infinite for decimals."""
    return _arithmetic("/", _quotient, left, right)


def remainder(left: Any, right: Any) -> Any:
    """% : whole numbers only, with the sign of the dividend."""
    if type(left) is float or type(right) is float:
        raise OperationError("% takes whole numbers")
    return _arithmetic("%", _modulo, left, right)


def negate(value: Any) -> Any:
    """Minus one number."""
    if type(value) is Unknown:
        return value
    if type(value) not in _NUMBERS:
        raise OperationError(f"- takes a number, not {known_type(value)}")
    return _in_range(-value)


def index(container: Any, key: Any) -> Any:
    """container[key]. Raises OperationError where there is no such member."""
    if type(container) is Unknown or type(key) is Unknown:
        return _unknown_of(container, key)
    if type(container) is list and type(key) is int:
        if not 0 <= key < len(container):
            raise OperationError(f"the list has no item {key}")
        return container[key]
    if type(container) is dict and type(key) in _EXACT_TYPES:
        if key not in container:
            raise OperationError("the map has no such key")
        return container[key]
    raise OperationError(f"{known_type(container)} has no members by {known_type(key)}")


def has(container: Any, key: str) -> Any:
    """has(container.key)."""
    if type(container) is Unknown:
        return container
    if type(container) is not dict:
        raise OperationError(f"has() asks a map, not {known_type(container)}")
    return key in container


def size(value: Any) -> Any:
    """Characters of a text, members of a list or map."""
    if type(value) is Unknown:
        return value
    if type(value) not in (str, list, dict):
        raise OperationError(f"size() counts a text, list or map, not {known_type(value)}")
    return len(value)


def to_int(value: Any) -> Any:
    """int(): decimals lose their fraction, texts must be whole numbers."""
    if type(value) is Unknown:
        return value
    try:
        if type(value) in _NUMBERS or (type(value) is str and _WHOLE.fullmatch(value)):
            return _in_range(int(value))
    except (ValueError, OverflowError):
        pass
    raise OperationError("int() cannot convert this value")


def to_double(value: Any) -> Any:
    """double(): from numbers and texts."""
    if type(value) is Unknown:
        return value
    try:
        if type(value) in _NUMBERS or (type(value) is str and _DECIMAL.fullmatch(value)):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise OperationError("double() cannot convert this value")


def to_string(value: Any) -> Any:
    """string(): numbers, truth values and texts."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) in (Unknown, str):
        return value
    if type(value) in _NUMBERS:
        return str(value)
    raise OperationError(f"string() cannot convert {known_type(value)}")


def text_test(name: str) -> Callable[[Any, Any], Any]:
    """contains, startsWith, endsWith or matches over two texts."""
    test = _TEXT_TESTS[name]

    def apply(text: Any, argument: Any) -> Any:
        if type(text) is str and type(argument) is str:
            return test(text, argument)
        if type(text) is Unknown or type(argument) is Unknown:
            return _unknown_of(text, argument)
        raise OperationError(f"{name}() takes texts, not {known_type(text)} and {known_type(argument)}")

    return apply


@lru_cache(maxsize=256)
def pattern(text: str) -> Callable[[str], object]:
    """The search of a regular expression in RE2, whose time is linear in the text.

    Raises OperationError for a bad one.
    """
    if len(text) > MAX_PATTERN_LENGTH:
        raise OperationError(f"the pattern is longer than {MAX_PATTERN_LENGTH} characters")
    options = re2.Options()
    options.log_errors = False
    try:
        search: Callable[[str], object] = re2.compile(text, options).search
    except (re2.error, UnicodeError):
        raise OperationError("the pattern is not a regular expression that RE2 knows") from None
    return search


def _matches(text: str, expression: str) -> bool:
    try:
        return pattern(expression)(text) is not None
    except UnicodeError:
        raise OperationError("the text is not valid Unicode") from None


def _unknown_of(*values: Any) -> Unknown:
    found: Unknown | None = None
    for value in values:
        if type(value) is Unknown:
            found = union(found, value)
    assert found is not None
    return found


def _equal_lists(left: list[Any], right: list[Any]) -> Any:
    if len(left) != len(right):
        return False
    return all_of(list(zip(left, right, strict=True)), lambda pair: equal(*pair))


def _equal_maps(left: dict[Any, Any], right: dict[Any, Any]) -> Any:
    if left.keys() != right.keys():
        return False
    return all_of(list(left), lambda key: equal(left[key], right[key]))


def _arithmetic(symbol: str, apply: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    kind, other = type(left), type(right)
    if kind is other and kind in _NUMBERS:
        return _in_range(apply(left, right))
    if kind is Unknown or other is Unknown:
        return _unknown_of(left, right)
    raise OperationError(f"{known_type(left)} {symbol} {known_type(right)} has no meaning")


def _in_range(value: Any) -> Any:
    if type(value) is int and not INT_MIN <= value <= INT_MAX:
        raise OperationError("the result does not fit into 64 bits")
    return value


def _quotient(left: Any, right: Any) -> Any:
    if type(left) is float:
        if right == 0:
            return (
                math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
            )
        return left / right
    if right == 0:
        raise OperationError("a division by zero")
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def _modulo(left: int, right: int) -> int:
    if right == 0:
        raise OperationError("a division by zero")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


_NUMBERS: Final = frozenset({int, float})
_ORDERINGS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "matches": _matches,
}
