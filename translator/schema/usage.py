"""Reads how a text uses models and tables that it doesn't define, and notes it in a draft.

Names go by their context: what stands in `query(…)`, what is compared, joined, loaded eagerly or looped over. Guesses,
not inference: they only decide what data a proof runs on.
"""

from __future__ import annotations

import ast
from itertools import pairwise

from translator.schema import loading, pasted, sqltext
from translator.schema.model import TABLE, Draft, spelled
from translator.schema.names import (
    MODEL_NAME,
    STEPS,
    Names,
    Reference,
    asked_for,
    callee,
    given_classes,
    is_callee,
    is_special,
    is_time,
    kept_classes,
    literal_type,
    not_mapped,
    selected,
    sessions,
    sessions_of_modules,
    string,
)
from translator.schema.nodes import nodes, parents
from translator.schema.roles import adds_itself, imported_from_elsewhere, raised, types_of_columns
from translator.schema.vocabulary import (
    COLLECTION_METHODS,
    COLUMN_LOADERS,
    CORE_CALLS,
    ENTITY_CALLS,
    JOINS,
    LOADERS,
    NOT_MODEL_ENDS,
    NOT_MODELS,
    NUMERIC_FUNCTIONS,
    ONE,
    QUERY_METHODS,
    SETS,
    SEVERAL,
    SIDE_OF_SEVERAL,
    TABLE_CALLS,
    TEXT_FUNCTIONS,
    TEXT_TESTS,
    VALUE_METHODS,
)
from translator.schema.words import singular, snake


def read_usage(tree: ast.Module, free: set[str], draft: Draft) -> None:
    """Note what the text uses."""
    outside = free | imported_from_elsewhere(tree)
    defined = {node.name for node in nodes(tree) if isinstance(node, ast.ClassDef)}
    models = {
        name
        for name in outside - defined
        if MODEL_NAME.match(name) and name not in NOT_MODELS and not name.endswith(NOT_MODEL_ENDS)
    }
    tabled = {name.removesuffix(".__table__") for name in asked_for(tree) if name.endswith(".__table__")}
    asked = {name for name in {*asked_for(tree), *tabled} & (outside - defined) if name[:1].isupper() or name in tabled}
    models |= {name for name in asked if not name.endswith("Session")}  # Session.query(…) is a registry's
    refused = {*sessions(tree), *sessions_of_modules(tree), *raised(tree), *not_mapped(tree), *types_of_columns(tree)}
    models -= refused
    kept = kept_classes(tree)
    models |= kept & (outside - defined)
    draft.defined |= defined
    names = Names(draft, models | defined, outside - models, set(pasted.table_variables(tree)), kept, refused)
    reader = _Reader(draft, names, parents(tree))
    reader.stand_alone(tree)
    for _ in range(2):  # a variable may be used above the line that shows what it is
        reader.visit(tree)
    pasted.read_classes(tree, outside, defined, draft)
    pasted.read_reflected(tree, draft)
    for table in (*pasted.tables(tree), *pasted.created_by_text(tree)):
        draft.tables.pop(table, None)


