"""How a statement and its parameters are handed to a 2.0 Connection: shared by the rules for executions. No rule itself.

1.x took keyword parameters, several dicts or tuples one after another, bare scalars, and strings that went to the driver
as they stood. 2.0 takes one statement and one parameter argument: a dict, or a list of dicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from translator.edits import Replacement
from translator.findings import Safety, Severity
from translator.model.types import Many, Plain, Type
from translator.rules import placeholders
from translator.rules.contract import BuildCall, Context, Decline
from translator.syntax import names

_NOTHING = cst.MaybeSentinel.DEFAULT


class Shape(Enum):
    """How parameters are put together."""

    KEEP = "as they are"
    KEYWORDS = "one dict of the keywords"
    LIST = "one list of the arguments"
    TUPLE = "one tuple of the arguments"
    AS_TUPLE = "a list as a tuple"
    STAR = "the starred list itself"
    STAR_LIST = "a list of the starred iterable"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one execution is written for 2.0."""

    string: bool
    """Whether the statement is a string, which goes to the driver as it stands."""
    shape: Shape
    safety: Safety = Safety.SAFE

    @property
    def changes(self) -> bool:
        """Whether anything becomes different."""
        return self.string or self.shape is not Shape.KEEP


def plan(call: cst.Call, kinds: Sequence[Type]) -> Plan | Decline:
    """How the arguments of `Connection.execute()` or `Engine.execute()` are to be given."""
    if not call.args or call.args[0].star or call.args[0].keyword is not None:
        return Decline("what is executed is not its first argument; give the statement first", Severity.REMOVED)
    string = isinstance(kinds[0], Plain) and kinds[0].text
    rest = call.args[1:]
    keywords = [arg for arg in rest if arg.keyword is not None or arg.star == "**"]
    if keywords and len(keywords) < len(rest):
        return Decline("parameters are given both by position and by keyword; give one dict", Severity.REMOVED)
    if all(arg.keyword is not None and arg.keyword.value in {"parameters", "execution_options"} for arg in keywords):
        keywords = []
    if keywords:
        return Plan(string, Shape.KEYWORDS)
    if not rest:
        return Plan(string, Shape.KEEP)
    return _positional(string, rest, kinds[1:])


def _positional(string: bool, rest: Sequence[cst.Arg], kinds: Sequence[Type]) -> Plan | Decline:
    if any(arg.star for arg in rest):
        if len(rest) > 1 or string:
            return _unclear(rest[0])
        return Plan(string, Shape.STAR if isinstance(kinds[0], Many) else Shape.STAR_LIST)
    sets = [_is_set(arg.value) for arg in rest]
    if len(rest) == 1:
        if not string:
            return Plan(string, Shape.KEEP) if sets[0] is not False else _unclear(rest[0])
        return _single(rest[0])
    if not string and not any(known is False for known in sets):
        return Plan(string, Shape.LIST)
    if string and sets[0] is True:
        return Plan(string, Shape.LIST)
    if string and not any(sets):
        safety = Safety.SAFE if sets[0] is False else Safety.REVIEW
        return Plan(string, Shape.TUPLE, safety)
    return _unclear(rest[0])


def _single(arg: cst.Arg) -> Plan | Decline:
    value = arg.value
    if isinstance(value, cst.List) and value.elements:
        inner = [_is_set(element.value) for element in value.elements]
        if all(inner):
            return Plan(True, Shape.KEEP)
        return Plan(True, Shape.AS_TUPLE) if inner[0] is False or None in inner else _unclear(arg)
    if isinstance(value, (cst.Tuple, cst.Dict, cst.DictComp)):
        return Plan(True, Shape.KEEP)
    if _is_set(value) is False:
        return Plan(True, Shape.TUPLE)
    if isinstance(value, cst.Call) and names.dotted(value.func) in {"tuple", "dict"}:
        return Plan(True, Shape.KEEP)
    return _unclear(arg)


