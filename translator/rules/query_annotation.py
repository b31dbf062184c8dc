"""What is annotated as a Query and holds a statement now is annotated as a Select.

Parameters, variables and what functions return, where every value that comes there has become a statement.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site, SiteKind
from translator.model.types import Plain
from translator.rules import contract, query_creation
from translator.rules.contract import Context, On, Outcome, Rewrite
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = (
    "from sqlalchemy.orm import Query\n\n\ndef _named(query: Query) -> Query:\n    return query.filter(User.name != None)\n\n\n"
    "users = _named(session.query(User)).all()"
)
AFTER = (
    "from sqlalchemy import Select, select\n\n\ndef _named(query: Select) -> Select:\n"
    "    return query.where(User.name != None)\n\n\nusers = session.scalars(_named(select(User))).all()"
)
ON = On(SiteKind.ANNOTATED, frozenset({"annotation"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the statement's class, of any rows where the Query said which."""
    [said] = site.arguments
    spelled = said.start or "" if isinstance(said, Plain) else ""
    name = here.name("sqlalchemy", query_creation.statement_kind(here).capitalize())
    if spelled.endswith("]"):
        wanted = cst.SubscriptElement(cst.Index(here.name("typing", "Any")))
        made: cst.BaseExpression = cst.Subscript(name, [wanted])
    else:
        made = name

    def build(node: cst.CSTNode) -> Replacement:
        if isinstance(node, cst.SimpleString):
            return node.with_changes(value=node.value.replace(spelled, names.code(made)))
        return made

    return Rewrite((Edit(site.node, site.ancestors, build),), "it holds a statement now, which is no Query")
