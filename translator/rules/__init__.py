"""The rules: every module of this package that has `ON` is one, by being there.

Asks each rule about each site it subscribes to, and holds a web together: all its sites are rewritten, or none is.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import libcst as cst

from translator.edits import Change
from translator.findings import Need, Safety, Severity
from translator.model import rendering
from translator.model.module import ModuleModel
from translator.model.signatures import QUERY_METHODS
from translator.model.sites import Escape, Site, SiteKind
from translator.model.webs import Web
from translator.options import Options
from translator.rules import advice, query_or_list
from translator.rules.contract import Collection, Context, Decline, Rewrite, Rule, WriteOnly
from translator.rules.write_only import choice
from translator.rules.write_only.choice import Beside as Beside
from translator.syntax import names

_WEB_KINDS = frozenset(
    {SiteKind.CREATION, SiteKind.METHOD, SiteKind.ITERATION, SiteKind.HANDED, SiteKind.SUBSCRIPT, SiteKind.TEST,
     SiteKind.PASSED, SiteKind.OWN, SiteKind.ANNOTATED}
)  # fmt: skip


_BESIDES = 3
"""Further reasons that a message names."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A site that stays as it was, or a place to look at, before its position is known."""

    slug: str
    severity: Severity
    node: cst.CSTNode
    message: str
    cause: str | None = None
    related: tuple[tuple[cst.CSTNode, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What the rules said about a module."""

    changes: tuple[tuple[Change, ...], ...]
    """Groups of changes that belong together."""
    findings: tuple[Finding, ...]
    kept: frozenset[str]
    """Names whose imports stay, used or not."""


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules, by the names of their files."""
    found: list[Rule] = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "ON"):
            found.append(
                Rule(
                    slug=info.name.replace("_", "-"),
                    on=module.ON,
                    apply=module.rewrite,
                    doc=module.__doc__ or "",
                    before=module.BEFORE,
                    after=module.AFTER,
                    guide=module.GUIDE,
                    options=getattr(module, "OPTIONS", Options()),
                )
            )
    return tuple(found)


@cache
def _subscriptions() -> dict[tuple[SiteKind, str], tuple[Rule, ...]]:
    found: dict[tuple[SiteKind, str], tuple[Rule, ...]] = {}
    for rule in every_rule():
        for name in rule.on.names:
            found[rule.on.kind, name] = (*found.get((rule.on.kind, name), ()), rule)
    return found


def judge(
    models: Sequence[ModuleModel],
    webs: Iterable[Web],
    options: Options,
    beside: Beside | None = None,
) -> list[Verdicts]:
    """Ask the rules about every site of the modules of a program. Gives what they said of each module.

    `beside` tells what the files do that may use the program, and are not part of it.
    """
    chosen, webs = choice.choose(models, options, beside), list(webs)
    while True:
        benches = [_Bench(model, options, chosen) for model in models]
        taken = dict(found for web in webs for found in _judge_web(web, benches))
        if not taken:
            break
        chosen = choice.without(chosen, taken)  # the queries of these stay, so that they have to stay dynamic
    for bench in benches:
        for site in bench.model.sites:
            if site.kind not in _WEB_KINDS:
                _judge_site(site, bench, benches)
    return [Verdicts(tuple(b.changes), tuple(b.findings), b.model.handed_on) for b in benches]


@dataclass(slots=True, eq=False)
class _Bench:
    """One module, and what has been said of it so far."""

    model: ModuleModel
    options: Options
    write_only: WriteOnly
    changes: list[tuple[Change, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def _rules_for(site: Site, options: Options) -> list[Rule]:
    """The rules that are asked about a site: several may look at one place, where their edits build on each other."""
    whole = site.kind in {SiteKind.MEMBER, SiteKind.NAME, SiteKind.IMPORT} or "." not in site.name
    name = site.name if whole else site.name.rpartition(".")[2]
    name = name.partition(":")[0]
    asked = _subscriptions().get((site.kind, name), ())
    return [r for r in asked if r.slug not in options.skip and (not options.only or r.slug in options.only)]


def _ask(rule: Rule, site: Site, here: Context) -> tuple[Change, Rewrite] | Decline | None:
    here.imports.clear()
    here.around = site.around
    outcome = rule.apply(site, here)
    if not isinstance(outcome, Rewrite):
        return outcome
    change = Change(
        rule=rule.slug,
        site=site.node,
        edits=outcome.edits,
        reason=outcome.reason,
        imports=frozenset(here.imports),
        moves=outcome.moves,
        safety=outcome.safety,
        need=outcome.need,
        wraps=outcome.wraps,
        insertions=outcome.insertions,
    )
    return change, outcome


def _judge_site(site: Site, bench: _Bench, benches: Sequence[_Bench]) -> None:
    program = [each.model for each in benches]
    for rule in _rules_for(site, bench.options):
        here = Context(bench.model, bench.options, program=program, write_only=bench.write_only)
        answer = _ask(rule, site, here)
        if isinstance(answer, Decline):
            bench.findings.append(_finding(rule, site, answer))
        elif answer is not None:
            change, rewrite = answer
            if change.edits or change.moves or change.wraps or change.insertions:
                bench.changes.append((change,))
            for one in rewrite.abroad:
                imports, added = frozenset(one.there.imports), (one.insertion,)
                other = replace(change, site=one.site, edits=(), moves=(), wraps=(), imports=imports, insertions=added)
                next(b for b in benches if b.model is one.there.model).changes.append((other,))
            bench.findings += _remarks(rule, site, rewrite)


def _remarks(rule: Rule, site: Site, rewrite: Rewrite) -> Iterator[Finding]:
    """What is to be known of a place that is rewritten, or is as it should be."""
    return (replace(_finding(rule, site, said), cause=None) for said in rewrite.remarks)


def _finding(rule: Rule, site: Site, said: Decline) -> Finding:
    return Finding(rule.slug, said.severity, site.node, _sentence(site, said.cause), said.cause, said.related)


def _judge_web(web: Web, benches: Sequence[_Bench]) -> list[tuple[Collection, str]]:
    """Ask about the sites of a web. Gives the relationships that were to be write-only and can't: their queries stay."""
    options = benches[0].options
    escapes = [e for e in web.escapes if not (e.convertible and options.convert_escaping)]
    asked: list[tuple[int, Change]] = []
    declined: list[tuple[Site, str, Decline]] = []
    gone: list[tuple[Site, Change, Rewrite]] = []
    contexts: dict[int, Context] = {}
    for site in (*web.creations, *web.sites):
        here = contexts.get(site.home)
        if here is None:
            bench = benches[site.home]
            here = contexts[site.home] = Context(bench.model, options, web, write_only=bench.write_only)
        rule = query_or_list.in_place_of(next(iter(_rules_for(site, options)), None), site, here)
        if rule is None or (
            not isinstance(site.node, cst.Call) and site.kind is SiteKind.METHOD and not rule.on.attribute
        ):
            declined.append((site, "query", _unhandled(site)))
            continue
        answer = _ask(rule, site, here)
        if isinstance(answer, Decline):
            declined.append((site, rule.slug, answer))
            if answer.staying:
                change = Change(
                    rule=rule.slug, site=site.node, edits=answer.staying, reason=_STAYING, need=Need.REQUIRED
                )
                benches[site.home].changes.append((replace(change, safety=Safety.REVIEW),))
        elif answer is not None:
            asked.append((site.home, answer[0]))
            benches[site.home].findings += _remarks(rule, site, answer[1])
            gone += [(site, *answer)] if answer[1].gone else []
    if web.creations and not benches[0].model.is_certain(web):
        declined.append((web.creations[0], "query", Decline("it goes through more functions than can be followed")))
    astray = None if declined else query_or_list.astray(web.sites, [bench.model for bench in benches])
    if astray is not None:
        declined.append((web.sites[0], "query-or-list", astray))
    collections = _collections(web, benches)
    if not web.creations or declined or escapes or (collections and web.escapes):
        _leave(web, declined, escapes, benches)
        refused = any(decline.severity is Severity.REMOVED for _, _, decline in declined)  # and is to be mended anyway
        for site, change, rewrite in gone if not refused else ():
            _stay(site, web, change, rewrite, benches[site.home])
        causes = [decline.cause for _, _, decline in declined] or [escape.reason for escape in web.escapes]
        return [(key, f"{shown}: {causes[0]}") for key, shown in collections if causes]
    safety = min((c.safety for _, c in asked), key=lambda s: s is Safety.SAFE)
    need = Need.REQUIRED if any(c.need is Need.REQUIRED for _, c in asked) else Need.STYLE
    for home in contexts:
        merged = tuple(replace(change, safety=safety, need=need) for at, change in asked if at == home)
        benches[home].changes.append(merged)
    for escape in web.escapes:
        walked = any(site.node is escape.node and site.name == rendering.GIVEN for site in web.sites)
        benches[escape.home].findings.append(_to_follow(escape, walked=walked))
    return []


def _collections(web: Web, benches: Sequence[_Bench]) -> list[tuple[Collection, str]]:
    """The relationships that are to be write-only and whose collections a web begins with, each with the use."""
    found = []
    for site in web.creations:
        bench = benches[site.home]
        key = bench.write_only.of(site, bench.model)
        if key is not None:
            found.append((key, f"the query of `{names.code(site.node)}` stays"))
    return found


def _leave(
    web: Web, declined: list[tuple[Site, str, Decline]], escapes: Iterable[Escape], benches: Sequence[_Bench]
) -> None:
    leaving = list(escapes)
    places: list[Site | Escape] = [*web.sites[:1]] or [*leaving[:1]]
    made: list[Site | Escape] = [*web.creations] or places
    told: list[tuple[Site | Escape, str]]
    if declined:
        site, slug, decline = max(declined, key=lambda d: d[2].severity is Severity.REMOVED)
        cause, severity = decline.cause, decline.severity
        message = f"this query stays a legacy Query: {cause}"
        told = [(site, cause)] if all(site.node is not place.node for place in made) else []
    elif leaving:
        slug, severity, cause = "query-escapes", Severity.LEGACY, leaving[0].reason
        message = f"this query stays a legacy Query because {cause}"
        told = [(escape, escape.reason) for escape in leaving]
    else:
        return
    more = dict.fromkeys([*(decline.cause for _, _, decline in declined), *(escape.reason for escape in leaving)])
    besides = _besides([reason for reason in more if reason != cause])
    for place in made:
        beside = tuple((other.node, reason) for other, reason in told if other.home == place.home)
        away = sorted({benches[other.home].model.name for other, _ in told if other.home != place.home})
        where = f" (in {', '.join(away)})" if away and not beside else ""
        benches[place.home].findings.append(
            Finding(slug, severity, place.node, message + where + besides, cause, beside)
        )


def _besides(reasons: Sequence[str]) -> str:
    """What else speaks against it, so that who mends the first reason is not told the next one then."""
    shown = "".join(f"; besides, {reason}" for reason in reasons[:_BESIDES])
    left = len(reasons) - _BESIDES
    return f"{shown}; and {left} more" if left > 0 else shown


_STAYING = "the query stays a legacy Query, which 2.x takes so"


def _stay(site: Site, web: Web, change: Change, rewrite: Rewrite, bench: _Bench) -> None:
    """What a Query that stays can't have in 2.x is changed where that is all of one chain, and told elsewhere."""
    node: cst.CSTNode = site.node
    made = {id(creation.node) for creation in web.creations}
    while id(node) not in made and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    if rewrite.staying:
        edits, kept = rewrite.staying, replace(change, reason=_STAYING, imports=frozenset(), insertions=())
        bench.changes.append((replace(kept, edits=edits, safety=Safety.REVIEW),))
    elif rewrite.alone and id(node) in made:
        bench.changes.append((change,))
    else:
        said = _sentence(site, f"the query stays a legacy Query, and {rewrite.gone}")
        bench.findings.append(Finding(change.rule, Severity.REMOVED, site.node, said, rewrite.gone))


def _to_follow(escape: Escape, *, walked: bool) -> Finding:
    message = f"a select() takes the place of a Query here and {escape.reason}: whoever receives it must execute it"
    if walked:
        what = f"a list takes the place of a Query here and {escape.reason}"
        message = f"{what}: a template that does more than walk it has to follow"
    return Finding("query-escapes", Severity.NOTE, escape.node, message, escape.reason)


def _unhandled(site: Site) -> Decline:
    if site.kind is SiteKind.METHOD and site.name in advice.METHODS:
        return advice.METHODS[site.name]
    if site.kind is SiteKind.METHOD and not isinstance(site.node, cst.Call) and site.name in QUERY_METHODS:
        return Decline(f"Query.{site.name} is handed on and not called here; hand on a function that calls it")
    if site.kind is SiteKind.METHOD and site.name not in QUERY_METHODS:
        named = f"{site.name}()" if isinstance(site.node, cst.Call) else f"`{site.name}`"
        return Decline(f"{named} is not of SQLAlchemy's Query, and the query class that gives it is not in sight")
    what = f"Query.{site.name}()" if site.kind is SiteKind.METHOD else f"the use as {site.name}"
    return Decline(f"{what} has no rule yet; see its replacement in the migration guide")


def _sentence(site: Site, cause: str) -> str:
    name = site.name.rpartition(".")[2].partition(":")[0]
    return cause if cause.startswith(name) else f"{name}: {cause}"
