"""Reads the type of a column off its expression: `String(20)`, `pg.ARRAY(Integer)`, `Enum(Color)`, a name for one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from translator.model import conventions
from translator.model.module import ModuleModel
from translator.model.types import Extension, Imported
from translator.rules.mapped import bodies, sqltypes
from translator.rules.mapped.sqltypes import ANY
from translator.syntax import names

_DEPTH = 5
"""Names that stand for types are followed so far."""


@dataclass(frozen=True, slots=True)
class PythonType:
    """A Python type: a builtin's name, a full dotted one, or (`local`) a name as the text spells it; `X[of]`."""

    name: str
    of: tuple[PythonType, ...] = ()
    local: bool = False
    implied: bool = False
    """Whether `mapped_column()` comes to the same SQL type by the annotation alone."""


UNKNOWN = PythonType(ANY)
_RESULTS = frozenset(
    {"process_result_value", "result_processor", "load_dialect_impl", "python_type", "coerce_compared_value"}
)
"""Members of a TypeDecorator by which its values are other ones than its `impl` gives."""


def of_column(node: cst.BaseExpression, model: ModuleModel) -> PythonType:
    """The Python type of the values of an SQL type; `Any` where it is not known."""
    return _read(node, model, _DEPTH)


def _read(node: cst.BaseExpression, model: ModuleModel, depth: int) -> PythonType:
    call = node if isinstance(node, cst.Call) else None
    func = call.func if call is not None else node
    if call is not None and isinstance(func, cst.Attribute):
        if func.attr.value == "with_variant":
            return replace(_read(func.value, model, depth), implied=False)
        if func.attr.value == "as_mutable" and call.args:
            return _mutable(func.value, call, model)
    full = full_name(func, model)
    if full is None:
        own = bodies.class_named(names.code(func), model) if isinstance(func, cst.Name) else None
        if own is not None:
            return _decorated(own, model, depth)
        named = _assigned(node, model) if depth else None
        return replace(_read(named, model, depth - 1), implied=False) if named is not None else UNKNOWN
    name = full.rpartition(".")[2]
    python = sqltypes.python_type(full)
    if name in sqltypes.ENUMS and full.startswith("sqlalchemy"):
        return _enum(call, model)
    if name in sqltypes.ARRAYS and full.startswith("sqlalchemy"):
        return _array(call, model, depth)
    if conventions.gave_strings(full):
        return _uuid(call)
    if python is None:
        return UNKNOWN
    if call is not None and name in sqltypes.AS_DECIMAL:
        python = _number(call, python)
    bare = call is None or not call.args
    return PythonType(python, implied=bare and sqltypes.is_standard(full, sqltypes.IMPLIED.get(python, "-")))


def _decorated(node: cst.ClassDef, model: ModuleModel, depth: int) -> PythonType:
    """The type of a TypeDecorator of the text that does nothing to the values that come back: that of its `impl`."""
    base = (names.dotted(node.bases[0].value) or "").rpartition(".")[2] if len(node.bases) == 1 else ""
    impl = dict(bodies.assignments(node)).get("impl")
    if base != "TypeDecorator" or impl is None or not depth or _RESULTS & bodies.body_of(node, model).bound:
        return UNKNOWN
    return replace(_read(impl, model, depth - 1), implied=False)


def full_name(node: cst.BaseExpression, model: ModuleModel) -> str | None:
    """The full dotted name of what an expression names in a package, e.g. `sqlalchemy.Integer` for `db.Integer`."""
    kind = model.type_of(node)
    if isinstance(kind, Imported):
        return kind.name
    if isinstance(node, cst.Attribute):
        if isinstance(model.type_of(node.value), Extension):
            return f"sqlalchemy.{node.attr.value}"
        owner = full_name(node.value, model)
        return f"{owner}.{node.attr.value}" if owner is not None else None
    if not isinstance(node, cst.Name):
        return None
    if node.value in model.imports.aliases:
        return model.imports.aliases[node.value]
    if node.value in model.bound_names or not sqltypes.is_known(node.value):
        return None
    star = next((module for module in model.imports.stars if names.root(module) == "sqlalchemy"), None)
    return f"{star}.{node.value}" if star is not None else f"sqlalchemy.{node.value}" if model.fragment else None


