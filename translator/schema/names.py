"""What names and chains of calls in a text stand for: a class, an attribute of it, a table, an object.

By their context and by their spelling; a guess, not inference.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from translator.schema.model import RESERVED, TABLE, Draft
from translator.schema.nodes import nodes
from translator.schema.vocabulary import (
    CORE_CALLS,
    JOINS,
    NOT_MODELS,
    NOT_OF_MODELS,
    NOT_TABLES,
    ONE,
    TABLE_CALLS,
    TIME_WORDS,
)
from translator.schema.words import camel, snake

MODEL_NAME = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$")
SUFFIX = re.compile(r"_(table|tbl|t)$")

STEPS = {
    ast.Gt: (1, 0, -1),
    ast.GtE: (0, -1, 1),
    ast.Lt: (-1, 0, 1),
    ast.LtE: (0, 1, -1),
    ast.NotEq: (1, 0),
    ast.IsNot: (1, 0),
}
"""The numbers that lie around one that is compared with: first one that passes, then those that show the limit."""

OF_OBJECTS = frozenset({"model", "model_class", "model_cls", "entity", "klass"})
"""Attributes of an object that are a class it works with: `self.model`."""

Reference = tuple[str, str]
"""An attribute: whose, and its name."""


class Names:
    """The names of one text. `objects` are variables that hold an object, `_lists` those that hold several."""

    def __init__(
        self, draft: Draft, models: set[str], others: set[str], tables: set[str], kept: set[str], refused: set[str]
    ) -> None:
        self._draft = draft
        self._refused = refused
        self._candidates = models
        self._others = others
        self._own_tables = tables
        self._kept = next(iter(kept)) if len(kept) == 1 else None
        self._aliases: dict[str, str] = {}
        self.objects: dict[str, str] = {}
        self._lists: dict[str, str] = {}
        self._rows_of: dict[str, list[str | None]] = {}
        self.rows: dict[str, list[ast.expr]] = {}
        """Variables that hold written-out dictionaries."""
        self.times: set[str] = set()
        """Variables that hold a time, e.g. `cutoff = datetime.utcnow() - timedelta(days=1)`."""

    def owner(self, node: ast.AST | None) -> str | None:
        """The class or the table that an expression names."""
        if isinstance(node, ast.Attribute) and node.attr in ("c", "columns"):
            return self.owner(node.value) or self.table(node.value)
        name = node.id if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Attribute) and node.attr in OF_OBJECTS and getattr(node.value, "id", None) == "self":
            return self._kept or self._draft.unnamed()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and self._is_module(node.value.id):
            return node.attr if self._is_class_of(node.value.id, node.attr) else None
        if name is None:
            return None
        return self._aliases.get(name) or (name if name in self._candidates else None)

    def _is_module(self, name: str) -> bool:
        """Whether classes may be had from a name; a `model` may have been handed over."""
        return name in self._others or name in ("model", "models")

    def _is_class_of(self, module: str, name: str) -> bool:
        """Whether `models.Update` is a model, also where SQLAlchemy has a name like it; not what is raised."""
        of_models = module in ("model", "models") or (name not in NOT_MODELS and module not in NOT_OF_MODELS)
        return bool(MODEL_NAME.match(name)) and of_models and name not in self._refused

    def unnamed(self, name: str) -> None:
        """Take a name for the class that a method belongs to which stands alone: `cls`."""
        self._aliases[name] = self._draft.unnamed()

    def table(self, node: ast.AST) -> str | None:
        if (
            not isinstance(node, ast.Name)
            or node.id not in self._others
            or not node.id.islower()
            or node.id in NOT_TABLES
        ):
            return None
        table = SUFFIX.sub("", node.id)
        if table in (snake(name) for name in self._draft.models):
            table = self._draft.model(camel(table)).table
        self._draft.table(table)
        self._draft.variables[node.id] = table
        return TABLE + table

    def reference(self, node: ast.AST | None) -> Reference | None:
        if not isinstance(node, ast.Attribute) or node.attr in RESERVED - {"id"} or is_special(node.attr):
            return None
        if node.attr.isupper() and len(node.attr) > 2:
            return None  # a constant: `State.DELETED`
        owner = self.owner(node.value)
        if owner is None or (MODEL_NAME.match(node.attr) and not owner.startswith(TABLE)):
            return None
        return owner, node.attr

    def given(self, node: ast.AST | None) -> str | None:
        """The class of the object that a value is: a variable's, one that is made or looked for there."""
        if isinstance(node, ast.Name):
            return self.objects.get(node.id)
        if not isinstance(node, ast.Call):
            return None
        found = self.owner(node.func)
        if found is None and callee(node) in ONE - {"scalar"} and not self._selects_columns(node):
            found = self.root(node)
        return None if found is None or found.startswith(TABLE) else found

    def root(self, node: ast.AST | None) -> str | None:
        """The class that a chain of calls selects from first."""
        while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript, ast.Await)):
            if isinstance(node, ast.Attribute) and node.attr == "query" and self.owner(node.value):
                return self.owner(node.value)
            if isinstance(node, ast.Call):
                if callee(node) in ("query", "select", "insert", "update", "delete", "get") and node.args:
                    # a key, not a table, in `User.query.get(user_id)`
                    keyed = callee(node) == "get"
                    found = self.owner(node.args[0]) if keyed else self._selected(node.args[0])
                    if found is not None:
                        return found
                if callee(node) in ("execute", "scalars", "scalar", "list", "sorted", "set") and node.args:
                    found = self.root(node.args[0])
                    if found is not None:
                        return found
                if callee(node) in TABLE_CALLS and isinstance(node.func, ast.Attribute) and self.table(node.func.value):
                    return self.table(node.func.value)
                node = node.func
            else:
                node = node.value
        return self._lists.get(node.id) if isinstance(node, ast.Name) else None

    def _selected(self, argument: ast.AST) -> str | None:
        if isinstance(argument, (ast.List, ast.Tuple)) and argument.elts:
            argument = argument.elts[0]
        reference = self.reference(argument)
        return reference[0] if reference else self.owner(argument) or self.table(argument)

    def current(self, node: ast.AST) -> str | None:
        """The class that `filter_by` at this place of a chain speaks of: the one joined last."""
        link = node
        while isinstance(link, ast.Call) and isinstance(link.func, ast.Attribute):
            link = link.func.value
            if isinstance(link, ast.Call) and callee(link) in JOINS and link.args:
                reference = self.reference(link.args[0])
                return self._draft.relation(*reference) if reference else self.owner(link.args[0]) or self.root(node)
        return self.root(node)

    def nearest(self, root: str, target: str, node: ast.Call) -> str:
        """Which of the classes already joined a plain `join(Target)` most likely hangs on."""
        joined = [root]
        inner: ast.AST = node.func
        while isinstance(inner, (ast.Call, ast.Attribute)):
            if isinstance(inner, ast.Call) and callee(inner) in JOINS and inner.args:
                joined.append(self.owner(inner.args[0]) or root)
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        for name in joined:
            columns = {**self._draft.model(name).columns}
            if f"{snake(target)}_id" in columns or f"{snake(name)}_id" in self._draft.model(target).columns:
                return name
        return root

    def written(self, node: ast.AST | None) -> list[ast.expr]:
        """The rows that an expression writes out: dictionaries, in a list, in a variable, or one for each of something."""
        if isinstance(node, ast.Name):
            return self.rows.get(node.id, [])
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            node = node.elt
        found = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node] if isinstance(node, ast.expr) else []
        return [row for row in found if isinstance(row, ast.Dict) or (callee(row) == "dict" and _keywords_only(row))]

    def bind(self, name: str, value: ast.AST) -> None:
        if isinstance(value, ast.Name) and value.id in self.objects:
            self.objects.setdefault(name, self.objects[value.id])
        of = getattr(value.value, "id", "") if isinstance(value, ast.Attribute) and name in self.objects else ""
        if isinstance(value, ast.Attribute) and of in self.objects and not is_special(value.attr):
            self._draft.relation(self.objects[of], value.attr, self.objects[name], many=False)  # `node = node.parent`
        if is_time(value):
            self.times.add(name)
        ending = callee(value)
        if ending in ("aliased", "with_polymorphic") and isinstance(value, ast.Call) and value.args:
            owner = self.owner(value.args[0])
            if owner is not None:
                self._aliases[name] = owner
            return
        owner = self.owner(value.func) if isinstance(value, ast.Call) else None
        if owner is not None:
            self.objects[name] = owner
            return
        if selected := self._selects(value):
            self._rows_of[name] = selected
        root = self.root(value)
        if rows := self.written(value):
            self.rows[name] = rows
        if root is not None and (not root.startswith(TABLE) or ending in CORE_CALLS | {"values", "where"}):
            (self.objects if ending in ONE else self._lists)[name] = root

    def loop(self, target: ast.AST, iterated: ast.AST) -> None:
        if isinstance(target, ast.Tuple):
            for part, owner in zip(target.elts, self._selects(iterated), strict=False):
                if isinstance(part, ast.Name) and owner is not None:
                    self.objects[part.id] = owner
        if not isinstance(target, ast.Name):
            return
        if (
            isinstance(iterated, ast.Attribute)
            and isinstance(iterated.value, ast.Name)
            and iterated.value.id in self.objects
        ):
            self.objects[target.id] = self._draft.relation(self.objects[iterated.value.id], iterated.attr, many=True)
            return
        root = self.root(iterated)
        if root is not None and not root.startswith(TABLE) and not self._selects_columns(iterated):
            self.objects[target.id] = root

    def _selects(self, node: ast.AST) -> list[str | None]:
        """The classes that a row of a query holds objects of, None for what is no class; empty for one thing alone."""
        while isinstance(node, (ast.Call, ast.Attribute)):
            if isinstance(node, ast.Call) and callee(node) in ("query", "select") and node.args:
                owners = [self.owner(argument) for argument in node.args]
                return [None if owner is None or owner.startswith(TABLE) else owner for owner in owners]
            node = node.func if isinstance(node, ast.Call) else node.value
        return self._rows_of.get(node.id, []) if isinstance(node, ast.Name) else []

    def _selects_columns(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Call)
            and callee(inner) in ("query", "select")
            and inner.args
            and self.reference(inner.args[0])
            for inner in ast.walk(node)
        )


