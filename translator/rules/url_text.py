"""`str(url)` hides the password in 2.0: a text that is used to connect must be rendered with it.

Flagged, because whether the text is shown or used can't be told.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Url
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains

GUIDE = "https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.engine.URL.render_as_string"
BEFORE = "shown = engine.url.__to_string__()"
AFTER = "shown = engine.url.render_as_string()"
ON = on_member("URL.str", "URL.__to_string__", "URL.=")


def rewrite(site: Site, here: Context) -> Outcome:
    """Flag the text, and changes in place; rename the internal method."""
    if site.name.endswith("="):
        name = cst.ensure_type(site.node, cst.Attribute).attr.value
        return Decline(
            f"a URL can't be changed since 1.4: write `url = url.set({name}=…)`, and give the new one to whoever has "
            "the old one",
            Severity.REMOVED,
        )
    if site.name.endswith(".str"):
        if isinstance(site.receiver, Url) and not site.receiver.password:
            return None
        return Decline(
            "str(url) printed the password in 1.x and masks it in 2.0: where the text is used to connect, write "
            "url.render_as_string(hide_password=False)"
        )
    if not isinstance(site.node, cst.Call):
        return None

    def build(updated: cst.Call) -> Replacement:
        return chains.renamed(updated, "render_as_string")

    return Rewrite((edit(site, build),), "render_as_string() is its public name", Need.REQUIRED, Safety.SAFE)
