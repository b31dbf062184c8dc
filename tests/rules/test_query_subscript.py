"""Indexes and slices of a Query."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched
from translator import Safety, translate


def test_an_index_keeps_its_index_error() -> None:
    """One row is asked for, and a list is indexed."""
    transformed("u = session.query(User)[0]", "u = session.scalars(select(User).limit(1)).all()[0]")
    transformed("u = session.query(User)[3]", "u = session.scalars(select(User).limit(1).offset(3)).all()[0]")


def test_a_limited_query_is_sliced_within_its_limit() -> None:
    """LIMIT and OFFSET are counted from those that are there."""
    transformed("u = session.query(User).limit(9)[2:4]", "u = session.scalars(select(User).limit(9).slice(2, 4)).all()")


def test_computed_bounds_keep_the_empty_list() -> None:
    """With stop before start Query sent nothing; a select() would send a negative LIMIT."""
    transformed("u = session.query(User)[a:b]", "u = session.scalars(select(User).slice(a, b)).all() if b > a else []")


def test_computed_bounds_are_for_review() -> None:
    """None and negative numbers are not provided for, so that somebody is to look."""
    assert {c.safety for c in translate("u = session.query(User)[a:b]").changes} == {Safety.REVIEW}
    assert {c.safety for c in translate("u = session.query(User)[1:2]").changes} == {Safety.SAFE}


def test_a_step_is_taken_in_python() -> None:
    """The rows are fetched, then every second one is taken."""
    transformed("u = session.query(User)[0:5:2]", "u = session.scalars(select(User).slice(0, 5)).all()[::2]")


def test_bounds_that_call_are_left() -> None:
    """A call must not be made twice."""
    left("u = session.query(User)[f():g()]", "computed by calls")


def test_other_subscripts_are_left_alone() -> None:
    """A list that a query gave is a list."""
    transformed("u = session.query(User).all()[0]", "u = session.scalars(select(User)).all()[0]")
    untouched("import pandas as pd\n\ndf = pd.DataFrame()\nfirst = df.query('a > 1')[0:5]\n")
