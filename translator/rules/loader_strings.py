"""Loader options name attributes, not strings: `joinedload('orders')` becomes `joinedload(User.orders)`.

In a dotted path the last step alone is loaded as the option says, so the steps before it become `defaultload()`.
`joinedload_all()` and its kin, gone long ago, meant every step. The wildcard `'*'` and the names of groups stay strings.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model import loaders
from translator.model.loaders import Step
from translator.model.signatures import LOADER_OPTIONS
from translator.model.sites import Site
from translator.model.types import LoaderOption, Many
from translator.rules import contract, perhaps_strings
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-joining-loading-on-relationships-uses-attributes-not-strings"
BEFORE = "users = session.query(User).options(joinedload('orders')).all()"
AFTER = "users = session.scalars(select(User).options(joinedload(User.orders))).unique().all()"
ON = on_call(*LOADER_OPTIONS)

_RENAMED = {"eagerload": "joinedload"}
_REASON = "2.0 takes the attributes of a loader's path as attributes, not as strings"


def rewrite(site: Site, here: Context) -> Outcome:
    """Spell the path out."""
    call = cst.ensure_type(site.node, cst.Call)
    name = site.name.rpartition(".")[2]
    gone = name in loaders.EVERY_STEP or name in _RENAMED
    if names.starred(call):
        refused = Decline(f"the path of {name}() is unpacked from a variable", Severity.REMOVED)
        return refused if gone else _held(call, name, here)
    given = [arg for arg in call.args if arg.keyword is None]
    texts = [text for arg in given if (text := names.literal_string(arg.value)) is not None]
    path_of_columns = name in {"defer", "undefer"} and len(given) > 1
    if not gone and not path_of_columns and (not texts or name == "undefer_group" or texts == ["*"]):
        return _held(call, name, here)
    alias = names.keyword(call, "alias")
    if alias is not None and names.literal_string(alias) is not None:
        return Decline(f"{name}() names an alias by a string; take aliased() and of_type()", Severity.REMOVED)
    owners = site.receiver.owners if isinstance(site.receiver, LoaderOption) else ()
    kinds = [here.model.type_of(arg.value) for arg in given]
    columns = name == "load_only"
    path = (
        _columns(given, owners, here)
        if columns
        else loaders.steps([a.value for a in given], kinds, owners, here.model.mapping)
    )
    if path is None or not path:
        return Decline(
            f"{name}() names attributes by strings, which are gone from 2.0, and the class they belong to can't be told "
            "here; name the attributes",
            Severity.REMOVED,
        )
    links = [Link(name, tuple(_argument(step) for step in path))] if columns else _links(name, path)
    return _respelled(site, call, name, links, here)


def _held(call: cst.Call, name: str, here: Context) -> Outcome:
    """What to say of attributes that variables hold: they may hold the names of attributes instead."""
    if name == "undefer_group":
        return None
    given = [(arg.value, here.model.type_of(arg.value)) for arg in call.args if arg.keyword is None]
    for value, kind in given:
        several = isinstance(kind, Many)
        if perhaps_strings.is_string(value, kind.of if isinstance(kind, Many) else kind):
            return perhaps_strings.refusal(value, name, several=several)
    unknown = [value for value, kind in given if perhaps_strings.may_be(value, kind)]
    return Rewrite((), _REASON, remarks=(perhaps_strings.remark(unknown[0], name),)) if unknown else None


def _columns(given: Sequence[cst.Arg], owners: tuple[str, ...], here: Context) -> tuple[Step, ...] | None:
    """The columns of load_only(): several of one class, no path."""
    found: list[Step] = []
    for arg in given:
        one = loaders.steps([arg.value], [here.model.type_of(arg.value)], owners, here.model.mapping)
        if one is None or len(one) != 1:
            return None
        found += one
    return tuple(found)


def _links(name: str, path: Sequence[Step]) -> list[Link]:
    own = name.removesuffix("_all")
    own = _RENAMED.get(own, own)
    before = own if name in loaders.EVERY_STEP else loaders.DEFAULT
    return [Link(own if index == len(path) - 1 else before, (_argument(step),)) for index, step in enumerate(path)]


def _argument(step: Step) -> cst.Arg:
    return cst.Arg(step.node if step.spelled is None else cst.parse_expression(step.spelled))


def _respelled(site: Site, call: cst.Call, name: str, links: Sequence[Link], here: Context) -> Rewrite:
    """The call with the path in links, keywords on the last."""
    keywords = [arg for arg in call.args if arg.keyword is not None]
    method = isinstance(call.func, cst.Attribute) and isinstance(here.model.type_of(call.func.value), LoaderOption)
    first, *rest = links
    kept = first.name == name
    function = None if method or kept else here.name("sqlalchemy.orm", first.name)

    def build(updated: cst.Call) -> Replacement:
        func = updated.func
        if method:
            func = cst.ensure_type(func, cst.Attribute).with_changes(attr=cst.Name(first.name))
        elif function is not None:
            func = function
        args = [*(first.args or ()), *([] if rest else keywords)]
        if len(args) == len(updated.args) and not rest:
            args = [old.with_changes(value=new.value) for old, new in zip(updated.args, args, strict=True)]
        made = cst.Call(func, args)
        if not rest:
            return updated.with_changes(func=func, args=args)
        last = Link(rest[-1].name, (*(rest[-1].args or ()), *keywords))
        return chains.attach(made, [*rest[:-1], last]).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), _REASON, need=Need.REQUIRED)
