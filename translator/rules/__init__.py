"""The rules: every module of this package that has `ON` is one, by being there.

Asks each rule about each site it subscribes to, and holds a web together: all its sites are rewritten, or none is.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import libcst as cst

from translator.edits import Change
from translator.findings import Need, Safety, Severity
from translator.model.module import ModuleModel
from translator.model.sites import Escape, Site, SiteKind
from translator.model.webs import Web
from translator.options import Options
from translator.rules import advice
from translator.rules.contract import Context, Decline, Rewrite, Rule

_WEB_KINDS = frozenset({SiteKind.CREATION, SiteKind.METHOD, SiteKind.ITERATION, SiteKind.HANDED, SiteKind.SUBSCRIPT})


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
                )
            )
    return tuple(found)


@cache
def _subscriptions() -> dict[tuple[SiteKind, str], Rule]:
    return {(rule.on.kind, name): rule for rule in every_rule() for name in rule.on.names}


def judge(model: ModuleModel, options: Options) -> Verdicts:
    """Ask the rules about every site of a module."""
    changes: list[tuple[Change, ...]] = []
    findings: list[Finding] = []
    for web in model.webs:
        _judge_web(web, model, options, changes, findings)
    for site in model.sites:
        if site.kind not in _WEB_KINDS:
            _judge_site(site, model, options, changes, findings)
    return Verdicts(tuple(changes), tuple(findings))


def _rule_for(site: Site, options: Options) -> Rule | None:
    whole = site.kind in {SiteKind.MEMBER, SiteKind.NAME, SiteKind.IMPORT} or "." not in site.name
    name = site.name if whole else site.name.rpartition(".")[2]
    name = name.partition(":")[0]
    rule = _subscriptions().get((site.kind, name))
    if rule is None or rule.slug in options.skip or (options.only and rule.slug not in options.only):
        return None
    return rule


def _ask(rule: Rule, site: Site, here: Context) -> tuple[Change, tuple[Decline, ...]] | Decline | None:
    here.imports.clear()
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
    return change, outcome.remarks


def _judge_site(
    site: Site, model: ModuleModel, options: Options, changes: list[tuple[Change, ...]], findings: list[Finding]
) -> None:
    rule = _rule_for(site, options)
    if rule is None:
        return
    answer = _ask(rule, site, Context(model, options))
    if isinstance(answer, Decline):
        findings.append(Finding(rule.slug, answer.severity, site.node, _sentence(site, answer.cause), answer.cause))
    elif answer is not None:
        change, remarks = answer
        if change.edits or change.moves or change.wraps or change.insertions:
            changes.append((change,))
        findings.extend(Finding(rule.slug, r.severity, site.node, _sentence(site, r.cause)) for r in remarks)


def _judge_web(
    web: Web, model: ModuleModel, options: Options, changes: list[tuple[Change, ...]], findings: list[Finding]
) -> None:
    escapes = [e for e in web.escapes if not (e.convertible and options.convert_escaping)]
    here = Context(model, options, web)
    asked: list[Change] = []
    declined: list[tuple[Site, str, Decline]] = []
    for site in (*web.creations, *web.sites):
        rule = _rule_for(site, options)
        if rule is None or (
            not isinstance(site.node, cst.Call) and site.kind is SiteKind.METHOD and not rule.on.attribute
        ):
            declined.append((site, "query", _unhandled(site)))
            continue
        answer = _ask(rule, site, here)
        if isinstance(answer, Decline):
            declined.append((site, rule.slug, answer))
        elif answer is not None:
            asked.append(answer[0])
    if not model.is_certain(web) and web.creations:
        declined.append((web.creations[0], "query", Decline("it goes through more functions than can be followed")))
    if not web.creations or declined or escapes:
        _leave(web, declined, escapes, findings)
        return
    safety = min((c.safety for c in asked), key=lambda s: s is Safety.SAFE)
    need = Need.REQUIRED if any(c.need is Need.REQUIRED for c in asked) else Need.STYLE
    merged = [replace(change, safety=safety, need=need) for change in asked]
    changes.append(tuple(merged))
    findings.extend(_to_follow(web.escapes))


def _leave(
    web: Web, declined: list[tuple[Site, str, Decline]], escapes: Iterable[Escape], findings: list[Finding]
) -> None:
    leaving = list(escapes)
    places = [site.node for site in web.sites[:1]] or [escape.node for escape in leaving[:1]]
    made = [site.node for site in web.creations] or places
    related: tuple[tuple[cst.CSTNode, str], ...]
    if declined:
        site, slug, decline = max(declined, key=lambda d: d[2].severity is Severity.REMOVED)
        cause, severity = decline.cause, decline.severity
        message = f"this query stays a legacy Query: {cause}"
        related = ((site.node, cause),) if site.node not in made else ()
    elif leaving:
        slug, severity, cause = "query-escapes", Severity.LEGACY, leaving[0].reason
        message = f"this query stays a legacy Query because {cause}"
        related = tuple((escape.node, escape.reason) for escape in leaving)
    else:
        return
    findings.extend(Finding(slug, severity, node, message, cause, related) for node in made)


def _to_follow(escapes: Iterable[Escape]) -> Iterable[Finding]:
    for escape in escapes:
        message = f"a select() takes the place of a Query here and {escape.reason}: whoever receives it must execute it"
        yield Finding("query-escapes", Severity.NOTE, escape.node, message, escape.reason)


def _unhandled(site: Site) -> Decline:
    if site.kind is SiteKind.METHOD and site.name in advice.METHODS:
        return advice.METHODS[site.name]
    what = f"Query.{site.name}()" if site.kind is SiteKind.METHOD else f"the use as {site.name}"
    return Decline(f"{what} has no rule yet; see its replacement in the migration guide")


def _sentence(site: Site, cause: str) -> str:
    name = site.name.rpartition(".")[2]
    return cause if cause.startswith(name) else f"{name}: {cause}"
