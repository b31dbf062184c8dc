"""Reads columns, relationships and constraints off the calls that declare them in class bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from translator.model import loading
from translator.syntax import names

_MANY = (
    "List[",
    "list[",
    "Set[",
    "set[",
    "Sequence[",
    "WriteOnlyMapped",
    "DynamicMapped",
    "Collection[",
    "Dict[",
    "dict[",
)
_LAST_NAME = re.compile(r"\w+(?=\s*(?:[\]),'\"]|$))")
_INTEGERS = frozenset({"Integer", "BigInteger", "SmallInteger", "INTEGER", "INT", "BIGINT", "SMALLINT"})
_RUNS = re.compile(r"([A-Z]+)(?=[a-z0-9])")
_STARTS = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")
COLUMNS = frozenset({"Column", "mapped_column"})


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of a class in sight."""

    name: str
    primary_key: bool
    unique: bool
    foreign_key: str | None
    """The target of its foreign key as spelled, e.g. `author.id`."""
    integer: bool | None = None
    """Whether its type is one of the integers; None where that is not in sight."""
    nullable: bool | None = None
    """Whether it may be NULL; None where an expression decides."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship. `many` tells whether it is a collection; None where that can't be told from what is in sight."""

    name: str
    target: str | None
    many: bool | None
    eager: bool
    secondary: bool = False
    """Whether its rows are found through a table of their own, which may hold a pair twice."""
    paired: bool = False
    """Whether setting it sets an attribute of the other object too: by `backref` or `back_populates`."""
    dynamic: bool = False
    """Whether its attribute is a Query: `lazy="dynamic"`."""
    order: str | None = None
    """Its `order_by`, as spelled in its module."""
    own_class: bool = False
    """Whether that Query is of a class which it names itself."""
    remote: tuple[str, ...] = ()
    """The names of the columns on the other side, where `remote_side` tells them: one class may be on both."""
    through: tuple[str, str] | None = None
    """A column of its secondary table as spelled in its module, and the attribute of the target that it equals."""


def constraints(value: cst.BaseExpression) -> Iterable[tuple[tuple[str, ...], str]]:
    """The columns and the first target of each `ForeignKeyConstraint([…], […])` of a `__table_args__`."""
    for element in value.elements if isinstance(value, (cst.Tuple, cst.List)) else ():
        call = element.value
        if not isinstance(call, cst.Call) or not (names.dotted(call.func) or "").endswith("ForeignKeyConstraint"):
            continue
        given = [arg.value for arg in names.positional(call)[:2]]
        given += filter(None, (names.keyword(call, name) for name in ("columns", "refcolumns")))
        columns, targets = (_spelled(each) for each in given) if len(given) == 2 else ((), ())
        if columns and targets:
            yield columns, targets[0]


def _spelled(value: cst.BaseExpression) -> tuple[str, ...]:
    """What a list names, in quotes or as it is called in the class body: `["shelf_id"]`, `[shelf_id]`; all of it or nothing."""
    elements = value.elements if isinstance(value, (cst.List, cst.Tuple)) else ()
    found = [names.literal_string(each.value) or names.dotted(each.value) for each in elements]
    return tuple(filter(None, found)) if all(found) else ()


def column(name: str, call: cst.Call) -> MappedColumn:
    def true(key: str) -> bool:
        value = names.keyword(call, key)
        return value is not None and names.code(value) == "True"

    foreign = None
    integer: bool | None = None
    for arg in call.args:
        value = arg.value
        kind = (names.dotted(value.func if isinstance(value, cst.Call) else value) or "").rpartition(".")[2]
        if arg.keyword is None and names.is_class_name(kind) and not kind.startswith("ForeignKey"):
            integer = kind in _INTEGERS if integer is None else integer
        if isinstance(value, cst.Call) and (names.dotted(value.func) or "").endswith("ForeignKey") and value.args:
            foreign = names.literal_string(value.args[0].value) or names.dotted(value.args[0].value)
    primary, given = true("primary_key"), names.keyword(call, "nullable")
    said = {"True": True, "False": False}.get(names.code(given)) if given is not None else not primary
    return MappedColumn(name, primary, true("unique"), foreign, integer, said)


