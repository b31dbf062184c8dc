"""filter_by() where no class can be named for it: it stays on a statement for 2.0, and on a Query for 2.1."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import Models, Options, Target, translate

FOR_20 = Options(target=Target.SA20)
HEAD = "from app.models import User, Order\nfrom sqlalchemy import select\n\n\n"
PATHS = (
    "def f(session, wanted):\n    q = session.query(User)\n    if wanted:\n        q = q.join(Order)\n"
    "    return q.filter_by(state='open').all()\n"
)


def test_it_stays_for_21() -> None:
    """2.1 refuses a name that several entities have, and the entity differs between paths."""
    left(HEAD + PATHS, "choose 2.0 as the target")


def test_it_is_the_same_for_20() -> None:
    """Both mean the entity that was joined last."""
    transformed(
        HEAD + PATHS,
        HEAD + "def f(session, wanted):\n    q = select(User)\n    if wanted:\n        q = q.join(Order)\n"
        "    return session.scalars(q.filter_by(state='open')).unique().all()\n",
        FOR_20,
    )


@pytest.mark.parametrize("change", ["if wanted > 1:\n        q = q.reset_joinpoint()", "q = q.select_from(Order)"])
def test_what_points_elsewhere_leaves_it(change: str) -> None:
    """After these a statement may mean another entity than Query did."""
    source = HEAD + PATHS.replace("    return", f"    {change}\n    return")
    assert "session.query(User)" in translate(source, FOR_20).output


GIVEN = (
    "def only(query, number):\n    return query.filter_by(id=number, kind=2)\n\n\n"
    "def orders(session, number):\n    return only(session.query(Order).join(User), number).all()\n\n\n"
    "def users(session, number):\n    return only(session.query(User), number).all()\n"
)
MEANT = (
    "def only(query, number):\n"
    '    selected = query.column_descriptions[0]["entity"]\n'
    "    entity = User if selected is Order else selected\n"
    "    return query.where(entity.id == number, entity.kind == 2)\n\n\n"
    "def orders(session, number):\n    return session.scalars(only(select(Order).join(User), number)).unique().all()\n\n\n"
    "def users(session, number):\n    return session.scalars(only(select(User), number)).all()\n"
)


def test_the_statement_tells_which_entity_is_meant() -> None:
    """Where what is selected decides which entity was joined last, the statement is asked."""
    transformed(HEAD + GIVEN, HEAD + MEANT, Options(models=Models.NONE, convert_escaping=True))


def test_several_targets() -> None:
    """A dict tells the entity for each that is selected."""
    more = "\n\ndef tags(session, number):\n    return only(session.query(Tag).join(Order), number).all()\n"
    head = HEAD.replace("User, Order", "User, Order, Tag")
    options = Options(models=Models.NONE, convert_escaping=True)
    assert (
        "entity = {Order: User, Tag: Order}.get(selected, selected)" in translate(head + GIVEN + more, options).output
    )


@pytest.mark.parametrize(
    "more",
    [
        "\n\ndef others(session, number):\n    return only(session.query(User).join(Order), number).all()\n",
        "\n\ndef others(session, number):\n    return only(session.query(Tag.id).join(Order), number).all()\n",
        "\n\ndef others(session, number):\n    return only(session.query(Tag).select_from(Order), number).all()\n",
    ],
    ids=["one class both ways", "a column", "selected from another"],
)
def test_what_is_selected_does_not_tell(more: str) -> None:
    """One class comes with a join and without, or a query selects no class, or not from its own."""
    options = Options(models=Models.NONE, convert_escaping=True)
    found = translate(HEAD.replace("User, Order", "User, Order, Tag") + GIVEN + more, options)
    assert "query.filter_by(id=number, kind=2)" in found.output
    assert any("joined last" in diagnostic.message for diagnostic in found.diagnostics)


@pytest.mark.parametrize(
    "use",
    [
        "return [query.filter_by(id=n).count() for n in range(number)]",
        "return number and query.filter_by(id=number)",
        "query = query.join(Tag, Tag.id == number).reset_joinpoint()\n    return query.filter_by(id=number)",
    ],
)
def test_no_place_to_ask(use: str) -> None:
    """Where nothing can be put before it, or the query has been joined further, it stays."""
    source = GIVEN.replace("return query.filter_by(id=number, kind=2)", use)
    found = translate(HEAD.replace("User, Order", "User, Order, Tag") + source, Options(models=Models.NONE))
    assert "column_descriptions" not in found.output
    assert "query.filter_by(id=n" in found.output
