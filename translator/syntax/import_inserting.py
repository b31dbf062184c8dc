"""Puts a new import where its author would have put it: in its group, and in order where the group keeps one."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import libcst as cst

from translator.edits import Import
from translator.syntax import import_places, names

_PACKAGES = frozenset({"sqlalchemy", "flask_sqlalchemy"})
"""Packages that an application uses, whatever else it imports."""
_WORD = re.compile(r"[^\W\d]\w*")
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def alias(item: Import) -> cst.ImportAlias:
    asname = cst.AsName(cst.Name(item.asname)) if item.asname else None
    return cst.ImportAlias(cst.Name(item.name), asname)


def statement(item_module: str, items: Sequence[Import]) -> cst.SimpleStatementLine:
    """A new import of names of a module, or of the module itself."""
    bare = item_module.lstrip(".")
    dots = [cst.Dot() for _ in range(import_places.level(item_module))]
    if not items[0].name:
        asname = cst.AsName(cst.Name(items[0].asname)) if items[0].asname else None
        return cst.SimpleStatementLine([cst.Import([cst.ImportAlias(names.path(bare), asname)])])
    aliases = [alias(item) for item in items]
    module = names.path(bare) if bare else None
    return cst.SimpleStatementLine([cst.ImportFrom(module=module, names=aliases, relative=dots)])


def used_before(earlier: Sequence[Statement], items: Sequence[Import]) -> bool:
    """Whether statements above an import, among them others than imports, use one of the names already."""
    wanted = {item.bound for item in items}
    return any(not is_import(line) and wanted.intersection(_WORD.findall(cst.Module([line]).code)) for line in earlier)


def is_import(line: Statement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.Import, cst.ImportFrom)) for small in line.body
    )


def insert(body: list[Statement], module: str, items: Sequence[Import], own: str = "") -> list[Statement]:
    """Put a new import where its kind stands; `own` is the application's package, whose imports come last."""
    made = statement(module, items)
    lines = [(index, target) for index, target in import_places.lines(body) if not used_before(body[:index], items)]
    if not lines:
        return _insert_first(body, made)
    if module.startswith(".") and (kin := [line for line in lines if line[1].startswith(".")]):
        return _insert_relative(body, kin, module, made)
    root = names.root(module)
    if _is_standard(module):
        return _insert_standard(body, lines, module, made)
    if not module.startswith(".") and root not in _PACKAGES:
        return _insert_of_application(body, lines, module, made)
    related = [(index, target) for index, target in lines if names.root(target) == "sqlalchemy"]
    earlier = [index for index, target in related if target <= module]
    if earlier:
        return [*body[: earlier[-1] + 1], made, *body[earlier[-1] + 1 :]]
    if related:
        return insert_before(body, related[0][0], made, blank=False)
    return _insert_of_package(body, lines, module, made, own)


def _insert_of_application(
    body: list[Statement], lines: Sequence[tuple[int, str]], module: str, statement: cst.SimpleStatementLine
) -> list[Statement]:
    """Put an import of one of the application's modules beside those of the same package, else after all others."""
    kin = [line for line in lines if names.root(line[1]) == names.root(module)]
    if kin:
        return _insert_sorted(body, kin, module, statement)
    last = lines[-1][0]
    relative = next((index for index, target in lines if target.startswith(".")), None)
    if relative is not None:
        return insert_before(body, relative, statement, blank=_has_blank(body[relative]))
    blank = any(_has_blank(body[index]) for index, _ in lines[1:]) or len(lines) == 1
    lead = [cst.EmptyLine(indent=False)] if blank else []
    return [*body[: last + 1], statement.with_changes(leading_lines=lead), *body[last + 1 :]]


