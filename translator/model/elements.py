"""What a query or a select() asks for, element by element, and how well a type is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Belief(Enum):
    """How a type is known."""

    PROVEN = 2
    """From a constructor, an annotation, an import or the flow from one of these."""
    ASSUMED = 1
    """From a convention only, e.g. the name `session`."""

    def __and__(self, other: Belief) -> Belief:
        return self if self.value <= other.value else other


class ElementKind(StrEnum):
    """What one element that is selected gives in a result."""

    ENTITY = "entity"
    COLUMN = "column"
    TABLE = "table"
    BUNDLE = "bundle"
    """A Bundle that Query gives as itself, not in a row, and that a join can't be told to repeat."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Element:
    """One argument of query() or select()."""

    kind: ElementKind
    name: str = ""
    entity: str | None = None
    """The class that it is, or belongs to, as spelled; of an alias its own name."""
    alias_of: str | None = None
    """The class that an alias stands for."""
    aggregate: bool = False
    exists: bool = False
    belief: Belief = Belief.PROVEN


@dataclass(frozen=True, slots=True)
class Told:
    """The parameters of a function that tell what a query gives which it is handed; "" where that need not be told."""

    scalars: str
    """Whether it gives objects, and not rows."""
    unique: str
    """Whether its rows hold objects, so that Query gave each row once."""
    function: int
    """The function's key."""
