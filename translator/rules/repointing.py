"""Naming an alias where Query re-pointed every mention of a class by itself: shared by the rules for that. No rule itself.

`from_self()`, `union()`, `select_entity_from()` and `with_polymorphic()` made later mentions of a class mean something
else. A select() does that for none, so the alias gets a name in a statement of its own before, and every mention is
written through it: all of them, or the query stays. An expression that is not in sight may mention the class, too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libcst as cst

from translator.edits import Edit
from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Attribute, Entity, Expression, Fact, Query, Select, TableValue, Type, Unknown
from translator.rules.contract import Context
from translator.syntax import names

COMBINING = frozenset({"union", "union_all", "intersect", "intersect_all", "except_", "except_all"})
NESTING = frozenset({"from_self", *COMBINING})
"""Methods after which a class means what comes out of the subquery."""
ADAPTING = frozenset({"select_entity_from", "with_polymorphic"})
"""Methods by which a class means something else in the whole query."""
_FOLLOWED = frozenset(
    {"filter", "where", "filter_by", "join", "outerjoin", "order_by", "group_by", "having", "distinct", "limit", "offset",
     "slice", "with_entities", "add_columns", "options", "all", "first", "one", "one_or_none", "count", "scalar"}
)  # fmt: skip
_TAKING_STRINGS = frozenset({"order_by", "group_by", "join", "outerjoin", "options", "with_entities", "add_columns"})
_BESIDE = (cst.Lambda, cst.IfExp, cst.BooleanOperation, cst.NamedExpr)
"""What an expression may stand in that is not always evaluated, or not here."""
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A statement that another one can be put before."""

    statement: cst.CSTNode
    ancestors: tuple[int, ...]


def place(site: Site) -> Place | None:
    """Where a name can be bound for what stands at a site: before its statement, if that changes nothing."""
    at = next((i for i in range(len(site.around) - 1, -1, -1) if isinstance(site.around[i], cst.BaseStatement)), None)
    if at is None or _in_a_class(site):
        return None
    statement, inner = site.around[at], [*site.around[at + 1 :], site.node]
    if isinstance(statement, cst.SimpleStatementLine):
        if inner[0] is not statement.body[0]:
            return None
    elif not isinstance(statement, cst.For) or inner[0] is not statement.iter:
        return None
    for node, below in itertools.pairwise(inner):
        if isinstance(node, _BESIDE) or (isinstance(node, _COMPREHENSIONS) and node.for_in.iter is not below):
            return None
    return Place(statement, tuple(map(id, site.around[:at])))


def _in_a_class(site: Site) -> bool:
    """Whether a name bound there would become an attribute of a class."""
    owner = next((n for n in reversed(site.around) if isinstance(n, (cst.FunctionDef, cst.ClassDef))), None)
    return isinstance(owner, cst.ClassDef)


def function_of(site: Site) -> cst.CSTNode | None:
    """The function that a site stands in."""
    return next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)


def alias_name(site: Site, entity: str, here: Context) -> str:
    """A name for an alias: of the class, in small letters; numbered where a function has several."""
    word = (
        "".join(f"_{c.lower()}" if c.isupper() else c for c in entity.rpartition(".")[2]).strip("_").replace("__", "_")
    )
    pivots = [
        other
        for other in here.model.sites
        if other.kind is SiteKind.METHOD
        and other.name in (NESTING | ADAPTING)
        and function_of(other) is function_of(site)
    ]
    order = next((i for i, other in enumerate(pivots) if other.node is site.node), 0)
    end = f"_{order + 1}" if order else ""
    return here.fresh(site, f"{word}{end}", f"{word}_alias{end}", f"aliased_{word}{end}")


