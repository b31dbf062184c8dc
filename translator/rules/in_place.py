"""Who else holds a statement that is changed in place: shared by rules for `append_*()`. No rule itself.

`stmt.append_whereclause(…)` changed the statement for everyone; `stmt = stmt.where(…)` changes what one name means. The
two are the same only where the name was given a new statement in the same function, and nobody else had got hold of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import libcst as cst

from translator.model.sites import Site
from translator.model.types import Function
from translator.rules.contract import Context
from translator.syntax import names

_EMBEDDING = frozenset(
    {"alias", "subquery", "as_scalar", "scalar_subquery", "label", "cte", "exists", "lateral", "union", "union_all",
     "except_", "except_all", "intersect", "intersect_all", "c", "columns", "select", "correspond_on_equivalents"}
)  # fmt: skip
"""Members that give something which holds the statement itself, and would change with it."""
_READING = frozenset(
    {"execute", "scalar", "scalars", "print", "str", "isinstance", "type", "bool", "repr", "fetch_all"}
)
"""Functions that look at a statement and keep nothing of it."""
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


class Use(Enum):
    """What one mention of the name does."""

    BOUND = "it is given a new statement"
    SHARED = "somebody else has the statement, too"
    LOOKED_AT = "nothing is kept of it"


def owned(site: Site, here: Context, path: str) -> bool:
    """Whether nobody but a name (or an attribute) holds the statement that is changed at a site."""
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    body: cst.CSTNode = function.body if function is not None else here.model.tree
    if "." not in path and function is not None and path in parameters(function):
        return False
    if "." in path and not _bound_before(site, path):
        return False
    uses = list(_uses(body, path, here, (), site.node))
    at = next((i for i, use in enumerate(uses) if use is None), None)
    if at is None or not any(use is Use.BOUND for use in uses[:at]):
        return False
    loop = any(isinstance(node, (cst.For, cst.While)) for node in _within(site, function))
    return Use.SHARED not in (uses if loop else uses[:at])


def parameters(function: cst.FunctionDef) -> frozenset[str]:
    """The names of a function's parameters."""
    given = function.params
    every = [*given.posonly_params, *given.params, *given.kwonly_params, given.star_arg, given.star_kwarg]
    return frozenset(param.name.value for param in every if isinstance(param, cst.Param))


def _bound_before(site: Site, path: str) -> bool:
    """Whether an attribute is given its value in a block around the site: not e.g. in an `if` that may not run."""
    for block in site.around:
        lines = block.body if isinstance(block, cst.IndentedBlock) else getattr(block, "body", ())
        lines = lines.body if isinstance(lines, cst.IndentedBlock) else lines
        for line in lines if isinstance(lines, (list, tuple)) else ():
            small = line.body if isinstance(line, cst.SimpleStatementLine) else ()
            for one in small:
                if isinstance(one, cst.Assign) and any(names.dotted(t.target) == path for t in one.targets):
                    return True
    return False


def _within(site: Site, function: cst.FunctionDef | None) -> list[cst.CSTNode]:
    around = list(site.around)
    return around[around.index(function) :] if function is not None else around


def _uses(
    node: cst.CSTNode, path: str, here: Context, parents: tuple[cst.CSTNode, ...], site: cst.CSTNode
) -> Iterator[Use | None]:
    """What each mention of the name does, in order; None for the site itself."""
    if isinstance(node, cst.Assign):  # the value comes before the targets
        for child in (node.value, *node.targets):
            yield from _uses(child, path, here, (*parents, node), site)
        return
    if isinstance(node, (cst.Name, cst.Attribute)) and names.dotted(node) == path:
        yield _use(node, here, parents, site)
        return
    for child in node.children:
        yield from _uses(child, path, here, (*parents, node), site)


def _use(node: cst.CSTNode, here: Context, parents: tuple[cst.CSTNode, ...], site: cst.CSTNode) -> Use | None:
    if any(isinstance(parent, _SCOPES) for parent in parents):
        return Use.SHARED  # a closure sees what the name means when it runs
    parent, outer = parents[-1], parents[-2] if len(parents) > 1 else None
    match parent:
        case cst.Return():
            return Use.LOOKED_AT  # nothing happens to it any more
        case cst.AssignTarget() if isinstance(outer, cst.Assign):
            new = isinstance(outer.value, cst.Call) and len(outer.targets) == 1
            return Use.BOUND if new and not _given(outer.value, here) else Use.SHARED
        case cst.Attribute() if parent.value is node:
            if outer is site:
                return None
            return Use.SHARED if parent.attr.value in _EMBEDDING else Use.LOOKED_AT
        case cst.Arg() if isinstance(outer, cst.Call):
            function = (names.dotted(outer.func) or "").rpartition(".")[2]
            function = outer.func.attr.value if isinstance(outer.func, cst.Attribute) else function
            return Use.LOOKED_AT if parent.keyword is node or function in _READING else Use.SHARED
    return Use.SHARED


def _given(value: cst.BaseExpression, here: Context) -> bool:
    """Whether a function of the text gives the statement, which may be one that it keeps."""
    return isinstance(value, cst.Call) and isinstance(here.model.type_of(value.func), Function)
