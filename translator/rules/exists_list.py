"""`exists([column], criterion)` becomes `exists(column).where(criterion)`.

2.0 takes a column or a statement, and no clauses.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Entity, TableValue
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "some = exists([Order.id], Order.user_id == User.id)"
AFTER = "some = exists(Order.id).where(Order.user_id == User.id)"
ON = on_call("exists")


_CLAUSES = {"whereclause": "where", "from_obj": "select_from"}


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the columns out of their list, and the clauses out of the arguments."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not isinstance(call.args[0].value, cst.List) or call.args[0].star:
        return None
    clauses = _clauses(call, here)
    if clauses is None:
        return Decline(
            "exists() takes no clauses as arguments in 2.0; use where(), select_from() and correlate()", _GONE
        )
    elements = call.args[0].value.elements
    if not elements or any(isinstance(element, cst.StarredElement) for element in elements):
        return Decline("exists() takes its columns one by one, or a select()", _GONE)
    first = elements[0].value
    kinds = {cst.Integer: "literal", cst.SimpleString: "literal_column"}  # the one string that 1.x takes is "*"
    literal = here.name("sqlalchemy", kinds[type(first)]) if type(first) in kinds else None
    select = here.name("sqlalchemy", "select") if len(elements) > 1 else None

    def build(updated: cst.Call) -> Replacement:
        columns = [element.value for element in cst.ensure_type(updated.args[0].value, cst.List).elements]
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if select is not None:
            given = [cst.Arg(column, comma=comma) for column in columns[:-1]] + [cst.Arg(columns[-1])]
            value: cst.BaseExpression = cst.Call(select, given)
        else:
            value = cst.Call(literal, [cst.Arg(columns[0])]) if literal is not None else columns[0]
        only = updated.args[0].with_changes(value=value, keyword=None, comma=cst.MaybeSentinel.DEFAULT)
        links = [Link(name, _given(updated.args[at].value)) for at, name in clauses]
        return chains.attach(updated.with_changes(args=[only]), links, cst.SimpleWhitespace(""))

    return Rewrite(
        (edit(site, build),), "2.0 takes the columns of exists() as arguments, clauses by methods", Need.REQUIRED
    )


_GONE = Severity.REMOVED


def _clauses(call: cst.Call, here: Context) -> list[tuple[int, str]] | None:
    """The arguments after the columns that are clauses, by their places; None where one is not understood."""
    found: list[tuple[int, str]] = []
    for at, arg in enumerate(call.args[1:], 1):
        keyword = "whereclause" if arg.keyword is None and at == 1 else arg.keyword.value if arg.keyword else ""
        unclear = isinstance(arg.value, (cst.Name, cst.Attribute)) and keyword == "from_obj"  # one, or a list of them
        table = isinstance(here.model.type_of(arg.value), (TableValue, Entity))
        if arg.star or keyword not in _CLAUSES or (unclear and not table):
            return None
        found.append((at, _CLAUSES[keyword]))
    return sorted(found, key=lambda pair: pair[1])  # FROM before WHERE, as it is read


def _given(value: cst.BaseExpression) -> tuple[cst.Arg, ...]:
    """The elements of a list one by one, else the value."""
    if not isinstance(value, (cst.List, cst.Tuple)):
        return (cst.Arg(value),)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    args = [cst.Arg(element.value, comma=comma) for element in value.elements]
    return (*args[:-1], *(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in args[-1:]))
