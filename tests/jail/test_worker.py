"""What the run job tells of a text: statements with their lines, values, what was printed, what the tables hold."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from translator.jail import limits
from translator.jail.client import JobFailed, Zygote, ZygoteSpec
from translator.schema.infer import plan
from translator.verify.harness import runtime_14

Trace = dict[str, Any]


def run(runner: Zygote, code: str, **request: Any) -> Trace:
    code = dedent(code).lstrip("\n")
    return runner.submit({"code": code, "plan": plan(code), **request}).result()


def test_statements_carry_the_line_that_emitted_them(runner: Zygote) -> None:
    """The innermost line of the paste, also inside functions and where a lazy attribute is read."""
    trace = run(
        runner,
        """
        def names(user):
            return [post.title for post in user.posts]

        user = session.get(User, 1)
        titles = names(user)
        """,
    )
    assert [(item["line"], "FROM posts" in item["sql"]) for item in trace["statements"]] == [(4, False), (2, True)]
    assert trace["variables"]["user"] == {"entity": "User", "key": [1]}


def test_values_prints_and_tables(runner: Zygote) -> None:
    """Bare expressions, variables, output and committed rows are told; what isn't committed is not."""
    trace = run(
        runner,
        """
        1 + 1
        session.add(User(name="new"))
        session.commit()
        session.add(User(name="lost"))
        session.flush()
        print("done")
        numbers = (1, 2.0, None)
        """,
    )
    assert trace["values"] == [{"line": 1, "value": 2}]
    assert trace["printed"] == "done\n"
    assert trace["variables"]["numbers"] == {"tuple": [1, 2.0, None]}
    names = [row[2] for row in trace["tables"]["users"]]
    assert "new" in names
    assert "lost" not in names


def test_rows_show_differences(runner: Zygote) -> None:
    """A join fans out, some have none, there are ties and NULLs, and the constant of the text occurs."""
    trace = run(
        runner,
        """
        users = session.query(User).filter(User.name == "jack").all()
        joined = session.query(User.id, Address.id).outerjoin(User.addresses).all()
        """,
    )
    rows = trace["tables"]["users"]
    assert len([row for row in rows if row[2] == "jack"]) > 1
    assert any(row[2] is None for row in rows)
    assert any(row[2] not in ("jack", None) for row in rows)
    pairs = [item["row"] for item in trace["variables"]["joined"]]
    parents = [parent for parent, _ in pairs]
    assert max(parents.count(parent) for parent in parents) > 1
    assert any(child is None for _, child in pairs)


def test_models_of_the_paste_get_tables_and_rows(runner: Zygote) -> None:
    """Without `create_all`, before the first statement, with any engine address; a subclass has rows of its own."""
    trace = run(
        runner,
        """
        from sqlalchemy import Column, Integer, String, ForeignKey, create_engine
        from sqlalchemy.orm import declarative_base, Session
        Base = declarative_base()
        class Animal(Base):
            __tablename__ = "animal"
            id = Column(Integer, primary_key=True)
            kind = Column(String)
            __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}
        class Dog(Animal):
            __tablename__ = "dog"
            id = Column(ForeignKey("animal.id"), primary_key=True)
            tricks = Column(Integer)
            __mapper_args__ = {"polymorphic_identity": "dog"}
        with Session(create_engine("postgresql://nowhere/x")) as session:
            dogs = session.query(Dog).all()
            animals = session.query(Animal).all()
        """,
    )
    assert trace["exception"] is None
    assert trace["variables"]["dogs"]
    assert len(trace["variables"]["dogs"]) < len(trace["variables"]["animals"])
    assert trace["own_tables"] == ["animal", "dog"]


def test_functions_that_are_only_defined_are_called(runner: Zygote) -> None:
    """With arguments that suit their names; methods of a plain class too; a called function isn't called again."""
    trace = run(
        runner,
        """
        def helper(session):
            return session.query(User)

        def by_id(session, user_id):
            return helper(session).filter(User.id == user_id).one()

        class Repository:
            def __init__(self, session):
                self.session = session

            def named(self, name: str):
                return self.session.query(User).filter_by(name=name).count()
        """,
    )
    assert [call["name"] for call in trace["calls"]] == [
        "by_id",
        "by_id with nothing",
        "Repository.named",
        "Repository.named with nothing",
    ]
    assert trace["calls"][0]["value"] == {"entity": "User", "key": [1]}
    assert trace["calls"][1]["exception"]["type"] == "NoResultFound"
    assert trace["calls"][2]["value"] == 2
    assert trace["calls"][3]["value"] == 1  # the one whose name is NULL


