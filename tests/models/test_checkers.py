"""Errors of type checkers before and after are held against each other by what they say, wherever the lines went."""

from __future__ import annotations

from tests.models.checkers import Error, new


def error(line: int, text: str, message: str) -> Error:
    """An error in one file."""
    return Error("models.py", line, text, message, "assignment")


def test_errors_are_known_on_other_lines_and_in_translated_ones() -> None:
    """One that was there once accounts for one."""
    before = [error(1, "a = b", "wrong"), error(5, "c = Column(d)", "worse")]
    after = [error(9, "a = b", "wrong"), error(7, "c = mapped_column(d)", "worse"), error(8, "e = d", "worse")]
    assert new(before, after) == [after[2]]


def test_errors_that_say_something_else_are_new() -> None:
    """In the same line, too."""
    after = [error(1, "a = b", "is an int")]
    assert new([error(1, "a = b", "is a Column")], after) == after
