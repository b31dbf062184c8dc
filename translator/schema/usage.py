"""Reads how a text uses models and tables that it doesn't define, and notes it in a draft.

Names go by their context: what stands in `query(…)`, what is compared, joined, loaded eagerly or looped over. Guesses,
not inference: they only decide what data a proof runs on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from translator.schema import sqltext
from translator.schema.model import RESERVED, TABLE, Draft, camel, snake, table_name
from translator.schema.vocabulary import NOT_MODELS

MODEL_NAME = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$")
LOADERS = frozenset(
    ["joinedload", "subqueryload", "selectinload", "contains_eager", "lazyload", "raiseload", "noload", "immediateload", "joinedload_all", "defaultload", "eagerload", "subqueryload_all", "with_parent", "of_type", "dynamic_loader"]
)
JOINS = frozenset({"join", "outerjoin"})
TEXT_TESTS = frozenset({"like", "ilike", "startswith", "endswith", "match", "notlike", "not_like", "regexp_match", "notilike"})
SETS = frozenset({"in_", "notin_", "not_in", "between", "is_", "isnot", "is_not", "is_distinct_from"})
ONE = frozenset({"first", "one", "one_or_none", "get", "scalar", "scalar_one", "scalar_one_or_none", "get_or_404", "first_or_404", "with_for_update"})
ENTITY_CALLS = frozenset(
    ["query", "select", "get", "delete", "insert", "update", "exists", "aliased", "with_polymorphic", "join", "outerjoin", "select_from", "with_entities", "add_columns", "add_entity", "inspect", "class_mapper", "bulk_insert_mappings", "bulk_update_mappings", "count", "get_or_404", "merge", "Bundle", "undefer", "load_only", "selectin_polymorphic", "joinedload", "subqueryload", "selectinload", "contains_eager"]
)
TABLE_CALLS = frozenset({"insert", "update", "delete", "select", "join", "outerjoin", "alias", "count"})
NUMERIC_FUNCTIONS = frozenset({"sum", "avg", "abs", "round"})
TEXT_FUNCTIONS = frozenset({"lower", "upper", "length", "trim", "concat", "char_length", "substr"})
VALUE_METHODS = frozenset(
    ["lower", "upper", "strip", "split", "format", "startswith", "endswith", "replace", "title", "isoformat", "strftime", "date", "year", "month", "day", "time", "encode", "capitalize", "join", "hex", "total_seconds", "value", "name_or"]
)
COLLECTION_METHODS = frozenset({"append", "remove", "extend", "insert", "clear", "pop", "sort", "add", "discard"})
TIME_WORDS = frozenset({"datetime", "timedelta", "date", "utcnow", "now", "today"})
KNOWN_TOP = frozenset(
    ["sqlalchemy", "flask", "flask_sqlalchemy", "fastapi", "typing", "datetime", "decimal", "uuid", "enum", "os", "sys", "json", "re", "math", "collections", "itertools", "functools", "operator", "logging", "time", "random", "abc", "dataclasses", "contextlib", "__future__", "typing_extensions", "pydantic", "pytest"]
)
NOT_TABLES = frozenset(
    "func sa so orm db session engine conn connection db_session s sess dbsession self cls app query stmt cursor trans tx "
    "transaction metadata meta sqlalchemy data values result results os path literal op text".split()
)
SUFFIX = re.compile(r"_(table|tbl|t)$")

Reference = tuple[str, str]
"""An attribute: whose, and its name."""


def read_usage(tree: ast.Module, free: set[str], draft: Draft) -> None:
    """Note in the draft what the text uses."""
    outside = free | _imported_from_elsewhere(tree)
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    models = {name for name in outside - defined if MODEL_NAME.match(name) and name not in NOT_MODELS}
    reader = _Reader(draft, models, outside - models, parents)
    for _ in range(2):  # a variable may be used above the line that shows what it is
        reader.visit(tree)
    _read_pasted_classes(tree, outside, defined, draft)
    for table in _pasted_tables(tree):
        draft.tables.pop(table, None)


def _imported_from_elsewhere(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and ((node.module or "").partition(".")[0] not in KNOWN_TOP or node.level):
            names |= {item.asname or item.name for item in node.names}
        elif isinstance(node, ast.Import):
            names |= {item.asname or item.name.partition(".")[0] for item in node.names if item.name.partition(".")[0] not in KNOWN_TOP}
    return names


def _read_pasted_classes(tree: ast.Module, outside: set[str], defined: set[str], draft: Draft) -> None:
    """Classes on a base that isn't there may point to classes and tables that aren't there either."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef) or not any(isinstance(base, ast.Name) and base.id in outside for base in node.bases):
            continue
        tables = {table_name(name) for name in defined} | {snake(name) for name in defined} | set(_strings_assigned(tree, "__tablename__"))
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and inner.args):
            target, kind = _string(call.args[0]), _callee(call)
            if kind == "relationship" and target and target.isidentifier() and target not in defined:
                draft.model(target)
            elif kind == "ForeignKey" and target and target.count(".") == 1 and target.partition(".")[0] not in tables:
                draft.table(target.partition(".")[0])


