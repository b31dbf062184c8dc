"""Names that others read or bind than the text shows at the place: by `nonlocal`, `global`, `locals()`, `eval()`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.lattice import held, rows_in
from translator.model.scopes import Scope
from translator.model.sites import SiteKind
from translator.model.types import Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


_RUNNING = frozenset({"eval", "exec"})
_LISTING = frozenset({"locals", "vars", "globals"})


def bound(walk: Expressions, target: cst.Name, kind: Type) -> None:
    """Leave the queries of such a name: what it holds when it is read, the order of the text does not tell."""
    name = target.value
    home = _home(walk.scope, name)
    if home is None:
        return
    if (row := rows_in(kind)) is not None and _asks_by_name(name, walk.unit.tree.code):
        walk.site(SiteKind.MEMBER, target, "Row.shared", row)
    kinds = [kind, *(binding.type for known, binding in home.log if known == name)]
    for each in kinds:
        if any(held(each)):
            walk.lose(each, target, f"several functions bind `{name}`, so that any call may change what it holds")


def _asks_by_name(name: str, text: str) -> bool:
    """Whether a text looks names up in a row, as far as its spelling tells."""
    row = re.escape(name)
    asked = rf"\b{row}(?:\[\s*[^\d\s:-]|\.(?:keys|values|items|has_key)\b)|(?:\bin|\bdict\(|\*\*)\s*{row}\b"
    return re.search(asked, text) is not None


def _home(scope: Scope, name: str) -> Scope | None:
    """The scope around that a declaration says a name to be of."""
    if name in scope.declared_global:
        while scope.parent is not None:
            scope = scope.parent
        return scope
    around = scope.parent if name in scope.declared_nonlocal else None
    while around is not None and not (around.kind == "function" and name in around.ever):
        around = around.parent
    return around


def seen(walk: Expressions, node: cst.Call, spelled: str) -> None:
    """Leave the queries of the names that `locals()` gives, or that the text for `eval()` may ask."""
    if spelled not in _RUNNING and (spelled not in _LISTING or node.args):
        return
    text = names.literal_string(node.args[0].value) if spelled in _RUNNING and node.args else None
    scope: Scope | None = walk.scope
    reached = spelled == "globals"
    while scope is not None:
        if not reached or scope.parent is None:
            found = scope.log if scope.parent is None else scope.names.items()
            for name, binding in [*found]:
                if any(held(binding.type)) and (text is None or re.search(rf"\b{re.escape(name)}\b", text)):
                    walk.lose(binding.type, node, f"`{spelled}()` reads `{name}`, unseen")
        reached = reached or (spelled in _LISTING and scope.kind not in {"comprehension", "lambda"})
        scope = scope.parent if spelled != "locals" or not reached else None
