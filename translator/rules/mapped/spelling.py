"""Spells Python types in a class body: by the imports there are, past the names that the body binds itself."""

from __future__ import annotations

import libcst as cst

from translator.edits import Import
from translator.model import conventions
from translator.rules.contract import Context
from translator.rules.mapped.bodies import Body, every_name, top_names
from translator.rules.mapped.pythontypes import PythonType
from translator.syntax import names

_SHORT = {"datetime": "dt"}
"""What a module is called where its own name is taken."""
_KIN = {"datetime": {"date", "datetime", "time", "timedelta"}}
"""Names of a module that are imported by name only where none of them is taken: else one way would hide the other."""
_GENERICS = frozenset({"list", "dict", "set"})


def type_name(python: PythonType, body: Body, here: Context) -> str | None:
    """The text of a type's name in a class body; asks for the import where there is none. None: there is no way."""
    inner = [type_name(item, body, here) for item in python.of]
    outer = _local(python.name, body, here) if python.local else _spelled(python.name, body, here)
    if outer is None or None in inner:
        return None
    return f"{outer}[{', '.join(filter(None, inner))}]" if inner else outer


def optional(spelled: str, body: Body, here: Context) -> str | None:
    """The type, or None, as the target Python writes it. None: the body binds what it takes to write it."""
    if here.options.python.has_unions:
        return f"{spelled} | None"
    found = _spelled("typing.Optional", body, here)
    return f"{found}[{spelled}]" if found is not None else None


def mapped_name(name: str, body: Body, here: Context, module: str = "sqlalchemy.orm") -> str:
    """`Mapped` or one of its kin, by its own name: Flask-SQLAlchemy's object has it too, but type checkers don't see."""
    spelled = here.model.imports.spelling(module, name)
    if spelled is None or names.root(spelled) in body.bound:
        here.imports.add(Import(module, name))
        return name
    return spelled


def _local(name: str, body: Body, here: Context) -> str | None:
    root = names.root(name)
    if _are_strings(here) and isinstance(here.model.scopes.binder(root, here.around), cst.FunctionDef):
        return None  # 2.x looks for it in the module
    nested = any(isinstance(line, cst.ClassDef) and line.name.value == root for line in body.node.body.body)
    return name if nested or root not in body.bound else None


def _are_strings(here: Context) -> bool:
    """Whether annotations are not evaluated where they stand."""
    return "__future__.annotations" in here.model.imports.aliases.values()


def _spelled(full: str, body: Body, here: Context) -> str | None:
    if full in _GENERICS and not here.options.python.has_generics:
        full = f"typing.{full.title()}"
    module, _, name = full.rpartition(".")
    if not module:
        return name if not _hidden(name, body, here) and name not in top_names(here.model) else None
    inside = _in_function(module, name, body, here)
    if inside is not None:
        return inside
    imports = here.model.imports.aliases
    for bound, target in imports.items():
        if target == full and not _hidden(bound, body, here):
            return bound
    for bound, target in imports.items():
        if target == module and not _hidden(bound, body, here):
            return f"{bound}.{name}"
    kin = _KIN.get(module, {name})
    own = {bound for bound, target in imports.items() if target.startswith(f"{module}.")}
    attributes = every_name(here.model) | {each for each in (*kin, module) if _hidden(each, body, here)}
    if name in here.model.free_names and name in conventions.FREE_TYPES:
        attributes |= {name}  # `Column(UUID())` in a fragment: the SQL type has that name
    stars = here.model.imports.stars and module != "typing"  # `from sqlalchemy import *` brings a UUID of its own
    if not stars and not kin & (({*imports, *here.model.bound_names} - own) | attributes) and name not in imports:
        here.imports.add(Import(module, name))
        return name
    taken = {*imports, *here.model.bound_names, *attributes}
    bound = next(n for n in (module, _SHORT.get(module, f"{module}_"), f"{module}_module") if n not in taken)
    here.imports.add(Import(module, "", None if bound == module else bound))
    return f"{bound}.{name}"


def _hidden(name: str, body: Body, here: Context) -> bool:
    """Whether the class body, or a function around it, binds a name, so that it means nothing else there."""
    return name in body.bound or isinstance(here.model.scopes.binder(name, here.around), cst.FunctionDef)


def _in_function(module: str, name: str, body: Body, here: Context) -> str | None:
    """The type by what a function around the class imports; annotations that are strings are not looked up in there."""
    if _are_strings(here):
        return None
    for bound, rest in ((name, ""), (module, f".{name}"), (_SHORT.get(module, module), f".{name}")):
        local = isinstance(here.model.scopes.binder(bound, here.around), cst.FunctionDef) and bound not in body.bound
        wanted = {module if rest else f"{module}.{name}"}
        if local and here.model.scopes.meaning(bound, here.around) == wanted:
            return f"{bound}{rest}" if here.model.scopes.imported_before(bound, here.around) else None
    return None
