"""Joins of queries that stay, which 2.x refuses in their old forms all the same."""

from __future__ import annotations

from translator import Severity, translate

MODELS = "class User(Base):\n    id = mapped_column(Integer, primary_key=True)\n    orders = relationship('Order')\n\n"


def test_a_query_that_stays_is_joined_as_2_x_takes_it() -> None:
    """Where the whole chain is in sight."""
    result = translate(f"{MODELS}def f(self, session):\n    self.kept = session.query(User).join('orders')\n")
    assert "session.query(User).join(User.orders)" in result.output
    assert [d.slug for d in result.diagnostics if d.slug.startswith("query")] == ["query-escapes"]


def test_a_join_is_told_of_where_its_query_is_held_by_a_name() -> None:
    """Something else may be held there, too."""
    source = f"{MODELS}def f(self, session):\n    q = session.query(User)\n    self.kept = q.join('orders')\n"
    result = translate(source)
    assert "q.join('orders')" in result.output
    found = [d for d in result.diagnostics if d.slug == "query-join"]
    assert [d.severity for d in found] == [Severity.REMOVED]
    assert "write the attributes" in found[0].message


def test_what_else_is_gone_from_a_query_that_stays_is_told() -> None:
    """A negative index; `paginate()` by position is given its arguments by name."""
    for use, told in (("paginate(1, 20)", []), ("all(), q[-1]", [Severity.REMOVED])):
        source = f"def f(self):\n    q = User.query.order_by(User.id)\n    self.kept = q\n    return q.{use}\n"
        head = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass User(db.Model):\n"
        result = translate(f"{head}    id = db.Column(db.Integer, primary_key=True)\n\n\n{source}")
        assert [d.severity for d in result.diagnostics if d.slug in {"query-paginate", "query-subscript"}] == told
        assert ("return q.paginate(page=1, per_page=20)" in result.output) is (not told)
