"""A URL is made by `URL.create()`; `URL(…)` itself is no constructor any more.

The arguments and their order are the same.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model.sites import Site
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/changelog_14.html#the-url-object-is-now-immutable"
BEFORE = "from sqlalchemy.engine.url import URL\n\naddress = URL('sqlite', database='x.db')"
AFTER = "from sqlalchemy.engine.url import URL\n\naddress = URL.create('sqlite', database='x.db')"
ON = on_call("URL")


def rewrite(site: Site, here: Context) -> Outcome:
    """Call `create()`."""

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=cst.Attribute(updated.func, cst.Name("create")))

    return Rewrite((edit(site, build),), "URL.create() makes a URL in 2.0", Need.REQUIRED)
