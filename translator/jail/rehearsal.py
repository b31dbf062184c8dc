"""Runs a small text as a job would, before there is one: what a job uses has been used then, and its pages are copied.

Takes back what that leaves in the process, so that no job can tell. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import orm

from .replacing import take_back

# What most texts do, so that most of what a job looks at has been looked at.
TEXT = """\
class Parents:
    def __init__(self, session):
        self.session = session

    def named(self, name, limit=None):
        query = self.session.query(Parent).options(joinedload(Parent.children)).filter(Parent.name == name)
        query = query.order_by(Parent.id.desc())
        if limit:
            query = query.limit(limit)
        return query.all()


def first(parent_id):
    parent = Parent.query.filter_by(id=parent_id).first()
    return None if parent is None else {"id": parent.id, "children": [child.id for child in parent.children]}


own = Table("own", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
with engine.connect() as connection:
    connection.execute(own.insert(), [{"name": "x"}])
    rows = connection.execute(select(own.c.id, own.c.name).where(own.c.id > 1)).fetchall()
total = session.query(Parent).filter(Parent.id > 1).count()
one = session.get(Child, 1)
children = session.execute(select(Child).join(Child.parent).where(Parent.id.in_([1, 2]))).unique().scalars().all()
pairs = session.query(Parent, Child).join(Child, Child.parent_id == Parent.id).all()
names = [name for (name,) in session.query(Parent.name).distinct()]
session.query(Child).filter(Child.id == 3).update({"parent_id": 2})
session.query(Child).filter(Child.id == 4).delete()
session.add(Parent(name="y"))
session.commit()
"""
MODELS = """\
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship
Base = declarative_base()
metadata = Base.metadata
class Parent(Base):
    __tablename__ = 'parents'
    id = Column(Integer, primary_key=True)
    name = Column(String)
    children = relationship('Child', back_populates='parent')
class Child(Base):
    __tablename__ = 'children'
    id = Column(Integer, primary_key=True)
    parent_id = Column(Integer, ForeignKey('parents.id'))
    parent = relationship('Parent', back_populates='children')
"""
REQUEST = {
    "code": TEXT,
    "dialect": "sqlite",
    "ddl": True,
    "places": [[2, 12]],
    "plan": {
        "models": MODELS,
        "constants": {"id": [1, 2]},
        "asked": {"name": ["name", 0]},
        "free": ["Child", "Column", "Integer", "Parent", "String", "Table", "engine", "joinedload", "metadata", "select",
                 "session"],
        "roles": {"session": "session"},
    },
}  # fmt: skip


def rehearse(run_job: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Do one job and give its trace."""
    modules, printed, numbers = dict(sys.modules), sys.stdout, random.getstate()
    try:
        return run_job(REQUEST)
    finally:
        orm.close_all_sessions()
        take_back()
        for name in sys.modules.keys() - modules.keys():
            del sys.modules[name]
        sys.modules.update(modules)
        sys.stdout = printed
        random.setstate(numbers)
