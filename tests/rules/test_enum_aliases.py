"""Enums with two names for one value."""

from __future__ import annotations

from tests.rules.checks import transformed, untouched

HEAD = "import enum\n\nfrom sqlalchemy import Enum\n\n\nclass Mood(enum.Enum):\n"


def test_other_arguments_follow() -> None:
    """The new one stands after the class."""
    source = f"{HEAD}    ok = 'a'\n    fine = 'a'\n\n\nmood = Enum(Mood, name='mood')"
    transformed(source, source.replace("Mood, name", "Mood, omit_aliases=False, name"))


def test_without_aliases_nothing_changes() -> None:
    """Nor where values are made by auto()."""
    untouched(f"{HEAD}    ok = 1\n    bad = 2\n\n\nmood = Enum(Mood)\n")
    untouched(f"{HEAD}    ok = enum.auto()\n    bad = enum.auto()\n\n\nmood = Enum(Mood)\n")


def test_an_answer_that_is_given_stays() -> None:
    """It says omit_aliases itself."""
    untouched(f"{HEAD}    ok = 1\n    fine = 1\n\n\nmood = Enum(Mood, omit_aliases=True)\n")
