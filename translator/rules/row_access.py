"""A Row is a named tuple: names are looked up as attributes, or in its `_mapping`.

1.x rows were both tuples and mappings. In 2.0 `row["name"]`, `row.keys()` and `dict(row)` raise, and `"name" in row` looks
at values. Only values that are rows for certain are changed: a mapped object or a dict may have an item access of its own.
"""

from __future__ import annotations

import keyword

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Attribute, Expression, Plain, Row
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#result-rows-act-like-named-tuples"
BEFORE = (
    "conn = engine.connect()\n"
    "row = conn.execute(text('SELECT id, name FROM users')).first()\n"
    "name = row['name']\n"
    "as_dict = dict(row)\n"
    "known = 'id' in row"
)
AFTER = (
    "conn = engine.connect()\n"
    "row = conn.execute(text('SELECT id, name FROM users')).first()\n"
    "name = row.name\n"
    "as_dict = dict(row._mapping)\n"
    "known = 'id' in row._mapping"
)
_VIEWS = {
    "keys": "keys", "values": "values", "items": "items", "iterkeys": "keys", "itervalues": "values",
    "iteritems": "items",
}  # fmt: skip
ON = on_member("Row.[]", "Row.in", "Row.dict", "Row.**", "Row.has_key", *(f"Row.{name}" for name in _VIEWS))

_OWN = frozenset({"count", "index", "t", "tuple", "keys", "values", "items", "has_key", "add"})
"""Attributes of a Row, now or in 1.4, that hide a column of the same name."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Go through the row's mapping."""
    row = site.receiver
    assert isinstance(row, Row)
    member = site.name.partition(".")[2]
    if row.shared:
        return Decline(
            "this parameter is given rows, and perhaps other values by callers elsewhere: a row has its names in "
            "row._mapping, a dict has not",
        )
    if member == "in" and not row.keyed:
        return (
            None
            if row.keyed is False
            else Decline(
                "`in` looked at the keys of this row in 1.x if it came from an engine without future=True, else at its "
                "values, as 2.0 does; write row._mapping or a tuple"
            )
        )
    if member == "[]" and (declined := _index(site)) is not None:
        return declined
    safety = Safety.SAFE if here.model.proven(row) and not row.told else Safety.REVIEW
    change = Edit(site.node, site.ancestors, _BUILDS.get(member, _as_mapping))
    return Rewrite((change,), _reason(member), Need.REQUIRED, safety)


def _index(site: Site) -> Decline | None:
    kind = site.arguments[0]
    if (isinstance(kind, Plain) and kind.text) or isinstance(kind, (Attribute, Expression)):
        return None
    if isinstance(kind, Plain):
        return Decline("the index is no name and no number", Severity.NOTE)
    return Decline(
        "it can't be told whether this index is a number, which still works, or a name, which is looked up in row._mapping"
    )


def _reason(member: str) -> str:
    if member == "in":
        return "`in` looks at a row's values in 2.0; it looked at its keys"
    return "a Row is a named tuple: its names are attributes, and keys of its _mapping"


def _mapping(node: cst.BaseExpression) -> cst.Attribute:
    if not isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) and not node.lpar:
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.Attribute(node, cst.Name("_mapping"))


def _as_mapping(node: cst.CSTNode) -> Replacement:
    return _mapping(cst.ensure_type(node, cst.BaseExpression))  # type: ignore[type-abstract]


def _subscript(node: cst.CSTNode) -> Replacement:
    subscript = cst.ensure_type(node, cst.Subscript)
    item = subscript.slice[0].slice
    name = names.literal_string(item.value) if isinstance(item, cst.Index) else None
    if name and name.isidentifier() and name[0] != "_" and name not in _OWN and not keyword.iskeyword(name):
        return cst.Attribute(subscript.value, cst.Name(name), lpar=subscript.lpar, rpar=subscript.rpar)
    return subscript.with_changes(value=_mapping(subscript.value))


def _membership(node: cst.CSTNode) -> Replacement:
    comparison = cst.ensure_type(node, cst.Comparison)
    targets = [
        target.with_changes(comparator=_mapping(target.comparator))
        if isinstance(target.operator, (cst.In, cst.NotIn))
        else target
        for target in comparison.comparisons
    ]
    return comparison.with_changes(comparisons=targets)


def _view(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    func = cst.ensure_type(call.func, cst.Attribute)
    name = func.attr.with_changes(value=_VIEWS[func.attr.value])
    return call.with_changes(func=func.with_changes(value=_mapping(func.value), attr=name))


def _has_key(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    row = _mapping(cst.ensure_type(call.func, cst.Attribute).value)
    lpar, rpar = call.lpar or [cst.LeftParen()], call.rpar or [cst.RightParen()]
    return cst.Comparison(call.args[0].value, [cst.ComparisonTarget(cst.In(), row)], lpar=lpar, rpar=rpar)


_BUILDS = {"[]": _subscript, "in": _membership, "has_key": _has_key, **dict.fromkeys(_VIEWS, _view)}
