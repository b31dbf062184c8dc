"""Reads the classes and tables that a text defines itself: what they expect of those it doesn't show."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from translator.schema import sqltext
from translator.schema.model import Draft
from translator.schema.names import callee, string
from translator.schema.nodes import nodes
from translator.schema.words import snake, table_name


def read_classes(tree: ast.Module, outside: set[str], defined: set[str], draft: Draft) -> None:
    """Classes on a base that isn't there may point to classes and tables that aren't there either."""
    for node in nodes(tree):
        if not isinstance(node, ast.ClassDef) or not any(
            isinstance(base, ast.Name) and base.id in outside for base in node.bases
        ):
            continue
        there = (
            {table_name(name) for name in defined}
            | {snake(name) for name in defined}
            | set(_strings_assigned(tree, "__tablename__"))
        )
        for attribute in node.body:
            _read_opposite(node.name, attribute, defined, draft)
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and inner.args):
            target, kind = string(call.args[0]), callee(call)
            if kind == "relationship" and target and target.isidentifier() and target not in defined:
                draft.model(target)
            elif kind == "ForeignKey" and target and target.count(".") == 1 and target.partition(".")[0] not in there:
                draft.table(target.partition(".")[0])


def _read_opposite(owner: str, line: ast.stmt, defined: set[str], draft: Draft) -> None:
    """`user = relationship("User", back_populates="addresses")` needs a `User.addresses`, joined by the keys there are."""
    call = line.value if isinstance(line, ast.Assign) else None
    if not (
        isinstance(call, ast.Call) and callee(call) == "relationship" and call.args and isinstance(line, ast.Assign)
    ):
        return
    target, name = string(call.args[0]), line.targets[0]
    given = {keyword.arg: string(keyword.value) for keyword in call.keywords}
    back = given.get("back_populates")
    joined_otherwise = given.keys() & {"secondary", "primaryjoin", "foreign_keys", "remote_side"}
    if (
        target
        and back
        and target.isidentifier()
        and target not in defined
        and isinstance(name, ast.Name)
        and not joined_otherwise
    ):
        draft.model(target).opposites[back] = (owner, name.id)


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
