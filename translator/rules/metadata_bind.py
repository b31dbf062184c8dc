"""A MetaData knows no engine: `MetaData(bind=engine)` loses the argument.

What relied on it in sight (`create_all()`, `Table(autoload=True)`, `stmt.execute()`) is given the engine by rules of its
own; what relied on it elsewhere must be given one there.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.rules import contract, dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = "engine = create_engine('sqlite://')\nmeta = MetaData(bind=engine)\nmeta.create_all()"
AFTER = "engine = create_engine('sqlite://')\nmeta = MetaData()\nmeta.create_all(engine)"
ON = on_call("MetaData", "declarative_base", "DDL", "text", "ThreadLocalMetaData")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the engine out."""
    call = cst.ensure_type(site.node, cst.Call)
    function = site.name.rpartition(".")[2]
    positional = function == "MetaData" and bool(names.positional(call)) and not call.args[0].star
    bind = names.keyword(call, "bind")
    reflected = names.keyword(call, "reflect")
    if reflected is not None and names.code(reflected) != "False":
        return Decline("MetaData(reflect=True) is gone: call reflect(engine)", Severity.REMOVED)
    if bind is None and not positional:
        return None

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)[1:] if positional else dropping.without(updated.args, {"bind", "reflect"})
        return updated.with_changes(args=args)

    given = bind if bind is not None else call.args[0].value
    local = any(isinstance(node, cst.FunctionDef) for node in site.around)
    safe = local or names.code(given) == "None" or function in {"DDL", "text"}
    return Rewrite(
        (edit(site, build),),
        f"{function}() knows no engine in 2.0; what is executed or created is given one",
        Need.REQUIRED,
        Safety.SAFE if safe else Safety.REVIEW,
    )
