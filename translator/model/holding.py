"""Where the objects of a class go, by the text alone: whether anything but what is followed may call their methods."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from translator.model import decorators
from translator.model.classes import ClassInfo
from translator.syntax import names

_LOOKING_ON = (
    "flask.views.", "flask_restful.", "flask_restplus.", "flask_restx.", "testtools.", "unittest2.", "oslotest.",
    "flask_testing.", "fixtures.",
)  # fmt: skip
"""Packages whose classes, views and tests, ask those that extend them for nothing but their methods."""
_ASKING = frozenset({"isinstance", "type", "id"})
"""Functions that call nothing of what they are given."""


def is_harmless(info: ClassInfo, base: str) -> bool:
    """Whether a base knows nothing of what those that extend it keep: Python's own, a view's, a test's."""
    if (inner := re.fullmatch(r"(?:\w+\.)?with_metaclass\((.*)\)", base)) is not None:
        return all(is_harmless(info, each.strip()) for each in inner[1].split(",") if each.strip())
    spelled = base.partition("[")[0]
    root, _, rest = spelled.partition(".")
    full = info.home.imports.aliases.get(root) if info.home is not None else None
    if full is None:
        return hasattr(builtins, root)
    whole = f"{full}.{rest}".rstrip(".")
    return names.root(whole) in {*sys.stdlib_module_names, "typing_extensions"} or whole.startswith(_LOOKING_ON)


@dataclass(slots=True)
class Uses:
    """What a text does with an object that it has under one name."""

    handed: bool = False
    """Whether it goes anywhere: is passed, stored, walked, given another name."""
    looked: set[str] = field(default_factory=set)
    """Its attributes that are not called at once."""
    later: set[str] = field(default_factory=set)
    """Those that a function inside may ask for at another time, or any number of times."""


class _Looking(cst.CSTVisitor):
    def __init__(self, name: str, uses: Uses, bases: Iterable[str] = ()) -> None:
        self._name, self.uses, self._bases = name, uses, frozenset(bases)
        self._inside = 0

    def _is_it(self, node: cst.CSTNode | None) -> bool:
        return isinstance(node, cst.Name) and node.value == self._name

    def visit_Name(self, node: cst.Name) -> None:
        self.uses.handed |= self._is_it(node)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        if self._is_it(node.value):
            (self.uses.later if self._inside else self.uses.looked).add(node.attr.value)
        else:
            node.value.visit(self)
        return False

    def visit_Call(self, node: cst.Call) -> bool:
        args = list(node.args)
        spelled = names.dotted(node.func)
        if isinstance(node.func, cst.Attribute) and self._is_it(node.func.value):
            if self._inside:
                self.uses.later.add(node.func.attr.value)
        elif isinstance(node.func, cst.Attribute) and names.dotted(node.func.value) in self._bases:
            args = args[1:] if args and self._is_it(args[0].value) and not args[0].star else args
        elif spelled == "super" or (spelled in _ASKING and len(args) in {1, 2}):
            return False
        else:
            node.func.visit(self)
        for arg in args:
            arg.value.visit(self)
        return False

    def visit_Return(self, node: cst.Return) -> bool:
        return not self._is_it(node.value) or bool(self._inside)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        return not self._is_it(node.target) or bool(self._inside)

    def visit_Param(self, node: cst.Param) -> bool:
        if self._is_it(node.name) and self._inside:
            self.uses.handed = True
        if node.default is not None:
            node.default.visit(self)
        return False

    def _enter(self, node: cst.CSTNode) -> None:
        self._inside += 1

    def _leave(self, original_node: cst.CSTNode) -> None:
        self._inside -= 1

    visit_FunctionDef = visit_Lambda = visit_ClassDef = _enter
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _enter
    leave_FunctionDef = leave_Lambda = leave_ClassDef = _leave
    leave_ListComp = leave_SetComp = leave_DictComp = leave_GeneratorExp = _leave


def of_name(body: Iterable[cst.CSTNode], name: str) -> Uses:
    """What statements do with the object that a name holds."""
    looking = _Looking(name, Uses())
    for statement in body:
        statement.visit(looking)
    return looking.uses


def by_methods(info: ClassInfo) -> Uses:
    """What the methods of a class do with their objects."""
    uses = Uses()
    for line in info.node.body.body:
        if not isinstance(line, cst.FunctionDef):
            continue
        marks = decorators.named(line)
        params = [*line.params.posonly_params, *line.params.params]
        if marks & {"setter", "deleter", "?"}:
            uses.handed = True
        elif params and not marks & decorators.STATIC:
            looking = _Looking(params[0].name.value, uses, info.spelled_bases)
            for statement in line.body.body:
                statement.visit(looking)
    return uses


def gives_itself(node: cst.FunctionDef) -> bool:
    """Whether all that a method returns is the object that it was called on."""
    params = [*node.params.posonly_params, *node.params.params]
    returned: list[cst.Return] = []

    class Returns(cst.CSTVisitor):
        def visit_Return(self, node: cst.Return) -> None:
            returned.append(node)

        def visit_Yield(self, node: cst.Yield) -> None:
            params.clear()

    node.body.visit(Returns())
    own = {params[0].name.value} if params else set()
    return bool(returned) and all(isinstance(one.value, cst.Name) and one.value.value in own for one in returned)


def runs_later(node: cst.FunctionDef) -> bool:
    """Whether the body of a function doesn't run when it is called: it yields, or is to be awaited."""
    return node.asynchronous is not None or re.search(r"\byield\b", names.code(node.body)) is not None
