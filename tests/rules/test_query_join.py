"""Joins of queries that stay, which 2.x refuses in their old forms all the same."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write
from translator import Severity, translate

MODELS = "class User(Base):\n    id = mapped_column(Integer, primary_key=True)\n    orders = relationship('Order')\n\n"


def test_a_query_that_stays_is_joined_as_2_x_takes_it() -> None:
    """Where the whole chain is in sight."""
    result = translate(f"{MODELS}def f(self, session):\n    self.kept = session.query(User).join('orders')\n")
    assert "session.query(User).join(User.orders)" in result.output
    assert [d.slug for d in result.diagnostics if d.slug.startswith("query")] == ["query-escapes"]


def test_a_join_is_told_of_where_its_query_is_held_by_a_name() -> None:
    """Something else may be held there, too."""
    source = f"{MODELS}def f(self, session):\n    q = session.query(User)\n    self.kept = q.join('orders')\n"
    result = translate(source)
    assert "q.join('orders')" in result.output
    found = [d for d in result.diagnostics if d.slug == "query-join"]
    assert [d.severity for d in found] == [Severity.REMOVED]
    assert "write the attributes" in found[0].message


def test_what_else_is_gone_from_a_query_that_stays_is_told() -> None:
    """A negative index; `paginate()` by position is given its arguments by name."""
    for use, told in (("paginate(1, 20)", []), ("all(), q[-1]", [Severity.REMOVED])):
        source = f"def f(self):\n    q = User.query.order_by(User.id)\n    self.kept = q\n    return q.{use}\n"
        head = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass User(db.Model):\n"
        result = translate(f"{head}    id = db.Column(db.Integer, primary_key=True)\n\n\n{source}")
        assert [d.severity for d in result.diagnostics if d.slug in {"query-paginate", "query-subscript"}] == told
        assert ("return q.paginate(page=1, per_page=20)" in result.output) is (not told)


MADE = """from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.orm import Session, relationship

Base = declarative_base()


class HasStatus:
    @declared_attr
    def status(cls):
        cls.Status = type(
            cls.__name__ + "Status",
            (Base,),
            {
                "__tablename__": cls.__tablename__ + "_status",
                "id": Column(Integer, primary_key=True),
                "status": Column(String(20)),
                "parent_id": Column(ForeignKey(cls.__tablename__ + ".id")),
            },
        )
        return relationship(cls.Status, order_by=cls.Status.id)


class Sketch(HasStatus, Base):
    __tablename__ = "sketch"
    id = Column(Integer, primary_key=True)


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
session = Session(engine)
for number, status in enumerate(("new", "deleted", "new")):
    session.add(Sketch(id=number + 1, status=[Sketch.Status(status=status)]))
session.commit()
found = session.query(Sketch.id).join(Sketch.Status, Sketch.status).filter(Sketch.Status.status != "deleted")
print([tuple(row) for row in found.order_by(Sketch.id).all()])
print(session.query(Sketch).outerjoin(Sketch.Status, Sketch.status).order_by(Sketch.id.desc()).first().id)
"""


def test_a_class_that_is_an_attribute_is_joined_on_what_is_given(tmp_path: Path) -> None:
    """A `declared_attr` made it: `join(Sketch.Status, Sketch.status)` is one join."""
    paths = write(tmp_path, {"main.py": MADE})
    before = ran(tmp_path, LEGACY.folders)
    after = output(translated(paths)["main.py"])
    assert ".outerjoin(Sketch.Status, Sketch.status)" in after
    write(tmp_path, {"main.py": after})
    assert ran(tmp_path, ()) == before == "[(1,), (3,)]\n3\n"


def test_a_class_is_named_as_it_is_called_where_it_is_joined() -> None:
    """Not as another function calls it; not at all where only a call gives it, another alias each time perhaps."""
    kept = "class Store:\n    def __init__(self, model):\n        self.model = model\n\n    def all(self, session):\n"
    assert (
        ".join(self.model.Shelf.items)"
        in translate(f"{kept}        return session.query(self.model.Shelf).join('items').all()\n").output
    )
    given = "def _all(session: Session, thing):\n    return session.query(thing).join('items').all()\n\n"
    assert (
        ".join(thing.items)"
        in translate(f"{given}def f(session: Session, cls):\n    return _all(session, cls)\n").output
    )
    made = "def f(session, model):\n    return session.query({}).join('items').all()\n"
    assert (
        "join('items')"
        in translate(made.format("pick(model)") + "\ndef pick(a):\n    return a if a else Shelf\n").output
    )
