"""`@area.expression` of a hybrid is `@area.inplace.expression`, and so are its setter, comparator and other parts.

1.x wrote the parts of a hybrid property as functions of one name, which type checkers take for one that hides the other: what
is left is no attribute of the class then, and a query that compares it is refused. `inplace`, of 2.0.4, gives each part a
name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Severity
from translator.model.sites import Site
from translator.options import Models
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import bodies

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/extensions/hybrid.html#using-inplace-to-create-pep-484-compliant-hybrid-properties"
BEFORE = (
    "from sqlalchemy.ext.hybrid import hybrid_property\n\n\nclass Box(Base):\n    __tablename__ = 'box'\n"
    "    id = Column(Integer, primary_key=True)\n    name = Column(String(20), nullable=False)\n\n"
    "    @hybrid_property\n    def lower(self):\n        return self.name.lower()\n\n"
    "    @lower.expression\n    def lower(cls):\n        return func.lower(cls.name)\n\n\n"
    "print(select(Box.id).where(Box.lower == 'a'))"
)
AFTER = (
    "from sqlalchemy.ext.hybrid import hybrid_property\n\n\nclass Box(Base):\n    __tablename__ = 'box'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str] = mapped_column(String(20))\n\n"
    "    @hybrid_property\n    def lower(self):\n        return self.name.lower()\n\n"
    "    @lower.inplace.expression\n    @classmethod\n    def _lower_expression(cls):\n        return func.lower(cls.name)\n\n\n"
    "print(select(Box.id).where(Box.lower == 'a'))"
)
ON = ON_CLASS

_HYBRID = "sqlalchemy.ext.hybrid.hybrid_property"
_OF_CLASS = frozenset({"expression", "comparator", "update_expression"})
"""Parts that are given the class."""
_PARTS = frozenset({*_OF_CLASS, "setter", "deleter"})
_LISTED = frozenset({"all_orm_descriptors", "get_hybrid_properties"})
"""What lists the attributes of a class, where the parts have names of their own then."""
_REASON = "the parts of a hybrid property have names of their own, so that type checkers see the property"


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the parts of the hybrids of a class their own names."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if not here.model.about_sqlalchemy or here.options.models is not Models.TYPED:
        return None
    parts = list(_parts(node, here))
    if not parts:
        return None
    program = here.program or (here.model,)
    listed = sorted(name for name in _LISTED if any(name in model.words(model.tree) for model in program))
    if listed:
        why = f"{listed[0]} is asked for the attributes of classes, and would give the parts by their own names, too"
        return Decline(f"the hybrids of {node.name.value} keep their parts under one name: {why}", Severity.NOTE)
    names = [f"_{function.name.value.strip('_')}_{part}" for function, part in parts]
    words = here.model.words(here.model.tree)
    taken = sorted(name for name in names if name in words or names.count(name) > 1)
    if taken:
        why = f"{taken[0]} is taken"
        return Decline(f"the hybrids of {node.name.value} keep their parts under one name: {why}", Severity.NOTE)
    around = (*site.ancestors, id(node))
    edits = (Edit(f, around, _named(name, part)) for (f, part), name in zip(parts, names, strict=True))
    return Rewrite(tuple(edits), _REASON)


def _parts(node: cst.ClassDef, here: Context) -> Iterator[tuple[cst.FunctionDef, str]]:
    """The functions that are parts of a hybrid that the body defines, and bound to its name; and which parts."""
    hybrids: set[str] = set()
    for line in node.body.body:
        if not isinstance(line, cst.FunctionDef):
            hybrids -= here.model.words(line)  # `area_too = area` is without the parts that follow
            continue
        name = line.name.value
        part = _part(line)
        if part is not None and name in hybrids:
            yield line, part
        elif len(line.decorators) == 1 and bodies.decorated_with(line, _HYBRID, here.model) is not None:
            hybrids.add(name)
        else:
            hybrids.discard(name)


def _part(function: cst.FunctionDef) -> str | None:
    """What a function is of the property of its own name: `@area.setter`."""
    if len(function.decorators) != 1:
        return None
    match function.decorators[0].decorator:
        case cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value=part)) if name == function.name.value:
            return part if part in _PARTS else None
    return None


def _named(name: str, part: str) -> Callable[[cst.CSTNode], Replacement]:
    """The function under its own name, as a part that is added in place."""

    def build(found: cst.CSTNode) -> Replacement:
        function = cst.ensure_type(found, cst.FunctionDef)
        decorator = function.decorators[0]
        spelled = cst.ensure_type(decorator.decorator, cst.Attribute)
        inplace = spelled.with_changes(value=cst.Attribute(spelled.value, cst.Name("inplace")))
        decorators = [decorator.with_changes(decorator=inplace)]
        if part in _OF_CLASS:
            decorators.append(cst.Decorator(cst.Name("classmethod")))
        return function.with_changes(decorators=decorators, name=cst.Name(name))

    return build
