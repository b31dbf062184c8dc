"""Models that a text only mentions are made up so that it can run: on 1.4 and on 2.x, with rows its constants match."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import Any

import pytest

from translator.schema.infer import EMPTY, free_names, plan


def models(code: str) -> dict[str, str]:
    """The classes of the plan, by name, as source text."""
    tree = ast.parse(plan(dedent(code))["models"])
    return {node.name: ast.unparse(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def test_free_names_are_those_that_nothing_binds() -> None:
    """Imports, assignments, parameters and builtins are bound; also in functions and comprehensions."""
    code = dedent(
        """
        import os
        from x import y
        total = len(session.query(User).all())
        def f(conn, *args):
            local = engine
            return [item for item in conn if other]
        """
    )
    assert free_names(code) == {"session", "User", "engine", "other"}


@pytest.mark.parametrize("code", ["", "x = 1", "def f(:", "print 'x'", "\0", "x = (" * 300])
def test_any_text_gets_a_plan(code: str) -> None:
    """What doesn't parse or needs nothing gets a plan without models."""
    found = plan(code)
    assert found.keys() == EMPTY.keys()
    assert "class " not in found["models"]


def test_models_of_the_text_are_not_made_up() -> None:
    """A class that the text defines takes precedence, whatever it is called."""
    assert models("class User(Base):\n    __tablename__ = 'users'\nsession.query(User).join(Order)").keys() == {"Order"}


def test_sample_models_come_only_when_mentioned() -> None:
    """Of the sample schema, those that are named and those they lead to."""
    found = models("session.query(Customer).options(joinedload(Customer.orders)).all()")
    assert found.keys() == {"Customer", "Order"}
    assert "orders = relationship('Order'" in found["Customer"]
    assert "ForeignKey('customers.id')" in found["Order"]


def test_a_sample_model_gets_the_columns_that_are_used() -> None:
    """A column that the sample doesn't have is added, with the type of what it is compared with."""
    found = models("session.query(User).filter(User.loyalty > 3, User.shoe == 'left', User.is_bot == True)")
    assert "loyalty = Column(Integer)" in found["User"]
    assert "shoe = Column(String)" in found["User"]
    assert "is_bot = Column(Boolean)" in found["User"]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("session.query(Gadget).filter(Gadget.weight > 2.5)", "weight = Column(Float)"),
        ("session.query(Gadget).filter_by(color='red')", "color = Column(String)"),
        ("session.query(Gadget).filter(Gadget.seen_at < datetime.utcnow())", "seen_at = Column(DateTime)"),
        ("session.query(Gadget).filter(Gadget.note.ilike(term))", "note = Column(String)"),
        ("session.query(func.sum(Gadget.points))", "points = Column(Integer)"),
        ("session.query(Gadget).order_by('height').all()", "height = Column("),
        ("session.query(Gadget).update({'state': 'new'})", "state = Column(String)"),
        ("g = session.query(Gadget).first()\ng.serial", "serial = Column(String)"),
        ("for g in session.query(Gadget):\n    print(g.maker_name)", "maker_name = Column(String)"),
        ("session.add(Gadget(size=3))\nsession.commit()", "size = Column(Integer)"),
        ("a = aliased(Gadget)\nsession.query(a).filter(a.depth == 1)", "depth = Column(Integer)"),
        ("Gadget.query.filter_by(kind='x').all()", "kind = Column(String)"),
        ("from shop.models import Gadget\nselect([Gadget.price])", "price = Column(Numeric)"),
        ("from shop import models\nsession.query(models.Gadget).filter(models.Gadget.a == 1)", "a = Column(Integer)"),
        ("session.bulk_insert_mappings(Gadget, [{'code': 'a'}])", "code = Column(String)"),
        ("session.bulk_insert_mappings(Gadget, [{'code': 1} for _ in range(9)])", "code = Column(Integer)"),
        ("rows = [{'code': 1}]\ninsert(Gadget).values(rows)", "code = Column(Integer)"),
        ("session.query(Gadget).update(dict(code=1))", "code = Column(Integer)"),
        ("g = session.query(Gadget).first()\ng.wear += 1", "wear = Column(Integer)"),
        ("session.query(Gadget.wear + 1)", "wear = Column(Integer)"),
        ("session.query(Gadget).first().serial", "serial = Column(String)"),
        ("session.query(Gadget.no_of_parts)", "no_of_parts = Column(Integer)"),
        ("session.query(Gadget).filter(Gadget.maker == User(id=3))", "maker = relationship('User'"),
        ("session.query(Gadget).options(joinedload('parts'))", "parts = relationship('Part'"),
        ("session.query(Gadget).options(joinedload(Gadget.owner))", "owner = relationship("),
        ("session.query(Gadget).options(joinedload(Gadget.bits).joinedload(Part.maker))", "bits = relationship('Part'"),
        ("session.query(Gadget).filter(Gadget.parts.any(name='x'))", "parts = relationship('Part'"),
        (
            "for g in session.query(Gadget).all():\n    for p in g.parts:\n        print(p.name)",
            "parts = relationship('Part'",
        ),
    ],
)
def test_use_says_what_a_model_is_like(code: str, wanted: str) -> None:
    """Columns with types, and relationships, from how attributes are used."""
    assert wanted in models(code)["Gadget"]


