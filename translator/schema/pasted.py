"""Reads the classes and tables that a text defines itself: what they expect of those it doesn't show."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from translator.schema import sqltext
from translator.schema.model import Draft
from translator.schema.names import callee, string
from translator.schema.nodes import nodes
from translator.schema.words import flask_table_name, snake, table_name

JOINED_OTHERWISE = frozenset({"secondary", "primaryjoin", "foreign_keys", "remote_side"})
"""What says how a relationship is joined."""


def read_classes(tree: ast.Module, outside: set[str], defined: set[str], draft: Draft) -> None:
    """Classes on a base that isn't there may point to classes and tables that aren't there either."""
    there = (
        {table_name(name) for name in defined}
        | {snake(name) for name in defined}
        | set(_strings_assigned(tree, "__tablename__"))
        | set(tables(tree))
    )
    of_ours = [node for node in nodes(tree) if isinstance(node, ast.ClassDef) and _on_base(node, outside)]
    for node in of_ours:
        for attribute in node.body:
            _read_opposite(node.name, attribute, defined, draft, tree)
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and inner.args):
            target = string(call.args[0]) or str(getattr(call.args[0], "id", ""))
            shown = target in defined or (isinstance(call.args[0], ast.Name) and target not in outside)
            if callee(call) == "relationship" and target.isidentifier() and not shown:
                _read_target(node, call, target, outside, draft)
    if of_ours:
        for key in (inner for inner in nodes(tree) if isinstance(inner, ast.Call) and callee(inner) == "ForeignKey"):
            table, _, column = (string(next(iter(key.args), None)) or "").partition(".")
            if column and "." not in column and table not in there:
                draft.table(table).setdefault(column, "Integer")


def _on_base(node: ast.ClassDef, outside: set[str]) -> bool:
    """Whether a class is derived from something that isn't shown: `Base`, `db.Model`."""
    roots = (base.value if isinstance(base, ast.Attribute) else base for base in node.bases)
    return any(isinstance(root, ast.Name) and root.id in outside for root in roots)


def _read_target(owner: ast.ClassDef, call: ast.Call, target: str, outside: set[str], draft: Draft) -> None:
    """A class that isn't shown lies in the table that a key of its owner points to, or has a key to its owner's."""
    model = draft.model(target)
    link = next((keyword.value for keyword in call.keywords if keyword.arg == "secondary"), None)
    if isinstance(link, ast.Name) and link.id in outside:
        draft.links[link.id] = (f"{_table_of(owner)}.{_key_of(owner)}", f"{model.table}.id")
    if {keyword.arg for keyword in call.keywords} & JOINED_OTHERWISE:
        return
    keys = {
        (string(inner.args[0]) or "").partition(".")[0]
        for inner in ast.walk(owner)
        if callee(inner) == "ForeignKey" and isinstance(inner, ast.Call) and inner.args
    }
    spellings = (model.table, snake(target), target.lower(), table_name(target), target)
    if found := next((name for name in spellings if name in keys), None):
        model.table = found
    elif len(keys) == 1 and not model.is_sample:
        model.table = next(iter(keys))
    else:
        model.columns[f"{snake(owner.name)}_id"] = "Integer"
        model.keys[f"{snake(owner.name)}_id"] = f"{_table_of(owner)}.{_key_of(owner)}"


def _table_of(owner: ast.ClassDef) -> str:
    given = next(_strings_assigned(ast.Module([*owner.body], []), "__tablename__"), "")
    return given or flask_table_name(owner.name)


def _key_of(owner: ast.ClassDef) -> str:
    """The column of a class's primary key."""
    for line in owner.body:
        if not isinstance(line, (ast.Assign, ast.AnnAssign)):
            continue
        value = line.value
        if isinstance(value, ast.Call) and any(keyword.arg == "primary_key" for keyword in value.keywords):
            target = line.target if isinstance(line, ast.AnnAssign) else line.targets[0]
            return string(next(iter(value.args), None)) or str(getattr(target, "id", "id"))
    return "id"


def _read_opposite(owner: str, line: ast.stmt, defined: set[str], draft: Draft, tree: ast.Module) -> None:
    """`user = relationship("User", back_populates="addresses")` needs a `User.addresses`, joined by the keys there are."""
    call = line.value if isinstance(line, ast.Assign) else None
    if not (
        isinstance(call, ast.Call) and callee(call) == "relationship" and call.args and isinstance(line, ast.Assign)
    ):
        return
    target, name = string(call.args[0]), line.targets[0]
    given = {keyword.arg: string(keyword.value) for keyword in call.keywords}
    back = given.get("back_populates")
    joined_otherwise = given.keys() & (JOINED_OTHERWISE - {"secondary"})
    link = next((_link(keyword.value, tree) for keyword in call.keywords if keyword.arg == "secondary"), "")
    if (
        target
        and back
        and target.isidentifier()
        and target not in defined
        and isinstance(name, ast.Name)
        and not joined_otherwise
    ):
        draft.model(target).opposites[back] = (owner, name.id, link)


def _link(given: ast.expr, tree: ast.Module) -> str:
    """The name of the table that `secondary=` names: as it is defined in the text, or as its variable is called."""
    variable = getattr(given, "id", "")
    made = (
        node.value
        for node in nodes(tree)
        if isinstance(node, ast.Assign) and callee(node.value) == "Table"
        if any(getattr(target, "id", "") == variable for target in node.targets)
    )
    shown = next((string(call.args[0]) for call in made if isinstance(call, ast.Call) and call.args), None)
    return shown or string(given) or variable


def tables(tree: ast.Module) -> Iterator[str]:
    """The tables that the text defines itself."""
    yield from _strings_assigned(tree, "__tablename__")
    for node in nodes(tree):
        if isinstance(node, ast.Call) and callee(node) == "Table" and node.args and not is_reflected(node):
            yield string(node.args[0]) or ""


def is_reflected(node: ast.Call) -> bool:
    """Whether a `Table(…)` has its columns from the database, where it must be then."""
    return any((keyword.arg or "").startswith("autoload") for keyword in node.keywords)


def read_reflected(tree: ast.Module, draft: Draft) -> None:
    """Tables that the text takes as the database has them, with the columns that it names: `users.c.name`, `values(name=…)`."""
    for node in nodes(tree):
        call = node.value if isinstance(node, ast.Assign) else None
        if not isinstance(call, ast.Call) or callee(call) != "Table" or not call.args or not is_reflected(call):
            continue
        name = string(call.args[0])
        variables = {target.id for target in node.targets if isinstance(target, ast.Name)}  # type: ignore[attr-defined]
        for column in sorted(_columns_of(tree, variables)) if name else ():
            draft.table(str(name)).setdefault(column, "Integer" if column.endswith("_id") else "String")


def _columns_of(tree: ast.Module, variables: set[str]) -> Iterator[str]:
    for node in nodes(tree):
        owner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Attribute) and isinstance(owner, ast.Attribute) and owner.attr in ("c", "columns"):
            yield from [node.attr] if getattr(owner.value, "id", "") in variables else []
        elif isinstance(node, ast.Call) and callee(node) == "values":
            named = {inner.id for inner in ast.walk(node.func) if isinstance(inner, ast.Name)}
            yield from (each.arg for each in node.keywords if each.arg and named & variables)


def created_by_text(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        yield from sqltext.CREATED.findall(string(node) or "")


def table_variables(tree: ast.Module) -> Iterator[str]:
    """The variables of the text that hold a table it defines."""
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and callee(node.value) == "Table":
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _strings_assigned(tree: ast.Module, name: str) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            yield string(node.value) or ""
