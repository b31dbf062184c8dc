"""`@as_declarative()` above a class is `DeclarativeBase` among its bases.

Its metadata and class registry become attributes of the class. A class with a constructor of its own stays as it is: 1.x
passed that over, and a DeclarativeBase class would keep it.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Severity
from translator.model.sites import Site
from translator.options import Models
from translator.rules import contract
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import basing, bodies
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#declarative-becomes-a-first-class-api"
BEFORE = (
    "from sqlalchemy.ext.declarative import as_declarative\n\n\n@as_declarative()\nclass Base(object):\n"
    "    def shout(self):\n        return type(self).__name__.upper()"
)
AFTER = "class Base(DeclarativeBase):\n    def shout(self):\n        return type(self).__name__.upper()"
ON = ON_CLASS

_NAME = "sqlalchemy.orm.as_declarative"


def rewrite(site: Site, here: Context) -> Outcome:
    """Extend DeclarativeBase instead."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    decorator = bodies.decorated_with(node, _NAME, here.model)
    if decorator is None or here.options.models is Models.NONE:
        return None
    call = decorator.decorator
    given = basing.arguments(call) if isinstance(call, cst.Call) else None
    stays = basing.obstacle(given, here.model, here.program) or basing.initialised(
        cst.Name(node.name.value), here.model
    )
    if stays is None and (node.keywords or any(names.code(value) == key for key, value in (given or {}).items())):
        stays = "it has a metaclass, or a variable of the name of an attribute"
    if stays is not None:
        return Decline(f"@as_declarative stays, which 2.x still takes: {stays}", Severity.NOTE)
    base = here.name("sqlalchemy.orm", "DeclarativeBase")
    registry = names.code(here.name("sqlalchemy.orm", "registry")) if "class_registry" in (given or {}) else None

    def build(found: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(found, cst.ClassDef)
        at = node.decorators.index(decorator)
        decorators = [*updated.decorators[:at], *updated.decorators[at + 1 :]]
        comments = [line for line in decorator.leading_lines if line.comment is not None]
        kept = [
            arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)
            for arg in updated.bases
            if names.code(arg.value) != "object"
        ]
        made = cst.ensure_type(updated.decorators[at].decorator, cst.Call)
        lines = [
            cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])
            for name, value in basing.lines(basing.arguments(made) or {}, registry)
        ]
        return updated.with_changes(
            decorators=decorators,
            lines_after_decorators=[*comments, *updated.lines_after_decorators],
            bases=[*kept, cst.Arg(base)],
            lpar=cst.MaybeSentinel.DEFAULT,
            rpar=cst.MaybeSentinel.DEFAULT,
            body=_with(updated.body, lines),
        )

    return Rewrite((Edit(node, site.ancestors, build),), "a declarative base is a class, which type checkers know")


def _with(body: cst.BaseSuite, lines: list[cst.SimpleStatementLine]) -> cst.BaseSuite:
    """The body with lines at its top, below the docstring."""
    if not lines or not isinstance(body, cst.IndentedBlock):
        return body
    first = body.body[0]
    told = isinstance(first, cst.SimpleStatementLine) and isinstance(first.body[0], cst.Expr)
    at = 1 if told else 0
    rest = list(body.body[at:])
    if len(rest) == 1 and names.code(rest[0]).strip() == "pass":
        rest = []
    return body.with_changes(body=[*body.body[:at], *lines, *rest])
