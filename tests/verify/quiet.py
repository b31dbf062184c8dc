"""Translations that are wrong in what no SQL of SQLite's shows, or only for other values than those that come first.

Locks and loading, later pages, branches for values that a function names, what is handed on, raised, kept in variables.
"""

from __future__ import annotations

from tests.verify.fragments import fragment

QUIET = [
    fragment(
        "a lock, which SQLite does not have",
        "def take(session, job_id):\n    return session.query(Job).filter(Job.id == job_id).with_for_update(nowait=True).first()",
        "def take(session, job_id):\n"
        "    return session.scalars(select(Job).where(Job.id == job_id).with_for_update(nowait=True).limit(1)).first()",
        no_lock="def take(session, job_id):\n    return session.scalars(select(Job).where(Job.id == job_id).limit(1)).first()",
        lock_that_waits="def take(session, job_id):\n"
        "    return session.scalars(select(Job).where(Job.id == job_id).with_for_update().limit(1)).first()",
    ),
    fragment(
        "how objects are loaded",
        """
        jobs = session.query(Job).populate_existing().yield_per(10).enable_eagerloads(False).all()
        others = session.query(Job).autoflush(False).options(raiseload('*')).all()
        """,
        """
        from sqlalchemy.orm import lazyload, raiseload
        jobs = session.scalars(select(Job).options(lazyload('*')).execution_options(populate_existing=True, yield_per=10)).all()
        others = session.scalars(select(Job).execution_options(autoflush=False).options(raiseload('*'))).all()
        """,
        not_anew="""
        from sqlalchemy.orm import lazyload, raiseload
        jobs = session.scalars(select(Job).options(lazyload('*')).execution_options(yield_per=10)).all()
        others = session.scalars(select(Job).execution_options(autoflush=False).options(raiseload('*'))).all()
        """,
        all_at_once="""
        from sqlalchemy.orm import lazyload, raiseload
        jobs = session.scalars(select(Job).options(lazyload('*')).execution_options(populate_existing=True)).all()
        others = session.scalars(select(Job).execution_options(autoflush=False).options(raiseload('*'))).all()
        """,
        eagerly="""
        from sqlalchemy.orm import raiseload
        jobs = session.scalars(select(Job).execution_options(populate_existing=True, yield_per=10)).all()
        others = session.scalars(select(Job).execution_options(autoflush=False).options(raiseload('*'))).all()
        """,
        flushed_first="""
        from sqlalchemy.orm import lazyload, raiseload
        jobs = session.scalars(select(Job).options(lazyload('*')).execution_options(populate_existing=True, yield_per=10)).all()
        others = session.scalars(select(Job).options(raiseload('*'))).all()
        """,
        lazily="""
        from sqlalchemy.orm import lazyload
        jobs = session.scalars(select(Job).options(lazyload('*')).execution_options(populate_existing=True, yield_per=10)).all()
        others = session.scalars(select(Job).execution_options(autoflush=False)).all()
        """,
    ),
    fragment(
        "pages, the first and others",
        """
        def articles(session, page, size=2):
            return session.query(Article).order_by(Article.id).offset((page - 1) * size).limit(size).all()
        """,
        """
        def articles(session, page, size=2):
            return session.scalars(select(Article).order_by(Article.id).offset((page - 1) * size).limit(size)).all()
        """,
        no_offset="""
        def articles(session, page, size=2):
            return session.scalars(select(Article).order_by(Article.id).limit(size)).all()
        """,
        another_offset="""
        def articles(session, page, size=2):
            return session.scalars(select(Article).order_by(Article.id).offset(page - 1).limit(size)).all()
        """,
    ),
    fragment(
        "pages that a request asks for",
        """
        @app.route('/articles')
        def articles():
            page = request.args.get('page', 1, type=int)
            return jsonify([a.id for a in Article.query.order_by(Article.id).offset((page - 1) * 2).limit(2)])
        """,
        """
        @app.route('/articles')
        def articles():
            page = request.args.get('page', 1, type=int)
            return jsonify([a.id for a in db.session.scalars(
                select(Article).order_by(Article.id).offset((page - 1) * 2).limit(2))])
        """,
        no_offset="""
        @app.route('/articles')
        def articles():
            page = request.args.get('page', 1, type=int)
            return jsonify([a.id for a in db.session.scalars(select(Article).order_by(Article.id).limit(2))])
        """,
    ),
    fragment(
        "a branch for a value that the function names",
        """
        def listed(session, sort='name'):
            query = session.query(Article)
            if sort == 'age':
                return query.order_by(Article.age).all()
            return query.order_by(Article.name).all()
        """,
        """
        def listed(session, sort='name'):
            query = select(Article)
            if sort == 'age':
                return session.scalars(query.order_by(Article.age)).all()
            return session.scalars(query.order_by(Article.name)).all()
        """,
        no_order_there="""
        def listed(session, sort='name'):
            query = select(Article)
            if sort == 'age':
                return session.scalars(query).all()
            return session.scalars(query.order_by(Article.name)).all()
        """,
    ),
    fragment(
        "between two rows of one table",
        """
        def transfer(session, from_id, to_id, amount):
            one = session.query(Account).get(from_id)
            other = session.query(Account).get(to_id)
            one.balance -= amount
            other.balance += amount
            session.commit()
        """,
        """
        def transfer(session, from_id, to_id, amount):
            one = session.get(Account, from_id)
            other = session.get(Account, to_id)
            one.balance -= amount
            other.balance += amount
            session.commit()
        """,
        no_commit="""
        def transfer(session, from_id, to_id, amount):
            one = session.get(Account, from_id)
            other = session.get(Account, to_id)
            one.balance -= amount
            other.balance += amount
        """,
    ),
    fragment(
        "rows that are handed over to what is not shown",
        "for row in session.query(User.id, User.name).order_by(User.id):\n    writer.writerow(row)",
        "for row in session.execute(select(User.id, User.name).order_by(User.id)):\n    writer.writerow(row)",
        scalars="for row in session.scalars(select(User.id, User.name).order_by(User.id)):\n    writer.writerow(row)",
        never="for row in session.execute(select(User.id, User.name).order_by(User.id)):\n    pass",
    ),
    fragment(
        "a form that changes an object",
        """
        def edit(user_id, form: UserForm):
            user = User.query.get_or_404(user_id)
            user.name = form.name.data
            db.session.commit()
        """,
        """
        def edit(user_id, form: UserForm):
            user = db.get_or_404(User, user_id)
            user.name = form.name.data
            db.session.commit()
        """,
        no_commit="""
        def edit(user_id, form: UserForm):
            user = db.get_or_404(User, user_id)
            user.name = form.name.data
        """,
    ),
    fragment(
        "a login that remembers",
        """
        def login():
            user = User.query.filter_by(name=request.form['name']).first()
            if user is None:
                raise HTTPException(status_code=401, detail='no such user')
            session['user_id'] = user.id
        """,
        """
        def login():
            user = db.session.scalars(select(User).filter_by(name=request.form['name']).limit(1)).first()
            if user is None:
                raise HTTPException(status_code=401, detail='no such user')
            session['user_id'] = user.id
        """,
        another_user="""
        def login():
            user = db.session.scalars(select(User).order_by(User.id.desc()).limit(1)).first()
            if user is None:
                raise HTTPException(status_code=401, detail='no such user')
            session['user_id'] = user.id
        """,
    ),
    fragment(
        "what an exception of the text says",
        "def check(session):\n    n = session.query(User).count()\n    raise ValueError(f'{n} users')",
        "def check(session):\n    n = session.scalar(select(func.count()).select_from(select(User).subquery()))\n"
        "    raise ValueError(f'{n} users')",
        another_number="def check(session):\n"
        "    n = session.scalar(select(func.count()).select_from(select(User).subquery()))\n"
        "    raise ValueError(f'{n + 1} users')",
    ),
    fragment(
        "a lambda",
        "latest = lambda s: s.query(User).order_by(User.id.desc()).first()",
        "latest = lambda s: s.scalars(select(User).order_by(User.id.desc()).limit(1)).first()",
        the_other_way="latest = lambda s: s.scalars(select(User).order_by(User.id).limit(1)).first()",
    ),
    fragment(
        "a query that is deleted by, with values that are written as others",
        "q = session.query(User).filter(User.id.in_([1, 2]), User.created < datetime(2020, 1, 1))\n"
        "q.delete(synchronize_session=False)\nsession.commit()",
        "q = delete(User).where(User.id.in_([1, 2]), User.created < datetime(2020, 1, 1))\n"
        "session.execute(q.execution_options(synchronize_session=False))\nsession.commit()",
        another="q = delete(User).where(User.id.in_([1, 3]), User.created < datetime(2020, 1, 1))\n"
        "session.execute(delete(User).where(User.id.in_([1, 2]), User.created < datetime(2020, 1, 1))"
        ".execution_options(synchronize_session=False))\nsession.commit()",
        only_built="q = delete(User).where(User.id.in_([1, 2]), User.created < datetime(2020, 1, 1))\nsession.commit()",
    ),
    fragment(
        "a query that is updated by, from what it was made of",
        "q = session.query(User)\nq = q.filter(User.name == 'x')\nq.update({'name': 'y'})\nsession.commit()",
        "q = update(User)\nq = q.where(User.name == 'x')\nsession.execute(q.values({'name': 'y'}))\nsession.commit()",
        every_row="q = update(User)\nsession.execute(q.values({'name': 'y'}))\nsession.commit()",
    ),
    fragment(
        "a variable that others may read",
        "rows = session.query(User.id, User.name).all()\nnames = {row.id: row.name for row in rows}",
        "rows = session.execute(select(User.id, User.name)).all()\nnames = {row.id: row.name for row in rows}",
        gone="rows = session.execute(select(User.id, User.name)).all()",
    ),
    fragment(
        "what a method keeps in its object",
        "class Readers:\n    def __init__(self, session):\n        self.session = session\n\n"
        "    def load(self):\n        self.users = self.session.query(User).all()",
        "class Readers:\n    def __init__(self, session):\n        self.session = session\n\n"
        "    def load(self):\n        self.users = self.session.scalars(select(User)).all()",
        rows="class Readers:\n    def __init__(self, session):\n        self.session = session\n\n"
        "    def load(self):\n        self.users = self.session.execute(select(User)).all()",
        nothing="class Readers:\n    def __init__(self, session):\n        self.session = session\n\n"
        "    def load(self):\n        self.session.scalars(select(User)).all()",
    ),
    fragment(
        "what is kept in an object that is not shown",
        "def load(form):\n    form.kind.choices = session.query(Kind).order_by(Kind.id).all()",
        "def load(form):\n    form.kind.choices = session.scalars(select(Kind).order_by(Kind.id)).all()",
        rows="def load(form):\n    form.kind.choices = session.execute(select(Kind).order_by(Kind.id)).all()",
    ),
    fragment(
        "a savepoint",
        "def add(session):\n    with session.begin_nested():\n        session.add(User(name='a'))\n    session.commit()\n"
        "    return session.query(User).count()",
        "def add(session):\n    with session.begin_nested():\n        session.add(User(name='a'))\n    session.commit()\n"
        "    return session.scalar(select(func.count()).select_from(select(User).subquery()))",
        none="def add(session):\n    session.add(User(name='a'))\n    session.commit()\n"
        "    return session.scalar(select(func.count()).select_from(select(User).subquery()))",
    ),
    fragment(
        "a session that is closed, of which nothing is left",
        "def total(session):\n    n = session.query(User.age).filter(User.id == 1).scalar()\n    session.close()\n    return n",
        "def total(session):\n    n = session.execute(select(User.age).where(User.id == 1)).scalar_one_or_none()\n"
        "    session.close()\n    return n",
        left_open="def total(session):\n    n = session.execute(select(User.age).where(User.id == 1)).scalar_one_or_none()\n"
        "    return n",
    ),
    fragment(
        "keywords that are handed on, several values by position",
        "def found(session, *ids, **values):\n"
        "    return session.query(User).filter(User.id.in_(ids)).all(), session.query(User).filter_by(**values).all(), User.name",
        "def found(session, *ids, **values):\n    return (session.scalars(select(User).where(User.id.in_(ids))).all(),\n"
        "        session.scalars(select(User).filter_by(**values)).all(), User.name)",
        not_handed_on="def found(session, *ids, **values):\n"
        "    return (session.scalars(select(User).where(User.id.in_(ids))).all(),\n"
        "        session.scalars(select(User)).all(), User.name)",
        the_others="def found(session, *ids, **values):\n"
        "    return (session.scalars(select(User).where(User.id.notin_(ids))).all(),\n"
        "        session.scalars(select(User).filter_by(**values)).all(), User.name)",
    ),
    fragment(
        "tests, whose asserts need not hold on rows that are made up",
        "def test_user(session, user):\n    assert session.query(User).count() == 3\n"
        "    found = session.query(User).get(user.id)\n    found.name = 'x'\n    session.commit()",
        "def test_user(session, user):\n"
        "    assert session.scalar(select(func.count()).select_from(select(User).subquery())) == 3\n"
        "    found = session.get(User, user.id)\n    found.name = 'x'\n    session.commit()",
        no_commit="def test_user(session, user):\n"
        "    assert session.scalar(select(func.count()).select_from(select(User).subquery())) == 3\n"
        "    found = session.get(User, user.id)\n    found.name = 'x'",
        another_assert="def test_user(session, user):\n"
        "    assert session.scalar(select(func.count()).select_from(select(User).subquery())) == 6\n"
        "    found = session.get(User, user.id)\n    found.name = 'x'\n    session.commit()",
    ),
    fragment(
        "reads in another order, with no write between them",
        "def both(session):\n    users = session.query(User).all()\n    posts = session.query(Post).all()\n"
        "    return users, posts",
        "def both(session):\n    posts = session.scalars(select(Post)).all()\n    users = session.scalars(select(User)).all()\n"
        "    return users, posts",
        exchanged="def both(session):\n    posts = session.scalars(select(Post)).all()\n"
        "    users = session.scalars(select(User)).all()\n    return posts, users",
    ),
    fragment(
        "reads that are moved over a write",
        "def both(session):\n    users = session.query(User).all()\n    session.query(Post).delete()\n"
        "    posts = session.query(Post).all()\n    session.commit()\n    return users, posts",
        "def both(session):\n    users = session.scalars(select(User)).all()\n    session.execute(delete(Post))\n"
        "    posts = session.scalars(select(Post)).all()\n    session.commit()\n    return users, posts",
        before_it="def both(session):\n    posts = session.scalars(select(Post)).all()\n    session.execute(delete(Post))\n"
        "    users = session.scalars(select(User)).all()\n    session.commit()\n    return users, posts",
    ),
    fragment(
        "a slice without bounds",
        "def part(session, start=None, stop=None):\n    return session.query(User).order_by(User.id)[start:stop]",
        "def part(session, start=None, stop=None):\n"
        "    return session.scalars(select(User).order_by(User.id).slice(start, stop)).all()"
        " if start is None or stop is None or stop > start else []",
        compared_with_none="def part(session, start=None, stop=None):\n"
        "    return session.scalars(select(User).order_by(User.id).slice(start, stop)).all() if stop > start else []",
    ),
    fragment(
        "what is logged",
        "log = logging.getLogger(__name__)\ndef told(session):\n    for row in session.query(User.name):\n"
        "        log.info('user %s', row)",
        "log = logging.getLogger(__name__)\ndef told(session):\n    for row in session.execute(select(User.name)):\n"
        "        log.info('user %s', row)",
        scalars="log = logging.getLogger(__name__)\ndef told(session):\n    for row in session.scalars(select(User.name)):\n"
        "        log.info('user %s', row)",
    ),
    fragment(
        "a property of each object",
        "class Visit(Base):\n    __tablename__ = 'visits'\n    id = Column(Integer, primary_key=True)\n"
        "    hours = Column(Integer)\n\n    @property\n    def is_long(self):\n        return (self.hours or 0) > 2\n\n"
        "visits = session.query(Visit).all()",
        "class Visit(Base):\n    __tablename__ = 'visits'\n    id = Column(Integer, primary_key=True)\n"
        "    hours = Column(Integer)\n\n    @property\n    def is_long(self):\n        return (self.hours or 0) > 2\n\n"
        "visits = session.scalars(select(Visit)).all()",
        another_bound="class Visit(Base):\n    __tablename__ = 'visits'\n    id = Column(Integer, primary_key=True)\n"
        "    hours = Column(Integer)\n\n    @property\n    def is_long(self):\n        return (self.hours or 0) > 3\n\n"
        "visits = session.scalars(select(Visit)).all()",
    ),
    fragment(
        "a method that is called like one of something else",
        "class Users(Resource):\n    def get(self, user_id):\n        sent = parser.parse_args()\n"
        "        return session.query(User).filter(User.id == user_id).limit(sent.get('limit')).all()",
        "class Users(Resource):\n    def get(self, user_id):\n        sent = parser.parse_args()\n"
        "        return session.scalars(select(User).where(User.id == user_id).limit(sent.get('limit'))).all()",
        no_limit="class Users(Resource):\n    def get(self, user_id):\n        sent = parser.parse_args()\n"
        "        sent.get('limit')\n        return session.scalars(select(User).where(User.id == user_id)).all()",
    ),
]
