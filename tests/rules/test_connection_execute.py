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


def test_begin_after_a_read_goes_on_with_what_the_read_began() -> None:
    """2.0 has begun a transaction by then."""
    transformed(
        HEAD + "n = conn.execute(users.select())\ntrans = conn.begin()\n",
        HEAD + "n = conn.execute(users.select())\ntrans = conn.get_transaction() or conn.begin()\n",
    )


def test_a_function_that_is_given_a_connection_may_read_on_it() -> None:
    """So may metadata that is reflected."""
    transformed(
        HEAD + "metadata.reflect(conn)\nwith conn.begin():\n    pass\n",
        HEAD + "metadata.reflect(conn)\nwith conn.get_transaction() or conn.begin():\n    pass\n",
    )


KEPT = """
class Store:
    def __init__(self):
        self.conn = create_engine('sqlite://').connect()

    def put(self):
        self.conn.execute(users.insert())
"""
BEGUN = """
    def several(self):
        with self.conn.begin():
            self.conn.execute(users.insert())
            self.put()
"""


def test_a_connection_that_an_object_keeps() -> None:
    """Nothing in sight begins a transaction on it."""
    transformed(KEPT, KEPT.lstrip() + "        self.conn.commit()\n")


def test_a_kept_connection_on_which_a_method_begins() -> None:
    """The other methods may be called inside; the block itself needs no commit."""
    left("from sqlalchemy import create_engine\n" + KEPT + BEGUN, "whoever makes this connection")


def test_a_global_connection_on_which_a_function_begins() -> None:
    """The same."""
    left(
        "from sqlalchemy import create_engine\n" + HEAD + "\n\ndef put():\n    conn.execute(users.insert())\n\n\n"
        "def several():\n    with conn.begin():\n        put()\n",
        "whoever makes this connection",
    )


def test_begin_on_a_kept_connection_that_others_read_on_is_flagged() -> None:
    """Which of the two comes first is not in sight."""
    reading = "\n    def get(self):\n        return self.conn.execute(users.select()).fetchall()\n"
    left("from sqlalchemy import create_engine\n" + KEPT + BEGUN + reading, "begin() raises")


def test_after_an_error_it_is_rolled_back() -> None:
    """As 1.x did by itself; PostgreSQL refuses everything until then."""
    transformed(
        HEAD
        + "for n in found:\n    try:\n        conn.execute(users.insert())\n    except IntegrityError:\n        pass\n",
        HEAD + "for n in found:\n    try:\n        conn.execute(users.insert())\n        conn.commit()\n"
        "    except IntegrityError:\n        conn.rollback()\n        pass\n",
    )


def test_listeners_of_a_pool_are_given_the_connection_of_the_driver() -> None:
    """It has an execute() of its own, and no exec_driver_sql()."""
    untouched(
        "from sqlalchemy import create_engine, event\nfrom sqlalchemy.engine import Engine\n\n\n"
        "@event.listens_for(Engine, 'connect')\ndef pragma(conn, record):\n    conn.execute('PRAGMA foreign_keys=ON')\n\n\n"
        "class Setting:\n    def up(self, engine):\n        def listener(connection, record):\n"
        "            connection.execute('PRAGMA foreign_keys=ON')\n\n"
        "        event.listen(engine.pool, 'connect', listener)\n"
    )


def test_begin_after_reading_on_a_connection_from_elsewhere_is_flagged() -> None:
    """Whoever hands it in may have begun a transaction, which this one must not end."""
    left(
        "from sqlalchemy import select\n\n\ndef f(conn):\n    n = conn.execute(select(users.c.id)).all()\n"
        "    trans = conn.begin()\n    trans.commit()\n",
        "begin() raises",
    )


def test_a_handler_that_ends_it_all_rolls_nothing_back() -> None:
    """Nothing more is executed on the connection."""
    transformed(
        HEAD + "try:\n    conn.execute(users.insert())\nexcept IntegrityError:\n    raise\n",
        HEAD + "try:\n    conn.execute(users.insert())\n    conn.commit()\nexcept IntegrityError:\n    raise\n",
    )


def test_a_handler_without_room_is_flagged() -> None:
    """It stands on the line of its `except`."""
    left(
        "from sqlalchemy import create_engine\n" + HEAD + "try:\n    n = conn.execute(users.select())\n"
        "except ValueError: n = 0\nexcept Exception: n = 1\nconn.execute(users.select())\n",
        "rolled back by itself",
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


MIGRATING = (
    "from alembic.migration import MigrationContext\nfrom sqlalchemy import create_engine\n\n"
    "engine = create_engine('sqlite://')\n\n\n"
    "def stamp(script, version):\n    context = MigrationContext.configure(engine.connect())\n"
    "    context.stamp(script, version)\n"
)


def test_what_alembic_writes_on_a_connection_is_told_of() -> None:
    """The version that it notes is rolled back in 2.0, and the next start migrates again."""
    left(MIGRATING, "with engine.begin() as conn")
    untouched(MIGRATING.replace("context.stamp(script, version)", "return context.get_current_revision()"))
    untouched(
        MIGRATING.replace("context = MigrationContext.configure(engine.connect())", "with engine.begin() as conn:")
        .replace("    context.stamp", "        MigrationContext.configure(conn).stamp")
    )  # fmt: skip


def test_a_connection_handed_to_another_package_is_told_of() -> None:
    """It may write; not so what only reads by its name, nor what the standard library does with it."""
    head = (
        "from contextlib import closing\nfrom elsewhere import load, read_all\nfrom sqlalchemy import create_engine\n\n"
    )
    head += "with create_engine('sqlite://').connect() as conn:\n"
    left(head + "    load(conn)\n", "`load()`, which is not in sight, is handed a connection")
    untouched(head + "    read_all(conn)\n    print(closing(conn))\n")
    untouched(head.replace("connect()", "begin()") + "    load(conn)\n")


def test_a_connection_that_is_taken_inside_needs_no_rollback_outside() -> None:
    """It is closed when the handler begins, or was never there: a rollback() raised."""
    untouched(
        "from sqlalchemy import create_engine, select\n\nengine = create_engine('sqlite://')\n\n\ndef wait():\n"
        "    while True:\n        try:\n            with engine.connect() as conn:\n                conn.scalar(select(1))\n"
        "            return\n        except Exception:\n            print('again')\n"
    )
