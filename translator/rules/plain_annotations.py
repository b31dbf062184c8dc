"""A mapped class with annotations that are not `Mapped[…]` says `__allow_unmapped__ = True`, or 2.x refuses it.

1.x did not read annotations. 2.x takes each for a column or a relationship: `cache: dict` raises. Attributes that map
something, such as `column_property()`, get their annotation into `Mapped[…]` instead, unless `@dataclass` reads it, too.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Insertion
from translator.findings import Need
from translator.model.sites import Site
from translator.model.types import Imported
from translator.options import Models
from translator.rules.contract import ON_CLASS, Context, Outcome, Rewrite
from translator.rules.mapped import annotating, bodies
from translator.rules.mapped.places import Place
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#migration-to-2-0-step-six-add-allow-unmapped-to-explicitly-typed-orm-models"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n    cache: dict = None\n\n"
    "shelf = Shelf(id=1)"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    __allow_unmapped__ = True\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n    cache: dict = None\n\nshelf = Shelf(id=1)"
)
ON = ON_CLASS

_FLAG = "__allow_unmapped__"
_REASON = "2.x takes each annotation of a mapped class for something mapped, and refuses those that are not Mapped[…]"
_FINE = ("Mapped[", "ClassVar", "AssociationProxy", "Final")
_PROPERTIES = frozenset({"column_property", "synonym", "query_expression", "composite"})
_RELATIONSHIPS = frozenset({"relationship", "relation"})
_REFUSED = frozenset({*_PROPERTIES, "relationship", "relation", "dynamic_loader", "deferred"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Allow what is not mapped; annotate what is."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if not here.model.about_sqlalchemy or not is_mapped(node, here):
        return None
    family = [bodies.class_named(each.name, here.model) for each in here.model.mapping.family(node.name.value)]
    if any(_FLAG in bodies.body_of(each, here.model).bound for each in (node, *filter(None, family))):
        return None
    plain, properties = any(_annotated(above) for above in plain_bases(node, here)), []
    for line, small in _annotated(node):
        kind = _property(small, here)
        if bodies.is_mapped_over_attrs(node) or (kind is not None and bodies.becomes_dataclass(node)):
            plain = True  # what it is in Mapped[…] would be the type of a field, too
        elif kind in _PROPERTIES and here.options.models is not Models.NONE and not _quoted(small):
            properties.append((line, small))
        elif kind is None or (
            kind not in _RELATIONSHIPS and (kind in _PROPERTIES or here.options.models is Models.NONE)
        ):
            plain = True  # relationships have a rule of their own, and columns where models are rewritten
    edits = tuple(_in_mapped(line, small, node, site, here) for line, small in properties)
    if not plain and not edits:
        return None
    return Rewrite(edits, _REASON, Need.REQUIRED, insertions=(_allowing(node, site),) if plain else ())


def is_mapped(node: cst.ClassDef, here: Context) -> bool:
    """Whether a class is certainly mapped, or a mixin: it has a table, columns or relationships of its own."""
    mapped = here.model.mapping.get(node.name.value) if here.model.mapping.defines(node.name.value) else None
    read = bodies.becomes_dataclass(node) or bodies.is_mapped_over_attrs(node)
    if mapped is None or (bodies.body_of(node, here.model).obstacle is not None and not read):
        return False
    if {"__tablename__", "__table__"} & dict(bodies.assignments(node)).keys():
        return True
    return any(each.columns or each.relationships for each in here.model.mapping.family(node.name.value))


def plain_bases(node: cst.ClassDef, here: Context, depth: int = 5) -> Iterator[cst.ClassDef]:
    """The classes that one extends, in sight and not mapped themselves: 2.x reads their annotations for it, too."""
    for base in node.bases if depth else ():
        above = bodies.class_named(names.dotted(base.value) or "", here.model)
        if above is not None and above is not node and not is_mapped(above, here):
            yield above
            yield from plain_bases(above, here, depth - 1)


def _annotated(node: cst.ClassDef) -> list[tuple[cst.SimpleStatementLine, cst.AnnAssign]]:
    """The annotations of a body that 2.x refuses."""
    bound = {line.name.value for line in node.body.body if isinstance(line, cst.FunctionDef)}
    later = {name: value for name, value in bodies.assignments(node) if not _is_empty(value)}
    bound |= {name for name, value in later.items() if _called(value) not in _REFUSED}
    found: list[tuple[cst.SimpleStatementLine, cst.AnnAssign]] = []
    for line in node.body.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.AnnAssign) or not isinstance(small.target, cst.Name):
                continue
            text = names.literal_string(small.annotation.annotation) or names.code(small.annotation.annotation)
            fine = any(word in text for word in _FINE) or small.target.value.startswith("__")
            fine = fine or (
                small.value is None and small.target.value in bound
            )  # `id: int`, and `id = Column(…)` below
            refused = bodies.is_mapped_over_attrs(node) or _is_empty(small.value) or _called(small.value) in _REFUSED
            if refused and not fine and isinstance(line, cst.SimpleStatementLine):
                found.append((line, small))
    return found


def _is_empty(value: cst.BaseExpression | None) -> bool:
    return value is None or names.code(value) == "None"


def _called(value: cst.BaseExpression | None) -> str:
    return (names.dotted(value.func) or "").rpartition(".")[2] if isinstance(value, cst.Call) else ""


def _property(small: cst.AnnAssign, here: Context) -> str | None:
    """The function of SQLAlchemy that makes what is assigned."""
    if not isinstance(small.value, cst.Call):
        return None
    kind = here.model.type_of(small.value.func)
    last = (names.dotted(small.value.func) or "").rpartition(".")[2]
    return last if isinstance(kind, Imported) or last in _REFUSED else None


def _quoted(small: cst.AnnAssign) -> bool:
    return isinstance(small.annotation.annotation, (cst.SimpleString, cst.ConcatenatedString))


def _in_mapped(
    line: cst.SimpleStatementLine, small: cst.AnnAssign, node: cst.ClassDef, site: Site, here: Context
) -> Edit:
    ancestors = (*site.ancestors, id(node), id(line))
    place = Place(node, cst.ensure_type(small.target, cst.Name).value, small, ancestors, None)
    text = names.code(small.annotation.annotation)
    return Edit(small, ancestors, annotating.statement(place, "Mapped", text, bodies.body_of(node, here.model), here))


def _allowing(node: cst.ClassDef, site: Site) -> Insertion:
    """The line that allows them: below the name of the table, else above the first attribute."""
    lines = [line for line in node.body.body if isinstance(line, cst.SimpleStatementLine)]
    named = next((line for line in lines if names.code(line.body[0]).startswith("__tablename__")), None)
    ancestors = (*site.ancestors, id(node))
    if named is not None:
        return Insertion(named, ancestors, f"{_FLAG} = True")
    first = next(line for line in lines if not isinstance(line.body[0], cst.Expr))
    return Insertion(first, ancestors, f"{_FLAG} = True", before=True)
