"""How a base names the tables of the classes that extend it: by a `declared_attr` called `__tablename__`, or by the class's name.

The second is what Flask-SQLAlchemy does for `db.Model`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import declared
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.mapping import MappedClass

_NAME, _LOWER, _EXTENSION = "{name}", "{lower}", "{extension}"


def scheme(node: cst.ClassDef) -> str | None:
    """What the `__tablename__` of a class gives: the class's name and that in small letters in braces, and texts."""
    for line in node.body.body:
        if not isinstance(line, cst.FunctionDef) or line.name.value != "__tablename__" or not line.params.params:
            continue
        body = [
            small
            for one in line.body.body
            for small in (one.body if isinstance(one, cst.SimpleStatementLine) else (one,))
            if not (isinstance(small, cst.Expr) and isinstance(small.value, (cst.SimpleString, cst.ConcatenatedString)))
        ]
        marks = [(names.dotted(mark.decorator) or "") for mark in line.decorators]
        if not any(mark.removesuffix(".directive").endswith("declared_attr") for mark in marks) or len(body) != 1:
            return None
        given = body[0].value if isinstance(body[0], cst.Return) else None
        return _read(given, line.params.params[0].name.value) if given is not None else None
    return None


def _read(node: cst.BaseExpression, cls: str) -> str | None:
    match node:
        case cst.SimpleString() if (text := names.literal_string(node)) is not None and "{" not in text:
            return text
        case cst.Attribute() if names.dotted(node) == f"{cls}.__name__":
            return _NAME
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="lower"), value=inner), args=[]):
            return _LOWER if _read(inner, cls) == _NAME else None
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
            return _joined((_read(left, cls), _read(right, cls)))
        case cst.FormattedString(parts=parts):
            return _joined(_part(part, cls) for part in parts)
    return None


def _part(part: cst.BaseFormattedStringContent, cls: str) -> str | None:
    if isinstance(part, cst.FormattedStringText):
        return part.value if part.value.isidentifier() else None
    assert isinstance(part, cst.FormattedStringExpression)
    plain = part.conversion is None and part.format_spec is None and part.equal is None
    return _read(part.expression, cls) if plain else None


def _joined(parts: Iterable[str | None]) -> str | None:
    found = list(parts)
    return "".join(filter(None, found)) if None not in found else None


def _aliases(body: Iterable[cst.CSTNode]) -> Iterable[str]:
    """Names at the top that hold the class that Flask-SQLAlchemy makes: `Model = db.Model`."""
    for line in body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and (names.dotted(small.value) or "").endswith(".Model"):
                yield from (each.target.value for each in small.targets if isinstance(each.target, cst.Name))


def _bases(body: Iterable[cst.CSTNode]) -> Iterable[tuple[str, str]]:
    """Names at the top that hold what declarative_base() gives, and the class that it was given."""
    for line in body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.Assign) or not isinstance(small.value, cst.Call):
                continue
            made = (names.dotted(small.value.func) or "").rpartition(".")[2]
            given = names.keyword(small.value, "cls")
            for target in small.targets:
                if isinstance(target.target, cst.Name) and made in {"declarative_base", "generate_base"}:
                    yield target.target.value, (names.dotted(given) or "" if given is not None else "")


class Tables:
    """The schemes of the classes in sight, and what tables they give; `known` are those of other modules."""

    def __init__(self, known: dict[str, str]) -> None:
        self._schemes = known
        self.own: list[tuple[str, str, str]] = []
        """Those of the module that was collected: the class, its scheme, and the module."""

    def collect(self, body: Iterable[cst.CSTNode], found: Iterable[cst.ClassDef], origin: str) -> None:
        """Note the classes and bases of a module; others that are called like them elsewhere don't count here."""
        schemes = {node.name.value: scheme(node) for node in found}
        schemes.update(dict.fromkeys(_aliases(body), _EXTENSION))
        for name, given in _bases(body):
            last = given.rpartition(".")[2]
            schemes[name] = schemes[last] if last in schemes else self._schemes.get(last)
        for name, said in schemes.items():
            self._schemes.pop(name, None)
            if said is not None:
                self._schemes[name] = said
                self.own.append((name, said, origin))

    def named(self, mapped: MappedClass, classes: Mapping[str, MappedClass]) -> str | None:
        """The table of a class as the nearest of its bases names it that does; those of its bases are known."""
        queue = deque() if mapped.untabled else deque(mapped.bases)
        seen = {mapped.name}
        tabled = False
        while queue:
            base = queue.popleft()
            name = base.rpartition(".")[2]
            if name in seen:
                continue
            seen.add(name)
            said = self._schemes.get(name) or (_EXTENSION if base.endswith(".Model") else None)
            if said == _EXTENSION:
                shares = tabled and not mapped.primary_keys()  # the table of the class above
                return None if shares else declared.named_by_2(mapped.name)
            if said is not None:
                return None if tabled else said.replace(_NAME, mapped.name).replace(_LOWER, mapped.name.lower())
            above = classes.get(name)
            if above is not None:
                tabled = tabled or above.table is not None
                queue.extend(above.bases)
        return None
