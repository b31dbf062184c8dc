"""Query.get() on every way to it."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched


def test_it_moves_to_the_session() -> None:
    """Composite keys stay as they are."""
    transformed("u = session.query(User).get((1, 2))", "u = session.get(User, (1, 2))")


def test_settings_become_arguments() -> None:
    """Options, locks and populate_existing() are arguments of Session.get()."""
    transformed(
        "u = session.query(User).populate_existing().with_for_update(nowait=True).get(1)",
        'u = session.get(User, 1, populate_existing=True, with_for_update={"nowait": True})',
    )
    transformed(
        "u = session.query(User).options(lazyload(User.a)).get(1)",
        "u = session.get(User, 1, options=[lazyload(User.a)])",
    )


def test_a_query_in_a_variable_names_its_class() -> None:
    """The statement stays, the class is handed to the session."""
    transformed("q = session.query(User)\nu = q.get(1)", "q = select(User)\nu = session.get(User, 1)")


def test_options_in_a_variable_are_left() -> None:
    """What they are can't be moved from there."""
    left("q = session.query(User).options(x)\nu = q.get(1)", "held in a variable and has options")


def test_options_of_what_a_method_gives_are_left() -> None:
    """What to do is said of the method."""
    left(
        "class Users:\n    def __init__(self, session):\n        self.session = session\n\n"
        "    def _all(self):\n        return self.session.query(User).options(lazyload(User.a))\n\n"
        "    def get(self, id):\n        return self._all().get(id)",
        "what `self._all()` gives, which may have options; let a method give those as a list",
    )


def test_criteria_are_left() -> None:
    """1.x refuses them; dropping them would find something else."""
    left("u = session.query(User).filter(User.a).get(1)", "clauses")


def test_other_gets_are_left_alone() -> None:
    """A dict's get() and a web client's are none of ours."""
    untouched("import requests\n\nsession = requests.Session()\nsession.get('x')\n")
