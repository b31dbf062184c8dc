"""Which values a function may still read behind a statement."""

from __future__ import annotations

import libcst as cst
import pytest

from translator.syntax.liveness import is_dead

_BRANCH = "    if flag:\n        q = 1\n"


def dead(after: str, *, before: str = "", around: str = "", inside: str = "") -> bool:
    """Whether `q` is dead behind an `if`, which stands in the block that `around` opens."""
    body = _BRANCH + "".join(f"    {line}\n" for line in inside.splitlines())
    if around:
        body = f"    {around}\n" + "".join(f"    {line}\n" for line in body.splitlines())
    lines = "".join(f"    {line}\n" for line in after.splitlines())
    early = "".join(f"    {line}\n" for line in before.splitlines())
    path: list[cst.CSTNode] = []

    def find(node: cst.CSTNode, above: list[cst.CSTNode]) -> None:
        if isinstance(node, cst.If) and not path:
            path.extend([*above, node])
        for child in node.children:
            find(child, [*above, node])

    find(cst.parse_module(f"def f(flag, q):\n{early}{body}{lines}"), [])
    return is_dead("q", path)


@pytest.mark.parametrize(
    "after",
    [
        "return flag",
        "",
        "q = 2\nreturn q",
        "for q in flag:\n    print(q)",
        "if flag:\n    q = 2\nelse:\n    return\nprint(q)",
        "while flag:\n    flag = 2",
        "with flag as f:\n    f()",
    ],
)
def test_nobody_reads_it(after: str) -> None:
    """It is not named any more, or certainly replaced first."""
    assert dead(after)


@pytest.mark.parametrize(
    "after",
    [
        "return q",
        "q += 1",
        "q.x = 1",
        "if flag:\n    q = 2\nreturn q",
        "for x in flag:\n    q = 2\nreturn q",
        "for q in q:\n    print(q)",
        "with open(flag) as q:\n    pass\nprint(q)",
        "try:\n    q = 2\nexcept ValueError:\n    pass\nreturn q",
        "def g():\n    return q\nreturn g()",
        "[q for q in flag]",
    ],
)
def test_somebody_may_read_it(after: str) -> None:
    """It is named, and not certainly replaced before that."""
    assert not dead(after)


def test_what_else_sees_it() -> None:
    """Functions inside, and what sees all names."""
    assert not dead("return 1", before="g = lambda: q")
    assert not dead("return locals()")
    assert not dead("return 1", before="nonlocal q")


def test_loops_come_round() -> None:
    """The next turn may read it."""
    assert dead("return flag", around="for x in flag:", inside="q = 2")
    assert not dead("return flag", around="for x in flag:", inside="print(q)")
    assert not dead("return flag", around="while q:")
    assert not dead("return q", around="while flag:", inside="if flag:\n    break\nq = 2")


def test_what_is_caught() -> None:
    """Behind a `try` or a `with` that swallows, it may not have been replaced."""
    assert not dead("return q", around="with suppress(ValueError):", inside="q = int(flag)")
    assert not dead("except ValueError:\n    print(q)", around="try:", inside="q = int(flag)")
    assert dead("except ValueError:\n    pass", around="try:", inside="q = int(flag)")


def test_only_in_functions() -> None:
    """A module's and a class's names are read by others."""
    assert not is_dead("q", [cst.parse_module("q = 1")])
