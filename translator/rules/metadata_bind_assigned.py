"""`metadata.bind = engine` is left out: a MetaData knows no engine.

What found the engine through it in the same function is given it by rules of its own. Where one of these can't be, or the
MetaData goes where it is not followed, the line stays and is flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety
from translator.model.sites import Site
from translator.rules import contract, in_place, metadata_uses
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.rules.metadata_bind import FINDS_IT
from translator.rules.metadata_create import BOUND
from translator.syntax import blocks, names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = (
    "def upgrade(engine):\n    meta = MetaData()\n    meta.bind = engine\n"
    "    things = Table('things', meta, Column('id', Integer, primary_key=True))\n    things.create()"
)
AFTER = (
    "def upgrade(engine):\n    meta = MetaData()\n"
    "    things = Table('things', meta, Column('id', Integer, primary_key=True))\n    things.create(engine)"
)
ON = on_member("MetaData.bind=")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the line out."""
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    line = site.around[-2] if len(site.around) > 1 else None
    target = cst.ensure_type(site.node, cst.Attribute).value
    if function is None or not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return BOUND
    if (
        not isinstance(target, cst.Name)
        or not _made_here(function, target.value, here)
        or not metadata_uses.followed(function, target.value)
        or _stuck(site, here, function)
    ):
        return BOUND
    scope = function if _local(function, target.value) else here.model.tree
    found = metadata_uses.needed(scope, target.value, here.model)
    if found is not None:
        return found
    at = next(i for i, node in enumerate(site.around) if node is line)
    row = blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree)
    place = next((i for i, other in enumerate(row) if other is line), None)
    if place is None or (_commented(line) and place + 1 == len(row)):
        return BOUND
    edits = [Edit(line, site.ancestors[:at], _pass if len(row) == 1 else _nothing)]
    if _commented(line):
        edits.append(Edit(row[place + 1], site.ancestors[:at], _with_lines(line.leading_lines)))
    safety = Safety.SAFE if here.model.about_sqlalchemy else Safety.REVIEW
    return Rewrite(tuple(edits), "a MetaData knows no engine in 2.0; what needs it is given it", Need.REQUIRED, safety)


def _made_here(function: cst.FunctionDef, name: str, here: Context) -> bool:
    """Whether the function or the module makes the MetaData: another's may be used elsewhere with the engine it got."""
    return _local(function, name) or (name in here.model.bound_names and name not in in_place.parameters(function))


def _local(function: cst.FunctionDef, name: str) -> bool:
    return any(isinstance(parents[-1], cst.AssignTarget) for parents in metadata_uses.uses(function.body, name, ()))


def _stuck(site: Site, here: Context, function: cst.FunctionDef) -> bool:
    """Whether something finds an engine by itself, and can't be given it: anywhere, if the MetaData is not local."""
    name = names.code(cst.ensure_type(site.node, cst.Attribute).value)
    local = _local(function, name)
    return any(
        isinstance(FINDS_IT[other.name](other, Context(here.model, here.options)), Decline)
        for other in here.model.sites
        if other.name in FINDS_IT and (not local or id(function) in other.ancestors)
    )


def _commented(line: cst.SimpleStatementLine) -> bool:
    return any(empty.comment is not None for empty in line.leading_lines)


def _nothing(node: cst.CSTNode) -> Replacement:
    return cst.RemoveFromParent()


def _pass(node: cst.CSTNode) -> Replacement:
    return cst.ensure_type(node, cst.SimpleStatementLine).with_changes(body=[cst.Pass()])


def _with_lines(lines: Sequence[cst.EmptyLine]) -> Callable[[cst.CSTNode], Replacement]:
    """Keeps the comments of a line that goes above the one that follows."""

    def build(node: cst.CSTNode) -> Replacement:
        return node.with_changes(leading_lines=[*lines, *getattr(node, "leading_lines", ())])

    return build
