"""Methods of statements that got other names or other arguments: `as_scalar()`, `alias()`, `apply_labels()`, `append_*()`.

`append_whereclause()` and its kin changed the statement in place; the methods that replace them give a new one, which has
to be assigned. That is done where nobody else holds the statement.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Select
from translator.rules import contract, in_place
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#migration-core-usage"
BEFORE = "stmt = select(User.id)\nstmt.append_whereclause(User.id > 1)\nids = stmt.as_scalar()"
AFTER = "stmt = select(User.id)\nstmt = stmt.where(User.id > 1)\nids = stmt.scalar_subquery()"

_RENAMED = {
    "as_scalar": ("scalar_subquery", Need.STYLE),
    "alias": ("subquery", Need.STYLE),
    "column": ("add_columns", Need.STYLE),
}
_APPENDED = {
    "append_column": "add_columns", "append_whereclause": "where", "append_order_by": "order_by",
    "append_group_by": "group_by", "append_having": "having", "append_from": "select_from",
    "append_prefix": "prefix_with", "append_correlation": "correlate",
}  # fmt: skip
_LISTS = frozenset({"with_only_columns", "returning"})
ON = on_member(
    "Select.apply_labels", "Select.select", "Select.froms", "Select.locate_all_froms", "Select.replace_selectable",
    "Text.as_scalar", "Text.alias",
    *(f"Select.{name}" for name in (*_RENAMED, *_APPENDED, *_LISTS)),
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Use the name or the arguments of 2.0."""
    member = site.name.partition(".")[2]
    statement = site.receiver
    if not isinstance(statement, Select):
        return None
    if not isinstance(site.node, cst.Call):
        return _froms(site) if member == "froms" else None
    if statement.kind == "text" and member != "select":
        return None
    if member in _APPENDED:
        return _appended(site, site.node, _APPENDED[member], here)
    if member in _LISTS:
        return _flattened(site, site.node)
    match member:
        case "apply_labels":
            return _labels(site, here)
        case "select":
            return _selected(site, here, site.node)
        case "locate_all_froms" | "replace_selectable":
            return Decline(
                f"{member}() is an internal affair in 2.0; use get_final_froms() or build the statement anew"
            )
    name, need = _RENAMED[member]

    def build(updated: cst.Call) -> Replacement:
        return chains.renamed(updated, name)

    return Rewrite((edit(site, build),), f"{member}() is called {name}() in 2.0", need)


def _froms(site: Site) -> Rewrite:
    def build(node: cst.CSTNode) -> Replacement:
        attribute = cst.ensure_type(node, cst.Attribute)
        bare = attribute.with_changes(attr=cst.Name("get_final_froms"), lpar=[], rpar=[])
        return cst.Call(bare, lpar=attribute.lpar, rpar=attribute.rpar)

    return Rewrite((Edit(site.node, site.ancestors, build),), "froms is deprecated: get_final_froms() tells the same")


def _appended(site: Site, call: cst.Call, name: str, here: Context) -> Outcome:
    holder = cst.ensure_type(call.func, cst.Attribute).value
    path = names.dotted(holder)
    line = site.parent
    if path is None or site.used or not isinstance(line, cst.Expr) or not in_place.owned(site, here, path):
        return Decline(
            f"{site.name.partition('.')[2]}() changed the statement in place, for whoever else holds it; {name}() gives a "
            "new one, which must be assigned to whatever holds it, or returned",
            Severity.REMOVED,
        )

    def build(node: cst.CSTNode) -> Replacement:
        expression = cst.ensure_type(node, cst.Expr)
        value = chains.renamed(cst.ensure_type(expression.value, cst.Call), name)
        return cst.Assign([cst.AssignTarget(names.path(path))], value, semicolon=expression.semicolon)

    change = Edit(line, site.ancestors[:-1], build)
    safety = Safety.REVIEW if "." in path else Safety.SAFE
    return Rewrite((change,), f"{name}() gives a new statement, which is assigned", Need.REQUIRED, safety)


def _flattened(site: Site, call: cst.Call) -> Outcome:
    if len(call.args) != 1 or call.args[0].star or not isinstance(call.args[0].value, (cst.List, cst.Tuple)):
        return None

    def build(updated: cst.Call) -> Replacement:
        value = updated.args[0].value
        assert isinstance(value, (cst.List, cst.Tuple))
        args = [
            cst.Arg(e.value, star="*" if isinstance(e, cst.StarredElement) else "", comma=e.comma)
            for e in value.elements
        ]
        return updated.with_changes(args=args)

    return Rewrite((edit(site, build),), "2.0 takes the columns as arguments, not as a list", Need.REQUIRED)


def _labels(site: Site, here: Context) -> Rewrite:
    style = here.name("sqlalchemy", "LABEL_STYLE_TABLENAME_PLUS_COL")

    def build(updated: cst.Call) -> Replacement:
        return chains.renamed(updated, "set_label_style").with_changes(args=[cst.Arg(style)])

    return Rewrite((edit(site, build),), "apply_labels() is a label style in 2.0", Need.REQUIRED)


def _selected(site: Site, here: Context, call: cst.Call) -> Outcome:
    if call.args:
        return Decline(
            "select() of a statement is gone: write select(stmt.subquery()) and its clauses", Severity.REMOVED
        )
    select = here.name("sqlalchemy", "select")

    def build(updated: cst.Call) -> Replacement:
        inner = cst.ensure_type(updated.func, cst.Attribute).value
        nested = chains.attach(inner, [Link("subquery")])
        return cst.Call(select, [cst.Arg(nested)], lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "a statement is made a subquery before it is selected from", Need.REQUIRED)
