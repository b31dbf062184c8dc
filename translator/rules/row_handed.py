"""A row is handed as its mapping to a function that looks up names in it, and that is handed other things elsewhere.

Such a function takes rows, dicts or objects with items: its body can't be written for rows alone. What is handed can.
Rows that are returned or kept for code that is not in sight are flagged, where the text looks names up in rows at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Function, Row
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.rules.row_mappings import as_mapping, as_mapping_of_either
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#result-rows-act-like-named-tuples"
BEFORE = (
    "def _name(found):\n    return dict(found)['name']\n\n\n"
    "conn = engine.connect()\n"
    "row = conn.execute(text('SELECT name FROM users')).first()\n"
    "shown = [_name(row), _name({'name': 'x'})]"
)
AFTER = (
    "def _name(found):\n    return dict(found)['name']\n\n\n"
    "conn = engine.connect()\n"
    "row = conn.execute(text('SELECT name FROM users')).first()\n"
    "shown = [_name(row._mapping), _name({'name': 'x'})]"
)
ON = on_member("Row.handed", "Row.mixed", "Row.kept", "Row.shared", "Row.passed", "Row.returned")
_THERE = 'there row["name"], dict(row) and row.keys() become row.name, row._mapping and row._mapping.keys()'
_TUPLES = frozenset(
    {"len", "str", "repr", "print", "isinstance", "type", "id", "bool", "hash", "tuple", "list", "set", "iter", "enumerate",
     "sorted", "reversed", "sum", "min", "max", "any", "all", "zip"}
)  # fmt: skip
"""Functions to which a row is the tuple that it still is."""
_BY_NAME = frozenset({"keys", "values", "items", "get", "has_key", "iteritems", "iterkeys", "itervalues"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Hand the mapping over where only names are looked up there; say where rows go that can't be followed."""
    match site.name.partition(".")[2]:
        case "mixed":
            return Decline(
                "rows are returned here and something else on another path: a caller that looks names up finds them in "
                "row._mapping of a row only; return one kind, e.g. [row._mapping for row in rows]"
            )
        case "kept":
            return Decline(f"rows are kept here for code that is not followed; {_THERE}")
        case "shared":
            return Decline(f"several functions bind `{names.code(site.node)}`, which holds a row here; {_THERE}")
        case "passed":
            return Decline(f"rows are passed to a function that is not in sight; {_THERE}", Severity.NOTE)
        case "returned":
            return Decline(f"rows are returned to callers that are not in sight; {_THERE}", Severity.NOTE)
    assert isinstance(site.result, Function)
    assert isinstance(site.receiver, Row)
    function = _definition(here.model.tree, site.result.key)
    if function is None:
        return None
    uses = set(_uses(function.body, site.result.name, ()))
    if uses.isdisjoint({"name", "on"}):
        return None
    if uses != {"name"}:
        return Decline(
            f"a row is handed to `{function.name.value}()` here and something else elsewhere, and it looks up names there or "
            "hands it on: a row has its names in row._mapping; hand that over, or write the function for both"
        )
    safety = Safety.SAFE if here.model.proven(site.receiver) and not site.receiver.told else Safety.REVIEW
    if site.receiver.shared:
        if names.dotted(site.node) is None:
            return Decline(f"what is handed to `{function.name.value}()` here may be a row; hand its _mapping over")
        return Rewrite(
            (Edit(site.node, site.ancestors, as_mapping_of_either),),
            "the function looks up names; rows come here, and perhaps dicts or objects: only a Row has a _mapping",
            Need.REQUIRED,
            Safety.REVIEW,
        )
    return Rewrite(
        (Edit(site.node, site.ancestors, as_mapping),),
        "the function looks up names, which a Row has in its _mapping",
        Need.REQUIRED,
        safety,
    )


def _definition(node: cst.CSTNode, key: int) -> cst.FunctionDef | None:
    if isinstance(node, cst.FunctionDef) and id(node) == key:
        return node
    if isinstance(node, (cst.BaseExpression, cst.BaseSmallStatement)):
        return None
    return next((found for child in node.children if (found := _definition(child, key)) is not None), None)


def _uses(node: cst.CSTNode, name: str, parents: tuple[cst.CSTNode, ...]) -> Iterator[str]:
    """How a parameter is used: "name" where names are looked up in it, "on" where it is handed on, "?" otherwise."""
    if isinstance(node, cst.Name) and node.value == name:
        parent, outer = parents[-1], parents[-2] if len(parents) > 1 else None
        match parent:
            case cst.Attribute() if parent.attr is node:
                return
            case cst.Arg() if parent.keyword is node:
                return
            case cst.Subscript() if parent.value is node:
                index = parent.slice[0].slice
                text = isinstance(index, cst.Index) and names.literal_string(index.value) is not None
                yield "name" if text else "?"
            case cst.Attribute() if isinstance(outer, cst.Call) and parent.attr.value in _BY_NAME:
                yield "name"
            case cst.Arg() if parent.star == "**":
                yield "name"
            case cst.Arg() if isinstance(outer, cst.Call) and names.dotted(outer.func) == "dict":
                yield "name"
            case cst.Arg() if isinstance(outer, cst.Call) and names.dotted(outer.func) not in _TUPLES:
                yield "on"
            case _:
                yield "?"
        return
    for child in node.children:
        yield from _uses(child, name, (*parents, node))
