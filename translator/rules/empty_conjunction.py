"""`and_()` and `or_()` want at least one criterion: a list that may be empty is flagged.

1.x and 2.0 leave an empty one out of the statement, with a warning that it will be refused. In a WHERE
`and_(true(), *criteria)` says the same. It does not in a HAVING, which groups all rows, nor in an `or_()`, which then finds
all; and `or_(false(), *criteria)` finds nothing where an empty `or_()` found all rows.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Safety
from translator.model.sites import Site
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.and_"
BEFORE = "criteria = [User.id > 1]\nstmt = select(User).where(and_(*criteria))"
AFTER = "criteria = [User.id > 1]\nstmt = select(User).where(and_(true(), *criteria))"
ON = on_call("and_", "or_")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give `and_()` a first criterion that says nothing."""
    call = cst.ensure_type(site.node, cst.Call)
    if any(not arg.star for arg in call.args) or any(arg.star == "**" for arg in call.args):
        return None
    if _guarded(site, call):
        return None
    if site.name.endswith("or_"):
        return Decline(
            "an or_() of nothing is deprecated; guard it, `if criteria: stmt = stmt.where(or_(*criteria))` keeps all rows "
            "where there are none, or_(false(), *criteria) would find none"
        )
    if not _narrows(site):
        return Decline(
            "an and_() of nothing is deprecated, and here true() in its place may not say the same: HAVING true groups all "
            "rows, or_(true(), …) finds all; guard it with `if criteria:`, or write where(*criteria) or having(*criteria)"
        )
    true = here.name("sqlalchemy", "true")

    def build(updated: cst.Call) -> Replacement:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if updated.args else cst.MaybeSentinel.DEFAULT
        return updated.with_changes(args=[cst.Arg(cst.Call(true), comma=comma), *updated.args])

    return Rewrite((edit(site, build),), "an and_() of nothing is deprecated; true() says the same", safety=Safety.SAFE)


def _narrows(site: Site) -> bool:
    """Whether it is a criterion of a WHERE, or one of several of which all have to be met."""
    for node in reversed(site.around):
        match node:
            case cst.Call(func=cst.Attribute(attr=cst.Name(value="where" | "filter"))):
                return True
            case cst.Call(func=func) if (names.dotted(func) or "").rpartition(".")[2] == "and_":
                continue
            case cst.BinaryOperation(operator=cst.BitAnd()):
                continue
        return False
    return False


def _guarded(site: Site, call: cst.Call) -> bool:
    """Whether it only runs where the one list that it is given holds something: `and_(*found) if found else …`."""
    if any(_filled(arg.value) for arg in call.args):
        return True
    if len(call.args) != 1:
        return False
    given = _walked(call.args[0].value)
    inside = {id(node) for node in (*site.around, site.node)}
    for node in site.around:
        if isinstance(node, cst.IfExp) and id(node.body) in inside and _tested(node.test) == given is not None:
            return True
        runs = isinstance(node, cst.If) and any(id(line) in inside for line in node.body.body)
        if runs and _tested(cst.ensure_type(node, cst.If).test) == given is not None:
            return True
    return False


def _filled(node: cst.BaseExpression) -> bool:
    """Whether a list is written out that holds something: `[User.id > 1, *more]`."""
    return isinstance(node, (cst.List, cst.Tuple)) and any(isinstance(e, cst.Element) for e in node.elements)


def _walked(node: cst.BaseExpression) -> str | None:
    """The list that criteria are, or that they are made of one by one: `[Tag.name == n for n in names]`."""
    if isinstance(node, (cst.ListComp, cst.GeneratorExp)):
        clause = node.for_in
        return None if clause.ifs or clause.inner_for_in is not None else names.dotted(clause.iter)
    return names.dotted(node)


def _tested(test: cst.BaseExpression) -> str | None:
    """The list whose being filled a test asks about: `criteria`, `len(criteria)`, `len(criteria) > 0`, `criteria != []`."""
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        asked = test.comparisons[0]
        compared = names.code(asked.comparator)
        more = isinstance(asked.operator, (cst.GreaterThan, cst.GreaterThanEqual)) and compared.isdigit()
        some = more and (compared != "0" or isinstance(asked.operator, cst.GreaterThan))
        other = isinstance(asked.operator, cst.NotEqual) and compared in {"0", "[]"}
        return _tested(test.left) if some or other else None
    if isinstance(test, cst.Call) and len(test.args) == 1 and names.dotted(test.func) == "len":
        return names.dotted(test.args[0].value)
    return names.dotted(test)