def by_method(node: cst.FunctionDef) -> cst.Call | None:
    """The column that a `declared_attr` returns, where it does nothing else."""
    if not any("declared_attr" in names.code(decorator.decorator).split(".") for decorator in node.decorators):
        return None
    lines = [line.body[0] for line in node.body.body if isinstance(line, cst.SimpleStatementLine)]
    lines = [line for line in lines if not isinstance(line, cst.Expr)]
    last = lines[-1] if len(lines) == 1 else node.body.body[-1]
    call = last.value if isinstance(last, cst.Return) else None
    found = isinstance(call, cst.Call) and (names.dotted(call.func) or "").rpartition(".")[2] in COLUMNS
    return call if found and isinstance(call, cst.Call) else None


def relationship(
    name: str, call: cst.Call, annotation: cst.BaseExpression | None, owner: cst.ClassDef | None = None
) -> Relationship:
    """What a call of `relationship()` in the body of a class says."""
    target = None
    first = call.args[0] if call.args and call.args[0].keyword is None else None
    value = first.value if first is not None else names.keyword(call, "argument")
    if isinstance(value, cst.Lambda):
        value = value.body
    if value is not None:
        spelled = names.literal_string(value) or names.dotted(value)
        target = spelled.rpartition(".")[2] if spelled else None
    many: bool | None = None
    dynamic = loading.is_dynamic(call, annotation)
    secondary = names.keyword(call, "secondary") is not None
    uselist = names.keyword(call, "uselist")
    if uselist is not None:
        many = names.code(uselist) == "True"
    elif annotation is not None:
        text = names.code(annotation)
        many = any(word in text for word in _MANY)
        target = target or text.rpartition("[")[2].strip("]\"' ")
    elif dynamic or any(names.keyword(call, key) is not None for key in ("secondary", "collection_class")):
        many = True
    paired = any(names.keyword(call, key) is not None for key in ("backref", "back_populates"))
    given = names.keyword(call, "query_class") if dynamic else None
    own = given is not None and not _of_extension(given, owner)
    ordered = loading.order(call)
    there = names.keyword(call, "remote_side")
    remote = tuple(_LAST_NAME.findall(names.code(there))) if there is not None else ()
    a_query, through = dynamic and not own, loading.through(call, "secondaryjoin")
    return Relationship(name, target, many, joins(call), secondary, paired, a_query, ordered, own, remote, through)


def _of_extension(given: cst.BaseExpression, owner: cst.ClassDef | None) -> bool:
    """Whether a class of queries is that of `db`, whose `Model` the class extends, or whose columns it has."""
    root, _, last = names.code(given).rpartition(".")
    used = rf"(?<![\w.]){re.escape(root)}\.(?:Model|Column|mapped_column|relationship)\b"
    return bool(root) and last == "Query" and owner is not None and re.search(used, names.code(owner)) is not None


def joins(call: cst.Call) -> bool:
    """Whether what `lazy=` says may mean a join: it does for `"joined"`, for False, and for what is not in sight."""
    lazy = names.keyword(call, "lazy")
    if lazy is None:
        return any(arg.star == "**" for arg in call.args)
    return names.literal(lazy) in {..., "joined", False}


def named_by_2(name: str) -> str:
    """The table of a class as Flask-SQLAlchemy 2 calls it: capitals at the end of a name stay, `UserOTP` is `userOTP`."""
    return _RUNS.sub(
        lambda run: "".join(f"_{part}" for part in (run[1][:-1], run[1][-1]) if part).lower(), name
    ).lstrip("_")


def named_by_3(name: str) -> str:
    """The table of a class as Flask-SQLAlchemy 3 calls it: `user_otp`."""
    return _STARTS.sub(r"_\1", name).lower().lstrip("_")
