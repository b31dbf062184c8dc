"""The verdict as a whole: runtimes, lines, dialects, what did not run, and hostile texts within the limits."""

from __future__ import annotations

import time

import pytest

from tests.pace import allowed
from tests.verify.conftest import Prove
from translator.jail import limits
from translator.jail.kernel import Layers
from translator.schema.infer import plan
from translator.verify.harness import Prover, Sides, _judge
from translator.verify.trace import SqlMatch, Verdict

CHAIN = "users = session.query(User).filter(User.name == 'jack').all()"
SELECT = "from sqlalchemy import select\nusers = session.scalars(select(User).where(User.name == 'jack')).all()"


def test_a_fragment_is_proven_on_made_up_models(prove: Prove) -> None:
    """No imports, no models: both are supplied, and the proof says what was made up."""
    found = prove(CHAIN, SELECT)
    assert found.verdict is Verdict.SAME, found.reason
    assert found.statements[0].sql_match is SqlMatch.LABELS
    assert any("User" in sentence for sentence in found.assumed)
    assert found.statements[0].before is not None
    assert found.statements[0].before.rows


def test_an_import_that_the_translation_forgot_is_noticed(prove: Prove) -> None:
    """A name that only the translation needs is not supplied."""
    found = prove(CHAIN, SELECT.partition("\n")[2])
    assert found.verdict is Verdict.DIFFERENT
    assert "NameError" in found.reason


def test_lines_are_those_of_the_paste_and_of_the_output(prover: Prover) -> None:
    """A paste with prompts and prose around it has other lines than the code that ran."""
    sides = Sides(CHAIN, SELECT, lines_before=[7], lines_after=[3, 5])
    found = prover.prove(sides, plan(CHAIN), "sqlite")
    pair = found.statements[0]
    assert pair.before is not None
    assert pair.after is not None
    assert (pair.before.line, pair.after.line) == (7, 5)


@pytest.mark.parametrize(
    ("dialect", "sign"), [("sqlite", "LIMIT ? OFFSET ?"), ("postgresql", "LIMIT %(param_1)s"), ("mysql", "LIMIT %s")]
)
def test_the_sql_is_shown_in_the_dialect(prove: Prove, dialect: str, sign: str) -> None:
    """The proof runs on SQLite; what is shown is the dialect's own."""
    found = prove(
        "u = session.query(User).first()",
        "from sqlalchemy import select\nu = session.scalars(select(User).limit(1)).first()",
        dialect,
    )
    assert found.verdict is Verdict.SAME, found.reason
    assert found.statements[0].before is not None
    assert sign in found.statements[0].before.sql


def test_statements_without_a_partner_stand_alone(prove: Prove) -> None:
    """One statement too many is found, and the others keep their partners."""
    before = "a = session.query(User).all()\nb = session.query(Order).all()"
    after = (
        "from sqlalchemy import select\na = session.scalars(select(User)).all()\n"
        "x = session.scalars(select(User.id)).all()\nb = session.scalars(select(Order)).all()"
    )
    found = prove(before, after)
    assert found.verdict is Verdict.DIFFERENT
    assert [pair.sql_match for pair in found.statements] == [SqlMatch.LABELS, SqlMatch.ONE_SIDED, SqlMatch.LABELS]


def test_code_for_2_x_runs_there_on_both_sides(prove: Prove) -> None:
    """What 1.4 can't import runs on 2.x as pasted too, and the verdict names that runtime."""
    models = (
        "from sqlalchemy import select\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Base(DeclarativeBase):\n    pass\n"
        "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    found = prove(models + "x = session.query(A).all()", models + "x = session.scalars(select(A)).all()")
    assert found.verdict is Verdict.SAME, found.reason
    assert found.runtimes.before == found.runtimes.after


def test_a_paste_that_fills_its_own_tables(prove: Prove) -> None:
    """Rows of ours give way when they are in the way of rows of theirs."""
    before = "session.add(User(id=1, name='own'))\nsession.commit()\nu = session.query(User).get(1)"
    after = "session.add(User(id=1, name='own'))\nsession.commit()\nu = session.get(User, 1)"
    found = prove(before, after)
    assert found.verdict is Verdict.SAME, found.reason
    assert len(found.statements) == 2


def test_nothing_to_compare_is_not_a_pass(prove: Prove) -> None:
    """Text that touches no database proves nothing, even if it is the same."""
    assert prove("x = 1", "x = 1").verdict is Verdict.NOT_RUN


def test_models_alone_are_compared_by_their_tables(prove: Prove) -> None:
    """A column that turns NOT NULL on the way is another table."""
    old = (
        "from sqlalchemy import Column, Integer, String\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\n"
        "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n    name = Column(String)\n"
    )
    new = (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase):\n    pass\n"
        "class A(Base):\n    __tablename__ = 'a'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[{}]\n"
    )
    assert prove(old, new.format("str | None")).verdict is Verdict.SAME
    found = prove(old, new.format("str"))
    assert found.verdict is Verdict.DIFFERENT
    assert "name" in found.reason


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("for _ in iter(int, 1):\n    pass", "seconds"),
        ('"a" * 10**10', "MemoryError"),
        ('open("/etc/passwd").read()', "files"),
        ("import socket\nsocket.create_connection(('localhost', 22))", "socket"),
        ("import os\nos.fork()", "os"),
        ("import os\nos.kill(os.getppid(), 9)", "os"),
        ("def f():\n    return f()\nf()", "RecursionError"),
        ("from shop import price\nprice.total() + 1", "nothing to compare"),
        ("users = session.query(User).filter(", "parse"),
        ("nowhere().find(User)", "nothing to compare"),
        ("async def f(session):\n    return (await session.execute(1)).all()", "ArgumentError"),
    ],
)
def test_what_cannot_run_is_never_a_pass(prove: Prove, code: str, reason: str) -> None:
    """Each hostile or incomplete text is answered within the limits, in words; the next one at once."""
    started = time.monotonic()
    found = prove(code, code)
    assert time.monotonic() - started < limits.WALL_SECONDS + allowed(3)
    assert found.verdict is Verdict.NOT_RUN, found
    assert reason in found.reason
    assert prove(CHAIN, SELECT).verdict is Verdict.SAME


def test_without_a_jail_nothing_is_run_and_it_is_said() -> None:
    """A kernel without seccomp and no bubblewrap: zygotes refuse to run code, and the verdict passes on why."""
    assert not Layers(None, True, ()).may_run
    assert Layers(None, False, ("bubblewrap",)).may_run
    refused = {"unavailable": "this machine has no jail"}
    found = _judge(refused, refused, Sides("", "", (), ()))
    assert found.verdict is Verdict.NOT_RUN
    assert found.reason == "This machine has no jail."
