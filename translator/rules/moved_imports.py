"""Names that moved to another module are imported from there.

`sqlalchemy.ext.declarative.declarative_base` lives in `sqlalchemy.orm`, the exceptions of `sqlalchemy.orm.exc` that are
the engine's own live in `sqlalchemy.exc`.
"""

from __future__ import annotations

from translator.edits import Import
from translator.findings import Need, Severity
from translator.model.sites import Site, SiteKind
from translator.rules import contract
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite

GUIDE = f"{contract.GUIDE}#declarative-becomes-a-first-class-api"
BEFORE = "from sqlalchemy.ext.declarative import declarative_base\n\nBase = declarative_base()"
AFTER = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()"

_MOVED = {
    ("sqlalchemy.ext.declarative", "declarative_base"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative", "declared_attr"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative", "as_declarative"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative", "has_inherited_table"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative", "synonym_for"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative.api", "declarative_base"): "sqlalchemy.orm",
    ("sqlalchemy.ext.declarative.api", "declared_attr"): "sqlalchemy.orm",
    ("sqlalchemy.orm.exc", "NoResultFound"): "sqlalchemy.exc",
    ("sqlalchemy.orm.exc", "MultipleResultsFound"): "sqlalchemy.exc",
}
_GONE = {
    ("sqlalchemy.ext.declarative", "instrument_declarative"): "use registry.map_declaratively()",
    ("sqlalchemy.ext.declarative", "comparable_using"): "use a hybrid or a column_property with its own comparator",
    ("sqlalchemy.ext.declarative.api", "DeclarativeMeta"): "import it from sqlalchemy.orm",
    ("sqlalchemy.orm", "mapper"): "use registry().map_imperatively()",
    ("sqlalchemy.orm", "relation"): "use relationship()",
    ("sqlalchemy.orm", "comparable_property"): "use a hybrid_property",
}
ON = On(SiteKind.IMPORT, frozenset({name for _, name in (*_MOVED, *_GONE)}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Import the name from where it lives."""
    module, _, name = site.name.rpartition(".")
    if (module, name) in _GONE:
        return Decline(f"`{name}` is gone from `{module}`: {_GONE[module, name]}", Severity.REMOVED)
    target = _MOVED.get((module, name))
    if target is None:
        return None
    move = (Import(module, name), Import(target, name))
    return Rewrite((), f"`{name}` lives in `{target}`", Need.REQUIRED, moves=(move,))
