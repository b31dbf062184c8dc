"""The attribute of a relationship with `lazy="dynamic"` becomes a `select()` of what belongs to the object.

Such an attribute is a legacy Query; `with_parent()` is its criterion. What adds to the collection or takes from it stays.
Where every use of the relationship is in sight it becomes write-only, and is asked for its `select()`.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Edit, Import, Replacement
from translator.model import queries
from translator.model.mapping import Relationship
from translator.model.sites import Site, SiteKind
from translator.model.types import Instance, Query
from translator.rules import terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.rules.query_creation import statement_kind
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/large_collections.html#dynamic-relationship-loaders"
BEFORE = (
    "class Shelf(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    '    books = db.relationship("Book", lazy="dynamic")\n\n\n'
    "class Book(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    "    title = db.Column(db.String(80))\n"
    '    shelf_id = db.Column(db.ForeignKey("shelf.id"))\n\n\n'
    "for shelf in db.session.query(Shelf):\n"
    "    print(shelf.books.order_by(Book.title).all())"
)
AFTER = (
    "class Shelf(db.Model):\n"
    "    id: Mapped[int] = db.mapped_column(primary_key=True)\n"
    '    books: WriteOnlyMapped["Book"] = db.relationship()\n\n\n'
    "class Book(db.Model):\n"
    "    id: Mapped[int] = db.mapped_column(primary_key=True)\n"
    "    title: Mapped[str | None] = db.mapped_column(db.String(80))\n"
    '    shelf_id: Mapped[int | None] = db.mapped_column(db.ForeignKey("shelf.id"))\n\n\n'
    "for shelf in db.session.scalars(select(Shelf)):\n"
    "    print(db.session.scalars(shelf.books.select().order_by(Book.title)).all())"
)
ON = On(SiteKind.CREATION, frozenset({"dynamic"}))

_WITHOUT_TABLES = frozenset(
    {"filter_by", "limit", "offset", "slice", "distinct", "all", "first", "one", "one_or_none", "count", "exists",
     "paginate", "first_or_404", "one_or_404"}
)  # fmt: skip
"""Methods of a query whose arguments name no table."""
_NAMING_NOTHING = _WITHOUT_TABLES | {"filter", "order_by"}
"""Methods of a query whose rules never name what it selects."""
_COMPARING = frozenset({"filter", "where", "order_by"})
_Place = tuple[cst.CSTNode, tuple[int, ...]]
"""A node, and the identities of what is around it."""
_ORDERING = frozenset({"desc", "asc", "nullsfirst", "nullslast", "nulls_first", "nulls_last"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Select what belongs to the object."""
    node, query = cst.ensure_type(site.node, cst.Attribute), site.result
    assert isinstance(query, Query)
    assert isinstance(site.receiver, Instance)
    assert site.receiver.entity is not None
    owner, name = site.receiver.entity.name, node.attr.value
    relation = here.model.mapping.relationship(owner, name)
    if here.write_only.of(site, here.model) is not None and statement_kind(here) == "select":
        return _selected(site, query, here)
    target = _target(relation, owner, name, here) if relation is not None else None
    if relation is None or target is None:
        return Decline(
            f"`{owner}.{name}` is a dynamic relationship to a class that has no name here; import that class"
        )
    renamed = _by_target(relation, owner, target, here) if relation.secondary and not _alone(target, here) else ()
    if renamed is None:
        return Decline(
            f"criteria beside `{owner}.{name}` may name its secondary table, which with_parent() selects under another "
            "name; join that table in a select() by hand"
        )
    order = _order(relation, target, here)
    if isinstance(order, Decline):
        return order
    if chains.commented(node.dot.whitespace_before) or chains.commented(node.dot.whitespace_after):
        return Decline("a comment stands between the object and its relationship; move it first")
    function = here.name("sqlalchemy", statement_kind(here))
    parent = here.name("sqlalchemy.orm", "with_parent")
    selected = names.expression(target)
    if query.session is not None and query.session.needs is not None:
        here.has(query.session.needs)

    def build(updated: cst.CSTNode) -> Replacement:
        attribute = cst.ensure_type(updated, cst.Attribute)
        related = cst.parse_expression(f"{owner}.{name}")
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        criterion = cst.Call(parent, [cst.Arg(attribute.value, comma=comma), cst.Arg(related)])
        links = [Link("where", (cst.Arg(criterion),)), *((Link("order_by", order),) if order else ())]
        made = chains.attach(cst.Call(function, [cst.Arg(selected)]), links)
        return made.with_changes(lpar=attribute.lpar, rpar=attribute.rpar)

    reason = "a dynamic relationship is a legacy Query; what belongs to an object is a criterion in 2.0 style"
    return Rewrite((Edit(site.node, site.ancestors, build), *renamed), reason, safety=terminals.safety(query, here))


