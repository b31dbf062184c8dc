"""SQL that has values put into its text."""

from __future__ import annotations

import pytest

from translator import translate


def said(source: str) -> str:
    """What is said of injection."""
    return "\n".join(d.message for d in translate(source).diagnostics if "the text of SQL" in d.message)


@pytest.mark.parametrize(
    "sql",
    [
        "f\"SELECT a FROM t WHERE name = '{name}' AND b > {user.age}\"",
        "\"SELECT a FROM t WHERE name = '%s' AND b > %s\" % (name, user.age)",
        "\"SELECT a FROM t WHERE name = '{}' AND b > {}\".format(name, user.age)",
        '"SELECT a FROM t WHERE name = \'" + name + "\' AND b > " + user.age',
    ],
)
def test_the_form_with_parameters_is_offered(sql: str) -> None:
    """Written out, without the quotes that stood around the value."""
    offered = 'text("SELECT a FROM t WHERE name = :name AND b > :age") with {"name": name, "age": user.age}'
    assert offered in said(f"conn = engine.connect()\nrows = conn.execute({sql}).fetchall()\n")


def test_in_a_variable_that_grows() -> None:
    """The value goes in before, where it is not seen any more."""
    source = "sql = 'SELECT a FROM t'\nif name:\n    sql += ' WHERE b = %s' % name\nrows = session.execute(sql).all()\n"
    assert "pass them as parameters" in said(source)


def test_the_name_of_a_table_is_no_value() -> None:
    """A parameter can't stand there."""
    assert "a list of known ones" in said("rows = session.execute(f'SELECT a FROM {table}').all()\n")


def test_constants_are_safe() -> None:
    """Nothing is put in."""
    assert not said("rows = session.execute('SELECT a ' + 'FROM t').all()\nmore = session.execute(f'SELECT 1').all()\n")
