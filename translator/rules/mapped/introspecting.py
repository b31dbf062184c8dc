"""Whether code asks a class that is not mapped for its columns: there a `mapped_column()` is no Column, and has little of it.

The attributes of mapped classes are the same for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from translator.model.module import ModuleModel
from translator.rules.mapped import bodies
from translator.syntax import names

_SEARCHED = "whether attributes are searched for columns"
_HINT = re.compile(r"\bisinstance\(.*\bColumn\b")
_WAYS = frozenset({"__dict__", "vars", "getattr", "getmembers", "dir"})
"""How attributes of a class are walked."""


def asked(name: str, node: cst.ClassDef, model: ModuleModel, program: Sequence[ModuleModel]) -> str | None:
    """Why a column of a mixin or an abstract class stays a Column; None where nothing asks that class for it."""
    if not bodies.is_mixin(node, model):
        return None
    spelled = re.compile(rf"\b{node.name.value}\.{re.escape(name)}\.(\w+)")
    for each in (model, *program):
        named = node.name.value in each.words(each.tree)
        found = [attr for attr in spelled.findall(each.text) if attr not in bodies.OPERATORS] if named else []
        if found:
            return (
                f"{node.name.value}.{name}.{found[0]} is asked for, which a mapped_column() of no mapped class has not"
            )
        if (function := _searching(each)) is not None:
            return f"{function}() looks for Columns among the attributes of classes, and a mapped_column() is none"
    return None


def _searching(model: ModuleModel) -> str | None:
    """A function that walks attributes and tells by isinstance() which are columns."""
    found = model.memo.get(_SEARCHED)
    if not isinstance(found, str):
        hinted = names.below(model.tree) if _HINT.search(model.text) is not None else ()
        functions = (node for node in hinted if isinstance(node, cst.FunctionDef))
        found = next((node.name.value for node in functions if _searches(node, model)), "")
        model.memo[_SEARCHED] = found
    return found or None


def _searches(node: cst.FunctionDef, model: ModuleModel) -> bool:
    if not {"isinstance", "Column"} <= model.words(node) or not _WAYS & model.words(node):
        return False
    return any(
        isinstance(call, cst.Call) and names.dotted(call.func) == "isinstance" and "Column" in names.code(call.args[-1])
        for call in names.below(node)
    )
