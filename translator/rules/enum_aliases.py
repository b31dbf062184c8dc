"""`Enum(SomeEnum)` leaves out aliases of members in 2.0, which changes the type's values and its CHECK constraint.

1.x took every name of the class; `omit_aliases=False` asks for that.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model.sites import Site
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/core/type_basics.html#sqlalchemy.types.Enum.params.omit_aliases"
BEFORE = (
    "import enum\n\nfrom sqlalchemy import Enum\n\n\nclass Mood(enum.Enum):\n    ok = 1\n    fine = 1\n    bad = 2\n\n\n"
    "mood = Enum(Mood)"
)
AFTER = BEFORE.replace("Enum(Mood)", "Enum(Mood, omit_aliases=False)")
ON = on_call("Enum")


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask for the aliases where the class has some."""
    call = cst.ensure_type(site.node, cst.Call)
    given = names.positional(call)
    if len(given) != 1 or given[0].star or names.starred(call) or names.keyword(call, "omit_aliases") is not None:
        return None
    if not here.model.mapping.has_aliases(names.dotted(given[0].value) or ""):
        return None

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)
        first = args[0]
        space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        added = chains.argument("False", "omit_aliases")
        if len(args) > 1:
            added = added.with_changes(comma=space)
        comma = first.comma if isinstance(first.comma, cst.Comma) else space
        return updated.with_changes(args=[first.with_changes(comma=comma), added, *args[1:]])

    return Rewrite((edit(site, build),), "2.0 leaves out names that are aliases of a member", Need.REQUIRED)
