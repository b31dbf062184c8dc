"""Session.bulk_insert_mappings() and its kin."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched
from translator import Options, Severity, translate

CONVERT = Options(convert_bulk=True)


def test_rows_in_sight_are_parameters() -> None:
    """The list stays as it is written."""
    transformed(
        "session.bulk_insert_mappings(User, [{'a': 1}])",
        "session.execute(insert(User), [{'a': 1}])",
    )


def test_rows_made_elsewhere_are_left() -> None:
    """An empty list would insert a row of defaults; it is a note, for 2.x has the method."""
    left("session.bulk_insert_mappings(User, rows)", "row of defaults")
    left("session.bulk_insert_mappings(User, [])", "row of defaults")
    left("session.bulk_save_objects(users)", "add_all()")
    [found] = translate("session.bulk_save_objects(users)").diagnostics
    assert found.severity is Severity.NOTE


def test_other_bulks_are_left_alone() -> None:
    """The name alone tells nothing."""
    untouched("from elasticsearch import helpers\n\nclient.bulk_insert_mappings(User, [{}])\n")


def test_the_option_asks_for_rows_first() -> None:
    """No rows, no statement; what stands on the line stays on it."""
    transformed(
        "for rows in pages:\n    # one page\n    session.bulk_insert_mappings(User, rows)  # fast\n",
        "for rows in pages:\n    # one page\n    if rows:\n        session.execute(insert(User), rows)  # fast\n",
        CONVERT,
    )
    transformed(
        "session.bulk_update_mappings(User, self.rows)",
        "if self.rows:\n    session.execute(update(User), self.rows)",
        CONVERT,
    )


def test_the_option_adds_objects() -> None:
    """How they are returned is no argument of add_all()."""
    transformed("session.bulk_save_objects(users, return_defaults=True)", "session.add_all(users)", CONVERT)


def test_the_option_leaves_what_is_called_or_told_more() -> None:
    """`make()` would run twice; `render_nulls` and `return_defaults` are another statement; a suite has no line."""
    for source in (
        "session.bulk_insert_mappings(User, make())",
        "session.bulk_insert_mappings(User, rows, return_defaults=True)",
        "session.bulk_save_objects(users, update_changed_only=False)",
        "if rows: session.bulk_update_mappings(User, rows)",
    ):
        assert translate(source, CONVERT).output == source
