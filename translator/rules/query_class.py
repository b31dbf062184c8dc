"""A method of an application's own Query class becomes a function over a statement.

A select() has no methods but its own. The method takes the statement that `self` was, and its callers hand that over; one
that never looked at `self` takes nothing in its place. All of it changes together, or nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model import querymethods
from translator.model.querymethods import Place
from translator.model.sites import Site, SiteKind
from translator.rules import contract, query_class_base, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = (
    "class UserQuery(Query):\n    def _called(self, name):\n        return self.filter(User.name == name)\n\n\n"
    "session = Session(engine, query_cls=UserQuery)\nfound = session.query(User)._called('ada').all()"
)
AFTER = (
    "class UserQuery(Query):\n    @staticmethod\n    def _called(statement, name):\n"
    "        return statement.where(User.name == name)\n\n\n"
    "session = Session(engine, query_cls=UserQuery)\n"
    "found = session.scalars(UserQuery._called(select(User), 'ada')).all()"
)
ON = On(
    SiteKind.OWN,
    frozenset(
        {querymethods.DEFINITION, querymethods.CALL, querymethods.SUPER, querymethods.CLASS, querymethods.ATTACHED}
    ),
)
_WISHES = ("statement", "stmt", "selected")
_REASON = "a select() has no methods of an application's own: a function that takes the statement has its place"


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the method its statement, or a call of it."""
    match site.name:
        case querymethods.DEFINITION:
            return _definition(site, here)
        case querymethods.SUPER:
            return _above(site, here)
        case querymethods.CLASS | querymethods.ATTACHED:
            return query_class_base.rewrite(site, here)
    return _call(site, here)


def _place(site: Site) -> Place:
    place = site.arguments[0]
    assert isinstance(place, Place)
    return place


def _calls(key: int, here: Context) -> list[Site]:
    """The calls of a method, which are all in one web with it."""
    sites = here.web.sites if here.web is not None else ()
    return [s for s in sites if s.kind is SiteKind.OWN and s.name == querymethods.CALL and _place(s).key == key]


def _definition(site: Site, here: Context) -> Outcome:
    node = cst.ensure_type(site.node, cst.FunctionDef)
    words = here.model.words(node)
    name = next((wish for wish in _WISHES if wish not in words), None)
    if name is None:
        return Decline("every name that the statement could have is taken in this method; rename one")
    listed = [*node.params.posonly_params, *node.params.params]
    old = listed[0].name.value
    uses = list(_uses(node.body, old, (*site.ancestors, id(node))))
    if _rebound(node, old):
        return Decline(f"a function inside has a parameter `{old}` of its own; rename it first")
    dispatches = any(
        _place(s).owner in {querymethods.OWN, querymethods.ABOVE} and any(around is node for around in s.around)
        for s in (here.web.sites if here.web is not None else ())
        if s.kind is SiteKind.OWN and s.name == querymethods.CALL
    )
    if dispatches and querymethods.OWN in words:
        return Decline("the method has something called `cls` already; rename it first")
    takes = _takes(site, here)

    def build(updated: cst.CSTNode) -> Replacement:
        function = cst.ensure_type(updated, cst.FunctionDef)
        first = cst.Param(cst.Name(name))
        params = _with_first(
            function.params, [*([cst.Param(cst.Name("cls"))] if dispatches else []), *([first] if takes else [])]
        )
        decorator = cst.Decorator(cst.Name("classmethod" if dispatches else "staticmethod"))
        return function.with_changes(params=params, decorators=[decorator])

    renamed = [Edit(use, around, lambda _: cst.Name(name)) for use, around in uses]
    return Rewrite((Edit(node, site.ancestors, build), *renamed), _REASON, need=Need.REQUIRED)


def _takes(site: Site, here: Context) -> bool:
    """Whether a method has to be given the statement: it looks at it, or a call makes it in a way that may do something."""
    place = _place(site)
    definitions = here.web.sites if here.web is not None else ()
    own = next(s for s in definitions if s.name == querymethods.DEFINITION and _place(s).key == place.key)
    node = cst.ensure_type(own.node, cst.FunctionDef)
    first = [*node.params.posonly_params, *node.params.params][0].name.value
    if any(True for _ in _uses(node.body, first, ())) or any(
        _place(s).key == place.key for s in definitions if s.name == querymethods.SUPER
    ):
        return True
    return not all(_plain(cst.ensure_type(s.node, cst.Call)) for s in _calls(place.key, here))


def _plain(call: cst.Call) -> bool:
    """Whether what a method is called on does nothing: a name, or `Model.query`."""
    made = cst.ensure_type(call.func, cst.Attribute).value
    return isinstance(made, cst.Name) or (isinstance(made, cst.Attribute) and names.dotted(made) is not None)


def _with_first(params: cst.Parameters, first: list[cst.Param]) -> cst.Parameters:
    """The parameters with others in the place of the first one."""
    field = "posonly_params" if params.posonly_params else "params"
    old, *rest = getattr(params, field)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    listed = [param.with_changes(comma=comma) for param in first]
    if listed:
        listed[-1] = listed[-1].with_changes(comma=old.comma, whitespace_after_param=old.whitespace_after_param)
    return params.with_changes(**{field: [*listed, *rest]})


def _uses(node: cst.CSTNode, name: str, around: tuple[int, ...]) -> Iterator[tuple[cst.Name, tuple[int, ...]]]:
    """Where a variable is used below a node, each with what stands around it."""
    if isinstance(node, cst.Name):
        if node.value == name:
            yield node, around
        return
    inner = (*around, id(node))
    for child in node.children:
        if (isinstance(node, cst.Attribute) and child is node.attr) or (
            isinstance(node, cst.Arg) and child is node.keyword
        ):
            continue
        yield from _uses(child, name, inner)


def _rebound(node: cst.CSTNode, name: str) -> bool:
    """Whether a function inside has a parameter of that name."""
    for child in node.children:
        if isinstance(child, cst.Param) and child.name.value == name and not isinstance(node, cst.Parameters):
            return True
        if isinstance(child, (cst.FunctionDef, cst.Lambda)):
            params = child.params
            every = [*params.posonly_params, *params.params, *params.kwonly_params]
            if any(param.name.value == name for param in every):
                return True
        if _rebound(child, name):
            return True
    return False


def _above(site: Site, here: Context) -> Outcome:
    """`super()` of a method whose base is Query itself: the statement."""
    around = next(s for s in reversed(site.around) if isinstance(s, cst.FunctionDef))
    words = here.model.words(around)
    name = next((wish for wish in _WISHES if wish not in words), _WISHES[0])
    return Rewrite((Edit(site.node, site.ancestors, lambda _: cst.Name(name)),), _REASON, need=Need.REQUIRED)


def _call(site: Site, here: Context) -> Outcome:
    node = cst.ensure_type(site.node, cst.Call)
    place = _place(site)
    if chains.comment_before(node):
        return Decline("a comment stands before the name of the method; move it first")
    if place.needs is not None:
        here.has(place.needs)
    owner = names.expression(place.owner)
    takes = _takes(site, here)

    def build(updated: cst.CSTNode) -> Replacement:
        call = cst.ensure_type(updated, cst.Call)
        func = cst.ensure_type(call.func, cst.Attribute)
        if not takes:
            return call.with_changes(func=func.with_changes(value=owner))
        executed = chains.execute(
            func.value, terminals.frame_of(call, site), session=owner, method=func.attr.value, indent=here.indent
        )
        return chains.with_arguments(executed, call.args)

    return Rewrite((Edit(node, site.ancestors, build),), _REASON, need=Need.REQUIRED)
