"""What is asked for and called is a class, whatever the variable is named: a Table or a column can't be called."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from app import kinds, registry\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n\n"
ASKED = "    found = s.query(kind).filter_by(x=x).first()\n"
SELECTED = "    found = s.scalars(select(kind).filter_by(x=x).limit(1)).first()\n"


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("def f(s: Session, x, kind):\n", "    return found or kind(x=x)\n"),
        ("def f(s: Session, x):\n    kind = registry()\n", "    if not found:\n        found = kind(x)\n"),
        ("def f(s: Session, x):\n    kind = registry()\n", "    make = lambda: kind()\n"),
        ("for_ = 1\n\n\ndef f(s: Session, x):\n  for kind in kinds:\n", "    kind(x=1).save()\n"),
    ],
    ids=["a parameter", "a variable", "a lambda", "a loop"],
)
def test_a_variable_that_is_called(head: str, tail: str) -> None:
    """Objects come back of it."""
    transformed(HEAD + head + ASKED + tail, HEAD + head + SELECTED + tail)


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("def f(s: Session, x, kind):\n", "    return found or other(kind)\n"),
        ("def f(s: Session, x, kind):\n", "    kind = other\n    return found or kind(x=x)\n"),
        ("def f(s: Session, x, kind):\n", "    for kind in x:\n        kind(1)\n"),
        ("def f(s: Session, x, kind):\n", "    return found or (lambda kind: kind(1))\n"),
        ("def f(s: Session, x, kind):\n", "    return found or [kind(1) for kind in x]\n"),
        ("def f(s: Session, x, kind):\n", "    return found or kind.made(x=x)\n"),
        ("def f(s: Session, x):\n    global kind\n", "    return found or kind(x=x)\n"),
    ],
    ids=["not called", "bound anew", "a loop", "a lambda", "a comprehension", "a method", "global"],
)
def test_a_variable_that_may_be_anything(head: str, tail: str) -> None:
    """Unless that very variable is called, or where the name is bound twice."""
    left(HEAD + head + ASKED + tail, "a mapped class (objects come back) or a column")


def test_an_attribute_that_is_called() -> None:
    """One of an object, where the function gives it nothing else."""
    source = (
        HEAD + "class A:\n    def f(self, s: Session):\n        found = s.query(self.kind).all()\n"
        "        {}\n        return found or self.kind(x=1)\n"
    )
    transformed(
        source.format("pass"),
        source.format("pass").replace("s.query(self.kind).all()", "s.scalars(select(self.kind)).all()"),
    )
    left(source.format("self.kind = 1"), "a mapped class (objects come back) or a column")
