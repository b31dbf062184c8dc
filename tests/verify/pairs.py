"""Hand-written translations, right and wrong ones, of the ways in which translations go wrong.

Each: what it is about, the code as pasted, a right translation, and wrong ones with a word of what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Pair:
    about: str
    before: str
    right: str
    wrong: dict[str, str]


MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select, func, text, update, delete, insert, distinct
from sqlalchemy.orm import Session, declarative_base, relationship, joinedload, aliased
Base = declarative_base()
class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    rating = Column(Integer)
    books = relationship("Book", back_populates="author")
class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(50))
    year = Column(Integer)
    author_id = Column(ForeignKey("author.id"))
    author = relationship("Author", back_populates="books")
engine = create_engine("sqlite://")
session = Session(engine)
"""


def pair(about: str, before: str, right: str, **wrong: str) -> Pair:
    full = {name.replace("_", " "): MODELS + dedent(text) for name, text in wrong.items()}
    return Pair(about, MODELS + dedent(before), MODELS + dedent(right), full)


PAIRS = [
    pair(
        "statements in a list",
        "queries = [session.query(Author), session.query(Book).filter(Book.year > 2)]",
        "queries = [select(Author), select(Book).where(Book.year > 2)]",
        other_filter="queries = [select(Author), select(Book).where(Book.year >= 2)]",
        one_less="queries = [select(Author)]",
    ),
    pair(
        "an object in memory after a bulk update",
        """
        author = session.query(Author).get(1)
        session.query(Author).filter(Author.id == 1).update({"name": "other"})
        """,
        """
        author = session.get(Author, 1)
        session.execute(update(Author).where(Author.id == 1).values({"name": "other"}))
        """,
        not_synchronised="""
        author = session.get(Author, 1)
        session.execute(
            update(Author).where(Author.id == 1).values({"name": "other"}).execution_options(synchronize_session=False)
        )
        """,
        of_the_table="""
        author = session.get(Author, 1)
        session.execute(update(Author.__table__).where(Author.id == 1).values({"name": "other"}))
        """,
    ),
    pair(
        "one object in two variables",
        "one = session.query(Author).get(1)\nother = session.query(Author).filter_by(id=1).one()",
        "one = session.get(Author, 1)\nother = session.scalars(select(Author).filter_by(id=1)).one()",
        another_session="""
        one = session.get(Author, 1)
        other = Session(engine).scalars(select(Author).filter_by(id=1)).one()
        """,
    ),
    pair(
        "asynchronous code",
        """
        import asyncio
        from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
        async def main():
            async with AsyncSession(create_async_engine("sqlite+aiosqlite://")) as asession:
                found = await asession.execute(select([Author]).where(Author.rating > 1))
                await asyncio.sleep(30)
                return [author.name for author in found.scalars()]
        names = asyncio.run(main())
        """,
        """
        import asyncio
        from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
        async def main():
            async with AsyncSession(create_async_engine("sqlite+aiosqlite://")) as asession:
                found = await asession.execute(select(Author).where(Author.rating > 1))
                await asyncio.sleep(30)
                return [author.name for author in found.scalars()]
        names = asyncio.run(main())
        """,
        lazy="""
        import asyncio
        from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
        async def main():
            async with AsyncSession(create_async_engine("sqlite+aiosqlite://")) as asession:
                found = await asession.execute(select(Author).where(Author.rating > 1))
                return [author.name for author in found.scalars() if author.books]
        names = asyncio.run(main())
        """,
    ),
    pair(
        "an argument that takes the other branch",
        """
        def found(name):
            query = session.query(Author)
            if name is None:
                return query.filter(Author.rating > 2).all()
            return query.all()
        """,
        """
        def found(name):
            query = select(Author)
            if name is None:
                return session.scalars(query.where(Author.rating > 2)).all()
            return session.scalars(query).all()
        """,
        wrong_branch="""
        def found(name):
            query = select(Author)
            if name is None:
                return session.scalars(query.where(Author.rating > 1)).all()
            return session.scalars(query).all()
        """,
    ),
    pair(
        "a join that repeats entities",
        "found = session.query(Author).join(Author.books).all()",
        "found = session.scalars(select(Author).join(Author.books)).unique().all()",
        no_unique="found = session.scalars(select(Author).join(Author.books)).all()",
        distinct_instead="found = session.scalars(select(Author).join(Author.books).distinct()).all()",
        outer_join="found = session.scalars(select(Author).outerjoin(Author.books)).unique().all()",
    ),
    pair(
        "unique() on columns",
        "found = session.query(Author.name).join(Author.books).all()",
        "found = session.execute(select(Author.name).join(Author.books)).all()",
        unique="found = session.execute(select(Author.name).join(Author.books)).unique().all()",
        scalars="found = session.scalars(select(Author.name).join(Author.books)).all()",
    ),
    pair(
        "an eagerly joined collection",
        "found = session.query(Author).options(joinedload(Author.books)).all()",
        "found = session.scalars(select(Author).options(joinedload(Author.books))).unique().all()",
        no_unique="found = session.scalars(select(Author).options(joinedload(Author.books))).all()",
    ),
    pair(
        "first()",
        "found = session.query(Author).order_by(Author.name).first()",
        "found = session.scalars(select(Author).order_by(Author.name).limit(1)).first()",
        no_limit="found = session.scalars(select(Author).order_by(Author.name)).first()",
        one_or_none="found = session.scalars(select(Author).order_by(Author.name).limit(1)).one()",
        no_order="found = session.scalars(select(Author).limit(1)).first()",
        other_order="found = session.scalars(select(Author).order_by(Author.name.desc()).limit(1)).first()",
    ),
    pair(
        "scalar() on several rows",
        "found = session.query(Author.name).scalar()",
        "found = session.execute(select(Author.name)).scalar_one_or_none()",
        session_scalar="found = session.scalar(select(Author.name))",
    ),
    pair(
        "one() on several rows",
        "found = session.query(Author).filter(Author.name == 'ada').one()",
        "found = session.scalars(select(Author).where(Author.name == 'ada')).one()",
        first="found = session.scalars(select(Author).where(Author.name == 'ada')).first()",
        one_or_none_of_limited="found = session.scalars(select(Author).where(Author.name == 'ada').limit(1)).one()",
    ),
    pair(
        "count()",
        "n = session.query(Author).join(Author.books).count()",
        "n = session.scalar(select(func.count()).select_from(select(Author).join(Author.books).subquery()))",
        of_ids="n = session.scalar(select(func.count(Author.id)).join(Author.books))",
        of_distinct="n = session.scalar(select(func.count(distinct(Author.id))).join(Author.books))",
        of_rows="n = session.execute(select(func.count()).select_from(select(Author).join(Author.books).subquery())).one()",
    ),
    pair(
        "get()",
        "found = session.query(Author).get(2)",
        "found = session.get(Author, 2)",
        filtered="found = session.scalars(select(Author).where(Author.id == 2)).one()",
        other="found = session.get(Author, 3)",
        other_class="found = session.get(Book, 2)",
    ),
    pair(
        "order of rows",
        "found = session.query(Book.title, Book.year).order_by(Book.year, Book.id.desc()).all()",
        "found = session.execute(select(Book.title, Book.year).order_by(Book.year, Book.id.desc())).all()",
        no_order="found = session.execute(select(Book.title, Book.year)).all()",
        swapped="found = session.execute(select(Book.year, Book.title).order_by(Book.year, Book.id.desc())).all()",
    ),
    pair(
        "a slice",
        "found = session.query(Book).order_by(Book.id)[1:3]",
        "found = session.scalars(select(Book).order_by(Book.id).slice(1, 3)).all()",
        sliced_in_python="found = session.scalars(select(Book).order_by(Book.id)).all()[1:3]",
        off_by_one="found = session.scalars(select(Book).order_by(Book.id).slice(1, 4)).all()",
    ),
    pair(
        "filter_by() after join()",
        "found = session.query(Author).join(Author.books).filter_by(title='ada').all()",
        "found = session.scalars(select(Author).join(Author.books).where(Book.title == 'ada')).unique().all()",
        of_the_first="found = session.scalars(select(Author).join(Author.books).where(Author.name == 'ada')).unique().all()",
    ),
    pair(
        "limit before a filter",
        "sub = session.query(Book).order_by(Book.id).limit(2).subquery()\n"
        "found = session.query(aliased(Book, sub)).filter(sub.c.year > 1).all()",
        "sub = select(Book).order_by(Book.id).limit(2).subquery()\n"
        "found = session.scalars(select(aliased(Book, sub)).where(sub.c.year > 1)).all()",
        flattened="found = session.scalars(select(Book).where(Book.year > 1).order_by(Book.id).limit(2)).all()",
    ),
    pair(
        "bulk update and its row count",
        "n = session.query(Book).filter(Book.year > 1).update({'title': 'x'}, synchronize_session=False)\n"
        "session.commit()",
        "n = session.execute(update(Book).where(Book.year > 1).values({'title': 'x'})"
        ".execution_options(synchronize_session=False)).rowcount\nsession.commit()",
        no_criterion="n = session.execute(update(Book).values({'title': 'x'})).rowcount\nsession.commit()",
        no_commit="n = session.execute(update(Book).where(Book.year > 1).values({'title': 'x'})).rowcount",
        no_row_count="n = session.execute(update(Book).where(Book.year > 1).values({'title': 'x'}))\nsession.commit()",
    ),
    pair(
        "bulk delete",
        "session.query(Book).filter(Book.year > 1).delete()\nsession.commit()",
        "session.execute(delete(Book).where(Book.year > 1))\nsession.commit()",
        everything="session.execute(delete(Book))\nsession.commit()",
        nothing="session.commit()",
        twice="session.execute(delete(Book).where(Book.year > 1))\n"
        "session.execute(delete(Book).where(Book.year > 4))\nsession.commit()",
    ),
    pair(
        "autocommit of a connection",
        "engine.execute(insert(Author.__table__).values(name='new'))",
        "with engine.begin() as conn:\n    conn.execute(insert(Author.__table__).values(name='new'))",
        lost_commit="with engine.connect() as conn:\n    conn.execute(insert(Author.__table__).values(name='new'))",
        other_value="with engine.begin() as conn:\n    conn.execute(insert(Author.__table__).values(name='old'))",
    ),
    pair(
        "a list given to select()",
        "found = session.execute(select([Author.name]).where(Author.rating > 1)).fetchall()",
        "found = session.execute(select(Author.name).where(Author.rating > 1)).fetchall()",
        list_kept="found = session.execute(select([Author.name]).where(Author.rating > 1)).fetchall()",
        other_bound="found = session.execute(select(Author.name).where(Author.rating > 2)).fetchall()",
        weaker="found = session.execute(select(Author.name).where(Author.rating >= 1)).fetchall()",
    ),
    pair(
        "a plain string",
        "found = session.execute('SELECT name FROM author ORDER BY id').fetchall()",
        "found = session.execute(text('SELECT name FROM author ORDER BY id')).fetchall()",
        unwrapped="found = session.execute('SELECT name FROM author ORDER BY id').fetchall()",
        first_only="found = session.execute(text('SELECT name FROM author ORDER BY id')).first()",
    ),
    pair(
        "rows by name",
        "row = session.execute(text('SELECT id, name FROM author ORDER BY id')).first()\nname = row['name']",
        "row = session.execute(text('SELECT id, name FROM author ORDER BY id')).first()\nname = row._mapping['name']",
        left="row = session.execute(text('SELECT id, name FROM author ORDER BY id')).first()\nname = row['name']",
        other_column="row = session.execute(text('SELECT id, name FROM author ORDER BY id')).first()\nname = row[0]",
    ),
    pair(
        "a test of membership in a row",
        "row = engine.connect().execute(text('SELECT id, name FROM author ORDER BY id')).first()\nfound = 'name' in row",
        "row = engine.connect().execute(text('SELECT id, name FROM author ORDER BY id')).first()\nfound = 'name' in row._mapping",
        left="row = engine.connect().execute(text('SELECT id, name FROM author ORDER BY id')).first()\nfound = 'name' in row",
    ),
    pair(
        "division of integers",
        "found = session.query(Book.id / 2).order_by(Book.id).all()",
        "found = session.execute(select(Book.id // 2).order_by(Book.id)).all()",
        true_division="found = session.execute(select(Book.id / 2).order_by(Book.id)).all()",
    ),
    pair(
        "a query that is walked twice",
        "q = session.query(Author)\nfirst = [a.id for a in q]\nsecond = [a.id for a in q]",
        "q = select(Author)\nfirst = [a.id for a in session.scalars(q)]\nsecond = [a.id for a in session.scalars(q)]",
        one_result="q = session.scalars(select(Author))\nfirst = [a.id for a in q]\nsecond = [a.id for a in q]",
    ),
    pair(
        "the backref cascade",
        "a = Author(name='n')\nsession.add(a)\nb = Book(title='new', author=a)\nsession.commit()",
        "a = Author(name='n')\nsession.add(a)\nb = Book(title='new', author=a)\nsession.add(b)\nsession.commit()",
        left="a = Author(name='n')\nsession.add(a)\nb = Book(title='new', author=a)\nsession.commit()",
    ),
    pair(
        "a function that is only defined",
        "def titles(session, name):\n"
        "    return [b.title for b in session.query(Book).join(Book.author).filter(Author.name == name)]",
        "def titles(session, name):\n"
        "    return [b.title for b in session.scalars(select(Book).join(Book.author).where(Author.name == name))]",
        other_filter="def titles(session, name):\n"
        "    return [b.title for b in session.scalars(select(Book).join(Book.author).where(Author.name != name))]",
        returns_a_result="def titles(session, name):\n"
        "    return session.scalars(select(Book.title).join(Book.author).where(Author.name == name))",
    ),
    pair(
        "what is printed",
        "for a in session.query(Author).order_by(Author.id):\n    print(a.name)",
        "for a in session.scalars(select(Author).order_by(Author.id)):\n    print(a.name)",
        rows="for a in session.execute(select(Author).order_by(Author.id)):\n    print(a)",
    ),
    pair(
        "a missing import",
        "from sqlalchemy.orm import subqueryload\nfound = session.query(Author).options(subqueryload(Author.books)).all()",
        "from sqlalchemy.orm import subqueryload\n"
        "found = session.scalars(select(Author).options(subqueryload(Author.books))).all()",
        not_imported="found = session.scalars(select(Author).options(subqueryload(Author.books))).all()",
    ),
]
