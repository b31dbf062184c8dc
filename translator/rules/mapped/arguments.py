"""Reads the arguments of `Column(…)`: name, type, foreign keys, what decides whether it may be NULL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from translator.model.module import ModuleModel
from translator.model.types import Plain
from translator.rules.mapped.pythontypes import full_name
from translator.syntax import names

_ITEMS = frozenset(
    {"ForeignKey", "Sequence", "Identity", "Computed", "CheckConstraint", "DefaultClause", "FetchedValue",
     "ColumnDefault", "UniqueConstraint", "ForeignKeyConstraint", "Index", "Constraint", "PassiveDefault"}
)  # fmt: skip
"""What may stand among the arguments of a column and is neither its name nor its type."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnCall:
    """The arguments of one `Column(…)`, by what they are."""

    call: cst.Call
    type: cst.BaseExpression | None
    type_at: int | None
    """The place of the type among the arguments."""
    named: bool
    """Whether it is given a name of its own."""
    foreign: cst.Call | None
    """Its foreign key, the first of several."""
    primary_key: bool | None
    """None: an expression decides."""
    nullable: bool | None
    """What `nullable=` says; None where it is not given, or an expression decides."""
    nullable_at: int | None
    identity: bool
    """Whether it is given an `Identity()`, which makes it NOT NULL."""

    @property
    def without_type(self) -> bool:
        """Whether the type is `None`, written out: the foreign key brings it."""
        return self.type is not None and names.code(self.type) == "None"

    @property
    def untyped(self) -> bool:
        """Whether nothing brings a type: such a Column has none, a mapped_column() is refused."""
        return self.foreign is None and (self.type is None or self.without_type)


def read(call: cst.Call, model: ModuleModel) -> ColumnCall | None:
    """The arguments of a call; None where they can't be told apart: `Column(*args)`, `Column(**options)`."""
    if names.starred(call):
        return None
    type_at, foreign, named, identity = None, None, False, False
    for index, arg in enumerate(call.args):
        if arg.keyword is not None:
            if arg.keyword.value == "type_":
                type_at = index
            named = named or arg.keyword.value == "name"
            continue
        if index == 0 and _is_name(arg.value, model, call.args):
            named = True
            continue
        item = _item(arg.value)
        identity = identity or item == "Identity"
        if item == "ForeignKey" and foreign is None:
            foreign = cst.ensure_type(arg.value, cst.Call)
        elif item is None and type_at is None:
            type_at = index
    primary = _truth(call, "primary_key")
    at = next(
        (i for i, arg in enumerate(call.args) if arg.keyword is not None and arg.keyword.value == "nullable"), None
    )
    return ColumnCall(
        call=call,
        type=call.args[type_at].value if type_at is not None else None,
        type_at=type_at,
        named=named,
        foreign=foreign,
        primary_key=False if names.keyword(call, "primary_key") is None else primary,
        nullable=_truth(call, "nullable"),
        nullable_at=at,
        identity=identity,
    )


def _truth(call: cst.Call, keyword: str) -> bool | None:
    value = names.keyword(call, keyword)
    return {"True": True, "False": False}.get(names.code(value)) if value is not None else None


def _is_name(value: cst.BaseExpression, model: ModuleModel, args: Sequence[cst.Arg]) -> bool:
    """Whether the first argument is the column's name: a string, or what holds one where a type follows."""
    if names.literal_string(value) is not None or isinstance(value, cst.FormattedString):
        return True
    kind = model.type_of(value)
    if isinstance(kind, Plain) and kind.text:
        return True
    if len(args) < 2 or args[1].keyword is not None or isinstance(value, cst.Call) or full_name(value, model):
        return False
    second = args[1].value
    followed = full_name(second.func if isinstance(second, cst.Call) else second, model)
    return followed is not None and _item(second) is None and names.code(value) != "None"


def _item(value: cst.BaseExpression) -> str | None:
    """The class of a schema item, e.g. `ForeignKey`; None for anything else."""
    spelled = names.dotted(value.func) if isinstance(value, cst.Call) else None
    last = spelled.rpartition(".")[2] if spelled is not None else ""
    return last if last in _ITEMS else None