def test_the_text_is_run_on_empty_tables_too(runner: Zygote) -> None:
    """Once more without any rows: `one()` then raises where `first()` would not."""
    trace = run(runner, "user = session.query(User).filter(User.id == 1).one()")
    assert trace["exception"] is None
    assert trace["empty"]["exception"]["type"] == "NoResultFound"


def test_sql_is_shown_in_the_dialect_asked_for(runner: Zygote) -> None:
    """Compared is what SQLite ran; shown is what PostgreSQL would be sent."""
    trace = run(runner, "session.query(User).filter(User.name.ilike('a%')).limit(2).all()", dialect="postgresql")
    statement = trace["statements"][0]
    assert "ILIKE" in statement["shown"]
    assert "lower(" in statement["sql"]


def test_time_randomness_and_addresses_do_not_differ_between_runs(runner: Zygote) -> None:
    """What no two runs could agree on is evened out."""
    code = """
        import datetime, random, uuid
        now = datetime.datetime.now()
        number = random.random()
        key = uuid.uuid4()
        print(object())
        """
    assert [run(runner, code)[part] for part in ("variables", "printed")] == [
        run(runner, code)[part] for part in ("variables", "printed")
    ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ('data = open("/etc/passwd").read()', "without files"),
        ("try:\n    open('/etc/passwd')\nexcept Exception:\n    pass", "without files"),
        ("import socket\nsocket.socket()", "without the module socket"),
        ("import subprocess\nsubprocess.run(['true'])", "without the module subprocess"),
        ("for _ in range(300):\n    session.query(User).first()", f"more than {limits.STATEMENTS} statements"),
        ("print('x' * 100_000)", "prints more"),
    ],
)
def test_what_the_proof_lacks_is_said(runner: Zygote, code: str, reason: str) -> None:
    """A text that reaches for what isn't there is not run to its end, and the reason is in words."""
    trace = run(runner, code)
    said = [trace["unavailable"] or "", *(call["unavailable"] or "" for call in trace["calls"])]
    assert any(reason in words for words in said), said


@pytest.mark.parametrize(
    "code",
    [
        "engine.execute",
        "import sqlite3\nsqlite3.connect('/tmp/x')",
        "conn.exec_driver_sql(\"ATTACH DATABASE '/tmp/attached.db' AS other\")",
        "conn.exec_driver_sql(\"SELECT load_extension('/tmp/x')\")",
        "conn.exec_driver_sql('PRAGMA temp_store_directory = \"/tmp\"')",
        "import os\nos.system('true')",
        "import subprocess\nsubprocess.run(['true'])\nx = 1 + subprocess.PIPE",
        "().__class__.__base__.__subclasses__()",
    ],
)
def test_a_way_out_leads_nowhere(runner: Zygote, code: str) -> None:
    """Whatever is tried, the answer is a trace, and nothing came of it."""
    assert "statements" in run(runner, code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("for _ in iter(int, 1):\n    pass", "timeout"),
        ("import ctypes", None),
        ("x = 'a' * 10**10", None),
        ("def f():\n    return f()\nf()", None),
        ("raise SystemExit(3)", None),
        ("import os\nos._exit(0)", None),
    ],
)
def test_violent_endings(runner: Zygote, code: str, kind: str | None) -> None:
    """An endless loop is a failed job; everything that Python itself can report is a trace."""
    if kind is None:
        trace = run(runner, code)
        assert "statements" in trace
        return
    with pytest.raises(JobFailed) as caught:
        run(runner, code)
    assert caught.value.kind == kind


def test_a_paste_that_switches_foreign_keys_on(runner: Zygote) -> None:
    """A PRAGMA of the paste's must not keep its tables from being emptied for the second run."""
    trace = run(
        runner, "conn.exec_driver_sql('PRAGMA foreign_keys=ON')\nx = session.query(User).join(User.addresses).count()"
    )
    assert trace["exception"] is None
    assert trace["empty"]["variables"] == {"x": 0}


