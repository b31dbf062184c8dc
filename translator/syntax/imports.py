"""Import statements: what they bind, and how a name of a package is spelled in this text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from translator.syntax import names

_OLD_EXTENSION = re.compile(r"^flask\.ext\.")
"""Where Flask's extensions were found before Flask 1.0."""


class Imports:
    """The imports of one module, wherever they stand."""

    def __init__(self, tree: cst.Module) -> None:
        self._body = tree.body
        self.statements: list[cst.Import | cst.ImportFrom] = list(_statements(tree.body))
        self.aliases: dict[str, str] = {}
        """Bound name → full dotted name, for imports at the top level of the module."""
        self.forwarded: dict[str, str] = {}
        """Those of them that modules of the same program hand on from a package, with the name that has there."""
        self.stars: list[str] = []
        self.top_level: set[int] = set()
        for line in tree.body:
            if isinstance(line, cst.SimpleStatementLine):
                for small in line.body:
                    if isinstance(small, (cst.Import, cst.ImportFrom)):
                        self.top_level.add(id(small))
        for statement in self.statements:
            if id(statement) not in self.top_level:
                continue
            if isinstance(statement, cst.ImportFrom) and isinstance(statement.names, cst.ImportStar):
                self.stars.append(module_of(statement))
            for bound, full in self.bindings(statement):
                self.aliases[bound] = full

    @cached_property
    def packages(self) -> frozenset[str]:
        """The first names of all imported modules; "" stands for relative imports."""
        found: set[str] = set()
        for statement in self.statements:
            if isinstance(statement, cst.ImportFrom):
                found.add(names.root(module_of(statement)))
            else:
                found.update(names.root(names.dotted(alias.name) or "") for alias in statement.names)
        return frozenset(found)

    @cached_property
    def of_module(self) -> frozenset[str]:
        """The names that imports bind in the module itself: at its top, in a block, but not in a function or a class."""
        lines = [line for line in self._body if not isinstance(line, (cst.FunctionDef, cst.ClassDef))]
        return frozenset(bound for statement in _statements(lines) for bound, _ in self.bindings(statement))

    def fulls(self, name: str) -> frozenset[str]:
        """What imports bind a name to, wherever in the text they stand."""
        return self._bound.get(name, frozenset())

    def every(self) -> Iterator[tuple[str, str]]:
        """The names that imports bind, wherever they stand, each with its full dotted name."""
        return (found for statement in self.statements for found in self.bindings(statement))

    @cached_property
    def _bound(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for statement in self.statements:
            for bound, full in self.bindings(statement):
                found[bound] = found.get(bound, frozenset()) | {full}
        return found

    @staticmethod
    def bindings(statement: cst.Import | cst.ImportFrom) -> Iterator[tuple[str, str]]:
        """The names that a statement binds, each with its full dotted name."""
        if isinstance(statement, cst.Import):
            for alias in statement.names:
                full = names.dotted(alias.name) or ""
                if alias.asname is not None:
                    yield names.code(alias.asname.name).strip(), full
                else:
                    yield names.root(full), names.root(full)
            return
        if isinstance(statement.names, cst.ImportStar):
            return
        module = _OLD_EXTENSION.sub("flask_", module_of(statement))
        for alias in statement.names:
            name = names.code(alias.name)
            bound = names.code(alias.asname.name).strip() if alias.asname is not None else name
            yield bound, f"{module}{name}" if module.endswith(".") else f"{module}.{name}"

    def spelling(self, module: str, name: str) -> str | None:
        """How this text can spell `module.name` with the imports that it has, else None."""
        full = f"{module}.{name}"
        for bound, target in self.aliases.items():
            if target == full:
                return bound
        for bound, target in self.aliases.items():
            if target == module and (bound != names.root(module) or bound == module):
                return f"{bound}.{name}"
        if module in self.stars:
            return name
        return next((bound for bound, target in self.forwarded.items() if target == full), None)


def module_of(statement: cst.ImportFrom) -> str:
    """The module of a from-import; relative ones begin with dots."""
    path = names.dotted(statement.module) if statement.module is not None else ""
    return "." * len(statement.relative) + (path or "")


def _statements(body: object) -> Iterator[cst.Import | cst.ImportFrom]:
    for node in body if isinstance(body, (list, tuple)) else ():
        if isinstance(node, cst.SimpleStatementLine):
            for small in node.body:
                if isinstance(small, (cst.Import, cst.ImportFrom)):
                    yield small
            continue
        inner = getattr(node, "body", None)
        if isinstance(inner, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            yield from _statements(list(inner.body))
        for name in ("orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, cst.If):
                yield from _statements([block])
            elif block is not None:
                yield from _statements(list(block.body.body))
        for handler in getattr(node, "handlers", ()):
            yield from _statements(list(handler.body.body))
