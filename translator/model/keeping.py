"""What objects keep: values stored in attributes, and the sessions that they keep under a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import lattice, rows, stored, transactions
from translator.model.lattice import held
from translator.model.types import (
    NONE,
    UNKNOWN,
    Connection,
    Engine,
    Function,
    Instance,
    Keyed,
    LocalClass,
    LocalInstance,
    Query,
    QueryMaker,
    QueryProperty,
    Session,
    SessionRef,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo
    from translator.model.scopes import Scope


def store(walk: Expressions, target: cst.Attribute, kind: Type) -> None:
    """`owner.name = …`"""
    owner = walk.expression(target.value)
    walk.functions.classes.mention(target.attr.value, target)
    _forget(walk, names.dotted(target))
    transactions.forgotten(walk, names.dotted(target))
    name = target.attr.value
    key = walk.functions.classes.key(owner)
    kind = lattice.mapped(kind, lambda query: _kept_session(walk, _of_object(walk, query, target.value, key), key))
    if isinstance(kind, QueryMaker):
        kind = replace(kind, session=_kept(walk, kind.session, key))
    if key is None or not name.startswith("_"):
        rows.kept(walk, target, kind)
    followed = name.startswith("_") or isinstance(kind, QueryMaker)
    kept = key is not None and (followed or _is_a_test(walk, key))
    if not kept:
        reason = f"it is stored in `{names.code(target)}`"
        walk.lose(kind, target, reason, convertible=key is not None)
        if key is not None and (id(target), reason) in walk.escapes:
            walk.escapes[id(target), reason] = replace(walk.escapes[id(target), reason], stored=name)
    if isinstance(kind, Session):
        kind = replace(kind, origin=None)
    if key is not None:
        function = walk.function.key if walk.function is not None else 0
        if kind is not NONE and walk.functions.classes.written(key, name, id(target), function):
            walk.functions.stir("class", key)
        walk.functions.classes.store(key, name, kind)
        stored.note(walk, target, key, kind)
        if any(held(kind)) and not any(held(walk.functions.classes.settled(key, name))):
            walk.lose(kind, target, f"`{names.code(target)}` holds something else at another time")
    elif isinstance(kind, (Engine, Connection)):
        _keep_path(walk, target, lattice.shared(kind))
    elif isinstance(kind, QueryProperty) and (spelled := names.dotted(target.value)):
        _asked_of(walk, spelled, kind)


def based(walk: Expressions, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
    """`Base = declarative_base(cls=Model)`: what extends `Base` has the `query` of `Model`."""
    if not isinstance(value, cst.Call) or not isinstance(target, cst.Name):
        return
    called = value.func.attr if isinstance(value.func, cst.Attribute) else value.func
    own = isinstance(walk.types.get(id(value.func)), Function)
    if own or not isinstance(called, cst.Name) or called.value not in {"declarative_base", "generate_base"}:
        return
    given = names.keyword(value, "cls")
    kind = walk.member(walk.types.get(id(given), UNKNOWN), "query") if given is not None else UNKNOWN
    if isinstance(kind, QueryProperty):
        _asked_of(walk, target.value, kind)


def _asked_of(walk: Expressions, spelled: str, kind: QueryProperty) -> None:
    """Note the `query` of a class that is no class statement."""
    if walk.functions.query_properties.get(spelled) != kind:
        walk.functions.stir("query_property")
    walk.functions.query_properties[spelled] = kind


def store_item(walk: Expressions, target: cst.Subscript, kind: Type) -> None:
    """`engines[key] = …`, in a dict of an object or of the module: one of them comes out, whatever the key.

    Not e.g. `settings["engine"] = …`, which stands beside other things.
    """
    index = target.slice[0].slice
    named = not isinstance(index, cst.Index) or names.literal_string(index.value) is not None
    if not isinstance(kind, (Engine, Connection)) or named:
        return
    keyed = Keyed(lattice.shared(kind))
    if isinstance(target.value, cst.Attribute):
        key = walk.functions.classes.key(walk.types.get(id(target.value.value), UNKNOWN))
        if key is not None:
            walk.functions.classes.store(key, target.value.attr.value, keyed)
    elif isinstance(target.value, cst.Name) and target.value.value not in walk.scope.names:
        binding = walk.scope.look_up(target.value.value)
        if binding is not None and isinstance(binding.type, Keyed):
            _module(walk.scope).bind(target.value.value, keyed, binding.bound_by)


def _module(scope: Scope) -> Scope:
    return scope if scope.parent is None else _module(scope.parent)


def _keep_path(walk: Expressions, target: cst.Attribute, kind: Type) -> None:
    """`g.conn = …`, `self.local.conn = …`: on something of which nothing is known, but that has the same name elsewhere."""
    at = _place(walk, target)
    if at is None:
        return
    known = walk.functions.kept_paths.get(at)
    now = kind if known is None else lattice.join(known, kind)
    if now != known:
        walk.functions.kept_paths[at] = now
        walk.functions.stir("module", walk.unit.index)


def under_path(walk: Expressions, node: cst.Attribute) -> Type:
    """What the text keeps under this path of something of which nothing is known."""
    if not walk.functions.kept_paths:
        return UNKNOWN
    at = _place(walk, node)
    kept = walk.functions.kept_paths.get(at, UNKNOWN) if at is not None else UNKNOWN
    return transactions.known(walk, node, kept)


def _place(walk: Expressions, node: cst.Attribute) -> tuple[int, str] | None:
    """A path by the module, or by the class that its first name is an object of; None where that is a local name."""
    root, _, rest = (names.dotted(node) or "").partition(".")
    if not rest:
        return None
    binding = walk.scope.look_up(root)
    key = walk.functions.classes.key(binding.type) if binding is not None else None
    if key is not None:
        return walk.functions.classes.root(key), rest
    scope = walk.scope
    while scope.parent is not None:
        if root in scope.ever:
            return None
        scope = scope.parent
    return walk.unit.index, f"{root}.{rest}"


def _forget(walk: Expressions, path: str | None) -> None:
    """From here on a path means another session than that of the queries which were made on it."""

    def lost(query: Query) -> Query:
        text = query.session.text if query.session is not None else ""
        if path is None or not (text == path or text.startswith(f"{path}.")):
            return query
        return replace(query, session=SessionRef(text, stable=False, binding=-1))

    for name, binding in list(walk.scope.names.items()):
        if any(held(binding.type)):
            walk.scope.names[name] = replace(binding, type=lattice.mapped(binding.type, lost))


def _is_a_test(walk: Expressions, key: int) -> bool:
    """Whether a class is a unittest: nothing but itself and its subclasses looks into its objects."""
    family = walk.functions.classes.family(key)
    return any(spelled.rpartition(".")[2].endswith("TestCase") for info in family for spelled in info.foreign_bases)


def keep_session(walk: Expressions, target: cst.BaseExpression, value: cst.BaseExpression, kind: Type) -> None:
    """Note that an object keeps a session that is a local name here: `self.session = session`."""
    local, kept = names.dotted(value), names.dotted(target)
    may_be = isinstance(target, cst.Attribute) and (kind is UNKNOWN or isinstance(kind, Session))
    if local and kept and may_be:
        walk.functions.kept_sessions[walk.binding_of(local), local] = walk.reference(kept)


def _kept_session(walk: Expressions, query: Query, key: int | None) -> Query:
    """The query with its session under the name that the object keeps it by; none where that is given another one."""
    return query if query.session is None else replace(query, session=_kept(walk, query.session, key))


def _of_object(walk: Expressions, query: Query, owner: cst.BaseExpression, key: int | None) -> Query:
    """The query with its session as the object's own, where it is kept there: `pager.query = pager.query.filter(…)`."""
    ref, path = query.session, names.dotted(owner)
    if ref is None or key is None or path is None or not ref.text.startswith(f"{path}.") or path == "self":
        return query
    if not ref.stable or ref.binding != walk.binding_of(path):
        return query
    own = f"self{ref.text[len(path) :]}"
    return replace(query, session=SessionRef(own, stable=True, binding=walk.functions.classes.root(key)))


