"""A query that is given on where others find a list is executed there: `return query` beside `return []`.

Who is given one of the two can only walk it, so that the query is executed as it becomes one of them, and a list is given on
either way. Only where it is walked at once: a Query runs when it is walked, each time anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Severity
from translator.model import orlists
from translator.model.module import ModuleModel
from translator.model.sites import OR_LIST, Site, SiteKind
from translator.model.types import Fact, Query
from translator.rules import contract, lazily, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite, Rule
from translator.syntax import blocks, chains, names
from translator.syntax.chains import Frame, Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = (
    "def _named(s, names):\n    if not names:\n        return []\n"
    "    return s.query(User).filter(User.name.in_(names))\n\n\n"
    "found = [user.id for user in _named(session, ['ada'])]"
)
AFTER = (
    "def _named(s, names):\n    if not names:\n        return []\n"
    "    return s.scalars(select(User).where(User.name.in_(names))).all()\n\n\n"
    "found = [user.id for user in _named(session, ['ada'])]"
)
ON = On(SiteKind.PASSED, frozenset({OR_LIST}))
_REASON = "others find a list here; a select() can't be walked as one, so it is executed where it is given on"
_WIDTH = 40
"""How much of an expression a message shows, in characters."""
_NO_LIST = Decline("where it is a list, all() raised an AttributeError; now the list is taken as it is", Severity.NOTE)


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute the statement where it is given on."""
    query = terminals.query_of(site)
    if orlists.is_one(query):
        return None
    declined = terminals.obstacle(site, here, either=True)
    if declined is not None:
        return declined
    if not terminals.alike(query):
        return terminals.UNALIKE
    if isinstance(site.parent, cst.Assign) and not _only_walked(site.parent, site, here.model):
        name = names.code(site.parent.targets[0].target)
        return Decline(
            f"`{name}` holds a list on another path, and is used before both meet, or where nobody sees which it is"
        )
    if _entered(site):
        return Decline(
            "others find a list here, and the query is walked when the block of this `with` is left: its objects would belong "
            "to a session that is closed by then; call all() where it is made"
        )

    def build(node: cst.CSTNode) -> Replacement:
        statement = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
        return chains.execute(
            statement.with_changes(lpar=[], rpar=[]),
            Frame(statement.lpar, statement.rpar, cst.SimpleWhitespace(""), drop_parens=True),
            session=terminals.session_of(query),
            method=terminals.method_for(query),
            flag=terminals.scalars_of(query),
            tail=(*terminals.unique(query), Link("all")),
            indent=here.indent,
        )

    return Rewrite((Edit(site.node, site.ancestors, build),), _REASON, safety=terminals.safety(query, here))


def in_place_of(rule: Rule | None, site: Site, here: Context) -> Rule | None:
    """The rule that is asked at a site; what is a query on one path and a list on another is this rule's affair."""
    outcome = _given(site, here.model.tree)
    if rule is None or outcome is None:
        return rule
    return replace(rule, apply=lambda _site, _here: outcome)


def _given(site: Site, tree: cst.Module) -> Outcome:
    """What becomes of a use of what is a query on one path and a list on another; None for a use of anything else."""
    query = site.receiver
    if not orlists.is_one(query):
        return _also_list(site.node) if any(map(orlists.is_one, site.arguments)) else None
    fetched = site.kind is SiteKind.METHOD and site.name == "all"
    used = _object(site.node) if fetched else site.node
    walked = fetched or site.kind is SiteKind.ITERATION or (site.kind is SiteKind.PASSED and site.name == OR_LIST)
    assert isinstance(query, Query)
    if Fact.OR_LIST not in query.must or not walked or not isinstance(used, cst.BaseExpression):
        return _also_list(site.node)
    if lazily.waits(site) or not _at_once(used, site, tree):
        return Decline(
            "it is a list on another path and not walked at once, when the Query would run; call all() where it is made"
        )
    if not fetched:
        return Rewrite((), _REASON)

    def build(node: cst.CSTNode) -> Replacement:
        call = cst.ensure_type(node, cst.Call)
        taken = cst.ensure_type(call.func, cst.Attribute).value
        return taken.with_changes(lpar=call.lpar, rpar=call.rpar) if call.lpar else taken

    return Rewrite((Edit(site.node, site.ancestors, build),), _REASON, remarks=(_NO_LIST,))


def _also_list(node: cst.CSTNode) -> Decline:
    spelled = " ".join(names.code(node).split())
    shown = spelled if len(spelled) <= _WIDTH else f"{spelled[:_WIDTH]}…"
    method = node.func.attr.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else ""
    if method and not hasattr(list, method):
        return Decline(
            f"`{shown}` takes for a Query what is a list on another path, and raises an AttributeError there; call "
            f"{method}() earlier, before it may be a list"
        )
    return Decline(f"`{shown}` takes for a Query what is a list on another path; call all() where the query is made")


def astray(sites: Iterable[Site], models: Sequence[ModuleModel]) -> Decline | None:
    """Why queries stay that may be lists instead and whose values are used where no site is, if so."""
    sites = list(sites)
    origins = frozenset().union(*(s.origins for s in sites if s.kind is SiteKind.PASSED and s.name == OR_LIST))
    if not origins:
        return None
    seen = {id(part) for site in sites for part in (site.node, _object(site.node)) if part is not None}
    for model in models:
        for node in _valued(model):
            kind = model.types[id(node)]
            if isinstance(kind, Query) and not kind.origins.isdisjoint(origins) and id(node) not in seen:
                return _also_list(node)
    return None


