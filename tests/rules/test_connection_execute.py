"""Connection.execute(): one parameter argument, and a commit where 1.x committed by itself."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched

HEAD = "engine = create_engine('sqlite://')\nconn = engine.connect()\n"


def test_several_dicts_become_a_list() -> None:
    """And the write is committed once."""
    transformed(
        HEAD + "conn.execute(users.insert(), {'a': 1}, {'a': 2})",
        HEAD + "conn.execute(users.insert(), [{'a': 1}, {'a': 2}])\nconn.commit()",
    )


def test_scalars_become_a_tuple() -> None:
    """A list would mean several executions."""
    transformed(
        HEAD + "n = conn.execute('SELECT ? + ?', [1, 2]).scalar()",
        HEAD + "n = conn.exec_driver_sql('SELECT ? + ?', (1, 2)).scalar()",
    )


def test_inside_a_transaction_nothing_is_committed() -> None:
    """engine.begin() does it at its end."""
    untouched("from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n"
              "with engine.begin() as conn:\n    conn.execute(users.insert())\n")  # fmt: skip


def test_after_its_own_begin_nothing_is_committed() -> None:
    """The transaction object commits."""
    untouched(
        "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\nconn = engine.connect()\n"
        "trans = conn.begin()\nconn.execute(users.insert())\ntrans.commit()\n"
    )


def test_code_of_2_0_is_left_alone() -> None:
    """It commits by itself already."""
    untouched(
        "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n"
        "with engine.connect() as conn:\n    conn.execute(users.insert())\n    conn.execute(users.insert())\n    conn.commit()\n"
    )


def test_begin_after_a_read_is_flagged() -> None:
    """2.0 has begun a transaction by then."""
    left(
        HEAD.replace("engine =", "from sqlalchemy import create_engine\nengine =")
        + "n = conn.execute(users.select())\nconn.begin()\n",
        "begin() raises",
    )


def test_a_write_on_a_connection_from_elsewhere_is_flagged() -> None:
    """Whoever made it may have begun a transaction, or not."""
    left("def f(conn):\n    conn.execute(users.insert())", "whoever makes this connection")


def test_a_dbapi_connection_stays() -> None:
    """sqlite3 executes strings."""
    untouched("import sqlite3\n\nconn = sqlite3.connect('x')\nconn.execute('INSERT INTO t VALUES (?)', (1,))\n")


CALLER = (
    "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n\n\n"
    "def {name}(conn):\n    conn.execute(users.insert())\n\n\ndef f():\n    with engine.begin() as conn:\n        {name}(conn)\n"
)


def test_a_function_that_only_calls_in_a_transaction_reach() -> None:
    """Its connection is in that transaction, which is committed by who began it."""
    untouched(CALLER.format(name="_put"))


def test_a_function_that_others_may_call_without_a_transaction() -> None:
    """The call in sight says nothing of theirs: the write may be lost, and that is told."""
    left(CALLER.format(name="put"), "1.x committed this write by itself")
