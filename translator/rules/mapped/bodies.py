"""The body of a class that holds columns: what it binds, what it asks of its columns, whether it is mapped or a mixin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from translator.model import asking
from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.model.types import Imported
from translator.syntax import names

OPERATORS = frozenset(
    """
    desc asc in_ not_in notin_ is_ is_not isnot like ilike not_like notlike not_ilike notilike between op bool_op
    contains startswith endswith match nulls_first nulls_last nullsfirst nullslast is_distinct_from collate distinct
    any_ all_ concat name
    """.split()  # noqa: SIM905  (a table reads better as words)
)
"""What a class body may ask of a `mapped_column()` as of a `Column`; not e.g. `type`, `label`, `cast`."""

_DATACLASSES = frozenset({"dataclass", "attrs", "s", "define", "frozen", "mutable", "mapped_as_dataclass"})
_ATTRS = frozenset({"attrs", "s", "define", "frozen", "mutable"})
_FOREIGN_BASES = frozenset({"SQLModel", "NamedTuple", "TypedDict", "Enum", "BaseSettings"})
_MIXIN_WORDS = ("mixin", "base", "abstract", "model", "entity", "common", "able")
_NAMES, _TOP, _CLASSES = "names of class bodies", "names of the module", "classes by name"
_EXTENDED, _ASKED = "classes that are extended", "what is asked of columns"
_QUOTE = "the quotes of strings"
_CLS = re.compile(r"\bcls\s*=\s*(\w+)")
_LOOKING = frozenset(
    {"relationship", "relation", "dynamic_loader", "backref", "Index", "UniqueConstraint", "PrimaryKeyConstraint",
     "ForeignKeyConstraint", "ForeignKey", "composite", "synonym", "deferred"}
)  # fmt: skip
"""Functions that take columns of a class body as they are."""
_DIRECTIVES = frozenset({"__tablename__", "__table_args__", "__mapper_args__", "__abstract__"})


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What is known of one class body."""

    node: cst.ClassDef
    bound: frozenset[str]
    """Names that the body binds, by whatever statement."""
    asked: frozenset[tuple[str, str]]
    """Attributes of names that the body itself reads, functions aside: `(a, label)` for `a.label("b")`."""
    computed: frozenset[str]
    """Names that the body itself computes with, as in `column_property(a + b)`: their types must be there at once."""
    keys: frozenset[str]
    """Names in `PrimaryKeyConstraint("a", "b")`."""
    obstacle: str | None
    """Why its columns stay as they are, where they do."""


def asked(name: str, node: cst.ClassDef, model: ModuleModel) -> str | None:
    """Why a column stays a Column: what its class, or a relative's `declared_attr`, asks of it a `mapped_column()` has not."""
    found = sorted(attr for column, attr in body_of(node, model).asked if column == name and attr not in OPERATORS)
    if found:
        return f"the class body reads {name}.{found[0]}, which a mapped_column() has not"
    declaring = _asked_by_relatives(model).get(node.name.value, frozenset())
    found = sorted(attr for column, attr in declaring if column in {name, asking.ANY} and attr not in OPERATORS)
    if not found:
        return None
    verb = "sets" if found[0].endswith("=") else "reads"
    return f"a declared_attr {verb} {found[0].rstrip('=')} of it, which it can't of a mapped_column()"


def _asked_by_relatives(model: ModuleModel) -> dict[str, frozenset[tuple[str, str]]]:
    """What the functions of each class, and of those that some class extends beside it, ask of columns."""
    found: dict[str, frozenset[tuple[str, str]]] = {}
    known = model.memo.setdefault(_ASKED, found)
    if known is found and any(mapped.asked for mapped in model.mapping):
        for mapped in model.mapping:
            family = model.mapping.family(mapped.name)
            wanted = frozenset(pair for each in family for pair in each.asked)
            for each in family if wanted else ():
                found[each.name] = found.get(each.name, frozenset()) | wanted
    return known if isinstance(known, dict) else found


