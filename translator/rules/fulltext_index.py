"""`Index("i", func.to_tsvector("english", t.c.a))` says that the configuration is a literal: 2.x has none of its type in DDL.

1.x took the string for any other. 2.x gives it the type REGCONFIG, which can be bound in a query, but not be written into
`CREATE INDEX`, or the expression of a computed column: a CompileError where the table is made.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#full-text-search"
_EXAMPLE = (
    "from sqlalchemy import Column, Index, MetaData, Table, Text, func{}\n\n"
    "pages = Table('pages', MetaData(), Column('body', Text))\n"
    "Index('pages_body', func.to_tsvector({}, pages.c.body), postgresql_using='gin')"
)
BEFORE = _EXAMPLE.format("", "'english'")
AFTER = _EXAMPLE.format(", literal", "literal('english')")
ON = on_call("Index", "Computed")

_FUNCTIONS = frozenset(
    {"to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery", "ts_headline"}
)
"""What 2.x knows of PostgreSQL's functions whose first of several arguments is a configuration."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Make literals of the configurations that are strings."""
    if not site.name.startswith("sqlalchemy."):
        return None
    given = [found.args[0].value for node in names.below(site.node) if (found := _configured(node)) is not None]
    strings = [value for value in given if names.literal_string(value) is not None]
    other = next((value for value in given if isinstance(value, (cst.Name, cst.Attribute))), None)
    if not strings:
        if other is None:
            return None
        said = f"if `{names.code(other)}` is a string, 2.x can't write it into DDL: give literal({names.code(other)})"
        return Decline(said, Severity.NOTE)
    literal = here.name("sqlalchemy", "literal")

    def build(updated: cst.Call) -> Replacement:
        return cst.ensure_type(updated.visit(_Literals(literal)), cst.Call)

    reason = "2.x gives the configuration of a text search a type that DDL has no literals of"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED)


def _configured(node: cst.CSTNode) -> cst.Call | None:
    """The call of a function that is given a configuration."""
    if not isinstance(node, cst.Call) or len(names.positional(node)) < 2 or node.args[0].star:
        return None
    parts = (names.dotted(node.func) or "").split(".")
    return node if parts[-1] in _FUNCTIONS and parts[-2:-1] == ["func"] else None


class _Literals(cst.CSTTransformer):
    """Makes a literal of each configuration."""

    def __init__(self, literal: cst.BaseExpression) -> None:
        super().__init__()
        self._literal = literal

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """The first argument of such a call."""
        found = _configured(updated_node)
        if found is None or names.literal_string(found.args[0].value) is None:
            return updated_node
        first = found.args[0].with_changes(value=cst.Call(self._literal, [cst.Arg(found.args[0].value)]))
        return found.with_changes(args=[first, *found.args[1:]])
