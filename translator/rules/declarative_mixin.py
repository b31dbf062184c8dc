"""`@declarative_mixin` goes: it told a plugin of mypy that 2.1 has no more, and nothing else."""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.rules.contract import ON_CLASS, Context, Outcome, Rewrite
from translator.rules.mapped.bodies import decorated_with

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"
BEFORE = (
    "from sqlalchemy.orm import declarative_mixin\n\n\n@declarative_mixin\nclass Named:\n    def shout(self):\n"
    "        return self.name.upper()"
)
AFTER = "class Named:\n    def shout(self):\n        return self.name.upper()"
ON = ON_CLASS
_NAME = "sqlalchemy.orm.declarative_mixin"


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the decorator off."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    decorator = decorated_with(node, _NAME, here.model)
    if decorator is None:
        return None

    def build(found: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(found, cst.ClassDef)
        at = node.decorators.index(decorator)
        kept = [*updated.decorators[:at], *updated.decorators[at + 1 :]]
        comments = [line for line in decorator.leading_lines if line.comment is not None]
        return updated.with_changes(
            decorators=kept, lines_after_decorators=[*comments, *updated.lines_after_decorators]
        )

    return Rewrite((Edit(node, site.ancestors, build),), "it served a plugin of mypy that is gone, and warns in 2.1")
