"""Names that a function binds for the module, and what only its name shows to be a MetaData."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import translate

LATE = """sa = None


def init():
    global sa
    import sqlalchemy as sa


def all_of(t):
    return sa.select({})
"""


def test_a_package_that_is_imported_late() -> None:
    """`global sa; import sqlalchemy as sa` in one function is what other functions mean."""
    assert translate(LATE.format("[t.c.a], t.c.b == 1")).output == LATE.format("t.c.a).where(t.c.b == 1")


def test_a_metadata_is_asked_for_its_engine() -> None:
    """It has none in 2.0, wherever it comes from."""
    head = "import sqlalchemy as sa\n\n\ndef f(table, meta, engine):\n"
    left(head + "    table.metadata.bind.execute('x')\n", "bound to no engine")
    left(head + "    meta.bind = engine\n", "bound to no engine")


def test_dialects_by_their_old_package() -> None:
    """`sqlalchemy.databases` was the package of dialects."""
    transformed(
        "from sqlalchemy.databases import mysql\n\nc = mysql.LONGTEXT",
        "\nc = mysql.LONGTEXT".lstrip(),
    )


def test_strings_of_python_2() -> None:
    """An escape that Python 3 refuses is no reason to fail."""
    source = "import sqlalchemy\n\nx = '\\usr'\n"
    assert translate(source).output == source