class _Reader(ast.NodeVisitor):
    """One reading of the text."""

    def __init__(self, draft: Draft, names: Names, parents: dict[ast.AST, ast.AST]) -> None:
        self._draft = draft
        self._names = names
        self._parents = parents
        self._texts: dict[str, str] = {}

    def stand_alone(self, tree: ast.Module) -> None:
        """Methods of classes that are pasted without them, functions that are given a class: `cls` is one all the same."""
        for node in tree.body:
            decorators = getattr(node, "decorator_list", ()) if not isinstance(node, ast.ClassDef) else ()
            if any(getattr(item, "id", "") == "classmethod" for item in decorators):
                self._names.unnamed(next((argument.arg for argument in node.args.args), ""))  # type: ignore[attr-defined]
        for name in given_classes(tree):
            self._names.unnamed(name)
        if adds_itself(tree):
            self._names.objects["self"] = self._draft.unnamed()

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._names.bind(target.id, node.value)
                self._texts[target.id] = string(node.value) or ""
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for argument in node.args.args:
            for name in self._draft.models:
                if argument.arg == snake(name):
                    self._names.objects.setdefault(argument.arg, name)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._names.loop(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._names.loop(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Subscript(self, node: ast.Subscript) -> None:
        reference = self._names.reference(node.value)
        if reference is not None and (string(node.slice) or isinstance(node.slice, ast.Tuple)):
            outer = self._parents.get(node)
            while isinstance(outer, ast.Subscript):
                outer = self._parents.get(outer)
            self._draft.column(*reference, "JSONB" if getattr(outer, "attr", "") in ("astext", "cast") else "JSON")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in ("query", "__table__"):
            self._draft_owner(node.value)
        reference = self._names.reference(node)
        is_called = is_callee(node, self._parents.get(node))
        if reference is not None and not is_called:
            self._draft.column(*reference)
        elif isinstance(node.value, ast.Name) and node.value.id in self._names.objects and not is_called:
            self._instance_attribute(self._names.objects[node.value.id], node)
        elif callee(node.value) in ONE and not is_called and (owner := self._names.root(node.value)):
            self._instance_attribute(owner, node)
        self.generic_visit(node)

    def _instance_attribute(self, owner: str, node: ast.Attribute) -> None:
        if is_special(node.attr):
            return
        parent = self._parents.get(node)
        if isinstance(parent, ast.Attribute) and parent.attr in COLLECTION_METHODS | QUERY_METHODS:
            self._draft.relation(owner, node.attr, many=True)
            if parent.attr in QUERY_METHODS:
                self._draft.dynamic.add((owner, node.attr))
        elif isinstance(parent, ast.Attribute) and parent.attr not in VALUE_METHODS:
            target = self._draft.relation(owner, node.attr, many=False)
            if not is_callee(parent, self._parents.get(parent)):
                self._draft.column(target, parent.attr)
        elif isinstance(parent, ast.Call) and callee(parent) == "len":
            self._draft.relation(owner, node.attr, many=True)
        elif not (isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node):
            value = parent.value if isinstance(parent, ast.Assign) and node in parent.targets else None
            if (given := self._names.given(value)) is not None:
                self._draft.relation(owner, node.attr, given, many=False)
            else:
                self._draft.set_to((owner, node.attr), value, literal_type(value))

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for (one, other), operator in zip(pairwise(sides), node.ops, strict=True):
            steps = STEPS.get(type(operator), (0,))
            self._compared(one, other, steps)
            self._compared(other, one, tuple(-step for step in steps))
        self.generic_visit(node)

    def _compared(self, one: ast.AST, other: ast.AST, steps: tuple[int, ...]) -> None:
        reference = self._names.reference(one)
        if reference is None:
            return
        there = self._names.reference(other)
        if isinstance(other, ast.Call) and (made := self._names.owner(other.func)) and not made.startswith(TABLE):
            self._draft.relation(*reference, target=made, many=False)
            return
        if there is not None:
            if (
                there[1] == "id"
                and reference[1].endswith("_id")
                and not any(owner.startswith(TABLE) for owner in (reference[0], there[0]))
            ):
                self._draft.key(reference[0], reference[1], there[0])
            return
        if isinstance(other, ast.Name) and other.id in self._names.objects:
            self._draft.relation(*reference, target=self._names.objects[other.id], many=False)
            return
        self._typed(reference, other, steps)

    def _typed(self, reference: Reference, value: ast.AST, steps: tuple[int, ...] = (0,)) -> None:
        """Note a column with what a value says of its type; a literal becomes one of the data's."""
        if (name := spelled(value)) is not None:
            self._draft.asked.setdefault(name, (reference[1], -steps[0]))
        value = self._literal(value)
        kind = literal_type(value)
        if kind is None and (is_time(value) or (isinstance(value, ast.Name) and value.id in self._names.times)):
            kind = "DateTime"
        self._draft.column(*reference, kind)
        for inner in value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else (value,):
            self._constant(reference[1], inner, steps)

    def _literal(self, value: ast.AST) -> ast.AST:
        """The text that stands for a constant of a class that is made up: `Badge.STAFF`."""
        constant = isinstance(value, ast.Attribute) and value.attr.isupper() and self._names.owner(value.value)
        return ast.Constant(value.attr.lower()) if constant and isinstance(value, ast.Attribute) else value

    def _constant(self, column: str, value: ast.AST, steps: tuple[int, ...] = (0,)) -> None:
        """Note a literal, or what lies around it and tells on which side of it a row lies; what passes comes first."""
        if not isinstance(value, ast.Constant):
            return
        found, passes = value.value, steps[0] == 0
        if isinstance(found, bool):
            self._draft.constant(column, found is passes)
        elif isinstance(found, (int, float)):
            for step in steps:
                self._draft.constant(column, found + step)
        elif isinstance(found, str):
            self._draft.constant(column, found.strip("%") if passes else f"no {found}")
            self._draft.constant(column, found.strip("%"))
        elif found is None and passes:
            self._draft.constant(column, None)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._calculated(node.target, node.value)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._calculated(node.left, node.right)
        self._calculated(node.right, node.left)
        self.generic_visit(node)

    def _calculated(self, one: ast.AST, other: ast.AST) -> None:
        """What a number is added to, or taken from, is a number: `user.logins += 1`."""
        kind = literal_type(other)
        if kind not in ("Integer", "Float"):
            return
        reference = self._names.reference(one)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in self._names.objects:
            reference = self._names.objects[one.value.id], one.attr
        if reference is not None:
            self._draft.column(*reference, kind)

    def visit_Call(self, node: ast.Call) -> None:
        name = callee(node)
        owner = self._names.owner(node.func)
        if owner is not None and node.keywords:
            self._constructed(owner, node)
        for argument in selected(node) if name in CORE_CALLS else ():
            self._names.table(argument.value if isinstance(argument, ast.Starred) else argument)
        for argument in node.args:
            entity = self._names.owner(argument) if name in ENTITY_CALLS else None
            if entity is not None and not entity.startswith(TABLE):
                self._draft.model(entity)
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in TABLE_CALLS:
                self._names.table(node.func.value)
            if node.func.attr == "query" or self._names.owner(node.func.value):
                self._draft_owner(node.func.value)
        self._called(name, node)
        self.generic_visit(node)

    def _draft_owner(self, node: ast.AST) -> None:
        owner = self._names.owner(node)
        if owner is not None and not owner.startswith(TABLE):
            self._draft.model(owner)

    def _called(self, name: str, node: ast.Call) -> None:
        if name in ("filter_by", "get_or_create"):
            self._keywords(self._names.current(node), node)
        elif name == "values":
            self._set_by_keywords(self._names.root(node), node)
            self._written(self._names.root(node), node.args[:1])
        elif name in ("bulk_insert_mappings", "bulk_update_mappings") and node.args:
            self._written(self._names.owner(node.args[0]), node.args[1:2])
        elif name in JOINS:
            self._joined(node)
        elif name in LOADERS:
            loading.read_relations(node, self._names, self._draft, self._parents)
        elif name in COLUMN_LOADERS:
            loading.read_columns(node, self._names, self._draft, self._parents)
        elif name in ("any", "has") and isinstance(node.func, ast.Attribute):
            reference = self._names.reference(node.func.value)
            if reference is not None:
                self._keywords(self._draft.relation(*reference, many=True if name == "any" else None), node)
        elif name in TEXT_TESTS | SETS | {"contains"} and isinstance(node.func, ast.Attribute):
            self._tested(name, node.func.value, node)
        elif name in ("update", "insert_many") and node.args:
            self._written(self._names.root(node), node.args[:1])
        elif name in ("order_by", "group_by", "distinct"):
            self._named_in_strings(self._names.root(node), node)
        elif name in ("get", "get_or_404") and node.args:
            self._constant("id", node.args[-1])
            key, owner = spelled(node.args[-1]), self._names.root(node)
            if key is not None and owner is not None and not owner.startswith(TABLE):
                self._draft.asked.setdefault(key, ("id", 0))
        elif name in NUMERIC_FUNCTIONS | TEXT_FUNCTIONS and node.args:
            reference = self._names.reference(node.args[0])
            if reference is not None:
                self._draft.column(*reference, "Integer" if name in NUMERIC_FUNCTIONS else "String")
        if name == "execute" and len(node.args) > 1:
            self._written(self._names.root(node.args[0]), node.args[1:2])
        if (
            name in ("execute", "text", "from_statement", "scalar", "scalars", "exec_driver_sql", "read_sql", "DDL")
            and node.args
        ):
            self._sql(node)

    def _set_by_keywords(self, owner: str | None, node: ast.Call) -> None:
        """What is written is no value that the data should hold already: nothing would change."""
        for keyword in node.keywords:
            if owner is not None and keyword.arg is not None:
                self._draft.set_to((owner, keyword.arg), keyword.value, literal_type(keyword.value))

    def _written(self, owner: str | None, given: list[ast.expr]) -> None:
        """The rows handed over with an INSERT or an UPDATE name its columns."""
        for row in self._names.written(given[0]) if given else ():
            if isinstance(row, ast.Dict):
                self._updated(owner, row)
            elif owner is not None and isinstance(row, ast.Call):
                self._keywords(owner, row)

    def _constructed(self, owner: str, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            value = keyword.value
            if isinstance(value, ast.List):
                self._draft.relation(
                    owner,
                    keyword.arg,
                    self._names.owner(getattr(next(iter(value.elts), None), "func", None)),
                    many=True,
                )
            elif (target := self._names.given(value)) is not None:
                self._draft.relation(owner, keyword.arg, target, many=False)
            else:
                self._draft.column(owner, keyword.arg, literal_type(value))

    def _keywords(self, owner: str | None, node: ast.Call) -> None:
        for keyword in node.keywords:
            if owner is None or keyword.arg is None:
                continue
            if (target := self._names.given(keyword.value)) is not None:
                self._draft.relation(owner, keyword.arg, target, many=False)
            else:
                self._typed((owner, keyword.arg), keyword.value)

    def _joined(self, node: ast.Call) -> None:
        root = self._names.root(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "onclause")]
        for argument in arguments:
            reference, text = self._names.reference(argument), string(argument)
            if reference is not None and not reference[0].startswith(TABLE):
                first = self._names.owner(node.args[0])
                self._draft.relation(*reference, target=first if first and not first.startswith(TABLE) else None)
            elif text and root and not root.startswith(TABLE):
                self._draft.relation(root, text)
        target = self._names.owner(node.args[0]) if len(arguments) == 1 else None
        tables = self._names.table(node.func.value) if isinstance(node.func, ast.Attribute) else None
        other = self._names.table(arguments[0]) if len(arguments) == 1 else None
        if tables and other:
            self._draft.column(other, f"{singular(tables.removeprefix(TABLE))}_id", "Integer")
        if target and root and not root.startswith(TABLE) and not target.startswith(TABLE):
            self._draft.joined(self._names.nearest(root, target, node), target)

    def _tested(self, name: str, tested: ast.AST, node: ast.Call) -> None:
        reference = self._names.reference(tested)
        if reference is None:
            return
        if (
            name == "contains"
            and node.args
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id in self._names.objects
        ):
            self._draft.relation(*reference, target=self._names.objects[node.args[0].id], many=True)
            return
        if name in TEXT_TESTS:
            self._draft.column(*reference, "String")
        for argument in node.args:
            if isinstance(argument, ast.Name) and name in SEVERAL:
                self._draft.asked[argument.id] = reference[1], SIDE_OF_SEVERAL
            self._typed(reference, argument, (1, 0) if name in ("isnot", "is_not", "notin_", "not_in") else (0,))

    def _updated(self, owner: str | None, values: ast.Dict) -> None:
        for key, value in zip(values.keys, values.values, strict=True):
            text = string(key)
            reference = self._names.reference(key) if key is not None else None
            if text and owner:
                reference = (owner, text)
            if reference is not None:
                self._draft.set_to(reference, value, literal_type(value))

    def _named_in_strings(self, owner: str | None, node: ast.Call) -> None:
        for argument in node.args:
            words = (string(argument) or "").split()
            if owner and words and words[0].isidentifier() and len(words) < 3:
                self._draft.column(owner, words[0])

    def _sql(self, node: ast.Call) -> None:
        given = node.args[0]
        text = self._texts.get(given.id) if isinstance(given, ast.Name) else string(given)
        if text is not None and " " in text.strip():
            sqltext.note(text, self._draft)
