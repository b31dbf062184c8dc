"""Selecting from a statement as from a subquery, where a Query re-pointed what followed: shared by the rules for that.

Decides whether what follows can be kept, and writes `select(aliased(Entity, statement.subquery()))`. No rule itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need
from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Element, ElementKind, Fact, Query
from translator.rules import branches, repointing, terminals
from translator.rules.contract import Context, Rewrite, edit
from translator.syntax import chains, names
from translator.syntax.chains import Link

_WIDTH = 88
_ALLOWED = frozenset(
    {"order_by", "limit", "offset", "slice", "all", "first", "one", "one_or_none", "count", "subquery", "cte",
     "scalar_subquery", "as_scalar", "exists", "paginate", "first_or_404", "one_or_404", *repointing.COMBINING, "from_self"}
)  # fmt: skip


_TURNING_TO_ROWS = frozenset({"with_entities", "add_columns"})
_BLOCKING = frozenset({Fact.PAST_COMPOUND, Fact.UNNESTABLE})


def kept(site: Site, here: Context) -> bool:
    """Whether all that is done with compound statements in this web can be done with the function's."""
    result = site.result
    if not isinstance(result, Query) or result.may & _BLOCKING or result.session is None:
        return False
    entity = queries.single_entity(result)
    if entity is not None and not names.is_class_name(entity.rpartition(".")[2]):
        return False
    for other in here.web.sites if here.web is not None else ():
        for kind in (other.receiver, other.result):
            # a compound on one path only would need two different ORDER BYs and the like
            if isinstance(kind, Query) and (
                kind.may & _BLOCKING or (Fact.COMPOUND in kind.may) != (Fact.COMPOUND in kind.must)
            ):
                return False
        on_compound = isinstance(other.receiver, Query) and Fact.COMPOUND in other.receiver.may
        if on_compound and other.kind is SiteKind.METHOD and (other.name not in _ALLOWED or _names_columns(other)):
            return False
    return True


def _names_columns(site: Site) -> bool:
    """Whether the columns of a subquery may be read by name: Query called them `table_column`, a select() does not."""
    if site.name not in {"subquery", "cte"}:
        return False
    function = site.parent.func if isinstance(site.parent, cst.Call) else None
    taking = function.attr.value if isinstance(function, cst.Attribute) else names.dotted(function or cst.Name("_"))
    return taking not in {"in_", "notin_", "not_in", "aliased", "select_entity_from"}


def selecting(site: Site, here: Context) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """Puts `select(…)` around a statement as a subquery: its entity as an alias, or its columns as they are."""
    select = here.name("sqlalchemy", "select")
    entity = queries.single_entity(terminals.query_of(site))
    aliased = here.name("sqlalchemy.orm", "aliased") if entity is not None else None
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))

    def around(statement: cst.BaseExpression) -> cst.BaseExpression:
        inner = chains.attach(statement, [Link("subquery")])
        if aliased is not None and entity is not None:
            inner = cst.Call(aliased, [cst.Arg(names.expression(entity), comma=comma), cst.Arg(inner)])
        return cst.Call(select, [cst.Arg(inner)])

    return around


@dataclass(frozen=True, slots=True)
class _Names:
    """What the parts of a subquery are called outside it."""

    subquery: str
    aliases: dict[str, str]
    """The aliases of the classes that are selected whole."""
    columns: dict[str, str]

    @property
    def renamed(self) -> dict[str, str]:
        """How each class or column is to be written."""
        return {**self.aliases, **self.columns}


def planned(here: Context) -> bool:
    """Whether a query of this web is nested with names for what comes out, which all that follows is written by."""
    pivots = [s for s in here.web.sites if s.name in repointing.NESTING] if here.web is not None else []
    return len(pivots) == 1 and not kept(pivots[0], here)


