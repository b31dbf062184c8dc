"""What an annotated relationship is called by: SQLAlchemy's own function, where that of Flask-SQLAlchemy does no more.

`db.relationship()` says that it returns a `RelationshipProperty`, which type checkers refuse as `Mapped[…]`. What it adds is
the class of the queries of dynamic relationships, so that others may do without it.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Import
from translator.model.module import ModuleModel
from translator.model.types import Belief, Extension
from translator.rules.contract import Context
from translator.rules.mapped import bodies
from translator.rules.mapped.bodies import Body
from translator.syntax import names

_NAME = "relationship"
_OVERRIDDEN = "relationship of the extension is another"
_SETS = re.compile(r"\bdef (?:relationship|_set_rel_query)\(|\.(?:relationship|_set_rel_query)\s*=[^=]")
"""How a text may give the extension's class, or its object, another one."""


def own(func: cst.BaseExpression, call: cst.Call, body: Body, here: Context, there: Context) -> str | None:
    """The name of SQLAlchemy's function in the module of `there`, where it does what `func` of this module does.

    `call` is what is called there, which may be the other side of what is called here.
    """
    if not isinstance(func, cst.Attribute) or func.attr.value != _NAME or not _adds_nothing(call):
        return None
    kind = here.model.type_of(func.value)
    if not isinstance(kind, Extension) or kind.belief is not Belief.PROVEN or _is_overridden(here):
        return None
    spelled = there.model.imports.spelling("sqlalchemy.orm", _NAME)
    if spelled is not None and names.root(spelled) not in body.bound:
        return spelled
    if _NAME in bodies.top_names(there.model) or _NAME in there.model.bound_names or _NAME in body.bound:
        return None
    there.imports.add(Import("sqlalchemy.orm", _NAME))
    return _NAME


def _adds_nothing(call: cst.Call) -> bool:
    """Whether neither the relationship nor its backref is dynamic, so that nobody asks for a class of queries."""
    if names.starred(call) or not _is_loaded(call):
        return False
    behind = names.keyword(call, "backref")
    if behind is None or names.literal_string(behind) is not None:
        return True
    return isinstance(behind, cst.Call) and not names.starred(behind) and _is_loaded(behind)


def _is_loaded(call: cst.Call) -> bool:
    lazy = names.keyword(call, "lazy")
    said = names.literal_string(lazy) if lazy is not None else "select"
    return lazy is None or names.code(lazy) in {"True", "False", "None"} or (said is not None and said != "dynamic")


def _is_overridden(here: Context) -> bool:
    """Whether the program may give the extension's object a `relationship()` of its own."""
    models = (here.model, *here.program)
    return any(_overrides(model) for model in models)


def _overrides(model: ModuleModel) -> bool:
    found = model.memo.get(_OVERRIDDEN)
    if not isinstance(found, bool):
        found = model.memo[_OVERRIDDEN] = _SETS.search(model.text) is not None
    return found
