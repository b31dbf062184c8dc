"""What some names of a text must be, by what is done with them: a session, Flask's session, an exception, a class.

Says nothing of models and tables, which `usage` finds. Standard library only.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from translator.schema.model import spelled
from translator.schema.names import callee, sessions
from translator.schema.nodes import nodes
from translator.schema.vocabulary import KNOWN_TOP

OF_SESSIONS = frozenset(
    {
        "add", "add_all", "commit", "delete", "execute", "flush", "get", "merge", "query", "refresh", "rollback", "scalar",
        "scalars",
    }
)  # fmt: skip
OF_MOMENTS = frozenset(
    {"combine", "fromisoformat", "fromtimestamp", "max", "min", "now", "strptime", "today", "utcnow"}
)
OF_OBJECTS = frozenset({"add", "delete", "expunge", "merge", "object_session", "refresh"})
"""Calls of a session that are given an object."""
OF_TEXTS = frozenset(
    {"endswith", "isalpha", "isdigit", "isnumeric", "lower", "lstrip", "rstrip", "split", "startswith", "strip"}
)
"""Methods that only texts have."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def roles(tree: ast.Module) -> dict[str, str]:
    """The names that are a `session`, its method (`asking`), the `cookie` of a request, an `exception`, a `module`, an `object`.

    `async_engine` and `async_session` are those of asynchronous code; a `base` is what mapped classes extend.

    An `object` is what stands behind a builtin's name; a `moment` is the class of times.
    """
    found = dict.fromkeys(sessions(tree), "session")
    found |= dict.fromkeys(_cookies(tree), "cookie")
    if any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "query"
        for node in nodes(tree)
    ):
        found["query"] = "asking"  # `query(User).filter(…)`, as documentation has it
    found |= dict.fromkeys(raised(tree), "exception")
    found |= dict.fromkeys(modules(tree), "module")
    found |= asynchronous(tree)
    if any(map(_is_time_class, nodes(tree))):
        found["datetime"] = "moment"
    found |= dict.fromkeys(types_of_columns(tree), "type")
    found |= dict.fromkeys(bases_of_models(tree), "base")
    found |= dict.fromkeys(_executed(tree), "statement")
    if adds_itself(tree):
        found["self"] = "row"
    return found | dict.fromkeys(_behind_builtins(tree), "object")


def bounds(tree: ast.Module) -> dict[str, tuple[int, bool]]:
    """Names that say which rows are wanted, `query[start:stop]` or `limit(most)`.

    With a number for each such that some are, and whether it stands in a slice.
    """
    found: dict[str, tuple[int, bool]] = {}
    for node in nodes(tree):
        parts: list[tuple[ast.AST | None, int]] = []
        if isinstance(node, ast.Slice):
            parts = [(node.lower, 1), (node.upper, 3)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
            parts = [(node.args[0], {"limit": 2, "offset": 1}.get(node.func.attr, 0))]
        sliced = isinstance(node, ast.Slice)
        found |= {part.id: (number, sliced) for part, number in parts if isinstance(part, ast.Name) and number}
    return found


def texts(tree: ast.Module) -> dict[str, str]:
    """Names and fields, see `spelled`, whose values are texts by what is done with them: `token_id[0]`, `len(year)`.

    With the form that a time has there, for `datetime.strptime(day, "%Y-%m-%d")`; else empty.
    """
    found: dict[str, str] = {}
    for node in nodes(tree):
        value, form = _as_text(node)
        name = spelled(value) if value is not None else None
        if name is not None and not name.startswith("."):
            found[name] = form or found.get(name, "")
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and (name := spelled(node.value)) is not None and not name.startswith("."):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in found:
                    found[name] = found[target.id]
    return found


def _as_text(node: ast.AST) -> tuple[ast.AST | None, str]:
    """What a node does with something that only a text takes, and the form of a time."""
    if isinstance(node, ast.Subscript):
        part = node.slice.lower or node.slice.upper if isinstance(node.slice, ast.Slice) else node.slice
        return (node.value, "") if isinstance(part, ast.Constant) and isinstance(part.value, int) else (None, "")
    if not isinstance(node, ast.Call):
        return None, ""
    name = callee(node)
    if name == "strptime" and len(node.args) > 1:
        form = node.args[1]
        return node.args[0], str(form.value) if isinstance(form, ast.Constant) else ""
    if name == "len" and isinstance(node.func, ast.Name) and node.args:
        return node.args[0], ""
    if isinstance(node.func, ast.Attribute) and name in OF_TEXTS:
        return node.func.value, ""
    return None, ""


def adds_itself(tree: ast.Module) -> bool:
    """Whether a method that stands alone is one of a mapped class: `def save(self): db.session.add(self)`."""
    alone = (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return any(
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr in OF_OBJECTS
        and any(isinstance(argument, ast.Name) and argument.id == "self" for argument in inner.args)
        for node in alone
        if node.args.args and node.args.args[0].arg == "self"
        for inner in ast.walk(node)
    )


def _executed(tree: ast.Module) -> set[str]:
    """What is called `query` and is executed: a statement, unless the text asks it what only a Query can."""
    executed, asked = set(), set()
    for node in nodes(tree):
        if callee(node) in ("execute", "scalars", "scalar") and isinstance(node, ast.Call) and node.args:
            executed.add(str(getattr(node.args[0], "id", "")))
        if isinstance(node, ast.Attribute):
            asked.add(str(getattr(node.value, "id", "")))
    return (executed & {"query", "q", "qry"}) - asked


def asynchronous(tree: ast.Module) -> dict[str, str]:
    """The names of asynchronous engines and sessions: `sessionmaker(engine, class_=AsyncSession)`, `await session.get(…)`."""
    found: dict[str, str] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Await):
            found |= _awaited(node.value)
        elif isinstance(node, ast.AsyncWith):
            for item in node.items:
                found |= _awaited(item.context_expr)
        elif isinstance(node, ast.Call):
            kinds = [
                callee(node),
                *(str(getattr(each.value, "id", "")) for each in node.keywords if each.arg == "class_"),
            ]
            given = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "bind")]
            if {"AsyncSession", "async_sessionmaker"} & {*kinds}:
                found |= {each.id: "async_engine" for each in given if isinstance(each, ast.Name)}
    return found


