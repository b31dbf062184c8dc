"""Arguments of `relationship()` that 2.x takes by name, or not at all."""

from __future__ import annotations

from tests.rules.checks import left, transformed

HEAD = "from sqlalchemy.orm import backref, relationship\n\n"


def test_arguments_get_their_names() -> None:
    """Beyond the second one."""
    before = f"{HEAD}b = relationship('B', None, 'B.a_id == A.id', None, 'B.a_id', order_by='B.id')\n"
    named = "primaryjoin='B.a_id == A.id', secondaryjoin=None, foreign_keys='B.a_id', order_by='B.id'"
    transformed(before, f"b = relationship('B', None, {named})\n")


def test_what_means_nothing_goes() -> None:
    """From backrefs, too."""
    before = f"{HEAD}b = relationship('B', bake_queries=True, backref=backref('a', cascade_backrefs=False))\n"
    transformed(before, "b = relationship('B', backref=backref('a'))\n")


def test_cascades_through_backrefs_are_gone() -> None:
    """2.x refuses to be asked for them."""
    left(f"{HEAD}b = relationship('B', cascade_backrefs=True)\n", "cascade_backrefs is gone")
