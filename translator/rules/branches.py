"""A name for what a query selects where only some paths re-point it: shared by the rules for that. No rule itself.

`if x: q = q.union(other)` makes later mentions of the class mean the combined statements on that path alone. A name that
holds the class before the branch, and the alias after it, means the right one on both.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.model.sites import Site, SiteKind
from translator.rules.repointing import Place, function_of
from translator.syntax import names

_REPEATING = (cst.For, cst.While, cst.Try, cst.TryStar, cst.Match, cst.With, cst.FunctionDef, cst.ClassDef)
"""What may leave a branch in its middle, or enter it again."""


def before(pivot: Site, later: Sequence[Site]) -> Place | None:
    """Where the class itself is to be given the name that the pivot's branch gives to an alias.

    None where it is not certain that what the later sites look at was re-pointed if and only if the branch was taken: the
    variable that the pivot is assigned to has to be what they begin with, and must hold nothing else from there on.
    """
    function = function_of(pivot)
    start = next((i for i, node in enumerate(pivot.around) if node is function), -1) + 1
    inner = pivot.around[start:]
    first = next((i for i, node in enumerate(inner) if isinstance(node, cst.If)), None)
    variable = _assigned(pivot)
    if first is None or variable is None or any(isinstance(node, _REPEATING) for node in inner):
        return None
    if any(_root(site) != variable for site in later) or not isinstance(function, cst.FunctionDef):
        return None
    if not _Afterwards(variable, pivot.node).keep(function.body):
        return None
    return Place(inner[first], tuple(map(id, pivot.around[: start + first])))


def _assigned(pivot: Site) -> str | None:
    """The variable that a statement gives the pivot's value, where it does nothing else."""
    statement = pivot.around[-1] if pivot.around else None
    if not isinstance(statement, cst.Assign) or statement.value is not pivot.node or len(statement.targets) != 1:
        return None
    return names.dotted(statement.targets[0].target) if isinstance(statement.targets[0].target, cst.Name) else None


def _root(site: Site) -> str | None:
    """The variable that the chain at a site begins with."""
    node = site.node
    if site.kind is SiteKind.SUBSCRIPT and isinstance(node, cst.Subscript):
        node = node.value
    return _variable(node)


def _variable(node: cst.CSTNode) -> str | None:
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    return node.value if isinstance(node, cst.Name) else None


class _Afterwards:
    """Looks at what runs after a statement, in the order of the text: there is no loop around it."""

    def __init__(self, variable: str, target: cst.CSTNode) -> None:
        self.variable = variable
        self.target = target
        self.past = False

    def keep(self, node: cst.CSTNode) -> bool:
        """Whether the variable holds nothing but what is made of itself after the statement."""
        if node is self.target:
            self.past = True
            return True
        if isinstance(node, cst.If) and not self.past and _contains(node, self.target):
            taken = (part for part in (node.body, node.orelse) if part is not None and _contains(part, self.target))
            return all(map(self.keep, taken))
        if self.past and not self._keeps(node):
            return False
        return all(map(self.keep, node.children))

    def _keeps(self, node: cst.CSTNode) -> bool:
        """Whether a node gives the variable nothing else; what is inside it is looked at by itself."""
        if isinstance(node, cst.Assign):
            named = [target.target for target in node.targets if self._names(target)]
            alone = len(node.targets) == 1 and all(isinstance(target, cst.Name) for target in named)
            return not named or (alone and _variable(node.value) == self.variable)
        if isinstance(node, (cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)):
            return not self._names(node.target)
        return not (isinstance(node, _BINDING) and self._names(node))

    def _names(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Name):
            return node.value == self.variable
        return any(map(self._names, node.children))


_BINDING = (
    cst.AsName, cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.Global, cst.Nonlocal, cst.Del, cst.Import, cst.ImportFrom,
    cst.Match,
)  # fmt: skip
"""What may bind a variable, or look at it at another time, by mentioning it."""


def _contains(node: cst.CSTNode, wanted: cst.CSTNode) -> bool:
    return node is wanted or any(_contains(child, wanted) for child in node.children)
