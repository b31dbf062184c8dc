"""Relationships that load by a join, and that no line of a class body says of the class: what `mapper(User, users,
properties={…})` is given, `User.posts = relationship(…)`, `add_property()`, a `declared_attr`, a function that makes them.

A query of such a class needs `unique()` as others do. Where the text doesn't show which class is meant, it may be any.
Knows nothing of queries.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from translator.model import classbodies, declared
from translator.model.declared import Relationship
from translator.syntax import names

ANY = ""
"""Stands for a class that can't be told."""
_APART = "select|dynamic|subquery|selectin|raise|raise_on_sql|noload|immediate|write_only"
_LAZY = rf"""\blazy\s*=\s*(?!None\b|True\b|["'](?:{_APART})["'])"""
_WORTH = re.compile(rf"{_LAZY}|\brelation(?:ship)?\b(?s:.*)\*\*|\bmapper\s*\(|\bmap_imperatively\s*\(")
"""What a statement holds that may say so."""
_MAPPING = frozenset({"mapper", "map_imperatively"})
_ADDING = frozenset({"add_property", "add_properties"})
_PROPERTIES = 2
"""The place of the properties among the arguments of `mapper()`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A relationship, and the name of the class that has it."""

    entity: str
    relationship: Relationship


def found(body: Iterable[cst.CSTNode], calls: Collection[str]) -> Iterator[Given]:
    """What the statements of a module give to classes; `calls` are the names of `relationship` in it."""
    for statement in body:
        if _WORTH.search(names.code(statement)):
            seen = _Seen(calls)
            statement.visit(seen)
            yield from seen.found


def unknown(target: str | None = None) -> Relationship:
    """A relationship that may load a collection by a join, for all that can be told."""
    return Relationship("", target, None, eager=True)


class _Seen(cst.CSTVisitor):
    """Looks for calls of `relationship()`, and for what is around each."""

    def __init__(self, calls: Collection[str]) -> None:
        super().__init__()
        self.found: list[Given] = []
        self._calls = calls
        self._owners: list[str] = []
        self._told: set[int] = set()
        """Those that the body of a class tells itself."""

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._owners.append(node.name.value)
        self._told.update(id(value) for name, _, value in classbodies.attributes(node) if self._makes(value))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        self._owners.pop()

    def visit_Assign(self, node: cst.Assign) -> None:
        target = node.targets[0].target
        self._owners.append(_last(target.value) if isinstance(target, cst.Attribute) else self._around())

    def leave_Assign(self, original_node: cst.Assign) -> None:
        self._owners.pop()

    def visit_Call(self, node: cst.Call) -> None:
        self._owners.append(self._owner(node))
        if self._makes(node) and id(node) not in self._told:
            given = declared.relationship("", node, None)
            if given.eager:
                self._add(self._around(), given)
            if (other := _backref(node)) is not None and declared.joins(other):
                self._add(given.target or ANY, unknown(self._around() or None))

    def leave_Call(self, original_node: cst.Call) -> None:
        self._owners.pop()

    def _add(self, entity: str, relationship: Relationship) -> None:
        """Note a relationship; a variable, as in `for cls in classes:`, may be any class."""
        self.found.append(Given(entity if names.is_class_name(entity) else ANY, relationship))

    def _around(self) -> str:
        return self._owners[-1] if self._owners else ANY

    def _makes(self, node: cst.BaseExpression | None) -> bool:
        """Whether a call makes a relationship, or a function that makes them: `partial(relationship, …)`."""
        if not isinstance(node, cst.Call):
            return False
        func = node.args[0].value if _last(node.func) == "partial" and node.args else node.func
        return _last(func) in self._calls

    def _owner(self, node: cst.Call) -> str:
        """The class that the arguments of a call are for."""
        name = _last(node.func)
        first = node.args[0].value if node.args else None
        if name in _MAPPING and first is not None and isinstance(node.func, (cst.Name, cst.Attribute)):
            entity = _last(first)
            if _unseen(node):
                self._add(entity, unknown())
            return entity
        if name == "setattr" and first is not None:
            return _last(first)
        if name in _ADDING and isinstance(node.func, cst.Attribute):
            return _mapped_by(node.func.value)
        return self._around()


def _unseen(node: cst.Call) -> bool:
    """Whether `mapper()` may be given properties that do not stand in the text; a variable's are told where it is made."""
    if names.starred(node):
        return True
    positional = names.positional(node)
    given = names.keyword(node, "properties")
    if given is None and len(positional) > _PROPERTIES:
        given = positional[_PROPERTIES].value
    wide = names.keyword(node, "with_polymorphic")
    if wide is not None and names.code(wide) != "None":
        return True
    if isinstance(given, cst.Dict):
        return any(isinstance(element, cst.StarredDictElement) for element in given.elements)
    if isinstance(given, cst.Call):
        return _last(given.func) != "dict" or names.starred(given)
    return given is not None and names.code(given) != "None"


def _backref(node: cst.Call) -> cst.Call | None:
    value = names.keyword(node, "backref")
    return value if isinstance(value, cst.Call) else None


def _mapped_by(node: cst.BaseExpression) -> str:
    """The class whose mapper an expression is: `User.__mapper__`, `class_mapper(User)`, `inspect(User)`."""
    if isinstance(node, cst.Attribute) and node.attr.value == "__mapper__":
        return _last(node.value)
    if isinstance(node, cst.Call) and len(node.args) == 1 and _last(node.func) in {"class_mapper", "inspect"}:
        return _last(node.args[0].value)
    return ANY


def _last(node: cst.CSTNode) -> str:
    """The last name of a path; none where it is no path."""
    return (names.dotted(node) or "").rpartition(".")[2]
