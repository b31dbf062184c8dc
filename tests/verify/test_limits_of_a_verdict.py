"""A verdict is never better than what ran: lines that were not reached, errors of the text's own, sample values."""

from __future__ import annotations

import pytest

from tests.verify.conftest import Prove
from translator.options import Options
from translator.pipeline import translate
from translator.schema.infer import plan
from translator.verify.harness import Prover, Sides
from translator.verify.trace import Verdict, Verification


def proven(prover: Prover, code: str) -> Verification:
    """The proof of what the translator makes of a text."""
    translation = translate(code, Options(convert_escaping=True))
    return prover.prove(Sides.of(translation), plan(translation.code_before), "sqlite")


@pytest.mark.parametrize(
    "code",
    [
        "names = [user.name.upper() for user in session.query(User).all()]",
        "def seen(session, reader):\n    names = [user.name.upper() for user in session.query(User).all()]\n"
        "    if not reader.is_admin:\n        return session.query(Post).all()\n    return names",
        "def authors(session):\n    return [book.author.name.title() for book in session.query(Book).order_by(Book.id)]",
    ],
)
def test_what_takes_every_column_for_a_value(prover: Prover, code: str) -> None:
    """It raises where a column holds NULL, as pasted: it is run on rows without, and that is said."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert "rows without NULL" in found.reason


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('no')\nusers = session.query(User).all()",
        "def f(session):\n    raise ValueError('no')\n    return session.query(User).all()",
        "while False:\n    users = session.query(User).all()",
        "for session in ():\n    users = session.query(User).all()",
    ],
)
def test_a_change_that_did_not_run_is_not_proven(prover: Prover, code: str) -> None:
    """Not even where both sides end alike, or do the same in other lines."""
    found = proven(prover, code)
    assert found.verdict is Verdict.NOT_RUN, found


def test_lines_that_did_not_run_are_told(prover: Prover) -> None:
    """What ran is proven, what didn't is listed by its line in the paste."""
    code = (
        "users = session.query(User).all()\nwhile len(users) > 100:\n    users = session.query(User).limit(100).all()\n"
    )
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME
    assert found.not_run_lines == (3,)
    assert "line 3" in found.reason


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("days = session.query(func.date_trunc('day', Event.at)).all()", "no function date_trunc(): one of ours"),
        ("days = session.query(func.unheard_of(Event.at)).all()", "no function unheard_of(): its first argument"),
        ("near = session.query(Place).filter(func.ST_Within(Place.at, 'x')).all()", "no function st_within(): 1 stood"),
        ("found = session.query(Event).filter(Event.title.op('~')('a')).all()", "others that it has stood for ~"),
        ("engine.execute('TRUNCATE events')", "no TRUNCATE: a DELETE"),
        ("engine.execute('GRANT ALL ON events TO x')", "can't execute `GRANT ALL ON events TO x`"),
        ("while True:\n    events = session.query(Event).all()", "the loop in line 1"),
        ("class Shelf(BaseModel):\n    id = Column(Integer, primary_key=True)\nShelf.query.all()", "BaseModel"),
    ],
)
def test_what_stood_for_something_else_is_told(prover: Prover, code: str, told: str) -> None:
    """SQL of other databases that SQLite refuses, loops that these rows never end, a base that isn't shown."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert any(told in sentence for sentence in found.assumed), found.assumed


@pytest.mark.parametrize("sql", ["SELEC id FROM events", "CREATE TABLE events (id INT, )"])
def test_sql_that_no_database_has_is_refused(prover: Prover, sql: str) -> None:
    """A slip is not taken for another database's SQL."""
    assert proven(prover, f"found = engine.execute({sql!r})").verdict is Verdict.NOT_RUN


def test_it_is_told_that_no_row_was_found(prover: Prover) -> None:
    """What is done with rows was done with none."""
    found = proven(prover, "names = [user.name for user in session.query(User).filter(false())]")
    assert found.verdict is Verdict.SAME
    assert found.reason.endswith("No row was found, so nothing was done with one.")
    assert "No row" not in proven(prover, "names = [user.name for user in session.query(User)]").reason


def test_what_ran_because_tests_were_decided_is_no_lack_of_sql(prover: Prover) -> None:
    """The reason tells of both."""
    code = "def kinds(self):\n    if 'x' in self.rights:\n        return session.query(Kind).all()\n    return []\n"
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME
    assert "No value led to line 3" in found.reason
    assert "No SQL" not in found.reason