def test_what_is_no_model() -> None:
    """A key of `get()`, a session by what it is asked, an exception by how it is used; a class may be spelled small."""
    assert plan("User.query.get(user_id)")["models"].count("Table(") == 0
    assert models("Store.query(User).all()").keys() == {"User"}
    assert models("session.query(User).all()\nraise NotThere(user=3)").keys() == {"User"}
    assert models("session.execute(tbModel.__table__.insert(), [{'code': 1}])").keys() == {"tbModel"}


def test_a_plural_is_its_own_table_name() -> None:
    """`Users` has the table users."""
    found = models("session.query(Users, Address, Status, ContactDetails).all()")
    names = {name: text.partition("__tablename__ = ")[2].split("\n")[0] for name, text in found.items()}
    assert names == {
        "Users": "'users'",
        "Address": "'addresses'",
        "Status": "'statuses'",
        "ContactDetails": "'contact_details'",
    }


def test_roles_of_names_that_nobody_shows() -> None:
    """A session, Flask's session, an exception, something that is called like a builtin, what is read before it is bound."""
    found = plan(
        "raise Lost()\nx = session['user']\nStore.query(User)\nfilter.title\nquery = query.filter(User.id == 1)"
    )
    assert found["roles"] == {"Lost": "exception", "session": "cookie", "Store": "session", "filter": "object"}
    assert "query" in found["free"]
    assert "x" not in found["free"]


def test_a_plain_join_finds_a_foreign_key() -> None:
    """`join(Other)` without a condition needs one on either side; a comparison of ids makes one."""
    assert "ForeignKey('gadgets.id')" in models("session.query(Gadget).join(Review).all()")["Review"]
    found = models("session.query(Gadget).join(Maker, Gadget.maker_id == Maker.id).all()")
    assert "maker_id = Column(Integer, ForeignKey('makers.id'))" in found["Gadget"]


def test_constants_are_kept_for_the_rows() -> None:
    """What columns are compared with, without the wildcards of a pattern."""
    code = "session.query(Gadget).filter(Gadget.a == 7, Gadget.b.in_(['x', 'y']), Gadget.d.like('%mid%')).get(42)"
    constants: dict[str, Any] = plan(code)["constants"]
    assert constants == {"a": [7], "b": ["x", "y"], "d": ["mid"], "id": [42]}


def test_tables_are_made_up_from_sql_text_and_core() -> None:
    """Tables that only strings or `table.c` speak of."""
    found = plan('engine.execute("SELECT g.name, size FROM gadgets g WHERE size > 5 AND name = :name")')
    assert "Table('gadgets'" in found["models"]
    assert "Column('size', Integer)" in found["models"]
    assert found["constants"] == {"size": [5]}
    core = plan("conn.execute(gadget_table.select().where(gadget_table.c.color == 'red'))")["models"]
    assert "gadget_table = metadata.tables['gadget']" in core
    assert "Column('color', String)" in core


def test_what_is_assumed_is_said() -> None:
    """A sentence for each model and table, with its columns."""
    assumed = plan("session.query(User).join(Gadget).all()\nengine.execute('select a from b_table')")["assumed"]
    assert any("User is the sample schema's" in sentence for sentence in assumed)
    assert any("Gadget is made up" in sentence for sentence in assumed)
    assert any("b_table is made up" in sentence for sentence in assumed)


