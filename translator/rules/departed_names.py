"""A name that 2.x has under another name or elsewhere is used by that name: `relation` is `relationship`.

Names that are gone are flagged where they are used; `mapper` is `Mapper` where events are listened to.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model import departed, departed_flask
from translator.model.sites import Site, SiteKind
from translator.model.types import Plain
from translator.options import Target
from translator.rules import contract, old_names, pages
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#migration-core-usage"
BEFORE = "from sqlalchemy.orm import eagerload\n\noption = eagerload(User.orders)"
AFTER = "from sqlalchemy.orm import joinedload\n\noption = joinedload(User.orders)"
ON = On(SiteKind.NAME, frozenset({"moved", "gone", "target", "changed"}))
_GIVEN, _OF_BASES = "model_class", {f"flask_sqlalchemy.model.{name}" for name in ("DefaultMeta", "BindMetaMixin")}
_STATE = f"{departed_flask.STATE}.db"
_GET_ENGINE = "flask_sqlalchemy.SQLAlchemy.get_engine"


def rewrite(site: Site, here: Context) -> Outcome:
    """Use the name of 2.x."""
    full = site.name.partition(":")[2]
    if site.name.startswith("gone"):
        if full in departed.LATER and here.options.target is Target.SA20:
            return None
        if full == _GET_ENGINE and (engine := _engine(site)) is not None:
            return Rewrite((engine,), "the engines are attributes of the extension's object now", Need.REQUIRED)
        if full == _STATE and isinstance(site.node, cst.Attribute):
            return Rewrite((_itself(site),), "the application keeps the extension's object itself", Need.REQUIRED)
        if full in departed.IDLE and (without := _without(site)) is not None:
            return Rewrite((without,), f"`{full.rpartition('.')[2]}()` did nothing and is gone", Need.REQUIRED)
        return Decline(departed.said(full), Severity.REMOVED)
    if site.name.startswith("changed"):
        return _changed(full, here)
    target = departed.TARGETS.get(full) if site.name.startswith("target") else None
    module, name = target or departed.MOVED[full]
    bare = _said(site) if isinstance(site.node, cst.SimpleString) else names.code(site.node)
    remarks = pages.made(full, site.node, site.around)
    if target is None and "." not in bare and old_names.stays(bare, full, here):
        return None
    spelled = here.name(module, name) if target else _spelled(site, here, module, name)

    def build(node: cst.CSTNode) -> Replacement:
        if isinstance(node, cst.SimpleString):
            return node.with_changes(
                value=re.sub(rf"(?<![\w.]){re.escape(_said(site))}\b", names.code(spelled), node.value)
            )
        if isinstance(site.node, cst.Name) and names.code(node) != site.node.value:
            return node  # another rule has written another annotation
        expression = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
        return spelled.with_changes(lpar=expression.lpar, rpar=expression.rpar)

    need = Need.STYLE if full in departed.STYLE or target else Need.REQUIRED
    where = "a builtin" if module == "builtins" else f"`{module}.{name}`"
    return Rewrite((Edit(site.node, site.ancestors, build),), f"`{full}` is {where} now", need, remarks=remarks)


def _changed(full: str, here: Context) -> Outcome:
    """What a name does otherwise than it did; not of a metaclass whose base is given to the extension's object."""
    given = any(_GIVEN in each.words(each.tree) for each in (here.model, *here.program))
    return None if given and full in _OF_BASES else Decline(f"`{full}`: {departed.CHANGED[full]}")


def _said(site: Site) -> str:
    """How an annotation spells the old name."""
    said = site.arguments[0] if site.arguments else None
    return (said.start or "") if isinstance(said, Plain) else ""


def _spelled(site: Site, here: Context, module: str, name: str) -> cst.BaseExpression:
    """The new name: bare where the old one was imported by name, beside the same module, or as the text can say it."""
    node = names.expression(_said(site)) if isinstance(site.node, cst.SimpleString) else site.node
    if module == "builtins" or isinstance(node, cst.Name):
        return cst.Name(name)
    full = site.name.partition(":")[2]
    if isinstance(node, cst.Attribute) and full.rpartition(".")[0] == module:
        return node.with_changes(attr=cst.Name(name))
    return here.name(module, name)


def _itself(site: Site) -> Edit:
    """`app.extensions["sqlalchemy"].db` without its end."""

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Attribute)
        parentheses = {"lpar": [*updated.lpar, *updated.value.lpar], "rpar": [*updated.value.rpar, *updated.rpar]}
        return updated.value.with_changes(**parentheses)

    return Edit(site.node, site.ancestors, build)


def _engine(site: Site) -> Edit | None:
    """`db.get_engine()` is `db.engine`, and that of a bind `db.engines[bind]`.

    An argument by place is the application in version 2 and the bind in version 3, so that one stays.
    """
    call = site.around[-1] if site.around else None
    if not isinstance(call, cst.Call) or call.func is not site.node or len(call.args) > 1:
        return None
    given = next((arg for arg in call.args), None)
    bind = names.keyword(call, "bind")
    if given is not None and (bind is None or given.star):
        return None

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        owner = cst.ensure_type(updated.func, cst.Attribute)
        if bind is None:
            return owner.with_changes(attr=cst.Name("engine"), lpar=updated.lpar, rpar=updated.rpar)
        element = cst.SubscriptElement(cst.Index(updated.args[0].value))
        return cst.Subscript(
            owner.with_changes(attr=cst.Name("engines")), [element], lpar=updated.lpar, rpar=updated.rpar
        )

    return Edit(call, tuple(map(id, site.around[:-1])), build)


def _without(site: Site) -> Edit | None:
    """Takes out the line that is a call and nothing else; where a block may have no other, it becomes `pass`.

    None where there is a comment, which may be of more than the call.
    """
    line, statement = site.around[-3:-1] if len(site.around) > 2 else (None, None)
    if not isinstance(line, cst.SimpleStatementLine) or not isinstance(statement, cst.Expr) or len(line.body) > 1:
        return None
    if cst.ensure_type(statement.value, cst.Call).func is not site.node or "#" in names.code(line):
        return None
    around = site.around[-4] if len(site.around) > 3 else None
    block = around.body if isinstance(around, cst.BaseCompoundStatement) else None
    inside = block is not None and len(block.body) > 1 and any(each is line for each in block.body)
    ancestors = tuple(map(id, site.around[:-3]))
    if around is None or inside:
        return Edit(line, ancestors, lambda _: cst.RemoveFromParent())
    return Edit(line, ancestors, lambda _: line.with_changes(body=[cst.Pass()]))
