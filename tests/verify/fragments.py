"""Hand-written translations of fragments without models, right and wrong ones: the rows that are made up must tell.

What a statement says is compared as text; these are wrong in what is done around it, so that only data can show it.
"""

from __future__ import annotations

from textwrap import dedent

from tests.verify.pairs import Pair

IMPORTS = "from sqlalchemy import delete, func, select, update\n"


def fragment(about: str, before: str, right: str, **wrong: str) -> Pair:
    full = {name.replace("_", " "): IMPORTS + dedent(text) for name, text in wrong.items()}
    return Pair(about, dedent(before), IMPORTS + dedent(right), full)


FRAGMENTS = [
    fragment(
        "children above a number, of one parent",
        "users = session.query(User).join(User.orders).filter(Order.total > 10).all()",
        "users = session.scalars(select(User).join(User.orders).where(Order.total > 10)).unique().all()",
        no_unique="users = session.scalars(select(User).join(User.orders).where(Order.total > 10)).all()",
        rows="users = session.execute(select(User).join(User.orders).where(Order.total > 10)).unique().all()",
    ),
    fragment(
        "children that hold NULL, of one parent",
        "users = session.query(User).join(User.posts).filter(Post.deleted_at == None).all()",
        "users = session.scalars(select(User).join(User.posts).where(Post.deleted_at == None)).unique().all()",
        no_unique="users = session.scalars(select(User).join(User.posts).where(Post.deleted_at == None)).all()",
    ),
    fragment(
        "children that meet several conditions, of one parent",
        """
        def spenders(session, city):
            return session.query(Customer).join(Order, Order.customer_id == Customer.id).filter(
                Customer.city == city, Order.total > 100, Order.paid == True, Order.state != "draft").all()
        """,
        """
        def spenders(session, city):
            return session.scalars(select(Customer).join(Order, Order.customer_id == Customer.id).where(
                Customer.city == city, Order.total > 100, Order.paid == True, Order.state != "draft")).unique().all()
        """,
        no_unique="""
        def spenders(session, city):
            return session.scalars(select(Customer).join(Order, Order.customer_id == Customer.id).where(
                Customer.city == city, Order.total > 100, Order.paid == True, Order.state != "draft")).all()
        """,
    ),
    fragment(
        "a union of what lies above and below",
        """
        q = session.query(User.id).filter(User.age > 3)
        ids = [r[0] for r in q.union(session.query(User.id).filter(User.age < 2)).all()]
        """,
        """
        q = select(User.id).where(User.age > 3)
        both = q.union(select(User.id).where(User.age < 2)).subquery()
        ids = [r[0] for r in session.execute(select(both)).all()]
        """,
        another_column="""
        q = select(User.id).where(User.age > 3)
        both = q.union(select(User.id).where(User.age < 2)).subquery()
        ids = [r[1] for r in session.execute(select(both)).all()]
        """,
    ),
    fragment(
        "a write in a function, of what a parameter holds",
        """
        def rename(session, user_id, name):
            session.query(User).filter(User.id == user_id).update({"name": name}, synchronize_session=False)
            session.commit()
        """,
        """
        def rename(session, user_id, name):
            session.execute(
                update(User).where(User.id == user_id).values({"name": name}).execution_options(synchronize_session=False)
            )
            session.commit()
        """,
        no_commit="""
        def rename(session, user_id, name):
            session.execute(
                update(User).where(User.id == user_id).values({"name": name}).execution_options(synchronize_session=False)
            )
        """,
        objects_kept_up_to_date="""
        def rename(session, user_id, name):
            session.execute(update(User).where(User.id == user_id).values({"name": name}))
            session.commit()
        """,
    ),
    fragment(
        "objects that are not held here are kept up to date",
        "session.query(User).filter(User.age > 1).update({'age': 5})\nsession.commit()",
        "session.execute(update(User).where(User.age > 1).values({'age': 5}))\nsession.commit()",
        not_synchronised="""
        session.execute(update(User).where(User.age > 1).values({'age': 5}).execution_options(synchronize_session=False))
        session.commit()
        """,
    ),
    fragment(
        "writes of one value after the other",
        """
        engine.execute(users.insert(), name="ada")
        engine.execute(users.update().where(users.c.id == 1).values(name="bo"))
        """,
        """
        with engine.begin() as conn:
            conn.execute(users.insert(), {"name": "ada"})
        with engine.begin() as conn:
            conn.execute(users.update().where(users.c.id == 1).values(name="bo"))
        """,
        second_lost="""
        with engine.begin() as conn:
            conn.execute(users.insert(), {"name": "ada"})
        with engine.connect() as conn:
            conn.execute(users.update().where(users.c.id == 1).values(name="bo"))
        """,
    ),
    fragment(
        "a delete by what a parameter bounds, in a block",
        """
        def purge(days):
            with Session() as session:
                session.query(Event).filter(Event.age > days).delete()
                session.commit()
        """,
        """
        def purge(days):
            with Session() as session:
                session.execute(delete(Event).where(Event.age > days))
                session.commit()
        """,
        no_commit="""
        def purge(days):
            with Session() as session:
                session.execute(delete(Event).where(Event.age > days))
        """,
    ),
    fragment(
        "a flag that is set",
        "user = session.query(User).filter_by(name='ed').first()\nuser.active = True\nsession.commit()",
        "user = session.scalars(select(User).filter_by(name='ed').limit(1)).first()\n"
        "user.active = True\nsession.commit()",
        no_commit="user = session.scalars(select(User).filter_by(name='ed').limit(1)).first()\nuser.active = True",
    ),
    fragment(
        "the first of none",
        "user = session.query(User).filter_by(name='ed').first()",
        "user = session.scalars(select(User).filter_by(name='ed').limit(1)).first()",
        one="user = session.scalars(select(User).filter_by(name='ed').limit(1)).one()",
    ),
    fragment(
        "one() of none",
        "user = session.query(User).filter(User.id == 1).one()\nprint(user.name)",
        "user = session.scalars(select(User).where(User.id == 1)).one()\nprint(user.name)",
        first="user = session.scalars(select(User).where(User.id == 1)).first()\nprint(user.name)",
    ),
    fragment(
        "one() in a function that finds several rows first",
        """
        def owner(session, title):
            return session.query(User).join(User.posts).filter(Post.title == title).one()
        """,
        """
        def owner(session, title):
            return session.scalars(select(User).join(User.posts).where(Post.title == title)).unique().one()
        """,
        rows="""
        def owner(session, title):
            return session.execute(select(User).join(User.posts).where(Post.title == title)).unique().one()
        """,
    ),
    fragment(
        "methods that are called like what is imported",
        """
        class Users:
            def __init__(self, session):
                self.session = session
            def delete(self, user_id):
                self.session.query(User).filter(User.id == user_id).delete()
                self.session.commit()
            def count(self):
                return self.session.query(User).count()
        """,
        """
        class Users:
            def __init__(self, session):
                self.session = session
            def delete(self, user_id):
                self.session.execute(delete(User).where(User.id == user_id))
                self.session.commit()
            def count(self):
                return self.session.scalar(select(func.count()).select_from(select(User).subquery()))
        """,
        no_commit="""
        class Users:
            def __init__(self, session):
                self.session = session
            def delete(self, user_id):
                self.session.execute(delete(User).where(User.id == user_id))
            def count(self):
                return self.session.scalar(select(func.count()).select_from(select(User).subquery()))
        """,
    ),
    fragment(
        "a statement that is held and executed",
        "q = session.query(User).filter(User.id == 3)\nq.delete()\nsession.commit()",
        "q = delete(User).where(User.id == 3)\nsession.execute(q)\nsession.commit()",
        only_built="q = delete(User).where(User.id == 3)\nsession.commit()",
        another="q = delete(User).where(User.id == 2)\nsession.execute(delete(User).where(User.id == 3))\nsession.commit()",
    ),
    fragment(
        "exists()",
        "found = session.query(session.query(User).filter(User.name == 'ada').exists()).scalar()",
        "found = session.scalar(select(select(User).where(User.name == 'ada').exists()))",
        of_an_aggregate="found = session.scalar(select(select(func.max(User.id)).where(User.name == 'ada').exists()))",
        negated="found = session.scalar(select(~select(User).where(User.name == 'ada').exists()))",
    ),
    fragment(
        "a function that a function gives",
        """
        def finder(session):
            def find(name):
                return session.query(User).filter(User.name == name).first()
            return find
        """,
        """
        def finder(session):
            def find(name):
                return session.scalars(select(User).where(User.name == name).limit(1)).first()
            return find
        """,
        unfiltered="""
        def finder(session):
            def find(name):
                return session.scalars(select(User).limit(1)).first()
            return find
        """,
    ),
    fragment(
        "a session that a decorator hands over",
        """
        def transactional(f):
            @wraps(f)
            def inner(*args, **kwargs):
                return f(Session(), *args, **kwargs)
            return inner
        @transactional
        def named(s, name):
            return s.query(User.id).filter(User.name == name).all()
        """,
        """
        def transactional(f):
            @wraps(f)
            def inner(*args, **kwargs):
                return f(Session(), *args, **kwargs)
            return inner
        @transactional
        def named(s, name):
            return s.execute(select(User.id).where(User.name == name)).all()
        """,
        first_columns="""
        def transactional(f):
            @wraps(f)
            def inner(*args, **kwargs):
                return f(Session(), *args, **kwargs)
            return inner
        @transactional
        def named(s, name):
            return s.scalars(select(User.id).where(User.name == name)).all()
        """,
    ),
    fragment(
        "a query class of one's own",
        """
        class Asked(BaseQuery):
            def active(self):
                return self.filter_by(active=True)
        class User(db.Model):
            query_class = Asked
            id = db.Column(db.Integer, primary_key=True)
            active = db.Column(db.Boolean)
        users = User.query.active().all()
        """,
        """
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            active = db.Column(db.Boolean)
        users = db.session.scalars(select(User).filter_by(active=True)).all()
        """,
        all_of_them="""
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            active = db.Column(db.Boolean)
        users = db.session.scalars(select(User)).all()
        """,
    ),
    fragment(
        "keys that are UUIDs of PostgreSQL's",
        """
        class Token(Base):
            __tablename__ = "tokens"
            id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
            text = Column(UUID())
            name = Column(String)
        def find(session, token_id):
            return session.query(Token.id, Token.text).filter(Token.id == token_id).all()
        def add(session, name):
            session.add(Token(name=name))
            session.commit()
        found = session.query(Token.text).filter(Token.name == "ada").all()
        """,
        """
        class Token(Base):
            __tablename__ = "tokens"
            id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
            text = Column(UUID(as_uuid=False))
            name = Column(String)
        def find(session, token_id):
            return session.execute(select(Token.id, Token.text).where(Token.id == token_id)).all()
        def add(session, name):
            session.add(Token(name=name))
            session.commit()
        found = session.execute(select(Token.text).where(Token.name == "ada")).all()
        """,
        objects="""
        class Token(Base):
            __tablename__ = "tokens"
            id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
            text = Column(UUID())
            name = Column(String)
        def find(session, token_id):
            return session.execute(select(Token.id, Token.text).where(Token.id == token_id)).all()
        def add(session, name):
            session.add(Token(name=name))
            session.commit()
        found = session.execute(select(Token.text).where(Token.name == "ada")).all()
        """,
    ),
    fragment(
        "keys that are no numbers",
        """
        class Country(Base):
            __tablename__ = "countries"
            id = Column(String(2), primary_key=True)
            name = Column(String)
        def find(session, country_id):
            return session.query(Country).filter(Country.id == country_id).one().name
        def some(session, country_ids):
            return session.query(Country.name).filter(Country.id.in_(country_ids)).all()
        def get(session, id):
            return session.query(Country).get(id).name
        """,
        """
        class Country(Base):
            __tablename__ = "countries"
            id = Column(String(2), primary_key=True)
            name = Column(String)
        def find(session, country_id):
            return session.scalars(select(Country).where(Country.id == country_id)).one().name
        def some(session, country_ids):
            return session.execute(select(Country.name).where(Country.id.in_(country_ids))).all()
        def get(session, id):
            return session.get(Country, id).name
        """,
        another_column="""
        class Country(Base):
            __tablename__ = "countries"
            id = Column(String(2), primary_key=True)
            name = Column(String)
        def find(session, country_id):
            return session.scalars(select(Country).where(Country.id == country_id)).one().name
        def some(session, country_ids):
            return session.execute(select(Country.name).where(Country.id.in_(country_ids))).all()
        def get(session, id):
            return session.get(Country, id).id
        """,
    ),
    fragment(
        "a connection that is awaited",
        """
        async def load(engine):
            async with engine.begin() as conn:
                rows = await conn.execute(select([users.c.id, users.c.name]).where(users.c.id > 1))
                return [row["name"] for row in rows]
        """,
        """
        async def load(engine):
            async with engine.begin() as conn:
                rows = await conn.execute(select(users.c.id, users.c.name).where(users.c.id > 1))
                return [row.name for row in rows]
        """,
        another_column="""
        async def load(engine):
            async with engine.begin() as conn:
                rows = await conn.execute(select(users.c.id, users.c.name).where(users.c.id > 1))
                return [row.id for row in rows]
        """,
    ),
    fragment(
        "a factory of sessions that are awaited",
        """
        async def names(async_session):
            async with async_session() as session:
                return await session.run_sync(lambda s: s.query(User.name).order_by(User.id).all())
        """,
        """
        async def names(async_session):
            async with async_session() as session:
                return await session.run_sync(lambda s: s.execute(select(User.name).order_by(User.id)).all())
        """,
        scalars="""
        async def names(async_session):
            async with async_session() as session:
                return await session.run_sync(lambda s: s.scalars(select(User.name).order_by(User.id)).all())
        """,
    ),
    fragment(
        "a criterion on the table in the middle of a dynamic collection",
        """
        followers = db.Table("followers",
            db.Column("follower_id", db.Integer, db.ForeignKey("user.id")),
            db.Column("followed_id", db.Integer, db.ForeignKey("user.id")))
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            followed = db.relationship("User", secondary=followers, primaryjoin=(followers.c.follower_id == id),
                secondaryjoin=(followers.c.followed_id == id), lazy="dynamic")
            def is_following(self, user):
                return self.followed.filter(followers.c.followed_id == user.id).count() > 0
        """,
        """
        followers = db.Table("followers",
            db.Column("follower_id", db.Integer, db.ForeignKey("user.id")),
            db.Column("followed_id", db.Integer, db.ForeignKey("user.id")))
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            followed = db.relationship("User", secondary=followers, primaryjoin=(followers.c.follower_id == id),
                secondaryjoin=(followers.c.followed_id == id), lazy="dynamic")
            def is_following(self, user):
                return db.session.scalar(select(func.count()).select_from(
                    select(User).where(db.with_parent(self, User.followed)).where(User.id == user.id).subquery())) > 0
        """,
        of_anybody="""
        followers = db.Table("followers",
            db.Column("follower_id", db.Integer, db.ForeignKey("user.id")),
            db.Column("followed_id", db.Integer, db.ForeignKey("user.id")))
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            followed = db.relationship("User", secondary=followers, primaryjoin=(followers.c.follower_id == id),
                secondaryjoin=(followers.c.followed_id == id), lazy="dynamic")
            def is_following(self, user):
                return db.session.scalar(select(func.count()).select_from(
                    select(User).where(User.id == user.id).subquery())) > 0
        """,
        no_criterion="""
        followers = db.Table("followers",
            db.Column("follower_id", db.Integer, db.ForeignKey("user.id")),
            db.Column("followed_id", db.Integer, db.ForeignKey("user.id")))
        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            followed = db.relationship("User", secondary=followers, primaryjoin=(followers.c.follower_id == id),
                secondaryjoin=(followers.c.followed_id == id), lazy="dynamic")
            def is_following(self, user):
                return db.session.scalar(select(func.count()).select_from(
                    select(User).where(db.with_parent(self, User.followed)).subquery())) > 0
        """,
    ),
    fragment(
        "a session and classes of modules that nobody shows",
        """
        def active(uid):
            meta.Session.flush()
            found = model.Session.query(model.Package).filter_by(state=model.State.ACTIVE)
            return [each.id for each in found.filter(model.Package.owner_id == uid).order_by(model.Package.id)]
        """,
        """
        def active(uid):
            meta.Session.flush()
            found = select(model.Package).filter_by(state=model.State.ACTIVE)
            found = found.where(model.Package.owner_id == uid).order_by(model.Package.id)
            return [each.id for each in model.Session.scalars(found)]
        """,
        any_owner="""
        def active(uid):
            meta.Session.flush()
            found = select(model.Package).filter_by(state=model.State.ACTIVE)
            return [each.id for each in model.Session.scalars(found.order_by(model.Package.id))]
        """,
    ),
    fragment(
        "constants of a class, and an attribute that only what a method gives has",
        """
        class Login:
            def holder(self, number):
                return session.query(Badge).filter(Badge.kind == Badge.STAFF, Badge.number == number).one_or_none()

            def check(self, number):
                badge = self.holder(number)
                return None if badge is None else (badge.number, badge.password)
        """,
        """
        class Login:
            def holder(self, number):
                return session.scalars(
                    select(Badge).where(Badge.kind == Badge.STAFF, Badge.number == number)).unique().one_or_none()

            def check(self, number):
                badge = self.holder(number)
                return None if badge is None else (badge.number, badge.password)
        """,
        another_constant="""
        class Login:
            def holder(self, number):
                return session.scalars(
                    select(Badge).where(Badge.kind == Badge.GUEST, Badge.number == number)).unique().one_or_none()

            def check(self, number):
                badge = self.holder(number)
                return None if badge is None else (badge.number, badge.password)
        """,
        a_row="""
        class Login:
            def holder(self, number):
                return session.execute(
                    select(Badge).where(Badge.kind == Badge.STAFF, Badge.number == number)).unique().one_or_none()

            def check(self, number):
                badge = self.holder(number)
                return None if badge is None else (badge.number, badge.password)
        """,
    ),
    fragment(
        "an asynchronous engine and session by what is done with them",
        """
        make_session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        async def names():
            async with make_session() as asession:
                return (await asession.execute(select([User.name]).where(User.name > "b"))).all()
        async def first():
            return await session.get(User, 1)
        async def ids():
            async with engine.connect() as conn:
                return (await conn.execute(select([User.id]).order_by(User.id))).fetchall()
        """,
        """
        make_session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        async def names():
            async with make_session() as asession:
                return (await asession.execute(select(User.name).where(User.name > "b"))).all()
        async def first():
            return await session.get(User, 1)
        async def ids():
            async with engine.connect() as conn:
                return (await conn.execute(select(User.id).order_by(User.id))).fetchall()
        """,
        values="""
        make_session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        async def names():
            async with make_session() as asession:
                return (await asession.scalars(select(User.name).where(User.name > "b"))).all()
        async def first():
            return await session.get(User, 1)
        async def ids():
            async with engine.connect() as conn:
                return (await conn.execute(select(User.id).order_by(User.id))).fetchall()
        """,
        another_object="""
        make_session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        async def names():
            async with make_session() as asession:
                return (await asession.execute(select(User.name).where(User.name > "b"))).all()
        async def first():
            return await session.get(User, 2)
        async def ids():
            async with engine.connect() as conn:
                return (await conn.execute(select(User.id).order_by(User.id))).fetchall()
        """,
    ),
]