def test_an_object_that_is_found_without_sql_is_something_to_compare(prover: Prover) -> None:
    """The identity map answers `get()` where the sample object is the one asked for."""
    found = proven(prover, "deleted = Note.query.get(note.id)")
    assert found.verdict is Verdict.SAME
    assert not found.statements


def test_what_asks_for_one_row_finds_one(prover: Prover) -> None:
    """Rows that come twice would end the run there; the lines below are proven as well."""
    code = "user = session.query(User).filter(User.name == 'jack').one()\nposts = session.query(Post).all()"
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME
    assert found.not_run_lines == ()
    assert len(found.statements) == 2


def test_what_python_does_not_compile_is_said(prover: Prover) -> None:
    """Not a crash: the grammar lets it pass, the compiler does not."""
    found = proven(prover, "users = session.query(User).all()\nbreak")
    assert found.verdict is Verdict.NOT_RUN
    assert "'break' outside loop" in found.reason


def test_what_sqlite_refuses_is_no_difference(prover: Prover) -> None:
    """The `%s` of another driver: the translation has a parameter that runs, the text as pasted does not run here."""
    found = proven(prover, 'rows = engine.execute("SELECT * FROM users WHERE id > %s", 2).fetchall()')
    assert found.verdict is Verdict.NOT_RUN
    assert "raises OperationalError" in found.reason


def test_a_lost_commit_is_named(prove: Prove) -> None:
    """1.x committed such a write by itself."""
    code = "conn.execute(users.update().values(name='x'))"
    found = prove(code, code)
    assert found.verdict is Verdict.DIFFERENT
    assert "without committing" in found.reason


def test_repeated_entities_are_counted(prove: Prove) -> None:
    """The sentence says what comes how often."""
    found = prove(
        "users = session.query(User).join(User.addresses).all()",
        "from sqlalchemy import select\nusers = session.scalars(select(User).join(User.addresses)).all()",
    )
    assert "User 1 comes 3 times instead of once" in found.reason


