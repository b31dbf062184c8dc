"""The schema of a MetaData is that of the types of its Enums in 2.1, which 1.x and 2.0 kept in the default schema.

On databases with types of that kind, such as PostgreSQL, the type of an existing table is not found then. `schema=` of the
Enum says where it is; nothing says that it is in the default schema, so the place is told.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.options import Target
from translator.rules.contract import Context, Decline, Outcome, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"
BEFORE = (
    "Base = declarative_base(metadata=MetaData(schema='main'))\n\n\nclass Lamp(Base):\n    __tablename__ = 'lamp'\n"
    "    id = Column(Integer, primary_key=True)\n    state = Column(Enum('on', 'off', name='lamp_states'))"
)
AFTER = (
    "class Base(DeclarativeBase):\n    metadata = MetaData(schema='main')\n\n\nclass Lamp(Base):\n    __tablename__ = 'lamp'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    state: Mapped[str | None] = mapped_column(Enum('on', 'off', name='lamp_states'))"
)
ON = on_call("MetaData")

_ENUMS = frozenset({"Enum", "ENUM"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of it where the program has Enums."""
    schema = names.keyword(cst.ensure_type(site.node, cst.Call), "schema")
    if schema is None or names.code(schema) == "None" or here.options.target is Target.SA20:
        return None
    if not here.model.about_sqlalchemy or not site.name.startswith("sqlalchemy."):
        return None
    return concerning(here)


def concerning(here: Context) -> Decline | None:
    """What is said of a schema, where the program has Enums."""
    if not any(not _ENUMS.isdisjoint(model.words(model.tree)) for model in here.program or (here.model,)):
        return None
    return Decline(
        "2.1 looks for the types of its Enums in this schema on PostgreSQL, where 1.x and 2.0 had them in the default one: "
        "move the types (ALTER TYPE … SET SCHEMA), or give each Enum the schema= that holds its type"
    )
