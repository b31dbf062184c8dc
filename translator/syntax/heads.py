"""The line that a function begins with, and its parameters below the bracket where that gets too long."""

from __future__ import annotations

import libcst as cst

from translator.syntax import names

_NO_LINE = cst.TrailingWhitespace(newline=cst.Newline(""))


def head(node: cst.FunctionDef) -> str:
    """The line that a function begins with."""
    empty = cst.SimpleStatementSuite([], leading_whitespace=cst.SimpleWhitespace(""), trailing_whitespace=_NO_LINE)
    bare = node.with_changes(body=empty, leading_lines=[], lines_after_decorators=[], decorators=[])
    return names.code(bare).removesuffix("pass")


def opened(node: cst.FunctionDef, indent: str, limit: int) -> cst.FunctionDef:
    """The function with its parameters on a line of their own, or each on one, with a comma after the last."""
    params = node.params
    parts = [cst.Parameters([param]) for param in params.posonly_params]
    parts += [cst.Parameters([param]) for param in params.params]
    star = params.star_arg
    parts += [cst.Parameters(star_arg=star)] if isinstance(star, cst.Param) else []
    named = [cst.Parameters([param]) for param in params.kwonly_params]
    named += [cst.Parameters(star_kwarg=params.star_kwarg)] if params.star_kwarg is not None else []
    texts, last = ([names.code(part).strip().rstrip(",") for part in some] for some in (parts, named))
    if params.posonly_params:
        texts.insert(len(params.posonly_params), "/")
    texts += [*(["*"] if isinstance(star, cst.ParamStar) else []), *last]
    if len(indent) + len(", ".join(texts)) <= limit:
        text = f"\n{indent}{', '.join(texts)}\n"
    else:
        text = "".join(f"\n{indent}{one}," for one in texts) + "\n"
    made = cst.ensure_type(cst.parse_module(f"def f({text}): pass").body[0], cst.FunctionDef)
    return node.with_changes(params=made.params, whitespace_before_params=made.whitespace_before_params)
