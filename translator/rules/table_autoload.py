"""`Table(…, autoload=True)` says where it reads the table from: `autoload_with=engine`.

With `autoload_with` given, `autoload=True` says nothing more; without, the engine came from a bound MetaData.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import MetaDataValue
from translator.rules import contract, dropping, in_place
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = "engine = create_engine('sqlite://')\nmeta = MetaData(engine)\nusers = Table('users', meta, autoload=True)"
AFTER = "engine = create_engine('sqlite://')\nmeta = MetaData()\nusers = Table('users', meta, autoload_with=engine)"
ON = on_call("Table")
_RENAMED = {"mustexist": "must_exist", "useexisting": "extend_existing"}


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the engine; use the names of 2.0."""
    call = cst.ensure_type(site.node, cst.Call)
    given = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    renamed = [name for name in _RENAMED if name in given]
    autoload = given.get("autoload")
    if autoload is None:
        return _rewritten(site, renamed, None, drop=()) if renamed else None
    if names.code(autoload) not in {"True", "False", "1", "0"}:
        return Decline("autoload= is decided at run time; give autoload_with= where it is true", Severity.REMOVED)
    metadata = site.arguments[1] if len(site.arguments) > 1 else None
    bind = metadata.bind if isinstance(metadata, MetaDataValue) else None
    if "autoload_with" in given or names.code(autoload) in {"False", "0"}:
        return _rewritten(site, renamed, None, drop=("autoload",))
    if bind is None or not bind.stable:
        return Decline(_UNBOUND + _whence(site, call), Severity.REMOVED)
    return _rewritten(site, renamed, bind.text, drop=())


_UNBOUND = (
    "Table(autoload=True) found its engine through a bound MetaData, which 2.0 has not: give autoload_with=engine"
)


def _whence(site: Site, call: cst.Call) -> str:
    """Where the engine has to come from, if the MetaData is a parameter."""
    given = names.positional(call)
    path = names.dotted(given[1].value) if len(given) > 1 else None
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    if path is None or function is None or path not in in_place.parameters(function):
        return ""
    return f"; `{path}` is a parameter, so let whoever calls `{function.name.value}()` hand over the engine, too"


def _rewritten(site: Site, renamed: list[str], bind: str | None, *, drop: tuple[str, ...]) -> Rewrite:
    def build(updated: cst.Call) -> Replacement:
        args = []
        for arg in dropping.without(updated.args, drop):
            name = arg.keyword.value if arg.keyword is not None else ""
            if name in renamed:
                arg = arg.with_changes(keyword=cst.Name(_RENAMED[name]))
            elif name == "autoload" and bind is not None:
                arg = arg.with_changes(keyword=cst.Name("autoload_with"), value=cst.parse_expression(bind))
            args.append(arg)
        return updated.with_changes(args=args)

    need = Need.STYLE if renamed and not drop and bind is None else Need.REQUIRED
    return Rewrite((edit(site, build),), "a Table is told the engine it is read from", need)
