"""The places that rules look at, and the places where a query leaves the text. Records only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import libcst as cst

from translator.model.types import SessionRef, Type


class SiteKind(StrEnum):
    """What happens at a site."""

    CREATION = "creation"
    """A Query is made: `session.query(…)`."""
    METHOD = "method"
    """A method of Query is called."""
    ITERATION = "iteration"
    """A Query is walked: `for x in q`, `list(q)`."""
    HANDED = "handed"
    """A Query is handed to a session's `execute()` or its kin; the site's name is that of the method."""
    SUBSCRIPT = "subscript"
    """A Query is indexed or sliced."""
    TEST = "test"
    """A Query is tested for truth, plainly or by `not`."""
    PASSED = "passed"
    """A Query is handed to a function that runs it and needs its session: the definition of that, or a call."""
    OWN = "own"
    """A method of the application's own Query class: its definition, a call of it, or what names the class."""
    ANNOTATED = "annotated"
    """An annotation says that a value is a Query, which it is. The site's only argument is a text: how it says so."""
    CALL = "call"
    """A function of a package is called; the name is the full dotted one."""
    IMPORT = "import"
    """A name is imported from SQLAlchemy; the site's name is the full dotted one."""
    CLASS = "class"
    """A class is defined."""
    MEMBER = "member"
    """A method or an attribute of a typed object other than a Query: `Connection.execute`, `Table.select`, `Row.[]`."""
    NAME = "name"
    """A name that 2.x moved or dropped is used, by its full dotted one."""


PARAMETER = "parameter"
"""Name of the site at the definition of a function that is to be given the session of a query."""
FLAG, SCALARS, UNIQUE = "flag", "scalars", "unique"
"""Names of the sites at the definition of a function that is to be told what a query gives, and at its calls: whether it
gives objects, and whether its rows hold any. The name of the parameter follows: `scalars:as_scalars`."""
OR_LIST = "or_list"
"""Name of the site at a query that is given on where others find a list: what is returned, or an arm of `a if b else c`."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One place of interest, typed."""

    kind: SiteKind
    node: cst.CSTNode
    name: str
    receiver: Type
    origins: frozenset[int]
    """The creations of the queries that flow here."""
    ancestors: tuple[int, ...]
    """Identities of the expressions and statements around it, outermost first."""
    used: bool
    """Whether the value of the expression is used."""
    chained: bool
    """Whether the receiver is made in the same expression."""
    session: SessionRef | None
    """The session as it is bound here."""
    arguments: tuple[Type, ...] = ()
    result: Type | None = None
    parent: cst.CSTNode | None = None
    """The expression or statement right around it."""
    around: tuple[cst.CSTNode, ...] = ()
    """The expressions and statements around it, outermost first."""
    home: int = 0
    """Which module of the program it stands in."""

    def is_replaced(self, kind: SiteKind, name: str) -> bool:
        """Whether a later look at the same place takes its place; a query may be handed on with more than one thing."""
        return self.kind is kind and (kind is not SiteKind.PASSED or self.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class Escape:
    """A query that leaves what is in sight: who takes it, in words that end a sentence."""

    origins: frozenset[int]
    node: cst.CSTNode
    reason: str
    convertible: bool
    """Whether a caller may ask to convert it all the same, and to follow at the place named."""
    home: int = 0
    """Which module of the program it stands in."""
    returned_by: int = 0
    """The function that returns it to callers elsewhere; 0 for any other escape."""
    stored: str = ""
    """The attribute of an object of a class in sight that it is stored in."""
    shown: bool = False
    """Whether it only tells that there is a query, which is told where any other escape of that query is."""
