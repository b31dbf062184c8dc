"""Arguments of `select()`, `update()` and their kin that became methods. Shared by several rules; no rule itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.findings import Severity
from translator.model.types import Attribute, Expression, Many, TableValue, Type
from translator.rules import criteria
from translator.rules.contract import Context, Decline
from translator.syntax import names
from translator.syntax.chains import Link

_NOTHING = cst.SimpleWhitespace("")


@dataclass(slots=True)
class Clauses:
    """What the arguments say, apart by whether they stay arguments."""

    kept: list[cst.Arg] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


SELECT: Mapping[str, str] = {
    "from_obj": "select_from", "whereclause": "where", "group_by": "group_by", "having": "having", "order_by": "order_by",
    "distinct": "distinct", "correlate": "correlate", "prefixes": "prefix_with", "suffixes": "suffix_with",
    "limit": "limit", "offset": "offset", "for_update": "with_for_update", "use_labels": "set_label_style", "bind": "",
}  # fmt: skip
"""Keywords of 1.x's select() with the methods that took their places, in the order they are written."""
DML: Mapping[str, str] = {
    "whereclause": "where", "values": "values", "inline": "inline", "prefixes": "prefix_with", "returning": "returning",
    "return_defaults": "return_defaults", "preserve_parameter_order": "", "bind": "",
}  # fmt: skip
_FLAGS = frozenset({"inline", "return_defaults", "distinct", "for_update", "use_labels", "preserve_parameter_order"})
_SPREAD = frozenset({"from_obj", "group_by", "order_by", "prefixes", "suffixes", "returning", "correlate", "distinct"})


def read(
    args: Sequence[cst.Arg],
    positions: Sequence[str],
    table: Mapping[str, str],
    here: Context,
    originals: Sequence[cst.Arg] | None = None,
) -> Clauses | Decline:
    """Turn arguments into links; `positions` names those that were given by position.

    `originals` are the arguments before anything in them was rewritten, where that may have happened: their types tell
    what becomes of them.
    """
    found: dict[str, _Value] = {}
    dialect: list[cst.Arg] = []
    result = Clauses()
    for index, (arg, original) in enumerate(zip(args, originals or args, strict=True)):
        if arg.star:
            return Decline("its arguments are unpacked from a variable; use methods instead", Severity.REMOVED)
        name = arg.keyword.value if arg.keyword is not None else (positions[index] if index < len(positions) else "")
        if name in table:
            found[name] = _Value(arg.value, original.value)
        elif arg.keyword is not None and "_" in name and name.partition("_")[0] in _DIALECTS:
            dialect.append(arg)
        else:
            said = f"{name}={names.code(arg.value)}" if arg.keyword is not None else names.code(arg.value)
            return Decline(f"`{said}` is an argument that 2.0 doesn't have", Severity.REMOVED)
    for name, method in table.items():
        if name not in found:
            continue
        link = _link(name, method, found[name], here)
        if isinstance(link, Decline):
            return link
        result.links += link
    if dialect:
        result.links.append(Link("with_dialect_options", tuple(_bare(arg) for arg in dialect)))
    return result


@dataclass(frozen=True, slots=True)
class _Value:
    now: cst.BaseExpression
    before: cst.BaseExpression
    """As the text has it, which is what types are known of."""


_DIALECTS = frozenset({"mysql", "postgresql", "sqlite", "oracle", "mssql", "mariadb"})


def _bare(arg: cst.Arg) -> cst.Arg:
    return arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_NOTHING)


def _several(value: cst.BaseExpression, here: Context) -> bool:
    """Whether a value that is not written out is certainly a list."""
    if isinstance(value, (cst.ListComp, cst.GeneratorExp)) or isinstance(here.model.type_of(value), Many):
        return True
    return isinstance(value, cst.Call) and names.dotted(value.func) in {"list", "tuple", "sorted"}


def _link(name: str, method: str, given: _Value, here: Context) -> list[Link] | Decline:
    value = given.now
    spelled = names.code(value)
    if not method or spelled == "None":
        return []
    if name in _FLAGS and spelled in {"True", "False"}:
        if spelled == "False":
            return []
        if name == "use_labels":
            return [Link(method, (cst.Arg(here.name("sqlalchemy", "LABEL_STYLE_TABLENAME_PLUS_COL")),))]
        return [Link(method)]
    if name == "for_update":
        return _locked(value)
    if name in {"inline", "return_defaults", "use_labels"}:
        return Decline(f"{name}= is decided at run time; call .{method}() where it is true", Severity.REMOVED)
    if name in _SPREAD:
        if isinstance(value, (cst.List, cst.Tuple)):
            if not value.elements:
                return []
            return [Link(method, tuple(_element(element) for element in value.elements))]
        kind = here.model.type_of(given.before)
        single = name == "from_obj" and (_is_table(kind) or _is_join(given.before, here))
        if isinstance(kind, (Expression, Attribute)) or single:
            return [Link(method, (cst.Arg(value),))]
        if name == "distinct":
            return Decline(f"{name}= is decided at run time; call .distinct() where it is true", Severity.REMOVED)
        if _several(given.before, here):
            return [Link(method, (cst.Arg(value, star="*"),))]
        if isinstance(value, (cst.Call, cst.Attribute, cst.SimpleString, cst.Comparison)):
            return [Link(method, (cst.Arg(value),))]
        return Decline(f"it can't be told whether {name}={spelled} is one thing or a list of them", Severity.REMOVED)
    if name in {"whereclause", "having"}:
        return [Link(method, (criteria.argument(value, given.before, here),))]
    return [Link(method, (cst.Arg(value),))]


def _is_table(kind: Type) -> bool:
    return isinstance(kind, TableValue) and not kind.collection


def _is_join(value: cst.BaseExpression, here: Context) -> bool:
    """Whether a name holds nothing but joins: `users.outerjoin(orders)`."""
    values = criteria.assigned(value.value, here) if isinstance(value, cst.Name) else []
    joins = {"join", "outerjoin", "alias"}
    return bool(values) and all(
        isinstance(v, cst.Call) and isinstance(v.func, cst.Attribute) and v.func.attr.value in joins for v in values
    )


def _locked(value: cst.BaseExpression) -> list[Link] | Decline:
    options = {
        "'read'": ("read",), '"read"': ("read",), "'nowait'": ("nowait",), '"nowait"': ("nowait",),
        "'read_nowait'": ("read", "nowait"), '"read_nowait"': ("read", "nowait"),
    }.get(names.code(value))  # fmt: skip
    if options is None:
        return Decline("for_update= is decided at run time; use with_for_update()", Severity.REMOVED)
    equal = cst.AssignEqual(_NOTHING, _NOTHING)
    return [Link("with_for_update", tuple(cst.Arg(cst.Name("True"), cst.Name(o), equal=equal) for o in options))]


def _element(element: cst.BaseElement) -> cst.Arg:
    return cst.Arg(element.value, star="*" if isinstance(element, cst.StarredElement) else "")


def flattened(value: cst.List | cst.Tuple) -> list[cst.Arg]:
    """The elements of a list as arguments."""
    return [_element(element) for element in value.elements]
