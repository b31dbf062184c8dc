"""Queries that are made where nobody looks: by functions, methods and parameters that are not in sight.

Nothing can be said of what they select, so they are never rewritten; but their legacy uses are not passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, core, dynamic, executors, queries
from translator.model.lattice import held
from translator.model.signatures import QUERY_METHODS, Effect
from translator.model.sites import Escape
from translator.model.types import (
    UNKNOWN,
    Attribute,
    Belief,
    Connection,
    Engine,
    Entity,
    Expression,
    Guess,
    Imported,
    LoaderOption,
    Plain,
    Session,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_SESSION_CLASSES = frozenset({"sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session"})
OF_QUERIES = frozenset(
    {
        "all", "first", "one", "one_or_none", "scalar", "paginate", "limit", "offset", "order_by", "filter", "filter_by",
        "distinct", "with_entities", "options", "group_by", "first_or_404",
    }
)  # fmt: skip
"""Methods by which something called `query` shows that it is one; not e.g. `query.get("page")` of a dict."""

_MODEL = re.compile(r"model|cls|class|entity|mapper", re.IGNORECASE)
"""What something is called that holds a mapped class, whichever."""
_NO_COLLECTION = re.compile(r"quer|stmt|statement|select|sql|repo|dao|manager|service|store|table|^q$", re.IGNORECASE)
"""What attributes are called that hold a statement, or what finds objects by criteria."""
BUILDERS = frozenset({"filter", "filter_by", "order_by", "options", "join", "outerjoin", "group_by"})
"""Methods whose arguments show that their receiver is a query or a statement."""
TERMINALS = frozenset(
    {
        "all", "first", "one", "one_or_none", "scalar", "count", "get", "update", "delete", "paginate", "first_or_404",
        "get_or_404", "one_or_404",
    }
)  # fmt: skip
"""Methods that a Query has and a Select has not."""


def named(walk: Expressions, call: cst.Call, node: cst.BaseExpression, method: str) -> Type:
    """What is called `query`, where nothing says what it holds and a method of Query is called on it.

    `MODELS[key].query.get(1)` is one by its owner's name, `request.query.get("page")` is none. Whatever it is called, it
    is one where it is deleted or updated with `synchronize_session=`, which nothing else takes.
    """
    if isinstance(node, cst.Name) and (collection := dynamic.kept(walk, node, call, method)) is not None:
        return collection
    if not walk.about_sqlalchemy:
        return UNKNOWN
    if method in {"update", "delete"} and names.keyword(call, "synchronize_session") is not None:
        return Guess(frozenset({id(node)}), _maker(node), sure=True)
    shown = isinstance(node, cst.Name) and node.value in conventions.QUERY_NAMES and method in OF_QUERIES
    if isinstance(node, cst.Attribute) and node.attr.value == "query":
        like = method in TERMINALS and _MODEL.search(names.code(node.value)) is not None
        shown = like or (method in OF_QUERIES and method not in {"all", "first"})
    return Guess(frozenset({id(node)}), names.code(node)) if shown else UNKNOWN


def walked(walk: Expressions, node: cst.BaseExpression, owner: Type) -> None:
    """What may be a query and is called so, walked: legacy, if it is one."""
    if not isinstance(owner, Guess) or not (owner.sure or owner.built or "query" in owner.made_by):
        return
    reason = f"`{owner.made_by}` gives it, which is not in sight; convert that together with what walks it here"
    walk.escapes[id(node), reason] = Escape(owner.origins, node, reason, convertible=False, home=walk.unit.index)


def built(walk: Expressions, node: cst.Call, func: cst.Attribute) -> Type:
    """A method that builds, called on something unknown: a query, if its arguments are SQL."""
    name = func.attr.value
    spelled = names.called(func)
    kinds = walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{spelled}()`, which is not in sight"))
    sql = any(isinstance(kind, (Attribute, Expression, LoaderOption)) for kind in kinds)
    sql = sql or (name in {"join", "outerjoin"} and any(isinstance(kind, Entity) for kind in kinds))
    sql = sql or (name == "filter_by" and all(arg.keyword is not None or arg.star == "**" for arg in node.args))
    if not sql:
        return UNKNOWN
    if name in {"filter", "order_by"} and isinstance(func.value, cst.Attribute) and _is_of_an_object(func.value):
        return dynamic.given(walk, func.value, name)
    return Guess(frozenset({id(node)}), _maker(func.value), built=name in {"filter", "filter_by", "order_by"})


def _is_of_an_object(node: cst.Attribute) -> bool:
    """Whether an attribute is called as what belongs to an object, not as a statement or what finds objects."""
    own = isinstance(node.value, cst.Name) and node.value.value in {"self", "cls"}
    return not own and _NO_COLLECTION.search(node.attr.value) is None


def method(walk: Expressions, node: cst.Call, name: str, owner: Guess) -> Type:
    """A method of what may be a query."""
    known = QUERY_METHODS.get(name)
    if name in TERMINALS or (owner.sure and known is None):
        walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{name}()`"))
        reason = f"`{owner.made_by}` gives it, which is not in sight; convert that and `.{name}()` together"
        walk.escapes[id(node), reason] = Escape(owner.origins, node, reason, convertible=False, home=walk.unit.index)
        if (owner.sure or "query" in owner.made_by) and (methods := walk.functions.overridden.get(name)):
            said = f"`{owner.made_by}` may be of its class, and is asked for `{name}()`"
            walk.escapes[id(node), said] = Escape(frozenset(methods), node, said, False, walk.unit.index)
        return UNKNOWN
    walk.arguments(node, walk.operand)
    return owner if known is not None and known.effect is Effect.BUILDS else UNKNOWN


def _maker(node: cst.BaseExpression) -> str:
    """What gives the query, in the text's words."""
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and isinstance(node.func.value, cst.Call):
        node = node.func.value
    spelled = names.dotted(node.func if isinstance(node, cst.Call) else node)
    if spelled is None:
        return names.code(node)[:60]
    return f"{spelled}()" if isinstance(node, cst.Call) else spelled


