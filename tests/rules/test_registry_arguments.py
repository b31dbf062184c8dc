"""Arguments of a registry: by keyword, and no engine among them."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed, untouched

HEAD = "from sqlalchemy.orm import registry\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("metadata", "metadata=metadata"),
        ("metadata, classes", "metadata=metadata, class_registry=classes"),
        ("_bind=None, metadata=metadata", "metadata=metadata"),
        ("_bind=None", ""),
    ],
)
def test_arguments_are_named(given: str, expected: str) -> None:
    """2.x refuses them by their places."""
    transformed(f"{HEAD}r = registry({given})\n", f"r = registry({expected})\n")


@pytest.mark.parametrize("given", ["_bind=engine", "None, None, make, engine"])
def test_an_engine_is_told_of(given: str) -> None:
    """Nothing takes its place."""
    left(f"{HEAD}r = registry({given})\n", "registry(_bind=…) is gone")


@pytest.mark.parametrize("given", ["", "metadata=metadata", "**options"])
def test_what_2x_takes_stays(given: str) -> None:
    """Or what can't be read."""
    untouched(f"{HEAD}r = registry({given})\n")


def test_other_registries_are_none_of_it() -> None:
    """Many packages have one."""
    untouched("from prometheus_client import registry\nfrom sqlalchemy import Table\nr = registry(metadata)\n")
