"""Where a column or a relationship stands in a class body: alone, inside `deferred()`, or in a `declared_attr`."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from translator.model.sites import Site

_BLOCKS = (cst.If, cst.Else, cst.Try, cst.With, cst.IndentedBlock, cst.SimpleStatementLine, cst.ClassDef)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """An assignment in a class body: `name = Column(…)`, with or without an annotation."""

    owner: cst.ClassDef
    name: str
    statement: cst.Assign | cst.AnnAssign
    ancestors: tuple[int, ...]
    """Of the statement."""
    wrapper: cst.Call | None
    """The `deferred(…)` around the call."""

    @property
    def annotation(self) -> cst.BaseExpression | None:
        """The annotation that it has."""
        return self.statement.annotation.annotation if isinstance(self.statement, cst.AnnAssign) else None


def place_of(site: Site) -> Place | None:
    """The assignment that a call is the value of, in a class body; None where it stands anywhere else."""
    around = list(site.around)
    if not around:
        return None
    outer = around[-1]
    wrapper = outer if isinstance(outer, cst.Call) and outer.args and outer.args[0].value is site.node else None
    if wrapper is not None:
        around.pop()
    value = site.node if wrapper is None else wrapper
    statement = around[-1] if around else None
    if not isinstance(statement, (cst.Assign, cst.AnnAssign)) or statement.value is not value:
        return None
    owner = next((n for n in reversed(around[:-1]) if not isinstance(n, _BLOCKS) or isinstance(n, cst.ClassDef)), None)
    if not isinstance(owner, cst.ClassDef):
        return None
    targets = [t.target for t in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], cst.Name):
        return None
    return Place(owner, targets[0].value, statement, site.ancestors[: len(around) - 1], wrapper)
