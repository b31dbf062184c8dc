"""Imports that may fail: what 2.x goes on with."""

from __future__ import annotations

import pytest

from translator import Severity, translate

GONE = "from sqlalchemy.util import with_metaclass"


@pytest.mark.parametrize(
    "source",
    [
        f"try:\n    {GONE}\nexcept ImportError:\n    from six import with_metaclass\n",
        f"try:\n    {GONE}\nexcept (ImportError, AttributeError):\n    def with_metaclass(meta): ...\n",
        f"try:\n    from six import with_metaclass\nexcept ImportError:\n    {GONE}\n",
        "try:\n    from sqlalchemy.databases import mysql\nexcept ImportError:\n    from sqlalchemy.dialects import mysql\n",
    ],
)
def test_what_has_a_namesake_is_none_of_it(source: str) -> None:
    """2.x takes the other."""
    assert not [each for each in translate(source).diagnostics if each.slug == "moved-imports"]


@pytest.mark.parametrize(
    "handler",
    ["except ImportError:\n    with_metaclass = None", "except Exception:\n    pass", "except:\n    found = False"],
)
def test_what_has_something_else_in_its_place_is_a_note(handler: str) -> None:
    """It is the author's way, and now always taken."""
    [said] = translate(f"try:\n    {GONE}\n{handler}\n").diagnostics
    assert said.severity is Severity.NOTE
    assert "what the `except` below says" in said.message


@pytest.mark.parametrize(
    "source",
    [
        f"{GONE}\n",
        f"try:\n    {GONE}\nexcept ImportError:\n    raise RuntimeError('upgrade')\n",
        f"try:\n    {GONE}\nexcept ValueError:\n    with_metaclass = None\n",
        f"try:\n    {GONE}\nexcept ImportError:\n    from sqlalchemy.util.compat import with_metaclass\n",
        f"try:\n    import six\nexcept ImportError:\n    {GONE}\n",
        f"try:\n    import six\nexcept ImportError:\n    six = None\nelse:\n    {GONE}\n",
        f"try:\n    def f():\n        {GONE}\nexcept ImportError:\n    with_metaclass = None\n",
    ],
)
def test_what_raises_on_2_x_is_told_of(source: str) -> None:
    """Nothing else is there."""
    said = [each for each in translate(source).diagnostics if "with_metaclass" in each.message]
    assert Severity.REMOVED in {each.severity for each in said}
