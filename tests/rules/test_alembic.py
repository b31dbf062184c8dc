"""Alembic's environments and migration scripts are ordinary input."""

from __future__ import annotations

from tests.rules.checks import transformed, untouched

HEAD = "from alembic import context, op\n\n\n"


def test_strings_on_the_connection_of_a_migration() -> None:
    """Alembic ends its transaction: nothing is committed here."""
    for module in ("op", "context"):
        transformed(
            f"from alembic import {module}\nconn = {module}.get_bind()\nconn.execute('UPDATE a SET b = 1')",
            f"from alembic import {module}\nconn = {module}.get_bind()\nconn.exec_driver_sql('UPDATE a SET b = 1')",
        )


def test_operations_stay() -> None:
    """op.execute() takes strings, bulk_insert() a table."""
    untouched(HEAD + "op.execute('UPDATE a SET b = 1')\nop.bulk_insert(t, [{'a': 1}])\n")


def test_an_environment_of_several_databases() -> None:
    """A dict that holds engines and connections under their names says nothing of either."""
    untouched(
        HEAD
        + "from sqlalchemy import engine_from_config\n\nengines = {}\nfor name in names:\n    engines[name] = rec = {}\n"
        "    rec['engine'] = engine_from_config(context.config.get_section(name))\nfor name, rec in engines.items():\n"
        "    rec['connection'] = conn = rec['engine'].connect()\n    rec['transaction'] = conn.begin()\n"
    )
