"""Settings of Flask-SQLAlchemy that version 3 reads once, in `init_app()`, and paths of SQLite that it takes otherwise.

Version 2 made an engine when it was asked for one, by what was set by then: a test that sets another database after
the application is made works on the real one in version 3, without a word. A relative path of SQLite is below the
application's instance folder, no longer below its root.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site, SiteKind
from translator.rules import dropping, gone_arguments
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/config/"
BEFORE = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask('shop')\n"
    "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///shop.db'\ndb = SQLAlchemy(app, True)"
)
AFTER = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask('shop')\n"
    "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///shop.db'\ndb = SQLAlchemy(app)"
)
ON = On(SiteKind.NAME, frozenset({"setting"}))
_FILE, _OPTIONS, _BINDS = "sqlite:///", "SQLALCHEMY_ENGINE_OPTIONS", "SQLALCHEMY_BINDS"
_MAKING = frozenset({"SQLAlchemy", "init_app"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of what is read otherwise."""
    name = site.name.rpartition(".")[2]
    found = []
    if any(_is_relative(text) for text in _texts(site)):
        found.append(
            Decline(
                "Flask-SQLAlchemy 3 looks for a relative path of SQLite in the application's instance folder, 2 did in its "
                "root_path: move the file, or give the whole path",
                Severity.NOTE,
            )
        )
    owner = _owner(site)
    if owner is not None and _is_late(site, owner, here):
        found.append(
            Decline(
                f"Flask-SQLAlchemy 3 reads {name} once, in init_app(): what {owner}.config is given later does nothing, so "
                "that the engine stays the one before: set it before init_app(), as by an argument of what makes the "
                "application"
            )
        )
    if name == _OPTIONS and _BINDS in here.model.words(here.model.tree):
        found.append(
            Decline(
                f"Flask-SQLAlchemy 3 gives {_OPTIONS} to the default engine alone: give each of {_BINDS} a dict with "
                "url and its options"
            )
        )
    value = _value(site) if name == _OPTIONS else None
    for option, given in dropping.items(value) if isinstance(value, cst.BaseExpression) else ():
        if gone_arguments.refuses(gone_arguments.ENGINE, option, given):
            found.append(gone_arguments.of_engine(option))
    return Rewrite((), "", remarks=tuple(found)) if found else None


def _value(site: Site) -> cst.CSTNode | None:
    """What the setting is given."""
    parent = site.around[-1] if site.around else None
    for each in reversed(site.around):
        if isinstance(each, (cst.Arg, cst.Assign, cst.AnnAssign, cst.DictElement)):
            return each.value
        if isinstance(each, cst.Call):
            return next((a.value for a in each.args if a.keyword is site.node), None)
        if isinstance(each, cst.Dict):
            elements = (e for e in each.elements if isinstance(e, cst.DictElement))
            return next((e.value for e in elements if e.key is site.node), None)
    return parent


def _texts(site: Site) -> Iterator[str]:
    value = _value(site)
    for each in (value, *names.below(value)) if value is not None else ():
        if isinstance(each, cst.SimpleString) and (text := names.literal_string(each)) is not None:
            yield text


def _is_relative(text: str) -> bool:
    path = text.removeprefix(_FILE) if text.startswith(_FILE) else ""
    return bool(path) and path[0] not in "/%{:" and path[1:2] != ":"


def _owner(site: Site) -> str | None:
    """The application whose settings are given one: the `app` of `app.config[…] = …` and `app.config.update(…)`."""
    if isinstance(site.node, cst.Subscript):
        config = names.dotted(site.node.value)
    else:
        calls = [each for each in site.around if isinstance(each, cst.Call)]
        given = names.dotted(calls[-1].func) if calls else None
        config, _, method = (given or "").rpartition(".")
        config = config if method in {"update", "from_mapping"} else ""
    owner, _, last = (config or "").rpartition(".")
    return owner if last == "config" and owner else None


def _is_late(site: Site, owner: str, here: Context) -> bool:
    """Whether the application may be known to the extension by then."""
    functions = [each for each in site.around if isinstance(each, cst.FunctionDef)]
    whole = list(_calls(here.model.tree.body, owner))
    if not functions:
        order = list(map(id, here.model.tree.body))
        now = next((order.index(id(each)) for each in site.around if id(each) in order), -1)
        before = [call for call, where in whole if order.index(id(where)) < now]
        after = len(whole) > len(before)
        return bool(before) or (not after and _is_made_elsewhere(here.model.tree.body, owner, here))
    body = functions[-1].body.body
    inside = list(_calls(body, owner))
    order = [id(each) for each in body]
    at = next((order.index(id(each)) for each in site.around if id(each) in order), len(order))
    if inside:
        return any(order.index(id(where)) < at for _, where in inside)
    bound = {param.name.value for param in names.params(functions[-1].params)}
    if owner in bound:
        return False  # its caller may well have just made it
    if _is_made_elsewhere(body, owner, here):
        return True
    return owner not in set(_assigned(body)) and bool(whole)


def _calls(body: object, owner: str) -> Iterator[tuple[cst.Call, cst.CSTNode]]:
    """Calls that make an application known to the extension, each with its statement of the block."""
    for line in body if isinstance(body, (list, tuple)) else ():
        if isinstance(line, (cst.FunctionDef, cst.ClassDef)):
            continue
        for each in names.below(line):
            if not isinstance(each, cst.Call) or (names.dotted(each.func) or "").rpartition(".")[2] not in _MAKING:
                continue
            if any(names.dotted(arg.value) == owner for arg in each.args):
                yield each, line


def _assigned(body: object) -> Iterator[str]:
    for line in body if isinstance(body, (list, tuple)) else ():
        for each in names.below(line):
            if isinstance(each, cst.AssignTarget):
                yield names.dotted(each.target) or ""


def _is_made_elsewhere(body: object, owner: str, here: Context) -> bool:
    """Whether an application comes from another module, or from a function that is not Flask's class."""
    for line in body if isinstance(body, (list, tuple)) else ():
        for each in names.below(line):
            if isinstance(each, cst.Assign) and any(names.dotted(t.target) == owner for t in each.targets):
                called = names.dotted(each.value.func) if isinstance(each.value, cst.Call) else None
                return called is not None and not names.is_class_name(called.rpartition(".")[2])
    return names.root(owner) in here.model.imports.aliases and owner not in set(_assigned(body))