def followers(pivot: Site, here: Context) -> tuple[Site, ...] | None:
    """The sites at which a class means what the pivot made of it; None where not all of them can be followed."""
    web = here.web
    if web is None or web.escapes or place(pivot) is None:
        return None
    if isinstance(pivot.receiver, Query) and Fact.ELSEWHERE in pivot.receiver.may:
        return None
    pivots = [s for s in web.sites if s.kind is SiteKind.METHOD and s.name in (NESTING | ADAPTING)]
    if len(pivots) != 1:
        return None
    found = []
    for site in web.sites:
        if site.node is pivot.node or site.kind is SiteKind.ANNOTATED:
            continue
        if pivot.name in NESTING:
            kind = site.receiver
            if not isinstance(kind, Query) or Fact.COMPOUND not in kind.may:
                continue
        if function_of(site) is not function_of(pivot) or not _follows(site):
            return None
        found.append(site)
    return tuple(found)


def _follows(site: Site) -> bool:
    if site.kind in {SiteKind.ITERATION, SiteKind.SUBSCRIPT}:
        return True
    if site.kind is not SiteKind.METHOD or site.name not in _FOLLOWED or not isinstance(site.node, cst.Call):
        return False
    if site.name == "filter_by":
        return _means_the_alias(site.receiver)
    if site.name in {"join", "outerjoin"}:
        plain = all(arg.keyword is None or arg.keyword.value in {"isouter", "full"} for arg in site.node.args)
        return plain and 1 <= len(names.positional(site.node)) <= 2
    return True


def _means_the_alias(kind: Type) -> bool:
    """Whether filter_by() stays filter_by(), which then means the alias: spelled out it would name the class."""
    alone = isinstance(kind, Query) and len(kind.froms) <= 1 and Fact.JOINED not in kind.may
    return alone and single(kind) is not None