def _has_blank(line: Statement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and any(entry.comment is None for entry in line.leading_lines)


def _insert_of_package(
    body: list[Statement], lines: Sequence[tuple[int, str]], module: str, statement: cst.SimpleStatementLine, own: str
) -> list[Statement]:
    """Put an import of a package among those of others: after the standard library, before the application's own."""
    groups = import_places.groups(body, [(index, target) for index, target in lines if not target.startswith(".")])
    if not groups:  # only imports of the package's own modules, which come last
        return insert_before(body, lines[0][0], statement, blank=True)
    apart = [group for group in groups if not own or any(names.root(target) != own for _, target in group)]
    others = [group for group in apart if not any(_is_standard(target) for _, target in group)]
    if others:
        return _insert_sorted(body, others[0], module, statement)
    foreign = [(index, target) for group in apart for index, target in group if names.root(target) != own]
    packages = [index for index, target in foreign if own and not _is_standard(target)]
    if packages:  # in one group with the standard library
        return [*body[: packages[-1] + 1], statement, *body[packages[-1] + 1 :]]
    if not apart:
        return insert_before(body, groups[0][0][0], statement, blank=True)
    after = apart[-1][-1][0]
    following = next((body[index] for index, _ in lines if index > after), None)
    tight = isinstance(following, cst.SimpleStatementLine) and not following.leading_lines
    statement = statement.with_changes(leading_lines=[] if tight else [cst.EmptyLine(indent=False)])
    return [*body[: after + 1], statement, *body[after + 1 :]]


def _is_standard(module: str) -> bool:
    return names.root(module) in sys.stdlib_module_names


def _insert_relative(
    body: list[Statement], own: Sequence[tuple[int, str]], module: str, statement: cst.SimpleStatementLine
) -> list[Statement]:
    """Put an import of the application's own beside the others: what is further up comes first."""
    nearer = next(
        (
            index
            for index, target in own
            if (-import_places.level(target), target) > (-import_places.level(module), module)
        ),
        None,
    )
    if nearer is not None:
        return insert_before(body, nearer, statement, blank=False)
    after = own[-1][0]
    return [*body[: after + 1], statement, *body[after + 1 :]]


def _insert_standard(
    body: list[Statement], lines: Sequence[tuple[int, str]], module: str, statement: cst.SimpleStatementLine
) -> list[Statement]:
    """Put an import of the standard library among those, in order; else before the others, in a group of its own."""
    own = [(i, t) for i, t in lines if _is_standard(t) and t != "__future__"]
    first = next((index for index, target in lines if target != "__future__"), None)
    if not own and first is None:  # nothing but imports from `__future__`
        statement = statement.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
        return [*body[: lines[-1][0] + 1], statement, *body[lines[-1][0] + 1 :]]
    if not own and first is not None:
        return insert_before(body, first, statement, blank=True)
    plain = isinstance(statement.body[0], cst.Import)
    kinds = [
        isinstance(line.body[0], cst.Import) for i, _ in own if isinstance(line := body[i], cst.SimpleStatementLine)
    ]
    apart = kinds == sorted(kinds, reverse=True)  # `import x` before `from x import y`, as isort has it
    for (index, target), kind in zip(own, kinds, strict=True):
        if (apart and plain and not kind) or ((not apart or plain == kind) and target.lower() > module):
            return insert_before(body, index, statement, blank=False)
    after = own[-1][0]
    return [*body[: after + 1], statement, *body[after + 1 :]]


def _insert_sorted(
    body: list[Statement], group: Sequence[tuple[int, str]], module: str, statement: cst.SimpleStatementLine
) -> list[Statement]:
    """Put an import where the alphabet has it, if the group keeps to it, else after the group."""
    targets = [target.lower() for _, target in group]
    later = next((index for index, target in group if target.lower() > module), None)
    if targets == sorted(targets) and later is not None:
        return insert_before(body, later, statement, blank=False)
    after = group[-1][0]
    return [*body[: after + 1], statement, *body[after + 1 :]]


def insert_before(
    body: list[Statement], at: int, statement: cst.SimpleStatementLine, *, blank: bool
) -> list[Statement]:
    """Put a statement before another one, in the place of its leading lines."""
    following = cst.ensure_type(body[at], cst.SimpleStatementLine)
    leading = following.leading_lines
    body[at] = following.with_changes(leading_lines=[cst.EmptyLine(indent=False)] if blank else [])
    return [*body[:at], statement.with_changes(leading_lines=leading), *body[at:]]


def _insert_first(body: list[Statement], statement: cst.SimpleStatementLine) -> list[Statement]:
    at = 0
    if body and isinstance(body[0], cst.SimpleStatementLine) and isinstance(body[0].body[0], cst.Expr):
        value = body[0].body[0].value
        if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
            at = 1
    rest = list(body[at:])
    if rest:
        blank = 2 if isinstance(rest[0], (cst.FunctionDef, cst.ClassDef)) else 1
        first = rest[0]
        lines = list(getattr(first, "leading_lines", ()))
        while lines and lines[0].comment is None:
            lines.pop(0)
        spaced = [cst.EmptyLine(indent=False)] * blank + lines
        rest[0] = first.with_changes(leading_lines=spaced)
    lead = [cst.EmptyLine(indent=False)] if at else []
    return [*body[:at], statement.with_changes(leading_lines=lead), *rest]
