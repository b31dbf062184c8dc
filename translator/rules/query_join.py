"""`Query.join()` and `outerjoin()` stay where they name one target, and are split where they named several.

`join("orders")` named a relationship by a string, `join(A.b, B.c)` was two joins, `join((B, condition))` was a pair. 2.0
takes a target and an ON clause, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model import joins
from translator.model.sites import Site
from translator.model.types import Attribute, Entity, Expression, Query, TableValue, Type
from translator.rules import contract, perhaps_strings, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-joining-loading-on-relationships-uses-attributes-not-strings"
BEFORE = "users = session.query(User).join('orders').all()"
AFTER = "users = session.scalars(select(User).join(User.orders)).unique().all()"
ON = on_query("join", "outerjoin")

_GONE = frozenset({"aliased", "from_joinpoint"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave a plain join; split or spell out the forms that 2.0 refuses."""
    call = cst.ensure_type(site.node, cst.Call)
    query = terminals.query_of(site)
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in _GONE:
            return Decline(
                f"join({arg.keyword.value}=…) is gone from 2.0: it re-pointed later criteria to a hidden alias; "
                "join an explicit aliased() and name it in the criteria",
                Severity.REMOVED,
            )
    args = names.positional(call)
    if names.starred(call):
        return Decline("what is joined is unpacked from a variable")
    for arg, kind in zip(args, site.arguments, strict=False):
        if perhaps_strings.is_string(arg.value, kind):
            return perhaps_strings.refusal(arg.value, site.name)
    if not args or not _needs_split(args, site.arguments, here):
        unknown = len(args) == 1 and perhaps_strings.may_be(args[0].value, site.arguments[0])
        remarks = (perhaps_strings.remark(args[0].value, site.name),) if unknown else ()
        return Rewrite((), "the join is the same on a select()", remarks=remarks)
    steps = _steps(args, site.arguments, query, here)
    if isinstance(steps, Decline):
        return steps
    keywords = tuple(arg for arg in call.args if arg.keyword is not None)

    def build(updated: cst.Call) -> Replacement:
        func = cst.ensure_type(updated.func, cst.Attribute)
        links = [Link(site.name, _arguments((*step, *keywords))) for step in steps]
        joined = chains.attach(func.value, links, func.dot.whitespace_before)
        return joined.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    reason = "2.0 joins one target at a time and takes relationships as attributes"
    gone = f"2.0 takes neither strings nor tuples nor several targets in {site.name}(); write the attributes"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED, gone=gone, alone=True)


def _needs_split(args: Sequence[cst.Arg], kinds: Sequence[Type], here: Context) -> bool:
    if any(names.literal_string(arg.value) is not None or isinstance(arg.value, cst.Tuple) for arg in args):
        return True
    if len(args) > 2:
        return True
    if len(args) == 2:
        target, second = kinds[0], kinds[1]
        if isinstance(target, Attribute) and isinstance(second, Attribute) and _is_class(target, here):
            return False  # a target and its ON clause: `join(Sketch.Status, Sketch.status)`
        if isinstance(target, Attribute):
            return not isinstance(second, Expression)
        return isinstance(second, (Entity, TableValue))
    return False


def _is_class(target: Attribute, here: Context) -> bool:
    """Whether an attribute of a class is another class, which a `declared_attr` may make; not e.g. a relationship."""
    known = here.model.mapping.relationship(target.entity.mapped_name, target.name)
    return known is None and names.is_class_name(target.name)


def _steps(
    args: Sequence[cst.Arg], kinds: Sequence[Type], query: Query, here: Context
) -> list[tuple[cst.Arg, ...]] | Decline:
    """The arguments of each join, one tuple a join."""
    unnamed = terminals.unnamed(query)
    if unnamed is not None and any(names.literal_string(arg.value) is not None for arg in args):
        return unnamed
    left = joins.root(query)
    steps: list[tuple[cst.Arg, ...]] = []
    if len(args) == 2 and names.literal_string(args[1].value) is not None and isinstance(kinds[0], Entity):
        named = _named(args[1], left, here)
        return named if isinstance(named, Decline) else [(args[0], named)]
    for arg, kind in zip(args, kinds, strict=False):
        if isinstance(arg.value, cst.Tuple):
            pair = [cst.Arg(item.value) for item in arg.value.elements]
            if len(pair) != 2 or names.literal_string(pair[0].value) is not None:
                return _unclear(arg)
            if names.literal_string(pair[1].value) is not None:
                named = _named(pair[1], left, here)
                if isinstance(named, Decline):
                    return named
                pair[1] = named
            steps.append(tuple(pair))
            left = names.dotted(pair[0].value)
        elif names.literal_string(arg.value) is not None:
            for part in (names.literal_string(arg.value) or "").split("."):
                named = _named(cst.Arg(cst.SimpleString(repr(part))), left, here)
                if isinstance(named, Decline):
                    return named
                steps.append((named,))
                left = _target_of(left, part, here)
        elif isinstance(kind, Attribute):
            steps.append((arg,))
            left = _target_of(kind.entity.mapped_name, kind.name, here)
        elif isinstance(kind, (Entity, TableValue)):
            steps.append((arg,))
            left = kind.name
        else:
            return _unclear(arg)
    return steps


def _named(arg: cst.Arg, left: str | None, here: Context) -> cst.Arg | Decline:
    """`Left.relationship` for a relationship that is named by a string."""
    name = names.literal_string(arg.value) or ""
    if not left or not name.isidentifier():
        return Decline(
            f"join({name!r}) names a relationship by a string, and the class it belongs to can't be told here; "
            "write the attribute",
            Severity.REMOVED,
        )
    return cst.Arg(cst.Attribute(names.expression(left), cst.Name(name)))


def _target_of(left: str | None, name: str, here: Context) -> str | None:
    relation = here.model.mapping.relationship(left, name) if left else None
    return relation.target if relation is not None else None


def _unclear(arg: cst.Arg) -> Decline:
    return Decline(
        f"it can't be told whether `{names.code(arg.value)}` is a target or an ON clause; give each join its own join()",
        Severity.REMOVED,
    )


def _arguments(args: Sequence[cst.Arg]) -> tuple[cst.Arg, ...]:
    plain = [
        arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace("")) for arg in args
    ]
    return tuple(plain)
