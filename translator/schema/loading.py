"""Reads what the loader options of a text say of models: relationships that are loaded, columns that are named."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from translator.schema.model import Draft
from translator.schema.names import Names, callee, string
from translator.schema.vocabulary import COLUMN_LOADERS, LOADERS

Parents = Mapping[ast.AST, ast.AST]


def read_relations(node: ast.Call, names: Names, draft: Draft, parents: Parents) -> None:
    """`joinedload(A.b)`, `joinedload("b.c")`, `A.b.of_type(C)`."""
    narrowed = node.func.value if callee(node) == "of_type" and isinstance(node.func, ast.Attribute) else None
    if (relation := names.reference(narrowed)) is not None:
        draft.relation(*relation)
    root = _asked(node, names, parents)
    for argument in node.args:
        reference, text = names.reference(argument), string(argument)
        if reference is not None:
            draft.relation(*reference, target=_next(node, names, parents))
        elif text and root is not None:
            owner = root
            for part in text.split("."):
                owner = draft.relation(owner, part, target=None if "." in text else _next(node, names, parents))


def _next(node: ast.Call, names: Names, parents: Parents) -> str | None:
    """The model that the next loader goes on from: `Item` in `joinedload(Order.items).joinedload(Item.keywords)`."""
    attribute = parents.get(node)
    after = parents.get(attribute) if isinstance(attribute, ast.Attribute) else None
    if not (isinstance(after, ast.Call) and callee(after) in LOADERS | COLUMN_LOADERS and after.args):
        return None
    reference = names.reference(after.args[0])
    return reference[0] if reference is not None else None


def read_columns(node: ast.Call, names: Names, draft: Draft, parents: Parents) -> None:
    """`load_only("a")` in the options of a query, or of a loader before it."""
    owner = _reached(node, names, draft, parents) or _asked(node, names, parents)
    for text in (string(argument) for argument in node.args):
        if text and owner is not None and "." not in text:
            draft.column(owner, text)


def _asked(node: ast.Call, names: Names, parents: Parents) -> str | None:
    """The model whose query is given the option."""
    chain = parents.get(node)
    while chain is not None and not (isinstance(chain, ast.Call) and callee(chain) == "options"):
        chain = parents.get(chain)
    return names.root(chain) if chain is not None else None


def _reached(node: ast.Call, names: Names, draft: Draft, parents: Parents) -> str | None:
    """The model that `joinedload(A.b).options(…)` or `joinedload(A.b).load_only(…)` goes on from."""
    outer = parents.get(node)
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if inner is None and isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute):
        inner = outer.func.value
    if isinstance(inner, ast.Call) and callee(inner) == "Load" and inner.args:
        return names.owner(inner.args[0])
    if not (isinstance(inner, ast.Call) and callee(inner) in LOADERS and inner.args):
        return None
    reference = names.reference(inner.args[-1])
    return draft.relation(*reference) if reference is not None else None