def _valued(model: ModuleModel) -> Iterator[cst.BaseExpression]:
    """The expressions of a module that are a query or a list, but those that a name is given."""
    wanted = {key for key, kind in model.types.items() if orlists.is_one(kind)}
    left: list[cst.CSTNode] = [model.tree] if wanted else []
    while left:
        node = left.pop()
        passed_over = _given_name(node)
        for inner in node.children:
            left += inner.children if inner is passed_over else (inner,)
        if id(node) in wanted and isinstance(node, cst.BaseExpression):
            yield node


def _given_name(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What a statement gives a name, or a test asks whether it is None: neither uses the value."""
    match node:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name())], value=value) | cst.AnnAssign(value=value):
            return value
        case cst.Comparison(
            left=tested,
            comparisons=[cst.ComparisonTarget(operator=cst.Is() | cst.IsNot(), comparator=cst.Name(value="None"))],
        ):
            return tested
    return None


def _object(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What a method is called on."""
    func = node.func if isinstance(node, cst.Call) else None
    return func.value if isinstance(func, cst.Attribute) else None


def _at_once(used: cst.BaseExpression, site: Site, tree: cst.Module) -> bool:
    """Whether nothing can happen between the place that a value is made at and its use."""
    if not isinstance(used, cst.Name):
        return True  # it is made here
    at = next((n for n, outer in reversed([*enumerate(site.around)]) if isinstance(outer, cst.BaseStatement)), None)
    if at is None or not isinstance(line := site.around[at], (cst.SimpleStatementLine, cst.For)):
        return False
    around = [node for node in site.around[at:] if isinstance(node, (cst.Lambda, cst.BaseComp))]
    first = isinstance(around[0], cst.BaseComp) and around[0].for_in.iter is used if around else True
    if not first or len(around) > 1:
        return False
    block = blocks.siblings(site.around[at - 1] if at else None, line, tree)
    before = [*itertools.takewhile(lambda one: one is not line, block)]
    for one in reversed(before):
        if _is_given(one, used.value):
            return isinstance(one, cst.SimpleStatementLine) or not _does_after(one, used.value)
        if not (isinstance(one, cst.SimpleStatementLine) and not _does(one)) and not _leaves_without(one, used.value):
            return False
    return False


def _entered(site: Site) -> bool:
    """Whether a `with` of the function that a site stands in is left before the value is used."""
    if not isinstance(site.parent, cst.Return):
        return False
    inner = itertools.takewhile(lambda node: not isinstance(node, cst.FunctionDef), reversed(site.around))
    return any(isinstance(node, cst.With) for node in inner)


def _leaves_without(line: cst.CSTNode, name: str) -> bool:
    """Whether a statement goes no further where a name holds None: `if found is None: return`."""
    match line:
        case cst.If(test=cst.Comparison(left=cst.Name(value=tested), comparisons=[compared]) as test, orelse=None):
            asked = isinstance(compared.operator, cst.Is) and _given_name(test) is test.left
            return asked and tested == name and blocks.leaves(line.body.body)
    return False


def _is_given(line: cst.CSTNode, name: str) -> bool:
    """Whether a statement gives a name its value, or one does that stands in an `if`."""
    match line:
        case cst.SimpleStatementLine(body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=found))])]):
            return found == name
        case cst.If(body=cst.IndentedBlock(body=block), orelse=other):
            return any(_is_given(one, name) for one in block) or (other is not None and _is_given(other, name))
        case cst.Else(body=cst.IndentedBlock(body=block)):
            return any(_is_given(one, name) for one in block)
    return False


def _does_after(line: cst.CSTNode, name: str) -> bool:
    """Whether something may happen in the branches of an `if` after the statements that give a name its value."""
    if not isinstance(line, (cst.If, cst.Else)):
        return False
    block = line.body.body
    at = max((n for n, one in enumerate(block) if _is_given(one, name)), default=len(block))
    after = any(map(_does, block[at + 1 :])) or any(_does_after(one, name) for one in block[at : at + 1])
    return after or (isinstance(line, cst.If) and line.orelse is not None and _does_after(line.orelse, name))


def _only_walked(given: cst.Assign, site: Site, model: ModuleModel) -> bool:
    """Whether every mention of the name that is given a value here is one of what is a query on one path, a list on another."""
    target = cst.ensure_type(given.targets[0].target, cst.Name)
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), model.tree)
    left: list[cst.CSTNode] = [function.body, function.params] if isinstance(function, cst.FunctionDef) else [function]
    while left:
        node = left.pop()
        if isinstance(node, cst.Name) and node.value == target.value and not orlists.is_one(model.type_of(node)):
            return False
        if isinstance(node, cst.Assign) and names.code(node.targets[0].target) == target.value:
            built = isinstance(model.type_of(node.value), Query)  # `query = query.filter(…)`
            left += () if built and not orlists.is_one(model.type_of(node.value)) else (node.value,)
            continue
        given_name = isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name)
        left += () if given_name else (node.value,) if isinstance(node, cst.Attribute) else node.children
    return True


def _does(node: cst.CSTNode) -> bool:
    """Whether something may be called or changed, so that more can happen than names show."""
    match node:
        case cst.Call(func=cst.Name(value=name)) if name in _HARMLESS:
            return any(map(_does, node.args))
        case cst.AssignTarget(target=target) | cst.AugAssign(target=target) if not isinstance(target, cst.Name):
            return True
    doing = (cst.Call, cst.Await, cst.Yield, cst.BaseComp, cst.Del, cst.Import, cst.ImportFrom)
    return isinstance(node, doing) or any(map(_does, node.children))


_HARMLESS = frozenset(
    {"getattr", "hasattr", "isinstance", "len", "int", "str", "bool", "float", "min", "max", "abs", "range"}
)
"""Functions that change nothing."""
