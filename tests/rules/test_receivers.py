"""What a name is decides, not how it is written: other packages' `query`, `filter` and `execute` stay untouched."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed, untouched
from translator import translate

FOREIGN = {
    "dynamodb": """
import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("users")
rows = table.query(KeyConditionExpression=Key("id").eq(1))
one = table.get_item(Key={"id": 1})
""",
    "pandas": """
import pandas as pd

df = pd.DataFrame({"a": [1]})
big = df.query("a > 1")
some = df.filter(items=["a"]).count()
""",
    "sqlite3": """
import sqlite3

conn = sqlite3.connect("x.db")
conn.execute("select 1")
conn.cursor().execute("insert into t values (?)", (1,))
""",
    "requests": """
import requests

session = requests.Session()
session.get("https://example.com").json()
session.execute("nothing")
""",
    "cassandra": """
from cassandra.cluster import Cluster

session = Cluster().connect("keyspace")
rows = session.execute("SELECT * FROM users")
""",
    "django": """
from django.db import models

users = User.objects.filter(name="x").order_by("id").first()
n = User.objects.all().count()
""",
    "psycopg2": """
import psycopg2

connection = psycopg2.connect("")
cursor = connection.cursor()
cursor.execute("select %s", (1,))
""",
    "flask session": """
from flask import session
from sqlalchemy import Column

session.get("user")
session.pop("user")
""",
    "request's session": """
from sqlalchemy.orm import Session

def view(request):
    return request.session.query("key")
""",
    "own class": """
from sqlalchemy.orm import Session

class Index:
    def query(self, text):
        return self

    def filter(self, text):
        return self

    def all(self):
        return []

found = Index().query("x").filter("y").all()
""",
    "builtins": """
from sqlalchemy.orm import Session

numbers = [1, 2]
numbers.count(1)
"a".join(["b"])
list(filter(None, numbers))
""",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_packages_stay_untouched(name: str) -> None:
    """Not a byte changes, and nothing is reported."""
    translation = translate(FOREIGN[name])
    assert translation.output == FOREIGN[name]
    assert not translation.diagnostics


def test_what_a_method_of_a_class_gives_is_divided() -> None:
    """It is an expression as any other, which integer division may cut off."""
    translation = translate("from app.models import User\nfrom sqlalchemy import select\n\na = User.size(1) / 2\n")
    assert [d.slug for d in translation.diagnostics] == ["integer-division"]


def test_what_a_float_divides_is_divided_truly() -> None:
    """1.x cut off no fraction there; another function's name says nothing."""
    head = "from app.models import User\nfrom sqlalchemy import select\n\n"
    assert not translate(f"{head}a = User.size(1) / float(2)\n").diagnostics
    assert [d.slug for d in translate(f"{head}a = User.size(1) / number(2)\n").diagnostics] == ["integer-division"]


def test_a_factory_in_a_module_or_an_object() -> None:
    """`meta.Session` is used as a session, is called for one, and gives one by begin()."""
    transformed(
        "from app.model import meta\nu = meta.Session.query(meta.User).get(1)\n",
        "from app.model import meta\nu = meta.Session.get(meta.User, 1)\n",
    )
    transformed(
        "def f(app):\n    with app.Session.begin() as s:\n        return s.query(User).all()\n",
        "def f(app):\n    with app.Session.begin() as s:\n        return s.scalars(select(User)).all()\n",
    )
    transformed(
        "class A:\n    def f(self):\n        s = self.Session()\n        return s.query(User).all()\n",
        "class A:\n    def f(self):\n        s = self.Session()\n        return s.scalars(select(User)).all()\n",
    )


def test_what_something_unknown_executes_is_no_statement() -> None:
    """A shell runs a command that an object makes of a number: nothing says that it is a table."""
    for head in ("from app.tools import get\n\n\n", "import sqlalchemy\n\n\n"):
        untouched(
            head + "def stop(job):\n    shell, jobs = get(job)\n    shell.execute(jobs.delete(job.number))\n"
            "    return shell.execute(jobs.update(job.number, job.values))\n"
        )


def test_the_engine_of_a_migration() -> None:
    """It has its name from sqlalchemy-migrate, whose scripts may import nothing."""
    transformed(
        'import logging\n\n\ndef upgrade(migrate_engine):\n    cmd = "DROP TABLE a"\n    migrate_engine.execute(cmd)\n',
        'import logging\n\n\ndef upgrade(migrate_engine):\n    cmd = "DROP TABLE a"\n'
        "    with migrate_engine.begin() as conn:\n        conn.exec_driver_sql(cmd)\n",
    )
