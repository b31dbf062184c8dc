"""`Engine.transaction()` and `Engine.run_callable()` are gone: the function is called with a connection.

A function that got a connection as its first argument gets one from `with engine.begin() as conn:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.core import writes
from translator.model.sites import Site
from translator.model.types import Engine
from translator.rules import contract, with_blocks
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.rules.engine_execute import NAMES
from translator.syntax import blocks, names

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = "def clear(conn, table):\n    conn.execute(table.delete())\n\nengine.transaction(clear, User.__table__)"
AFTER = (
    "def clear(conn, table):\n    conn.execute(table.delete())\n\n"
    "with engine.begin() as connection:\n    clear(connection, User.__table__)"
)
ON = on_member(
    "Engine.transaction", "Engine.run_callable", "Connection.transaction", "Connection.run_callable",
    "Engine.contextual_connect", "Engine.connect", "Engine.create", "Engine.drop", "Engine.reflecttable",
    "Connection.contextual_connect", "Connection.create", "Connection.drop", "Connection.reflecttable",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Call the function in a transaction of its own."""
    member = site.name.partition(".")[2]
    call, engine = site.node, site.receiver
    if member == "connect":
        return _closing(site, here, call) if isinstance(call, cst.Call) else None
    if (
        not isinstance(call, cst.Call)
        or not isinstance(engine, Engine)
        or member not in {"transaction", "run_callable"}
    ):
        return Decline(f"{site.name}() is gone from 2.0: {_INSTEAD.get(member, _CALL)}", Severity.REMOVED)
    function = call.args[0].value if call.args and not call.args[0].star and call.args[0].keyword is None else None
    name = here.fresh(site, *NAMES)
    inlined: cst.BaseExpression | None = None
    if isinstance(function, cst.Lambda):
        name = function.params.params[0].name.value if function.params.params else name
        inlined = substituted(function, call.args[1:], name)
    if inlined is None and not isinstance(function, (cst.Name, cst.Attribute)):
        return Decline(f"{site.name}() is gone from 2.0: {_CALL}", Severity.REMOVED)
    spelled = names.code(cst.ensure_type(call.func, cst.Attribute).value)
    reads = inlined is not None and not _writes(site, here, function)
    block = with_blocks.wrap(
        site, here, engine=spelled, name=name, writes=member == "transaction" or not reads, scalar=True
    )
    if isinstance(block, Decline):
        return block

    def build(updated: cst.Call) -> Replacement:
        first = updated.args[0]
        if isinstance(first.value, cst.Lambda):
            body = substituted(first.value, updated.args[1:], name)
            assert body is not None
            return body.with_changes(lpar=updated.lpar or body.lpar, rpar=updated.rpar or body.rpar)
        passed = first.with_changes(value=cst.Name(name))
        return updated.with_changes(func=first.value, args=[passed, *updated.args[1:]])

    sure = here.model.proven(engine) and (member == "transaction" or reads)
    reason = f"Engine.{member}() is gone; the function is called with a connection"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, Safety.SAFE if sure else Safety.REVIEW, wraps=(block,))


def _writes(site: Site, here: Context, function: cst.BaseExpression | None) -> bool:
    """Whether something in a lambda may write."""
    inside = [s for s in here.model.sites if id(function) in s.ancestors and s.name.startswith("Connection.")]
    return not inside or any(not s.arguments or writes(s.arguments[0]) is not False for s in inside)


def substituted(function: cst.Lambda, given: Sequence[cst.Arg], connection: str) -> cst.BaseExpression | None:
    """The body of a lambda with its arguments in their places; None where that would say something else."""
    params = function.params
    plain = not (params.kwonly_params or params.posonly_params or params.star_kwarg)
    if not plain or isinstance(params.star_arg, (cst.Param, cst.ParamStar)) or len(params.params) != len(given) + 1:
        return None
    if any(arg.star or arg.keyword is not None or not _constant(arg.value) for arg in given):
        return None
    if any(isinstance(node, (cst.Lambda, cst.BaseComp, cst.NamedExpr)) for node in _nodes(function.body)):
        return None
    passed = [cst.Name(connection), *(arg.value for arg in given)]
    taken = dict(zip((param.name.value for param in params.params), passed, strict=True))
    return cst.ensure_type(function.body.visit(_Substitution(taken)), cst.BaseExpression)  # type: ignore[type-abstract]


def _constant(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.Name, cst.SimpleString, cst.Integer, cst.Float))


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


class _Substitution(cst.CSTTransformer):
    """Puts expressions in the places of names: not of attributes, nor of keywords."""

    def __init__(self, taken: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._taken = taken

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._taken.get(original_node.value, updated_node)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)


_CALL = "call the function with a connection inside `with engine.begin() as conn:`"
_INSTEAD = {
    "contextual_connect": "use connect()",
    "create": "use create(bind) of the table or MetaData",
    "drop": "use drop(bind) of the table or MetaData",
    "reflecttable": "use Table(…, autoload_with=engine) or inspect(engine).reflect_table()",
}


def _closing(site: Site, here: Context, call: cst.Call) -> Outcome:
    given = names.keyword(call, "close_with_result")
    if given is None:
        return None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[a for a in updated.args if a.keyword is None])

    if names.code(given) == "False":
        return Rewrite((edit(site, build),), "close_with_result is gone from 2.0", Need.REQUIRED)
    closing = _close(site, here)
    if closing is None:
        return Decline(
            "close_with_result is gone from 2.0: nothing closes this connection when its result is read; use "
            "`with engine.connect() as conn:`",
            Severity.REMOVED,
        )
    reason = "close_with_result is gone from 2.0; the connection is closed once its result is read"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, Safety.REVIEW, insertions=(closing,))


def _close(site: Site, here: Context) -> Insertion | None:
    """The `close()` after the one statement that uses the connection and reads all of its result."""
    line = next((node for node in reversed(site.around) if isinstance(node, cst.BaseStatement)), None)
    assigned = next((node for node in site.around if isinstance(node, cst.Assign)), None)
    if line is None or assigned is None or assigned.value is not site.node or len(assigned.targets) != 1:
        return None
    target = assigned.targets[0].target
    at = site.around.index(line)
    row = blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree)
    if not isinstance(target, cst.Name):
        return None
    uses = [s for s in here.model.sites if _spells(s, target.value)]
    if len(uses) != 1 or uses[0].name not in {"Connection.execute", "Connection.scalar"}:
        return None
    read = next((node for node in row if id(node) in uses[0].ancestors), None)
    known = with_blocks.use_of(uses[0], scalar=uses[0].name.endswith("scalar"))
    counted = sum(names.code(n.value) == target.value for n in _nodes(here.model.tree) if isinstance(n, cst.Attribute))
    if not isinstance(read, cst.SimpleStatementLine) or not known.consumed or not known.fetched or counted != 1:
        return None
    return Insertion(read, tuple(map(id, site.around[:at])), f"{target.value}.close()")


def _spells(site: Site, name: str) -> bool:
    call = site.node
    if not isinstance(call, cst.Call) or not site.name.startswith("Connection."):
        return False
    return isinstance(call.func, cst.Attribute) and names.dotted(call.func.value) == name
