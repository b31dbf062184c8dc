"""Translations of models, right ones and wrong ones: what no statement shows, such as a default or a cascade."""

from __future__ import annotations

from tests.verify.fragments import fragment
from tests.verify.pairs import Pair

OLD = """
class Shelf(Base):
    __tablename__ = 'shelves'
    id = Column(BigInteger().with_variant(Integer, 'sqlite'), primary_key=True)
    size = Column(Integer, default=3)
    made = Column(DateTime, default=datetime.utcnow)
    wait = Column(Interval)
    books = relationship('Book', back_populates='shelf', cascade='all, delete-orphan', order_by='Book.title')

class Book(Base):
    __tablename__ = 'books'
    id = Column(Integer, primary_key=True)
    title = Column(String(80), index=True, nullable=False)
    shelf_id = Column(ForeignKey('shelves.id', ondelete='CASCADE'))
    shelf = relationship('Shelf', back_populates='books')

shelves = session.query(Shelf).all()
"""
NEW = """
from datetime import datetime, timedelta
from sqlalchemy.orm import Mapped, mapped_column
class Shelf(Base):
    __tablename__ = 'shelves'
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, 'sqlite'), primary_key=True)
    size: Mapped[int | None] = mapped_column(default=3)
    made: Mapped[datetime | None] = mapped_column(default=datetime.utcnow)
    wait: Mapped[timedelta | None] = mapped_column()
    books: Mapped[list['Book']] = relationship(back_populates='shelf', cascade='all, delete-orphan', order_by='Book.title')

class Book(Base):
    __tablename__ = 'books'
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), index=True)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey('shelves.id', ondelete='CASCADE'))
    shelf: Mapped['Shelf | None'] = relationship(back_populates='books')

shelves = session.scalars(select(Shelf)).all()
"""
SLIPS = {
    "no_default": ("default=3", ""),
    "another_default": ("default=3", "default=4"),
    "a_default_at_once": ("default=datetime.utcnow", "default=datetime.utcnow()"),
    "an_onupdate": ("default=3", "default=3, onupdate=3"),
    "a_server_default": ("default=3", "default=3, server_default='3'"),
    "no_index": ("index=True", ""),
    "a_longer_string": ("String(80)", "String(90)"),
    "no_rule_of_the_key": (", ondelete='CASCADE'", ""),
    "no_cascade": (", cascade='all, delete-orphan'", ""),
    "no_order": (", order_by='Book.title'", ""),
    "no_other_side": ("back_populates='books'", "viewonly=True"),
    "loaded_at_once": ("relationship(back_populates='shelf'", "relationship(lazy='selectin', back_populates='shelf'"),
}
WRONG = {name: NEW.replace(*slip) for name, slip in SLIPS.items()}

DECLARED: list[Pair] = [
    fragment("models that say much", OLD, NEW, **WRONG),
    fragment(
        "columns of a mixin, which 2.x puts elsewhere",
        """
        class Stamped:
            author = Column(String)

        class Note(Stamped, Base):
            __tablename__ = 'notes'
            id = Column(Integer, primary_key=True)
            text = Column(String)

        def add(session, text):
            session.add(Note(text=text, author='me'))
            session.commit()
            return session.query(Note).filter(Note.author == 'me').all()
        """,
        """
        class Stamped:
            author = Column(String)

        class Note(Stamped, Base):
            __tablename__ = 'notes'
            id = Column(Integer, primary_key=True)
            text = Column(String)

        def add(session, text):
            session.add(Note(text=text, author='me'))
            session.commit()
            return session.scalars(select(Note).where(Note.author == 'me')).all()
        """,
        written_the_wrong_way="""
        class Stamped:
            author = Column(String)

        class Note(Stamped, Base):
            __tablename__ = 'notes'
            id = Column(Integer, primary_key=True)
            text = Column(String)

        def add(session, text):
            session.add(Note(text='me', author=text))
            session.commit()
            return session.scalars(select(Note).where(Note.author == 'me')).all()
        """,
    ),
    fragment(
        "columns that are selected by themselves, whose order is that of the row",
        "pairs = session.query(User.name, User.id).order_by(User.id).all()",
        "pairs = session.execute(select(User.name, User.id).order_by(User.id)).all()",
        another_order="pairs = session.execute(select(User.id, User.name).order_by(User.id)).all()",
    ),
    fragment(
        "what is written is looked for as well",
        "session.query(User).filter(User.id == 1).update({'name': 'zoe'})\n"
        "n = session.query(User).filter(User.name == 'zoe').count()\nsession.rollback()",
        "session.execute(update(User).where(User.id == 1).values({'name': 'zoe'}))\n"
        "n = session.scalar(select(func.count()).select_from(select(User).where(User.name == 'zoe').subquery()))\n"
        "session.rollback()",
        committed="session.execute(update(User).where(User.id == 1).values({'name': 'zoe'}))\n"
        "n = session.scalar(select(func.count()).select_from(select(User).where(User.name == 'zoe').subquery()))\n"
        "session.commit()",
    ),
    fragment(
        "an object that waits to be written",
        "def new(session, name):\n    user = User(name=name)\n    session.add(user)\n    return user",
        "def new(session, name):\n    user = User(name=name)\n    session.add(user)\n    return user",
        forgotten="def new(session, name):\n    user = User(name=name)\n    return user",
    ),
    fragment(
        "objects that a session has let go of",
        "users = session.query(User).all()\nsession.close()",
        "users = session.scalars(select(User)).all()\nsession.close()",
        kept="users = session.scalars(select(User)).all()",
    ),
    fragment(
        "a slice that may be empty",
        "def part(session, start, stop):\n    return session.query(User).order_by(User.id)[start:stop]",
        "def part(session, start, stop):\n"
        "    return session.scalars(select(User).order_by(User.id).slice(start, stop)).all() if stop > start else []",
        unguarded="def part(session, start, stop):\n"
        "    return session.scalars(select(User).order_by(User.id).slice(start, stop)).all()",
        never="def part(session, start, stop):\n"
        "    return session.scalars(select(User).order_by(User.id).slice(start, stop)).all() if stop < start else []",
    ),
]
