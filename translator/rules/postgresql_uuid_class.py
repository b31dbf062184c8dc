"""`Column(postgresql.UUID)`, the class and not an instance of it, says `as_uuid=False`, which 1.x meant there.

Wherever a type is taken, `cast(x, UUID)` and `ARRAY(UUID)` alike: 1.x read and took strings, 2.0 does UUID objects. So it is
with `UNIQUEIDENTIFIER` of SQL Server.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site, SiteKind
from translator.rules import postgresql_uuid
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.UUID"
BEFORE = "from sqlalchemy.dialects.postgresql import ARRAY, UUID\n\nkind = ARRAY(UUID)"
AFTER = "from sqlalchemy.dialects.postgresql import ARRAY, UUID\n\nkind = ARRAY(UUID(as_uuid=False))"
ON = On(SiteKind.NAME, frozenset({"uuid"}))

_TAKING = frozenset(
    """
    Column mapped_column column cast try_cast type_coerce bindparam literal ARRAY with_variant type_descriptor as_mutable
    columns
    """.split()  # noqa: SIM905  (a table reads better as words)
)
_KEYWORDS = frozenset({"type_", "return_type", "existing_type", "item_type"})
_ASKING = frozenset({"isinstance", "issubclass", "compiles"})
_REASON = "{0} gave strings in 1.x and gives UUID objects in 2.0"
_TOLD = f"{_REASON}: write {{0}}(as_uuid=False) where it becomes the type of a column or a value"
_IMPL = f"{_REASON}: write impl = {{0}}(as_uuid=False), unless this type is made with arguments, which {{0}} is given"


def rewrite(site: Site, here: Context) -> Outcome:
    """Make an instance of it where it is taken for a type; tell of what else keeps it."""
    if postgresql_uuid.is_modern(here):
        return None
    inner, around = site.node, list(reversed(site.around))
    while around and isinstance(around[0], cst.IfExp) and around[0].test is not inner:
        inner = around.pop(0)
    outer = around[0] if around else None
    name = site.name.rpartition(".")[2]
    if isinstance(outer, cst.Call) and _takes(outer, inner):
        return Rewrite((Edit(site.node, site.ancestors, _instance),), _REASON.format(name), Need.REQUIRED)
    if _is_harmless(outer, inner is site.node):
        return None
    told = _IMPL if isinstance(outer, cst.Assign) and inner is site.node else _TOLD
    return Decline(told.format(name), Severity.REMOVED)


def _instance(node: cst.CSTNode) -> Replacement:
    expression = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
    return cst.Call(expression, [chains.argument("False", "as_uuid")])


def _takes(call: cst.Call, value: cst.CSTNode) -> bool:
    """Whether a call takes the value as a type."""
    given = next((arg for arg in call.args if arg.value is value and not arg.star), None)
    if given is not None and given.keyword is not None and given.keyword.value in _KEYWORDS:
        return True
    return given is not None and _last(call.func) in _TAKING


def _last(func: cst.BaseExpression) -> str:
    return func.attr.value if isinstance(func, cst.Attribute) else names.code(func)


def _is_harmless(outer: cst.CSTNode | None, bare: bool) -> bool:
    """Whether the class is only asked about, extended, or given another name, whose uses are looked at themselves."""
    if isinstance(outer, cst.Call):
        return _last(outer.func) in _ASKING
    match outer:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return bare and name != "impl"
    return isinstance(
        outer, (cst.Comparison, cst.ClassDef, cst.Subscript, cst.Attribute, cst.FunctionDef, cst.AnnAssign)
    )
