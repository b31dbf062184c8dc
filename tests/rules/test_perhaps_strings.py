"""Strings in variables, where 2.x takes attributes."""

from __future__ import annotations

import pytest

from tests.rules.checks import left
from translator import Severity, translate

ADVICE = "is a string, 2.0 refuses it"


@pytest.mark.parametrize(
    "query",
    [
        "session.query(User).join(rel).all()",
        "User.query.join(rel).all()",
        "session.query(User).options(joinedload(rel)).all()",
        "session.query(User).options(load_only(rel)).all()",
    ],
)
def test_a_variable_that_holds_a_string_keeps_the_query(query: str) -> None:
    """2.x raises on it, on a Query, too."""
    source = f"from sqlalchemy.orm import joinedload, load_only\n\nrel = 'orders'\nusers = {query}\n"
    found = translate(source)
    assert any(d.severity is Severity.REMOVED and "`rel` holds a string" in d.message for d in found.diagnostics)


def test_several_names_of_columns() -> None:
    """A list that is unpacked."""
    found = translate("FIELDS = ['id', 'name']\nusers = session.query(User).options(load_only(*FIELDS)).all()\n")
    assert any("`FIELDS` holds strings" in d.message for d in found.diagnostics)


@pytest.mark.parametrize(
    "query",
    ["join(rel)", "outerjoin(rels[0])", "options(joinedload(rel))", "options(load_only(*rels))"],
)
def test_a_parameter_may_be_one(query: str) -> None:
    """It is rewritten as an attribute would be, and that is told."""
    found = translate(f"def f(session, rel, rels):\n    return session.query(User).{query}.all()\n")
    assert "select(User)" in found.output
    assert [d.severity for d in found.diagnostics if ADVICE in d.message] == [Severity.NOTE]


@pytest.mark.parametrize(
    "query", ["join(target_cls)", "join(other, other.id == User.id)", "join(getattr(User, rel))", "join(User.orders)"]
)
def test_what_can_be_no_string_is_not_mentioned(query: str) -> None:
    """A class, something with an ON clause, an attribute."""
    found = translate(f"def f(session, rel, other, target_cls):\n    return session.query(User).{query}.all()\n")
    assert not any(ADVICE in d.message for d in found.diagnostics)


def test_groups_are_named_by_strings() -> None:
    """undefer_group() takes nothing else."""
    found = translate("def f(session, group):\n    return session.query(User).options(undefer_group(group)).all()\n")
    assert not found.diagnostics


def test_paths_of_relationships_stay_legacy() -> None:
    """What is joined is unpacked from a variable."""
    left("def f(session, rels):\n    return session.query(User).join(*rels).all()\n", "unpacked from a variable")
