"""Rows are named tuples: what is certainly a row is looked up by name in 2.0's way."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched

HEAD = "engine = create_engine('sqlite://')\nconn = engine.connect()\n"


def test_names_that_a_row_has_itself_go_through_the_mapping() -> None:
    """`row.count` is a method."""
    transformed(
        HEAD
        + "for row in conn.execute(users.select()):\n    print(row['name'], row['count'], row[0], row[users.c.id])",
        HEAD + "for row in conn.execute(users.select()):\n"
        "    print(row.name, row._mapping['count'], row[0], row._mapping[users.c.id])",
    )


def test_views_and_unpacking() -> None:
    """keys(), items(), dict() and ** are the mapping's."""
    transformed(
        HEAD + "row = conn.execute(users.select()).first()\nout = (row.keys(), dict(row), {**row}, f(**row))",
        HEAD + "row = conn.execute(users.select()).first()\n"
        "out = (row._mapping.keys(), dict(row._mapping), {**row._mapping}, f(**row._mapping))",
    )


def test_mappings_stay() -> None:
    """Their rows are mappings already."""
    untouched(
        "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\nwith engine.connect() as conn:\n"
        "    for row in conn.execute(users.select()).mappings():\n        print(row['name'], dict(row))\n"
    )


def test_a_parameter_that_others_set_is_flagged() -> None:
    """They may give a dict."""
    source = (
        "from sqlalchemy import create_engine\n\n\ndef show(row):\n    return row['name']\n\n\n"
        "engine = create_engine('sqlite://')\nwith engine.connect() as conn:\n"
        "    show(conn.execute(users.select()).first())\n"
    )
    left(source, "perhaps other values from callers elsewhere")


def test_a_lambda_that_a_name_holds_is_flagged() -> None:
    """It may be called with other things elsewhere."""
    head = "from sqlalchemy import create_engine\n\nengine = create_engine('sqlite://')\nname = lambda r: r['name']\n"
    read = "with engine.connect() as conn:\n    rows = conn.execute(users.select()).fetchall()\n"
    for use in ("sorted(rows, key=name)", "name(rows[0])", "list(map(name, rows))"):
        left(f"{head}{read}    print({use})\n", "perhaps other values from callers elsewhere")


def test_objects_stay() -> None:
    """A mapped object may have an item access of its own."""
    untouched(
        "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n\n"
        "def f(session: Session):\n    user = session.scalars(select(User)).first()\n    return user['name']\n"
    )


def test_a_row_that_is_unpacked_into_a_call_in_sight() -> None:
    """A class of the text, or a function: each takes names and values from a mapping."""
    head = "from sqlalchemy import create_engine\n\nengine = create_engine('sqlite://')\n\n\n"
    thing = (
        "class Thing:\n    def __init__(self, id=None):\n        self.id = id\n\n\ndef made(id):\n    return id\n\n\n"
    )
    use = "with engine.connect() as conn:\n    rows = conn.execute(users.select()).fetchall()\n"
    for called in ("Thing", "made"):
        transformed(
            f"{head}{thing}{use}    found = [{called}(**row) for row in rows]\n",
            f"{head}{thing}{use}    found = [{called}(**row._mapping) for row in rows]\n".partition("\n\n")[2],
        )


def test_whether_it_has_keys_is_asked_of_the_mapping() -> None:
    """A Row of 2.x has none; a None that is no row has none either."""
    asked = "row = conn.execute(users.select()).first()\nout = hasattr({0}, 'keys'), hasattr({1}, 'name')"
    transformed(HEAD + asked.format("row", "row"), HEAD + asked.format('getattr(row, "_mapping", row)', "row"))
    left(
        HEAD + "row = conn.execute(users.select()).first()\nif hasattr(row, 'has_key'):\n    print(row)\n",
        "no has_key()",
    )


def test_the_key_of_an_inserted_row_is_a_row() -> None:
    """It was looked up by name, too."""
    read = "key = result.inserted_primary_key\nout = key[0], {0}, {1}, key == (1,)"
    head = HEAD + "result = conn.execute(users.insert())\n"
    after = read.format("key.id", "dict(key._mapping)")
    transformed(head + read.format("key['id']", "dict(key)"), f"{head}conn.commit()\n{after}")


def test_names_that_say_what_they_hold() -> None:
    """1.x called its classes so: what is handed over under such a name is a result, or a row."""
    transformed(
        "def f(resultproxy):\n    return [dict(row) for row in resultproxy]\n",
        "def f(resultproxy):\n    return [dict(row._mapping) for row in resultproxy]\n",
    )
    transformed("def f(row_proxy):\n    return row_proxy['name']\n", "def f(row_proxy):\n    return row_proxy.name\n")
    untouched("def f(rows):\n    return [dict(row) for row in rows]\n")


def test_rows_of_an_engine_that_is_of_2_0_already_stay() -> None:
    """`in` looks at their values in 1.4, too; where only one of two engines is, that can't be told."""
    read = "with engine.connect() as conn:\n    row = conn.execute(users.select()).first()\n    known = 'x' in row\n"
    awaited = read.replace("with", "async with").replace(
        "conn.execute(users.select())", "(await conn.execute(users.select()))"
    )
    head = (
        "from sqlalchemy.ext.asyncio import create_async_engine\nengine = create_async_engine('sqlite+aiosqlite://')\n"
    )
    untouched(head + awaited)
    source = f"engine = create_engine('sqlite://', future=True)\n{read}"
    transformed(source, source.replace(", future=True", ""))
    both = "if old:\n    conn = create_engine('x').connect()\nelse:\n    conn = create_engine('x', future=True).connect()\n"
    source = f"{both}row = conn.execute(users.select()).first()\nknown = 'x' in row\n"
    transformed(source, source.replace(", future=True", ""))
