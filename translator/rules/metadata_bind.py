"""A MetaData knows no engine: `MetaData(bind=engine)` loses the argument.

What relied on it in sight (`create_all()`, `Table(autoload=True)`, `stmt.execute()`) is given the engine by rules of its
own; what relied on it elsewhere must be given one there.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model import binds
from translator.model.sites import Site
from translator.rules import (
    contract,
    dropping,
    engine_inspection,
    metadata_create,
    metadata_uses,
    statement_execute,
    table_autoload,
)
from translator.rules.contract import Apply, Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = "engine = create_engine('sqlite://')\nmeta = MetaData(bind=engine)\nmeta.create_all()"
AFTER = "engine = create_engine('sqlite://')\nmeta = MetaData()\nmeta.create_all(engine)"
_DDL = (
    "DDL", "CreateTable", "DropTable", "CreateIndex", "DropIndex", "CreateSequence", "DropSequence", "CreateSchema",
    "DropSchema",
)  # fmt: skip
ON = on_call("MetaData", "declarative_base", "text", "ThreadLocalMetaData", *_DDL)


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the engine out."""
    call = cst.ensure_type(site.node, cst.Call)
    function = site.name.rpartition(".")[2]
    positional = function == "MetaData" and bool(names.positional(call)) and not call.args[0].star
    bind = names.keyword(call, "bind")
    if function == "DDL" and names.keyword(call, "on") is not None:
        return Decline("DDL(on=…) is gone: write DDL(…).execute_if(dialect=…)", Severity.REMOVED)
    reflected = names.keyword(call, "reflect")
    if reflected is not None and names.code(reflected) != "False":
        return Decline("MetaData(reflect=True) is gone: call reflect(engine)", Severity.REMOVED)
    if bind is None and not positional:
        return None

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)[1:] if positional else dropping.without(updated.args, {"bind", "reflect"})
        return updated.with_changes(args=args)

    given = bind if bind is not None else call.args[0].value
    if (stuck := _stuck(site, here)) is not None:
        return Decline(
            f"{function}() knows no engine in 2.0, and something that finds it here can't be given it: {stuck.cause}",
            Severity.REMOVED,
        )
    inside = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    local = inside is not None
    bound = function == "MetaData" and names.code(given) != "None"
    if bound and (found := metadata_uses.needed(inside or here.model.tree, _assigned(site), here.model)) is not None:
        return found
    statement = function == "text" or function in _DDL
    safe = local or statement or names.code(given) == "None"
    leaves = statement and isinstance(site.parent, (cst.Return, cst.Lambda, cst.Yield))
    return Rewrite(
        (edit(site, build),),
        f"{function}() knows no engine in 2.0; what is executed or created is given one",
        Need.REQUIRED,
        Safety.SAFE if safe else Safety.REVIEW,
        remarks=(_LEAVES,) if leaves else (_HANDED,) if _handed(site) else (),
    )


def _handed(site: Site) -> bool:
    """Whether a MetaData that a function makes goes to code that may find the engine through it."""
    if not site.name.endswith("MetaData"):
        return False
    if isinstance(site.parent, (cst.Return, cst.Yield)):
        return True
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    assign = site.parent
    if function is None or not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return False
    name = assign.targets[0].target
    return isinstance(name, cst.Name) and not metadata_uses.followed(function, name.value)


_HANDED = Decline(
    "this MetaData brought its engine along, and goes to code that is not followed: what creates, drops or reflects tables "
    "there must be given the engine: create(engine), create_all(engine), autoload_with=engine",
    Severity.REMOVED,
)


_LEAVES = Decline(
    "this statement brought its engine along: whoever receives it must execute it on a connection, not by execute() of "
    "its own",
    Severity.REMOVED,
)


def _stuck(site: Site, here: Context) -> Decline | None:
    """The first of those that find this engine in sight that can't be given it."""
    bind = binds.bind_of(here.model.type_of(cst.ensure_type(site.node, cst.Call)))
    if bind is None:
        return None
    for other in here.model.sites:
        rule = FINDS_IT.get(other.name)
        kinds = other.arguments if other.name.endswith(".Table") else (other.receiver,)
        found = next(filter(None, map(binds.bind_of, kinds)), None)
        if rule is None or found is None or (found.text, found.binding) != (bind.text, bind.binding):
            continue
        outcome = rule(other, Context(here.model, here.options))
        if isinstance(outcome, Decline):
            return outcome
    return None


FINDS_IT: dict[str, Apply] = {
    **dict.fromkeys(metadata_create.ON.names, metadata_create.rewrite),
    **dict.fromkeys(statement_execute.ON.names, statement_execute.rewrite),
    # Those that find the engine by themselves, and the rules that give it to them.
    **dict.fromkeys(("sqlalchemy.Table", "sqlalchemy.schema.Table"), table_autoload.rewrite),
    "Table.exists": engine_inspection.rewrite,
}


def _assigned(site: Site) -> str | None:
    """The name that a MetaData gets where it is made."""
    line = site.parent
    target = line.targets[0].target if isinstance(line, cst.Assign) else None
    return target.value if isinstance(target, cst.Name) else None
