"""What nests or repeats costs no more than it is long: a walk that takes anything twice doubles with each level."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from translator import translate


def _nested(head: str) -> Callable[[int], str]:
    """A query that is changed inside `levels` blocks of one kind, each binding the same name."""

    def text(levels: int) -> str:
        lines = ["def f(session: Session, rows):", " q = session.query(A)"]
        lines += [f"{' ' * (level + 1)}{head}" for level in range(levels)]
        lines += [f"{' ' * (levels + 1)}q = q.filter(A.x == row)", " return q.all()"]
        return "\n".join(lines)

    return text


_SHAPES: dict[str, Callable[[int], str]] = {
    "strings side by side": lambda n: "session.execute(" + '"a" ' * n + ")",
    "f-strings side by side": lambda n: "session.execute(" + 'f"{a}" ' * n + ")",
    "for": _nested("for row in rows:"),
    "while": _nested("while (row := rows.pop()):"),
    "if": _nested("if row:"),
    "conditional expressions": lambda n: f"x = {'session.query(A) if a else ' * n}None",
    "lambdas": lambda n: f"x = {'lambda: ' * n}session.query(A).all()",
    "queries in queries": lambda n: f"x = {'session.query(' * n}A{'.subquery())' * n}",
    "unions": lambda n: f"x = session.query(A){'.union(session.query(A))' * n}.all()",
    "functions that call the one before twice": lambda n: "\n".join(
        ["def f0(q): return q.filter(A.x == 1)"]
        + [f"def f{i + 1}(q): return f{i}(f{i}(q))" for i in range(n)]
        + [f"f{n}(session.query(A)).all()"]
    ),
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_nineteen_levels_take_no_longer_than_their_length(shape: str) -> None:
    """Twice the depth may take a few times as long, where doubling with each level would take a thousand times."""
    imports = "from sqlalchemy.orm import Session\n"

    def seconds(levels: int) -> float:
        started = time.process_time()
        translate(imports + _SHAPES[shape](levels))
        return time.process_time() - started

    seconds(2)
    short = min(seconds(9) for _ in range(3))
    assert any(seconds(19) < 50 * max(short, 0.002) for _ in range(3))  # what doubles does so each time