def named(site: Site, here: Context, inside: Callable[[cst.Call], cst.BaseExpression]) -> Rewrite | None:
    """Select from a subquery that is bound to a name before; None where not all that follows can be written by it.

    `inside` gives the statement to nest from the call at the site.
    """
    query, result = terminals.query_of(site), site.result
    outer = cst.ensure_type(site.node, cst.Call).args if site.name == "from_self" else ()
    where, later = repointing.place(site), repointing.followers(site, here)
    if not isinstance(result, Query) or Fact.UNNESTABLE in result.may or where is None or later is None:
        return None
    made = _names(site, query.shape or (), here)
    partly = not all(isinstance(s.receiver, Query) and Fact.COMPOUND in s.receiver.must for s in later)
    before = branches.before(site, later) if partly else None
    if made is None or (partly and (before is None or len(made.aliases) != 1 or made.columns)):
        return None
    everywhere = (site, *later) if outer else later
    entities = frozenset(e.entity for e in query.shape or () if e.entity)
    found = repointing.mentions(everywhere, made.renamed, entities, here)
    if found is None:
        return None
    used = {name for name, _ in found} | (set() if outer else set(made.aliases))
    plain = not outer or any(id(site.node) in change.ancestors for _, change in found)
    held: list[str] = []
    select = here.name("sqlalchemy", "select")
    selected = [made.renamed[e.name] for e in query.shape or ()]
    lone = len(query.shape or ()) == 1 and bool(made.aliases) and plain and bool(used)
    rows = bool(outer) or len(query.shape or ()) > 1 or any(s.name in _TURNING_TO_ROWS for s in later)
    texts = _statements(made, used, here, held, lone=lone, rows=rows)

    def build(updated: cst.Call) -> Replacement:
        held[:] = [names.code(inside(updated))]
        args = updated.args if outer else [cst.Arg(names.path(name)) for name in selected]
        made_of = cst.Call(select, args)
        links = [] if plain else [Link("select_from", (cst.Arg(names.path(made.subquery)),))]
        return chains.attach(made_of, links).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    insertions = tuple(Insertion(where.statement, where.ancestors, text, before=True) for text in texts)
    if before is not None:
        [(entity, alias)] = made.aliases.items()
        insertions = (Insertion(before.statement, before.ancestors, f"{alias} = {entity}", before=True), *insertions)
    said = f"{site.name}() selected from a subquery, which what follows names now"
    edits = (edit(site, build), *(change for _, change in found))
    need = Need.REQUIRED if site.name == "from_self" else Need.STYLE
    gone = "from_self() is gone from 2.0; select from a subquery by hand" if need is Need.REQUIRED else ""
    return Rewrite(edits, said, need, terminals.safety(query, here), insertions=insertions, gone=gone)


def _names(site: Site, shape: tuple[Element, ...], here: Context) -> _Names | None:
    """Names for a subquery and what it selects; None where a part of it can't be named from outside."""
    subquery = repointing.alias_name(site, "Subq", here)
    aliases: dict[str, str] = {}
    columns: dict[str, str] = {}
    for element in shape:
        owner, _, attribute = element.name.rpartition(".")
        if element.kind is ElementKind.ENTITY and element.name == element.entity and _is_class(element.name):
            aliases[element.name] = repointing.alias_name(site, element.name, here)
        elif element.kind is ElementKind.COLUMN and element.entity == owner and attribute.isidentifier():
            columns[element.name] = f"{subquery}.c.{attribute}"
        else:
            return None
    everything = [*aliases.values(), *columns.values()]
    return _Names(subquery, aliases, columns) if len(set(everything)) == len(shape) > 0 else None


def _is_class(spelled: str) -> bool:
    return names.is_class_name(spelled.rpartition(".")[2])


def _statements(
    made: _Names, used: set[str], here: Context, held: list[str], *, lone: bool, rows: bool
) -> tuple[Callable[[], str], ...]:
    """The statements that bind the names, to be written when what is nested has been rewritten into `held`.

    In `rows` an alias has no name unless it is given one: `row.User` was what a Query's row had.
    """
    aliased = names.code(here.name("sqlalchemy.orm", "aliased")) if used & set(made.aliases) else ""
    if lone:
        [(entity, alias)] = made.aliases.items()
        last = (_row_name(entity),) if rows else ()
        return (lambda: _called(f"{alias} = {aliased}", (entity, f"{held[0]}.subquery()", *last), here.indent),)
    bound = [
        f"{alias} = {aliased}({entity}, {made.subquery}, {_row_name(entity)})"
        for entity, alias in made.aliases.items()
        if entity in used
    ]
    return (
        lambda: _called(f"{made.subquery} = ", (f"{held[0]}.subquery()",), here.indent),
        *(lambda text=text: text for text in bound),
    )


def _row_name(entity: str) -> str:
    return f'name="{entity.rpartition(".")[2]}"'


def _called(head: str, args: tuple[str, ...], indent: int) -> str:
    """`head(args)` on one line, or on several where it is too long or was written so."""
    line = f"{head}({', '.join(args)})" if head[-1] != " " else f"{head}{args[0]}"
    if "\n" not in line and len(line) <= _WIDTH:
        return line
    margin = " " * indent
    return f"{head}(\n" + "".join(f"{margin}{arg},\n" for arg in args[:-1]) + f"{margin}{args[-1]}\n)"
