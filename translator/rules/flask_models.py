"""Bind keys that Flask-SQLAlchemy 3 reads off a class otherwise than version 2 did.

A key in the table's `info`, or beside a `__table__`, no longer chooses the engine; any other puts the table into a MetaData
of its own, where version 2 had one for all.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.extension import EXTENSION
from translator.model.sites import Site
from translator.model.types import Imported
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import bodies
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/binds/"
_CLASS = "class Log(db.Model):\n    __table_args__ = {'info': {'bind_key': 'logs'}}\n    "
BEFORE = f"{_CLASS}id = db.Column(db.Integer, primary_key=True)"
AFTER = f"{_CLASS}id: Mapped[int] = db.mapped_column(primary_key=True)"
ON = ON_CLASS
_MODEL = f"{EXTENSION}.Model"
_KEY = "__bind_key__"
_APART = (
    "Flask-SQLAlchemy 3 has a MetaData for each bind: db.metadata does not hold this table, db.metadatas[…] does, and foreign "
    "keys between binds are not found"
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of what chooses no engine any more."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    assigned = dict(bodies.assignments(node))
    if not _extends_model(node, here):
        return None
    remarks = _bound_no_longer(assigned)
    return Rewrite((), "", remarks=tuple(remarks)) if remarks else None


def _extends_model(node: cst.ClassDef, here: Context) -> bool:
    """Whether a class extends `db.Model`, or a class in sight that does."""
    if any(_is_model(base.value, here) for base in node.bases):
        return True
    family = here.model.mapping.family(node.name.value)
    return (
        any(base.endswith(".Model") for mapped in family for base in mapped.bases) and here.model.extension is not None
    )


def _is_model(base: cst.BaseExpression, here: Context) -> bool:
    kind = here.model.type_of(base)
    return isinstance(kind, Imported) and kind.name == _MODEL


def _bound_no_longer(assigned: dict[str, cst.BaseExpression]) -> list[Decline]:
    """Keys that choose no engine any more: those in the table's info, and those beside a table; others part the tables."""
    if _KEY in assigned and "__table__" in assigned:
        return [
            Decline(
                "Flask-SQLAlchemy 3 doesn't ask a class with __table__ for its __bind_key__, so that the engine is "
                "another one: make the table with db.Table(…, bind_key=…)",
                Severity.REMOVED,
            )
        ]
    if _KEY in assigned:
        return [Decline(_APART, Severity.NOTE)]
    arguments = assigned.get("__table_args__")
    inside = names.below(arguments) if arguments is not None else ()
    if any(isinstance(each, cst.SimpleString) and names.literal_string(each) == "bind_key" for each in inside):
        return [
            Decline(
                "Flask-SQLAlchemy 3 doesn't look for a bind key in the info of a table, so that the engine is another "
                f"one: write {_KEY} into the class",
                Severity.REMOVED,
            )
        ]
    return []
