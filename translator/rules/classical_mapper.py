"""Classes are mapped to tables by a registry: `mapper(User, users)` is `mapper_registry.map_imperatively(User, users)`.

1.x kept one registry for all of them out of sight; strings that name classes were not looked up in it. So each module may
have a registry of its own, which is made before the first class is mapped. A class without a constructor gets one that
takes keywords; 1.x gave it none.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Severity
from translator.model.module import ModuleModel
from translator.model.sites import Site, SiteKind
from translator.rules import contract, dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#the-original-mapper-function-now-a-core-element-of-declarative-renamed"
BEFORE = (
    "from sqlalchemy import Column, Integer, MetaData, Table\nfrom sqlalchemy.orm import mapper\n\n"
    "users = Table('users', MetaData(), Column('id', Integer, primary_key=True))\n\n\n"
    "class User:\n    pass\n\n\nmapper(User, users, properties={'number': users.c.id})"
)
AFTER = BEFORE.replace("import mapper", "import registry").replace(
    "mapper(User", "mapper_registry = registry()\nmapper_registry.map_imperatively(User"
)
ON = on_call("mapper")

_FULL = "sqlalchemy.orm.mapper"
_NAMES = ("mapper_registry", "classical_registry", "imperative_registry")
_POSITIONAL = ("class_", "local_table", "properties", "primary_key")
"""What 1.x took by its place; `map_imperatively()` takes the first two so."""
_GONE = {"non_primary": ("False", "None"), "order_by": ("None", "False"), "extension": ("None", "[]")}
_INSTEAD = {
    "non_primary": "map an aliased class, and give it to relationship()",
    "order_by": "give order_by() to the statements",
    "extension": "register listeners with event.listen()",
}


def rewrite(site: Site, here: Context) -> Outcome:
    """Map the class by the module's registry, which is made before the first class is mapped."""
    if site.name != _FULL:
        return None
    answer = _gone(site)
    if isinstance(answer, Decline):
        return answer
    statement = _first(here.model)
    registry = names.code(here.name("sqlalchemy.orm", "registry"))
    name = _name(here.model)
    made = Insertion(statement, (), f"{name} = {registry}()", before=True)

    def build(updated: cst.Call) -> Replacement:
        args = [
            arg.with_changes(keyword=cst.Name(_POSITIONAL[i]), equal=_equal())
            if i > 1 and arg.keyword is None and not arg.star
            else arg
            for i, arg in enumerate(dropping.without(updated.args, answer))
        ]
        return updated.with_changes(func=names.path(f"{name}.map_imperatively"), args=args)

    reason = "mapper() is gone: a registry maps classes to tables"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, insertions=(made,))


def _first(model: ModuleModel) -> cst.BaseStatement:
    """The first statement of the module that holds a call to be rewritten."""
    sites = [site for site in model.sites if site.kind is SiteKind.CALL and site.name == _FULL]
    holding = {site.ancestors[0] for site in sites if not isinstance(_gone(site), Decline)}
    return next(statement for statement in model.tree.body if id(statement) in holding)


def _gone(site: Site) -> list[str] | Decline:
    """Arguments that did nothing; a word about those that 2.x can't take."""
    call = cst.ensure_type(site.node, cst.Call)
    harmless, meant = dropping.given(call, _GONE)
    if meant:
        return Decline(f"mapper({meant[0]}=…) is gone from 2.0: {_INSTEAD[meant[0]]}", Severity.REMOVED)
    if len(names.positional(call)) > len(_POSITIONAL):
        return Decline("mapper() is gone from 2.0: call map_imperatively() of a registry()", Severity.REMOVED)
    return harmless


def _name(model: ModuleModel) -> str:
    words = model.words(model.tree)
    return next((name for name in _NAMES if name not in words), f"{_NAMES[0]}_")


def _equal() -> cst.AssignEqual:
    return cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
