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
from translator.rules.row_mappings import as_mapping, as_mapping_of_either, mapping, mapping_of_either
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
ON = on_member(
    "Row.[]",
    "Row.in",
    "Row.dict",
    "Row.**",
    "Row.has_key",
    "Row.mapped",
    "Row.itemgetter",
    "Row.hasattr",
    "Row.getattr",
    *(f"Row.{name}" for name in _VIEWS),
)

_OWN = frozenset({"count", "index", "t", "tuple", "keys", "values", "items", "has_key", "add"})
"""Attributes of a Row, now or in 1.4, that hide a column of the same name."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Go through the row's mapping."""
    row = site.receiver
    assert isinstance(row, Row)
    member, _, asked = site.name.partition(".")[2].partition(":")
    if asked == "has_key":
        return Decline("a Row has no has_key() in 2.0: write `name in row._mapping`", Severity.REMOVED)
    if row.shared:
        return _of_either(site, member)
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
    if member == "itemgetter":
        wanted = _wanted(cst.ensure_type(site.node, cst.Call))
        if all(isinstance(value, int) for value in wanted):
            return None
        if not all(isinstance(value, (int, str)) for value in wanted):
            return Decline("it can't be told whether itemgetter() is given names or numbers, which still work")
    if member in {"values", "items"} and not _is_walked(site):
        change = Edit(site.node, site.ancestors, _listed)
        return Rewrite((change,), "these were lists of the row's, and are views of its _mapping", Need.REQUIRED)
    safety = Safety.SAFE if here.model.proven(row) and not row.told else Safety.REVIEW
    change = Edit(site.node, site.ancestors, _BUILDS.get(member, as_mapping))
    return Rewrite((change,), _reason(member), Need.REQUIRED, safety)


def _of_either(site: Site, member: str) -> Outcome:
    """Where rows come and perhaps other values, dicts or objects: ask for the mapping, which only a row has."""
    node = site.node
    if member in _VIEWS and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and _is_walked(site):
        owner: cst.CSTNode | None = node.func.value
    else:
        owner = node if member in {"dict", "**", "hasattr", "getattr"} else None
    if not isinstance(owner, (cst.Name, cst.Attribute)) or names.dotted(owner) is None:
        return Decline(
            "rows come here, and perhaps other values from callers elsewhere or on other paths: a row has its names in "
            "row._mapping, a dict has not"
        )
    return Rewrite(
        (Edit(node, site.ancestors, _view_of_either if member in _VIEWS else as_mapping_of_either),),
        "rows come here, and perhaps dicts or objects: only a Row has a _mapping",
        Need.REQUIRED,
        Safety.REVIEW,
    )


def _view_of_either(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    func = cst.ensure_type(call.func, cst.Attribute)
    return call.with_changes(func=func.with_changes(value=mapping_of_either(func.value)))


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


def _subscript(node: cst.CSTNode) -> cst.BaseExpression:
    subscript = cst.ensure_type(node, cst.Subscript)
    item = subscript.slice[0].slice
    name = names.literal_string(item.value) if isinstance(item, cst.Index) else None
    if name and name.isidentifier() and name[0] != "_" and name not in _OWN and not keyword.iskeyword(name):
        return cst.Attribute(subscript.value, cst.Name(name), lpar=subscript.lpar, rpar=subscript.rpar)
    return subscript.with_changes(value=mapping(subscript.value))


def _membership(node: cst.CSTNode) -> Replacement:
    comparison = cst.ensure_type(node, cst.Comparison)
    targets = [
        target.with_changes(comparator=mapping(target.comparator))
        if isinstance(target.operator, (cst.In, cst.NotIn))
        else target
        for target in comparison.comparisons
    ]
    return comparison.with_changes(comparisons=targets)


def _view(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    func = cst.ensure_type(call.func, cst.Attribute)
    name = func.attr.with_changes(value=_VIEWS[func.attr.value])
    return call.with_changes(func=func.with_changes(value=mapping(func.value), attr=name))


_WALKING = frozenset(
    {"dict", "list", "set", "tuple", "frozenset", "sorted", "zip", "enumerate", "map", "filter", "sum", "min", "max", "any",
     "all", "len", "join", "iter", "OrderedDict", "extend", "update", "chain", "writerow"}
)  # fmt: skip
"""Functions to which a list and a view are the same."""


def _is_walked(site: Site) -> bool:
    """Whether `row.items()` stands where a view does what a list did."""
    node, parent = site.node, site.parent
    match parent:
        case cst.For():
            return parent.iter is node
        case cst.Call():
            called = parent.func.attr.value if isinstance(parent.func, cst.Attribute) else names.dotted(parent.func)
            return any(arg.value is node and (arg.star == "*" or called in _WALKING) for arg in parent.args)
        case cst.Comparison():
            return any(t.comparator is node and isinstance(t.operator, (cst.In, cst.NotIn)) for t in parent.comparisons)
        case cst.BaseComp():
            clause: cst.CompFor | None = parent.for_in
            while clause is not None and clause.iter is not node:
                clause = clause.inner_for_in
            return clause is not None
        case cst.Assign():
            return all(isinstance(target.target, (cst.Tuple, cst.List)) for target in parent.targets)
    return False


def _listed(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    view = cst.ensure_type(_view(call), cst.Call)
    return cst.Call(cst.Name("list"), [cst.Arg(view.with_changes(lpar=[], rpar=[]))], lpar=call.lpar, rpar=call.rpar)


def _wanted(call: cst.Call) -> list[object]:
    """What `itemgetter(…)` gets, None where that is not in sight."""
    return [names.literal(arg.value) if arg.keyword is None and not arg.star else None for arg in call.args]


def _getter(node: cst.CSTNode) -> Replacement:
    found: list[cst.BaseExpression] = []
    for arg in cst.ensure_type(node, cst.Call).args:
        item = cst.Subscript(cst.Name("row"), [cst.SubscriptElement(cst.Index(arg.value))])
        found.append(item if isinstance(names.literal(arg.value), int) else _subscript(item))
    if len(found) == 1:
        return _lambda(found[0])
    return _lambda(cst.Tuple([cst.Element(value) for value in found], [cst.LeftParen()], [cst.RightParen()]))


def _of_each(node: cst.CSTNode) -> Replacement:
    function = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
    return _lambda(cst.Call(function, [cst.Arg(mapping(cst.Name("row")))]))


def _lambda(body: cst.BaseExpression) -> cst.Lambda:
    return cst.Lambda(cst.Parameters([cst.Param(cst.Name("row"))]), body)


def _has_key(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    row = mapping(cst.ensure_type(call.func, cst.Attribute).value)
    lpar, rpar = call.lpar or [cst.LeftParen()], call.rpar or [cst.RightParen()]
    return cst.Comparison(call.args[0].value, [cst.ComparisonTarget(cst.In(), row)], lpar=lpar, rpar=rpar)


_BUILDS = {
    "hasattr": as_mapping_of_either,  # where there is no row, it is None that is asked
    "getattr": as_mapping_of_either,
    "mapped": _of_each,
    "itemgetter": _getter,
    "[]": _subscript,
    "in": _membership,
    "has_key": _has_key,
    **dict.fromkeys(_VIEWS, _view),
}
