"""Queries that Flask's templates are given: run before on 1.4 and after on 2.x, or left with the place that matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write
from translator import Options, translate

APP = """
import ban
from flask import Flask, render_template, url_for
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy(app)


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(9))
    notes = db.relationship("Note", lazy="joined", order_by="Note.id")


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    post_id = db.Column(db.ForeignKey("post.id"))


@app.route("/")
def index():
    posts = Post.query.filter(Post.title != "x")
    posts = posts.order_by(Post.id.desc())
    return render_template("index.html", title="All", posts=posts, home=url_for("index"))


@app.route("/pairs")
def pairs():
    return render_template("pairs.html", pairs=db.session.query(Post.id, Post.title).filter_by(title="x"))


with app.app_context():
    db.create_all()
    db.session.add_all([Post(title="a", notes=[Note(), Note()]), Post(title="x"), Post(title="b", notes=[Note()])])
    db.session.commit()
client = app.test_client()
print(client.get("/").get_data(True), client.get("/pairs").get_data(True))
"""
FILES = {
    "templates/base.html": "<a class='posts'>{{ title }}</a>{% block main %}{% endblock %}",
    "templates/index.html": (
        '{% extends "base.html" %}{% block main %}{% for post in posts %}{{ loop.index }}/{{ loop.length }}'
        "{{ post.title }}{{ post.notes|length }}{% if not loop.last %}, {% endif %}{% endfor %}{% endblock %}"
    ),
    "templates/pairs.html": "{% for id, title in pairs %}{{ id }}{{ title }}{% else %}none{% endfor %}",
}


def test_a_template_that_walks_a_query_gets_its_rows(tmp_path: Path) -> None:
    """What a template walks once, and asks for nothing else, is executed as it is handed over."""
    write(tmp_path, FILES)
    names = write(tmp_path, {"main.py": APP})
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)["main.py"]
    assert found.translation is not None
    assert found.translation.diagnostics == ()
    assert "posts=db.session.scalars(posts).unique().all(), home" in output(found)
    write(tmp_path, {"main.py": output(found)})
    assert ran(tmp_path, ()) == before == "<a class='posts'>All</a>1/2b1, 2/2a2 2x\n"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"templates/index.html": "<p>\n{{ posts.count() }}"},
            "line 2 of templates/index.html does something else than walk it once",
        ),
        ({"templates/index.html": "{% if posts %}some{% endif %}"}, "line 1 of templates/index.html"),
        ({"templates/index.html": "no more"}, "templates/index.html does something else"),
        ({"templates/base.html": "{{ posts }}"}, "templates/index.html does something else"),
        ({"more/templates/index.html": "{{ posts }}"}, "which is not in sight"),
        ({"templates/index.html": '{% extends "package/base.html" %}'}, "which is not in sight"),
        ({"main.py": APP.replace('url_for("index")', "db.session.rollback()")}, "may change rows"),
        ({"main.py": APP.replace('"index.html"', '["index.html", "other.html"]')}, "which is not in sight"),
    ],
)
def test_the_query_stays_where_the_template_asks_for_more(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    """A count, a test, a template out of sight, or something called after it that might change rows."""
    write(tmp_path, {**FILES, "main.py": APP, **changed})
    found = translated([str(tmp_path / "main.py")])["main.py"]
    assert found.translation is not None
    assert "Post.query" in output(found)
    assert any("`render_template()`" in d.message and said in d.message for d in found.translation.diagnostics)


@pytest.mark.parametrize(
    "before",
    ["", "from flask import render_template\nfrom app import db\nfrom app.models import Post\n\n\n"],
)
def test_a_paste_hands_a_list_to_its_template(before: str) -> None:
    """Which can walk that, and not a Select; who asks for more is told."""
    view = "@app.route('/')\ndef index():\n    return render_template('i.html', posts={}, n=f())\n"
    source = before + view.format("Post.query.filter_by(title='x')")
    found = translate(source, Options(convert_escaping=True))
    assert ".all(), n=f())" in found.output.replace("\n    )", ")")
    assert any("a list takes the place of a Query here" in d.message for d in found.diagnostics)
    assert translate(source).output == source
