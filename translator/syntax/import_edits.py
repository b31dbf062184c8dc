"""Adds, moves and removes imports so that the result looks as its author would have written it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import dropwhile

import libcst as cst

from translator.edits import Import
from translator.syntax import checking_imports, import_inserting, import_layout, import_single, names
from translator.syntax.imports import Imports, module_of

_PACKAGES = frozenset({"sqlalchemy", "flask_sqlalchemy"})
"""Those whose names an edit may leave unused."""
_WORD = re.compile(r"[^\W\d]\w*")
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_SPACE = cst.SimpleWhitespace(" ")
_OF_FILES = re.compile(
    r"^#!|coding[:=]|copyright|licen[sc]e|\bpylint\b|\bflake8\b|\bmypy\b|\bvim:|\.py\b", re.IGNORECASE
)
"""Comments that speak of the whole file."""


def with_imports(
    after: cst.Module,
    wanted: Iterable[Import],
    moves: Sequence[tuple[Import, Import]],
    edited: Sequence[tuple[cst.CSTNode, cst.CSTNode]],
    limit: int = 120,
    kept: frozenset[str] = frozenset(),
    own: str = "",
) -> cst.Module:
    """The module with the wanted imports added, the moved ones moved, and those removed that edits left unused.

    `edited` pairs each edited node with what took its place, `limit` is how long lines may be, `kept` names stay imported,
    `own` is the application's package.
    """
    needed = set(wanted)
    after = _with_own_comment(after)
    body = list(after.body)
    if moves:
        body, more = _move(body, moves)
        needed |= more
    lost = _dropped(edited) - kept
    if not needed and not moves and not lost:
        return after
    if lost:
        words = _words(after)
        body = _without_unused(after.with_changes(body=body), lost, words)
        idle = lost | {new.bound for old, new in moves if old.bound in lost}
        needed = {item for item in needed if item.bound not in idle or item.bound in words}
    later = {item for item in needed if item.typing_only}
    needed = (needed - later) | (
        {Import("typing", "TYPE_CHECKING")} if later and not checking_imports.has_block(body) else set()
    )
    single = import_single.is_kept(body)
    for module in sorted({item.module for item in needed}):
        whole = [item for item in needed if item.module == module and not item.name]
        named = [item for item in needed if item.module == module and item.name]
        named.sort(key=lambda item: (item.name, item.bound))
        if single:
            for item in named:
                body = import_single.insert(body, item, own)
        elif named:
            body = _add(body, module, named, after, limit, own)
        for item in whole:
            body = import_inserting.insert(body, module, [item], own)
    body = checking_imports.added(body, later) if later else body
    return after.with_changes(body=body)


def _from_imports(body: Sequence[Statement]) -> Iterable[tuple[int, int, cst.ImportFrom]]:
    for index, line in enumerate(body):
        if isinstance(line, cst.SimpleStatementLine):
            for position, small in enumerate(line.body):
                if isinstance(small, cst.ImportFrom):
                    yield index, position, small


def _add(
    body: list[Statement], module: str, items: Sequence[Import], tree: cst.Module, limit: int, own: str
) -> list[Statement]:
    for index, position, statement in _from_imports(body):
        if module_of(statement) == module and not isinstance(statement.names, cst.ImportStar):
            if import_inserting.used_before(body[:index], items):
                break
            line = cst.ensure_type(body[index], cst.SimpleStatementLine)
            merged = import_layout.wrapped(statement, _merged(statement, items), limit, tree.default_indent)
            body[index] = line.with_changes(body=[*line.body[:position], merged, *line.body[position + 1 :]])
            return body
    return import_inserting.insert(body, module, items, own)


def _merged(statement: cst.ImportFrom, items: Sequence[Import]) -> cst.ImportFrom:
    assert not isinstance(statement.names, cst.ImportStar)
    aliases = list(statement.names)
    have = {(names.code(a.name), names.code(a.asname.name) if a.asname else None) for a in aliases}
    for item in items:
        if (item.name, item.asname) in have:
            continue
        at = _place(aliases, item)
        aliases.insert(at, _like(aliases, at, item))
    last = aliases[-1]
    trailing = statement.names[-1].comma
    for index, alias in enumerate(aliases[:-1]):
        if not isinstance(alias.comma, cst.Comma):
            aliases[index] = alias.with_changes(comma=_comma(statement))
    if isinstance(trailing, cst.Comma):
        aliases[-1] = last.with_changes(comma=trailing)
        old = next((i for i, a in enumerate(aliases[:-1]) if a.name is statement.names[-1].name), None)
        if old is not None:
            aliases[old] = aliases[old].with_changes(comma=_comma(statement))
    else:
        aliases[-1] = last.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return statement.with_changes(names=aliases)


def _comma(statement: cst.ImportFrom) -> cst.Comma:
    """The separator that the statement uses between its names."""
    assert not isinstance(statement.names, cst.ImportStar)
    first = statement.names[0].comma
    if len(statement.names) > 1 and isinstance(first, cst.Comma):
        return cst.Comma(first.whitespace_before, _uncommented(first.whitespace_after))
    if statement.lpar is not None and isinstance(statement.lpar.whitespace_after, cst.ParenthesizedWhitespace):
        return cst.Comma(whitespace_after=_uncommented(statement.lpar.whitespace_after))
    return cst.Comma(whitespace_after=_SPACE)


def _uncommented(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(first_line=cst.TrailingWhitespace(newline=space.first_line.newline), empty_lines=[])
    return space


def _place(aliases: Sequence[cst.ImportAlias], item: Import) -> int:
    """Where a name goes: in order if the names are in order, else last."""
    spelled = [names.code(alias.name) for alias in aliases]
    keys: tuple[Callable[[str], tuple[int, str]], ...] = (lambda n: (0, n), lambda n: (0, n.lower()), _isort)
    for key in keys:
        if list(spelled) == sorted(spelled, key=key):
            return next((i for i, name in enumerate(spelled) if key(name) > key(item.name)), len(spelled))
    return len(spelled)


def _isort(name: str) -> tuple[int, str]:
    """The order that isort and ruff keep: CONSTANTS, then Classes, then functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _like(aliases: Sequence[cst.ImportAlias], at: int, item: Import) -> cst.ImportAlias:
    alias = import_inserting.alias(item)
    neighbour = aliases[at] if at < len(aliases) - 1 else None  # behind the last one the margin is the bracket's
    if neighbour is not None and isinstance(neighbour.comma, cst.Comma):
        space = neighbour.comma.whitespace_after
        return alias.with_changes(comma=cst.Comma(whitespace_after=_uncommented(space)))
    return alias


