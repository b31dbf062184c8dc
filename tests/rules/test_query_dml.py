"""Query.update() and delete() with arguments of their dialects."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import Options, Workbench


def test_ordered_values() -> None:
    """preserve_parameter_order is ordered_values()."""
    transformed(
        "session.query(User).filter(User.a).update([(User.b, 1), (User.c, 2)], update_args={'preserve_parameter_order': True})",
        "session.execute(update(User).where(User.a).ordered_values((User.b, 1), (User.c, 2)))",
    )


def test_unknown_arguments_are_left() -> None:
    """They are not in sight."""
    left("session.query(User).filter(User.a).update({'b': 1}, update_args=x)", "not in sight")


@pytest.mark.parametrize("clause", ["having(User.b)", "execution_options(x=1)", "options(lazyload(User.c))"])
def test_what_query_ignored(clause: str) -> None:
    """On a statement it would be refused, or do something."""
    left(f"session.query(User).filter(User.a).{clause}.delete()", "ignored the options and HAVING")


def test_what_only_a_query_takes_is_told_of() -> None:
    """Whatever it is called, and wherever it comes from; not so a table's or a dict's own method."""
    left("old = self._find(False)\nold.delete(synchronize_session='fetch')", "`old` gives it, which is not in sight")
    left("self._find(True).update({Job.state: 1}, synchronize_session=False)", "`self._find()` gives it")


TWO = (
    'def _changes(s):\n    return s.query(User).filter(User.name == "x"), s.query(Order).filter({})\n\n\n'
    "for q in _changes(session):\n    print(q.all())\nfor q in _changes(session):\n    print(q.delete())\n"
)


def test_now_one_class_now_another() -> None:
    """A statement that is selected, too, tells which class it is over; it does the same on both runtimes."""
    bench = Workbench()
    report = bench.convert(TWO.format("Order.id == 2"), Options(), verify=True)
    bench.close()
    assert report["verification"]["verdict"] == "same", report["verification"]["reason"]
    assert 'delete(q.column_descriptions[0]["entity"])' in report["output"]


def test_another_class_in_the_criteria_of_one_of_them() -> None:
    """1.x and 2.0 differ in how they correlate it."""
    left(TWO.format("Order.user_id == User.id"), "name another class")
    narrowed = TWO.format("Order.id == 2").replace("q.delete()", "q.filter_by(id=1).delete()")
    left(narrowed, "over one mapped class")
