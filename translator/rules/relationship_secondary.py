"""`secondary="join(A, B, …)"` is a lambda: 2.1 takes a string there for the name of a table, and evaluates none.

Where the text has not all names of the string at its top, it stays, and is told of: such a class may stand in a module
that can't be imported here.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.options import Target
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_call
from translator.rules.mapped import bodies
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"
_EXAMPLE = (
    "from sqlalchemy.orm import relationship\n\n"
    "links = Table('links', MetaData(), Column('id', Integer))\nitems = relationship('Item', secondary={})"
)
BEFORE = _EXAMPLE.format("'links.alias()'")
AFTER = _EXAMPLE.format("lambda: links.alias()")
ON = on_call("relationship", "relation", "dynamic_loader")

_SECOND = 2
_FUNCTIONS = frozenset({"join", "outerjoin", "and_", "or_", "not_", "true", "false", "func", "cast", "literal", "text"})
"""What such strings call; not e.g. `select`, whose arguments may be those of 1.x."""
_TOLD = (
    "2.1 takes it for the name of a table and evaluates no expression: give a lambda, in a module that has its names"
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the lambda, if all names are there when it is called."""
    call = cst.ensure_type(site.node, cst.Call)
    given = names.keyword(call, "secondary")
    positional = names.positional(call)
    if given is None and len(positional) >= _SECOND and not names.starred(call):
        given = positional[1].value
    text = names.literal_string(given) if given is not None else None
    if given is None or text is None or not site.name.startswith("sqlalchemy.") or here.options.target is Target.SA20:
        return None
    if all(part.isidentifier() for part in text.split(".")):
        return None
    expression = _parsed(text)
    if expression is None:
        return None  # a table whose name is none of Python's
    there = _tables(here.model)
    others = [name for name in _roots(expression) if not (_is_class(name, here.model) or name in there)]
    lacking = [name for name in others if name not in _FUNCTIONS]
    if lacking:
        said = f"secondary= is an expression in a string, and {lacking[0]} is not in sight here"
        return Decline(f"{said}; {_TOLD}", Severity.REMOVED)
    spelled = {name: here.name("sqlalchemy", name) for name in sorted({*others})}
    literal = given

    def build(node: cst.CSTNode) -> Replacement:
        body = cst.ensure_type(expression.visit(_Spelling(spelled)), cst.BaseExpression)  # type: ignore[type-abstract]
        return cst.Lambda(cst.Parameters(), body)

    ancestors = (*site.ancestors, id(call))
    return Rewrite((Edit(literal, ancestors, build),), "2.1 evaluates no string there", Need.REQUIRED)


class _Spelling(cst.CSTTransformer):
    """Spells functions of SQLAlchemy as the text can."""

    def __init__(self, spelled: dict[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._spelled = spelled

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """The function of a call."""
        func = updated_node.func
        if isinstance(func, cst.Name) and func.value in self._spelled:
            return updated_node.with_changes(func=self._spelled[func.value])
        return updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """What has an attribute: `func.lower(…)`."""
        value = updated_node.value
        if isinstance(value, cst.Name) and value.value in self._spelled:
            return updated_node.with_changes(value=self._spelled[value.value])
        return updated_node


def _parsed(text: str) -> cst.BaseExpression | None:
    try:
        return cst.parse_expression(text.strip())
    except cst.ParserSyntaxError:
        return None


def _roots(node: cst.CSTNode) -> Iterator[str]:
    """The names that an expression looks up."""
    if isinstance(node, cst.Name):
        if not hasattr(builtins, node.value):
            yield node.value
    elif isinstance(node, (cst.Attribute, cst.Arg)):
        yield from _roots(node.value)
    else:
        for child in node.children:
            yield from _roots(child)


def _is_class(name: str, model: ModuleModel) -> bool:
    """Whether the module has a mapped class by that name at its top, when all of it has run."""
    return model.mapping.get(name) is not None and (
        bodies.class_named(name, model) is not None or name in _imported(model)
    )


def _imported(model: ModuleModel) -> set[str]:
    """The names that the module imports at its top; not e.g. for type checkers alone."""
    return {
        bound
        for line in model.tree.body
        for small in (line.body if isinstance(line, cst.SimpleStatementLine) else ())
        if isinstance(small, (cst.Import, cst.ImportFrom))
        for bound, _ in model.imports.bindings(small)
    }


def _tables(model: ModuleModel) -> set[str]:
    """The names at the module's top that hold a table of the same name."""
    found = set()
    for line in model.tree.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            match small:
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.Call() as call):
                    said = names.literal_string(call.args[0].value) if call.args else None
                    if said == name and (names.dotted(call.func) or "").rpartition(".")[2] == "Table":
                        found.add(name)
    return found
