"""`Query.with_parent()` becomes a criterion: `where(with_parent(parent, Parent.children))`.

The function wants the relationship. A string, and a relationship left out, are spelled out where the parent's class is
known.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import Attribute, Instance, Type
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.get(User, 1)\norders = session.query(Order).with_parent(user, User.orders).all()"
AFTER = (
    "user = session.get(User, 1)\n"
    "orders = session.scalars(\n"
    "    select(Order).where(with_parent(user, User.orders))\n"
    ").unique().all()"
)
ON = on_query("with_parent")


def rewrite(site: Site, here: Context) -> Outcome:
    """Put the criterion in a where()."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not only_arguments(call, "instance", "property", "from_entity"):
        return Decline("the arguments of with_parent() are not in sight")
    prop = names.keyword(call, "property") or (
        call.args[1].value if len(call.args) > 1 and call.args[1].keyword is None else None
    )
    spelled = _relationship(prop, site, here)
    if isinstance(spelled, Decline):
        return spelled
    function = here.name("sqlalchemy.orm", "with_parent")
    rest = [a for a in call.args if a.keyword is not None and a.keyword.value == "from_entity"]

    def build(updated: cst.Call) -> Replacement:
        space = cst.SimpleWhitespace(" ")
        given = [
            arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT, comma=cst.Comma(whitespace_after=space))
            for arg in (updated.args[0], cst.Arg(spelled))
        ]
        last = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in (*given, *rest)][-1]
        criterion = cst.Call(function, [*[*given, *rest][:-1], last])
        return chains.relinked(updated, "where", (cst.Arg(criterion),))

    return Rewrite((edit(site, build),), "with_parent() is a criterion in 2.0 style")


def _relationship(prop: cst.BaseExpression | None, site: Site, here: Context) -> cst.BaseExpression | Decline:
    """The relationship as an attribute."""
    if prop is not None and isinstance(here.model.type_of(prop), Attribute):
        return prop
    name = names.literal_string(prop) if prop is not None else None
    parent = _parent(site.arguments[0])
    if (prop is not None and name is None) or parent is None:
        return Decline(
            "with_parent() wants the relationship as an attribute, and the parent's class can't be told here; write "
            "with_parent(parent, Parent.children)"
        )
    if name is None:
        target = queries.single_entity(terminals.query_of(site))
        family = here.model.mapping.family(parent)
        found = {r.name for c in family for r in c.relationships.values() if target is not None and r.target == target}
        if len(found) != 1:
            return Decline(f"which relationship of `{parent}` with_parent() means can't be told here; name it")
        name = found.pop()
    return cst.parse_expression(f"{parent}.{name}")


def _parent(kind: Type) -> str | None:
    return kind.entity.name if isinstance(kind, Instance) and kind.entity is not None else None
