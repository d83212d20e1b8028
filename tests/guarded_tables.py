"""A pytest plugin: emptying the test database between transactional tests in spite of the register's guards.

The guards refuse DELETE and TRUNCATE, as they must. Django empties tables after each transactional test; only here are the
guards set aside for that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

# Tables whose rows refuse update and delete.
GUARDED = (
    "register_entry",
    "review_signedcard",
    "decision_round",
    "decision_voter",
    "decision_openballot",
    "decision_place",
    "decision_result",
)


@pytest.fixture(autouse=True, scope="session")
def flush_sets_guards_aside() -> Iterator[None]:
    """Wrap the one method through which Django empties tables."""
    patch = pytest.MonkeyPatch()
    operations = type(connection.ops)
    patch.setattr(operations, "execute_sql_flush", _without_guards(operations.execute_sql_flush))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_checkpoint_of_an_earlier_test() -> None:
    """A test that runs what waits for the commit leaves the checkpoint of a register that is then rolled back."""
    Path(settings.JIANGBANG_HOME, "register", "checkpoint").unlink(missing_ok=True)


def _without_guards(flush: Any) -> Any:
    def flushing(self: Any, sql_list: list[str]) -> None:
        connection = self.connection
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                guards = cursor.fetchall()
                for name, _sql in guards:
                    cursor.execute(f"DROP TRIGGER {name}")
                flush(self, sql_list)
                for _name, sql in guards:
                    cursor.execute(sql)
            else:
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                flush(self, sql_list)
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            # the checkpoint kept in the home is of the register that has just been emptied
            Path(settings.JIANGBANG_HOME, "register", "checkpoint").unlink(missing_ok=True)
            cursor.execute("INSERT INTO register_head (id, size, frontier, checkpoint) VALUES (1, 0, '[]', '')")

    return flushing
