"""A new object that is given a parent is added to the session by hand: the backref no longer draws it in.

1.x followed the backref: `Item(shelf=shelf)` put the item into `shelf.items`, and that into the session. In 2.0 the row
is never inserted, and nothing says so. Where the parent's session is in sight the object is added to it; elsewhere the
place is flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
Given = tuple[str, cst.BaseExpression]
"""An attribute, and what a new object has there."""
_ADDING = frozenset({"add", "add_all", "merge", "save", "append", "extend", "insert", "bulk_save_objects", "create"})
_ENDING = ("commit()", "flush()", "begin()")


def rewrite(site: Site, here: Context) -> Outcome:
    """Add the object where its parent's session is known; flag it where nothing adds it."""
    entity, call = site.receiver, cst.ensure_type(site.node, cst.Call)
    assert isinstance(entity, Entity)
    line: cst.CSTNode | None = next(
        (node for node in reversed(site.around) if isinstance(node, cst.BaseStatement)), None
    )
    name = _variable(line, call)
    around = [node for node in site.around if isinstance(node, cst.FunctionDef)]
    scope = around[-1] if around else here.model.tree
    given = [arg for arg in call.args if arg.keyword is not None and _pulls(arg.keyword.value, arg.value, entity, here)]
    giving = [(str(arg.keyword and arg.keyword.value), arg.value) for arg in given]
    if not giving and name is not None:
        giving, line = _given_later(site, line, scope, name, here)
    known = bool(giving)
    if not known and name is None and (each := _given_to_each(site, scope, call, here)):
        return Decline(_cause(entity.name, each), Severity.REMOVED)
    if _added(site, scope, name, giving):
        return None
    unseen = entity.mapped_name not in here.model.mapping
    if not known and not (unseen and name is not None and any(word in names.code(scope) for word in _ENDING)):
        return None
    session = _session_of(site, line, giving[0][1], here) if known and name is not None else None
    if session is None or name is None or line is None:
        return Decline(_cause(entity.name, giving), Severity.REMOVED if known else Severity.LEGACY)
    added = Insertion(line, tuple(map(id, site.around[: _depth(site)])), f"{session}.add({name})")
    safety = Safety.REVIEW
    reason = (
        "an object that is given a parent is drawn into its session no longer; without this its row is not inserted"
    )
    return Rewrite((), reason, Need.REQUIRED, safety, insertions=(added,))


def _pulls(attribute: str, value: cst.BaseExpression, entity: Entity, here: Context) -> bool:
    """Whether what an attribute is given may be in a session, and draw the object in there."""
    relation = here.model.mapping.relationship(entity.mapped_name, attribute)
    return relation is not None and relation.paired and names.code(value) != "None" and not _fresh(value, here)


def _fresh(value: cst.BaseExpression, here: Context) -> bool:
    """Whether all objects in an expression are made there, and so are in no session: `[Item(), Item()]`."""
    if isinstance(value, (cst.List, cst.Tuple, cst.Set)):
        return all(_fresh(element.value, here) for element in value.elements)
    kind = here.model.type_of(value.func) if isinstance(value, cst.Call) else None
    return (
        isinstance(value, cst.Call)
        and isinstance(kind, Entity)
        and not any(arg.keyword is None or _pulls(arg.keyword.value, arg.value, kind, here) for arg in value.args)
    )


def _given_later(
    site: Site, line: cst.CSTNode | None, scope: cst.CSTNode, name: str, here: Context
) -> tuple[list[Given], cst.CSTNode | None]:
    """What the attributes of a new object are set to: `item.shelf = shelf`; and that line, if in the same block."""
    assert isinstance(site.receiver, Entity)
    found: list[Given] = []
    for node in _nodes(scope):
        for attribute, value in _gifts(node, name):
            if _pulls(attribute, value, site.receiver, here):
                found.append((attribute, value))
    depth = _depth(site)
    block = blocks.siblings(site.around[depth - 1] if depth else None, line, here.model.tree) if line else ()
    later = next((each for each in block if any(node is found[0][1] for node in _nodes(each))), None) if found else None
    return found, later if isinstance(later, cst.SimpleStatementLine) else None


def _given_to_each(site: Site, scope: cst.CSTNode, call: cst.Call, here: Context) -> list[Given]:
    """What a loop gives to each object of a list that the call is in, none of which anything adds.

    `new = [Item(), Item()]`, `new.append(Item())` and then `for item in new: item.shelf = shelf`.
    """
    assert isinstance(site.receiver, Entity)
    holder = _holder(site, call)
    nodes = list(_own_nodes(scope, holder))
    found: list[Given] = []
    handled = {holder} if holder is not None else set()
    for loop in (node for node in nodes if isinstance(node, cst.For)):
        walked = list(_nodes(loop.iter))
        if call in walked or any(isinstance(each, cst.Name) and each.value == holder for each in walked):
            variables = {each.value for each in _nodes(loop.target) if isinstance(each, cst.Name)}
            gifts = [gift for node in _nodes(loop.body) for name in variables for gift in _gifts(node, name)]
            found += [(name, value) for name, value in gifts if _pulls(name, value, site.receiver, here)]
            handled |= variables
    added = any(_adds(each, known=True) and any(_mentions(each, name) for name in handled) for each in _calls(nodes))
    return [] if added or _takes_along(nodes, found) else found


