"""An entry as a text to translate, and the translated text cut up again.

Three variants: "sight", a whole program with imports, the models, and the engine and session made in plain sight;
"function", the same with the entry in a function that is given the session and returns the value; and "paste", the
bare lines as somebody would paste them. Comment lines mark where one section ends and the next begins.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext import asyncio as aio

from .entries import Entry

RUNTIME = Path(__file__).parent / "runtime"
SECTION = "# :: "
VOID_METHODS = frozenset({"add", "add_all", "begin", "close", "commit", "create", "flush", "remove", "rollback"})
"""A closing call of these has no value to look at."""
FLOWING = frozenset({"query-exec", "query-build", "query-dml", "session", "loader-options", "result-row"})
"""Families whose entries are worth translating inside a function as well."""
TYPING = ("Any", "List", "Optional", "Union")
MODULES = ("asyncio", "datetime", "decimal", "enum", "uuid")
OWN_IMPORTS = {
    "Decimal": "from decimal import Decimal",
    "abort": "from flask import abort",
    "event": "from sqlalchemy import event",
    "exc": "from sqlalchemy import exc",
    "flask": "import flask",
    "fsa": "import flask_sqlalchemy as fsa",
    "orm": "from sqlalchemy import orm",
    "sa": "import sqlalchemy as sa",
}
FIXTURES = {
    "metadata": "metadata = Base.metadata",
    "engine": "engine = create_engine(DB)",
    "session": "session = Session(engine)",
    "SessionLocal": "SessionLocal = sessionmaker(engine)",
    "async_engine": "async_engine = create_async_engine(DB)",
    "async_session": "async_session = AsyncSession(async_engine)",
    "conn": "conn = engine.connect()",
}
TABLES = {"book_tag_t": "book_tag"} | {
    f"{name.lower()}_t": f"{name}.__table__"
    for name in ("Author", "Profile", "Book", "Tag", "Review", "Node", "Asset", "Image", "Clip", "Stock")
}


class Variant(StrEnum):
    """How much of the program the translator sees."""

    SIGHT = "sight"
    FUNCTION = "function"
    PASTE = "paste"


@dataclass(frozen=True, slots=True)
class Program:
    """A text with the lines (from 1) on which its snippet stands, and its sections."""

    text: str
    snippet_lines: range
    sections: dict[str, str]


class SectionsLostError(Exception):
    """The translation does not have the marker lines that its source has."""


def variants(entry: Entry) -> list[Variant]:
    """The variants an entry has; a function only where data flows through it, and nothing looks at its names after."""
    in_function = entry.runs and not entry.check and entry.family in FLOWING
    return [one for one in Variant if one is not Variant.FUNCTION or in_function]


def compose(entry: Entry, variant: Variant) -> Program:
    """The text of an entry in one variant."""
    setup = "\n".join(part.rstrip() for part in (entry.setup, entry.setup_legacy) if part.strip())
    if variant is Variant.PASTE:
        parts = {"setup": setup, "snippet": entry.legacy} if setup else {"snippet": entry.legacy}
        return _program("", parts)
    snippet = entry.legacy if entry.check else _with_named_value(entry.legacy)
    imports, models = _preamble(entry.environment == "flask")
    body = f"{setup}\n{snippet}"
    fixtures = _fixtures(body, entry.environment == "flask")
    wanted = _imports(f"{imports}\n{models}\n{fixtures}\n{body}", imports)
    parts = {"models": models, "fixtures": fixtures, "setup": setup, "snippet": snippet}
    if variant is Variant.FUNCTION and is_python(snippet):
        parts["snippet"], parts["call"] = _in_function(snippet)
    return _program(wanted, parts)


def cut(text: str) -> dict[str, str]:
    """The sections of a text; what stands before the first marker is `imports`."""
    sections: dict[str, list[str]] = {"imports": []}
    current = "imports"
    for line in text.splitlines():
        if line.startswith(SECTION):
            current = line.removeprefix(SECTION).strip()
            if current in sections:
                raise SectionsLostError(f"the marker of {current} stands there twice")
            sections[current] = []
        else:
            sections[current].append(line)
    if current == "imports":  # a text of one section carries no marker
        return {"imports": "", "snippet": text}
    return {name: "\n".join(lines) for name, lines in sections.items()}


def unbound(text: str) -> frozenset[str]:
    """Names that the text uses and binds nowhere."""
    tree = ast.parse(text)
    used: set[str] = set()
    bound: set[str] = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
    return frozenset(used - bound)


def _program(imports: str, parts: dict[str, str]) -> Program:
    chunks = [imports.rstrip()] if imports else []
    marked = bool(imports) or len(parts) > 1
    for name, code in parts.items():
        if marked:
            chunks.append(f"{SECTION}{name}")
        chunks.append(code.rstrip())
    text = "\n".join(chunk for chunk in chunks if chunk) + "\n"
    before = text.split(f"{SECTION}snippet\n")[0] if marked else ""
    start = before.count("\n") + (2 if marked else 1)
    return Program(text, range(start, start + len(parts["snippet"].rstrip().splitlines())), cut(text))


def _in_function(snippet: str) -> tuple[str, str]:
    """The snippet as a function of the session (or engine, ...) it uses, and a line that calls it."""
    tree = ast.parse(snippet)
    if "out" in _stored(tree):
        snippet += "\nreturn out"
    parameters = [name for name in FIXTURES if name in unbound(snippet)]
    asynchronous = any(isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in ast.walk(tree))
    head = f"{'async ' if asynchronous else ''}def work({', '.join(parameters)}):"
    call = f"{'await ' if asynchronous else ''}work({', '.join(parameters)})"
    return f"{head}\n{textwrap.indent(snippet.rstrip(), '    ')}", f"out = {call}"


def _with_named_value(code: str) -> str:
    """The snippet with its closing expression put in `out`: a value in use, not a bare statement."""
    if not is_python(code) or not ends_in_value(code) or "out" in _stored(ast.parse(code)):
        return code
    last = ast.parse(code).body[-1]
    lines = code.rstrip().split("\n")
    line = lines[last.lineno - 1].encode()
    indented = line[: last.col_offset].decode()
    lines[last.lineno - 1] = f"{indented}out = {line[last.col_offset :].decode()}"
    return "\n".join(lines)


def is_python(code: str) -> bool:
    """Whether an entry's code is code at all, not a sentence about it."""
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def ends_in_value(code: str) -> bool:
    """Whether the code's last statement is an expression whose value means something."""
    last = ast.parse(code).body[-1]
    if not isinstance(last, ast.Expr):
        return False
    call = last.value
    return not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in VOID_METHODS)