def test_constants_of_pasted_models_occur_in_their_rows(runner: Zygote) -> None:
    """Models of the text get rows that its own comparisons find, more than one."""
    trace = run(
        runner,
        """
        from sqlalchemy import Column, Integer, String
        from sqlalchemy.orm import declarative_base
        Base = declarative_base()
        class Country(Base):
            __tablename__ = "country"
            id = Column(Integer, primary_key=True)
            code = Column(String(2))
        found = session.query(Country).filter(Country.code == "NZ").all()
        """,
    )
    assert len(trace["variables"]["found"]) > 1


def test_a_session_class_is_a_registry_too(runner: Zygote) -> None:
    """Fragments say `Session.query(…)` of a scoped_session and `Session()` of a factory."""
    trace = run(
        runner,
        """
        users = Session.query(User).count()
        Session.commit()
        own = Session()
        same = own.query(User).count() == users
        own.close()
        """,
    )
    assert trace["exception"] is None
    assert trace["variables"]["same"] is True


def test_a_bakery_that_is_not_shown(runner: Zygote) -> None:
    """It bakes."""
    trace = run(
        runner,
        """
        baked_query = bakery(lambda session: session.query(User))
        baked_query += lambda q: q.filter(User.id == bindparam("id"))
        name = baked_query(session).params(id=1).one().id
        """,
    )
    assert trace["variables"]["name"] == 1


def test_models_of_a_fragment_that_lack_a_table_name_or_a_key(runner: Zygote) -> None:
    """Both are made up where the base is, and only there: not for a subclass in its parent's table, not over a mixin's."""
    trace = run(
        runner,
        """
        class Plain(Base):
            name = Column(String)

        class Animal(Base):
            __tablename__ = "animal"
            id = Column(Integer, primary_key=True)
            type = Column(String)
            __mapper_args__ = {"polymorphic_on": type, "polymorphic_identity": "animal"}

        class Dog(Animal):
            __mapper_args__ = {"polymorphic_identity": "dog"}

        class Named:
            @declared_attr
            def __tablename__(cls):
                return cls.__name__.lower() + "_table"

        class Thing(Base, Named):
            code = Column(String, primary_key=True)

        tables = [kind.__table__.name for kind in (Plain, Animal, Dog, Thing)]
        keys = [[column.name for column in kind.__table__.primary_key] for kind in (Plain, Dog, Thing)]
        dogs = {dog.type for dog in session.query(Dog)}
        """,
    )
    assert trace["exception"] is None
    assert trace["variables"]["tables"] == ["plain", "animal", "animal", "thing_table"]
    assert trace["variables"]["keys"] == [["id"], ["id"], ["code"]]
    assert trace["variables"]["dogs"] == {"set": ["dog"]}
    assert "Plain.id" in trace["made_up"]


def test_a_table_that_the_text_creates_itself(runner: Zygote) -> None:
    """Without a look whether it is there: the one that was made for the proof gives way, and the new one gets rows."""
    trace = run(
        runner,
        """
        metadata = MetaData()
        hello = Table("Hello", metadata, Column("id", Integer, primary_key=True))
        engine.connect().execute(select(hello)).fetchall()
        hello.drop(engine)
        hello.create(engine)
        rows = engine.connect().execute(select(hello)).fetchall()
        """,
    )
    assert trace["exception"] is None
    assert len(trace["variables"]["rows"]) > 3


@pytest.mark.parametrize("runtime", ["1.4", "2.x"])
def test_a_rehearsal_leaves_nothing(runtime: str) -> None:
    """What is run before there is a job runs like one, to its end, and no job can tell: on either SQLAlchemy."""
    paths = [str(Path(__file__).parent), *([str(runtime_14())] if runtime == "1.4" else [])]
    looking = Zygote(ZygoteSpec(entry="rehearsing:look", paths=tuple(paths), runs_code=True))
    try:
        found = looking.submit({}).result()
    finally:
        looking.close()
    trace = found.pop("trace")
    assert trace["runtime"].startswith(runtime[0])
    assert [trace["exception"], trace["unavailable"]] == [None, None]
    assert [(call["name"], call["exception"]) for call in trace["calls"]][::2] == [
        ("Parents.named", None),
        ("first", None),
    ]
    assert len(trace["statements"]) >= 14
    assert trace["empty"]["exception"] is None
    assert found == {
        "others": [], "ours": [], "listeners": [0, 0, 0, 0], "mappers": [], "modules": [], "numbers": True,
    }  # fmt: skip
