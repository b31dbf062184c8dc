"""Table names and bind keys that Flask-SQLAlchemy 3 reads off a class otherwise than version 2 did.

A class without `__tablename__` is called otherwise where capitals end its name or stand beside digits: `UserID` was
`userID` and is `user_id`. A key in the table's `info`, or beside a `__table__`, no longer chooses the engine.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.findings import Severity
from translator.model.extension import EXTENSION
from translator.model.sites import Site
from translator.model.types import Imported
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import bodies
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/binds/"
BEFORE = "class UserID(db.Model):\n    id = db.Column(db.Integer, primary_key=True)"
AFTER = "class UserID(db.Model):\n    id: Mapped[int] = db.mapped_column(primary_key=True)"
ON = ON_CLASS
_MODEL = f"{EXTENSION}.Model"
_NAMING = frozenset({"__tablename__", "__table__", "__abstract__"})
_KEY = "__bind_key__"


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of what changes; which of the names a database has is not to be seen."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    assigned = dict(bodies.assignments(node))
    if not _extends_model(node, here):
        return None
    remarks = [*_named_otherwise(node, here), *_bound_no_longer(assigned)]
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


def _named_otherwise(node: cst.ClassDef, here: Context) -> list[Decline]:
    name = node.name.value
    old, new = _old_name(name), _new_name(name)
    if old == new or _is_named(node, here):
        return []
    return [
        Decline(
            f"Flask-SQLAlchemy 2 calls the table of {name} `{old}`, and 3 `{new}`: write the name that the database has, "
            f'__tablename__ = "{old}"'
        )
    ]


def _is_named(node: cst.ClassDef, here: Context) -> bool:
    """Whether a class has no table that is called after it: it or a base names it, or its parent's is its own."""
    family = here.model.mapping.family(node.name.value)
    bases = [names.dotted(base.value) or "" for base in node.bases]
    bases += [base for mapped in family for base in mapped.bases]
    classes = [node, *filter(None, (bodies.class_named(base, here.model) for base in bases))]
    if bodies.body_of(node, here.model).bound & _NAMING or here.model.mapping.names_tables(bases):
        return True
    if any("__tablename__" in bodies.body_of(each, here.model).bound for each in classes if each is not node):
        return True
    mapped = here.model.mapping.get(node.name.value)
    own = mapped.primary_keys() if mapped is not None else ()
    return not own and any(above.table is not None for above in family if above is not mapped)


def _bound_no_longer(assigned: dict[str, cst.BaseExpression]) -> list[Decline]:
    """Keys that choose no engine any more: those in the table's info, and those beside a table."""
    if _KEY in assigned and "__table__" in assigned:
        return [
            Decline(
                "Flask-SQLAlchemy 3 doesn't ask a class with __table__ for its __bind_key__, so that the engine is "
                "another one: make the table with db.Table(…, bind_key=…)",
                Severity.REMOVED,
            )
        ]
    arguments = assigned.get("__table_args__")
    inside = names.below(arguments) if arguments is not None and _KEY not in assigned else ()
    if any(isinstance(each, cst.SimpleString) and names.literal_string(each) == "bind_key" for each in inside):
        return [
            Decline(
                "Flask-SQLAlchemy 3 doesn't look for a bind key in the info of a table, so that the engine is another "
                f"one: write {_KEY} into the class",
                Severity.REMOVED,
            )
        ]
    return []


def _old_name(name: str) -> str:
    """The table of a class as version 2 called it."""
    return re.sub(r"[A-Z]+(?=[a-z0-9])", _in_words, name).lstrip("_")


def _in_words(found: re.Match[str]) -> str:
    word = found[0]
    return f"_{word[:-1]}_{word[-1]}".lower() if len(word) > 1 else f"_{word.lower()}"


def _new_name(name: str) -> str:
    """The table of a class as version 3 calls it."""
    return re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name).lower().lstrip("_")
