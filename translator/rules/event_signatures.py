"""Listeners take all the arguments of their event: `before_execute` and `after_execute` hand the execution options too.

2.x still calls listeners of 1.x, with a warning; of `after_bulk_update` and `after_bulk_delete`, 2.1 no longer does. What
a listener of `engine_connect` executes goes into a transaction of its own: 2.0 begins one, and `engine.begin()` raised.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Function
from translator.rules import pinging
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/core/events.html#sqlalchemy.events.ConnectionEvents.before_execute"
BEFORE = (
    "from sqlalchemy import create_engine, event\n\nengine = create_engine('sqlite://')\n\n\n"
    "@event.listens_for(engine, 'before_execute')\n"
    "def look(conn, clauseelement, multiparams, params):\n    print(clauseelement)"
)
AFTER = BEFORE.replace("params):", "params, execution_options):")
ON = on_call("listen", "listens_for")

_ADDED = "execution_options"
_OLD = {"before_execute": 4, "after_execute": 5}
_AT = 4
_BULK = frozenset({"after_bulk_update", "after_bulk_delete"})
_EVENTS = frozenset({*_OLD, *_BULK, "engine_connect"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Add the argument that the event has now."""
    call = cst.ensure_type(site.node, cst.Call)
    event = next((n for arg in call.args[:2] if (n := names.literal_string(arg.value)) in _EVENTS), None)
    if event is None:
        return None
    found = _listener(site, call, here)
    if found is None:
        return None if site.name.endswith("listens_for") else _unseen(event)
    node, params, ancestors = found
    if event == "engine_connect":
        return pinging.wrapped(node, ancestors) if isinstance(node, cst.FunctionDef) else None
    plain = not params.kwonly_params and isinstance(params.star_arg, (cst.MaybeSentinel, type(None)))
    taken = [param.name.value for param in (*params.posonly_params, *params.params)]
    own = 1 if taken[:1] in (["self"], ["cls"]) else 0
    if event in _BULK:
        return _removed(event) if len(taken) - own == 4 else None
    if not plain or params.star_kwarg is not None or len(taken) - own != _OLD[event] or _ADDED in taken:
        return None

    def build(found: cst.CSTNode) -> Replacement:
        assert isinstance(found, (cst.FunctionDef, cst.Lambda))
        return found.with_changes(params=_with_options(found.params, _AT + own))

    reason = f"{event} hands the execution options to its listeners, after the parameters"
    return Rewrite((Edit(node, ancestors, build),), reason, Need.STYLE)


def _with_options(params: cst.Parameters, at: int) -> cst.Parameters:
    listed = list(params.params)
    before = listed[at - 1]
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    added = cst.Param(cst.Name(_ADDED), comma=before.comma)
    listed[at - 1] = before.with_changes(comma=before.comma if isinstance(before.comma, cst.Comma) else space)
    return params.with_changes(params=[*listed[:at], added, *listed[at:]])


def _listener(
    site: Site, call: cst.Call, here: Context
) -> tuple[cst.FunctionDef | cst.Lambda, cst.Parameters, tuple[int, ...]] | None:
    """The function that listens, with its parameters and what is around it."""
    if site.name.endswith("listens_for"):
        decorated = next(
            (n for n, _ in _definitions(here.model.tree, ()) if any(d.decorator is call for d in n.decorators)), None
        )
        return None if decorated is None else _placed(decorated, here)
    given = call.args[2].value if len(call.args) > 2 else names.keyword(call, "fn")
    if isinstance(given, cst.Lambda):
        return given, given.params, (*site.ancestors, id(call))
    kind = here.model.type_of(given) if given is not None else None
    if not isinstance(kind, Function):
        return None
    definition = next((n for n, _ in _definitions(here.model.tree, ()) if id(n) == kind.key), None)
    return None if definition is None else _placed(definition, here)


def _placed(node: cst.FunctionDef, here: Context) -> tuple[cst.FunctionDef, cst.Parameters, tuple[int, ...]]:
    around = next(found for n, found in _definitions(here.model.tree, ()) if n is node)
    return node, node.params, around


def _definitions(node: cst.CSTNode, around: tuple[int, ...]) -> Iterator[tuple[cst.FunctionDef, tuple[int, ...]]]:
    """Every function of a tree with the statements around it."""
    for child in node.children:
        if isinstance(child, cst.FunctionDef):
            yield child, around
        if isinstance(child, (cst.BaseCompoundStatement, cst.BaseSuite, cst.Else, cst.Finally, cst.ExceptHandler)):
            yield from _definitions(child, (*around, id(child)))


def _unseen(event: str) -> Decline | None:
    if event not in _OLD:
        return pinging.UNSEEN if event == "engine_connect" else None
    return Decline(
        f"if the listener takes {_OLD[event]} arguments, 2.x warns: {event} hands the execution options too, after the "
        "parameters",
        Severity.NOTE,
    )


def _removed(event: str) -> Decline:
    return Decline(
        f"2.1 calls listeners of {event} with one argument: take it, and read session and result off it",
        Severity.REMOVED,
    )