def session(walk: Expressions, node: cst.Call, func: cst.Attribute, name: str, owner: Type) -> Session | None:
    """A session that nothing but its use shows: `anything.query(User)`."""
    if name != "query" or not node.args or not (names.dotted(func.value) or _like_a_session(func.value)):
        return None
    path = names.dotted(func.value) or ""
    if isinstance(owner, Imported) and names.root(owner.name) in {"boto3", "pandas", "google"}:
        return None
    if isinstance(owner, Imported) and owner.name in _SESSION_CLASSES:
        _of_no_session(walk, node)  # `Session.query(session, User)`
        return None
    if isinstance(owner, Imported) and names.root(owner.name) == "flask" and not path.endswith("_session"):
        return None
    if isinstance(owner, Imported) and walk.program.is_module(walk.unit, owner.name):
        return None  # its `query()` is a function in sight, which may take what it likes
    kinds = [walk.types.get(id(arg.value)) or walk.expression(arg.value) for arg in node.args]
    if queries.entity_like(node.args, kinds) or any(map(_is_mapped, kinds)):
        if isinstance(owner, Imported) and any(isinstance(arg.value, cst.Comparison) for arg in node.args[1:]):
            _of_no_session(walk, node)  # `db.query(User, User.id == 1)`: a function that filters, of some module
            return None
        return Session(Belief.ASSUMED)
    made = names.dotted(func.value.func) if isinstance(func.value, cst.Call) else path
    last = (made or "").rpartition(".")[2].lower()
    classes = not any(
        arg.keyword is not None or isinstance(kind, Plain) for arg, kind in zip(node.args, kinds, strict=True)
    )
    return Session(Belief.ASSUMED) if walk.about_sqlalchemy and classes and last.endswith("session") else None


def asked(walk: Expressions, node: cst.Call) -> Guess | None:
    """What something called `query`, of which nothing is known, gives for a class: `self.query(User)`."""
    called = (names.dotted(node.func) or "").rpartition(".")[2]
    if called != "query" or not node.args or not walk.about_sqlalchemy:
        return None
    kinds = [walk.types.get(id(arg.value)) or walk.expression(arg.value) for arg in node.args]
    if not (queries.entity_like(node.args, kinds) or any(map(_is_mapped, kinds))):
        return None
    walk.arguments(node, walk.operand)
    return _of_no_session(walk, node)


def _of_no_session(walk: Expressions, node: cst.Call) -> Guess:
    spelled = f"{names.code(node.func)}()"
    reason = f"`{spelled}` makes it, and which session that asks is not in sight; call query() on the session instead"
    walk.escapes[id(node), reason] = Escape(
        frozenset({id(node)}), node, reason, convertible=False, home=walk.unit.index
    )
    return Guess(frozenset({id(node)}), spelled)


def got(walk: Expressions, node: cst.Call) -> Type:
    """What `getattr(x, name)` gives: an attribute of a class, or `x.query`."""
    owner = walk.expression(node.args[0].value)
    if any(held(owner)):
        walk.lose(owner, node.args[0].value, "getattr() looks its methods up, which a Select may not have")
    for arg in node.args[1:]:
        walk.consume(arg.value, "it is passed to `getattr()`")
    name = names.literal_string(node.args[1].value) if len(node.args) > 1 else None
    if name in {"execute", "scalar", "query"} and isinstance(owner, (Engine, Connection, Session)):
        core.member(walk, node, f"got {name}", owner)
        return executors.Bound(owner, name) if name != "query" else UNKNOWN
    if name == "query":
        return Guess(frozenset({id(node)}), names.code(node)) if walk.about_sqlalchemy else UNKNOWN
    return Expression(frozenset({owner.name})) if isinstance(owner, Entity) else UNKNOWN


def _is_mapped(kind: Type) -> bool:
    """Whether something is a class that is known to be mapped, or an attribute of one."""
    entity = kind.entity if isinstance(kind, Attribute) else kind
    return isinstance(entity, Entity) and entity.belief is Belief.PROVEN


def _like_a_session(node: cst.BaseExpression) -> bool:
    """Whether what makes or holds a session is named for it: `get_session()`, `info.context["session"]`."""
    if isinstance(node, cst.Call):
        last = (names.dotted(node.func) or "").rpartition(".")[2].lower()
        return "session" in last or last in conventions.SESSION_GETTERS
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        key = names.literal_string(node.slice[0].slice.value) or ""
        return key in conventions.SESSION_NAMES or key == "db"
    return False
