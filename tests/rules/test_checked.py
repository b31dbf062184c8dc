"""In functions with annotations a count is an int for type checkers, too, and there is a number of rows."""

from __future__ import annotations

import pytest

from translator import Models, Options, translate

HEAD = "from sqlalchemy import func{}\nfrom sqlalchemy.orm import Session\nfrom models import User\n\n\n"
COUNT = "session.query(User).count()"
SCALAR = "session.scalar(select(func.count()).select_from(select(User).subquery()))"
CERTAIN = "session.execute(select(func.count()).select_from(select(User).subquery())).scalar_one()"


def body(line: str, *, signature: str = "(session: Session)", more: str = "") -> str:
    """What the last line of a function becomes, on one line."""
    output = translate(f"{HEAD.format(more)}def f{signature}:\n    {line}\n", Options(models=Models.NONE)).output
    lines = output.partition(f"def f{signature}:\n    ")[2].split()
    return " ".join(lines).replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize(
    "line", ["return {}", "n = {}", "return {} > 3", "return -{}", "return page + ({} or 1)", "return range({})"]
)
def test_a_count_is_an_int(line: str) -> None:
    """Wherever None would be refused."""
    assert body(line.format(COUNT)) == line.format(CERTAIN)


@pytest.mark.parametrize(
    "line",
    [
        "return {} == 3",
        "return not {}",
        "if {}: pass",
        "return 1 if {} else 2",
        "assert {}",
        'print(f"{{{}}}")',
        "print({})",
        "while True and {}: pass",
    ],
)
def test_a_count_that_is_tested_or_shown_may_be_none(line: str) -> None:
    """The shorter form does."""
    assert body(line.format(COUNT)) == line.format(SCALAR)


def test_functions_without_annotations_are_not_checked() -> None:
    """Nor is what their statements give."""
    assert body(f"return {COUNT} > 3", signature="(session)") == f"return {SCALAR} > 3"
    assert (
        body("return session.query(User).delete()", signature="(session)")
        == "return session.execute(delete(User)).rowcount"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("session.query(func.count(User.id)).scalar()", "session.execute(select(func.count(User.id))).scalar_one()"),
        (
            "session.query(session.query(User).exists()).scalar()",
            "session.execute(select(select(User).exists())).scalar_one()",
        ),
        ("session.query(func.max(User.id)).scalar()", "session.scalar(select(func.max(User.id)))"),
    ],
)
def test_one_value_that_is_never_null(source: str, expected: str) -> None:
    """Not the greatest of no rows."""
    assert body(f"return {source}") == f"return {expected}"


def test_the_number_of_rows_is_cast() -> None:
    """`Session.execute()` does not say that there is one. SQLAlchemy has a `cast()`, too."""
    line = "return session.query(User).delete()"
    assert body(line) == "return cast(CursorResult[Any], session.execute(delete(User))).rowcount"
    assert body(line, more=", cast") == "return typing.cast(CursorResult[Any], session.execute(delete(User))).rowcount"
    assert body("session.query(User).delete()") == "session.execute(delete(User))"


def test_a_long_cast_is_broken_in_what_it_is_given() -> None:
    """As `list()` around a statement is."""
    criteria = "User.name == 'somebody', User.email.endswith('@example.org')"
    line = f"n = session.query(User).filter({criteria}).delete()"
    output = translate(f"{HEAD.format('')}def f(session: Session):\n    {line}\n", Options(models=Models.NONE)).output
    assert (
        f"    n = cast(CursorResult[Any], session.execute(\n        delete(User).where({criteria})\n    )).rowcount\n"
        in output
    )
