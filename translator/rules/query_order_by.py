"""`Query.order_by()`, `group_by()` and `having()` stay, but for what only a Query understood.

`order_by(False)` took the clause away; now `None` does. `text("users_name")` could name a label that Query printed
(`table_column`) and a select() does not: where the class is in sight, the attribute is written instead.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Safety
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.rules import contract, subqueries, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).order_by(User.name).order_by(False).order_by(User.id).all()"
AFTER = "users = session.scalars(\n    select(User).order_by(User.name).order_by(None).order_by(User.id)\n).all()"
ON = on_query("order_by", "group_by", "having")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the clause, unless its argument meant something else to Query."""
    call = cst.ensure_type(site.node, cst.Call)
    first = call.args[0].value if call.args else None
    executed = {s.name for s in here.web.terminals} if here.web is not None else set()
    if site.name == "order_by" and executed in ({"update"}, {"delete"}):
        return Rewrite((edit(site, chains.unlinked),), "UPDATE and DELETE have no order, as order_by(None) said")
    if site.name != "having" and first is not None and names.code(first) == "False":
        return Rewrite((edit(site, _reset),), f"{site.name}(None) takes the clause away; False would be one more of it")
    if (declined := terminals.plain_sql(call, labels=site.name != "having")) is not None:
        return declined
    query = terminals.query_of(site)
    if Fact.COMPOUND in query.may and not subqueries.planned(here):
        return _by_names(site, query, here)
    spelled: list[cst.BaseExpression | None] = []
    for arg in call.args:
        text = _text(arg.value)
        if text is None or not any(_may_be_label(word) for word in _words(text)):
            spelled.append(None)
            continue
        attribute = _attribute(text, query, here) if arg.value is _text_call(arg.value) else None
        if attribute is None and not _real_columns(text, query, here):
            return Decline(
                "text() in this clause may name a label that only Query prints (`table_column`); name the attribute instead"
            )
        spelled.append(attribute)
    if not any(spelled):
        return Rewrite((), "the clause is the same on a select()")

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(
            args=[
                arg if new is None else arg.with_changes(value=new)
                for arg, new in zip(updated.args, spelled, strict=True)
            ]
        )

    return Rewrite((edit(site, build),), "a select() prints no label `table_column`, so the attribute is named")


def _by_names(site: Site, query: Query, here: Context) -> Outcome:
    """ORDER BY over combined statements: columns of the subquery, by their names."""
    call = cst.ensure_type(site.node, cst.Call)
    new: list[cst.BaseExpression] = []
    known = True
    for arg in call.args:
        spelled = queries.unordered(arg.value)
        owner, _, attribute = spelled.rpartition(".")
        label = names.literal_string(arg.value)
        if label is not None and all(e.entity is not None or e.name != label for e in query.shape or ()):
            return Decline(
                f"Query called the columns of combined statements `table_column`, which {label!r} names, and a select() "
                "calls them by their own names: name the attribute"
            )
        if label is not None or not owner:
            new.append(arg.value)
            continue
        known = known and here.model.mapping.has_attribute(owner, attribute) is True
        name = cst.SimpleString(f'"{attribute}"')
        direction = next((d for d in ("desc", "asc") if f"{d}(" in names.code(arg.value)), None)
        new.append(name if direction is None else cst.Call(here.name("sqlalchemy", direction), [cst.Arg(name)]))

    def build(updated: cst.Call) -> Replacement:
        pairs = zip(updated.args, new, strict=True)
        return updated.with_changes(args=[arg.with_changes(value=value) for arg, value in pairs])

    reason = "the ORDER BY means the columns that come out of the combined statements, which are named"
    safety = terminals.safety(query, here) if known else Safety.REVIEW
    return Rewrite((edit(site, build),), reason, safety=safety)


def _reset(call: cst.Call) -> Replacement:
    return call.with_changes(args=[call.args[0].with_changes(value=cst.Name("None"))])


def _text_call(node: cst.BaseExpression) -> cst.Call | None:
    """The `text(…)` that an expression is, or that it is made from: `text("x").desc()`."""
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value == "text" and names.dotted(node.func):
            return node
        node = node.func.value
    named = isinstance(node, cst.Call) and (names.dotted(node.func) or "").rpartition(".")[2] == "text"
    return node if isinstance(node, cst.Call) and named and node.args else None


def _text(node: cst.BaseExpression) -> str | None:
    """What a text() says; "_" where that is not in sight."""
    call = _text_call(node)
    if call is None:
        return None
    return names.literal_string(call.args[0].value) or "_"


def _words(text: str) -> list[str]:
    return [word.strip("\"'`:") for word in text.replace("(", " ").replace(")", " ").replace(",", " ").split()]


def _may_be_label(word: str) -> bool:
    return "_" in word and "." not in word


def _attribute(text: str, query: Query, here: Context) -> cst.BaseExpression | None:
    """The attribute that `users_name` or `users_name desc` means, where one selected class has it."""
    word, *direction = text.split()
    if len(direction) > 1 or (direction and direction[0].lower() not in {"asc", "desc"}):
        return None
    found = [
        f"{selected.name}.{column}"
        for selected in query.shape or ()
        if selected.kind is ElementKind.ENTITY and selected.name == selected.entity
        for mapped in here.model.mapping.family(selected.name)
        for column in mapped.columns
        if mapped.table is not None and f"{mapped.table}_{column}" == word
    ]
    if len(found) != 1 or _real_columns(text, query, here):
        return None
    attribute = cst.parse_expression(found[0])
    return chains.attach(attribute, [Link(d.lower()) for d in direction])


def _real_columns(text: str, query: Query, here: Context) -> bool:
    """Whether the words that look like labels are columns of a table in FROM, or labels that the query gives."""
    given = {element.name for element in query.shape or () if element.entity is None}  # func.count(…).label("count_1")
    labels = [word for word in _words(text) if _may_be_label(word) and word not in given]
    families = [here.model.mapping.family(name) for name in query.froms]
    return not labels or (bool(families) and all(any(w in c.columns for f in families for c in f) for w in labels))