def _kept(walk: Expressions, ref: SessionRef, key: int | None) -> SessionRef:
    kept = walk.functions.kept_sessions.get((ref.binding, ref.text), ref)
    root, _, path = kept.text.partition(".")
    if root == "self" and key is not None and not walk.functions.classes.keeps(key, names.root(path)):
        return SessionRef(kept.text, stable=False, binding=-1)
    return kept


def gives_what_is_kept(walk: Expressions, func: cst.BaseExpression) -> bool:
    """Whether a function in sight does nothing but give what stands under a path: `def session(self): return self.app.db`.

    It gives the same session again then, as `self.app.db` would.
    """
    kind = walk.types.get(id(func))
    owner = walk.types.get(id(func.value)) if isinstance(func, cst.Attribute) else None
    if (
        not isinstance(kind, Function)
        and isinstance(owner, (LocalInstance, Instance))
        and isinstance(func, cst.Attribute)
    ):
        key = walk.functions.classes.key(owner)
        kind = walk.functions.classes.member(key, func.attr.value) if key is not None else None
    info = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    if info is None or info.decorators or info.node.asynchronous is not None:
        return False
    if info.owner is not None and walk.functions.classes.overriding(info.owner, info.name):
        return False
    body = [line for line in info.node.body.body if not isinstance(line, cst.SimpleStatementLine) or line.body]
    given = body[-1].body[0] if body and isinstance(body[-1], cst.SimpleStatementLine) else None
    alone = len(body) == (2 if info.node.get_docstring() is not None else 1)
    path = names.dotted(given.value) if alone and isinstance(given, cst.Return) and given.value is not None else None
    own = [param.name.value for param in info.parameter_nodes]
    return path is not None and names.root(path) not in own[0 if info.owner is None else 1 :]


