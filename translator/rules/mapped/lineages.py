"""The classes that a class extends, in whichever module of the program they stand, and the declarative base at their end.

Two bases have a registry each, in which a string names a class; unless another one of that registry is called so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.model.module import ModuleModel
from translator.rules.mapped import bodies, needing
from translator.syntax import names

Found = tuple[cst.ClassDef, ModuleModel]
_DEPTH = 12
_MAKING = frozenset({"declarative_base", "automap_base"})
_MODERN = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
_CALLED, _BY_NAME = "mapped classes by name", "modules by name"


def above(node: cst.ClassDef, model: ModuleModel, program: Sequence[ModuleModel]) -> Iterator[Found]:
    """The classes in sight that a class extends, nearest first."""
    seen, queue = {id(node)}, [(node, model)]
    while queue:
        current, home = queue.pop(0)
        for base in current.bases:
            found = _class(names.dotted(base.value) or "", home, program)
            if found is not None and id(found[0]) not in seen:
                seen.add(id(found[0]))
                queue.append(found)
                yield found


def leads(name: str, user: Found, home: ModuleModel, program: Sequence[ModuleModel]) -> bool:
    """Whether the name alone, in the registry of a class, leads to the class of that name in a module."""
    node = bodies.class_named(name, home)
    if node is None or apart((node, home), user, program):
        return node is None
    others = [found for found in _called(name, home, program) if found[0] is not node]
    return all(apart(other, user, program) for other in others)


def apart(left: Found, right: Found, program: Sequence[ModuleModel]) -> bool:
    """Whether two classes certainly extend declarative bases that have a registry each."""
    bases = [_base(*each, program) for each in (left, right)]
    return None not in bases and bases[0] != bases[1]


def _called(name: str, model: ModuleModel, program: Sequence[ModuleModel]) -> Sequence[Found]:
    """The mapped classes of a name, one of which a string leads to."""
    modules = [*program] or [model]
    known = modules[0].memo.get(_CALLED)
    if not isinstance(known, dict):
        known = dict[str, list[Found]]()
        modules[0].memo[_CALLED] = known
        for each in modules:
            for node in filter(lambda node: each.mapping.defines(node.name.value), bodies.every_class(each)):
                known.setdefault(node.name.value, []).append((node, each))
    found: Sequence[Found] = known.get(name, ())
    return found


def place(
    spelled: str, model: ModuleModel, program: Sequence[ModuleModel], depth: int = _DEPTH
) -> tuple[str, ModuleModel] | None:
    """The module in which a name is bound that another one imports, and the name there; None where it isn't in sight."""
    root, _, rest = spelled.partition(".")
    full = model.imports.aliases.get(root)
    if full is None:
        return spelled, model
    parts = [*needing.absolute(full, model).split("."), *filter(None, rest.split("."))]
    for length in range(len(parts) - 1, 0, -1):
        home = _modules(model, program).get(".".join(parts[:length]))
        if home is not None and home is not model and depth:
            return place(".".join(parts[length:]), home, program, depth - 1)
    return None


def _modules(model: ModuleModel, program: Sequence[ModuleModel]) -> dict[str, ModuleModel]:
    first = program[0] if program else model
    known = first.memo.get(_BY_NAME)
    if not isinstance(known, dict):
        known = first.memo[_BY_NAME] = {each.name: each for each in program if each.name}
    return known


def _class(spelled: str, model: ModuleModel, program: Sequence[ModuleModel]) -> Found | None:
    found = place(spelled, model, program)
    node = bodies.class_named(found[0], found[1]) if found is not None else None
    return (node, found[1]) if found is not None and node is not None else None


def _base(node: cst.ClassDef, model: ModuleModel, program: Sequence[ModuleModel], depth: int = _DEPTH) -> str | None:
    """What tells the declarative base of a class from others; None where it isn't known."""
    for base in node.bases if depth else ():
        found = place(names.dotted(base.value) or "", model, program)
        if found is None:
            continue
        name, home = found
        other = bodies.class_named(name, home)
        if other is None:
            made = _made(name, home)
        elif other is node:
            continue
        elif any((names.dotted(each.value) or "").rpartition(".")[2] in _MODERN for each in other.bases):
            made = f"{home.name}:{name}" if "registry" not in bodies.body_of(other, home).bound else None
        else:
            made = _base(other, home, program, depth - 1)
        if made is not None:
            return made
    return None


def _made(name: str, home: ModuleModel) -> str | None:
    """The base that a line at the top of a module makes, unless it is given a registry that others may have, too."""
    for line in home.tree.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call):
                called = (names.dotted(small.value.func) or "").rpartition(".")[2]
                if called in _MAKING and any(names.code(each.target) == name for each in small.targets):
                    given = names.keyword(small.value, "class_registry")
                    return f"{home.name}:{name}" if given is None else None
    return None
