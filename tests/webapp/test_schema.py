"""Models that are given beside the source: the translation knows them, the proof runs on them, links keep them."""

from __future__ import annotations

import pytest

from tests.webapp.live_server import LiveServer

MODELS = """\
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship


class Pet(Base):
    __tablename__ = "pets"
    id = Column(Integer, primary_key=True)
    nick = Column(String(20), nullable=False)
    toys = relationship("Toy", lazy="joined")


class Toy(Base):
    __tablename__ = "toys"
    id = Column(Integer, primary_key=True)
    pet_id = Column(ForeignKey("pets.id"))
"""
ALL = "pets = session.query(Pet).filter(Pet.nick == 'Rex').all()\n"


def test_a_given_schema_is_known_and_run_on(server: LiveServer) -> None:
    """An eager collection that only the schema shows has its rows made unique, and the statements are those of its tables."""
    report = server.translate(ALL, options={"schema": MODELS}).json
    assert ".unique()" in report["output"]
    proof = report["verification"]
    assert proof["verdict"] == "same", proof["reason"]
    assert "LEFT OUTER JOIN toys" in proof["statements"][0]["after"]["sql"]
    assert proof["schema"] == MODELS
    assert proof["assumed"] == ["Not shown in the text, so sample values stand for: Base."] or not proof["assumed"]
    assert any("nick VARCHAR(20) NOT NULL" in table for table in proof["ddl"])
    assert report["options"]["schema"] == MODELS


def test_what_was_made_up_is_shown_and_can_be_given_back(server: LiveServer) -> None:
    """The models that the proof made up are a schema that it takes."""
    first = server.translate(ALL).json["verification"]
    assert "class Pet(Base):" in first["schema"]
    again = server.translate(ALL, options={"schema": first["schema"]}).json["verification"]
    assert again["verdict"] == "same", again["reason"]
    assert again["statements"][0]["after"]["sql"] == first["statements"][0]["after"]["sql"]


def test_what_the_schema_does_not_have_is_made_up_beside_it(server: LiveServer) -> None:
    """A sample model and a given one in one query."""
    source = "rows = session.query(Pet, User).filter(User.name == Pet.nick).all()\n"
    proof = server.translate(source, options={"schema": MODELS}).json["verification"]
    assert proof["verdict"] == "same", proof["reason"]
    assert any(sentence.startswith("User is the sample schema's") for sentence in proof["assumed"])
    assert "class User(Base):" in proof["schema"]
    assert proof["schema"].endswith(MODELS)


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("class Pet(Base:\n", "The schema can't be read in line 1"),
        ("x = 1\n1 / 0\n", "The schema can't be run in line 2"),
        ("open('/etc/passwd')\n", "without files"),
        ("while True: pass\n", "longer than"),
    ],
)
def test_a_schema_that_is_wrong_is_told_as_such(server: LiveServer, schema: str, told: str) -> None:
    """With its own line; the translation is there all the same."""
    report = server.translate(ALL, options={"schema": schema}).json
    assert "select(Pet)" in report["output"]
    assert report["verification"]["verdict"] == "not_run"
    assert told in report["verification"]["reason"]


def test_a_schema_that_is_too_large_is_refused(server: LiveServer) -> None:
    """By the name of its field."""
    answer = server.translate(ALL, options={"schema": "x = 1\n" * 12_000})
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "options.schema"


def test_page_and_share_keep_the_schema(server: LiveServer) -> None:
    """In the form after converting, and under the link."""
    page = server.post_form("/", {"source": ALL, "schema": MODELS, "options_shown": "1"}).text
    assert "Models of this run" in page
    assert (
        page.count("nick = Column(String(20), nullable=False)") == 1
    )  # in the form; highlighted, it has elements within
    shared = server.post_json("/api/v1/shares", {"source": ALL, "options": {"schema": MODELS}}).json
    assert "nick = Column(String(20), nullable=False)" in server.get(f"/s/{shared['id']}").text
    plain = server.post_json("/api/v1/shares", {"source": ALL}).json
    assert plain["id"] != shared["id"]


@pytest.mark.parametrize(
    ("dialect", "limited", "column"),
    [
        ("sqlite", "LIMIT ?", "VARCHAR"),
        ("postgresql", "LIMIT %(", "SERIAL"),
        ("mysql", "LIMIT %s", "VARCHAR(255)"),
        ("oracle", "FETCH FIRST", "VARCHAR2(255"),
        ("mssql", "TOP", "VARCHAR(max)"),
    ],
)
def test_each_dialect_has_its_sql_and_its_tables(server: LiveServer, dialect: str, limited: str, column: str) -> None:
    """The statement with its parameters apart and in place, and CREATE TABLE."""
    source = "session.query(Pet).filter(Pet.nick.in_(['a', \"b'c\"]), Pet.age > 3).limit(5).all()\n"
    proof = server.translate(source, options={"dialect": dialect}).json["verification"]
    assert proof["verdict"] == "same", proof["reason"]
    statement = proof["statements"][0]["after"]
    assert limited in statement["sql"]
    assert "IN ('a', 'b''c')" in statement["inline"]
    assert "> 3" in statement["inline"]
    assert "(nick" not in statement["inline"]
    assert column in proof["ddl"][0]
