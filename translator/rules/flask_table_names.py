"""A class that Flask-SQLAlchemy 2 and 3 name the table of differently says `__tablename__`.

Version 2 left capitals at the end of a name as they were, and at the beginning of a number took them apart: `FAQ` was the
table `FAQ`, `UserOTP` was `userOTP`. Version 3 calls them `faq` and `user_otp`, and finds the old tables no longer.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Insertion
from translator.findings import Need, Safety, Severity
from translator.model import declared
from translator.model.extension import EXTENSION
from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.model.types import Extension, Imported
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import bodies, lineages
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/models/#defining-models"
BEFORE = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass FAQ(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)"
)
AFTER = (
    "from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy.orm import Mapped\n\ndb = SQLAlchemy()\n\n\n"
    'class FAQ(db.Model):\n    __tablename__ = "FAQ"\n    id: Mapped[int] = db.mapped_column(primary_key=True)'
)
ON = ON_CLASS

_NAMING = frozenset({"__tablename__", "__table__"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the name that version 2 gave, unless foreign keys in sight already speak of the other one."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    name = node.name.value
    old, new = declared.named_by_2(name), declared.named_by_3(name)
    if old == new or not _is_named(node, here):
        return None
    spoken = {table for table in (old, new) if any(_refers(table, each) for each in (here.model, *here.program))}
    if spoken == {new}:
        return None  # Flask-SQLAlchemy 3 with SQLAlchemy 1.4
    reason = f"Flask-SQLAlchemy 3 calls the table {new}, version 2 called it {old}"
    if not isinstance(node.body, cst.IndentedBlock):
        return Decline(f'{reason}: write __tablename__ = "{old}" into the class', Severity.REMOVED)
    safety = Safety.SAFE if spoken else Safety.REVIEW
    return Rewrite((), reason, Need.REQUIRED, safety, insertions=(_line(node, site, old, bodies.quote_of(here.model)),))


def _is_named(node: cst.ClassDef, here: Context) -> bool:
    """Whether the extension names the table of a class: no one else does, and it has one of its own."""
    line: list[lineages.Found] = [(node, here.model), *lineages.above(node, here.model, here.program)]
    if not any(_extends_model(*each) for each in line):
        return False
    if {*_NAMING, "__abstract__"} & bodies.body_of(node, here.model).bound:
        return False
    mapped = [each for each in line[1:] if _is_mapped(*each, here)]
    if any(_NAMING & bodies.body_of(*each).bound for each in line[1:] if each not in mapped):
        return False
    if any(isinstance(f, cst.FunctionDef) and f.name.value in _NAMING for each, _ in mapped for f in each.body.body):
        return False
    return not mapped or any(_is_key(value) for _, value in bodies.assignments(node))


def _extends_model(node: cst.ClassDef, model: ModuleModel) -> bool:
    """Whether a class extends `db.Model` itself, where `db` is known to be the extension's object."""
    return any(_is_model(base.value, model) for base in node.bases)


def _is_model(base: cst.BaseExpression, model: ModuleModel) -> bool:
    match base:
        case cst.Attribute(value=owner, attr=cst.Name(value="Model")):
            return isinstance(model.type_of(owner), Extension)
    kind = model.type_of(base)
    return isinstance(kind, Imported) and kind.name == f"{EXTENSION}.Model"


def _is_mapped(node: cst.ClassDef, model: ModuleModel, here: Context) -> bool:
    """Whether a class above has a table: no mixin, and nothing abstract."""
    line = [(node, model), *lineages.above(node, model, here.program)]
    return "__abstract__" not in bodies.body_of(node, model).bound and any(_extends_model(*each) for each in line)


def _is_key(value: cst.BaseExpression) -> bool:
    calls: list[cst.CSTNode] = [value, *names.below(value)]
    given = (names.keyword(each, "primary_key") for each in calls if isinstance(each, cst.Call))
    return any(each is not None and names.code(each) != "False" for each in given)


def _refers(table: str, model: ModuleModel) -> bool:
    """Whether a text speaks of a column of that table, as foreign keys do."""
    return re.search(rf"""["']{table}\.\w""", model.text) is not None


def _line(node: cst.ClassDef, site: Site, table: str, quote: str) -> Insertion:
    """The name as the first attribute, below the docstring."""
    first = node.body.body[0]
    text = f"__tablename__ = {quote}{table}{quote}"
    return Insertion(first, (*site.ancestors, id(node)), text, before=not _is_text(first))


def _is_text(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Expr)