def is_special(attribute: str) -> bool:
    """Whether every object has an attribute, or every mapped one: `row.__table__`, `row.__class__`."""
    return attribute.startswith("__") and attribute.endswith("__")


def _keywords_only(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and not node.args


def is_time(value: ast.AST) -> bool:
    """Whether an expression is made with what gives times."""
    return bool(TIME_WORDS & {inner.id for inner in ast.walk(value) if isinstance(inner, ast.Name)})


def callee(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_callee(node: ast.AST, parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Call) and parent.func is node


def string(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def literal_type(value: ast.AST | None) -> str | None:
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)) and value.elts:
        value = value.elts[0]
    if not isinstance(value, ast.Constant) or value.value is None:
        return None
    return {bool: "Boolean", int: "Integer", float: "Float", str: "String"}.get(type(value.value))


def asked_for(tree: ast.Module) -> Iterator[str]:
    """Names that are models by what is done with them, however they are spelt: `query(A)`, `Model.query`, `a.__table__`."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and callee(node) in ("query", "aliased"):
            for argument in node.args:
                inner = argument.value if isinstance(argument, ast.Attribute) else argument
                if isinstance(inner, ast.Name):
                    yield inner.id
        elif (
            isinstance(node, ast.Attribute) and node.attr in ("query", "__table__") and isinstance(node.value, ast.Name)
        ):
            yield node.value.id if node.attr == "query" else f"{node.value.id}.__table__"


def not_mapped(tree: ast.Module) -> set[str]:
    """Classes that are made with arguments by position, which no mapped one takes by itself, and used for nothing else."""
    made, used = set(), set(asked_for(tree))
    for node in nodes(tree):
        if isinstance(node, ast.Call) and node.args:
            last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            made |= {last} if MODEL_NAME.match(last) else set()
        if isinstance(node, ast.Attribute):
            used.add(node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", ""))
        if callee(node) in ("query", "aliased", "select", "get", "join", "outerjoin", "insert", "update", "delete"):
            parts = (part for argument in node.args for part in ast.walk(argument))  # type: ignore[attr-defined]
            used |= {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for part in parts}
    return made - used


def given_classes(tree: ast.Module) -> set[str]:
    """The parameters that a query is made of: `def get_or_create(session, model, **values)`."""
    functions = (node for node in nodes(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    asked = {"self"} & set(asked_for(tree))
    wanted = OF_OBJECTS if asked else OF_OBJECTS.intersection(asked_for(tree))
    taken = {each.arg for node in functions for each in node.args.args}
    return (taken & wanted) | {name for name in taken & set(asked_for(tree)) if name[:1].isupper()}


def kept_classes(tree: ast.Module) -> set[str]:
    """The classes that others keep to work with: `model = Node` in the body of a view."""
    lines = (line for node in nodes(tree) if isinstance(node, ast.ClassDef) for line in node.body)
    return {
        line.value.id
        for line in lines
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Name)
        and any(isinstance(target, ast.Name) and target.id in OF_OBJECTS for target in line.targets)
    }


def sessions(tree: ast.Module) -> Iterator[str]:
    """Names that are sessions by what is done with them, however they are spelt: `Store.query(User)`."""
    for node in nodes(tree):
        if callee(node) == "query" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and any(asks_for_class(argument) for argument in node.args):
                yield owner.id


def sessions_of_modules(tree: ast.Module) -> Iterator[str]:
    """The classes of modules that are sessions by what is done with them: `model.Session.query(model.Package)`."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            asked = (callee(node) == "query" and bool(node.args)) or callee(node) in ("commit", "rollback", "flush")
            if asked and isinstance(owner, ast.Attribute) and owner.attr[:1].isupper():
                yield owner.attr


def asks_for_class(argument: ast.AST) -> bool:
    """Whether an argument of `query()` is a class or an attribute of one, by its spelling: `cls.id`, `self.model` too."""
    while isinstance(argument, ast.Attribute):
        argument = argument.value
    return isinstance(argument, ast.Name) and (argument.id[:1].isupper() or argument.id in ("cls", "klass", "self"))


def selected(node: ast.Call) -> Iterator[ast.AST]:
    """What is selected or written: `select([users, addresses])`, `insert(orders)`."""
    for argument in node.args:
        yield from argument.elts if isinstance(argument, ast.List) else (argument,)
