"""The rules as pages and API show them. Reads the engine's public face; knows nothing of how rules work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import translator


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule's documentation."""

    slug: str
    title: str
    """One line, without a full stop; code stands in backticks."""
    text: str
    """Why, after the title; may be empty."""
    before: str
    after: str
    guide: str

    @property
    def plain_title(self) -> str:
        """The title where no markup can stand."""
        return self.title.replace("`", "")


@cache
def entries() -> tuple[RuleEntry, ...]:
    """All rules in the engine's order."""
    return tuple(
        RuleEntry(
            slug=rule.slug,
            title=rule.title.strip().rstrip("."),
            text=rule.doc.strip().removeprefix(rule.title.strip()).strip(),
            before=_ended(rule.before),
            after=_ended(rule.after),
            guide=rule.guide,
        )
        for rule in translator.rules()
    )


def find(slug: str) -> RuleEntry | None:
    """The rule of this name."""
    return next((entry for entry in entries() if entry.slug == slug), None)


def _ended(code: str) -> str:
    return f"{code.strip(chr(10))}\n"
