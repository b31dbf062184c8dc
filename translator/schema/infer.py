"""Plans the tables that a text needs and doesn't define: from the sample schema, or made up from how names are used.

Reads the text with the standard library's `ast` and `symtable` only; runs in the jail, next to the translation.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from typing import Any

from translator.schema.model import Draft, Model
from translator.schema.names import callee, is_special
from translator.schema.nodes import nodes
from translator.schema.roles import bounds, called, needs_function, read_too_early, roles, texts
from translator.schema.usage import read_usage

MODEL_QUERY = re.compile(r"\.query\b(?! *\()")
"""`User.query`, not e.g. `session.query(User)`."""
Plan = dict[str, Any]
EMPTY: Plan = {
    "models": "", "schema": "", "shown": "", "schema_free": [], "schema_error": "", "rows": {}, "constants": {},
    "set": [], "asked": {}, "bounds": {}, "texts": {}, "methods": [], "free": [], "roles": {}, "assumed": [],
}  # fmt: skip


def plan(code: str, schema: str = "") -> Plan:
    """The plan for a text: models as source text, constants that rows should hold, names left free, what is assumed.

    `schema` is the source of models that are given; only what is neither there nor in the text is made up. Any text will
    do: what doesn't parse gets an empty plan, with `schema_error` where it is the schema's fault.
    """
    try:
        schema_free = free_names(schema)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return {**EMPTY, "schema_error": f"the schema can't be read{line}: {getattr(error, 'msg', None) or error}"}
    try:
        tree = ast.parse(code)
        free = free_names(_in_function(code) if needs_function(tree) else code) | read_too_early(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return dict(EMPTY)
    known = roles(tree)
    draft = Draft()
    given = ast.parse(schema)
    whole = ast.Module([*given.body, *tree.body], []) if given.body else tree
    read_usage(whole, (free | schema_free) - _bound(given), draft)
    draft.settle()
    return {
        "models": draft.source(),
        "schema": schema,
        "shown": "\n\n".join(part for part in (_tidied(draft) if draft.models or draft.tables else "", schema) if part),
        "schema_free": sorted(schema_free),
        "schema_error": "",
        "rows": {},
        "constants": {column: _first_without(draft, column, values) for column, values in draft.constants.items()},
        "set": sorted(draft.set - draft.asked.keys()),
        "asked": draft.asked,
        "bounds": bounds(tree),
        "texts": texts(tree),
        "methods": sorted(_methods(tree)),
        # Model.query runs on db.session, unnamed
        "free": sorted(free | {"db"} if MODEL_QUERY.search(code) else free),
        "roles": {
            **dict.fromkeys(called(tree) & free, "called"),
            **{name: role for name, role in known.items() if role not in ("session", "asking") or name in free},
        },
        "assumed": [*_models(draft.models.values()), *_tables(draft)],
    }


def _first_without(draft: Draft, column: str, values: list[Any]) -> list[Any]:
    """The constants of a column, none of which its first rows hold where it is written as well: that would change nothing."""
    first = values[0]
    if len(values) != 1 or (column, first) not in draft.written or isinstance(first, bool):
        return values
    if isinstance(first, str):
        return [f"no {first}", first]
    return [first + 1, first] if isinstance(first, (int, float)) else values


def _tidied(draft: Draft) -> str:
    """The made-up models as their author would write them: no import that nothing uses, room between classes."""
    head, *rest = draft.source().strip().split("\n")
    body = "\n".join(f"\n\n{line}" if line.startswith("class ") else line for line in rest)
    start, _, imported = head.partition(" import ")
    used = [name for name in imported.split(", ") if re.search(rf"\b{name}\b", body)]
    return f"{start} import {', '.join(used)}\n{body}\n"


def _bound(tree: ast.Module) -> set[str]:
    """The names that a module gives to others: classes, functions, variables; not what it imports."""
    found = {node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))}
    targets = (target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets)
    return found | {target.id for target in targets if isinstance(target, ast.Name)}


def _in_function(code: str) -> str:
    """The text as the body of an asynchronous function whose names count as the module's."""
    names = {
        node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    head = f"    global {', '.join(sorted(names))}\n" if names else ""
    assigned = "".join(f"{name} = None\n" for name in sorted(names))
    return (
        f"{assigned}async def __paste__():\n{head}"
        + "".join(f"    {line}\n" for line in code.split("\n"))
        + "    pass\n"
    )


def _methods(tree: ast.Module) -> set[str]:
    """The names that something is called by as a method: a model that isn't shown may have them."""
    return {
        node.func.attr
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (not node.func.attr.startswith("_") or _is_base(node.func.value))
        and not is_special(node.func.attr)
    }


def _is_base(node: ast.AST) -> bool:
    """`super()`, or a class by its name: what is asked of it may be inherited."""
    return callee(node) == "super" or getattr(node, "id", "")[:1].isupper()


def free_names(code: str) -> set[str]:
    """The names that a text uses and binds nowhere in its reach: not builtins, not imports."""
    top = symtable.symtable(code, "<pasted>", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    used = {name for scope in _scopes(top) for name in _globals_used(scope, scope is top)}
    return {name for name in used if name not in bound and not hasattr(builtins, name)}


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _globals_used(scope: symtable.SymbolTable, is_top: bool) -> Iterator[str]:
    for symbol in scope.get_symbols():
        if symbol.is_referenced() and (is_top or symbol.is_global()):
            yield symbol.get_name()


def _models(models: Any) -> Iterator[str]:
    for model in models:
        if isinstance(model, Model):
            origin = "is the sample schema's" if model.is_sample else "is made up from its use"
            yield f"{model.name} {origin}: table {model.table} with {', '.join(model.columns)}."


def _tables(draft: Draft) -> Iterator[str]:
    for name, columns in draft.tables.items():
        yield f"The table {name} is made up from its use: {', '.join(columns)}."