def _stored(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _preamble(flask: bool) -> tuple[str, str]:
    text = (RUNTIME / ("flask_shop.py" if flask else "models.py")).read_text()
    imports, models = text.split(f"{SECTION}models\n")
    return imports.split('"""', 2)[2].strip(), re.sub(r"  # noqa.*", "", models).strip()


def _fixtures(body: str, flask: bool) -> str:
    wanted = _free(body)
    for name, needs in (("SessionLocal", "engine"), ("session", "engine"), ("conn", "engine"),
                        ("async_session", "async_engine")):  # fmt: skip
        if name in wanted:
            wanted.add(needs)
    lines = [f"{name} = {value}" for name, value in TABLES.items() if name in wanted]
    if not flask:
        lines += [line for name, line in FIXTURES.items() if name in wanted]
    return "\n".join(lines)


def _free(text: str) -> set[str]:
    try:
        return set(unbound(text))
    except SyntaxError:
        return set(re.findall(r"[A-Za-z_]\w*", text))


def _imports(text: str, present: str) -> str:
    """The import lines for all that the text uses, beside those already present."""
    names = _free(text)
    lines = [f"import {name}" for name in MODULES if name in names]
    typing = [name for name in TYPING if name in names]
    if typing:
        lines.append(f"from typing import {', '.join(typing)}")
    lines += [line for name, line in sorted(OWN_IMPORTS.items()) if name in names]
    lines += present.splitlines()
    names -= {*OWN_IMPORTS, *MODULES, *TYPING}
    core = sorted(names & _public(sa))
    mapped = sorted((names & _public(orm)) - set(core))
    asynchronous = sorted((names & _public(aio)) - set(core) - set(mapped))
    for module, found in (("sqlalchemy", core), ("sqlalchemy.orm", mapped), ("sqlalchemy.ext.asyncio", asynchronous)):
        if found:
            lines.append(f"from {module} import {', '.join(found)}")
    return "\n".join(lines)


@cache
def _public(module: ModuleType) -> frozenset[str]:
    return frozenset(
        name for name in dir(module) if not name.startswith("_") and not isinstance(getattr(module, name), ModuleType)
    )
