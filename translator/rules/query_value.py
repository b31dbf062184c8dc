"""`Query.value()` and `Query.values()` become `with_only_columns()` on the statement.

`value(column)` gives the first row's value, or None; `Session.scalar()` does the same. `values()` gives an iterator of
rows; a Result is one. Neither adds a LIMIT.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model import builders
from translator.model.sites import Site
from translator.model.types import Attribute, ElementKind, Fact, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query, only_arguments
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "name = session.query(User).filter(User.id == 1).value(User.name)"
AFTER = "name = session.scalar(select(User).where(User.id == 1).with_only_columns(User.name))"
ON = on_query("value", "values")

_JOINS = frozenset({"join", "outerjoin"})
_WALKED_BY = frozenset({"list", "set", "tuple", "sorted", "iter", "enumerate", "frozenset", "next", "zip", "map"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Select these columns only, and execute the statement."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not only_arguments(call):
        return Decline(f"what {site.name}() selects is not in sight")
    selected = builders.reselected(query, call, site.arguments, here.model.mapping, keep=False)
    if any(element.kind is not ElementKind.COLUMN for element in selected.shape or ()):
        return Decline(f"{site.name}() selects something else than columns; use with_only_columns() by hand")
    if Fact.JOINED in query.may and not _same_joins(query, selected, here):
        return Decline(
            f"{site.name}() takes away what the query joins from; use with_only_columns() on a statement by hand"
        )
    declined = terminals.obstacle(site, here, rows=False)
    if declined is not None:
        return declined
    consumed = _walked(site)
    if site.name == "values" and consumed is None:
        return Decline("values() gives an iterator that is kept; execute the statement where it is walked")
    tail = (Link("all"),) if site.name == "values" and consumed else ()

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        return chains.execute(
            cst.ensure_type(updated.func, cst.Attribute).value,
            terminals.frame_of(updated, site),
            session=terminals.session_of(query),
            method="scalar" if site.name == "value" else "execute",
            suffix=(Link("with_only_columns", tuple(updated.args)),),
            tail=tail,
            indent=here.indent,
        )

    reason = f"{site.name}() replaces what is selected and runs, as the executed with_only_columns() does"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, safety=terminals.safety(query, here))


def _same_joins(query: Query, selected: Query, here: Context) -> bool:
    """Whether the joins begin at what they began at, although `values()` forgot what was selected before.

    A relationship says what it begins at; else that is what is selected, which has to be one class on both sides: not
    e.g. columns of Tables, of which any may be another's, nor two classes, of which the statement remembers both.
    """
    everything = {element.entity for element in (*(query.shape or ()), *(selected.shape or ()))}
    if query.shape and len(everything) == 1 and None not in everything:
        return True
    joins = [site for site in (here.web.sites if here.web is not None else ()) if site.name in _JOINS]
    return bool(joins) and all(any(isinstance(kind, Attribute) for kind in site.arguments[:2]) for site in joins)


def _walked(site: Site) -> bool | None:
    """Whether the rows need to be a list (True) or may be walked as they come (False); None where they are kept."""
    parent = site.parent
    if isinstance(parent, (cst.For, cst.BaseComp)):
        return False
    spelled = names.dotted(parent.func) if isinstance(parent, cst.Call) else None
    if spelled == "dict":
        return True  # a Result has keys(), so dict() takes it for a mapping
    return False if spelled in _WALKED_BY else None