def class_around(site: Site) -> cst.ClassDef | None:
    """The class in whose body a site stands, not in a function of it."""
    for node in reversed(site.around):
        if isinstance(node, cst.ClassDef):
            return node
        if isinstance(node, (cst.FunctionDef, cst.Lambda)):
            return None
    return None


def body_of(node: cst.ClassDef, model: ModuleModel) -> Body:
    """The body of a class, read once."""
    found = model.memo.get(id(node))
    if not isinstance(found, Body):
        found = _read(node, model)
        model.memo[id(node)] = found
    return found


def every_name(model: ModuleModel) -> frozenset[str]:
    """All names that some class body of the module binds."""
    found = model.memo.get(_NAMES)
    if not isinstance(found, frozenset):
        found = frozenset(name for node in _classes(model.tree) for name in body_of(node, model).bound)
        model.memo[_NAMES] = found
    return found


def top_names(model: ModuleModel) -> frozenset[str]:
    """Names that the module binds at its top, by imports or otherwise."""
    found = model.memo.get(_TOP)
    if not isinstance(found, frozenset):
        own = {
            inner.target.value
            for line in model.tree.body
            if isinstance(line, cst.SimpleStatementLine)
            for small in line.body
            for inner in (small.targets if isinstance(small, cst.Assign) else [small])
            if isinstance(inner, (cst.AssignTarget, cst.AnnAssign)) and isinstance(inner.target, cst.Name)
        }
        own |= {n.name.value for n in model.tree.body if isinstance(n, (cst.ClassDef, cst.FunctionDef))}
        found = frozenset({*own, *model.imports.aliases})
        model.memo[_TOP] = found
    return found


def class_named(name: str, model: ModuleModel) -> cst.ClassDef | None:
    """The class of that name in the text, the last of several."""
    found = model.memo.get(_CLASSES)
    if not isinstance(found, dict):
        found = {node.name.value: node for node in _classes(model.tree)}
        model.memo[_CLASSES] = found
    return found.get(name)


def every_class(model: ModuleModel) -> list[cst.ClassDef]:
    """All classes of the text, in its order."""
    return list(_classes(model.tree))


def is_mixin(node: cst.ClassDef, model: ModuleModel) -> bool:
    """Whether the columns of a class go into the tables of others: a mixin, an abstract class, a declarative base."""
    bound = body_of(node, model).bound
    if "__abstract__" in bound:
        return True
    mapped = model.mapping.get(node.name.value)
    if mapped is not None and mapped.table is not None and model.mapping.defines(mapped.name):
        return False  # its base may name its table
    if {"__tablename__", "__table__"} & dict(assignments(node)).keys():
        return False
    bases = [names.dotted(base.value) or "" for base in node.bases]
    if any(base.rpartition(".")[2] == "DeclarativeBase" for base in bases):
        return True
    above = [class_named(base, model) for base in bases if base not in {"object", "ABC", "abc.ABC"}]
    return all(other is not None and other is not node and _is_plain_mixin(other, model) for other in above)


def _is_plain_mixin(node: cst.ClassDef, model: ModuleModel) -> bool:
    """Whether a class that extends it may still be a mixin: not so of abstract classes and bases."""
    bases = [(names.dotted(base.value) or "").rpartition(".")[2] for base in node.bases]
    return "__abstract__" not in body_of(node, model).bound and "DeclarativeBase" not in bases and is_mixin(node, model)


def becomes_dataclass(node: cst.ClassDef) -> bool:
    """Whether `@dataclass` makes one of a class that its base has mapped by then; not e.g. one below `@registry.mapped`."""
    last = [_last(d.decorator) for d in node.decorators]
    return "dataclass" in last and bool(node.bases) and not any(name.startswith("mapped") for name in last)


