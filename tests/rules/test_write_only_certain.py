"""What is write-only by default: what is used in sight, and what nothing may walk by a name that stands nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_write_only import PLAIN
from translator import Dynamic, Options, translate
from translator.project import translate_all

USE = "def work(session: Session, shelf: Shelf, book: Book, unknown):\n    shelf.books.append(book)\n"


def said(source: str, options: Options | None = None) -> tuple[str, str]:
    """What Shelf.books is annotated with, and what is said of it."""
    translation = translate(source, options or Options())
    line = next(line for line in translation.output.splitlines() if line.startswith("    books: "))
    remarks = [d.message for d in translation.diagnostics if "books of Shelf" in d.message or "books is" in d.message]
    assert len(remarks) <= 1
    return line.split(": ")[1].partition("[")[0], "".join(remarks)


def test_what_is_used_in_sight_is_converted_and_flagged() -> None:
    """Its uses follow, and whoever reads the change learns what code elsewhere has to do. What is not used stays."""
    translation = translate(PLAIN + USE)
    assert said(PLAIN + USE)[0] == "WriteOnlyMapped"
    assert "shelf.books.add(book)" in translation.output
    assert "code that is not in sight has to use books.select(), add() and remove()" in said(PLAIN + USE)[1]
    assert any(change.safety == "review" and change.rule == "model-relationship" for change in translation.changes)
    assert "marked: DynamicMapped[" in translation.output
    assert any("marked of Tag stays" in d.message and "no use of it" in d.message for d in translation.diagnostics)


def test_models_alone_stay_and_say_how_to_get_the_other() -> None:
    """Nothing shows what their callers do."""
    kind, why = said(PLAIN)
    assert kind == "DynamicMapped"
    assert "no use of it is in sight" in why
    assert "dynamic=write_only" in why
    assert said(PLAIN, Options(dynamic=Dynamic.WRITE_ONLY))[0] == "WriteOnlyMapped"


def test_what_may_be_a_use_is_told_before_that_none_is() -> None:
    """A collection that is handed on by an object of which nothing is known; a string keeps it with the option, too."""
    handed = said(PLAIN + "def walk(one):\n    return list(chain(one.books, []))\n")[1]
    assert "`chain(one.books, [])` may mean it: what `one` is is not in sight" in handed
    assert "no use" not in handed
    named = said(PLAIN + "SHOWN = ['books']\n")[1]
    assert "no use of it is in sight" in named
    assert "the option dynamic=write_only leaves it, too: `'books'` names it by a string" in named


def test_a_template_may_be_the_use(tmp_path: Path) -> None:
    """A file beside the program asks for an attribute of that name."""
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "shelf.html").write_text("{% for book in shelf.books %}{% endfor %}")
    (tmp_path / "app").mkdir()
    for name, text in (("__init__.py", ""), ("models.py", PLAIN)):
        (tmp_path / "app" / name).write_text(text)
    files = [str(tmp_path / "app" / name) for name in ("__init__.py", "models.py")]
    outcome = list(translate_all(files, lambda _: Options(), 1))[1]
    assert outcome.translation is not None
    told = [d.message for d in outcome.translation.diagnostics if d.message.startswith("relationship: books of Shelf")]
    assert len(told) == 1
    assert "`.books` stands in" in told[0]


def test_it_can_be_kept() -> None:
    """With all its uses."""
    kept = Options(dynamic=Dynamic.KEEP)
    assert said(PLAIN + USE, kept)[0] == "DynamicMapped"
    assert "shelf.books.append(book)" in translate(PLAIN + USE, kept).output


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("def walk(one, key):\n    return getattr(one, key)\n", "`getattr(one, key)` may mean any attribute"),
        ("def walk(one, data):\n    for key, x in data.items():\n        setattr(one, key, x)\n", "may mean any attribute"),
        ("def walk(one, key):\n    for key in ('id', key):\n        getattr(one, key)\n", "may mean any attribute"),
        ("def walk(one):\n    for key in ('id',):\n        key = one.key\n        getattr(one, key)\n", "may mean any"),
        ("def walk(one, key):\n    return getattr(one, f'{key}s')\n", "may mean any attribute"),
        ("def walk(one, key):\n    return getattr(one, 'boo%s' % key)\n", "may mean any attribute"),
        ("def walk(one):\n    return vars(one)\n", "`vars(one)` may look at every attribute"),
        ("def walk(shelf: Shelf):\n    return shelf.__dict__\n", "`shelf.__dict__` may look at every attribute"),
        ("def walk(one):\n    return one.__mapper__.attrs\n", "`one.__mapper__` may look at every attribute"),
        ("for cls in Base._decl_class_registry.values():\n    print(cls)\n", "may give any class"),
        ("for cls in Base.__subclasses__():\n    print(cls)\n", "may give any class"),
        ("for cls in (Shelf, Book):\n    unknown(cls)\n", "Shelf stands in a list"),
        ("import flask_admin\nclass View(flask_admin.ModelView):\n    pass\nclass Own(View):\n    pass\nadmin(Own(Shelf))\n",
         "`Own()` is given Shelf"),
        ("from flask_restful import fields\nSHOWN = {'id': fields.Integer, 'books': fields.List(fields.String)}\n",
         "shows it"),
        ("class Big(Shelf, Shown):\n    pass\n", "Big extends Shown, which is not in sight"),
    ],
)  # fmt: skip
def test_who_may_walk_it_keeps_it(more: str, why: str) -> None:
    """The place is named."""
    kind, reason = said(PLAIN + USE + more)
    assert kind == "DynamicMapped"
    assert why in reason


@pytest.mark.parametrize(
    "more",
    [
        "def walk(one):\n    for key in ('id', 'name'):\n        setattr(one, key, getattr(one, key))\n",
        "def walk(one):\n    return {key: getattr(one, key) for key in ['id', 'name']}\n",
        "def walk(one, key):\n    return getattr(one, f'{key}_id'), getattr(one, key + '_id'), getattr(one, '%s_id' % key)\n",
        "def walk(one, key):\n    return getattr(one, key)(), getattr(one, key).desc()\n",
        "def walk(some, key):\n    return sorted(some, key=lambda one: getattr(one, key))\n",
        "def walk(one):\n    return one.__mapper__.columns.keys(), Shelf.__table__.columns\n",
        "@app.shell_context_processor\ndef shell():\n    return {'Shelf': Shelf, 'Book': Book}\n",
        "import re\ndef found(text):\n    return re.match('a', text).books\n",
        "def tables(db):\n    return inspect(db.get_engine()).get_table_names()\n",
        "from abc import ABC\nclass Check(ABC):\n    pass\nclass Own(Check):\n    pass\ncheck(Own(1))\n",
    ],
)
def test_what_leads_to_no_relationship_keeps_nothing(more: str) -> None:
    """Names that stand in a loop, beginnings and ends of names, what would fail with a collection of either kind."""
    assert said(PLAIN + USE + more)[0] == "WriteOnlyMapped"


@pytest.mark.parametrize(
    ("base", "kind"),
    [
        ("from flask_login import UserMixin as Mixin", "WriteOnlyMapped"),
        ("from sqlalchemy_serializer import SerializerMixin as Mixin", "DynamicMapped"),
        ("from .mixins import Mixin", "DynamicMapped"),
        ("class Mixin:\n    pass", "WriteOnlyMapped"),
    ],
)
def test_a_base_that_is_not_in_sight_keeps_it(base: str, kind: str) -> None:
    """It may have a `to_dict()`."""
    source = f"{base}\n{PLAIN}{USE}".replace("class Shelf(Base)", "class Shelf(Mixin, Base)")
    assert said(source)[0] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("from shop.models import Shelf\nimport flask_admin\n", "DynamicMapped"),
        ("from shop.models import Shelf\ndef walk(one, key):\n    return getattr(one, key)\n", "DynamicMapped"),
        ("from shop.models import Shelf\nprint(Shelf.id)\n", "WriteOnlyMapped"),
        ("import flask_admin\n", "WriteOnlyMapped"),
    ],
)
def test_files_beside_the_program_may_keep_it(text: str, kind: str, tmp_path: Path) -> None:
    """Those that speak of the class and may look at all of it."""
    (tmp_path / "setup.py").touch()
    (tmp_path / "beside.py").write_text(text)
    (tmp_path / "shop.py").write_text(PLAIN + USE)
    outcomes = list(translate_all([str(tmp_path / "shop.py"), str(tmp_path / "setup.py")], lambda _: Options(), 1))
    assert outcomes[0].translation is not None
    assert f"books: {kind}[" in outcomes[0].translation.output
