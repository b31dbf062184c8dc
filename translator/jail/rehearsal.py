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

TEXT = """\
def named(session, name, limit=None):
    query = session.query(Parent).filter(Parent.name == name).order_by(Parent.id.desc())
    if limit:
        query = query.limit(limit)
    return query.all()

total = session.query(Parent).filter(Parent.id > 1).count()
children = session.execute(select(Child).join(Child.parent).where(Parent.id.in_([1, 2]))).unique().scalars().all()
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
        "free": ["Child", "Parent", "select", "session"],
        "roles": {"session": "session"},
    },
}


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
