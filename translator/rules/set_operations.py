"""`union(a, b, order_by=…)`: clauses of a set operation are methods.

2.0 takes the statements alone.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import clauses, contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "ids = union(select(User.id), select(Order.id), order_by=['id'], limit=3)"
AFTER = "ids = union(select(User.id), select(Order.id)).order_by('id').limit(3)"
ON = on_call("union", "union_all", "intersect", "intersect_all", "except_", "except_all")


def rewrite(site: Site, here: Context) -> Outcome:
    """Turn the keywords into methods."""
    call = cst.ensure_type(site.node, cst.Call)
    keywords = _keywords(call)
    if keywords is None:
        return Decline("its clauses are unpacked from a variable; use methods", Severity.REMOVED)
    if not keywords:
        return None
    found = clauses.read(keywords, (), clauses.SELECT, here)
    if isinstance(found, Decline):
        return found

    def build(updated: cst.Call) -> Replacement:
        rewritten = _keywords(updated) or []
        again = clauses.read(rewritten, (), clauses.SELECT, here, keywords)
        assert isinstance(again, clauses.Clauses)
        kept = [arg for arg in updated.args if arg.keyword is None and arg.star != "**"]
        kept[-1] = kept[-1].with_changes(
            comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=updated.args[-1].whitespace_after_arg
        )
        made = chains.attach(updated.with_changes(args=kept, lpar=[], rpar=[]), again.links)
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "clauses of a set operation are methods in 2.0", Need.REQUIRED)


def _keywords(call: cst.Call) -> list[cst.Arg] | None:
    """Its keywords, those of an unpacked dict that is written out too: `**{"order_by": order}`; None for any other."""
    found: list[cst.Arg] = []
    for arg in call.args:
        if arg.keyword is not None:
            found.append(arg)
        elif arg.star == "**":
            items = arg.value.elements if isinstance(arg.value, cst.Dict) else [None]
            for item in items:
                name = names.literal(item.key) if isinstance(item, cst.DictElement) else None
                if not isinstance(item, cst.DictElement) or not isinstance(name, str):
                    return None
                found.append(cst.Arg(item.value, cst.Name(name)))
    return found
