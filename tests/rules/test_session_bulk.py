"""Session.bulk_insert_mappings() and its kin."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched


def test_rows_in_sight_are_parameters() -> None:
    """The list stays as it is written."""
    transformed(
        "session.bulk_insert_mappings(User, [{'a': 1}])",
        "session.execute(insert(User), [{'a': 1}])",
    )


def test_rows_made_elsewhere_are_left() -> None:
    """An empty list would insert a row of defaults."""
    left("session.bulk_insert_mappings(User, rows)", "row of defaults")
    left("session.bulk_insert_mappings(User, [])", "row of defaults")
    left("session.bulk_save_objects(users)", "add_all()")


def test_other_bulks_are_left_alone() -> None:
    """The name alone tells nothing."""
    untouched("from elasticsearch import helpers\n\nclient.bulk_insert_mappings(User, [{}])\n")
