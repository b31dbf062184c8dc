"""Columns and relationships that are no assignment of their own in a class body: of several names, given to a class later,
inside another call, made in a loop or for `type()`.

They have no place for an annotation. A column whose class is certain is a `mapped_column()` all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.model.types import Entity
from translator.rules.mapped import bodies
from translator.rules.mapped.bodies import Body
from translator.syntax import names

_TAKING = frozenset({"composite", "column_property"})
"""What makes an attribute of several columns, and takes a mapped_column() for each."""
_TABLES = frozenset({"Table", "create_table", "add_column", "append_column", "create_column", "drop_column"})
_CLASSES = frozenset({"cls", "klass", "mcs"})
_FIELD = (
    "it stands in a field of a dataclass, which 2.x maps as 1.x did; MappedAsDataclass, the form of 2.0, would make a default "
    "of the field one of the column, too, which INSERTs write where there was NULL, and 2.1 leaves it unset in __init__(), so "
    "that merge() keeps what is stored; write mapped_column(init=…, default=…) in place of the field where that is wanted"
)
"""As it was found by running both: on 2.0 and 2.1 other rows, on 2.1 another signature and another merge()."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A column or a relationship of a mapped class that is not assigned by itself to one name of its body."""

    named: str
    """What it is called in a message; "" where it has no name."""
    why: str
    """Why it gets no annotation, and what to do; "" where the attribute that it is part of has one."""
    mapped: bool
    """Whether it certainly becomes an attribute of a mapped class, which takes a mapped_column() there."""

    @property
    def unannotated(self) -> str:
        """A sentence that says that it stays without an annotation."""
        whose = f" for {self.named}" if self.named else ""
        return f"there is no annotation{whose}, which 2.x takes: {self.why}"

    @property
    def unchanged(self) -> str:
        """A sentence that says that a Column stays."""
        whose = f"the Column of {self.named}" if self.named else "it"
        return f"{whose} stays as it is, which 2.x still takes: {self.why or 'what it is part of says no more of it'}"


def found(site: Site, model: ModuleModel) -> Elsewhere | None:
    """What a call is that makes a column or a relationship; None where it is no affair of a mapped class."""
    inner: list[cst.CSTNode] = []
    owner: cst.CSTNode | None = None
    for node in reversed(site.around):
        if isinstance(node, (cst.ClassDef, cst.FunctionDef, cst.Lambda)):
            owner = node
            break
        inner.append(node)
    calls = [(names.dotted(node.func) or "").rpartition(".")[2] for node in inner if isinstance(node, cst.Call)]
    if _TABLES & set(calls):
        return None
    given = _given(inner[0] if inner else None, site, model) or _made(inner, calls)
    if given is not None or not isinstance(owner, cst.ClassDef):
        return given
    body = bodies.body_of(owner, model)
    if "__sa_dataclass_metadata_key__" in body.bound:
        statement = next((node for node in inner if isinstance(node, (cst.Assign, cst.AnnAssign))), None)
        named = " and ".join(_names(statement)) if statement is not None else ""
        return Elsewhere(named, _FIELD, False)
    return _in_body(inner, calls, body) if bodies.is_mapped(owner, model) and body.obstacle is None else None


def _given(outer: cst.CSTNode | None, site: Site, model: ModuleModel) -> Elsewhere | None:
    """What a class is given after it was made: `User.extra = Column(…)`, `setattr(User, name, Column(…))`."""
    goal: cst.BaseExpression | None = None
    if isinstance(outer, cst.Assign) and outer.value is site.node and len(outer.targets) == 1:
        target = outer.targets[0].target
        goal = target.value if isinstance(target, cst.Attribute) else None
        named = names.code(target)
    elif isinstance(outer, cst.Call) and names.dotted(outer.func) == "setattr" and len(outer.args) == 3:
        goal, named = outer.args[0].value, f"what setattr() gives {names.code(outer.args[0].value)}"
    spelled = (names.dotted(goal) or "") if goal is not None else ""
    known = spelled in model.mapping or spelled in _CLASSES
    if goal is None or (not known and isinstance(outer, cst.Assign)):
        return None  # not e.g. `self.column = Column(…)`
    mapped = isinstance(kind := model.type_of(goal), Entity) and kind.alias_of is None and _is_plain(spelled, model)
    return Elsewhere(named, "it is given to a class that is there already; put it into the body of the class", mapped)


def _is_plain(spelled: str, model: ModuleModel) -> bool:
    """Whether a class is one whose columns may be mapped_column()s."""
    mapped = model.mapping.get(spelled)
    node = bodies.class_named(mapped.name, model) if mapped is not None else None
    if mapped is None or not any(each.table for each in model.mapping.family(mapped.name)):
        return False
    return not model.mapping.defines(mapped.name) or (node is not None and bodies.body_of(node, model).obstacle is None)


def _made(inner: list[cst.CSTNode], calls: list[str]) -> Elsewhere | None:
    """What stands in the attributes of a class that is made by a call."""
    if "type" in calls or any(isinstance(node, cst.Dict) and _is_body(node) for node in inner):
        return Elsewhere("", "its class is made by a call; write a class statement", False)
    return None


def _is_body(node: cst.Dict) -> bool:
    keys = [element.key for element in node.elements if isinstance(element, cst.DictElement)]
    return any(names.literal_string(key) in {"__tablename__", "__table_args__"} for key in keys)


def _in_body(inner: list[cst.CSTNode], calls: list[str], body: Body) -> Elsewhere | None:
    """What stands in the body of a mapped class."""
    statement = next((node for node in inner if isinstance(node, (cst.Assign, cst.AnnAssign, cst.BaseStatement))), None)
    path = inner[: inner.index(statement)] if statement is not None else inner
    bound = _names(statement) if isinstance(statement, (cst.Assign, cst.AnnAssign)) else []
    named = " and ".join(bound)
    if not bound and any(isinstance(node, (cst.For, cst.While)) for node in inner):
        return Elsewhere(named, "it is made in a loop; write an attribute for each", False)
    directive = next((name for name in bound if name.startswith("__")), None)
    if directive is not None:
        return Elsewhere(named, f"it stands in {directive}; make it an attribute, and name that there", False)
    asked = any(name in bound and attr not in bodies.OPERATORS for name, attr in body.asked)
    plain = isinstance(statement, cst.Assign) and bool(bound) and not asked
    if len(path) == 1 and calls and calls[0] in _TAKING:
        return Elsewhere(named, "", plain)
    if not path and bound:
        return Elsewhere(named, "it has several names; give each an attribute, one of them a synonym()", plain)
    if len(path) == 1 and isinstance(path[0], cst.Tuple) and len(bound) > 1:
        return Elsewhere(named, "several attributes are assigned at once; give each a line of its own", plain)
    taker = next(filter(None, calls), None)
    if taker is not None:
        return Elsewhere(named, f"it is given to {taker}(), and what that makes of it can't be told", False)
    return Elsewhere(named, "an expression decides what it is; assign it by itself", False)


def _names(statement: cst.Assign | cst.AnnAssign) -> list[str]:
    """The names that an assignment binds."""
    targets = [t.target for t in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    flat = [
        item
        for target in targets
        for item in ([e.value for e in target.elements] if isinstance(target, (cst.Tuple, cst.List)) else [target])
    ]
    return [item.value for item in flat if isinstance(item, cst.Name)]
