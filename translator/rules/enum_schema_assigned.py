"""The schema that a MetaData is given later, `metadata.schema = …`, is that of the types of its Enums in 2.1, too.

As where it is given when the MetaData is made, the types of existing tables are not found then.
"""

from __future__ import annotations

from translator.model.sites import Site
from translator.options import Target
from translator.rules import enum_schema
from translator.rules.contract import Context, Outcome, on_member

GUIDE = enum_schema.GUIDE
BEFORE = (
    "Base = declarative_base()\nBase.metadata.schema = 'main'\n\n\nclass Lamp(Base):\n    __tablename__ = 'lamp'\n"
    "    id = Column(Integer, primary_key=True)\n    state = Column(Enum('on', 'off', name='lamp_states'))"
)
AFTER = (
    "class Base(DeclarativeBase):\n    pass\n\n\nBase.metadata.schema = 'main'\n\n\nclass Lamp(Base):\n"
    "    __tablename__ = 'lamp'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    state: Mapped[str | None] = mapped_column(Enum('on', 'off', name='lamp_states'))"
)
ON = on_member("MetaData.schema=")


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of it where the program has Enums."""
    return enum_schema.concerning(here) if here.options.target is not Target.SA20 else None