def by_object(walk: Expressions, made: cst.BaseExpression, kind: Type) -> dict[str, str]:
    """The sessions that `Repository(session)` keeps, by the paths that it is given."""
    if not isinstance(kind, LocalInstance) or not isinstance(made, cst.Call) or names.starred(made):
        return {}
    if not isinstance(walk.types.get(id(made.func)), LocalClass):
        return {}  # a method that gives such an object
    method = walk.functions.classes.member(kind.key, "__init__")
    info = walk.functions.info(method.key) if isinstance(method, Function) else None
    if info is None or not info.plain:
        return {}
    params = info.parameter_nodes[1:]
    by_name = {p.name.value: p for p in (*params, *info.node.params.kwonly_params)}
    found: dict[str, str] = {}
    for index, arg in enumerate(made.args):
        param = by_name.get(arg.keyword.value) if arg.keyword else params[index] if index < len(params) else None
        path = names.dotted(arg.value)
        kept = walk.functions.kept_sessions.get((id(param), param.name.value)) if param is not None else None
        once = kept is not None and walk.functions.classes.written_once(kind.key, kept.text.rpartition(".")[2])
        if kept is not None and path is not None and once:
            found[kept.text] = path
    return found


def keep_above(walk: Expressions, info: FunctionInfo, paths: Mapping[str, str | None]) -> None:
    """Note what `Base.__init__(self, session)` keeps of its arguments, given by their paths: the object does so here, too."""
    own = walk.function.parameter_nodes[:1] if walk.function is not None and walk.function.owner is not None else []
    if not own or not info.parameter_nodes or paths.get(info.parameter_nodes[0].name.value) != own[0].name.value:
        return
    for param in (*info.parameter_nodes[1:], *info.node.params.kwonly_params):
        local = paths.get(param.name.value)
        kept = walk.functions.kept_sessions.get((id(param), param.name.value))
        if local is not None and kept is not None:
            rest = kept.text.partition(".")[2]
            walk.functions.kept_sessions[walk.binding_of(local), local] = walk.reference(f"{own[0].name.value}.{rest}")