def test_names_of_sqlalchemy_are_no_models() -> None:
    """Nor exceptions, forms and other classes that are never queried."""
    code = "from forms import LoginForm\nform = LoginForm()\nx = Column(Integer, ForeignKey('a.id'))\nraise NoResultFound()"
    assert models(code) == {}


@pytest.mark.parametrize(
    "names",
    [
        "Customer.orders Order.customer Order.lines OrderLine.product Product.category Product.tags Tag.products",
        "Category.parent Category.children Category.products Employee.manager Employee.reports",
        "User.addresses Address.user User.posts Post.user Post.comments Comment.post Comment.user Post.tags Tag.posts",
        "Post.author Comment.author User.orders Order.user User.roles User.profile Engineer.language Manager.budget",
    ],
)
@pytest.mark.parametrize("runtime", ["before", "after"])
def test_the_sample_schema_runs_on_both_versions(prover: Any, names: str, runtime: str) -> None:
    """Every relationship of the sample is mapped and queried on 1.4 and on 2.x, and finds something."""
    classes = sorted({name.partition(".")[0] for name in names.split()})
    code = "\n".join(f"{name.lower()}s = session.query({name}).all()" for name in classes)
    for number, name in enumerate(names.split()):
        owner = name.partition(".")[0]
        wanted = f"filter({name}.isnot(None))" if name in COLUMNS else f"options(joinedload({name}))"
        code += f"\nx{number} = session.query({owner}).{wanted}.all()"
    zygote = prover.zygotes["run-1.4" if runtime == "before" else "run-2"]
    trace = zygote.submit({"code": code, "plan": plan(code)}).result()
    assert trace["exception"] is None, trace["exception"]
    assert all(trace["variables"][name.lower() + "s"] for name in classes)


COLUMNS = {"Engineer.language", "Manager.budget"}


@pytest.mark.parametrize("loader", ['lazyload("*")', 'joinedload("a b")', 'load_only("class")'])
def test_strings_that_are_no_names_make_no_columns(loader: str) -> None:
    """A wildcard or an odd string in a loader option is not taken for an attribute."""
    compile(plan(f"session.query(User).options({loader}).all()")["models"], "models", "exec")


def test_columns_that_loaders_name_by_strings() -> None:
    """Those of the query's model, and of the model that a loader before it reached."""
    found = models(
        "session.query(Author).options(load_only('pen_name'), joinedload(Author.novel).options(load_only('blurb')), "
        "joinedload(Author.editor).defer('memo'))"
    )
    assert "pen_name = Column(String)" in found["Author"]
    assert "blurb = Column(String)" in found["Novel"]
    assert "memo = Column(String)" in found["Editor"]


def test_the_other_end_of_a_relationship_of_the_text() -> None:
    """`back_populates` names it, so the class that isn't shown has it."""
    found = models(
        "class Note(Base):\n    __tablename__ = 'notes'\n    id = Column(Integer, primary_key=True)\n"
        "    keeper_id = Column(ForeignKey('keepers.id'))\n"
        "    keeper = relationship('Keeper', back_populates='notes')\n"
    )
    assert "notes = relationship('Note', back_populates='keeper')" in found["Keeper"]


def test_what_every_object_has_is_no_column() -> None:
    """`row.__table__` is the class's table, not a relationship to a class called Table."""
    found = models("row = session.query(Author).one()\nnames = [column.name for column in row.__table__.columns]")
    assert list(found) == ["Author"]
    assert "table" not in found["Author"].replace("__tablename__", "")


def test_objects_in_rows() -> None:
    """A row of two classes holds an object of each."""
    found = models(
        "rows = session.query(Author, Novel.title, Prize).all()\nfor a, title, p in rows:\n    a.born, p.worth"
    )
    assert "born = Column" in found["Author"]
    assert "worth = Column" in found["Prize"]


def test_the_class_that_a_view_works_with() -> None:
    """`model = Novel` in its body is what `self.model` means."""
    view = "class Novels(View):\n    model = Novel\n    def get(self):\n        return self.model.query.filter({})"
    found = models(view.format("self.model.worth > 3"))
    assert "worth = Column(Integer)" in found["Novel"]
    assert "Record" not in found
