"""A class whose methods are functions over statements is no Query any more, and no model's `query_class`. No rule itself.

That goes where nothing else names the class and every method of it changes: `Model.query` is Query's own again then.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model import querymethods
from translator.model.querymethods import Place
from translator.model.sites import Site, SiteKind
from translator.rules import dropping
from translator.rules.contract import Context, Rewrite
from translator.syntax import names

_REASON = "a class of functions over statements is no Query: no query is made of it any more"


def rewrite(site: Site, here: Context) -> Rewrite:
    """Take the base away, or the statement `query_class = …`, where all of them can go."""
    if not _goes(here):
        return Rewrite((), _REASON)
    if site.name == querymethods.ATTACHED:
        return Rewrite(tuple(_removed(site)), _REASON, need=Need.REQUIRED)

    def build(updated: cst.CSTNode) -> Replacement:
        node = cst.ensure_type(updated, cst.ClassDef)
        bases = dropping.only(node.bases, [not _is_query(arg, here) for arg in node.bases])
        if bases or node.keywords:
            return node.with_changes(bases=bases)
        return node.with_changes(bases=[], lpar=cst.MaybeSentinel.DEFAULT, rpar=cst.MaybeSentinel.DEFAULT)

    return Rewrite((Edit(site.node, site.ancestors, build),), _REASON, need=Need.REQUIRED)


def _is_query(arg: cst.Arg, here: Context) -> bool:
    spelled = names.dotted(arg.value) or ""
    root = names.root(spelled)
    return (
        f"{here.model.imports.aliases.get(root, root)}{spelled[len(root) :]}".rpartition(".")[2] in querymethods.BASES
    )


def _goes(here: Context) -> bool:
    """Whether every class in the web may lose its base, and every statement that names one of them."""
    sites = [s for s in (here.web.sites if here.web is not None else ()) if s.kind is SiteKind.OWN]
    places = [
        p
        for s in sites
        if s.name in {querymethods.CLASS, querymethods.ATTACHED}
        if isinstance(p := s.arguments[0], Place)
    ]
    attached = [s for s in sites if s.name == querymethods.ATTACHED]
    return all(p.owner and p.alone for p in places) and all(_removable(s) for s in attached)


def _removable(site: Site) -> bool:
    """Whether nothing is lost with a statement: no comment beside it or above it."""
    line = cst.ensure_type(site.node, cst.SimpleStatementLine)
    noted = line.trailing_whitespace.comment is not None or any(
        empty.comment is not None for empty in line.leading_lines
    )
    return not noted


def _removed(site: Site) -> list[Edit]:
    """The statement taken out; what comes next takes its place where it was the first."""
    block = cst.ensure_type(cst.ensure_type(site.around[-1], cst.ClassDef).body, cst.IndentedBlock)
    if len(block.body) == 1:
        return [Edit(site.node, site.ancestors, lambda _: cst.SimpleStatementLine([cst.Pass()]))]
    edits = [Edit(site.node, site.ancestors, lambda _: cst.RemoveFromParent())]
    following = block.body[1]
    if block.body[0] is site.node and isinstance(following, cst.SimpleStatementLine | cst.FunctionDef | cst.ClassDef):
        edits.append(Edit(following, site.ancestors, _first))
    return edits


def _first(node: cst.CSTNode) -> cst.CSTNode:
    """A statement without the blank lines above it."""
    lines = list(node.leading_lines)  # type: ignore[attr-defined]
    while lines and lines[0].comment is None:
        lines.pop(0)
    return node.with_changes(leading_lines=lines)
