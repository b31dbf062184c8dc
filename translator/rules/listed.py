"""Where the text says that a list comes of `all()`: type checkers take what a statement gives for a Sequence. No rule itself.

`Query.all()` gave a `List`; `Result.all()` gives one, too, but says `Sequence`, so that `def users() -> List[User]` is refused.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.options import Options
from translator.rules.checked import function_around, is_checked, knows_session
from translator.rules.contract import Context
from translator.syntax import names

_LIST = re.compile(r"(?:(?:typing|t)\.)?(?:Optional\[(?:(?:typing|t)\.)?)?[Ll]ist\b")
_CHANGING = frozenset({"append", "extend", "insert", "remove", "pop", "sort", "reverse", "clear", "copy"})
"""What a list has and a Sequence has not."""


def said(site: Site, here: Context) -> bool:
    """Whether an annotation around a site wants a list, or a variable that type checkers look at is used as one."""
    if "list" in here.model.bound_names:
        return False
    inner: cst.CSTNode = site.node
    for outer in reversed(site.around):
        match outer:
            case cst.IfExp() if inner is not outer.test:
                pass
            case cst.BooleanOperation():
                pass
            case cst.Return():
                function = function_around(site)
                return function is not None and _is_list(function.returns)
            case cst.AnnAssign():
                return _is_list(outer.annotation)
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
                return knows_session(site, here) and _is_changed(name, function_around(site))
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Attribute(value=cst.Name(value="self"), attr=attr))]):
                return _is_list_of_class(attr.value, site, here.options)
            case cst.BinaryOperation(operator=cst.Add()):
                return knows_session(site, here)
            case _:
                return False
        inner = outer
    return False


def as_list(edit: Edit) -> Edit:
    """The edit of a call, with what comes of it in `list(…)`, whose brackets take the place of those around the call."""

    def build(node: cst.CSTNode) -> Replacement:
        made = edit.build(node)
        assert isinstance(made, cst.BaseExpression)
        if len(made.lpar) != 1:
            return cst.Call(cst.Name("list"), [cst.Arg(made)])
        before, after = made.lpar[0].whitespace_after, made.rpar[0].whitespace_before
        inside = cst.Arg(made.with_changes(lpar=[], rpar=[]), whitespace_after_arg=after)
        return cst.Call(cst.Name("list"), [inside], whitespace_before_args=before)

    return Edit(edit.target, edit.ancestors, build)


def _is_list(annotation: cst.Annotation | None) -> bool:
    if annotation is None:
        return False
    text = names.literal_string(annotation.annotation) or names.code(annotation.annotation)
    return _LIST.match(text) is not None


def _is_list_of_class(name: str, site: Site, options: Options) -> bool:
    """Whether the class of a method says that an attribute of its objects is a list, or uses it as one.

    Only if some method of it has annotations: else nobody has its types checked.
    """
    owner = next((n for n in reversed(site.around) if isinstance(n, cst.ClassDef)), None)
    inside = list(names.below(owner.body)) if owner is not None else []
    if not any(isinstance(node, cst.FunctionDef) and is_checked(node, options) for node in inside):
        return False
    for node in inside:
        match node:
            case cst.Call(func=cst.Attribute(value=target, attr=cst.Name(value=method))):
                found = method in _CHANGING
            case cst.AnnAssign(target=target, annotation=annotation):
                found = _is_list(annotation)
            case cst.AugAssign(target=target):
                found = True
            case _:
                continue
        if found and names.code(target) == f"self.{name}":
            return True
    return False


def _is_changed(name: str, function: cst.FunctionDef | None) -> bool:
    if function is None:
        return False
    for node in names.below(function.body):
        match node:
            case cst.Call(func=cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=method))):
                if owner == name and method in _CHANGING:
                    return True
            case cst.AugAssign(target=cst.Name(value=owner)) if owner == name:
                return True
    return False