def _pasted_tables(tree: ast.Module) -> Iterator[str]:
    """The tables that the text defines itself."""
    yield from _strings_assigned(tree, "__tablename__")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _callee(node) == "Table" and node.args:
            yield _string(node.args[0]) or ""


def _strings_assigned(tree: ast.Module, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            yield _string(node.value) or ""


class _Reader(ast.NodeVisitor):
    """One reading of the text. `_objects` are variables that hold an object, `_lists` those that hold several."""

    def __init__(self, draft: Draft, models: set[str], others: set[str], parents: dict[ast.AST, ast.AST]) -> None:
        self._draft = draft
        self._candidates = models
        self._others = others
        self._parents = parents
        self._aliases: dict[str, str] = {}
        self._objects: dict[str, str] = {}
        self._lists: dict[str, str] = {}

    # names

    def _owner(self, node: ast.AST | None) -> str | None:
        """The class or the table that an expression names."""
        if isinstance(node, ast.Attribute) and node.attr in ("c", "columns"):
            return self._owner(node.value) or self._table(node.value)
        name = node.id if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self._others:
            name = node.attr if MODEL_NAME.match(node.attr) and node.attr not in NOT_MODELS else None
            return name
        if name is None:
            return None
        return self._aliases.get(name) or (name if name in self._candidates else None)

    def _table(self, node: ast.AST) -> str | None:
        if not isinstance(node, ast.Name) or node.id not in self._others or not node.id.islower() or node.id in NOT_TABLES:
            return None
        table = SUFFIX.sub("", node.id)
        if table in (snake(name) for name in self._draft.models):
            table = self._draft.model(camel(table)).table
        self._draft.table(table)
        self._draft.variables[node.id] = table
        return TABLE + table

    def _reference(self, node: ast.AST | None) -> Reference | None:
        if not isinstance(node, ast.Attribute) or node.attr in RESERVED - {"id"}:
            return None
        owner = self._owner(node.value)
        return (owner, node.attr) if owner is not None and not MODEL_NAME.match(node.attr) else None

    def _root(self, node: ast.AST | None) -> str | None:
        """The class that a chain of calls selects from first."""
        while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript, ast.Await)):
            if isinstance(node, ast.Attribute) and node.attr == "query" and self._owner(node.value):
                return self._owner(node.value)
            if isinstance(node, ast.Call):
                if _callee(node) in ("query", "select", "insert", "update", "delete", "get") and node.args:
                    found = self._selected(node.args[0])
                    if found is not None:
                        return found
                if _callee(node) in ("execute", "scalars", "scalar", "list", "sorted", "set") and node.args:
                    found = self._root(node.args[0])
                    if found is not None:
                        return found
                if _callee(node) in TABLE_CALLS and isinstance(node.func, ast.Attribute) and self._table(node.func.value):
                    return self._table(node.func.value)
                node = node.func
            else:
                node = node.value
        return self._lists.get(node.id) if isinstance(node, ast.Name) else None

    def _selected(self, argument: ast.AST) -> str | None:
        if isinstance(argument, (ast.List, ast.Tuple)) and argument.elts:
            argument = argument.elts[0]
        reference = self._reference(argument)
        return reference[0] if reference else self._owner(argument)

    def _current(self, node: ast.AST) -> str | None:
        """The class that `filter_by` at this place of a chain speaks of: the one joined last."""
        link = node
        while isinstance(link, ast.Call) and isinstance(link.func, ast.Attribute):
            link = link.func.value
            if isinstance(link, ast.Call) and _callee(link) in JOINS and link.args:
                reference = self._reference(link.args[0])
                return self._draft.relation(*reference) if reference else self._owner(link.args[0]) or self._root(node)
        return self._root(node)

    # statements

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._bind(target.id, node.value)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for argument in node.args.args:
            for name in self._draft.models:
                if argument.arg == snake(name):
                    self._objects.setdefault(argument.arg, name)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._loop(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._loop(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def _bind(self, name: str, value: ast.AST) -> None:
        callee = _callee(value)
        if callee in ("aliased", "with_polymorphic") and isinstance(value, ast.Call) and value.args:
            owner = self._owner(value.args[0])
            if owner is not None:
                self._aliases[name] = owner
            return
        owner = self._owner(value.func) if isinstance(value, ast.Call) else None
        if owner is not None:
            self._objects[name] = owner
            return
        root = self._root(value)
        if root is not None and not root.startswith(TABLE):
            (self._objects if callee in ONE else self._lists)[name] = root

    def _loop(self, target: ast.AST, iterated: ast.AST) -> None:
        if not isinstance(target, ast.Name):
            return
        if isinstance(iterated, ast.Attribute) and isinstance(iterated.value, ast.Name) and iterated.value.id in self._objects:
            self._objects[target.id] = self._draft.relation(self._objects[iterated.value.id], iterated.attr, many=True)
            return
        root = self._root(iterated)
        if root is not None and not root.startswith(TABLE) and not self._selects_columns(iterated):
            self._objects[target.id] = root

    def _selects_columns(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Call) and _callee(inner) in ("query", "select") and inner.args and self._reference(inner.args[0])
            for inner in ast.walk(node)
        )

    # expressions

    def visit_Attribute(self, node: ast.Attribute) -> None:
        reference = self._reference(node)
        is_called = _is_callee(node, self._parents.get(node))
        if reference is not None and not is_called:
            self._draft.column(*reference)
        elif isinstance(node.value, ast.Name) and node.value.id in self._objects and not is_called:
            self._instance_attribute(self._objects[node.value.id], node)
        self.generic_visit(node)

    def _instance_attribute(self, owner: str, node: ast.Attribute) -> None:
        parent = self._parents.get(node)
        if isinstance(parent, ast.Attribute) and parent.attr in COLLECTION_METHODS:
            self._draft.relation(owner, node.attr, many=True)
        elif isinstance(parent, ast.Attribute) and parent.attr not in VALUE_METHODS:
            target = self._draft.relation(owner, node.attr, many=False)
            if not _is_callee(parent, self._parents.get(parent)):
                self._draft.column(target, parent.attr)
        elif isinstance(parent, ast.Call) and _callee(parent) == "len":
            self._draft.relation(owner, node.attr, many=True)
        elif not (isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node):
            value = parent.value if isinstance(parent, ast.Assign) else None
            self._draft.column(owner, node.attr, _literal_type(value))

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for one, other in zip(sides, sides[1:], strict=False):
            self._compared(one, other)
            self._compared(other, one)
        self.generic_visit(node)

    def _compared(self, one: ast.AST, other: ast.AST) -> None:
        reference = self._reference(one)
        if reference is None:
            return
        there = self._reference(other)
        if there is not None:
            if there[1] == "id" and reference[1].endswith("_id") and not any(owner.startswith(TABLE) for owner in (reference[0], there[0])):
                self._draft.key(reference[0], reference[1], there[0])
            return
        if isinstance(other, ast.Name) and other.id in self._objects:
            self._draft.relation(*reference, target=self._objects[other.id], many=False)
            return
        self._typed(reference, other)

    def _typed(self, reference: Reference, value: ast.AST) -> None:
        """Note a column with what a value says of its type; a literal becomes one of the data's."""
        kind = _literal_type(value)
        if kind is None and TIME_WORDS & {inner.id for inner in ast.walk(value) if isinstance(inner, ast.Name)}:
            kind = "DateTime"
        self._draft.column(*reference, kind)
        for inner in value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else (value,):
            self._constant(reference[1], inner)

    def _constant(self, column: str, value: ast.AST) -> None:
        if isinstance(value, ast.Constant) and isinstance(value.value, (int, float, str)) and not isinstance(value.value, bool):
            found = value.value
            self._draft.constant(column, found.strip("%") if isinstance(found, str) else found)

    def visit_Call(self, node: ast.Call) -> None:
        name = _callee(node)
        owner = self._owner(node.func)
        if owner is not None and node.keywords:
            self._constructed(owner, node)
        for argument in node.args:
            entity = self._owner(argument) if name in ENTITY_CALLS else None
            if entity is not None and not entity.startswith(TABLE):
                self._draft.model(entity)
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in TABLE_CALLS:
                self._table(node.func.value)
            if node.func.attr == "query" or self._owner(node.func.value):
                self._draft_owner(node.func.value)
        self._called(name, node)
        self.generic_visit(node)

    def _draft_owner(self, node: ast.AST) -> None:
        owner = self._owner(node)
        if owner is not None and not owner.startswith(TABLE):
            self._draft.model(owner)

    def _called(self, name: str, node: ast.Call) -> None:
        if name in ("filter_by", "get_or_create"):
            self._keywords(self._current(node), node)
        elif name == "values":
            self._keywords(self._root(node), node)
        elif name in JOINS:
            self._joined(node)
        elif name in LOADERS:
            self._loaded(node)
        elif name in ("any", "has") and isinstance(node.func, ast.Attribute):
            reference = self._reference(node.func.value)
            if reference is not None:
                self._keywords(self._draft.relation(*reference, many=True if name == "any" else None), node)
        elif name in TEXT_TESTS | SETS | {"contains"} and isinstance(node.func, ast.Attribute):
            self._tested(name, node.func.value, node)
        elif name in ("update", "insert_many") and node.args and isinstance(node.args[0], ast.Dict):
            self._updated(self._root(node), node.args[0])
        elif name in ("order_by", "group_by", "distinct"):
            self._named_in_strings(self._root(node), node)
        elif name in ("get", "get_or_404") and node.args:
            self._constant("id", node.args[-1])
        elif name in NUMERIC_FUNCTIONS | TEXT_FUNCTIONS and node.args:
            reference = self._reference(node.args[0])
            if reference is not None:
                self._draft.column(*reference, "Integer" if name in NUMERIC_FUNCTIONS else "String")
        if name in ("execute", "text", "from_statement", "scalar", "scalars", "exec_driver_sql", "read_sql", "DDL") and node.args:
            self._sql(node)

    def _constructed(self, owner: str, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            value = keyword.value
            if isinstance(value, ast.List):
                self._draft.relation(owner, keyword.arg, self._owner(getattr(next(iter(value.elts), None), "func", None)), many=True)
            elif isinstance(value, ast.Name) and value.id in self._objects:
                self._draft.relation(owner, keyword.arg, self._objects[value.id], many=False)
            elif isinstance(value, ast.Call) and self._owner(value.func):
                self._draft.relation(owner, keyword.arg, self._owner(value.func), many=False)
            else:
                self._draft.column(owner, keyword.arg, _literal_type(value))

    def _keywords(self, owner: str | None, node: ast.Call) -> None:
        for keyword in node.keywords:
            if owner is None or keyword.arg is None:
                continue
            if isinstance(keyword.value, ast.Name) and keyword.value.id in self._objects:
                self._draft.relation(owner, keyword.arg, self._objects[keyword.value.id], many=False)
            else:
                self._typed((owner, keyword.arg), keyword.value)

    def _joined(self, node: ast.Call) -> None:
        root = self._root(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "onclause")]
        for argument in arguments:
            reference, text = self._reference(argument), _string(argument)
            if reference is not None and not reference[0].startswith(TABLE):
                first = self._owner(node.args[0])
                self._draft.relation(*reference, target=first if first and not first.startswith(TABLE) else None)
            elif text and root and not root.startswith(TABLE):
                self._draft.relation(root, text)
        target = self._owner(node.args[0]) if len(arguments) == 1 else None
        if target and root and not root.startswith(TABLE) and not target.startswith(TABLE):
            self._draft.joined(self._nearest(root, target, node), target)

    def _nearest(self, root: str, target: str, node: ast.Call) -> str:
        """Which of the classes already joined a plain `join(Target)` most likely hangs on."""
        joined = [root]
        inner: ast.AST = node.func
        while isinstance(inner, (ast.Call, ast.Attribute)):
            if isinstance(inner, ast.Call) and _callee(inner) in JOINS and inner.args:
                joined.append(self._owner(inner.args[0]) or root)
            inner = inner.func if isinstance(inner, ast.Call) else inner.value
        for name in joined:
            columns = {**self._draft.model(name).columns}
            if f"{snake(target)}_id" in columns or f"{snake(name)}_id" in self._draft.model(target).columns:
                return name
        return root

    def _loaded(self, node: ast.Call) -> None:
        chain = self._parents.get(node)
        while chain is not None and not (isinstance(chain, ast.Call) and _callee(chain) == "options"):
            chain = self._parents.get(chain)
        root = self._root(chain) if chain is not None else None
        for argument in node.args:
            reference, text = self._reference(argument), _string(argument)
            if reference is not None:
                self._draft.relation(*reference)
            elif text and root is not None:
                owner = root
                for part in text.split("."):
                    owner = self._draft.relation(owner, part)

    def _tested(self, name: str, tested: ast.AST, node: ast.Call) -> None:
        reference = self._reference(tested)
        if reference is None:
            return
        if name == "contains" and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in self._objects:
            self._draft.relation(*reference, target=self._objects[node.args[0].id], many=True)
            return
        if name in TEXT_TESTS:
            self._draft.column(*reference, "String")
        for argument in node.args:
            self._typed(reference, argument)

    def _updated(self, owner: str | None, values: ast.Dict) -> None:
        for key, value in zip(values.keys, values.values, strict=True):
            text = _string(key)
            reference = self._reference(key) if key is not None else None
            if text and owner:
                reference = (owner, text)
            if reference is not None:
                self._draft.column(*reference, _literal_type(value))

    def _named_in_strings(self, owner: str | None, node: ast.Call) -> None:
        for argument in node.args:
            words = (_string(argument) or "").split()
            if owner and words and words[0].isidentifier() and len(words) < 3:
                self._draft.column(owner, words[0])

    def _sql(self, node: ast.Call) -> None:
        text = _string(node.args[0])
        if text is None or " " not in text.strip():
            return
        found = sqltext.mentioned(text)
        for table, columns in found.tables.items():
            known = self._draft.table(table)
            for column in sorted(columns):
                literal = next((value for name, value in found.literals if name == column), None)
                kind = {int: "Integer", str: "String"}.get(type(literal)) if literal is not None else None
                if column not in known:
                    self._draft.column(TABLE + table, column, kind)
        for column, literal in found.literals:
            self._draft.constant(column, literal)


def _callee(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_callee(node: ast.AST, parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Call) and parent.func is node


def _string(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _literal_type(value: ast.AST | None) -> str | None:
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)) and value.elts:
        value = value.elts[0]
    if not isinstance(value, ast.Constant) or value.value is None:
        return None
    return {bool: "Boolean", int: "Integer", float: "Float", str: "String"}.get(type(value.value))
