"""`Base = declarative_base()` is a class of its own: `class Base(DeclarativeBase)`; `registry.generate_base()` likewise.

Type checkers see what a class is; what a function made they don't. The metadata, the class registry and the classes of
`cls=` stay with it. A base whose constructor or metaclass would change stays as it is.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Severity
from translator.model.sites import Site
from translator.options import Models
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_call
from translator.rules.mapped import basing
from translator.syntax import blocks, names

GUIDE = f"{contract.GUIDE}#declarative-becomes-a-first-class-api"
BEFORE = "meta = MetaData()\nBase = declarative_base(metadata=meta)"
AFTER = "meta = MetaData()\n\n\nclass Base(DeclarativeBase):\n    metadata = meta"
_FUNCTIONS = ("declarative_base", "generate_base")
ON = on_call(*_FUNCTIONS)

_REASON = "a declarative base is a class, which type checkers know"
_CALLED = "where its __name__ is read, or a string in a relationship names it, say so"
_NOISE = ("# type:", "# noqa", "# pylint", "# pragma")


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the class."""
    if not site.name.startswith("sqlalchemy."):
        return None
    if any(arg.keyword is None and not arg.star for arg in cst.ensure_type(site.node, cst.Call).args):
        return Decline(
            "declarative_base() takes arguments by name only, and the engine that came first is gone from 2.0: give it to "
            "create_all() and to the session instead",
            Severity.REMOVED,
        )
    if here.options.models is Models.NONE:
        return None
    found = _assigned(site)
    if found is None or any(isinstance(node, cst.Try) for node in site.around):
        return None  # not e.g. what an application falls back to where DeclarativeBase can't be imported
    name, at = found
    given = _given(site.node)
    stays = basing.obstacle(given, here.model, here.program) or _hidden(given, name, site, here)
    if stays is not None:
        function = site.name.rpartition(".")[2]
        return Decline(f"{function}() stays, which 2.x still takes: {stays}", Severity.NOTE)
    line = site.around[at]
    base = here.name("sqlalchemy.orm", "DeclarativeBase")
    registry = names.code(here.name("sqlalchemy.orm", "registry")) if "class_registry" in (given or {}) else None
    top = at == 0
    gap = _gap(line, here) if top else (0, 0)

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.SimpleStatementLine)
        small = updated.body[0]
        assert isinstance(small, (cst.Assign, cst.AnnAssign))
        arguments = _given(small.value) or {}
        bases = [*basing.parents(arguments), base]
        made = [_line(attribute, value) for attribute, value in basing.lines(arguments, registry)]
        trailing = updated.trailing_whitespace
        if trailing.comment is not None and trailing.comment.value.startswith(_NOISE):
            trailing = cst.TrailingWhitespace(newline=trailing.newline)
        body = cst.IndentedBlock(
            made or [cst.SimpleStatementLine([cst.Pass()])],
            header=trailing,
            footer=[cst.EmptyLine(indent=False)] * gap[1],
        )
        leading = [*[cst.EmptyLine(indent=False)] * gap[0], *updated.leading_lines]
        return cst.ClassDef(cst.Name(name), body, [cst.Arg(b) for b in bases], leading_lines=leading)

    called = names.literal((given or {}).get("name") or cst.SimpleString("'Base'"))
    told = Decline(f"the class is called {name} now, not {called}: {_CALLED}", Severity.NOTE)
    differs = (given or {}).keys() >= {"name"} and called != name
    return Rewrite((Edit(line, site.ancestors[:at], build),), _REASON, remarks=(told,) if differs else ())


def _given(node: cst.CSTNode | None) -> dict[str, cst.BaseExpression] | None:
    """The arguments by name, with the registry whose `generate_base()` is called; None where they can't be told apart."""
    call = cst.ensure_type(node, cst.Call)
    given = basing.arguments(call)
    if given is None or names.code(call.func).rpartition(".")[2] != "generate_base":
        return given
    return {**given, "registry": cst.ensure_type(call.func, cst.Attribute).value}


def _assigned(site: Site) -> tuple[str, int] | None:
    """The name that holds the base, and the place of its statement among what is around; the statement is all its line."""
    around = site.around
    statement = around[-1] if around else None
    line = around[-2] if len(around) > 1 else None
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if not isinstance(statement, (cst.Assign, cst.AnnAssign)) or statement.value is not site.node:
        return None
    targets = [t.target for t in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], cst.Name):
        return None
    if any(isinstance(node, cst.ClassDef) for node in around):
        return None
    return targets[0].value, len(around) - 2


def _hidden(given: dict[str, cst.BaseExpression] | None, name: str, site: Site, here: Context) -> str | None:
    """A class body in a function doesn't see the function's `metadata` once it has an attribute of that name."""
    local = any(isinstance(node, cst.FunctionDef) for node in site.around)
    if local and any(names.code(value) == key for key, value in (given or {}).items()):
        return "its metadata is a local variable, which the body of a class can't keep under the same name"
    used = any(name in here.model.words(value) for key, value in (given or {}).items() if key != "name")
    return f"the name {name} is used in its own arguments" if used else None


def _line(attribute: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(attribute))], value)])


def _gap(line: cst.CSTNode, here: Context) -> tuple[int, int]:
    """Blank lines that a class at the top of a module lacks before and after it."""
    row = blocks.siblings(None, line, here.model.tree)
    at = next((i for i, node in enumerate(row) if node is line), 0)
    before = 2 - _blank(line) if at and not _makes_base(row[at - 1]) else 0
    return max(before, 0), max(2 - _blank(row[at + 1]), 0) if at + 1 < len(row) else 0


def _makes_base(line: cst.CSTNode) -> bool:
    """Whether a line makes a base, too, and so has its blank lines below it."""
    value = (
        line.body[0].value
        if isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Assign)
        else None
    )
    return isinstance(value, cst.Call) and (names.dotted(value.func) or "").rpartition(".")[2] in _FUNCTIONS


def _blank(node: cst.CSTNode) -> int:
    lines: tuple[cst.EmptyLine, ...] = tuple(getattr(node, "leading_lines", ()))
    count = 0
    for line in lines:
        if line.comment is not None:
            break
        count += 1
    return count
