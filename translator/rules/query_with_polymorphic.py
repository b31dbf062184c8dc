"""`Query.with_polymorphic()` becomes the function of that name, and its subclasses are named through what it gives.

The method re-pointed mentions of the subclasses by itself: `Image.width` is `asset.Image.width` now.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Entity
from translator.rules import contract, repointing, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.rules.query_select_entity_from import throughout
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "people = session.query(Employee).with_polymorphic([Engineer]).filter(Engineer.language != 'C').all()"
AFTER = """employee = with_polymorphic(Employee, [Engineer])
people = session.scalars(select(employee).where(employee.Engineer.language != 'C')).all()"""
ON = on_query("with_polymorphic")

_ADVICE = Decline(
    "with_polymorphic() is gone from Query: take with_polymorphic(Base, [Sub]) before, select that, and name "
    "attributes of subclasses through it",
    Severity.REMOVED,
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Bind the polymorphic alias before the statement and name it throughout."""
    call = cst.ensure_type(site.node, cst.Call)
    entity = repointing.single(terminals.query_of(site))
    if len(call.args) != 1 or call.args[0].keyword is not None or entity is None or chains.comment_before(call):
        return _ADVICE
    given = names.code(call.args[0].value)
    if isinstance(here.model.type_of(call.args[0].value), Entity):
        given = f"[{given}]"  # one class, which the method took by itself
    classes = _classes(names.expression(given))
    if classes is None:
        return _ADVICE
    alias = repointing.alias_name(site, entity, here)
    through = {name: f"{alias}.{name.rpartition('.')[2]}" for name in classes}
    found = throughout(site, entity, {**through, entity: alias}, here)
    where = repointing.place(site)
    if found is None or where is None:
        return _ADVICE
    function = names.code(here.name("sqlalchemy.orm", "with_polymorphic"))

    def build(updated: cst.Call) -> Replacement:
        return chains.unlinked(updated)

    text = f"{alias} = {function}({entity}, {given})"
    return Rewrite(
        (edit(site, build), *found),
        "with_polymorphic() is a function, and subclasses are named through what it gives",
        Need.REQUIRED,
        terminals.safety(terminals.query_of(site), here),
        insertions=(Insertion(where.statement, where.ancestors, text, before=True),),
        gone="Query.with_polymorphic() is gone from 2.0; query what the function with_polymorphic() gives",
    )


def _classes(given: cst.BaseExpression) -> list[str] | None:
    """The subclasses that are asked for; none for all of them by `"*"`; None where they are not in sight."""
    if names.literal_string(given) == "*":
        return []
    if not isinstance(given, (cst.List, cst.Tuple)) or "\n" in names.code(given):
        return None
    paths = [names.dotted(element.value) for element in given.elements]
    return [path for path in paths if path is not None] if all(paths) else None
