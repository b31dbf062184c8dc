"""paginate() of Flask-SQLAlchemy."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed
from translator import translate


def test_arguments_keep_their_lines() -> None:
    """The statement goes before the arguments, which stay as they were."""
    transformed(
        "p = User.query.order_by(User.id).paginate(\n    page=1, per_page=n,\n    error_out=False)",
        "p = db.paginate(\n    db.select(User).order_by(User.id),\n    page=1, per_page=n,\n    error_out=False)",
    )


def test_no_arguments() -> None:
    """The page and its size come from the request."""
    transformed("p = User.query.paginate()", "p = db.paginate(db.select(User))")


HEAD = "from app.models import User, Order, db\n"


def test_several_columns_get_a_page_of_rows() -> None:
    """db.paginate() keeps the first column only."""
    source = "\n\ndef f(n):\n    return db.session.query(User.id, User.name).paginate(page=n, per_page=3)\n"
    found = translate(HEAD + source).output
    assert "from flask_sqlalchemy.pagination import SelectPagination\n" in found
    assert "class RowPagination(SelectPagination):" in found
    assert "execute(page).all()\n\n\ndef f(n):\n    return RowPagination(\n" in found
    assert "select=select(User.id, User.name), session=db.session, page=n, per_page=3\n" in found


def test_the_class_of_a_page_takes_no_name_of_the_module() -> None:
    """The application has a class of that name: what it puts out would be another's."""
    source = "\n\ndef f(n):\n    return db.session.query(User.id, User.name).paginate(page=n)\n"
    found = translate(f"{HEAD}from app.pages import RowPagination\n{source}").output
    assert "class RowsPagination(SelectPagination):" in found
    assert "return RowsPagination(" in found


def test_entities_come_once() -> None:
    """Rows that hold objects are unique, as Query's were; one class serves all pages of a module."""
    source = "def f(n):\n    return db.session.query(User, Order).join(Order).join(Order.lines).paginate(page=n, per_page=3)\n"
    found = translate(HEAD + source + source.replace("def f", "\n\ndef g")).output
    assert found.count("class EntityPagination(SelectPagination):") == 1
    assert found.count("return EntityPagination(") == 2
    assert "execute(page).unique().all()" in found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1, n", "page=1, per_page=n, max_per_page=None"),
        ("1, 500", "page=1, per_page=500, max_per_page=None"),
        ("1", "page=1, max_per_page=None"),
        ("1, 100", "page=1, per_page=100"),
        ("1, n, False, 50", "page=1, per_page=n, error_out=False, max_per_page=50"),
    ],
)
def test_no_limit_where_2_x_had_none(before: str, after: str) -> None:
    """3.x shows at most 100 a page; arguments by position are those of 2.x, which had no limit."""
    transformed(f"p = User.query.paginate({before})", f"p = db.paginate(db.select(User), {after})")


@pytest.mark.parametrize(("size", "told"), [("n", True), ("101", True), ("100", False)])
def test_a_limit_that_may_be_new_is_told(size: str, told: bool) -> None:
    """Arguments by name are those of 2.x and 3.x, so that nobody knows which was meant."""
    found = translate(f"p = User.query.paginate(page=1, per_page={size})").diagnostics
    assert any("at most 100 a page" in one.message for one in found) is told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("iter_pages(1, 2, 5, 2)", "iter_pages(left_edge=1, left_current=2, right_current=4, right_edge=2)"),
        ("iter_pages(left_edge=1)", "iter_pages(left_edge=1)"),
        ("next(False).items", "next(error_out=False).items"),
        ("prev()", "prev()"),
    ],
)
def test_what_a_page_is_asked(before: str, after: str) -> None:
    """By name only, and the last page of `right_current` is counted."""
    transformed(
        f"p = User.query.paginate(per_page=9)\nx = p.{before}",
        f"p = db.paginate(db.select(User), per_page=9)\nx = p.{after}",
    )


@pytest.mark.parametrize("use", ["iter_pages(right_current=3)", "iter_pages(1, 1, n)", "query", "iter_pages(*found)"])
def test_what_a_page_can_not_be_asked(use: str) -> None:
    """What has changed, and who has to look, is told."""
    found = translate(f"p = User.query.paginate(per_page=9)\nx = p.{use}\n")
    assert f"p.{use}" in found.output
    assert any("Flask-SQLAlchemy 3" in one.message for one in found.diagnostics), found.diagnostics


def test_a_union() -> None:
    """A compound statement has pages as any other."""
    found = translate(
        HEAD + "p = User.query.filter(User.id > 3).union(User.query.filter_by(id=1)).paginate(page=1, per_page=3)\n"
    )
    assert "db.paginate(" in found.output
    assert "union(" in found.output
    assert "User.query" not in found.output


STAYING = """
def create(name):
    return User.query.distinct()


def page(name, sort, number, size):
    query = create(name).order_by(sort)
    return query.paginate(number, size,
                          error_out=False).items
"""


def test_a_query_that_stays_is_given_the_arguments_by_name() -> None:
    """Query.paginate() of Flask-SQLAlchemy 3 refuses the others."""
    translation = translate(HEAD + STAYING)
    given = "number, size,\n                          error_out=False)"
    named = "page=number, per_page=size,\n                          error_out=False, max_per_page=None)"
    assert translation.output == HEAD + STAYING.replace(given, named)
    assert any("DISTINCT meets an ORDER BY" in said.message for said in translation.diagnostics)
    escaping = STAYING.replace("order_by(sort)", "order_by(User.id)").replace("User.query", "register(User.query)")
    assert translate(HEAD + escaping).output == HEAD + escaping