def _with_own_comment(tree: cst.Module) -> cst.Module:
    """The same text, in which a comment right above the first statement is that statement's, not the file's."""
    kept = list(tree.header)
    own: list[cst.EmptyLine] = []
    while kept and kept[-1].comment is not None:
        own.insert(0, kept.pop())
    if not own or not tree.body or any(_OF_FILES.search(line.comment.value) for line in own if line.comment):
        return tree
    first = tree.body[0]
    return tree.with_changes(
        header=kept, body=[first.with_changes(leading_lines=[*own, *first.leading_lines]), *tree.body[1:]]
    )


def _move(body: list[Statement], moves: Sequence[tuple[Import, Import]]) -> tuple[list[Statement], set[Import]]:
    """Take names from where they were imported; a statement that moves as a whole is renamed in place."""
    target = {(old.module, old.name): new for old, new in moves}
    more: set[Import] = set()
    existing = {module_of(s) for _, _, s in _from_imports(body)}
    for index, position, statement in list(_from_imports(body)):
        module = module_of(statement)
        if isinstance(statement.names, cst.ImportStar):
            continue
        gone = [a for a in statement.names if (module, names.code(a.name)) in target]
        if not gone:
            continue
        goals = {target[module, names.code(a.name)].module for a in gone}
        line = cst.ensure_type(body[index], cst.SimpleStatementLine)
        same = all(target[module, names.code(a.name)].name == names.code(a.name) for a in gone)
        if same and len(gone) == len(statement.names) and len(goals) == 1 and not (goals & existing):
            path = names.path(next(iter(goals)))
            small: list[cst.BaseSmallStatement] = [statement.with_changes(module=path)]
        else:
            for alias in gone:
                new = target[module, names.code(alias.name)]
                own = names.code(alias.asname.name).strip() if alias.asname else new.asname
                more.add(Import(new.module, new.name, own))
            small = _without(statement, gone)
        body[index] = line.with_changes(body=[*line.body[:position], *small, *line.body[position + 1 :]])
    return _without_empty(body), more


