"""`Inspector.from_engine(engine)` and `Inspector(engine)` become `inspect(engine)`.

2.0 deprecates both in favour of the one function.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call

GUIDE = "https://docs.sqlalchemy.org/en/20/core/reflection.html#fine-grained-reflection-with-inspector"
BEFORE = "from sqlalchemy.engine.reflection import Inspector\n\nlook = Inspector.from_engine(engine)"
AFTER = "from sqlalchemy import inspect\n\nlook = inspect(engine)"
ON = on_call("from_engine", "Inspector")


def rewrite(site: Site, here: Context) -> Outcome:
    """Inspect the engine."""
    call = cst.ensure_type(site.node, cst.Call)
    if "Inspector" not in site.name or len(call.args) != 1 or call.args[0].star:
        return None
    inspect = here.name("sqlalchemy", "inspect")

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=inspect, args=[updated.args[0].with_changes(keyword=None)])

    return Rewrite((edit(site, build),), "inspect() gives an Inspector")
