"""`Base.prepare(engine, reflect=True)` of an automap base is `Base.prepare(autoload_with=engine)`.

2.x warns of `engine` and `reflect`; with `autoload_with` it reflects by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.rules import dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_call
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/extensions/automap.html#sqlalchemy.ext.automap.AutomapBase.prepare"
BEFORE = (
    "from sqlalchemy import create_engine\nfrom sqlalchemy.ext.automap import automap_base\n\n"
    "engine = create_engine('sqlite://')\nBase = automap_base()\nBase.prepare(engine, reflect=True)"
)
AFTER = BEFORE.replace("engine, reflect=True", "autoload_with=engine")
ON = on_call("automap_base")


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the engine as 2.0 does, wherever the base is prepared."""
    statement = site.parent
    targets = [t.target for t in statement.targets] if isinstance(statement, cst.Assign) else []
    name = targets[0].value if len(targets) == 1 and isinstance(targets[0], cst.Name) else None
    edits: list[Edit] = []
    for call, around in _prepared(here.model.tree, name or "", ()):
        given = _given(call)
        if given is None:
            return Decline(
                "prepare() takes its engine as autoload_with= in 2.x; its arguments can't be told apart here"
            )
        if not {"engine", "reflect"} & given.keys():
            continue
        reflects = names.code(given["reflect"]) if "reflect" in given else "False"
        if "autoload_with" not in given and (reflects not in {"True", "False"} or "engine" not in given):
            return Decline("prepare(reflect=…) is gone from 2.x: give autoload_with=engine where it reflects")
        edits.append(Edit(call, around, _with_autoload if "autoload_with" in given or reflects == "True" else _without))
    return Rewrite(tuple(edits), "an automap base reflects by autoload_with alone") if edits else None


def _given(call: cst.Call) -> dict[str, cst.BaseExpression] | None:
    """The arguments by name; None where they can't be told apart. The first place is autoload_with's, which reflects."""
    positional = names.positional(call)
    found = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    if names.starred(call) or len(positional) > 1 or {"autoload_with", "engine"} <= found.keys():
        return None
    return found | ({"autoload_with": positional[0].value} if positional else {})


def _with_autoload(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    given = _given(call) or {}
    gone = {"autoload_with", "engine", "reflect"}
    rest = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value not in gone]
    first = chains.argument(given.get("autoload_with", given.get("engine", cst.Name("None"))), "autoload_with")
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return call.with_changes(args=[first.with_changes(comma=space) if rest else first, *rest])


def _without(node: cst.CSTNode) -> Replacement:
    call = cst.ensure_type(node, cst.Call)
    return call.with_changes(args=dropping.without(call.args, {"engine", "reflect"}))


def _prepared(node: cst.CSTNode, name: str, around: tuple[int, ...]) -> Iterator[tuple[cst.Call, tuple[int, ...]]]:
    """The calls of `NAME.prepare()`, each with what is around it."""
    for child in node.children:
        if isinstance(child, cst.Call) and names.dotted(child.func) == f"{name}.prepare":
            yield child, around
        yield from _prepared(child, name, (*around, id(child)))
