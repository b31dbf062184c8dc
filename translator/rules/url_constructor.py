"""A URL is made by `URL.create()`; `URL(…)` itself is no constructor any more.

The arguments and their order are the same.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/changelog_14.html#the-url-object-is-now-immutable"
BEFORE = "from sqlalchemy.engine.url import URL\n\naddress = URL('sqlite', database='x.db')"
AFTER = "from sqlalchemy.engine.url import URL\n\naddress = URL.create('sqlite', database='x.db')"
ON = on_call("URL", "make_url")
_ESCAPED = re.compile(r"[\w+]+://[^/]*/[^?]*%[0-9A-Fa-f]{2}")
"""A URL with an escape in the database's part."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Call `create()`."""
    if site.name.endswith("make_url"):
        return next(iter(remarks(cst.ensure_type(site.node, cst.Call))), None)

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=cst.Attribute(updated.func, cst.Name("create")))

    return Rewrite((edit(site, build),), "URL.create() makes a URL in 2.0", Need.REQUIRED)


def remarks(call: cst.Call) -> tuple[Decline, ...]:
    """What is to be said of the text of a URL: an escape in the database's name, a dialect by its old name."""
    text = names.literal_string(call.args[0].value) if call.args else None
    if text is not None and text.startswith(("postgres://", "postgres+")):
        return (Decline("the dialect `postgres` is called `postgresql` since 1.4; write it so", Severity.REMOVED),)
    if text is None or not _ESCAPED.match(text):
        return ()
    return (
        Decline(
            "the database's part of this URL has a percent sign, which 2.1 decodes and 1.x took as it stood: write %25 "
            "for the sign itself on 2.1"
        ),
    )
