"""One module of a program: its tree, what it imports and maps, and what the last walk found of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from translator.model.mapping import Mapping
from translator.model.scopes import Names
from translator.model.types import Type
from translator.syntax.imports import Imports


@dataclass(slots=True, eq=False)
class Unit:
    """One module of a program. `names` are the dotted names that it can be imported by, the usual one first."""

    index: int
    names: tuple[str, ...]
    package: bool
    """Whether it is the `__init__` of a package, which relative imports in it start from."""
    tree: cst.Module
    imports: Imports
    mapping: Mapping
    speaks: bool = False
    """Whether it shows that it is about SQLAlchemy, which it does not import."""
    declares: bool = False
    """Whether it declares models, though what they are made of comes from other modules."""
    renamed: frozenset[str] = frozenset()
    """Imported names by which it may use, in annotations, too, what 2.x has under another name."""
    bindings: Names = field(default_factory=dict)
    """What each name at its top may hold, as the last walk found."""
    extensions: set[str] = field(default_factory=set)
    """Names that it uses as Flask-SQLAlchemy's object."""
    local_names: set[str] = field(default_factory=set)
    """What its functions bind."""
    query_properties: dict[str, Type] = field(default_factory=dict)
    """`query_property()` of classes that are no class statements: `Base = declarative_base()`."""

    @property
    def name(self) -> str:
        """The name that it is usually imported by; "" for a text that stands alone."""
        return self.names[0] if self.names else ""
