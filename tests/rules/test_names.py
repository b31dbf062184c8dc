"""What a rule writes means what it is to mean: names of SQLAlchemy that something in the text hides get another one."""

from __future__ import annotations

from tests.rules.checks import transformed
from translator import translate

ORM = "from sqlalchemy import func, select, text\nfrom sqlalchemy.orm import Session\n\n\n"


def _lines(source: str) -> list[str]:
    return translate(source).output.splitlines()


def test_a_parameter_hides_an_import() -> None:
    """`text` and `func` are values that the caller gives, not what was imported."""
    source = (
        ORM
        + "def f(session: Session, text, func):\n    session.execute('SELECT 1')\n    return session.query(User).count()\n"
    )
    assert "    session.execute(sa_text('SELECT 1'))" in _lines(source)
    assert "        select(sa_func.count()).select_from(select(User).subquery())" in _lines(source)


def test_a_name_of_another_package_is_not_taken_for_sqlalchemy_s() -> None:
    """`select` of the standard library stays what it was."""
    head = "from select import select\nfrom sqlalchemy.orm import Session\n\n\n"
    source = head + "def f(session: Session):\n    return session.query(User).all()\n"
    assert "    return session.scalars(sa_select(User)).all()" in _lines(source)
    assert "from sqlalchemy import select as sa_select" in _lines(source)


def test_what_a_comprehension_or_a_loop_binds_hides_an_import() -> None:
    """The variable of a comprehension is known inside it, that of a loop in the whole function."""
    inside = ORM + "def f(session: Session):\n    return [session.query(User).all() for select in range(3)]\n"
    assert "    return [session.scalars(sa_select(User)).all() for select in range(3)]" in _lines(inside)
    loop = (
        ORM + "def f(session: Session):\n    for select in [1]:\n        pass\n    return session.query(User).all()\n"
    )
    assert "    return session.scalars(sa_select(User)).all()" in _lines(loop)


def test_a_method_of_that_name_hides_nothing() -> None:
    """The body of a class binds names for itself, not for what its methods say."""
    head = "from sqlalchemy.orm import Session\n\n\nclass Users:\n    def select(self, session: Session):\n"
    transformed(
        head.partition("\n\n\n")[2] + "        return session.query(User).all()\n",
        head.partition("\n\n\n")[2] + "        return session.scalars(select(User)).all()\n",
    )


def test_the_function_s_own_import_is_used() -> None:
    """What a function imports for itself, above the place, needs no import at the top."""
    head = "from sqlalchemy.orm import Session\n\n\ndef f(session: Session):\n    from sqlalchemy import select\n\n"
    transformed(
        head + "    return session.query(User).all()\n",
        head.partition("\n\n\n")[2] + "    return session.scalars(select(User)).all()\n",
    )


def test_what_moved_keeps_its_name_where_the_new_one_means_something_else() -> None:
    """Flask-SQLAlchemy's BaseQuery is `Query` now, which is SQLAlchemy's own in this text."""
    source = (
        "from flask_sqlalchemy import BaseQuery, SQLAlchemy\nfrom sqlalchemy.orm import Query\n\n\n"
        "class Living(BaseQuery):\n    pass\n\n\ndef is_query(x):\n    return isinstance(x, Query)\n"
    )
    assert "from flask_sqlalchemy.query import Query as BaseQuery" in _lines(source)
    assert "class Living(BaseQuery):" in _lines(source)
    imports = "    from flask_sqlalchemy import BaseQuery\n    from sqlalchemy.orm import Query\n"
    nested = f"def f():\n{imports}\n    return BaseQuery, Query\n"
    assert "    from flask_sqlalchemy.query import Query as BaseQuery" in _lines(nested)


def test_an_import_below_its_use_does_not_count() -> None:
    """At the top level, where lines run in their order; a function runs when everything is imported."""
    late = "n = session.query(User).count()\nfrom sqlalchemy import func\n"
    assert _lines(late)[0] == "from sqlalchemy import func, select"
    in_function = "def f(s):\n    return s.query(User).count()\n\n\nfrom sqlalchemy import func\n"
    assert _lines(in_function).count("from sqlalchemy import func") == 1
    assert "from sqlalchemy import func, select" not in _lines(in_function)


def test_an_import_stands_above_the_comment_of_the_first_statement() -> None:
    """Unless the comment speaks of the file."""
    assert _lines("# all of them\nusers = session.query(User).all()\n")[:3] == [
        "from sqlalchemy import select",
        "",
        "# all of them",
    ]
    assert _lines("# Copyright: me\nusers = session.query(User).all()\n")[0] == "# Copyright: me"


def test_an_annotation_follows_what_it_describes() -> None:
    """A variable that is said to hold a Query holds a Select; what was fetched is what it was."""
    head = "from sqlalchemy.orm import Query, Session\n\n\n"
    source = head + (
        "def f(s: Session):\n    users: Query[User] = s.query(User)\n    n: int = s.query(User).count()\n"
        "    return users.all(), n\n"
    )
    assert "    users: Select[Any] = select(User)" in _lines(source)
    assert any(line.startswith("    n: int = ") for line in _lines(source))


def test_a_model_may_be_called_like_a_class_of_sqlalchemy() -> None:
    """`Table.query` is asked of a model: SQLAlchemy's own class has no such thing."""
    assert _lines("rows = Table.query.all()") == ["rows = db.session.scalars(db.select(Table)).all()"]


def test_db_may_be_sqlalchemy_itself() -> None:
    """In a fragment its names are SQLAlchemy's either way."""
    assert "t = db.Table('x', metadata, autoload_with=engine)" in _lines(
        "t = db.Table('x', metadata, autoload=True, autoload_with=engine)"
    )


def test_the_same_function_of_another_module() -> None:
    """`sqlalchemy.sql` and its kin have the very same functions."""
    source = (
        "from sqlalchemy.sql.expression import select as choose, update\nfrom sqlalchemy.orm import Session\n\n\n"
        "def f(session: Session):\n    session.query(User).filter(User.a).update({'b': 1})\n"
        "    return session.query(User).all()\n"
    )
    lines = _lines(source)
    assert lines[:2] == source.splitlines()[:2]
    assert "    session.execute(update(User).where(User.a).values({'b': 1}))" in lines
    assert "    return session.scalars(choose(User)).all()" in lines


def test_a_name_before_the_last_of_a_list_of_lines() -> None:
    """Each keeps its margin."""
    source = (
        "from sqlalchemy import (\n    and_,\n    true,\n)\n\n\n"
        "def f(session):\n    return session.query(User).filter(and_(true(), User.a)).all()\n"
    )
    assert _lines(source)[:5] == ["from sqlalchemy import (", "    and_,", "    select,", "    true,", ")"]
