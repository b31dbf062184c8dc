"""Session.execute() of strings and of raw SQL."""

from __future__ import annotations

import pytest

from tests.rules.checks import left
from translator import translate

ADDED = "def f(session, user):\n    session.add(user)\n{between}    return session.execute(text('SELECT 1')).scalar()\n"


def test_raw_sql_after_an_unflushed_add_is_told() -> None:
    """2.1 flushes before it, 1.4 and 2.0 do not."""
    left(ADDED.format(between=""), "session.flush()")
    left(ADDED.format(between="    log(user)\n    print(1)\n"), "session.flush()")


@pytest.mark.parametrize(
    "between",
    ["    session.flush()\n", "    session.commit()\n", "    work(session)\n", "    session = other\n"],
)
def test_a_flush_or_an_unknown_use_between_ends_it(between: str) -> None:
    """Nothing is waiting after a flush, and what another function did with the session is not known."""
    assert not translate(ADDED.format(between=between)).diagnostics


def test_statements_about_classes_always_flushed() -> None:
    """A select() of a mapped class flushes on every version."""
    assert not translate("session.add(user)\nrows = session.execute(select(User)).all()\n").diagnostics


def test_a_wrapped_string_is_told_too() -> None:
    """The remark comes beside the change."""
    translation = translate("session.add(user)\nsession.execute('DELETE FROM logs')\n")
    assert "text('DELETE FROM logs')" in translation.output
    assert any("session.flush()" in found.message for found in translation.diagnostics)