@pytest.mark.parametrize(
    "code",
    [
        "@app.route('/users/<int:user_id>')\n@login_required\ndef show(user_id):\n"
        "    user = User.query.get_or_404(user_id)\n    return render_template('user.html', user=user)",
        "@click.command()\n@click.argument('name')\ndef find(name):\n"
        "    click.echo(session.query(User).filter_by(name=name).count())",
        "def get_db():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()\n\n"
        "@router.get('/{user_id}')\ndef read(user_id: int, db: Session = Depends(get_db)):\n"
        "    return db.query(User).filter(User.id == user_id).first()",
        "class Users(Resource):\n    def get(self, user_id):\n        return User.query.get(user_id)",
        "async def find(session: AsyncSession, name):\n"
        "    found = await session.execute(select([User]).where(User.name == name))\n    return found.scalars().first()",
        "def search(self, name=None):\n    query = self.session.query(User)\n"
        "    if name:\n        query = query.filter(User.name == name)\n    return query.all()",
        "@main.route('/')\ndef index():\n    page = request.args.get('page', 1, type=int)\n"
        "    users = User.query.order_by(User.name).limit(page).all()\n    return render_template('x', users=users)",
        "@main.route('/')\ndef index():\n    users = User.query.order_by(User.name).limit(3)\n"
        "    return render_template('x', n=users.count(), users=users)",
        "form = LoginForm()\nif form.validate_on_submit():\n"
        "    user = User.query.filter_by(email=form.email.data).first()",
        "user = User.query.get(user_id)",
        "users = session.query(User).filter(query(Post).filter(Post.user_id == User.id).exists()).all()",
        "        return session.query(User).filter(User.id == key).all()",
        "for user in session.query(User).filter(User.id < 3):\n    yield user.name",
        "query = query.filter(User.name == 'ada')\nfound = session.query(User).filter(query.exists()).all()",
        "def mine():\n    task = db.session.query(Task).filter_by(id=3)\n"
        "    if session['user_id'] != task.first().user_id:\n        return task.all()",
        "session.bulk_insert_mappings(Part, [{'code': 'a', 'size': 1}, {'code': 'b', 'size': 2}])\nsession.commit()",
        "rows = [{'code': 'a'}, {'code': 'b'}]\nsession.execute(insert(Part).values(rows))\n"
        "n = session.query(Part).filter_by(code='a').update(dict(state='new'))\nsession.commit()",
        "class Author(Base):\n    __tablename__ = 'authors'\n    id = Column(Integer, primary_key=True)\n"
        "    name = Column(String)\n\n    def peers(self):\n"
        "        return session.query(Author).filter(Author.name == self.name).all()\n\n    @property\n"
        "    def first(self):\n        return session.query(Author).first()",
        "users = Store.query(User).all()\nothers = self.maker().query(User.name).all()",
        "page = User.query.order_by(User.id).paginate(page=1, per_page=2)\nnames = [user.name for user in page.items]\n"
        "total = page.total",
        "def view(request):\n    user = request.dbsession.query(User).filter_by(name='ada').first()\n"
        "    if user is None:\n        raise httpexceptions.HTTPNotFound('no')\n    try:\n        return user\n"
        "    except ViewError:\n        raise",
        "def user(name):\n    user = User.query.filter_by(name=name).first()\n    return user.name if user else None",
        "found = session.query(Book).filter(Book.title == filter.title).all()",
        "import time\nstarted = time.time()\nusers = session.query(User).all()\nprint(time.time() - started)",
        "from flask.ext.sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\nclass Note(db.Model):\n"
        "    id = db.Column(db.Integer, primary_key=True)\nnote = Note.query.filter_by(id=3).first()",
        "n = session.query(User).count()\nfrom sqlalchemy import func\nm = session.query(func.max(User.id)).scalar()",
        "user = session.query(User).filter_by(name='ada').first()\nuser.logins += 1\nsession.commit()",
        "@classmethod\ndef named(cls, name):\n    return DBSession.query(cls).filter(cls.name == name).order_by(cls.age).first()",
        "@property\ndef others(self):\n    return User.query.filter(User.id != self.id).all()",
        "def remove(self, db: Session, *, id: int) -> ModelType:\n    obj = db.query(self.model).get(id)\n"
        "    db.delete(obj)\n    db.commit()\n    return obj",
        "def update(slug):\n    article = Article.query.filter_by(slug=slug, author_id=current_user.profile.id).first()\n"
        "    if not article:\n        raise InvalidUsage.article_not_found()\n    article.delete()\n    return article.id",
        "def check(value, context):\n    model = context['model']\n    session = context['session']\n"
        "    return session.query(model.Package).filter(model.Package.state != State.DELETED).all()",
        "def ids():\n    for name in Package.get_all_names():\n        yield session.query(Package).filter_by(name=name).count()",
        "cutoff = datetime.utcnow() - timedelta(days=30)\nold = session.query(Visit).filter(Visit.last_seen < cutoff).count()",
        "class User(Base):\n    __tablename__ = 'user'\n    # ...\n    addresses = relationship('Address')\n\n"
        "class Address(Base):\n    __tablename__ = 'address'\n    user_id = Column(ForeignKey('user.id'))\n\n"
        "found = session.query(User).join('addresses').all()",
        "from models import User, db\n\ndef clear():\n    n = User.query.delete()\n    db.session.commit()\n    return n",
        "row = session.query(User).filter(User.id == 1).one()\ndef row_to_dict(row):\n"
        "    return {column.name: getattr(row, column.name) for column in row.__table__.columns}\nfound = row_to_dict(row)",
        "def retire(self, uuid_list, state):\n    self.session.query(Job).filter(Job.uuid.in_(uuid_list)).update("
        "{Job.state: state}, synchronize_session='fetch')\n    self.session.commit()",
        "for user, order in session.query(User, Order).join(Order, User.id == Order.user_id):\n"
        "    print(user.nick, order.amount)",
        "class NodeView(MethodView):\n    model = Node\n\n    def nodes(self):\n"
        "        return self.model.query.filter(self.model.owner == 3)\n\n    def get(self, node_id):\n"
        "        return self.nodes().filter(Node.id == node_id).first_or_404()",
        "class Patient(Base):\n    __tablename__ = 'patients'\n    id = Column(Integer, primary_key=True)\n"
        "    score = Column(Float)\n\nill = session.query(Patient).filter(Patient.score == 10).all()",
        "for user in session.query(User).order_by(User.id).all():\n    print(user.__dict__)",
        "class Users:\n    def __init__(self, session_factory):\n        self.session_factory = session_factory\n\n"
        "    def by_email(self, email):\n        with self.session_factory() as session:\n"
        "            return session.query(User).filter(User.email == email).one_or_none()",
        "def load(engine, rows):\n    metadata = MetaData(bind=engine)\n    users = Table('users', metadata, autoload=True)\n"
        "    with engine.begin() as conn:\n        for row in rows:\n"
        "            conn.execute(users.insert().values(name=row['name']))\n"
        "    return engine.execute(select([func.count()]).select_from(users)).scalar()",
        "def get_or_create(session, model, **kwargs):\n    found = session.query(model).filter_by(**kwargs).first()\n"
        "    if found:\n        return found, False\n    found = model(**kwargs)\n    session.add(found)\n"
        "    session.commit()\n    return found, True",
        "parents = session.query(Parent).options(joinedload(Parent.children)).all()\n"
        "print([len(parent.children) for parent in parents])",
        "def show(request):\n    flag = request.db.query(Flag).filter(Flag.id == 1).first()\n"
        "    request.tm.commit()\n    return flag",
        "def remove(request, book_id):\n    book = request.db.query(Book).get(book_id)\n    request.db.delete(book)\n"
        "    request.db.commit()",
        "users = db.query(User).all()\nbooks = db.session.query(db.Book).all()",
        "@with_session\ndef entries(name=None, session=None):\n    return session.query(Entry).filter(Entry.name == name).all()",
        "def add(data, db: Session):\n    item = models.Item(**data.dict(), owner_id=1)\n    db.add(item)\n    db.commit()\n"
        "    return db.query(models.Item).count()",
        "def view():\n    note = Note.query.get(g.note.id)\n    form = NoteForm(request.form, obj=note)\n"
        "    form.kind.choices = [kind.name for kind in Kind.query.order_by(Kind.id)]\n    return render_template('x')",
        "class Citizen(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
        "    city_id = db.Column(db.Integer, db.ForeignKey('city.id'))\n    city = db.relationship('City')\n\n"
        "found = Citizen.query.join(Citizen.city).all()",
        "class Singer(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    songs = db.relationship('Song')\n\n"
        "found = Singer.query.filter(Singer.songs.any()).all()",
        "class Teacher(Base):\n    __tablename__ = 'teachers'\n    id = Column(Integer, primary_key=True)\n"
        "    pupils = relationship('Pupil', secondary=teachers_pupils)\n\n"
        "found = session.query(Teacher).join(Teacher.pupils).all()",
        "class Place(Base):\n    __tablename__ = 'places'\n    id = Column(Integer, primary_key=True)\n"
        "    shape = Column(Geometry('POINT', srid=4326))\n\nfound = session.query(Place).all()",
        "class Reader(BaseReader):\n    def every(self):\n        super().every()\n        self._check(self.limit)\n"
        "        return self.session.query(Book).all()",
        "def save(self):\n    if self.id:\n        db.session.merge(self)\n    else:\n        db.session.add(self)\n"
        "    db.session.commit()\n    return User.query.all()",
        "deadline = arrow.utcnow() + timedelta(days=3)\nfound = session.query(Task).filter(Task.due < deadline).all()",
        "updates = models.Update.query.filter(models.Update.status == 'x').all()",
        "found = session.query(Episode).join(Episode.series).filter(Series.id == 1).all()",
        "def owner_of(data):\n    name = data.get('name')\n    return session.query(Owner).filter_by(name=name).first()",
        "sql = 'SELECT id, name FROM clients WHERE id = 1'\nrow = engine.execute(sql).fetchone()\nprint(row['name'])",
        "rows = [tuple(row) for row in session.execute(query)]\nusers = session.query(User).all()",
        "def first_of(db: Session, Schema: Base, **values):\n    return db.query(Schema).filter_by(**values).first()",
        "total = db.query(orm.User).count()",
        "query = query.filter(User.id > 1)\ncounted = query.statement.with_only_columns([func.count(User.id)])\n"
        "n = session.execute(counted.order_by(None)).scalar()",
        "class Readers:\n    def __init__(self, session):\n        self.session = session\n\n    @property\n"
        "    def every(self):\n        return self.session.query(Reader).all()\n\n    @cached(60)\n"
        "    def total(self):\n        return self.session.query(Reader).count()",
        "def lock(node_id):\n    try:\n        return session.query(Node).filter_by(id=node_id).with_for_update().one()\n"
        "    except redis.ConnectionError:\n        raise exception.NodeNotFound(node=node_id)",
    ],
)
def test_what_people_paste_is_proven(prover: Prover, code: str) -> None:
    """Routes, commands, dependencies, methods and fragments run through their functions, on made-up models and values."""
    found = proven(prover, code)
    assert found.verdict is Verdict.SAME, found.reason
    assert found.statements
    assert found.not_run_lines == ()
