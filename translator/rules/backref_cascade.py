"""A new object that is given a parent is added to the session by hand: the backref no longer draws it in.

1.x followed the backref: `Item(shelf=shelf)` put the item into `shelf.items`, and that into the session. In 2.0 the row
is never inserted, and nothing says so. Where the parent's session is in sight the object is added to it; elsewhere the
place is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.edits import Insertion
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site, SiteKind
from translator.model.types import Entity
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.syntax import blocks, names

GUIDE = f"{contract.GUIDE}#cascade-backrefs-behavior-deprecated-for-removal-in-2-0"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    items = relationship('Item', backref='shelf')\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n\n"
    "shelf = Shelf(id=1)\nsession.add(shelf)\nitem = Item(id=7, shelf=shelf)\nsession.commit()"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    items: Mapped[list['Item']] = relationship(back_populates='shelf')\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    shelf_id: Mapped[int | None] = mapped_column(ForeignKey('shelf.id'))\n"
    "    shelf: Mapped['Shelf | None'] = relationship(back_populates='items')\n\n"
    "shelf = Shelf(id=1)\nsession.add(shelf)\nitem = Item(id=7, shelf=shelf)\nsession.add(item)\nsession.commit()"
)
ON = on_member("Entity.new")

_ADDING = frozenset({"add", "add_all", "merge", "save", "append", "extend", "insert", "bulk_save_objects", "create"})
_ENDING = ("commit()", "flush()", "begin()")


def rewrite(site: Site, here: Context) -> Outcome:
    """Add the object where its parent's session is known; flag it where nothing adds it."""
    entity, call = site.receiver, cst.ensure_type(site.node, cst.Call)
    assert isinstance(entity, Entity)
    given = [arg for arg in call.args if arg.keyword is not None and _pulls(arg, entity, here)]
    known = bool(given)
    line = next((node for node in reversed(site.around) if isinstance(node, cst.BaseStatement)), None)
    name = _variable(line, call)
    around = [node for node in site.around if isinstance(node, cst.FunctionDef)]
    scope = around[-1] if around else here.model.tree
    if _added(site, scope, name, known=known):
        return None
    if not known and (name is None or not any(word in names.code(scope) for word in _ENDING)):
        return None
    session = _session_of(site, line, given, here) if known and name is not None else None
    if session is None or name is None or line is None:
        return Decline(_cause(entity.name, given, known=known), Severity.REMOVED if known else Severity.LEGACY)
    at = site.around.index(line)
    added = Insertion(line, tuple(map(id, site.around[:at])), f"{session}.add({name})")
    safety = Safety.REVIEW
    reason = (
        "an object that is given a parent is drawn into its session no longer; without this its row is not inserted"
    )
    return Rewrite((), reason, Need.REQUIRED, safety, insertions=(added,))


def _pulls(arg: cst.Arg, entity: Entity, here: Context) -> bool:
    name = arg.keyword.value if arg.keyword is not None else ""
    relation = here.model.mapping.relationship(entity.mapped_name, name)
    return relation is not None and relation.paired and names.code(arg.value) not in {"None", "[]"}


def _cause(spelled: str, given: Sequence[cst.Arg], *, known: bool) -> str:
    by = f"`{given[0].keyword.value}`" if known and given[0].keyword is not None else "an object that is given to it"
    condition = "" if known else "if that is the other side of a backref, "
    return (
        f"{condition}1.x drew this {spelled}() into the session through {by}; 2.0 does not, and without session.add() its "
        "row is never inserted"
    )


def _variable(line: cst.CSTNode | None, call: cst.Call) -> str | None:
    """The local name that holds the object."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    small = line.body[0]
    if isinstance(small, cst.Assign) and small.value is call and len(small.targets) == 1:
        target = small.targets[0].target
        return target.value if isinstance(target, cst.Name) else None
    return None


def _added(site: Site, scope: cst.CSTNode, name: str | None, *, known: bool) -> bool:
    """Whether the object is added in sight, or handed on to who may do that where nothing is certain anyway."""
    if any(_adds(node, known=known) for node in site.around):
        return True
    if name is None:
        return not known
    return any(_adds(call, known=known) and _mentions(call, name) for call in _calls(scope)) or (
        not known and _handed_on(scope, name)
    )


def _adds(node: cst.CSTNode, *, known: bool) -> bool:
    if not isinstance(node, cst.Call):
        return False
    last = (names.dotted(node.func) or names.code(node.func)).rpartition(".")[2]
    return not known or last in _ADDING or last.startswith(("add", "save", "persist"))


def _mentions(call: cst.Call, name: str) -> bool:
    return any(isinstance(node, cst.Name) and node.value == name for arg in call.args for node in _nodes(arg.value))


def _handed_on(scope: cst.CSTNode, name: str) -> bool:
    kept = (cst.Return, cst.Yield, cst.Assign, cst.Element, cst.DictElement)
    return any(
        isinstance(node, kept) and isinstance(node.value, cst.Name) and node.value.value == name
        for node in _nodes(scope)
    )


def _calls(scope: cst.CSTNode) -> Iterator[cst.Call]:
    return (node for node in _nodes(scope) if isinstance(node, cst.Call))


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _session_of(site: Site, line: cst.CSTNode | None, given: Sequence[cst.Arg], here: Context) -> str | None:
    """The session that the parent certainly is in: it was added to it, or loaded by it, earlier in the same block.

    Not e.g. by `first()`, which may give None: then nothing was added.
    """
    at = next((i for i, node in enumerate(site.around) if node is line), None)
    parent = given[0].value
    if at is None or line is None or not isinstance(parent, cst.Name):
        return None
    row = blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree)
    before = {id(node) for node in row[: next((i for i, node in enumerate(row) if node is line), 0)]}
    found = None
    for other in here.model.sites:
        if not before.intersection(other.ancestors[: at + 1]):
            continue
        call = other.node
        if other.name == "Session.add" and isinstance(call, cst.Call) and _mentions(call, parent.value):
            found = names.dotted(cst.ensure_type(call.func, cst.Attribute).value)
        elif _binds(other, parent.value):
            loads = (other.kind is SiteKind.CREATION and _one(other)) or other.name == "Session.merge"
            if loads and isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
                found = names.dotted(call.func.value)
    return found


def _one(site: Site) -> bool:
    assigned = next((node for node in site.around if isinstance(node, cst.Assign)), None)
    return assigned is not None and names.code(assigned.value).endswith(".one()")


def _binds(site: Site, name: str) -> bool:
    return any(
        isinstance(node, cst.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0].target, cst.Name)
        and node.targets[0].target.value == name
        for node in site.around
    )
