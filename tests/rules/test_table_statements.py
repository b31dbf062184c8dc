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
