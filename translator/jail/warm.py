"""Uses the paths through SQLAlchemy that every job uses, once in the zygote, so that each child finds them memoized.

Leaves nothing behind that a job could see: a registry of its own, disposed of. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import datetime
import warnings
from typing import Any

import sqlalchemy
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Numeric, String, func, orm
from sqlalchemy.dialects import mysql, postgresql

from . import rows


def use_paths() -> None:
    """Map, create, insert, select, join, update, delete: in a database that is thrown away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        base = orm.declarative_base()
        parent, child = _models(base)
        engine = sqlalchemy.create_engine("sqlite://")
        base.metadata.create_all(engine)
        session = orm.Session(engine)
        session.add(parent(name="a", at=datetime.datetime(2020, 1, 1), children=[child(flag=True)]))
        session.commit()
        _query(session, parent, child)
        for table in base.metadata.sorted_tables:
            rows.invent(table, {}, {})
        session.close()
        engine.dispose()
        base.registry.dispose()


def _models(base: Any) -> tuple[Any, Any]:
    class Parent(base):  # type: ignore[misc]
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        price = Column(Numeric)
        at = Column(DateTime)
        children = orm.relationship("Child", back_populates="parent")

    class Child(base):  # type: ignore[misc]
        __tablename__ = "children"
        id = Column(Integer, primary_key=True)
        flag = Column(Boolean)
        parent_id = Column(Integer, ForeignKey("parents.id"))
        parent = orm.relationship("Parent", back_populates="children")

    return Parent, Child


def _query(session: Any, parent: Any, child: Any) -> None:
    query = session.query(parent)
    entity = sqlalchemy.select(parent).options(orm.joinedload(parent.children))
    query.join(parent.children).filter(parent.name == "a").order_by(parent.name.desc()).limit(1).offset(0).all()
    query.filter_by(name="a").first()
    query.count()
    session.execute(entity.where(parent.name.in_(["a"]))).unique().scalars().all()
    session.execute(sqlalchemy.select(func.count(parent.id)).group_by(parent.name)).all()
    session.execute(sqlalchemy.text("SELECT :x"), {"x": 1}).fetchall()
    dialects: tuple[Any, ...] = (postgresql, mysql)
    for dialect in dialects:
        entity.compile(dialect=dialect.dialect())
    session.query(child).filter(child.flag.is_(True)).update({"flag": False})
    session.execute(sqlalchemy.delete(child).where(child.id == 1))
    session.get(parent, 1)
    session.rollback()