def _selected(site: Site, query: Query, here: Context) -> Outcome:
    """Ask the write-only collection for its `select()`, which knows its table, its order and the secondary table."""
    target = query.shape[0].name if query.shape else ""
    root = names.root(target)
    spelled = root in here.model.imports.aliases or root in here.model.bound_names or here.model.mapping.defines(target)
    sites = here.web.sites if here.web is not None else ()
    if not spelled and any(s.kind is SiteKind.METHOD and s.name not in _NAMING_NOTHING for s in sites):
        return Decline("what belongs to it is of a class that has no name here; import that class")
    if query.session is not None and query.session.needs is not None:
        here.has(query.session.needs)

    def build(updated: cst.CSTNode) -> Replacement:
        attribute = cst.ensure_type(updated, cst.Attribute)
        plain = attribute.with_changes(lpar=[], rpar=[])
        return chains.attach(plain, [Link("select")]).with_changes(lpar=attribute.lpar, rpar=attribute.rpar)

    reason = "a write-only collection is asked for a select(), which a session executes"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, safety=terminals.safety(query, here))


def _alone(target: str, here: Context) -> bool:
    """Whether what is added to the collection names nothing but what it holds, so that no other table is meant."""
    return all(
        site.name in _WITHOUT_TABLES or all(queries.mentions(kind) == {target} for kind in site.arguments)
        for site in (here.web.sites if here.web is not None else ())
        if site.kind is SiteKind.METHOD
    )


def _by_target(relation: Relationship, owner: str, target: str, here: Context) -> tuple[Edit, ...] | None:
    """Criteria on a column of the secondary table as ones on the column of the target that it equals in every row.

    `filter(followers.c.followed_id == user.id)` asks for a `User.id`. None where they name another column of the table, or
    the table has another name here.
    """
    if relation.through is None or here.web is None:
        return None
    column, attribute = relation.through
    table = column.rpartition(".c.")[0]
    aliases = here.model.imports.aliases
    homes = {aliases.get(name, "").rpartition(".")[0] for name in (table, owner)}
    together = here.model.mapping.defines(owner) and table not in aliases
    if not together and (len(homes) != 1 or homes == {""} or aliases.get(table, "").rpartition(".")[2] != table):
        return None
    edits: list[Edit] = []
    for site in here.web.sites:
        if site.kind is not SiteKind.METHOD or site.name in _WITHOUT_TABLES:
            continue
        meant = {target, table} if site.name in _COMPARING else {target}  # what is selected is called by its column
        if not isinstance(site.node, cst.Call) or any(queries.mentions(kind) - meant for kind in site.arguments):
            return None
        if not all(map(queries.mentions, site.arguments)):
            return None
        for arg in site.node.args:
            found = _places(arg.value, (*site.ancestors, id(site.node)), table, here)
            if any(names.dotted(node) != column for node, _ in found):
                return None
            edits += (Edit(node, around, lambda _: names.path(f"{target}.{attribute}")) for node, around in found)
    return tuple(edits)


def _places(node: cst.CSTNode, around: tuple[int, ...], table: str, here: Context) -> list[_Place]:
    """Where an expression names a table or a column of it, or something that holds one, with what is around it."""
    path = names.dotted(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
    if path is not None and (path == table or path.startswith(f"{table}.")):
        for _ in range(path.count(".") - table.count(".") - 2):  # `links.c.tag_id.in_`
            around, node = (*around, id(node)), cst.ensure_type(node, cst.Attribute).value
        return [(node, around)]
    below = [place for child in node.children for place in _places(child, (*around, id(node)), table, here)]
    hidden = isinstance(node, cst.BaseExpression) and table in queries.mentions(here.model.type_of(node))
    return [(node, around)] if hidden and not below else below


def _target(relation: Relationship, owner: str, name: str, here: Context) -> str | None:
    """The class that is selected as this module spells it; imported from where the object's class is, if it has to be."""
    mapping, imports = here.model.mapping, here.model.imports
    target = relation.target
    if target is not None:
        known = names.root(target) in imports.aliases or names.root(target) in here.model.bound_names
        return target if known or mapping.defines(target) else None
    target = mapping.target_of(owner, name)
    goal, mapped = mapping.get(target or ""), mapping.get(owner)
    module = imports.aliases.get(owner, "").rpartition(".")[0]
    together = goal is not None and mapped is not None and goal.origin == mapped.origin
    if target is None or not module or not together or here.is_taken(module, target):
        return None
    here.imports.add(Import(module, target))
    return target


def _order(relation: Relationship, spelled: str, here: Context) -> tuple[cst.Arg, ...] | Decline:
    """The ORDER BY of the relationship as arguments, where it can be written in this module."""
    if relation.order is None:
        return ()
    text = re.sub(rf"\b{spelled.rpartition('.')[2]}\.", f"{spelled}.", relation.order)
    function, _, inside = text.partition("(")
    words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", text)) - {names.root(spelled)}
    if not words:
        return (cst.Arg(cst.parse_expression(text)),)
    if words == {function} and function in _ORDERING:
        return (cst.Arg(cst.Call(here.name("sqlalchemy", function), [cst.Arg(cst.parse_expression(inside[:-1]))])),)
    return Decline(
        f"the order_by of `{relation.name}`, `{relation.order}`, can't be written here; write the select() by hand"
    )