def _assigned(node: cst.BaseExpression, model: ModuleModel) -> cst.BaseExpression | None:
    """The value of a name that the module binds once, at its top: `Money = Numeric(10, 2)`."""
    if not isinstance(node, cst.Name):
        return None
    found = [
        small.value
        for line in model.tree.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.Assign)
        and any(isinstance(t.target, cst.Name) and t.target.value == node.value for t in small.targets)
    ]
    return found[0] if len(found) == 1 else None


def _mutable(owner: cst.BaseExpression, call: cst.Call, model: ModuleModel) -> PythonType:
    name = (names.dotted(owner) or "").rpartition(".")[2]
    if name == "MutableDict":
        return PythonType("dict", (PythonType("str"), UNKNOWN))
    if name == "MutableList":
        inner = _read(call.args[0].value, model, 0)
        return inner if inner.name == "list" else PythonType("list", (UNKNOWN,))
    return UNKNOWN


def _enum(call: cst.Call | None, model: ModuleModel) -> PythonType:
    given = names.positional(call) if call is not None else []
    if given and all(_are_labels(arg, model) for arg in given):
        return PythonType("str")
    if not given or any(arg.star for arg in given):
        return UNKNOWN
    spelled = names.dotted(given[0].value)
    if len(given) == 1 and spelled is not None and names.is_class_name(spelled.rpartition(".")[2]):
        return PythonType(spelled, local=True)
    return UNKNOWN


def _are_labels(arg: cst.Arg, model: ModuleModel) -> bool:
    """Whether an argument is a string, or strings that stand in the text: `*KINDS` of a module, or of a class."""
    if not arg.star:
        return names.literal_string(arg.value) is not None
    found = [arg.value]
    if isinstance(arg.value, cst.Name):
        name, top = arg.value.value, _assigned(arg.value, model)
        in_classes = [v for each in bodies.every_class(model) for n, v in bodies.assignments(each) if n == name]
        found = [*in_classes, *([top] if top is not None else [])]
    written = [each for each in found if isinstance(each, (cst.List, cst.Tuple))]
    elements = [element.value for each in written for element in each.elements]
    return len(written) == len(found) and bool(elements) and all(names.literal_string(e) is not None for e in elements)


def _array(call: cst.Call | None, model: ModuleModel, depth: int) -> PythonType:
    if call is None or not call.args or call.args[0].star:
        return PythonType("list", (UNKNOWN,))
    item = names.keyword(call, "item_type") or (call.args[0].value if call.args[0].keyword is None else None)
    inner = _read(item, model, depth) if item is not None else UNKNOWN
    found = PythonType("list", (replace(inner, implied=False),))
    dimensions = names.keyword(call, "dimensions")
    count = names.literal(dimensions) if dimensions is not None else 1
    for _ in range(count - 1 if isinstance(count, int) and count < _DEPTH else 0):
        found = PythonType("list", (found,))
    return PythonType("list", (UNKNOWN,)) if names.keyword(call, "as_tuple") is not None else found


def _uuid(call: cst.Call | None) -> PythonType:
    """A dialect's UUID gave strings in 1.x unless it was told otherwise."""
    given = names.keyword(call, "as_uuid") if call is not None else None
    if given is None and call is not None and call.args:
        given = call.args[0].value
    if given is None:
        return PythonType("str")
    return {"True": PythonType(sqltypes.UUID), "False": PythonType("str")}.get(names.code(given), UNKNOWN)


def _number(call: cst.Call, python: str) -> str:
    given = names.keyword(call, "asdecimal")
    if given is None:
        return python if len(names.positional(call)) < 3 and not names.starred(call) else ANY
    return {"True": sqltypes.DECIMAL, "False": "float"}.get(names.code(given), ANY)
