"""Names that moved to another module are imported from there.

`sqlalchemy.ext.declarative.declarative_base` lives in `sqlalchemy.orm`, the exceptions of `sqlalchemy.orm.exc` that are
the engine's own live in `sqlalchemy.exc`. Modules and names that are gone are flagged where they are imported.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Import, Replacement
from translator.findings import Need, Severity
from translator.model import departed
from translator.model.sites import Site, SiteKind
from translator.options import Target
from translator.rules import contract, fallbacks, old_names, pages
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import names
from translator.syntax.imports import Imports, module_of

GUIDE = f"{contract.GUIDE}#declarative-becomes-a-first-class-api"
BEFORE = "from sqlalchemy.ext.declarative import has_inherited_table\n\nhas = has_inherited_table"
AFTER = "from sqlalchemy.orm import has_inherited_table\n\nhas = has_inherited_table"
ON = On(SiteKind.IMPORT, frozenset({"moved", "gone"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Import the name from where it lives."""
    full = site.name.partition(":")[2]
    if site.name.startswith("gone"):
        if full in departed.LATER and here.options.target is Target.SA20:
            return None
        return _gone(site, full)
    module, _, name = full.rpartition(".")
    target, new = departed.MOVED[full]
    if target == "builtins":
        return _dropped(site, full, here)
    need = Need.STYLE if full in departed.STYLE else Need.REQUIRED
    reason = f"`{name}` lives in `{target}`" if name == new else f"`{name}` is `{new}` in `{target}`"
    if id(site.node) in here.model.imports.top_level and not _drops(site):
        moves = ((Import(module, name), Import(target, new, _kept(full, here))),)
        return Rewrite((), reason, need, moves=moves, remarks=_remarks(full, here))
    return Rewrite(_nested(site, full, here), reason, need, remarks=_remarks(full, here))


def _remarks(full: str, here: Context) -> tuple[Decline, ...]:
    """What is to be told of the name that an import binds, though it moves."""
    if (otherwise := departed.OTHERWISE.get(full)) is not None:
        name = full.rpartition(".")[2]
        return (Decline(f"what `{name}` was is not all the same in Flask-SQLAlchemy 3: {otherwise}"),)
    bound = (bound for bound, target in here.model.imports.every() if target == full)
    return next(filter(None, (pages.imported(full, name, here) for name in bound)), ())


def _gone(site: Site, full: str) -> Outcome:
    """Tell of what is gone, unless the author has something of that name in its place."""
    fallback = fallbacks.of(site, full)
    if fallback is fallbacks.Fallback.SAME:
        return None
    if fallback is fallbacks.Fallback.OTHER:
        said = f"{departed.said(full)}; 2.x goes on with what the `except` below says, without a word"
        return Decline(said, Severity.NOTE)
    return Decline(departed.said(full), Severity.REMOVED)


def _dropped(site: Site, full: str, here: Context) -> Rewrite:
    name = full.rpartition(".")[2]
    return Rewrite(_nested(site, full, here), f"`{name}` served Python 2; the builtin takes its place", Need.REQUIRED)


def _drops(site: Site) -> bool:
    """Whether a name goes from the import, which then is written anew as a whole."""
    statement = cst.ensure_type(site.node, cst.ImportFrom)
    return any(departed.MOVED.get(full, ("", ""))[0] == "builtins" for _, full in Imports.bindings(statement))


def _nested(site: Site, full: str, here: Context) -> tuple[Edit, ...]:
    """The edit of an import's own line; made for the first of its names that moves, on behalf of all."""
    line, statement = site.around[-1], cst.ensure_type(site.node, cst.ImportFrom)
    first = next(name for _, name in Imports.bindings(statement) if name in departed.MOVED)
    if first != full:
        return ()
    return (Edit(line, site.ancestors[:-1], lambda node: _split(node, statement, here)),)


def _kept(full: str, here: Context) -> str | None:
    """The old name, where its uses go on by it."""
    name = full.rpartition(".")[2]
    return name if old_names.goes_on(name, full, here) else None


def _split(node: cst.CSTNode, statement: cst.ImportFrom, here: Context) -> Replacement:
    """The line of an import without the names that moved, and each of these in a line of its own."""
    line = cst.ensure_type(node, cst.SimpleStatementLine)
    assert not isinstance(statement.names, cst.ImportStar)
    module = module_of(statement)
    kept: list[cst.ImportAlias] = []
    moved: dict[str, list[cst.ImportAlias]] = {}
    for alias in statement.names:
        full = f"{module}.{names.code(alias.name)}"
        target = departed.MOVED.get(full)
        if target is None:
            kept.append(alias)
        elif target[0] != "builtins":
            own = _kept(full, here)
            asname = cst.AsName(cst.Name(own)) if own is not None and alias.asname is None else alias.asname
            bare = cst.ImportAlias(cst.Name(target[1]), asname)
            moved.setdefault(target[0], []).append(bare)
    body: list[cst.BaseSmallStatement] = [small for small in line.body if small is not statement]
    if kept:
        kept[-1] = kept[-1].with_changes(comma=statement.names[-1].comma)
        body.append(statement.with_changes(names=kept))
    fresh: list[cst.BaseSmallStatement] = [
        cst.ImportFrom(module=names.path(target), names=aliases) for target, aliases in moved.items()
    ]
    lines = [[small] for small in fresh] if not body else [body, *([small] for small in fresh)]
    if not lines:
        return line.with_changes(body=[cst.Pass()])
    rest = [cst.SimpleStatementLine(group) for group in lines[1:]]
    return cst.FlattenSentinel([line.with_changes(body=lines[0]), *rest])
