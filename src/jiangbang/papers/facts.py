"""The facts that clauses read: from the record, and as the unit declares them."""

from __future__ import annotations

from collections.abc import Mapping

from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.form import Record


def facts_of(
    record: Record, edition: EditionSpec, declared: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The known facts by key. An unknown fact is not in the dict, so that its clause stays open."""
    raise NotImplementedError
