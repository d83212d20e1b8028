"""CEL's macros over the members of a list, each a function of the members and of the test or transformation applied to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jiangbang.kernel.cel_values import OperationError, Unknown, all_of, any_of, known_type, union


def filtered(items: list[Any], test: Callable[[Any], Any]) -> Any:
    """Unknown as a whole where it is unknown whether an item belongs to it."""
    outcomes = [_condition(test(item)) for item in items]
    unknown = _any_unknown(outcomes)
    return unknown or [item for item, outcome in zip(items, outcomes, strict=True) if outcome]


def exists_one(items: list[Any], test: Callable[[Any], Any]) -> Any:
    """Whether the test holds for one item and no other; two certain ones decide, whatever is unknown."""
    outcomes = [_condition(test(item)) for item in items]
    found = sum(outcome is True for outcome in outcomes)
    if found > 1:
        return False
    return _any_unknown(outcomes) or found == 1


def _condition(outcome: Any) -> Any:
    if type(outcome) is not bool and type(outcome) is not Unknown:
        raise OperationError(f"a condition is true or false, not {known_type(outcome)}")
    return outcome


def _any_unknown(outcomes: list[Any]) -> Unknown | None:
    unknown: Unknown | None = None
    for outcome in outcomes:
        if type(outcome) is Unknown:
            unknown = union(unknown, outcome)
    return unknown


def mapped(items: list[Any], transform: Callable[[Any], Any]) -> Any:
    """Every item transformed; unknown ones stay in their places."""
    return [transform(item) for item in items]


MACROS: Final[Mapping[str, Callable[[list[Any], Callable[[Any], Any]], Any]]] = {
    "all": all_of, "exists": any_of, "exists_one": exists_one, "filter": filtered, "map": mapped,
}  # fmt: skip