def _awaited(node: ast.AST) -> dict[str, str]:
    """What a name is whose method is awaited, or gives what `async with` opens; nothing where either may be."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return {}
    owner, method = node.func.value, node.func.attr
    if not isinstance(owner, ast.Name) or owner.id in ("self", "cls"):
        return {}
    if method in ("connect", "dispose") and "conn" not in owner.id:
        return {owner.id: "async_engine"}
    return {owner.id: "async_session"} if method in OF_SESSIONS and "sess" in owner.id.lower() else {}


def modules(tree: ast.Module) -> set[str]:
    """The names in lower case of which a class is asked: `model.Package`, `meta.Session`; no row and no MetaData has one."""
    return {
        node.value.id
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and _is_class_name(node.attr)
        if node.value.id.islower() and node.value.id not in ("self", "cls")
    }


def _is_class_name(name: str) -> bool:
    return name[:1].isupper() and not name.isupper()


def bases_of_models(tree: ast.Module) -> set[str]:
    """The classes that only mapped ones extend: `class Post(BaseModel)` with a table's name or columns. Not mixins."""
    mapped, others = set[str](), set[str]()
    for node in nodes(tree):
        if isinstance(node, ast.ClassDef):
            names = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
            likely = {name for name in names if name[:1].isupper() and not name.endswith("Mixin")}
            (mapped if len(likely) == 1 and _is_mapped_alone(node) else others).update(likely)
            others.add(node.name)
    return mapped - others - {"Model"}


def _is_mapped_alone(node: ast.ClassDef) -> bool:
    """Whether a class has a table that is no part of another one's."""
    lines = [line for line in node.body if isinstance(line, (ast.Assign, ast.AnnAssign))]
    named = {target.id for line in lines for target in _targets(line) if isinstance(target, ast.Name)}
    if "__mapper_args__" in named:
        return False  # a subclass of a mapped one, most often
    return "__tablename__" in named or any(callee(line.value) in ("Column", "mapped_column") for line in lines)


