"""Placeholders that get names."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed
from translator import translate

HEAD = "conn = engine.connect()\n"


@pytest.mark.parametrize(
    ("legacy", "modern"),
    [
        (
            "conn.execute('SELECT a FROM t WHERE b = ? AND c > ?', (1, x))",
            'conn.execute(text(\'SELECT a FROM t WHERE b = :b AND c > :c\'), {"b": 1, "c": x})',
        ),
        (
            "conn.execute('SELECT a FROM t WHERE b = %s', (x,))",
            "conn.execute(text('SELECT a FROM t WHERE b = :b'), {\"b\": x})",
        ),
        ("conn.scalar('SELECT f(?)', (x,))", "conn.scalar(text('SELECT f(:param_1)'), {\"param_1\": x})"),
        (
            "conn.execute('SELECT a FROM t WHERE b = ? OR b = ?', 'x', 'y')",
            "conn.execute(text('SELECT a FROM t WHERE b = :b OR b = :b_2'), {\"b\": 'x', \"b_2\": 'y'})",
        ),
    ],
)
def test_a_name_for_each(legacy: str, modern: str) -> None:
    """From what the value is compared with; where that is nothing with a name, a number."""
    transformed(f"{HEAD}{legacy}", f"{HEAD}{modern}")


@pytest.mark.parametrize(
    "sql",
    [
        "\"SELECT ':noon' FROM t WHERE b = ?\"",  # text() would take :noon for a parameter
        "\"SELECT '100%%' FROM t WHERE b = %s\"",  # the driver halves the percent signs, text() does not
        "'SELECT a FROM t WHERE b = ? AND c = ?'",  # fewer values than placeholders
        "sql",
    ],
)
def test_what_text_would_read_in_another_way_goes_to_the_driver(sql: str) -> None:
    """As 1.x handed it over."""
    output = translate(f"sql = 'SELECT a FROM t WHERE b = ?' + more\n{HEAD}conn.execute({sql}, (x,))\n").output
    assert f"conn.exec_driver_sql({sql}, (x,))" in output


def test_a_question_mark_in_quotes_is_none() -> None:
    """It is a part of a value."""
    transformed(
        f"{HEAD}conn.execute(\"SELECT '?' FROM t WHERE b = ?\", (x,))",
        f'{HEAD}conn.execute(text("SELECT \'?\' FROM t WHERE b = :b"), {{"b": x}})',
    )
