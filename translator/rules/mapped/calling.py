"""What an annotated relationship is called by: SQLAlchemy's own function, in place of that of Flask-SQLAlchemy.

`db.relationship()` says that it returns a `RelationshipProperty`, which type checkers refuse as `Mapped[…]`. What it adds is
the class of the queries of dynamic relationships: these are given it, and others do without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from translator.edits import Import
from translator.model.module import ModuleModel
from translator.model.types import Belief, Extension
from translator.rules.contract import Context
from translator.rules.mapped import bodies
from translator.rules.mapped.bodies import Body
from translator.syntax import names

_NAME = "relationship"
_CLASS = "query_class"
_OVERRIDDEN = "relationship of the extension is another"
_SETS = re.compile(r"\bdef (?:relationship|_set_rel_query)\(|\.(?:relationship|_set_rel_query)\s*=[^=]")
"""How a text may give the extension's class, or its object, another one."""


@dataclass(frozen=True, slots=True)
class Own:
    """SQLAlchemy's function in a module."""

    name: str
    queries: str
    """The class that the extension's function gives the queries of dynamic relationships: `db.Query`."""

    def call(self, call: cst.Call) -> cst.Call:
        """A call of the extension's function as one of this, which does the same."""
        return self.classed(call).with_changes(func=names.path(self.name))

    def classed(self, call: cst.Call) -> cst.Call:
        """A call with the class of queries, if it makes a dynamic relationship, or its backref one."""
        args = [self._of_backref(arg) for arg in call.args]
        if not _is_dynamic(call):
            return call.with_changes(args=args)
        at = next(i for i, arg in enumerate(args) if arg.keyword is not None and arg.keyword.value == "lazy")
        lazy, comma = args[at], _comma(call, at)
        args[at] = lazy.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
        given = cst.Arg(cst.parse_expression(self.queries), cst.Name(_CLASS), lazy.equal, lazy.comma)
        args.insert(at + 1, given.with_changes(whitespace_after_arg=lazy.whitespace_after_arg))
        return call.with_changes(args=args)

    def _of_backref(self, arg: cst.Arg) -> cst.Arg:
        if arg.keyword is None or arg.keyword.value != "backref" or not isinstance(arg.value, cst.Call):
            return arg
        return arg.with_changes(value=self.classed(arg.value))


def _comma(call: cst.Call, at: int) -> cst.Comma:
    """What stands before an argument that is put behind another: what stands before that one."""
    before = call.args[at - 1].comma if at else cst.MaybeSentinel.DEFAULT
    if isinstance(before, cst.Comma):
        return before
    after = call.args[at].comma
    space = call.whitespace_before_args
    broken = isinstance(after, cst.Comma) and isinstance(after.whitespace_after, cst.ParenthesizedWhitespace)
    return cst.Comma(whitespace_after=space if at == 0 and broken else cst.SimpleWhitespace(" "))


def own(func: cst.BaseExpression, call: cst.Call, body: Body, here: Context, there: Context) -> Own | None:
    """SQLAlchemy's function in the module of `there`, where it can do what `func` of this module does.

    `call` is what is called there, which may be the other side of what is called here.
    """
    if not isinstance(func, cst.Attribute) or func.attr.value != _NAME or not _is_plain(call):
        return None
    kind = here.model.type_of(func.value)
    if not isinstance(kind, Extension) or kind.belief is not Belief.PROVEN or _is_overridden(here):
        return None
    queries = f"{names.code(func.value)}.Query"
    spelled = there.model.imports.spelling("sqlalchemy.orm", _NAME)
    if spelled is not None and names.root(spelled) not in body.bound:
        return Own(spelled, queries)
    if _NAME in bodies.top_names(there.model) or _NAME in there.model.bound_names or _NAME in body.bound:
        return None
    there.imports.add(Import("sqlalchemy.orm", _NAME))
    return Own(_NAME, queries)


def _is_plain(call: cst.Call) -> bool:
    """Whether it is in sight if the relationship and its backref are dynamic."""
    if names.starred(call) or not _is_told(call):
        return False
    behind = names.keyword(call, "backref")
    if behind is None or names.literal_string(behind) is not None:
        return True
    return isinstance(behind, cst.Call) and not names.starred(behind) and _is_told(behind)


def _is_told(call: cst.Call) -> bool:
    lazy = names.keyword(call, "lazy")
    return lazy is None or names.code(lazy) in {"True", "False", "None"} or names.literal_string(lazy) is not None


def _is_dynamic(call: cst.Call) -> bool:
    lazy = names.keyword(call, "lazy")
    dynamic = lazy is not None and names.literal_string(lazy) == "dynamic"
    return dynamic and names.keyword(call, _CLASS) is None


def _is_overridden(here: Context) -> bool:
    """Whether the program may give the extension's object a `relationship()` of its own."""
    models = (here.model, *here.program)
    return any(_overrides(model) for model in models)


def _overrides(model: ModuleModel) -> bool:
    found = model.memo.get(_OVERRIDDEN)
    if not isinstance(found, bool):
        found = model.memo[_OVERRIDDEN] = _SETS.search(model.text) is not None
    return found
