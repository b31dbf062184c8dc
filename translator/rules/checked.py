"""Whether type checkers look into a function, and what of a statement they would refuse there. No rule itself.

`Query.count()` gave an `int`, and `Session.scalar()` says that it may give None; `Query.delete()` gave one, too, and
`Session.execute()` doesn't say that its result has a `rowcount`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Import, Replacement
from translator.model.sites import Site
from translator.model.types import Query
from translator.options import Options
from translator.rules.contract import Context
from translator.syntax import names

_TESTED = (cst.If, cst.While, cst.Assert, cst.Expr, cst.FormattedString, cst.FormattedStringExpression)
_OF_ANYTHING = frozenset({"print", "str", "repr", "bool", "format", "isinstance"})
"""Functions that take None as well."""
_EQUALITY = (cst.Equal, cst.NotEqual, cst.Is, cst.IsNot)


def function_around(site: Site) -> cst.FunctionDef | None:
    """The function that a site stands in; none in the body of a class."""
    found = next((n for n in reversed(site.around) if isinstance(n, (cst.FunctionDef, cst.ClassDef))), None)
    return found if isinstance(found, cst.FunctionDef) else None


def is_checked(function: cst.FunctionDef | None, options: Options) -> bool:
    """Whether type checkers look into a function: those without annotations are left out, unless that is asked for."""
    if function is None or options.check_untyped:
        return function is not None
    every = [*function.params.posonly_params, *function.params.params, *function.params.kwonly_params]
    return function.returns is not None or any(param.annotation is not None for param in every)


def knows_session(site: Site, here: Context) -> bool:
    """Whether type checkers look at what the session of a query gives: not where it is a parameter of no type."""
    function = function_around(site)
    if function is None or not is_checked(function, here.options):
        return False
    session = site.receiver.session if isinstance(site.receiver, Query) else None
    every = names.params(function.params)
    return not any(param.name.value == (session and session.text) and param.annotation is None for param in every)


def wants_value(site: Site, here: Context) -> bool:
    """Whether a value that may be None, as `Session.scalar()` says, is refused: not where it is only tested or shown."""
    if not knows_session(site, here):
        return False
    inner: cst.CSTNode = site.node
    for outer in reversed(site.around):
        match outer:
            case cst.BooleanOperation():
                inner = outer
                continue
            case cst.IfExp() if inner is outer.test:
                return False
            case cst.Comparison():
                return not all(isinstance(one.operator, _EQUALITY) for one in outer.comparisons)
            case cst.Call(func=cst.Name(value=called)) if called in _OF_ANYTHING:
                return False
            case cst.UnaryOperation():
                return not isinstance(outer.operator, cst.Not)
            case _:
                return not isinstance(outer, _TESTED)
    return True


def counted(edit: Edit, here: Context) -> Edit:
    """The edit that makes `….rowcount` of a call, with the cast that SQLAlchemy's documentation asks for."""
    cast, any_type = _of_typing("cast", here), _of_typing("Any", here)
    result = here.name("sqlalchemy", "CursorResult", beside=True)
    kind = cst.Subscript(result, [cst.SubscriptElement(cst.Index(any_type))])

    def build(node: cst.CSTNode) -> Replacement:
        made = cst.ensure_type(edit.build(node), cst.Attribute)
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        args = [cst.Arg(kind.deep_clone(), comma=comma), cst.Arg(made.value)]
        return made.with_changes(value=cst.Call(cast.deep_clone(), args))

    return Edit(edit.target, edit.ancestors, build)


def _of_typing(name: str, here: Context) -> cst.BaseExpression:
    """A name of `typing`, by its module where SQLAlchemy's `cast()` has its name."""
    imports = here.model.imports
    spelled = imports.spelling("typing", name)
    if spelled is None and (name in imports.aliases or name in here.model.bound_names):
        here.imports.add(Import("typing", ""))
        spelled = f"typing.{name}"
    return names.path(spelled) if spelled is not None else here.name("typing", name)
