"""Lists, tuples and dicts, by what stands in them: so that a query kept in one is found again where it is taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import (
    attributes,
    conventions,
    core,
    crossing,
    divisions,
    extension,
    queries,
    rows,
    shared,
    walking,
)
from translator.model.lattice import held, join
from translator.model.signatures import CONSUMERS, LIBRARY
from translator.model.types import (
    NONE,
    PLAIN,
    UNKNOWN,
    Attribute,
    Connectable,
    Connection,
    Engine,
    Expression,
    Group,
    Imported,
    Keyed,
    LocalInstance,
    Many,
    Pending,
    Plain,
    Query,
    Row,
    Session,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_SAME = frozenset({"list", "set", "sorted", "tuple", "reversed", "iter", "frozenset"})
ADDING = frozenset({"append", "add", "appendleft", "insert"})
"""Methods that put something into a container."""
_NOT_OURS = attributes.NOT_APPLICATION | conventions.EXTENSION_MODULES
"""Packages that are no part of the application: what they do with rows they do with tuples."""
_KEPT = "it is kept in a list, tuple or set beside something else"
_LISTS = frozenset({"list", "set", "tuple", "frozenset"})
_HANDING_ON = re.compile(r"(?:super\([^()]*\)\.__init__\(|(?:list|set)\.__init__\(self, )\*\w+(?:, \*\*\w+)?\)")


def sequence(walk: Expressions, node: cst.List | cst.Tuple | cst.Set) -> Type:
    """A list, tuple or set that is written out."""
    starred = any(isinstance(element, cst.StarredElement) for element in node.elements)
    kinds = [
        walk.iterated(e.value, "*") if isinstance(e, cst.StarredElement) else walk.expression(e.value)
        for e in node.elements
    ]
    if isinstance(node, cst.Tuple) and any(isinstance(kind, (Session, Pending)) or any(held(kind)) for kind in kinds):
        return _lost(walk, node, kinds) if starred else Group(tuple(kinds))
    if not kinds:
        return Many(NONE) if isinstance(node, cst.List) else UNKNOWN
    written = isinstance(node, cst.List) or (not starred and all(map(partial(_is_mapped, walk), kinds)))
    merged = reduce(_joined, kinds) if written else reduce(join, kinds)
    if isinstance(node, cst.List) and isinstance(merged, Attribute):
        merged = Expression(queries.mentions(merged))
    if any(any(held(kind)) for kind in kinds) and not any(held(merged)):
        return _lost(walk, node, kinds)
    return Many(merged) if merged is not UNKNOWN or isinstance(node, cst.List) else UNKNOWN


def _is_mapped(walk: Expressions, kind: Type) -> bool:
    """Whether something is a column of a class in sight: not e.g. a member of an Enum that is not."""
    return isinstance(kind, Attribute) and kind.entity.mapped_name in walk.mapping


def _joined(left: Type, right: Type) -> Type:
    """What a list holds that is given both: columns, if they are that, whichever each is."""
    if left is NONE and isinstance(right, Attribute):
        return Expression(queries.mentions(right))
    if isinstance(left, (Attribute, Expression)) and isinstance(right, (Attribute, Expression)):
        hides = any(isinstance(kind, Expression) and kind.hides for kind in (left, right))
        return Expression(queries.mentions(left) | queries.mentions(right), hides=hides)
    return join(left, right)


def mapping(walk: Expressions, node: cst.Dict) -> Type:
    """A dict that is written out."""
    kinds: list[Type] = []
    for item in node.elements:
        if isinstance(item, cst.DictElement):
            walk.consume(item.key, "it is the key of a dict")
            extension.setting(walk, item.key)
            kinds.append(walk.expression(item.value))
        else:
            if isinstance(kind := walk.consume(item.value, "it is unpacked into a dict"), Row):
                core.member(walk, item.value, "**", kind)
            kinds.append(UNKNOWN)
    if not any(any(held(kind)) for kind in kinds):
        if kinds and all(isinstance(kind, Plain) for kind in kinds):
            return PLAIN
        return Keyed(NONE) if not kinds else UNKNOWN
    merged = reduce(join, kinds)
    return Keyed(merged) if any(held(merged)) else _lost(walk, node, kinds)


def _lost(walk: Expressions, node: cst.BaseExpression, kinds: Sequence[Type]) -> Type:
    for kind in kinds:
        walk.lose(kind, node, _KEPT)
    return UNKNOWN


def element_of(kind: Type) -> Type:
    """What walking a container gives."""
    match kind:
        case Many(of=inner):
            return UNKNOWN if inner is NONE else inner
        case Group(items=items) if items:
            return reduce(join, items)
        case Pending():
            return kind
    return UNKNOWN


def item(kind: Type, node: cst.Subscript) -> Type:
    """What a container gives at an index or a key, or for a slice."""
    only = node.slice[0].slice if len(node.slice) == 1 else None
    if isinstance(kind, Keyed):
        named = isinstance(only, cst.Index) and names.literal_string(only.value) is not None
        mixed = named and isinstance(kind.of, (Engine, Connection, Connectable))  # {"engine": …, "connection": …}
        return UNKNOWN if kind.of is NONE or mixed else kind.of
    if not isinstance(only, cst.Index):
        return kind
    if isinstance(kind, Group):
        at = names.literal(only.value)
        if isinstance(at, int) and -len(kind.items) <= at < len(kind.items):
            return kind.items[at]
    return element_of(kind)


def added(kinds: Sequence[Type]) -> Type:
    """`columns + [x]`: a list where one of them is, of what both hold. What a query becomes in it is not followed."""
    merged = reduce(_joined, (kind.of if isinstance(kind, Many) else UNKNOWN for kind in kinds))
    return UNKNOWN if any(any(held(kind)) for kind in kinds) else Many(merged)


def method(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Many | Keyed) -> Type:
    """A method of a list or a dict."""
    name = func.attr.value
    if isinstance(owner, Many) and name in ADDING and node.args:
        return _added(walk, node, func, owner)
    if name == ("extend" if isinstance(owner, Many) else "update") and _walks(walk, node, name):
        return NONE
    called = [arg.value for arg in node.args if name == "sort" and walking.is_called(name, 0, arg)]
    for value in called:
        walking.calls(walk, value, [element_of(owner)], maps=False)
    kinds = walk.arguments(node, lambda v: UNKNOWN if v in called else walk.consume(v, f"it is passed to `{name}()`"))
    _beside(walk, node, owner, [walk.types.get(id(arg.value), UNKNOWN) for arg in node.args])
    if isinstance(owner, Keyed):
        match name:
            case "setdefault" if len(kinds) == 2 and owner.of is NONE:
                return kinds[1]
            case "get" | "pop" | "setdefault":
                return UNKNOWN if owner.of is NONE else owner.of
            case "values":
                return Many(owner.of)
            case "items":
                return Many(Group((UNKNOWN, owner.of)))
            case "copy":
                return owner
        return UNKNOWN
    if name == "pop":
        return element_of(owner)
    if name == "extend":
        _grown(walk, func.value, owner, kinds[0] if len(kinds) == 1 else UNKNOWN)
        return NONE
    return owner if name == "copy" else UNKNOWN


def _walks(walk: Expressions, node: cst.Call, name: str) -> bool:
    """Whether a list is extended, or a dict updated, by a query, which is walked at once."""
    if len(node.args) != 1 or node.args[0].star or node.args[0].keyword is not None:
        return False
    value = node.args[0].value
    if not isinstance(value, (cst.Call, cst.Name, cst.Attribute)) or not isinstance(walk.expression(value), Query):
        return False
    walk.iterated(value, "updated" if name == "update" else name)  # not the `update` of a Query
    return True


def augmenting(walk: Expressions, node: cst.AugAssign) -> Type:
    """What is put into a variable by `+=` and its kin: a list walks the query that it is given."""
    kind = walk.expression(node.value)
    divisions.divided_in_place(walk, node, kind)
    owner = walk.expression(node.target) if isinstance(node.target, cst.Name) else UNKNOWN
    if isinstance(owner, Many) and isinstance(node.operator, cst.AddAssign) and not any(held(kind)):
        _grown(walk, node.target, owner, kind)
        return walk.expression(node.target)
    adds = isinstance(kind, Query) and isinstance(node.operator, cst.AddAssign)
    if adds and isinstance(node.target, (cst.Name, cst.Attribute)) and isinstance(walk.expression(node.target), Many):
        return Many(walk.iterated(node.value, "extend"))
    walk.lose(kind, node.value, "it is used in an augmented assignment")
    _beside(walk, node, owner, [kind])
    return kind


def _added(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Many) -> Type:
    kinds = [walk.expression(arg.value) for arg in node.args]
    added = kinds[-1]
    merged = _joined(owner.of, added)
    target = func.value
    within = _container(target)
    if within is not None:
        stored(walk, target, within, walk.types.get(id(within), UNKNOWN), Many(merged))
        return NONE
    kept = isinstance(target, cst.Name) and _is_own(walk, target.value)
    if any(held(added)) and not (kept and any(held(merged))):
        walk.lose(added, node, _KEPT)
        _beside(walk, node, owner, [added])
    if not kept:
        rows.kept(walk, node, added)
    elif isinstance(target, cst.Name) and kept and merged != owner.of:
        walk.bind(target.value, Many(merged), walk.scope.names[target.value].bound_by)
    return NONE


def _is_own(walk: Expressions, name: str) -> bool:
    """Whether a variable is the only one that holds its list: no parameter, whose caller has it, too."""
    binding = walk.scope.names.get(name)
    given = walk.function.node.params if walk.function is not None else None
    return binding is not None and (given is None or all(binding.bound_by != id(each) for each in names.params(given)))


def _beside(walk: Expressions, node: cst.CSTNode, owner: Type, kinds: Sequence[Type]) -> None:
    """Leave the queries of a container that gets others in a way that is not followed."""
    if any(any(held(kind)) for kind in kinds):
        walk.lose(owner, node, _KEPT)


def named_twice(walk: Expressions, node: cst.Assign, kind: Type) -> Type:
    """`b = a`, `a = b = []`: what is put into a list by one name is not seen by the other. Gives what is known of it then."""
    if not isinstance(kind, (Many, Keyed)) or not (isinstance(node.value, cst.Name) or len(node.targets) > 1):
        return kind
    if kind.of is not NONE and not any(held(kind)):
        return kind
    walk.lose(kind, node, "several names hold one list or dict")
    if isinstance(node.value, cst.Name) and node.value.value in walk.scope.names:
        walk.bind(node.value.value, UNKNOWN, walk.scope.names[node.value.value].bound_by)
    return UNKNOWN


def _grown(walk: Expressions, target: cst.BaseExpression, owner: Many, kind: Type) -> None:
    """`columns.extend(…)`, `columns += …`: a list of which anything may be an element where nobody sees what was added."""
    if any(held(kind)) or any(held(owner)) or not isinstance(target, cst.Name) or target.value not in walk.scope.names:
        return
    merged = _joined(owner.of, kind.of if isinstance(kind, Many) else UNKNOWN)
    if merged != owner.of:
        walk.bind(target.value, Many(merged), walk.scope.names[target.value].bound_by)


def _container(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """`found` of `found[key]` and of `found.setdefault(key, [])`."""
    match node:
        case cst.Subscript(value=container):
            return container
        case cst.Call(func=cst.Attribute(value=container, attr=cst.Name(value="setdefault"))):
            return container
    return None


def stored(
    walk: Expressions, target: cst.BaseExpression, container: cst.BaseExpression, owner: Type, kind: Type
) -> None:
    """`container[key] = value`, where `target` is what is given the value."""
    of = owner.of if isinstance(owner, (Keyed, Many)) else UNKNOWN
    merged = join(of, kind) if isinstance(owner, (Keyed, Many)) else UNKNOWN
    name = container.value if isinstance(container, cst.Name) else ""
    kept = _is_own(walk, name)
    if not kept:
        rows.kept(walk, target, kind)
    if any(held(kind)) and not (kept and any(held(merged))):
        convertible = not kept
        walk.lose(kind, target, f"it is stored in `{names.code(target)}`", convertible=convertible)
        _beside(walk, target, owner, [kind])
    elif kept and isinstance(owner, (Keyed, Many)) and merged != of:
        walk.bind(name, type(owner)(merged), walk.scope.names[name].bound_by)


def given(walk: Expressions, node: cst.Call, function: Type, kinds: Sequence[Type]) -> None:
    """A function whose body is not in sight is given these: a lambda that a name holds, or what keeps rows."""
    walking.named(walk, node.func, kinds)
    adds = isinstance(node.func, cst.Attribute) and node.func.attr.value in ADDING
    if isinstance(function, Imported) and names.root(function.name) not in _NOT_OURS:
        rows.passed(walk, node, kinds)
    elif adds and kinds:
        rows.kept(walk, node, kinds[-1])


def of_library(walk: Expressions, node: cst.Call, spelled: str) -> Type | None:
    """What a function of Python's library that takes containers gives; None where it is none of them."""
    shared.seen(walk, node, spelled)
    module, _, name = spelled.rpartition(".")
    if name in CONSUMERS and (not module or names.root(module) in LIBRARY):
        return consumed(walk, node, name)
    if len(node.args) != 1 or node.args[0].star or node.args[0].keyword is not None:
        return None
    given = node.args[0].value
    if name == "defaultdict" and module in {"", "collections"} and names.dotted(given) in {"list", "set", "deque"}:
        walk.expression(given)
        return Keyed(Many(NONE))
    picks = spelled == "random.choice"
    if picks or (name in {"copy", "deepcopy"} and module in {"", "copy"}):
        kind = walk.consume(given, f"it is passed to `{spelled}()`")
        if any(held(kind)):
            return UNKNOWN
        return element_of(kind) if picks else kind
    return None


