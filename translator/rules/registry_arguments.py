"""`registry(metadata)` names its arguments, `registry(metadata=metadata)`: 2.x takes them by keyword only.

`_bind`, which tied the tables of its classes to an engine, is gone.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract, dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = (
    "from sqlalchemy import MetaData\nfrom sqlalchemy.orm import registry\n\n"
    "tables = MetaData()\nmapper_registry = registry(tables, _bind=None)\nsame = mapper_registry.metadata is tables"
)
AFTER = BEFORE.replace("tables, _bind=None", "metadata=tables")
ON = on_call("registry")

_FULL = "sqlalchemy.orm.registry"
_POSITIONAL = ("metadata", "class_registry", "constructor", "_bind")
_GONE = {"_bind": ("None",)}


def rewrite(site: Site, here: Context) -> Outcome:
    """Name what is given by its place; take out the bind that is none."""
    call = cst.ensure_type(site.node, cst.Call)
    if site.name != _FULL:
        return None
    placed = sum(arg.keyword is None and not arg.star for arg in call.args)
    harmless, meant = dropping.given(call, _GONE)
    if meant or placed > _POSITIONAL.index("_bind"):
        said = "registry(_bind=…) is gone from 2.0: execute on the engine, or give it to the session"
        return Decline(said, Severity.REMOVED)
    if names.starred(call) or not (placed or harmless):
        return None

    def build(updated: cst.Call) -> Replacement:
        args = [
            arg.with_changes(keyword=cst.Name(_POSITIONAL[at]), equal=_equal()) if arg.keyword is None else arg
            for at, arg in enumerate(updated.args)
        ]
        return updated.with_changes(args=dropping.without(args, harmless))

    return Rewrite((edit(site, build),), "a registry takes its arguments by keyword, and no engine", Need.REQUIRED)


def _equal() -> cst.AssignEqual:
    return cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
