"""What counts as one snippet of a document."""

from __future__ import annotations

from pathlib import Path

from tests.snippets.extracting import snippets

RST = """\
Querying
========

To get all::

    >>> session.query(User).all()
    {sql}SELECT 1
    {stop}[]

.. sourcecode:: python
    :linenos:

    user = session.query(User).get(1)

Nothing of ours::

    print("hello")
"""


def test_blocks_of_a_document() -> None:
    """With their lines, without marks that a reader does not see; what does not speak of SQLAlchemy is passed over."""
    found = list(snippets("a.rst", RST))
    assert found == [
        (6, ">>> session.query(User).all()\nSELECT 1\n[]\n"),
        (13, "user = session.query(User).get(1)\n"),
    ]


def test_fences_docstrings_and_definitions() -> None:
    """Each kind of file by its own rules."""
    assert list(snippets("a.md", "x\n```python\nq = session.query(A)\n```\n")) == [(3, "q = session.query(A)\n")]
    assert list(snippets("a.py", "users = User.query.all()\n")) == [(1, "users = User.query.all()\n")]
    documented = 'def f():\n    """Do it::\n\n        s.execute(select([a]))\n    """\n'
    assert list(snippets("lib/a.py", documented)) == [(4, "s.execute(select([a]))\n")]


def test_the_list_of_sources_names_each_once() -> None:
    """At least three hundred, none twice."""
    lines = Path(__file__).with_name("sources.txt").read_text().splitlines()
    assert len(lines) >= 300
    assert len({line.split()[-1] for line in lines}) == len(lines)
