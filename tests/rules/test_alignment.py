"""Lines that stood below the first argument of a bracket stand there again where the bracket opens elsewhere."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed
from translator import translate
from translator.findings import Span
from translator.syntax import alignment

HEAD = "from app.models import User\nfrom sqlalchemy import select\n\n\ndef f(session):\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "    q = session.query(User.id,\n                      User.name).filter(User.id > 1,\n"
            "                                        User.id < 9)\n    return q.all()\n",
            "    q = select(User.id,\n               User.name).where(User.id > 1,\n"
            "                                User.id < 9)\n    return session.execute(q).all()\n",
        ),
        (
            "    q = session.query(User) \\\n        .filter(User.id > 1,\n                User.id < 9) \\\n        .all()\n",
            "    q = session.scalars(\n        select(User)\n        .where(User.id > 1,\n               User.id < 9)\n"
            "    ).all()\n",
        ),
        (  # below nothing, or hanging: as its author had it
            "    q = session.query(User).filter(\n        User.id > 1,\n      User.id < 9)\n    return q.all()\n",
            "    q = select(User).where(\n        User.id > 1,\n      User.id < 9)\n    return session.scalars(q).all()\n",
        ),
        (
            "    return show(session.query(User).all(), '''\n                text''',\n                3)\n",
            "    return show(session.scalars(select(User)).all(), '''\n                text''',\n                3)\n",
        ),
    ],
)
def test_a_rewrite_keeps_it(before: str, after: str) -> None:
    """In the call, in those inside it and in what stands around it."""
    transformed(HEAD + before, HEAD + after)


def test_strings_and_comments_hold_no_brackets() -> None:
    """What stands in them is no code, and lines in strings stay."""
    before = "x = query('(', [  # (\n    1], '''\n      (''',\n          f\"{g('(')}\",\n          2)\n"
    after = before.replace("query", "select_all")
    made, moved = alignment.restored(before, after)
    assert made == after.replace('\n          f"', '\n               f"').replace("\n          2", "\n               2")
    assert moved == {4: 5, 5: 5}
    assert alignment.shifted(Span(4, 10, 5, 11), moved) == Span(4, 15, 5, 16)


def test_what_can_not_be_read_stays() -> None:
    """Code of another Python is not looked at."""
    before = "print query(1,\n            2)\n"
    assert alignment.restored(before, before.replace("query", "q")) == (before.replace("query", "q"), {})


def test_changes_know_where_they_stand() -> None:
    """Their places in the output move with the lines."""
    call = "    q = session.query(User.id,\n                      session.query(Order.id).as_scalar())\n    return q.all()\n"
    translation = translate(HEAD + call)
    lines = translation.output.split("\n")
    spans = [change.output_span for change in translation.changes if change.output_span is not None]
    inner = next(span for span in spans if "scalar_subquery" in lines[span.start_line - 1])
    assert lines[inner.start_line - 1][inner.start_column : inner.end_column] == "select(Order.id)"
