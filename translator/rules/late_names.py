"""An annotation that quotes a class inside of it, `List["Item"]`, is quoted as a whole where that class comes later.

1.x did not read annotations of what is not mapped by them: fields of dataclasses, attributes that `__allow_unmapped__`
lets be. 2.x looks into them when it maps the class, and raises where it finds the name of a class that is not there yet.
It leaves a text alone.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import plain_annotations
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import bodies
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#migration-to-2-0-step-six-add-allow-unmapped-to-explicitly-typed-orm-models"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    __allow_unmapped__ = True\n"
    "    id = Column(Integer, primary_key=True)\n    found: list['Item'] = None\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    __allow_unmapped__ = True\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n    found: 'list[Item]' = None\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id: Mapped[int] = mapped_column(primary_key=True)"
)
ON = ON_CLASS

_READ_OTHERWISE = ("Mapped[", "ClassVar", "Final", "InitVar", "Literal[", "Annotated[", "AssociationProxy")
_MAPPING = ("Column(", "relationship(", "relation(", "mapped_column(")
_REASON = "2.x looks into annotations when it maps the class, and the name that is quoted there is not bound yet"


def rewrite(site: Site, here: Context) -> Outcome:
    """Quote the whole annotation; take the quotes out where annotations are not evaluated."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    found = list(_quoting(node)) if here.model.about_sqlalchemy else []
    if not found or not _is_read(node, here):
        return None
    early = _bound_before(node, here)
    late = [(line, small) for line, small in found if not _words(small) <= early]
    texts = [_unquoted(small.annotation.annotation) for _, small in late]
    if not late:
        return None
    if any('"' in text and "'" in text for text in texts):
        return Decline(f"{_REASON}: quote the whole annotation", Severity.REMOVED)
    postponed = "__future__.annotations" in here.model.imports.aliases.values()
    edits = tuple(
        Edit(small, (*site.ancestors, id(node), id(line)), _annotated(small, text, postponed))
        for (line, small), text in zip(late, texts, strict=True)
    )
    return Rewrite(edits, _REASON, Need.REQUIRED)


def _annotated(small: cst.AnnAssign, text: str, postponed: bool) -> Callable[[cst.CSTNode], Replacement]:
    mark: str = _strings(small.annotation.annotation)[0].quote[0]
    mark = mark if mark not in text else {"'": '"', '"': "'"}[mark]
    made = names.expression(text if postponed else f"{mark}{text}{mark}")

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.AnnAssign)
        return updated.with_changes(annotation=updated.annotation.with_changes(annotation=made))

    return build


def _quoting(node: cst.ClassDef) -> Iterator[tuple[cst.SimpleStatementLine, cst.AnnAssign]]:
    """The annotations with strings in them, of attributes that hold nothing mapped when the class is."""
    bound = {name for name, value in bodies.assignments(node) if _is_mapping(value)}
    for line in node.body.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.AnnAssign) or not isinstance(small.target, cst.Name):
                continue
            said = small.annotation.annotation
            if isinstance(said, (cst.SimpleString, cst.ConcatenatedString)) or not _strings(said):
                continue
            otherwise = small.target.value in bound or any(word in names.code(said) for word in _READ_OTHERWISE)
            if not otherwise and _is_nothing(small.value) and isinstance(line, cst.SimpleStatementLine):
                yield line, small


def _is_nothing(value: cst.BaseExpression | None) -> bool:
    """Whether the attribute of the class is None, or not there, once a dataclass is made of it."""
    if value is None or names.code(value) == "None":
        return True
    called = names.dotted(value.func) if isinstance(value, cst.Call) else None
    return called is not None and called.rpartition(".")[2] in {"field", "attrib", "ib"} and not _is_mapping(value)


def _is_mapping(value: cst.BaseExpression) -> bool:
    code = names.code(value)
    return any(word in code for word in _MAPPING)


def _is_read(node: cst.ClassDef, here: Context) -> bool:
    """Whether 2.x reads the annotations of a class: it is mapped, or a class that is extends it."""
    if _is_mapped(node, here):
        return True
    others = (each for each in bodies.every_class(here.model) if each is not node and _is_mapped(each, here))
    return any(node is above for each in others for above in plain_annotations.plain_bases(each, here))


def _is_mapped(node: cst.ClassDef, here: Context) -> bool:
    if bodies.becomes_dataclass(node) or not node.decorators:
        return plain_annotations.is_mapped(node, here)
    last = {(names.dotted(_function(each.decorator)) or "").rpartition(".")[2] for each in node.decorators}
    return bool(last & {"mapped", "mapped_as_dataclass"}) or plain_annotations.is_mapped(node, here)


def _function(decorator: cst.BaseExpression) -> cst.BaseExpression:
    return decorator.func if isinstance(decorator, cst.Call) else decorator


def _strings(said: cst.BaseExpression) -> list[cst.SimpleString]:
    return [inner for inner in names.below(said) if isinstance(inner, cst.SimpleString)]


def _unquoted(said: cst.BaseExpression) -> str:
    """The annotation without the quotes inside of it."""
    text = names.code(said)
    for string in _strings(said):
        text = text.replace(names.code(string), str(string.evaluated_value))
    return text


def _words(small: cst.AnnAssign) -> set[str]:
    """The names that strings inside an annotation begin with."""
    found: set[str] = set()
    for string in _strings(small.annotation.annotation):
        parsed = names.expression(str(string.evaluated_value))
        found |= {n.value for n in (parsed, *names.below(parsed)) if isinstance(n, cst.Name)}
    return found


def _bound_before(node: cst.ClassDef, here: Context) -> set[str]:
    """The names that are there when a class is mapped: of the lines above it, and its own, which SQLAlchemy knows."""
    found = {node.name.value, *dir(builtins)}
    for line in here.model.tree.body:
        if line is node or any(inner is node for inner in names.below(line)):
            break
        if isinstance(line, (cst.ClassDef, cst.FunctionDef)):
            found.add(line.name.value)
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, (cst.Import, cst.ImportFrom)):
                found.update(name for name, _ in here.model.imports.bindings(small))
            elif isinstance(small, cst.Assign):
                found.update(names.code(target.target) for target in small.targets)
    return found