def is_mapped_over_attrs(node: cst.ClassDef) -> bool:
    """Whether `@registry.mapped` maps what attrs made: that leaves annotations and no values, whatever was assigned."""
    found = [_last(d.decorator) for d in node.decorators]
    return "mapped" in found and bool(_ATTRS & {*found[found.index("mapped") :]})


def decorated_with(node: cst.ClassDef | cst.FunctionDef, full: str, model: ModuleModel) -> cst.Decorator | None:
    """The decorator of that full dotted name, called or not."""
    for decorator in node.decorators:
        value = decorator.decorator
        kind = model.type_of(value.func if isinstance(value, cst.Call) else value)
        if isinstance(kind, Imported) and kind.name == full:
            return decorator
    return None


def assignments(node: cst.ClassDef) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The names that a body assigns directly, with their values."""
    for line in node.body.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
                yield small.targets[0].target.value, small.value
            elif isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name) and small.value is not None:
                yield small.target.value, small.value


def _classes(node: cst.CSTNode) -> Iterator[cst.ClassDef]:
    for child in node.children:
        if isinstance(child, cst.ClassDef):
            yield child
        if isinstance(child, (cst.BaseCompoundStatement, cst.BaseSuite, cst.Else, cst.Finally, cst.ExceptHandler)):
            yield from _classes(child)


def _read(node: cst.ClassDef, model: ModuleModel) -> Body:
    bound: set[str] = set()
    asked: set[tuple[str, str]] = set()
    computed: set[str] = set()
    keys: set[str] = set()
    for statement in _statements(node.body):
        fresh: set[str] = set()
        computed.update(_computed(statement, within=False))
        for inner in (statement, *_own(statement)):
            match inner:
                case cst.AssignTarget(target=cst.Name(value=name)) | cst.AnnAssign(target=cst.Name(value=name)):
                    fresh.add(name)
                case cst.FunctionDef() | cst.ClassDef():
                    fresh.add(inner.name.value)
                case cst.Import() | cst.ImportFrom():
                    fresh.update(name for name, _ in model.imports.bindings(inner))
                case cst.Attribute(value=cst.Name(value=name), attr=attr) if name in bound:
                    asked.add((name, attr.value))  # not e.g. `uuid = Column(default=uuid.uuid4)`, which asks the module
                case cst.Call() if (names.dotted(inner.func) or "").endswith("PrimaryKeyConstraint"):
                    spelled = (names.literal_string(a.value) or names.dotted(a.value) for a in names.positional(inner))
                    keys.update(name for name in spelled if name)
        bound |= fresh
    return Body(node, frozenset(bound), frozenset(asked), frozenset(computed), frozenset(keys), _obstacle(node, model))


def _computed(node: cst.CSTNode, *, within: bool) -> Iterator[str]:
    """The names in operations and calls of a statement, but for calls that look at columns when all are mapped."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Annotation, cst.AssignTarget)):
        return
    if isinstance(node, cst.Call):
        if (names.dotted(node.func) or "").rpartition(".")[2] in _LOOKING:
            return
        within = True
    if within and isinstance(node, cst.Name):
        yield node.value
    if isinstance(node, cst.Attribute):
        yield from _computed(node.value, within=True)
        return
    if isinstance(node, cst.Arg):
        yield from _computed(node.value, within=within)
        return
    operation = isinstance(node, (cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.BooleanOperation))
    for child in node.children:
        yield from _computed(child, within=within or operation)


