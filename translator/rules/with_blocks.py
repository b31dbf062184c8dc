"""Where a `with` block goes around an execution, so that what it gives is read while the connection is open.

Shared by the rules that take an execution from an engine to a connection. No rule itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from translator.edits import Wrap
from translator.findings import Severity
from translator.model.sites import Site
from translator.rules.contract import Context, Decline
from translator.syntax import blocks, names

FETCHES = frozenset(
    {"fetchall", "all", "first", "fetchone", "fetchmany", "scalar", "one", "one_or_none", "scalar_one",
     "scalar_one_or_none", "close", "keys"}
)  # fmt: skip
_LAZY = frozenset({"scalars", "mappings", "unique", "columns", "yield_per", "execution_options", "tuples"})
AFTERWARDS = frozenset(
    {"rowcount", "lastrowid", "inserted_primary_key", "inserted_primary_key_rows", "returns_rows", "is_insert",
     "last_inserted_params", "close", "closed"}
)  # fmt: skip
"""What can be read off a result when its connection is closed."""
_CONSUMERS = frozenset(
    {"list", "tuple", "set", "sorted", "dict", "frozenset", "sum", "min", "max", "any", "all", "next", "len"}
)
_WALKERS = frozenset(
    {"enumerate", "zip", "map", "filter", "iter", "reversed", "imap", "izip", "ifilter", "chain", "itertools.chain"}
)
_COLLECTING = (cst.ListComp, cst.SetComp, cst.DictComp)


@dataclass(frozen=True, slots=True)
class Use:
    """What becomes of a result in its own statement."""

    consumed: bool
    """Whether nothing of it is left after the statement."""
    fetched: bool
    """Whether rows are read from it."""
    name: str = ""
    """The variable that holds it."""
    returned: bool = False
    leaves: bool = False
    """Whether it goes where it is not followed."""
    walked: bool = False
    """Whether what leaves walks it, and does nothing else with it: `map(f, result)`, `(f(row) for row in result)`."""


def use_of(site: Site, *, scalar: bool) -> Use:
    """What becomes of the result at a site."""
    if scalar:
        return Use(consumed=True, fetched=True)
    current: cst.CSTNode = site.node
    around = list(site.around)
    walked = False
    while around:
        parent = around.pop()
        match parent:
            case cst.Attribute(attr=cst.Name(value=member)) if parent.value is current:
                step = _member(member, around)
                if isinstance(step, Use):
                    return step
                current = step
                around.pop()
            case cst.Call() if any(arg.value is current for arg in parent.args):
                function = names.dotted(parent.func)
                if function in _CONSUMERS:
                    return Use(consumed=True, fetched=True)
                if function not in _WALKERS:
                    return Use(consumed=False, fetched=True, leaves=True, walked=walked)
                current, walked = parent, True
            case cst.ListComp() | cst.SetComp() | cst.DictComp():
                over = parent.for_in.iter is current
                return Use(consumed=over, fetched=True, leaves=not over, walked=walked)
            case cst.GeneratorExp():
                walked = walked or parent.for_in.iter is current
                current = parent
            case cst.BaseStatement() | cst.BaseSmallStatement():
                return replace(_statement(parent, current), walked=walked)
            case _:
                return Use(consumed=False, fetched=True, leaves=True)
    return Use(consumed=False, fetched=True, leaves=True)


def _member(member: str, around: Sequence[cst.CSTNode]) -> Use | cst.CSTNode:
    called = around[-1] if around and isinstance(around[-1], cst.Call) else None
    if member in AFTERWARDS:
        return Use(consumed=True, fetched=False)
    if called is None:
        return Use(consumed=False, fetched=True, leaves=True)
    if member in FETCHES:
        return Use(consumed=True, fetched=True)
    return called if member in _LAZY else Use(consumed=False, fetched=True, leaves=True)


def _statement(parent: cst.CSTNode, current: cst.CSTNode) -> Use:
    match parent:
        case cst.Expr():
            return Use(consumed=True, fetched=False)
        case cst.For() if parent.iter is current:
            return Use(consumed=True, fetched=True)
        case cst.Return():
            return Use(consumed=False, fetched=False, returned=True)
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]) if parent.value is current:
            return Use(consumed=False, fetched=False, name=name)
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple() | cst.List())]):
            return Use(consumed=True, fetched=True)
    return Use(consumed=False, fetched=True, leaves=True)


def wrap(
    site: Site, here: Context, *, engine: str, name: str, writes: bool, scalar: bool = False, read: bool = False
) -> Wrap | Decline:
    """The `with` block for an execution at a site, or why there is none; `read`: its rows are fetched right there."""
    at = next((i for i in reversed(range(len(site.around))) if isinstance(site.around[i], cst.BaseStatement)), None)
    if at is None:
        return _no_place()
    line = site.around[at]
    inner = site.around[at:]
    if any(isinstance(node, cst.Lambda) for node in inner):
        return Decline("it stands in a lambda, which has no place for a `with` block; make it a function", _GONE)
    use = use_of(site, scalar=scalar)
    if writes and any(_repeats(node, site, use) for node in inner):
        return Decline("it writes once for each turn of a comprehension; make it a loop", _GONE)
    if any(isinstance(node, cst.BaseSmallStatement) for node in inner) and not isinstance(
        line, cst.SimpleStatementLine
    ):
        return Decline(
            "it stands on the line of an `if` or the like, which has no place for a `with`; break the line", _GONE
        )
    header = isinstance(line, cst.For) and _within(line.iter, site)
    if not isinstance(line, cst.SimpleStatementLine) and not header:
        return Decline(
            "it stands in the head of a compound statement; read it into a variable before that, inside "
            "`with engine.connect() as conn:`",
            _GONE,
        )
    row = blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree)
    if not row:
        return _no_place()
    last = line if read else _last(site, here, line, row, use, writes=writes)
    if isinstance(last, Decline):
        return last
    return Wrap(line, last, tuple(map(id, site.around[:at])), engine, name, writes)


_GONE = Severity.REMOVED


def _no_place() -> Decline:
    return Decline("there is no place for a `with` block around it; give it a line of its own", _GONE)


def _within(node: cst.CSTNode, site: Site) -> bool:
    return node is site.node or any(node is other for other in site.around)


def unread(site: Site, here: Context) -> str:
    """The variable at the top of the text that holds the result, where nothing in sight reads it; "" where there is none."""
    name = use_of(site, scalar=False).name
    inside = any(isinstance(node, (cst.FunctionDef, cst.Lambda)) for node in site.around)
    if not name or inside or len(re.findall(rf"\b{re.escape(name)}\b", here.model.text)) > 1:
        return ""
    return name


def _repeats(node: cst.CSTNode, site: Site, use: Use) -> bool:
    """Whether a comprehension executes once for each turn, or a generator later on."""
    if not isinstance(node, cst.BaseComp):
        return False
    return not _within(node.for_in.iter, site) or (isinstance(node, cst.GeneratorExp) and not use.consumed)


def _last(
    site: Site, here: Context, line: cst.CSTNode, row: Sequence[cst.CSTNode], use: Use, *, writes: bool
) -> cst.CSTNode | Decline:
    """The last statement that reads the result."""
    if use.consumed:
        return line
    if use.returned and writes and "returning" not in names.code(line).lower():
        return line
    if not use.name:
        return Decline(
            "its result leaves the statement without being read, and nothing can be read from it once the connection is "
            "closed; read it where it is executed, e.g. with .all()",
            _GONE,
        )
    later = _until_rebound(row, line, use.name)
    if _occurs_elsewhere(site, here, row, use.name):
        return Decline(
            f"its result is kept in `{use.name}`, which is also used outside this block; read it here", _GONE
        )
    uses = [found for statement in later for found in _uses(statement, use.name)]
    if any(found == "?" for found in uses):
        return Decline(
            f"its result is kept in `{use.name}` and handed on unread; read it before the connection is closed, "
            "e.g. with .all()",
            _GONE,
        )
    if all(found in AFTERWARDS for found in uses):
        return line
    if writes:
        return Decline(
            f"it writes, and rows are read from `{use.name}` later: the commit must come after that; put both into one "
            "`with engine.begin() as conn:`",
            _GONE,
        )
    reading = [s for s in later if any(found not in AFTERWARDS for found in _uses(s, use.name))]
    return reading[-1]


def _until_rebound(row: Sequence[cst.CSTNode], line: cst.CSTNode, name: str) -> list[cst.CSTNode]:
    at = next(i for i, statement in enumerate(row) if statement is line)
    found: list[cst.CSTNode] = []
    for statement in row[at + 1 :]:
        if _rebinds(statement, name):
            break
        found.append(statement)
    return found


def _rebinds(statement: cst.CSTNode, name: str) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return any(
        isinstance(small, cst.Assign)
        and any(names.dotted(target.target) == name for target in small.targets)
        and not any(_uses(small.value, name))
        for small in statement.body
    )


def _occurs_elsewhere(site: Site, here: Context, row: Sequence[cst.CSTNode], name: str) -> bool:
    functions = [node for node in site.around if isinstance(node, cst.FunctionDef)]
    whole = functions[-1].body if functions else here.model.tree
    inside = sum(_count(statement, name) for statement in row)
    return _count(whole, name) != inside


def _count(node: cst.CSTNode, name: str) -> int:
    return sum(1 for found in _nodes(node) if isinstance(found, cst.Name) and found.value == name)


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _uses(node: cst.CSTNode, name: str, parents: tuple[cst.CSTNode, ...] = ()) -> Iterator[str]:
    """How a name is used: the member that is read, "for" where it is walked, "?" where it goes on."""
    if isinstance(node, cst.Name) and node.value == name:
        found = _use(node, parents)
        if found:
            yield found
        return
    for child in node.children:
        yield from _uses(child, name, (*parents, node))


def _use(node: cst.Name, parents: tuple[cst.CSTNode, ...]) -> str:
    parent = parents[-1] if parents else None
    nested = any(isinstance(p, (cst.Lambda, cst.FunctionDef, cst.GeneratorExp)) for p in parents)
    if isinstance(parent, cst.Attribute):
        if parent.attr is node:
            return ""
        member = parent.attr.value
        outer = parents[-2] if len(parents) > 1 else None
        chained = isinstance(outer, cst.Call) and member in _LAZY
        return "?" if nested or chained else member
    if isinstance(parent, cst.Arg):
        if parent.keyword is node:
            return ""
        call = parents[-2]
        walks = isinstance(call, cst.Call) and names.dotted(call.func) in _CONSUMERS | _WALKERS
        return "for" if walks and not nested else "?"
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
        return "?" if nested else "for"
    return "?"
