"""Hand-written translations of pieces that show little of what they need, and of SQL that SQLite doesn't have."""

from __future__ import annotations

from tests.verify.fragments import fragment

PIECES = [
    fragment(
        "a column that is given something unknown, by its type",
        """
        def fill():
            for _ in range(2):
                session.add(Post(title=fake.sentence(), written_at=fake.moment(), is_open=fake.pick()))
            session.commit()
            return session.query(Post).filter(Post.written_at > fake.moment()).count()
        """,
        """
        def fill():
            for _ in range(2):
                session.add(Post(title=fake.sentence(), written_at=fake.moment(), is_open=fake.pick()))
            session.commit()
            stmt = select(Post).where(Post.written_at > fake.moment())
            return session.scalar(select(func.count()).select_from(stmt.subquery()))
        """,
        all_of_them="""
        def fill():
            for _ in range(2):
                session.add(Post(title=fake.sentence(), written_at=fake.moment(), is_open=fake.pick()))
            session.commit()
            return session.scalar(select(func.count()).select_from(Post))
        """,
    ),
    fragment(
        "an object that is given to an object",
        """
        node = session.query(Node).get(1)
        node.favourite = Node(label="new")
        session.add(Note(node=session.query(Node).get(2), text="x"))
        session.commit()
        kept = session.query(Note).filter_by(node=session.query(Node).first()).all()
        """,
        """
        node = session.get(Node, 1)
        node.favourite = Node(label="new")
        session.add(Note(node=session.get(Node, 2), text="x"))
        session.commit()
        kept = session.scalars(select(Note).filter_by(node=session.scalars(select(Node).limit(1)).first())).all()
        """,
        another="""
        node = session.get(Node, 1)
        node.favourite = Node(label="new")
        session.add(Note(node=session.get(Node, 3), text="x"))
        session.commit()
        kept = session.scalars(select(Note).filter_by(node=session.scalars(select(Node).limit(1)).first())).all()
        """,
    ),
    fragment(
        "models on a base that isn't shown",
        """
        class Shelf(BaseModel):
            __tablename__ = "shelves"
            id = Column(Integer, primary_key=True)
            label = Column(String(20))
            books = relationship("Book", backref="shelf")
        """,
        """
        class Shelf(BaseModel):
            __tablename__ = "shelves"
            id = Column(Integer, primary_key=True)
            label = Column(String(20))
            books = relationship("Book", backref="shelf")
        """,
        not_null="""
        class Shelf(BaseModel):
            __tablename__ = "shelves"
            id = Column(Integer, primary_key=True)
            label = Column(String(20), nullable=False)
            books = relationship("Book", backref="shelf")
        """,
    ),
    fragment(
        "one end of a relationship through a table that isn't shown",
        """
        class Teacher(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            students = db.relationship("Student", secondary=association_table, back_populates="teachers")
        taught = Teacher.query.filter(Teacher.students.any()).all()
        """,
        """
        class Teacher(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            students = db.relationship("Student", secondary=association_table, back_populates="teachers")
        taught = db.session.scalars(select(Teacher).where(Teacher.students.any())).all()
        """,
        others="""
        class Teacher(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            students = db.relationship("Student", secondary=association_table, back_populates="teachers")
        taught = db.session.scalars(select(Teacher).where(~Teacher.students.any())).all()
        """,
    ),
    fragment(
        "a session that is made by something imported",
        """
        from db import DBSession
        def forget():
            session = DBSession()
            session.query(Tag).filter(Tag.id == 2).delete()
            session.commit()
        """,
        """
        from db import DBSession
        def forget():
            session = DBSession()
            session.execute(delete(Tag).where(Tag.id == 2))
            session.commit()
        """,
        another="""
        from db import DBSession
        def forget():
            session = DBSession()
            session.execute(delete(Tag).where(Tag.id == 3))
            session.commit()
        """,
    ),
    fragment(
        "names that are annotated with types that nobody imports",
        """
        def named(self, names: Optional[Tuple[str, ...]], ids: Sequence[int]) -> List[Tag]:
            return self.session.query(Tag).filter(or_(Tag.name.in_(names), Tag.id.in_(ids))).all()
        """,
        """
        def named(self, names: Optional[Tuple[str, ...]], ids: Sequence[int]) -> List[Tag]:
            return self.session.scalars(select(Tag).where(or_(Tag.name.in_(names), Tag.id.in_(ids)))).all()
        """,
        by_id_alone="""
        def named(self, names: Optional[Tuple[str, ...]], ids: Sequence[int]) -> List[Tag]:
            return self.session.scalars(select(Tag).where(Tag.id.in_(ids))).all()
        """,
    ),
    fragment(
        "keys and fields that are taken for texts",
        """
        def edit(self, token_id):
            kind, number = token_id[0], token_id[1:]
            year = request.form["year"]
            if len(year) > 4:
                return None
            since = datetime.strptime(request.form["since"], "%Y-%m-%d")
            return self.session.query(Token).filter(Token.number != number, Token.at > since).first()
        """,
        """
        def edit(self, token_id):
            kind, number = token_id[0], token_id[1:]
            year = request.form["year"]
            if len(year) > 4:
                return None
            since = datetime.strptime(request.form["since"], "%Y-%m-%d")
            stmt = select(Token).where(Token.number != number, Token.at > since).limit(1)
            return self.session.scalars(stmt).first()
        """,
        last="""
        def edit(self, token_id):
            kind, number = token_id[0], token_id[1:]
            year = request.form["year"]
            if len(year) > 4:
                return None
            since = datetime.strptime(request.form["since"], "%Y-%m-%d")
            stmt = select(Token).where(Token.number != number, Token.at > since).order_by(Token.id.desc()).limit(1)
            return self.session.scalars(stmt).first()
        """,
    ),
    fragment(
        "rows that are looked for by what something unknown has",
        """
        def known(self, reference):
            one = self.session.query(Album).get(reference)
            two = self.session.query(Album).filter_by(title=request.form["wanted"]).first()
            three = self.session.query(Album).filter(Album.state == State.ACTIVE).first()
            return [found and found.label for found in (one, two, three)]
        """,
        """
        def known(self, reference):
            one = self.session.get(Album, reference)
            two = self.session.scalars(select(Album).filter_by(title=request.form["wanted"]).limit(1)).first()
            three = self.session.scalars(select(Album).where(Album.state == State.ACTIVE).limit(1)).first()
            return [found and found.label for found in (one, two, three)]
        """,
        one_is_nothing="""
        def known(self, reference):
            one = self.session.get(Album, reference)
            two = self.session.scalars(select(Album).filter_by(title=request.form["wanted"]).limit(1)).first()
            three = self.session.scalars(select(Album).where(Album.state == State.ACTIVE).limit(1)).first()
            return [found and found.label for found in (None, two, three)]
        """,
        two_is_nothing="""
        def known(self, reference):
            one = self.session.get(Album, reference)
            two = self.session.scalars(select(Album).filter_by(title=request.form["wanted"]).limit(1)).first()
            three = self.session.scalars(select(Album).where(Album.state == State.ACTIVE).limit(1)).first()
            return [found and found.label for found in (one, None, three)]
        """,
        three_is_nothing="""
        def known(self, reference):
            one = self.session.get(Album, reference)
            two = self.session.scalars(select(Album).filter_by(title=request.form["wanted"]).limit(1)).first()
            three = self.session.scalars(select(Album).where(Album.state == State.ACTIVE).limit(1)).first()
            return [found and found.label for found in (one, two, None)]
        """,
    ),
    fragment(
        "parts of a statement that aren't shown",
        """
        def visible(session, order):
            songs = session.query(Song).filter(for_visitors(), Song.title != "x").order_by(order).all()
            return songs, session.query(Song).join(Song.band.of_type(Band)).filter(or_(allowed("x"), Band.id > 9)).count()
        """,
        """
        def visible(session, order):
            songs = session.scalars(select(Song).where(for_visitors(), Song.title != "x").order_by(order)).all()
            stmt = select(Song).join(Song.band.of_type(Band)).where(or_(allowed("x"), Band.id > 9))
            return songs, session.scalar(select(func.count()).select_from(stmt.subquery()))
        """,
        all_titles="""
        def visible(session, order):
            songs = session.scalars(select(Song).where(for_visitors()).order_by(order)).all()
            stmt = select(Song).join(Song.band.of_type(Band)).where(or_(allowed("x"), Band.id > 9))
            return songs, session.scalar(select(func.count()).select_from(stmt.subquery()))
        """,
        without_what_is_not_shown="""
        def visible(session, order):
            songs = session.scalars(select(Song).where(Song.title != "x").order_by(order)).all()
            stmt = select(Song).join(Song.band.of_type(Band)).where(or_(allowed("x"), Band.id > 9))
            return songs, session.scalar(select(func.count()).select_from(stmt.subquery()))
        """,
    ),
    fragment(
        "SQL in a string on a session that something unknown makes",
        """
        def version(new_session_factory, cursor):
            session = new_session_factory()
            cursor.execute("SELECT 1")
            return session.execute("SELECT number FROM versions WHERE name = :name", {"name": "x"}).fetchall()
        """,
        """
        from sqlalchemy import text
        def version(new_session_factory, cursor):
            session = new_session_factory()
            cursor.execute("SELECT 1")
            return session.execute(text("SELECT number FROM versions WHERE name = :name"), {"name": "x"}).fetchall()
        """,
        without_text="""
        def version(new_session_factory, cursor):
            session = new_session_factory()
            cursor.execute("SELECT 1")
            return session.execute("SELECT number FROM versions WHERE name = :name", {"name": "x"}).fetchall()
        """,
    ),
    fragment(
        "what is kept under a key that isn't shown",
        """
        def keep(proxy, key):
            found = session.query(Label).filter(Label.name == key).first()
            proxy.kept[proxy.key_of(found)] = found.name
        """,
        """
        def keep(proxy, key):
            found = session.scalars(select(Label).where(Label.name == key).limit(1)).first()
            proxy.kept[proxy.key_of(found)] = found.name
        """,
        another_value="""
        def keep(proxy, key):
            found = session.scalars(select(Label).where(Label.name == key).limit(1)).first()
            proxy.kept[proxy.key_of(found)] = found.id
        """,
    ),
    fragment(
        "keys of a column that isn't shown",
        """
        dark = session.query(Profile).filter(Profile.settings["theme"]["name"].astext == "dark").all()
        kept = session.query(Profile.extra["n"]).order_by(Profile.id).all()
        """,
        """
        dark = session.scalars(select(Profile).where(Profile.settings["theme"]["name"].astext == "dark")).all()
        kept = session.execute(select(Profile.extra["n"]).order_by(Profile.id)).all()
        """,
        another_key="""
        dark = session.scalars(select(Profile).where(Profile.settings["theme"]["name"].astext == "dark")).all()
        kept = session.execute(select(Profile.extra["m"]).order_by(Profile.id)).all()
        """,
    ),
    fragment(
        "a loop that the rows never end",
        """
        while True:
            jobs = session.query(Job).filter(Job.state == "new").limit(2).all()
            if not jobs:
                break
        left = session.query(Job).count()
        """,
        """
        while True:
            jobs = session.scalars(select(Job).where(Job.state == "new").limit(2)).all()
            if not jobs:
                break
        left = session.scalar(select(func.count()).select_from(select(Job).subquery()))
        """,
        in_another_state="""
        while True:
            jobs = session.scalars(select(Job).where(Job.state != "new").limit(2)).all()
            if not jobs:
                break
        left = session.scalar(select(func.count()).select_from(select(Job).subquery()))
        """,
    ),
    fragment(
        "functions and operators of other databases",
        """
        days = session.query(func.date_trunc("month", Event.at), func.string_agg(Event.title, ",")).group_by(
            func.date_trunc("month", Event.at)).all()
        found = session.query(Event).filter(Event.title.op("~")("a"), func.unheard_of(Event.id) > 0).all()
        ids = session.execute("SELECT id::text FROM events WHERE title ILIKE 'a%' ORDER BY id").fetchall()
        """,
        """
        from sqlalchemy import text
        days = session.execute(select(func.date_trunc("month", Event.at), func.string_agg(Event.title, ",")).group_by(
            func.date_trunc("month", Event.at))).all()
        found = session.scalars(select(Event).where(Event.title.op("~")("a"), func.unheard_of(Event.id) > 0)).all()
        ids = session.execute(text("SELECT id\\\\:\\\\:text FROM events WHERE title ILIKE 'a%' ORDER BY id")).fetchall()
        """,
        by_the_year="""
        from sqlalchemy import text
        days = session.execute(select(func.date_trunc("year", Event.at), func.string_agg(Event.title, ",")).group_by(
            func.date_trunc("year", Event.at))).all()
        found = session.scalars(select(Event).where(Event.title.op("~")("a"), func.unheard_of(Event.id) > 0)).all()
        ids = session.execute(text("SELECT id\\\\:\\\\:text FROM events WHERE title ILIKE 'a%' ORDER BY id")).fetchall()
        """,
        without_the_text="""
        from sqlalchemy import text
        days = session.execute(select(func.date_trunc("month", Event.at), func.string_agg(Event.title, ",")).group_by(
            func.date_trunc("month", Event.at))).all()
        found = session.scalars(select(Event).where(Event.title.op("~")("a"), func.unheard_of(Event.id) > 0)).all()
        ids = session.execute(text("SELECT id FROM events WHERE title ILIKE 'a%' ORDER BY id")).fetchall()
        """,
    ),
    fragment(
        "commands of other databases, and a table that is called like a word of SQL",
        """
        engine.execute("SET search_path TO shop")
        engine.execute("REVOKE ALL ON SCHEMA shop FROM guests")
        engine.execute("TRUNCATE TABLE baskets")
        engine.execute("INSERT INTO table (id) VALUES (?)", [(11,), (12,)])
        rows = [tuple(row) for row in engine.execute("select id from table")]
        """,
        """
        with engine.begin() as conn:
            conn.exec_driver_sql("SET search_path TO shop")
        with engine.begin() as conn:
            conn.exec_driver_sql("REVOKE ALL ON SCHEMA shop FROM guests")
        with engine.begin() as conn:
            conn.exec_driver_sql("TRUNCATE TABLE baskets")
        with engine.begin() as conn:
            conn.exec_driver_sql("INSERT INTO table (id) VALUES (?)", [(11,), (12,)])
        with engine.connect() as conn:
            rows = [tuple(row) for row in conn.exec_driver_sql("select id from table")]
        """,
        a_command_not_committed="""
        with engine.begin() as conn:
            conn.exec_driver_sql("SET search_path TO shop")
        with engine.connect() as conn:
            conn.exec_driver_sql("REVOKE ALL ON SCHEMA shop FROM guests")
        with engine.begin() as conn:
            conn.exec_driver_sql("TRUNCATE TABLE baskets")
        with engine.begin() as conn:
            conn.exec_driver_sql("INSERT INTO table (id) VALUES (?)", [(11,), (12,)])
        with engine.connect() as conn:
            rows = [tuple(row) for row in conn.exec_driver_sql("select id from table")]
        """,
        a_table_not_emptied="""
        with engine.begin() as conn:
            conn.exec_driver_sql("SET search_path TO shop")
        with engine.begin() as conn:
            conn.exec_driver_sql("REVOKE ALL ON SCHEMA shop FROM guests")
        with engine.connect() as conn:
            conn.exec_driver_sql("TRUNCATE TABLE baskets")
        with engine.begin() as conn:
            conn.exec_driver_sql("INSERT INTO table (id) VALUES (?)", [(11,), (12,)])
        with engine.connect() as conn:
            rows = [tuple(row) for row in conn.exec_driver_sql("select id from table")]
        """,
        another_command="""
        with engine.begin() as conn:
            conn.exec_driver_sql("SET search_path TO shop")
        with engine.begin() as conn:
            conn.exec_driver_sql("REVOKE ALL ON SCHEMA shop FROM staff")
        with engine.begin() as conn:
            conn.exec_driver_sql("TRUNCATE TABLE baskets")
        with engine.begin() as conn:
            conn.exec_driver_sql("INSERT INTO table (id) VALUES (?)", [(11,), (12,)])
        with engine.connect() as conn:
            rows = [tuple(row) for row in conn.exec_driver_sql("select id from table")]
        """,
    ),
]