def _statements(body: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    """The statements of a block, those on one line apart."""
    for line in body.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from line.body
        else:
            yield line


def _own(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes of a body without what stands inside its functions, lambdas and classes; names that are bound aside."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return
    for child in node.children:
        yield child
        if isinstance(child, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Annotation)):
            continue
        if isinstance(child, cst.AssignTarget) and isinstance(child.target, cst.Name):
            continue
        if isinstance(child, cst.Attribute):
            yield from _own_value(child.value)
            continue
        if isinstance(child, cst.Arg):
            yield from _own_value(child.value)
            continue
        yield from _own(child)


def _own_value(value: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    yield value
    if isinstance(value, cst.Attribute):
        yield from _own_value(value.value)
    elif isinstance(value, cst.Lambda):
        return
    else:
        yield from _own(value)


def _last(decorator: cst.BaseExpression) -> str:
    func = decorator.func if isinstance(decorator, cst.Call) else decorator
    return (names.dotted(func) or "").rpartition(".")[2]


def _obstacle(node: cst.ClassDef, model: ModuleModel) -> str | None:
    for decorator in node.decorators:
        call = decorator.decorator
        spelled = names.dotted(call.func if isinstance(call, cst.Call) else call) or ""
        if spelled.rpartition(".")[2] in _DATACLASSES:
            return f"an annotation would make it a field of the dataclass that @{spelled} makes of {node.name.value}"
    for base in node.bases:
        if (names.dotted(base.value) or "").rpartition(".")[2] in _FOREIGN_BASES:
            return f"{names.code(base.value)} reads the annotations of {node.name.value} in its own way"
    above = (base for each in model.mapping.family(node.name.value) for base in each.bases)
    if any(base.rpartition(".")[2] == "MappedAsDataclass" for base in above):
        return f"an annotation would make it a field of the dataclass that MappedAsDataclass makes of {node.name.value}"
    if any(keyword.keyword is not None and keyword.keyword.value == "metaclass" for keyword in node.keywords):
        return f"the metaclass of {node.name.value} may look at its columns"
    if not is_mapped(node, model):
        return f"nothing shows that {node.name.value} is mapped, or a mixin of mapped classes"
    return None


def is_mapped(node: cst.ClassDef, model: ModuleModel) -> bool:
    """Whether a class is mapped, or a mixin: it has bases, is a base, is named like one, has directives or a `declared_attr`."""
    bases = [names.dotted(base.value) or "?" for base in node.bases]
    if any(base != "object" for base in bases):
        return True
    name = node.name.value
    if any(word in name.lower() for word in _MIXIN_WORDS):
        return True
    if any(isinstance(n, cst.Name) and n.value in _DIRECTIVES for n in _own(node.body)) or node.decorators:
        return True
    if any(t in _DIRECTIVES for t in _bound_directly(node)) or any(map(_is_declared, node.body.body)):
        return True
    return name in _extended(model)


def _is_declared(line: cst.CSTNode) -> bool:
    """Whether a line of a class is a function that declares something of the classes which extend it."""
    marks = line.decorators if isinstance(line, cst.FunctionDef) else ()
    return any("declared_attr" in (names.dotted(mark.decorator) or "").split(".") for mark in marks)


def _extended(model: ModuleModel) -> frozenset[str]:
    """The names of all that a class of the text, or a mapped one in sight, extends, or that is given as `cls=`."""
    found = model.memo.get(_EXTENDED)
    if not isinstance(found, frozenset):
        spelled = {names.dotted(base.value) or "" for node in _classes(model.tree) for base in node.bases}
        given = _CLS.findall(model.text) if "cls" in model.words(model.tree) else []
        mapped = {base.rpartition(".")[2] for each in model.mapping for base in each.bases}
        found = frozenset({*spelled, *given, *mapped})
        model.memo[_EXTENDED] = found
    return found


def quote_of(model: ModuleModel) -> str:
    """The quotes that most strings of the text have."""
    found = model.memo.get(_QUOTE)
    if not isinstance(found, str):
        strings = (each for each in names.below(model.tree) if isinstance(each, cst.SimpleString))
        counted = Counter(each.quote for each in strings)
        found = "'" if counted["'"] > counted['"'] else '"'
        model.memo[_QUOTE] = found
    return found


def _bound_directly(node: cst.ClassDef) -> Iterator[str]:
    yield from (line.name.value for line in node.body.body if isinstance(line, cst.FunctionDef))
    yield from (name for name, _ in assignments(node))