def _holder(site: Site, call: cst.Call) -> str | None:
    """The name of the list that the object is put into."""
    for node in reversed(site.around):
        if isinstance(node, cst.Call) and any(arg.value is call for arg in node.args):
            owner, _, method = (names.dotted(node.func) or "").rpartition(".")
            return owner if method in {"append", "add", "insert"} and owner.isidentifier() else None
        if isinstance(node, cst.Assign) and isinstance(
            node.value, (cst.List, cst.Tuple, cst.Set, cst.ListComp, cst.SetComp)
        ):
            target = node.targets[0].target
            return target.value if len(node.targets) == 1 and isinstance(target, cst.Name) else None
    return None


def _gifts(node: cst.CSTNode, name: str) -> Iterator[Given]:
    """What one statement or call sets an attribute of `name` to, or puts into it."""
    if isinstance(node, cst.Assign):
        for target in node.targets:
            if isinstance(target.target, cst.Attribute) and names.dotted(target.target.value) == name:
                yield target.target.attr.value, node.value
    elif isinstance(node, cst.Call) and names.dotted(node.func) == "setattr" and len(node.args) > 2:
        attribute = names.literal_string(node.args[1].value)
        if attribute is not None and names.code(node.args[0].value) == name:
            yield attribute, node.args[2].value
    elif isinstance(node, cst.Call) and len(node.args) == 1:
        owner, _, method = (names.dotted(node.func) or "").rpartition(".")
        if method in {"append", "extend", "add"} and owner.rpartition(".")[0] == name:
            yield owner.rpartition(".")[2], node.args[0].value


def _depth(site: Site) -> int:
    """How many nodes stand around the statement that a site is in."""
    return max((i for i, node in enumerate(site.around) if isinstance(node, cst.BaseStatement)), default=0)


def _cause(spelled: str, given: Sequence[Given]) -> str:
    by = f"`{given[0][0]}`" if given else "an object that is given to it"
    condition = "" if given else "if that is the other side of a backref, "
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


def _added(site: Site, scope: cst.CSTNode, name: str | None, given: Sequence[Given]) -> bool:
    """Whether the object is added in sight, or handed on to who may do that where nothing is certain anyway.

    What is given to it adds it, too, where that is added afterwards: the other side of the relationship has it by then.
    """
    known = bool(given)
    if any(_adds(node, known=known) for node in site.around):
        return True
    nodes = list(_own_nodes(scope, name))
    if _takes_along(nodes, given):
        return True
    if name is None:
        return not known
    return any(_adds(call, known=known) and _mentions(call, name) for call in _calls(nodes)) or (
        not known and _handed_on(scope, name)
    )


def _takes_along(nodes: Sequence[cst.CSTNode], given: Sequence[Given]) -> bool:
    """Whether what is given to an object is added behind that, and takes the object along."""
    last = next((index for index, node in enumerate(nodes) if given and node is given[-1][1]), len(nodes))
    parents = [names.code(value) for _, value in given if isinstance(value, cst.Name)]
    return any(
        _adds(call, known=True) and any(_mentions(call, each) for each in parents) for call in _calls(nodes[last:])
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


def _calls(nodes: Iterable[cst.CSTNode]) -> Iterator[cst.Call]:
    return (node for node in nodes if isinstance(node, cst.Call))


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _own_nodes(scope: cst.CSTNode, name: str | None) -> Iterator[cst.CSTNode]:
    """The nodes of a function or module, without those of functions inside that have a variable of that name themselves."""
    yield scope
    for child in scope.children:
        if not (isinstance(child, cst.FunctionDef) and name is not None and _has_own(child, name)):
            yield from _own_nodes(child, name)


def _has_own(function: cst.FunctionDef, name: str) -> bool:
    nodes = list(_nodes(function))
    if any(isinstance(node, (cst.Global, cst.Nonlocal)) for node in nodes):
        return False
    bound = [node.name if isinstance(node, cst.Param) else getattr(node, "target", None) for node in nodes]
    return any(isinstance(each, cst.Name) and each.value == name for each in bound)


def _session_of(site: Site, line: cst.CSTNode | None, parent: cst.BaseExpression, here: Context) -> str | None:
    """The session that the parent certainly is in: it was added to it, or loaded by it, earlier in the same block.

    Not e.g. by `first()`, which may give None: then nothing was added.
    """
    at = _depth(site)
    if line is None or not isinstance(parent, cst.Name):
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