def _without(statement: cst.ImportFrom, gone: Sequence[cst.ImportAlias]) -> list[cst.BaseSmallStatement]:
    assert not isinstance(statement.names, cst.ImportStar)
    kept = [alias for alias in statement.names if alias not in gone]
    if not kept:
        return []
    kept[-1] = kept[-1].with_changes(comma=statement.names[-1].comma)
    return [statement.with_changes(names=kept)]


def _without_empty(body: list[Statement]) -> list[Statement]:
    """Take away lines whose statements are all gone; their leading comments go to the next line."""
    result: list[Statement] = []
    carried: list[cst.EmptyLine] = []
    for line in body:
        if isinstance(line, cst.SimpleStatementLine) and not line.body:
            carried.extend(line.leading_lines)
            continue
        if carried:
            leading = [
                *carried,
                *(entry for entry in getattr(line, "leading_lines", ()) if entry.comment or not carried),
            ]
            line = line.with_changes(leading_lines=leading)
            carried = []
        if not result and line is not body[0]:  # nothing is left above: no blank lines at the top
            lines = getattr(line, "leading_lines", ())
            line = line.with_changes(leading_lines=list(dropwhile(lambda entry: entry.comment is None, lines)))
        result.append(line)
    return result


def used(
    wanted: Iterable[Import], edited: Sequence[tuple[cst.CSTNode, cst.CSTNode]], inserted: Iterable[str]
) -> set[Import]:
    """The imports that the edited places do use: not `select`, where `select(User)` was taken up by `get(User, 1)`.

    `inserted` are the texts of whole statements that are new.
    """
    texts = (*(names.code(new) for _, new in edited), *inserted)
    words = {word for text in texts for word in _WORD.findall(text)}
    return {item for item in wanted if item.bound in words}


def _dropped(edited: Sequence[tuple[cst.CSTNode, cst.CSTNode]]) -> set[str]:
    """Words of the edited places that are gone from them: the only ones whose imports the edits can leave unused."""
    before = {word for old, _ in edited for word in _WORD.findall(names.code(old))}
    return before - {word for _, new in edited for word in _WORD.findall(names.code(new))}


def _without_unused(after: cst.Module, candidates: set[str], words: set[str]) -> list[Statement]:
    """Drop imports of SQLAlchemy's names that edits took away and that nothing else uses."""
    body = list(after.body)
    bound_here = {
        bound
        for _, _, statement in _from_imports(body)
        if names.root(module_of(statement)) in _PACKAGES
        for bound, _ in Imports.bindings(statement)
    }
    if not bound_here & candidates:
        return body
    lost_words = (bound_here & candidates) - words
    for index, position, statement in list(_from_imports(body)):
        if names.root(module_of(statement)) not in _PACKAGES or isinstance(statement.names, cst.ImportStar):
            continue
        lost = {bound for bound, _ in Imports.bindings(statement)} & lost_words
        gone = [
            alias
            for alias in statement.names
            if (names.code(alias.asname.name).strip() if alias.asname else names.code(alias.name)) in lost
        ]
        if gone:
            line = cst.ensure_type(body[index], cst.SimpleStatementLine)
            small = _without(statement, gone)
            body[index] = line.with_changes(body=[*line.body[:position], *small, *line.body[position + 1 :]])
    return _without_empty(body)


def _words(tree: cst.Module) -> set[str]:
    """Every word outside the import statements at the top level; words in strings and comments count as uses."""
    rest = [line for line in tree.body if not import_inserting.is_import(line)]
    return set(_WORD.findall(tree.with_changes(body=rest).code))
