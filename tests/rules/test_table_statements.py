"""Arguments of Table.select(), insert(), update() and delete()."""

from __future__ import annotations

from tests.rules.checks import transformed, untouched


def test_a_criterion_is_never_lost() -> None:
    """Without it every row would change."""
    transformed(
        "s = users.update(users.c.id == 1, {'name': 'x'})",
        "s = users.update().where(users.c.id == 1).values({'name': 'x'})",
    )


def test_a_criterion_by_keyword() -> None:
    """The function form too."""
    transformed("s = delete(users, whereclause=users.c.id > 3)", "s = delete(users).where(users.c.id > 3)")


def test_lists_and_dicts_stay() -> None:
    """Their insert() and update() are their own."""
    untouched("import sqlalchemy\n\nitems = []\nitems.insert(0, 'x')\nsettings = {}\nsettings.update({'a': 1})\n")


def test_a_keyword_that_only_sqlalchemy_has_needs_no_import() -> None:
    """The file may import nothing but a package of the application's own."""
    source = "from .base import db\n\n\ndef f(i):\n    return db.users.select(whereclause=(db.users.c.id == i))\n"
    transformed(
        source, source.replace("select(whereclause=(db.users.c.id == i))", "select().where(db.users.c.id == i)")
    )
