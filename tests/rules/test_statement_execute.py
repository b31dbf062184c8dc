"""Statements that execute themselves."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import translate

HEAD = "engine = create_engine('sqlite://')\n"


def test_ddl_with_its_engine() -> None:
    """Given to the statement, or to its execution."""
    for call in ("DDL('DROP TABLE x', bind=engine).execute()", "DDL('DROP TABLE x').execute(engine)"):
        transformed(f"{HEAD}{call}", f"{HEAD}with engine.begin() as conn:\n    conn.execute(DDL('DROP TABLE x'))")


def test_ddl_on_a_connection() -> None:
    """It is committed, as 1.x did by itself."""
    transformed(
        f"{HEAD}conn = engine.connect()\nDDL('DROP TABLE x').execute(conn)",
        f"{HEAD}conn = engine.connect()\nconn.execute(DDL('DROP TABLE x'))\nconn.commit()",
    )


def test_a_text_with_its_engine() -> None:
    """It reads, so nothing is committed."""
    transformed(
        f"{HEAD}n = text('SELECT 1', bind=engine).scalar()",
        f"{HEAD}with engine.connect() as conn:\n    n = conn.scalar(text('SELECT 1'))",
    )


def test_an_engine_that_is_not_in_sight() -> None:
    """Nothing can be executed on it."""
    left("n = func.now().scalar()\n", "is not in sight")


def test_a_select_is_bound_by_its_columns() -> None:
    """Tables in a list, and columns of a table, bring the engine of their MetaData."""
    head = (
        "from sqlalchemy import Column, Integer, MetaData, Table, func, select\n\n\ndef f(engine):\n"
        "    meta = MetaData(bind=engine)\n"
        "    a = Table('a', meta, Column('id', Integer))\n"
    )
    for before, after in (
        ("select([a]).execute().first()", "conn.execute(select(a)).first()"),
        ("select([func.max(a.c.id)]).scalar()", "conn.scalar(select(func.max(a.c.id)))"),
    ):
        assert (
            f"    with engine.connect() as conn:\n        x = {after}\n"
            in translate(f"{head}    x = {before}\n").output
        )


def test_a_text_with_a_column_put_into_it_stays_a_text() -> None:
    """`'%s' % table.name` is no SQL expression."""
    source = "from sqlalchemy import Table\n\n\ndef f(conn, meta):\n    t = Table('t', meta)\n"
    found = translate(source + "    name = 'x_%s' % t.name\n    conn.execute('DROP TABLE %s' % name)\n")
    assert "conn.exec_driver_sql('DROP TABLE %s' % name)" in found.output


def test_a_statement_that_is_given_its_engine_or_connection() -> None:
    """`bind=` of insert() and its kin, whatever is known of the table."""
    transformed(
        HEAD + "for t in metadata.sorted_tables:\n    t.insert(bind=engine).execute(row)\n",
        HEAD
        + "for t in metadata.sorted_tables:\n    with engine.begin() as conn:\n        conn.execute(t.insert(), row)\n",
    )
    transformed(
        HEAD + "with engine.begin() as conn:\n    self.table.delete(bind=conn).execute()\n",
        HEAD + "with engine.begin() as conn:\n    conn.execute(self.table.delete())\n",
    )


def test_a_table_of_a_module_that_imports_nothing_of_sqlalchemy() -> None:
    """As in balrog's tests: nothing but a statement of a table is executed after an `insert()` without arguments."""
    cause = "execute() of a statement is gone from 2.0"
    left("from auslib.global_state import dbo\n\ndbo.rules.t.insert().execute(name='x', version=1)\n", cause)
    left("from auslib.global_state import dbo\n\ndbo.rules.t.delete().execute()\n", cause)
    for other in (
        "client.jobs().insert(projectId='p', body=body).execute()",
        "service.files().delete(fileId='x').execute()",
    ):
        assert not translate(f"from google import client, service\n\n{other}\n").diagnostics
