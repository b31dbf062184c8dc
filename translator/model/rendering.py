"""Queries that are handed to a template of Flask: one that the template walks once, and nothing else, is walked.

It is executed before the template is rendered then, so nothing may be called in between that could change what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.sites import SiteKind
from translator.model.types import Imported, Query, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

WALKED = "template"
GIVEN = "template out of sight"
"""How a query is walked that a template is given which is not in sight: as a list, if it is converted at all."""
_RENDERING = frozenset(
    f"{module}.{name}"
    for module in ("flask", "flask.templating")
    for name in ("render_template", "render_template_string")
)
_FREE = "render_template"
_HARMLESS = frozenset({"url_for", "len", "str", "int", "gettext", "_"})
"""Functions that change nothing in a database."""


def visitor(walk: Expressions, node: cst.Call, called: Type) -> Callable[[cst.BaseExpression], Type] | None:
    """What looks at the arguments of a call that renders a template by its name; None for any other call."""
    pasted = walk.fragment and names.dotted(node.func) == _FREE and walk.scope.look_up(_FREE) is None
    if not pasted and not (isinstance(called, Imported) and called.name in _RENDERING):
        return None
    template = names.literal_string(node.args[0].value) if node.args and not node.args[0].star else None
    spelled = names.code(node.func)

    def visit(value: cst.BaseExpression) -> Type:
        kind = walk.expression(value)
        at, arg = next((at, arg) for at, arg in enumerate(node.args) if arg.value is value)
        asked = template is not None and arg.keyword is not None and isinstance(kind, Query)
        place = walk.program.rendered(template or "", arg.keyword.value if arg.keyword else "") if asked else None
        calm = _calm(node.args[at + 1 :])
        if place == "" and calm and isinstance(kind, Query):
            walk.site(SiteKind.ITERATION, value, WALKED, kind, result=kind)
            return kind
        if place is None and arg.keyword is not None and isinstance(kind, Query):
            walk.site(SiteKind.ITERATION, value, GIVEN, kind, result=kind)
        reason = f"it is passed to `{spelled}()`, which is not in sight"
        if place is not None:
            used = (
                f"{place} does something else than walk it once" if place else "what is called after it may change rows"
            )
            reason = f"it is passed to `{spelled}()`, and {used}: hand it what it shows, e.g. a list and a count"
        walk.lose(kind, value, reason, convertible=True)
        return kind

    return visit


def _calm(later: Sequence[cst.Arg]) -> bool:
    """Whether nothing is called in the arguments that come later which could change what a query finds."""
    called = (inner for arg in later for inner in names.below(arg.value))
    calls = (inner for inner in called if isinstance(inner, (cst.Call, cst.Await)))
    return all(isinstance(call, cst.Call) and names.dotted(call.func) in _HARMLESS for call in calls)