def _targets(line: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return line.targets if isinstance(line, ast.Assign) else [line.target]


def types_of_columns(tree: ast.Module) -> set[str]:
    """The names of types that columns are given: `Column(Geometry("POINT"))`, `Column(fields.Color)`."""
    found = set()
    for node in nodes(tree):
        if isinstance(node, ast.Call) and callee(node) in ("Column", "mapped_column"):
            for argument in node.args[:2]:
                kind = argument.func if isinstance(argument, ast.Call) else argument
                found.add(kind.attr if isinstance(kind, ast.Attribute) else str(getattr(kind, "id", "")))
    return {name for name in found if name[:1].isupper() and not hasattr(builtins, name)}


def called(tree: ast.Module) -> set[str]:
    """The names that the text calls, or decorates with."""
    found = {node.func.id for node in nodes(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    decorators = (item for node in nodes(tree) for item in getattr(node, "decorator_list", ()))
    return found | {item.id for item in decorators if isinstance(item, ast.Name)}


def _is_time_class(node: ast.AST) -> bool:
    """`datetime(2020, 1, 1)` or `datetime.utcnow()`: the class, not the module that is called like it."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "datetime"
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.value.id == "datetime" and node.attr in OF_MOMENTS


def _cookies(tree: ast.Module) -> Iterator[str]:
    """`session["user_id"]` of Flask, where the text does with it nothing that is done with a session of SQLAlchemy."""
    asked = {
        node.attr
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "session"
    }
    indexed = any(
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "session"
        for node in nodes(tree)
    )
    if indexed and not asked & (OF_SESSIONS - {"get"}):
        yield "session"


def raised(tree: ast.Module) -> Iterator[str]:
    """The last part of what is raised or caught: it must be an exception, whoever defines it."""
    for node in nodes(tree):
        kinds: list[ast.AST] = []
        if isinstance(node, ast.Raise) and node.exc is not None:
            kinds = [node.exc.func if isinstance(node.exc, ast.Call) else node.exc]
        elif isinstance(node, ast.ExceptHandler) and node.type is not None:
            kinds = [*node.type.elts] if isinstance(node.type, ast.Tuple) else [node.type]
        for kind in kinds:
            if isinstance(kind, ast.Attribute) and kind.attr.islower():
                kind = kind.value  # `raise InvalidUsage.user_not_found()`
            name = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
            own = isinstance(kind, ast.Attribute) or not hasattr(builtins, name)  # `redis.ConnectionError`
            if name[:1].isupper() and own:
                yield name


def _behind_builtins(tree: ast.Module) -> Iterator[str]:
    """`filter.title`: something of the text's own that is called like a builtin."""
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            own = getattr(builtins, node.value.id, None)
            if own is not None and not hasattr(own, node.attr):
                yield node.value.id


def read_too_early(tree: ast.Module) -> set[str]:
    """The names that the text reads at its top level before it binds them: `query = query.filter(…)`."""
    bound: set[str] = set()
    early: set[str] = set()
    for statement in tree.body:
        read, written = set[str](), set[str]()
        for node in _outside_functions(statement):
            if isinstance(node, ast.Name):
                (written if isinstance(node.ctx, ast.Store) else read).add(node.id)
            elif isinstance(node, ast.alias):
                written.add((node.asname or node.name).partition(".")[0])
            elif isinstance(node, ast.ExceptHandler) and node.name:
                written.add(node.name)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            read.add(statement.target.id)
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try)):
            bound |= written  # its own names: `for user in users: print(user)`
        inner = [node for node in ast.walk(statement) if isinstance(node, (ast.NamedExpr, ast.comprehension))]
        inside = {node.target.id for node in inner if isinstance(node, ast.NamedExpr)}
        inside |= {
            name.id
            for node in inner
            if isinstance(node, ast.comprehension)
            for name in ast.walk(node.target)
            if isinstance(name, ast.Name)
        }
        early |= read & written - bound - inside
        bound |= written
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(statement.name)
    return {name for name in early if not hasattr(builtins, name)}


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, FUNCTIONS):
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions(child)


def needs_function(tree: ast.Module) -> bool:
    """Whether the text has at its top level what only a function may have: `return`, `yield`, `await`."""
    return any(
        isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncWith, ast.AsyncFor))
        for statement in tree.body
        for node in _outside_functions(statement)
    )


def imported_from_elsewhere(tree: ast.Module) -> set[str]:
    """The names that are imported from modules of the text's own, or of others that are not there."""
    names = set()
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and ((node.module or "").partition(".")[0] not in KNOWN_TOP or node.level):
            names |= {item.asname or item.name for item in node.names}
        elif isinstance(node, ast.Import):
            names |= {
                item.asname or item.name.partition(".")[0]
                for item in node.names
                if item.name.partition(".")[0] not in KNOWN_TOP
            }
    return names
