"""What a relationship is to a class: one object, perhaps none, or which kind of collection of them.

By what the call says, by its collection, and by the foreign keys in sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import libcst as cst

from translator.model.imperative import Tabled
from translator.model.mapping import MappedClass, Mapping
from translator.model.module import ModuleModel
from translator.syntax import names

_PATH = re.compile(r"[\w.]+")
_FOREIGN = re.compile(r"\bforeign\(\s*([\w.]+)\s*\)")
_KEYED = frozenset({"attribute_mapped_collection", "attribute_keyed_dict"})
_MAPPINGS = frozenset({"column_mapped_collection", "mapped_collection", "column_keyed_dict", "keyfunc_mapping"})


class Holds(StrEnum):
    """What the attribute of a relationship holds."""

    ONE = "one"
    MAYBE = "maybe"
    LIST = "list"
    SET = "set"
    DICT = "dict"
    DYNAMIC = "dynamic"
    WRITE_ONLY = "write_only"


@dataclass(frozen=True, slots=True)
class Relation:
    """What is known of one relationship."""

    target: str | None
    """The name of the class, without its module."""
    holds: Holds | None
    """None: not certain; `why` says why."""
    key: str | None = None
    """The attribute that a dict is keyed by."""
    why: str = ""


def target_of(call: cst.Call) -> cst.BaseExpression | None:
    """The argument that names the class."""
    first = call.args[0] if call.args and call.args[0].keyword is None and not call.args[0].star else None
    return first.value if first is not None else names.keyword(call, "argument")


def target_name(call: cst.Call) -> str | None:
    """The name of the class that a relationship is to, without its module."""
    value = target_of(call)
    if isinstance(value, cst.Lambda):
        value = value.body
    if value is None:
        return None
    spelled = names.literal_string(value) or names.dotted(value) or ""
    last = spelled.rpartition(".")[2]
    return last if last.isidentifier() else None


def by_own_name(call: cst.Call, model: ModuleModel) -> cst.Call:
    """The call with the class as it is called where it stands: `from shop.items import Item as Goods`."""
    value = target_of(call)
    given = value.value if isinstance(value, cst.Name) else ""
    own = model.imports.aliases.get(given, "").rpartition(".")[2]
    said = " ".join(names.code(arg) for arg in call.args if arg.value is not value)
    if own in {given, ""} or model.mapping.get(given) is not None or model.mapping.get(own) is None:
        return call
    if re.search(rf"\b{given}\b", said):
        return call  # by both names, a join is beyond reading
    return cst.ensure_type(call.with_deep_changes(cst.ensure_type(value, cst.Name), value=own), cst.Call)


def read(call: cst.Call, owner: str, mapping: Mapping) -> Relation:
    """What a call of `relationship()` in the body of a class says."""
    target = target_name(call)
    if target is None or names.starred(call):
        return Relation(target, None, why="its class can't be told")
    name = (names.dotted(call.func) or "").rpartition(".")[2]
    lazy = names.keyword(call, "lazy")
    loading = names.literal_string(lazy) if lazy is not None else None
    if name == "dynamic_loader" or loading == "dynamic":
        return Relation(target, Holds.DYNAMIC)
    if loading == "write_only":
        return Relation(target, Holds.WRITE_ONLY)
    many = _many(call, owner, target, mapping)
    if many is None:
        return Relation(target, None, why="whether it holds one object or many can't be told from what is in sight")
    if not many:
        return Relation(target, _one(call, owner, target, mapping))
    return _collection(call, target)


def _collection(call: cst.Call, target: str) -> Relation:
    given = names.keyword(call, "collection_class")
    if given is None:
        return Relation(target, Holds.LIST)
    func = given.func if isinstance(given, cst.Call) else given
    last = (names.dotted(func) or "").rpartition(".")[2]
    if last in _KEYED and isinstance(given, cst.Call) and given.args:
        return Relation(target, Holds.DICT, names.literal_string(given.args[0].value))
    if last in _MAPPINGS:
        return Relation(target, Holds.DICT)
    found = {"list": Holds.LIST, "ordering_list": Holds.LIST, "set": Holds.SET}.get(last)
    return Relation(target, found, why="its collection_class is one of its own")


def _truth(call: cst.Call, keyword: str) -> bool | None:
    value = names.keyword(call, keyword)
    return {"True": True, "False": False}.get(names.code(value)) if value is not None else None


def _many(call: cst.Call, owner: str, target: str, mapping: Mapping) -> bool | None:
    if names.keyword(call, "uselist") is not None:
        return _truth(call, "uselist")
    if len(names.positional(call)) > 1 or names.keyword(call, "secondary") is not None:
        return True
    if owner == target:
        return _self_referential(call, owner, mapping)
    if mapping.related(owner, target):
        return None
    if (marked := _marked(call, owner, target, mapping)) is not None:
        return marked
    if not _family(target, mapping) or mapping.get(owner) is None or names.keyword(call, "foreign_keys") is not None:
        return None
    ahead, back = keys(owner, target, mapping), keys(target, owner, mapping)
    joined = _joined(call)
    if joined is not None and mapping.get(target) is None:
        if joined == "..." or "foreign(" in joined:
            return None
        joined = None  # it may spell such a class `Item.table.c.id`: all keys count, then
    if joined is not None:  # the join says which of several keys are meant
        ahead = {name for name in ahead if _names(joined, owner, name)}
        back = {name for name in back if _names(joined, target, name)}
    return bool(back) if bool(ahead) != bool(back) else None


def _marked(call: cst.Call, owner: str, target: str, mapping: Mapping) -> bool | None:
    """Whether there are many by the columns that the call itself says are the keys: those of the other class mean many.

    `foreign_keys=` says so, and `foreign(…)` in a join. None where nothing does, or where it is not clear whose they are.
    """
    given, join = names.keyword(call, "foreign_keys"), names.keyword(call, "primaryjoin")
    if given is not None:
        spelled = names.literal_string(given) or names.code(given)
        paths = [path for path in _PATH.findall(spelled) if not path[0].isdigit() and path != "lambda"]
    elif join is not None:
        paths = _FOREIGN.findall(names.literal_string(join) or names.code(join))
    else:
        return None
    own = {name for mapped in mapping.family(owner) for name in mapped.columns}
    sides = {
        owner if path in own else path.rpartition(".")[0].removesuffix(".c").removesuffix(".__table__")
        for path in paths
    }
    if sides == {owner}:
        return False
    return True if sides == {target} else None


def _joined(call: cst.Call) -> str | None:
    """The text of what says which foreign keys a relationship goes by; `...` where that is beyond reading."""
    found = [names.keyword(call, name) for name in ("foreign_keys", "primaryjoin")]
    texts = [names.literal_string(value) or names.code(value) for value in found if value is not None]
    if names.keyword(call, "primaryjoin") is not None and len(texts) == 1 and "remote(" in texts[0]:
        return "..."
    return " ".join(texts) if texts else None


def _names(text: str, owner: str, column: str) -> bool:
    """Whether a join names a column, by its class or bare, as class bodies do."""
    return bool(re.search(rf"(?<![\w.]){column}\b|\b{owner}\.(c\.|__table__\.c\.)?{column}\b", text))


def _self_referential(call: cst.Call, owner: str, mapping: Mapping) -> bool | None:
    """Many where the foreign key is on the remote side, which it is where nothing says what is; one where it is not."""
    join, remote = names.keyword(call, "primaryjoin"), names.keyword(call, "remote_side")
    text = (names.literal_string(join) or names.code(join)) if join is not None else ""
    if any(word in text for word in ("remote(", "cast(", "func.")):
        return None  # which columns are compared, and which are remote, is beyond reading
    if remote is None:
        return True if mapping.get(owner) is not None else None
    foreign = _columns_of(given) if (given := names.keyword(call, "foreign_keys")) is not None else None
    marked = {path.rpartition(".")[2] for path in _FOREIGN.findall(text)}
    own = foreign or marked or {name for name in keys(owner, owner, mapping) if not text or _names(text, owner, name)}
    far = _columns_of(remote)
    if not far:
        return None  # not e.g. `remote_side="{}.{}".format(cls.__name__, cls.KEY)`
    if own <= far and own:
        return True
    primary = {name for each in mapping.family(owner) for name in each.primary_keys()}
    return False if not own & far and (own or far <= primary) else None


def _columns_of(value: cst.BaseExpression) -> set[str]:
    """The names of columns that an argument lists: `[Node.id]`, `"Node.id"`, `lambda: [Node.id]`, `"%s.id" % name`."""
    match value:
        case (
            cst.BinaryOperation(left=cst.BaseString() as value)
            | cst.Call(func=cst.Attribute(value=cst.BaseString() as value))
        ):
            pass
    spelled = names.literal_string(value) or names.code(value)
    if "getattr" in spelled:
        return set()
    found = {path.rpartition(".")[2] for path in _PATH.findall(spelled) if path != "lambda"}
    return {name for name in found if name.isidentifier()}


def keys(source: str, goal: str, mapping: Mapping) -> set[str]:
    """The columns of one class that refer to the table of another, or of a base of it that is no mixin."""
    tables = {each.table for each in _family(goal, mapping) if each.table}
    classes = {each.name for each in _family(goal, mapping)}
    found: set[str] = set()
    for mapped in _family(source, mapping):
        for column in mapped.columns.values():
            if column.foreign_key is not None and _refers(column.foreign_key, tables, classes):
                found.add(column.name)
        for columns, target in mapped.constraints:
            if _refers(target, tables, classes):
                found.update(columns)
    return found


def _family(name: str, mapping: Mapping) -> Sequence[MappedClass | Tabled]:
    """A class with its bases in sight, or what is known of one that a call maps to a table."""
    found, known = mapping.family(name), mapping.by_call.get(name)
    return found if found or known is None else [known]


def _refers(spelled: str, tables: Iterable[str | None], classes: Iterable[str]) -> bool:
    owner = spelled.rpartition(".")[0].removesuffix(".c").removesuffix(".__table__")
    return owner in tables or owner.rpartition(".")[2] in tables or owner in classes


def _one(call: cst.Call, owner: str, target: str, mapping: Mapping) -> Holds:
    """One object where all the keys to it are NOT NULL; a row of another table may be missing."""
    if (
        any(names.keyword(call, name) is not None for name in ("primaryjoin", "secondary"))
        or len(names.positional(call)) > 1
    ):
        return Holds.MAYBE
    own = keys(owner, target, mapping)
    joined = _joined(call)
    if joined is not None:
        own = {name for name in own if _names(joined, owner, name)}
    if not own or (keys(target, owner, mapping) and owner != target and joined is None):
        return Holds.MAYBE
    found = [column for mapped in mapping.family(owner) for column in _columns(mapped, own)]
    return Holds.ONE if found and all(column is False for column in found) else Holds.MAYBE


def _columns(mapped: MappedClass, wanted: set[str]) -> Iterator[bool | None]:
    return (column.nullable for column in mapped.columns.values() if column.name in wanted)