def mentions(
    sites: tuple[Site, ...], renamed: Mapping[str, str], entities: frozenset[str], here: Context
) -> tuple[tuple[str, Edit], ...] | None:
    """Edits that name what classes or columns have become; None where something not in sight may mention one.

    `entities` are the classes that were re-pointed; `renamed` says how they, or their columns, are to be written;
    each edit comes with the key in it that it is for.
    """
    edits: list[tuple[str, Edit]] = []
    for site in sites:
        if not isinstance(site.node, cst.Call) or site.kind in {SiteKind.ITERATION, SiteKind.SUBSCRIPT}:
            continue
        around = (*site.ancestors, id(site.node))
        for arg in site.node.args:
            if arg.star:
                return None
            reader = _Reader(renamed, entities, here, strings=site.name not in _TAKING_STRINGS)
            top = site.name not in {"filter_by", "limit", "offset", "slice"} and arg.keyword is None
            found = reader.read(arg.value, around, operand=top)
            if found is None:
                return None
            edits += found
    return tuple(edits)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Looks for mentions in one expression. `strings`: whether a string is a value and no name."""

    renamed: Mapping[str, str]
    entities: frozenset[str]
    here: Context
    strings: bool

    def read(
        self, node: cst.BaseExpression, around: tuple[int, ...], *, operand: bool
    ) -> list[tuple[str, Edit]] | None:
        """The mentions in an expression. `operand`: whether SQL is expected, so that a bare name may hold some."""
        path = names.dotted(node)
        if path is not None:
            return self._path(node, path, around, operand=operand)
        if isinstance(node, (cst.BaseNumber, cst.SimpleString, cst.ConcatenatedString)):
            return [] if self.strings or isinstance(node, cst.BaseNumber) else None
        kind = self.here.model.type_of(node)
        if isinstance(kind, (Query, Select, TableValue)):
            return None
        if isinstance(node, cst.FormattedString):
            return None if operand else []
        if not isinstance(
            node,
            (cst.Call, cst.Attribute, cst.Comparison, cst.BinaryOperation, cst.UnaryOperation, cst.Tuple, cst.List,
             cst.Subscript),
        ):  # fmt: skip
            return None
        if isinstance(node, cst.Call) and (names.starred(node) or self._asks_inside(node)):
            return None
        found: list[tuple[str, Edit]] = []
        for part, is_operand in _parts(node):
            inner = self.read(part, (*around, id(node)), operand=is_operand)
            if inner is None:
                return None
            found += inner
        return found

    def _asks_inside(self, node: cst.Call) -> bool:
        """Whether a class is named in `any(…)` or `has(…)`, where Query did not re-point it."""
        if not isinstance(node.func, cst.Attribute) or node.func.attr.value not in {"any", "has"}:
            return False
        inner = [self.read(arg.value, (), operand=True) for arg in node.args]
        return any(inner) or None in inner

    def _path(
        self, node: cst.BaseExpression, path: str, around: tuple[int, ...], *, operand: bool
    ) -> list[tuple[str, Edit]] | None:
        for name, other in sorted(self.renamed.items(), key=lambda pair: -len(pair[0])):
            if path == name or path.startswith(f"{name}."):
                return [(name, _renaming(node, path.count(".") - name.count("."), other, around))]
        kind = self.here.model.type_of(node)
        if ".c." in path or ".columns." in path or self._hides(kind):
            return None  # a table's column, perhaps of the class
        if operand and isinstance(kind, Unknown) and path not in {"None", "True", "False"}:
            return None
        return []

    def _hides(self, kind: Type) -> bool:
        """Whether something is another spelling of what was re-pointed: a base class, a subclass, a table, an alias."""
        match kind:
            case TableValue() | Query() | Select():
                return True
            case Entity() as entity:
                return self._akin(frozenset({entity.mapped_name}))
            case Attribute(entity=entity):
                return self._akin(frozenset({entity.mapped_name}))
            case Expression(mentions=found):
                return not found or self._akin(found)
        return False

    def _akin(self, found: frozenset[str]) -> bool:
        related = self.here.model.mapping.related
        return any(name == entity or related(name, entity) for name in found for entity in self.entities)


def _parts(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The expressions right below one, each with whether SQL is expected there and not only a value."""
    match node:
        case cst.Call(func=cst.Attribute(value=owner) as func, args=args):
            if names.dotted(func) is not None and not _is_mentioned(func):
                yield from ((arg.value, True) for arg in args)  # func.count(x), sqlalchemy.or_(a, b)
                return
            yield owner, True
            yield from ((arg.value, False) for arg in args)  # User.name.in_(wanted)
        case cst.Call(args=args):
            yield from ((arg.value, True) for arg in args)
        case cst.Attribute(value=owner):
            yield owner, True
        case cst.Comparison(left=left, comparisons=comparisons):
            yield left, True
            yield from ((target.comparator, False) for target in comparisons)
        case cst.BinaryOperation(left=left, right=right):
            yield left, True
            yield right, isinstance(node.operator, (cst.BitAnd, cst.BitOr))
        case cst.UnaryOperation(expression=inner):
            yield inner, True
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            yield from ((element.value, False) for element in elements)
        case cst.Subscript(value=owner):
            yield owner, True


def _is_mentioned(func: cst.Attribute) -> bool:
    """Whether a called path is a method of a mapped attribute: `User.name.like`, not `func.count`."""
    first = names.root(names.dotted(func) or "")
    return names.is_class_name(first) or (names.dotted(func) or "").count(".") > 1


def _renaming(node: cst.BaseExpression, deeper: int, other: str, around: tuple[int, ...]) -> Edit:
    """`other` in the place of the beginning of a path, `deeper` attributes below its end."""
    ancestors = around
    while deeper and isinstance(node, cst.Attribute):
        ancestors = (*ancestors, id(node))
        node, deeper = node.value, deeper - 1

    def build(updated: cst.CSTNode) -> cst.CSTNode:
        old = cst.ensure_type(updated, cst.BaseExpression)  # type: ignore[type-abstract]
        return names.path(other).with_changes(lpar=old.lpar, rpar=old.rpar)

    return Edit(node, ancestors, build)


def single(kind: Type) -> str | None:
    """The class that a query selects alone, if it is a name that can be written again."""
    named = isinstance(kind, Query) and Fact.ELSEWHERE not in kind.may
    entity = queries.single_entity(kind) if isinstance(kind, Query) and named else None
    return entity if entity is not None and names.is_class_name(entity.rpartition(".")[2]) else None