def _is_set(node: cst.BaseExpression) -> bool | None:
    """Whether a value is a whole set of parameters (a dict, a tuple); None where that can't be told."""
    if isinstance(node, (cst.Dict, cst.Tuple, cst.DictComp, cst.List, cst.ListComp)):
        return True
    if isinstance(node, cst.Call) and names.dotted(node.func) in {"dict", "tuple", "list"}:
        return True
    literal = isinstance(
        node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float, cst.Comparison)
    )
    if literal or (isinstance(node, cst.Name) and node.value in {"None", "True", "False"}):
        return False
    return None


def _unclear(arg: cst.Arg) -> Decline:
    return Decline(
        f"it can't be told whether `{names.code(arg.value)}` is one set of parameters or several; give one dict or tuple "
        "for one execution, a list of them for several",
        Severity.REMOVED,
    )


def handed(found: Plan, call: cst.Call, here: Context, *, scalar: bool) -> BuildCall:
    """The execution as 2.0 takes it: a string with its values as text() with parameters, any other to the driver."""
    scalars = found.shape is Shape.TUPLE
    named = placeholders.of(call, scalars=scalars) if found.string and found.safety is Safety.SAFE else None
    text = here.name("sqlalchemy", "text") if named is not None else None

    def build(updated: cst.Call) -> Replacement:
        if named is not None and text is not None:
            return updated.with_changes(args=placeholders.arguments(named, text, updated.args, scalars=scalars))
        updated = updated.with_changes(args=arguments(found, updated.args))
        if not found.string:
            return updated
        func = cst.ensure_type(updated.func, cst.Attribute)
        executed = updated.with_changes(func=func.with_changes(attr=cst.Name("exec_driver_sql")))
        if not scalar:
            return executed
        bare = executed.with_changes(lpar=[], rpar=[])
        return cst.Call(cst.Attribute(bare, cst.Name("scalar")), lpar=updated.lpar, rpar=updated.rpar)

    return build


def arguments(found: Plan, args: Sequence[cst.Arg]) -> list[cst.Arg]:
    """The arguments as 2.0 takes them."""
    statement, rest = args[0], list(args[1:])
    if found.shape is Shape.KEEP or not rest:
        return list(args)
    values = [arg.value for arg in rest]
    if found.shape is Shape.KEYWORDS:
        value = _dict(rest)
    elif found.shape is Shape.STAR:
        value = values[0]
    elif found.shape is Shape.STAR_LIST:
        value = cst.Call(cst.Name("list"), [cst.Arg(values[0])])
    elif found.shape is Shape.LIST:
        value = cst.List([cst.Element(v) for v in values])
    elif found.shape is Shape.AS_TUPLE:
        value = _tuple([element.value for element in cst.ensure_type(values[0], cst.List).elements])
    else:
        value = _tuple(values)
    last = rest[-1]
    return [
        statement if isinstance(statement.comma, cst.Comma) else statement.with_changes(comma=_NOTHING),
        cst.Arg(value, comma=last.comma, whitespace_after_arg=last.whitespace_after_arg),
    ]


def _tuple(values: Sequence[cst.BaseExpression]) -> cst.Tuple:
    comma = cst.Comma() if len(values) == 1 else _NOTHING
    elements = [cst.Element(value) for value in values[:-1]]
    return cst.Tuple([*elements, cst.Element(values[-1], comma=comma)])


def _dict(args: Sequence[cst.Arg]) -> cst.BaseExpression:
    if len(args) == 1 and args[0].star:
        return args[0].value
    items: list[cst.BaseDictElement] = []
    for index, arg in enumerate(args):
        comma = _NOTHING if index == len(args) - 1 else arg.comma
        if arg.keyword is None:
            items.append(cst.StarredDictElement(arg.value, comma=comma))
        else:
            items.append(cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value, comma=comma))
    return cst.Dict(items)
