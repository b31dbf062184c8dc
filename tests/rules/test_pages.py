"""Pages of Flask-SQLAlchemy 3 find their items themselves; those that an application makes of its own are told of."""

from __future__ import annotations

import pytest

from translator import translate

HEAD = "from flask_sqlalchemy import Pagination, SQLAlchemy\nimport flask_sqlalchemy\n\n\n"


@pytest.mark.parametrize(
    "source",
    [
        "def page(items):\n    return Pagination(None, 1, 20, 3, items)\n",
        "page = Pagination(query=None, page=1, per_page=20, total=0, items=[])\n",
        "page = flask_sqlalchemy.Pagination(None, 1, 20, 0, [])\n",
        "class Own(Pagination):\n    pass\n",
        "class Own(flask_sqlalchemy.Pagination):\n    pass\n",
    ],
)
def test_a_page_that_is_made_or_extended_is_told_of(source: str) -> None:
    """Version 3 raises NotImplementedError."""
    said = [diagnostic.message for diagnostic in translate(HEAD + source).diagnostics]
    assert len(said) == 1
    assert "Pagination is given no query, total and items" in said[0]


@pytest.mark.parametrize(
    "source", ["def show(page: Pagination):\n    print(page.items)\n", "one = isinstance(1, Pagination)\n"]
)
def test_a_page_that_is_only_named_is_not(source: str) -> None:
    """It is imported from where it is now."""
    translation = translate(HEAD + source)
    assert not translation.diagnostics
    assert "from flask_sqlalchemy.pagination import Pagination\n" in translation.output