def made(walk: Expressions, node: cst.Call, of: LocalInstance) -> None:
    """A call of a class of this text; one that is a list, and is made as a list is, walks what it is given."""
    info = walk.functions.classes.info(of.key)
    named = names.dotted(node.func) != "cls"  # which may be a class that extends it
    like = (
        info is not None and named and not info.bases and info.foreign_bases and _LISTS.issuperset(info.foreign_bases)
    )
    if like and info is not None and not info.node.keywords and all(map(_as_a_list, info.node.body.body)):
        consumed(walk, node, "list")
        return
    crossing.make(walk, node, of)


def _as_a_list(line: cst.CSTNode) -> bool:
    """Whether a statement of a class changes nothing of how its objects are made: no `__init__` but one that hands all on."""
    if not isinstance(line, cst.FunctionDef) or line.name.value not in {"__init__", "__new__"}:
        return True
    lines = line.body.body
    only = lines[0].body if len(lines) == 1 and isinstance(lines[0], cst.SimpleStatementLine) else lines
    return len(only) == 1 and _HANDING_ON.fullmatch(names.code(only[0]).strip()) is not None


def consumed(walk: Expressions, node: cst.Call, function: str) -> Type:
    """`list(x)`, `zip(a, b)`, `map(f, x)` and other builtins that walk what they are given."""
    if function == "reduce":
        return walking.folded(walk, node)
    kinds: list[Type] = []
    called: list[cst.BaseExpression] = []
    for index, arg in enumerate(node.args):
        if walking.is_called(function, index, arg):
            called.append(arg.value)
            kinds += [UNKNOWN] if arg.keyword is None else []
        elif arg.keyword is None:
            kinds.append(walk.iterated(arg.value, function))
        else:
            extension.setting(walk, arg.keyword)
            walk.consume(arg.value, f"it is passed to `{function}()`")
    for value in called:
        walking.calls(walk, value, walking.elements(function, kinds), maps=function == "map")
        walk.lose(walk.types.get(id(value), UNKNOWN), value, f"it is passed to `{function}()`")
    if not kinds:
        return Many(NONE) if function == "list" else Keyed(NONE) if function == "dict" else UNKNOWN
    if function in _SAME:
        return Many(kinds[0])
    if function == "next":
        return kinds[0]
    if (function in {"min", "max"} and len(kinds) == 1) and not any(held(kinds[0])):
        return kinds[0]
    if function == "filter" and len(kinds) == 2 and not any(held(kinds[1])):
        return Many(kinds[1])
    if function == "enumerate":
        return Many(Group((PLAIN, kinds[0])))
    if function == "groupby":
        return Many(Group((UNKNOWN, Many(kinds[0]))))
    if function in {"islice", "takewhile", "dropwhile"}:
        return Many(kinds[0 if function == "islice" else -1])
    if function == "zip":
        return Many(Group(tuple(kinds)))
    for kind in kinds:
        walk.lose(kind, node, f"it is taken by `{function}()`")
    return UNKNOWN
