"""`Query.options()` stays on the statement.

Query took options in lists, too, which a select() wants unpacked. The strings of loader options are the affair of their
own rule. A collection that an option loads by a join spreads an object over several rows, so that `unique()` is added
where the rows are fetched.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.model.types import UNKNOWN, Group, Many
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).options(joinedload(User.orders)).all()"
AFTER = "users = session.scalars(select(User).options(joinedload(User.orders))).unique().all()"
ON = on_query("options")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the options."""
    call = cst.ensure_type(site.node, cst.Call)
    for arg in call.args:
        made = arg.value
        if isinstance(made, cst.Call) and (names.dotted(made.func) or "").rpartition(".")[2] == "contains_alias":
            if len(call.args) > 1 or chains.comment_before(call):
                return Decline("contains_alias() does nothing any more; delete it")
            return Rewrite((edit(site, chains.unlinked),), "contains_alias() does nothing any more")
    listed = [arg for arg in call.args if arg.star == "" and _is_list(arg.value, here)]
    unknown = [
        arg.value
        for arg in call.args
        if arg.star == "" and arg not in listed and here.model.type_of(arg.value) is UNKNOWN and names.dotted(arg.value)
    ]
    remarks = tuple(
        Decline(
            f"if `{names.code(value)}` is a list, a select() wants it unpacked, as in options(*{names.code(value)})"
        )
        for value in unknown
    )
    if not listed:
        return Rewrite((), "options are the same on a select()", remarks=remarks)
    if any(map(_nested, listed)):
        return Decline("options() is given lists in lists, which a select() does not look into; give it the options")

    def build(updated: cst.Call) -> Replacement:
        pairs = zip(call.args, updated.args, strict=True)
        return updated.with_changes(
            args=[a for old, new in pairs for a in (_unpacked(new) if old in listed else [new])]
        )

    return Rewrite((edit(site, build),), "a select() takes options one by one, not in a list", remarks=remarks)


def _is_list(node: cst.BaseExpression, here: Context) -> bool:
    """Whether an argument is a list of options, written out or not; or the `*options` of the function around."""
    function = next((n for n in reversed(here.around) if isinstance(n, cst.FunctionDef)), None)
    star = function.params.star_arg if function is not None else None
    rest = isinstance(star, cst.Param) and names.code(node) == star.name.value
    return rest or isinstance(node, _SEQUENCES) or isinstance(here.model.type_of(node), (Many, Group))


def _nested(arg: cst.Arg) -> bool:
    value = arg.value
    return isinstance(value, (cst.List, cst.Tuple)) and any(isinstance(e.value, _SEQUENCES) for e in value.elements)


def _unpacked(arg: cst.Arg) -> list[cst.Arg]:
    """The options one by one where the list stands on a line, else as `*[…]`."""
    value = arg.value
    if isinstance(value, (cst.List, cst.Tuple)) and value.elements and "\n" not in names.code(value):
        starred = [isinstance(element, cst.StarredElement) for element in value.elements]
        args = [
            cst.Arg(e.value, star="*" if star else "", comma=e.comma)
            for e, star in zip(value.elements, starred, strict=True)
        ]
        return [*args[:-1], args[-1].with_changes(comma=arg.comma, whitespace_after_arg=arg.whitespace_after_arg)]
    if isinstance(value, cst.GeneratorExp) and not value.lpar:
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return [arg.with_changes(star="*", value=value)]


_SEQUENCES = (cst.List, cst.Tuple, cst.Set, cst.ListComp, cst.GeneratorExp)
